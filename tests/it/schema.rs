//! `anslag schema`: what editors are told of YAML. Whether it is true is judged by `tests/schemas.py`.

use serde_json::Value;

use crate::site::{Site, files_in};

/// A schema as it is printed.
fn printed(subject: &str) -> Value {
    let run = Site::empty().run(["schema", subject]);
    run.exits(0);
    serde_json::from_str(&run.stdout).expect("a schema is JSON")
}

/// Reports the keys that nothing explains, also those inside others.
fn check_explained(schema: &Value, within: &str) {
    for (key, inner) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{within}.{key}");
        assert!(inner["description"].as_str().is_some_and(|words| words.contains("\n\nTakes ")), "{path}: {inner}");
        check_explained(inner, &path);
    }
    let others = ["items", "additionalProperties"].into_iter().filter_map(|part| schema.get(part));
    for part in others.chain(schema["anyOf"].as_array().into_iter().flatten()) {
        check_explained(part, within);
    }
}

#[test]
fn every_schema_is_written_beside_the_ledger_and_printed_the_same() {
    Site::empty().run(["schema"]).exits(2).says("there is no `site.yaml` in .");
    let site = Site::new();
    site.run(["schema"]).exits(0).says("10 schemas are in");
    let written = files_in(&site.path(".anslag/schemas"));
    assert_eq!(written.len(), 10);
    for (file, bytes) in written {
        let subject = file.trim_end_matches(".json");
        let schema: Value = serde_json::from_slice(&bytes).expect("a schema is JSON");
        assert_eq!(schema, printed(subject));
        check_explained(&schema, subject);
    }
}

#[test]
fn words_come_with_what_they_mean_and_keys_with_what_is_inside() {
    let event = printed("event");
    let status = &event["properties"]["status"];
    assert!(status["enum"].as_array().is_some_and(|words| words.contains(&"cancelled".into())), "{status}");
    assert_eq!(status["enum"].as_array().map(Vec::len), status["enumDescriptions"].as_array().map(Vec::len));
    assert_eq!(event["required"], serde_json::json!(["title", "date"]));
    let change = &event["properties"]["changes"]["items"];
    assert_eq!(change["required"], serde_json::json!(["date", "what"]));
    assert_eq!(change["additionalProperties"], false);
}

#[test]
fn a_key_that_does_nothing_for_a_kind_is_not_offered_there() {
    assert!(printed("post")["properties"].get("aliases").is_some());
    assert!(printed("notice")["properties"].get("aliases").is_none());
    assert!(printed("post")["properties"].get("start").is_none());
}

#[test]
fn what_has_no_schema_is_wrong_usage_and_a_folder_that_cannot_be_made_a_failure() {
    Site::empty().run(["schema", "blog"]).exits(2).says("possible values: post");
    Site::empty().file("here", "a file").run(["schema", "--output", "here"]).exits(3).says("cannot write schemas into");
}
