//! What is written, as literal text: a case is a text, a span and what is to be read of it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::Value;

use super::{Format, Style, Texts, explain, render, summary, wrap};
use crate::diagnostic::{Diagnostic, Place, Report, Severity};

crate::code! { pub(super) UNKNOWN_KEY = "unknown-key", Error, "A key that nobody knows", "Typos are never ignored.\nUse {extra} for your own." }
crate::code! { NO_OWNER = "no-owner", Warning, "A page nobody owns", "Somebody must answer for it." }

impl Texts for BTreeMap<&str, &str> {
    fn text(&self, path: &str) -> Option<&str> {
        self.get(path).copied()
    }
}

fn place(path: &str, span: Range<usize>) -> Place {
    Place { path: Arc::from(path), span }
}

/// Where the word is in the text.
fn spot(text: &str, word: &str) -> Range<usize> {
    let start = text.find(word).expect("the word is there");
    start..start + word.len()
}

fn report(diagnostics: impl IntoIterator<Item = Diagnostic>) -> Report {
    let mut report = Report::default();
    diagnostics.into_iter().for_each(|diagnostic| report.push(diagnostic));
    report
}

/// One finding in a file `x.md` of this text, for people.
fn shown(text: &str, diagnostic: Diagnostic) -> String {
    shown_in(text, diagnostic, Style { width: 60, ..Style::default() })
}

fn shown_in(text: &str, diagnostic: Diagnostic, style: Style) -> String {
    let rendered = render(&report([diagnostic]), Format::Human, &BTreeMap::from([("x.md", text)]), &style);
    rendered.strip_suffix("\n\n1 error\n").expect("a summary at the end").to_owned()
}

/// The finding "wrong" with the label "here" must look like this, below its title.
#[track_caller]
fn check(text: &str, span: Range<usize>, expected: &str) {
    let drawn = shown(text, Diagnostic::new(&UNKNOWN_KEY, "wrong").at(place("x.md", span)).label("here"));
    let drawn = drawn.strip_prefix("error[unknown-key]: wrong\n").expect("a title first");
    assert_eq!(drawn, expected.trim_matches('\n'), "\n{drawn}\n");
}

#[track_caller]
fn check_word(text: &str, word: &str, expected: &str) {
    check(text, spot(text, word), expected);
}

#[test]
fn a_whole_finding() {
    let text = "---\r\ntitle: Mänskliga rättigheter\r\ncancled: true\r\n---\r\n";
    let found = Diagnostic::new(&UNKNOWN_KEY, "unknown key `cancled`")
        .at(place("x.md", spot(text, "cancled")))
        .label("not a key of events")
        .related(place("x.md", spot(text, "Mänskliga")), "of this event")
        .related(place("site.yaml", 0..1), "set here")
        .help("did you mean `cancelled`?")
        .help("own keys go under `extra:`");
    let expected = "
error[unknown-key]: unknown key `cancled`
 --> x.md:3:1
  |
3 | cancled: true
  | ^^^^^^^ not a key of events
  |
 ::: x.md:2:8
  |
2 | title: Mänskliga rättigheter
  |        --------- of this event
 ::: site.yaml
  = note: set here
  = help: did you mean `cancelled`?
  = help: own keys go under `extra:`";
    assert_eq!(shown(text, found), expected.trim_start());
}

#[test]
fn a_narrow_terminal_breaks_messages_and_puts_long_labels_below() {
    let text = "---\ntitle: Mänskliga rättigheter\ncancled: true\n---\n";
    let found = Diagnostic::new(&UNKNOWN_KEY, "unknown key `cancled` in the front matter of an event")
        .at(place("x.md", spot(text, "cancled")))
        .label("not a key of events, nor of anything else")
        .related(place("x.md", spot(text, "Mänskliga")), "of this")
        .help("did you mean `cancelled`? Own keys go under `extra:`");
    let style = Style { width: 40, folds: true, links: Some("file://dator/srv/mr%20x".to_owned()), ..Style::default() };
    let expected = "
error[unknown-key]: unknown key
  `cancled` in the front matter of an
  event
 --> \u{1b}]8;;file://dator/srv/mr%20x/x.md\u{1b}\\x.md:3:1\u{1b}]8;;\u{1b}\\
  |
3 | cancled: true
  | ^^^^^^^
  |
  = note: not a key of events, nor of
          anything else
  |
 ::: \u{1b}]8;;file://dator/srv/mr%20x/x.md\u{1b}\\x.md:2:8\u{1b}]8;;\u{1b}\\
  |
2 | title: Mänskliga rättigheter
  |        --------- of this
  |
  = help: did you mean `cancelled`? Own
          keys go under `extra:`";
    let drawn = shown_in(text, found, style);
    assert_eq!(drawn, expected.trim_start(), "\n{drawn}\n");
}

#[test]
fn findings_without_a_line() {
    let nowhere = Diagnostic::new(&UNKNOWN_KEY, "no `site.yaml`");
    assert_eq!(shown("", nowhere.clone()), "error[unknown-key]: no `site.yaml`");
    assert_eq!(shown("", nowhere.help("create it")), "error[unknown-key]: no `site.yaml`\n |\n = help: create it");
    let no_text = Diagnostic::new(&UNKNOWN_KEY, "not UTF-8").at(place("y.md", 3..4)).help("save it as UTF-8");
    assert_eq!(shown("", no_text), "error[unknown-key]: not UTF-8\n--> y.md\n = help: save it as UTF-8");
}

#[test]
fn the_caret_stands_under_the_value() {
    check_word(
        "\u{feff}a: b\r\n",
        "b",
        "
 --> x.md:1:4
  |
1 | a: b
  |    ^ here",
    );
    check_word(
        "x\n\ta\t: värde # 🙂\n",
        "värde",
        "
 --> x.md:2:6
  |
2 |     a    : värde # 🙂
  |            ^^^^^ here",
    );
    check_word(
        "åäö 日本 🙂 a\u{30a}: fel",
        "fel",
        "
 --> x.md:1:14
  |
1 | åäö 日本 🙂 a\u{30a}: fel
  |                ^^^ here",
    );
    check_word(
        "a\rb: c\rd",
        "c",
        "
 --> x.md:2:4
  |
2 | b: c
  |    ^ here",
    );
}

#[test]
fn the_ends_of_lines_and_files() {
    check(
        "",
        0..0,
        "
 --> x.md:1:1
  |
1 |
  | ^ here",
    );
    check(
        "a\n",
        2..2,
        "
 --> x.md:2:1
  |
2 |
  | ^ here",
    );
    check(
        "a",
        7..9,
        "
 --> x.md:1:2
  |
1 | a
  |  ^ here",
    );
    check(
        "ab\r\nc",
        3..4,
        "
 --> x.md:1:4
  |
1 | ab
  |   ^ here",
    );
    check(
        "--- \ntitle: x\n---\n",
        0..17,
        "
 --> x.md:1:1
  |
1 | ---\u{20}
  | ^^^ here",
    );
}

#[test]
fn long_lines_are_cut() {
    let text = format!("a: {} # {}", "ord ".repeat(20), "x".repeat(100_000));
    check(
        &text,
        3..90_000,
        "
 --> x.md:1:4
  |
1 | a: ord ord ord ord ord ord ord ord ord ord ord ord ord…
  |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ here",
    );
    check(
        &text,
        83..84,
        "
 --> x.md:1:84
  |
1 | …d ord ord ord ord  # xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
  |                    ^ here",
    );
}

#[test]
fn nothing_hostile_reaches_the_terminal() {
    let text = "a: \u{1b}[31m\u{9b}2J\u{202e}b\u{fdd0}:1:1\0\u{7f}\u{200b} c";
    check_word(
        text,
        " c",
        "
 --> x.md:1:22
  |
1 | a: ␛[31m�2J�b�:1:1␀␡� c
  |                      ^^ here",
    );
    let found = Diagnostic::new(&UNKNOWN_KEY, "\u{1b}]0;x\u{7}\u{fdd0}\nsecond\tline\r")
        .at(place("x\u{1b}\n.md", 0..0))
        .label("\u{202e}l\n\tm")
        .help("\u{85}h");
    assert_eq!(
        shown("", found),
        "error[unknown-key]: ␛]0;x␇�\n                    second line␍\n--> x␛␊.md\n = note: �l\n          m\n = help: �h"
    );
    let endless = shown("", Diagnostic::new(&UNKNOWN_KEY, "x".repeat(1 << 20)));
    assert!(endless.len() < 3000 && endless.ends_with("x…"));
}

#[test]
fn color_is_asked_for() {
    let found = Diagnostic::new(&UNKNOWN_KEY, "wrong").at(place("x.md", 0..1));
    let colored = shown_in("a", found, Style { color: true, width: 0, ..Style::default() });
    assert!(colored.starts_with("\u{1b}[") && colored.contains("x.md:1:1"), "{colored:?}");
}

#[test]
fn findings_are_counted() {
    let [error, warning] = [Diagnostic::new(&UNKNOWN_KEY, "e"), Diagnostic::new(&NO_OWNER, "w")];
    let info = Diagnostic { severity: Severity::Info, ..warning.clone() };
    assert_eq!(summary(&report([])), "no errors");
    assert_eq!(summary(&report([warning.clone()])), "1 warning");
    assert_eq!(summary(&report([error.clone(), warning, error, info])), "2 errors, 1 warning, 1 remark");
    assert_eq!(render(&report([]), Format::Human, &BTreeMap::new(), &Style::default()), "no errors\n");
}

const TEXT: &str = "\u{feff}---\r\ntitle: Åk\r\n{cancled}: true\r\n";

/// A finding with everything, and one with nothing.
fn two_findings() -> Report {
    let full = Diagnostic::new(&UNKNOWN_KEY, "unknown key `{cancled}`, 100%")
        .at(place("content/å b:1,2.md", spot(TEXT, "cancled")))
        .label("not a key")
        .related(place("content/å b:1,2.md", spot(TEXT, "Åk\r\n")), "of `{x}`")
        .help("did you mean `cancelled`?");
    report([Diagnostic::new(&NO_OWNER, "nobody\r\nowns it"), full])
}

fn written(format: Format) -> String {
    render(&two_findings(), format, &BTreeMap::from([("content/å b:1,2.md", TEXT)]), &Style::default())
}

#[test]
fn json_can_be_read_back() {
    let expected = serde_json::json!({
        "version": 1, "errors": 1, "warnings": 1,
        "diagnostics": [
            {
                "code": "unknown-key", "severity": "error", "message": "unknown key `{cancled}`, 100%",
                "file": "content/å b:1,2.md", "line": 3, "column": 2, "end_line": 3, "end_column": 9,
                "label": "not a key", "help": ["did you mean `cancelled`?"],
                "related": [{
                    "message": "of `{x}`", "file": "content/å b:1,2.md",
                    "line": 2, "column": 8, "end_line": 3, "end_column": 1,
                }],
            },
            {
                "code": "no-owner", "severity": "warning", "message": "nobody\r\nowns it",
                "file": null, "line": null, "column": null, "end_line": null, "end_column": null,
                "label": null, "help": [], "related": [],
            },
        ],
    });
    assert_eq!(serde_json::from_str::<Value>(&written(Format::Json)).expect("it is JSON"), expected);
}

#[test]
fn sarif_has_what_the_standard_asks_for() {
    let log: Value = serde_json::from_str(&written(Format::Sarif)).expect("it is JSON");
    let uri = "content/%C3%A5%20b%3A1%2C2.md";
    let location = |start: [usize; 2], end: [usize; 2]| {
        let region =
            serde_json::json!({"startLine": start[0], "startColumn": start[1], "endLine": end[0], "endColumn": end[1]});
        serde_json::json!({"artifactLocation": {"uri": uri}, "region": region})
    };
    for (pointer, expected) in [
        ("/version", "2.1.0".into()),
        ("/runs/0/columnKind", "unicodeCodePoints".into()),
        ("/runs/0/tool/driver/name", "anslag".into()),
        ("/runs/0/tool/driver/version", env!("CARGO_PKG_VERSION").into()),
        ("/runs/0/tool/driver/rules/0/id", "no-owner".into()),
        ("/runs/0/tool/driver/rules/0/defaultConfiguration/level", "warning".into()),
        ("/runs/0/tool/driver/rules/1/id", "unknown-key".into()),
        ("/runs/0/tool/driver/rules/1/shortDescription/text", UNKNOWN_KEY.summary.into()),
        ("/runs/0/tool/driver/rules/1/fullDescription/text", UNKNOWN_KEY.explanation.into()),
        ("/runs/0/results/0/ruleId", "unknown-key".into()),
        ("/runs/0/results/0/ruleIndex", 1.into()),
        ("/runs/0/results/0/level", "error".into()),
        (
            "/runs/0/results/0/message/text",
            "unknown key `{{cancled}}`, 100%: not a key\nhelp: did you mean `cancelled`?".into(),
        ),
        ("/runs/0/results/0/locations/0/physicalLocation", location([3, 2], [3, 9])),
        ("/runs/0/results/0/relatedLocations/0/message/text", "of `{{x}}`".into()),
        ("/runs/0/results/0/relatedLocations/0/physicalLocation", location([2, 8], [3, 1])),
        ("/runs/0/results/1/ruleIndex", 0.into()),
        ("/runs/0/results/1/locations", Value::Array(Vec::new())),
    ] {
        assert_eq!(log.pointer(pointer), Some(&expected), "{pointer}");
    }
}

#[test]
fn github_commands_are_escaped() {
    assert_eq!(
        written(Format::Github),
        "::error file=content/å b%3A1%2C2.md,line=3,endLine=3,col=2,endColumn=9,title=unknown-key::\
         unknown key `{cancled}`, 100%25: not a key%0Ahelp: did you mean `cancelled`?\
         %0Anote: of `{x}` (content/å b:1,2.md:2:8)\n\
         ::warning title=no-owner::nobody%0D%0Aowns it\n"
    );
    let several_lines = report([Diagnostic::new(&UNKNOWN_KEY, "\u{1b}[2J").at(place("x.md", 0..4))]);
    assert_eq!(
        render(&several_lines, Format::Github, &BTreeMap::from([("x.md", "a\nb\n")]), &Style::default()),
        "::error file=x.md,line=1,endLine=3,title=unknown-key::␛[2J\n"
    );
}

#[test]
fn a_code_is_explained() {
    assert_eq!(
        explain(&UNKNOWN_KEY, 80),
        "unknown-key (error): A key that nobody knows\n\nTypos are never ignored. Use {extra} for your own.\n"
    );
    let text = "one two three\nfour\n\n    kept  as it is\n- a list\n- its end\nfive\n";
    assert_eq!(wrap(text, 10), "one two\nthree four\n\n    kept  as it is\n- a list\n- its end\nfive");
}

#[test]
fn a_file_of_megabytes_on_one_line_is_read_once() {
    let text = "å word ".repeat(1 << 20);
    let of = |index: usize| Diagnostic::new(&UNKNOWN_KEY, "x").at(place("x.md", index * 700..index * 700 + (1 << 20)));
    let report = report((0..1000).map(of));
    for format in [Format::Human, Format::Json] {
        let rendered = render(&report, format, &BTreeMap::from([("x.md", text.as_str())]), &Style::default());
        assert!(rendered.len() < 1000 * 500, "only a part of the line is shown");
    }
}

proptest! {
    #[test]
    fn any_text_and_any_span_can_be_shown(
        text in "\u{feff}?([a-c\t\r\n {}\u{1b}\u{202e}åä🙂日]|\r\n|a\u{30a}|\\PC|.){0,200}",
        spans in prop::collection::vec((0usize..300, 0usize..300), 1..4),
        words in ".{0,20}",
        color in any::<bool>(),
        width in prop_oneof![0usize..120, Just(usize::MAX)],
    ) {
        let mut found = Diagnostic::new(&UNKNOWN_KEY, words.clone()).label(words.clone()).help(words.clone());
        for (start, end) in spans {
            found = found.clone().at(place("x.md", start..end)).related(place("x.md", end..start), words.clone());
        }
        let (report, files) = (report([found]), BTreeMap::from([("x.md", text.as_str())]));
        for format in [Format::Human, Format::Json, Format::Sarif, Format::Github] {
            let rendered = render(&report, format, &files, &Style { color, width, folds: color, links: None });
            let harmless = |character: char| character == '\n' || !character.is_control() || color && character == '\u{1b}';
            if matches!(format, Format::Human) {
                prop_assert!(rendered.chars().all(harmless), "{:?}", rendered);
            }
        }
    }
}
