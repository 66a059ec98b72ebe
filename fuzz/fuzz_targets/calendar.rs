//! Whatever a conference is called, its calendar is one (RFC 5545, 3.1): lines of 75 octets that end with CR LF, without other
//! control characters, and no property that its author has made up.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    // A JSON string is a YAML string, too.
    let quoted = serde_json::to_string(text).expect("a text can be quoted");
    let document = format!(
        "---\ntitle: {quoted}\nsummary: {quoted}\ncontact: anna-berg\nstart: 2027-03-04T09:30\nend: 2027-03-04T16:00\n\
         place: {{name: {quoted}, city: Malmö}}\n---\n{text}"
    );
    let made = anslag_fuzz::make("content/events/fuzz.md", &document);
    for (route, calendar) in made.texts.iter().filter(|(route, _)| route.ends_with(".ics")) {
        let lines = calendar.strip_suffix("\r\n").unwrap_or_else(|| panic!("{route} has no end"));
        for line in lines.split("\r\n") {
            assert!(line.len() <= 75 && !line.is_empty(), "{route}: {line:?}");
            assert!(!line.contains(|sign: char| sign.is_control() && sign != '\t'), "{route}: {line:?}");
        }
        let unfolded = lines.replace("\r\n ", "");
        let is_property = |line: &str| {
            line.split([':', ';'])
                .next()
                .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-'))
        };
        assert!(unfolded.split("\r\n").all(is_property), "{route}: {unfolded}");
        assert_eq!(unfolded.matches("BEGIN:VCALENDAR").count(), 1, "{route}: {unfolded}");
    }
});
