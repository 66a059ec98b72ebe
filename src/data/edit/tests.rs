//! Changes of a text, each with what it leaves.

use super::*;

type Change = dyn Fn(&mut Editor) -> Result<(), Box<Diagnostic>>;

fn edited(yaml: &str, change: &Change) -> Result<String, String> {
    let mut report = Report::default();
    let mut editor = Editor::open(&"x.md".into(), yaml, 0..yaml.len(), &mut report).expect("sound YAML");
    change(&mut editor).map(|()| editor.into_text()).map_err(|refusal| refusal.message)
}

/// Every case also with the line ends of Windows.
#[track_caller]
fn becomes(before: &str, change: &Change, after: &str) {
    assert_eq!(edited(before, change).as_deref(), Ok(after));
    let windows = |text: &str| text.replace('\n', "\r\n");
    assert_eq!(edited(&windows(before), change), Ok(windows(after)));
}

fn cancel(editor: &mut Editor) -> Result<(), Box<Diagnostic>> {
    editor.set(&[], "status", Value::text("cancelled"), &["start", "end"])
}

fn note(editor: &mut Editor) -> Result<(), Box<Diagnostic>> {
    let item = vec![("date", Value::text("2026-11-20")), ("reason", Value::text("Sjuk, tyvärr: igen"))];
    editor.append(&[], "changes", Value::Map(item), &["status", "start", "end"])
}

#[test]
fn a_text_is_replaced_in_lists_and_braces_and_in_its_quotes() {
    let text = |steps: &'static [Step], text: &'static str| move |editor: &mut Editor| editor.replace(steps, text);
    let second = text(&[Step::Key("tags"), Step::Item(1)], "nytt: ämne");
    becomes("tags: [a, b]   # två\n", &second, "tags: [a, \"nytt: ämne\"]   # två\n");
    becomes("tags:\n- a\n- 'b' # här\n", &second, "tags:\n- a\n- 'nytt: ämne' # här\n");
    let to = text(&[Step::Key("menu"), Step::Item(0), Step::Key("to")], "a.md");
    becomes("menu:\n  - {title: B, to: b.md}\n", &to, "menu:\n  - {title: B, to: a.md}\n");
    assert!(edited("menu: [{to: 1}]\n", &to).is_err(), "a number is no text");
}

#[test]
fn a_key_is_renamed_and_keeps_what_it_says() {
    let rename = |editor: &mut Editor| editor.rename(&[Step::Key("tags")], "a b", "å: c");
    becomes(
        "tags:\n  a b: # här\n    x: 1\n  d:\n    x: 2\n",
        &rename,
        "tags:\n  \"å: c\": # här\n    x: 1\n  d:\n    x: 2\n",
    );
    becomes("tags: {'a b': {x: 1}, d: {x: 2}}\n", &rename, "tags: {'å: c': {x: 1}, d: {x: 2}}\n");
    becomes("tags:\n  d: 1\n", &|editor| editor.rename(&[Step::Key("tags")], "e", "f"), "tags:\n  d: 1\n");
}

#[test]
fn texts_come_into_lists_and_go_out_of_them() {
    let add = |editor: &mut Editor| editor.append(&[], "aliases", Value::text("/b/"), &["title"]);
    let cases = [
        ("title: x\ndate: y\n", "title: x\naliases:\n  - /b/\ndate: y\n"),
        ("aliases: [/a/] # förr\ntitle: x\n", "aliases: [/a/, /b/] # förr\ntitle: x\n"),
        ("aliases:\n- /a/ # förr\ntitle: x\n", "aliases:\n- /a/ # förr\n- /b/\ntitle: x\n"),
        ("aliases:\ntitle: x\n", "aliases:\n  - /b/\ntitle: x\n"),
    ];
    for (before, after) in cases {
        becomes(before, &add, after);
    }
    let cases = [
        ("aliases: [/a/, /b/, /c/]\n", "aliases: [/a/, /c/]\n"),
        ("aliases:\n  - /a/\n  - /b/ # bort\n  - /c/\n", "aliases:\n  - /a/\n  - /c/\n"),
    ];
    for (before, after) in cases {
        becomes(before, &|editor| editor.remove_item(&[], "aliases", 1), after);
    }
    let first = |editor: &mut Editor| editor.remove_item(&[], "aliases", 0);
    becomes("aliases: [/a/, /b/]\n", &first, "aliases: [/b/]\n");
    becomes("a: 1\naliases:\n  - /a/\nb: 2\n", &first, "a: 1\nb: 2\n");
    assert!(edited("aliases: /a/\n", &first).is_err());
}

#[test]
fn a_value_is_replaced_where_it_stands() {
    let cases = [
        ("status: planned\n", "status: cancelled\n"),
        ("a: 1\nstatus:   planned   # så länge\nb: 2\n", "a: 1\nstatus:   cancelled   # så länge\nb: 2\n"),
        ("status: 'planned'\n", "status: 'cancelled'\n"),
        ("status: \"planned\" # \"så\"\n", "status: \"cancelled\" # \"så\"\n"),
        ("\"status\": planned\n", "\"status\": cancelled\n"),
        ("status:\nb: 1\n", "status: cancelled\nb: 1\n"),
        ("status: # inget\nb: 1\n", "status: cancelled # inget\nb: 1\n"),
        ("status: ~\n", "status: cancelled\n"),
        ("{title: MR, status: planned}\n", "{title: MR, status: cancelled}\n"),
    ];
    for (before, after) in cases {
        becomes(before, &cancel, after);
    }
}

#[test]
fn a_new_key_goes_after_those_that_it_belongs_to() {
    let cases = [
        ("title: MR\nstart: 2027-01-01\n", "title: MR\nstart: 2027-01-01\nstatus: cancelled\n"),
        (
            "start: 2027-01-01 # dag\n\n# Vem\nauthor: x\n",
            "start: 2027-01-01 # dag\nstatus: cancelled\n\n# Vem\nauthor: x\n",
        ),
        ("end: 2\nstart: 1\nz: 1\n", "end: 2\nstart: 1\nstatus: cancelled\nz: 1\n"),
        ("title: MR\n# slut\n", "title: MR\nstatus: cancelled\n# slut\n"),
        ("a: |\n  rad\n\n  rad\n", "a: |\n  rad\n\n  rad\nstatus: cancelled\n"),
        ("a:\n  - [1, {b: 2} ] # x\n", "a:\n  - [1, {b: 2} ] # x\nstatus: cancelled\n"),
        ("  a: 1\n", "  a: 1\n  status: cancelled\n"),
        ("{start: 1, z: 2}\n", "{start: 1, status: cancelled, z: 2}\n"),
    ];
    for (before, after) in cases {
        becomes(before, &cancel, after);
    }
}

#[test]
fn a_list_grows_in_its_own_style() {
    let cases = [
        ("start: 1\nz: 2\n", "start: 1\nchanges:\n  - date: 2026-11-20\n    reason: \"Sjuk, tyvärr: igen\"\nz: 2\n"),
        (
            "tags:\n- a\nstart: 1\n",
            "tags:\n- a\nstart: 1\nchanges:\n- date: 2026-11-20\n  reason: \"Sjuk, tyvärr: igen\"\n",
        ),
        (
            "changes:\n  - {date: 1, what: note}  # a\n  # b\nz: 1\n",
            "changes:\n  - {date: 1, what: note}  # a\n  - {date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"}\n  # b\nz: 1\n",
        ),
        (
            "changes:\n-   date: 1\n    what: note\n\nz: 1\n",
            "changes:\n-   date: 1\n    what: note\n-   date: 2026-11-20\n    reason: \"Sjuk, tyvärr: igen\"\n\nz: 1\n",
        ),
        ("changes: []\n", "changes: [{date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"}]\n"),
        (
            "changes: [{date: 1}] # x\n",
            "changes: [{date: 1}, {date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"}] # x\n",
        ),
        (
            "changes: [\n  {date: 1}, # x\n  {date: 2} # y\n]\n",
            "changes: [\n  {date: 1}, # x\n  {date: 2}, # y\n  {date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"}\n]\n",
        ),
        (
            "changes: [\n  {date: 2}, # y\n]\n",
            "changes: [\n  {date: 2}, # y\n  {date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"},\n]\n",
        ),
        ("changes:\nz: 1\n", "changes:\n  - date: 2026-11-20\n    reason: \"Sjuk, tyvärr: igen\"\nz: 1\n"),
        ("{start: 1}\n", "{start: 1, changes: [{date: 2026-11-20, reason: \"Sjuk, tyvärr: igen\"}]}\n"),
    ];
    for (before, after) in cases {
        becomes(before, &note, after);
    }
}

#[test]
fn a_key_is_taken_away_with_its_line() {
    let remove: &Change = &|editor| editor.remove(&[], "status");
    let cases = [
        ("a: 1\nstatus: x\nb: 2\n", "a: 1\nb: 2\n"),
        ("# om\nstatus: x\n# mer\nb: 2\n", "# om\n# mer\nb: 2\n"),
        ("a: 1\nstatus: x\n", "a: 1\n"),
        ("{a: 1, status: x, b: 2}\n", "{a: 1, b: 2}\n"),
        ("{status: x, b: 2}\n", "{b: 2}\n"),
        ("{a: 1, status: x}\n", "{a: 1}\n"),
        ("a: 1\n", "a: 1\n"),
    ];
    for (before, after) in cases {
        becomes(before, remove, after);
    }
}

#[test]
fn values_inside_others_are_reached() {
    let at = [Step::Key("occurrences"), Step::Item(1)];
    let change: &Change = &move |editor| {
        editor.set(&at, "status", Value::text("cancelled"), &["start"])?;
        editor.set(&at, "id", Value::text("2"), &[])?;
        editor.remove(&at, "start")
    };
    let cases = [
        (
            "occurrences:\n  - {start: 1}\n  - {start: 2, end: 3} # x\n",
            "occurrences:\n  - {start: 1}\n  - {status: cancelled, end: 3, id: \"2\"} # x\n",
        ),
        (
            "occurrences:\n  - start: 1\n  - start: 2\n    end: 3\nz: 1\n",
            "occurrences:\n  - start: 1\n  - status: cancelled\n    end: 3\n    id: \"2\"\nz: 1\n",
        ),
        (
            "occurrences: [{start: 1}, {start: 2, end: 3}]\n",
            "occurrences: [{start: 1}, {status: cancelled, end: 3, id: \"2\"}]\n",
        ),
    ];
    for (before, after) in cases {
        becomes(before, change, after);
    }
}

#[test]
fn what_cannot_be_changed_in_place_is_refused() {
    for before in [
        "status: |\n  planned\n",
        "status: !!str planned\n",
        "status: [planned]\n",
        "status: {a: planned}\n",
        "a: |+\n  rad\n\n\n",
        "? a\n: 1\n",
    ] {
        let refused = edited(before, &cancel);
        assert!(
            refused.is_err() || refused.as_ref().is_ok_and(|after| after.contains("status: cancelled")),
            "{refused:?}"
        );
        assert!(!before.contains("status") || refused.is_err(), "{before}: {refused:?}");
    }
    assert!(edited("changes: ja\n", &note).is_err());
    assert!(edited("changes: {a: 1}\n", &note).is_err());
}

proptest::proptest! {
    /// Whatever a text holds, and whatever stands around it: it is read as it was meant, and the rest is as it was.
    #[test]
    fn what_is_written_is_read_again(
        text in "[ -~åäö\t#:'\"\\[\\]{},&*!|>%@`-]{0,20}",
        lines in proptest::collection::vec((0..ENTRIES.len(), 0..3_usize), 0..6),
        windows in proptest::bool::ANY,
    ) {
        let mut yaml = String::new();
        for (nth, (entry, comments)) in lines.into_iter().enumerate() {
            yaml.push_str(&"# kommentar\n".repeat(comments));
            yaml.push_str(&ENTRIES[entry].replace("KEY", &format!("key{nth}")));
        }
        yaml.push_str("last: 1\n");
        let yaml = if windows { yaml.replace('\n', "\r\n") } else { yaml };
        let mut editor = Editor::open(&"x.md".into(), &yaml, 0..yaml.len(), &mut Report::default()).expect("sound YAML");
        editor.set(&[], "reason", Value::text(text.clone()), &["key0", "key2"]).expect("a key can be added");
        let item = Value::Map(vec![("what", Value::text("x")), ("why", Value::text(text.clone()))]);
        editor.append(&[], "changes", item, &["key1"]).expect("a list can be added");
        let reason = editor.get(&[Step::Key("reason")]).map(|node| node.kind.clone());
        proptest::prop_assert!(matches!(reason, Some(NodeKind::Text(found)) if found == text));
        let grown = editor.text.clone();
        // What stood there stands there still, line by line and in order.
        let mut rest = grown.lines();
        for line in yaml.lines() {
            proptest::prop_assert!(rest.any(|found| found == line), "`{}` is in\n{}", line, grown);
        }
        proptest::prop_assert_eq!(grown.matches("\r\n").count(), if windows { grown.matches('\n').count() } else { 0 });
        editor.remove(&[], "reason").expect("a key can be taken away");
        editor.remove(&[], "changes").expect("a key can be taken away");
        proptest::prop_assert_eq!(editor.into_text(), yaml);
    }
}

/// Ways to write an entry.
const ENTRIES: [&str; 9] = [
    "KEY: text # efter\n",
    "KEY: \"i citat: #\"\n",
    "KEY:\n  a: 1\n  b: [1, 2] # x\n\n",
    "KEY:\n  - ett\n  - {a: 1, b: 'två'}\n",
    "KEY: [\n  1, # y\n  {a: 2}\n]\n",
    "KEY: >-\n  flera\n  rader\n\n",
    "KEY:\n- a: 1\n  b: 2\n- c\n",
    "KEY:\n",
    "KEY: flera ord\n  på två rader\n",
];
