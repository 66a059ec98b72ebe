//! Any text becomes a page that runs nothing, or is refused with words.
#![no_main]

use anslag::text::markup::Tags;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let document = format!("---\ntitle: Text\ndate: 2026-01-02\nsummary: En text.\n---\n{text}");
    let made = anslag_fuzz::make("content/blog/fuzz.md", &document);
    let Some((_, html)) = made.texts.iter().find(|(route, _)| route == "/blogg/fuzz/") else { return };
    // What the theme brings stands outside of `main`.
    let main = html.split_once("<main").and_then(|(_, rest)| rest.split_once("</main>")).map_or("", |(main, _)| main);
    for tag in Tags::of(main) {
        assert!(!tag.is("script") && !tag.is("iframe") && !tag.is("style"), "{main}");
        for (name, value) in tag.attributes() {
            let value = anslag::text::markup::decode(value).to_ascii_lowercase();
            assert!(!name.to_ascii_lowercase().starts_with("on"), "{main}");
            let goes_somewhere = ["href", "src", "action", "formaction"].contains(&name);
            assert!(!(goes_somewhere && value.trim_start().starts_with("javascript:")), "{main}");
        }
    }
});
