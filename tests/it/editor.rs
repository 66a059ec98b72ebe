//! `anslag lsp` as an editor meets it: the real program, spoken to through pipes.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::site::{Folder, Site, program};

const POST: &str = "content/blog/inbjudan.md";
/// So long a test waits for what must come.
const PATIENCE: Duration = Duration::from_secs(60);

fn post(keys: &str, text: &str) -> String {
    format!("---\ntitle: Vi bjuder in\ndate: 2026-10-01\n{keys}---\n{text}\n")
}

fn site() -> Site {
    Site::plain().file(POST, post("author: anna-berg\n", "Välkommen."))
}

/// An editor in which a folder is open. The program ends with its story.
struct Editor {
    child: Child,
    input: Option<ChildStdin>,
    said: Receiver<Value>,
    /// What was said and not asked for yet.
    heard: Vec<Value>,
    root: String,
    asked: u64,
    opened: u64,
}

impl Editor {
    /// One that has said nothing yet.
    fn silent(root: &Path, options: &[&str]) -> Self {
        let mut command = program();
        command.args(["lsp", "--now", "2026-11-21T12:00:00+01:00"]).args(options).current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().expect("the program starts");
        let (input, output) = (child.stdin.take(), child.stdout.take().expect("it is piped"));
        let (send, said) = channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = next(&mut output) {
                if send.send(message).is_err() {
                    return;
                }
            }
        });
        let root = format!("file://{}", root.display());
        Self { child, input, said, heard: Vec::new(), root: root.trim_end_matches('/').to_owned(), asked: 0, opened: 0 }
    }

    /// One that has opened the folder, and can do this much.
    fn able(site: &Site, capabilities: Value) -> (Self, Value) {
        let mut editor = Self::silent(&site.path(""), &[]);
        let folders = json!([{"uri": editor.root, "name": "mr"}]);
        let begun = editor.ask(
            "initialize",
            json!({"processId": null, "rootUri": editor.root, "workspaceFolders": folders, "capabilities": capabilities}),
        );
        editor.tell("initialized", json!({}));
        (editor, begun["capabilities"].clone())
    }

    fn of(site: &Site) -> Self {
        Self::able(site, json!({})).0
    }

    /// Writes bytes as they are.
    fn write(&mut self, bytes: impl AsRef<[u8]>) {
        let input = self.input.as_mut().expect("the story is not over");
        input.write_all(bytes.as_ref()).and_then(|()| input.flush()).expect("the program listens");
    }

    fn send(&mut self, message: &Value) {
        let message = message.to_string();
        self.write(format!("Content-Length: {}\r\n\r\n{message}", message.len()));
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// The next of what is said that is like this; the rest is kept for later.
    fn hear(&mut self, is_it: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.heard.iter().position(&is_it) {
            return self.heard.remove(at);
        }
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(message) if is_it(&message) => return message,
                Ok(message) => self.heard.push(message),
                Err(error) => panic!("nobody says it ({error}), but {:#?}", self.heard),
            }
        }
    }

    /// The whole answer to a request.
    fn answer(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        self.hear(|message| message["id"] == id && message["method"].is_null())
    }

    /// What a request is answered.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        assert!(answer["error"].is_null(), "{method} is answered: {answer}");
        answer["result"].clone()
    }

    /// What a request is refused with: the code.
    fn refused(&mut self, method: &str, params: Value) -> i64 {
        self.answer(method, params)["error"]["code"].as_i64().expect("it is refused")
    }

    fn uri(&self, path: &str) -> String {
        format!("{}/{path}", self.root)
    }

    fn open(&mut self, path: &str, text: &str) {
        // Each is told from those that were opened before.
        self.opened += 1000;
        let document = json!({"uri": self.uri(path), "languageId": "markdown", "version": self.opened, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    fn change(&mut self, path: &str, version: i32, text: &str) {
        let document = json!({"uri": self.uri(path), "version": version});
        let params = json!({"textDocument": document, "contentChanges": [{"text": text}]});
        self.tell("textDocument/didChange", params);
    }

    /// The next that is said of what is wrong with a file, once it holds: each finding as `line:from-to code`.
    fn findings(&mut self, path: &str, holds: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        let uri = self.uri(path);
        let message = self.hear(|message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["diagnostics"].as_array().is_some_and(|found| holds(found))
        });
        message["params"]["diagnostics"].as_array().expect("it is a list").clone()
    }

    /// Waits until the site has been made with the file that was opened last.
    fn made(&mut self) {
        let version = self.opened;
        self.hear(|message| {
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["version"] == version
        });
    }

    /// Waits until something is wrong with a file.
    fn wrong(&mut self, path: &str) -> Vec<Value> {
        self.findings(path, |found| !found.is_empty())
    }

    /// Waits until nothing is wrong with a file.
    fn well(&mut self, path: &str) {
        self.findings(path, <[Value]>::is_empty);
    }

    /// Ends the conversation in order.
    fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        assert_eq!(self.code(), Some(0));
    }

    /// The exit code of the program, which ends by itself.
    fn code(&mut self) -> Option<i32> {
        // It has ended when it says no more.
        while self.said.recv_timeout(PATIENCE).is_ok() {}
        self.child.wait().expect("it has ended").code()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next message; nothing else may come.
fn next(output: &mut impl BufRead) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().ok(),
            _ if line == "\r\n" => break,
            _ => panic!("this is no header: {line:?}"),
        }
    }
    let mut message = vec![0; length.expect("a header has a length")];
    output.read_exact(&mut message).ok()?;
    Some(serde_json::from_slice(&message).expect("a message is JSON"))
}

/// A finding in short: `line:from-to code`, counted from 0 as editors do.
fn short(found: &Value) -> String {
    let (start, end) = (&found["range"]["start"], &found["range"]["end"]);
    format!("{}:{}-{} {}", start["line"], start["character"], end["character"], found["code"].as_str().unwrap_or("?"))
}

#[test]
fn what_is_wrong_is_said_while_it_is_typed_and_taken_back_when_it_is_mended() {
    let site = site();
    let mut editor = Editor::of(&site);
    editor.open(POST, &post("summary: Åäö 🙂\nauthor: anna-brg\n", "Välkommen."));
    let found = editor.wrong(POST);
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), ["4:8-16 unknown-person"]);
    assert_eq!((&found[0]["severity"], &found[0]["source"]), (&json!(1), &json!("anslag")));
    assert_eq!(found[0]["message"], "there is no person `anna-brg`: did you mean `anna-berg`?");
    editor.change(POST, 2, &post("author: anna-berg\n", "Välkommen."));
    editor.well(POST);
    // What was written is what it was.
    site.check().well();
    editor.change(POST, 3, &post("author: anna-berg\n", "🙂 [Programmet](ingenstans.md)"));
    let found = editor.wrong(POST);
    assert_eq!(found.iter().map(short).collect::<Vec<_>>(), ["5:16-29 missing-target"]);
    // An editor that closes a file without saving it leaves the one that is written.
    editor.tell("textDocument/didClose", json!({"textDocument": {"uri": editor.uri(POST)}}));
    editor.well(POST);
    editor.end();
}

#[test]
fn a_script_that_is_typed_into_a_drawing_is_seen() {
    let drawing = |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>\n");
    let path = "content/blog/bild.svg";
    let site = site().file(path, drawing("<path d=\"M0 0h9\"/>"));
    let mut editor = Editor::of(&site);
    editor.open(path, &drawing("<path d=\"M0 0h9\"/>"));
    editor.open(POST, &post("author: anna-brg\n", "Välkommen."));
    editor.wrong(POST);
    editor.change(path, 2, &drawing("<script>alert(1)</script>"));
    assert_eq!(editor.wrong(path)[0]["code"], "active-file");
    editor.change(path, 3, &drawing("<path d=\"M0 0h8\"/>"));
    editor.well(path);
    editor.end();
}

#[test]
fn places_are_counted_as_the_editor_can() {
    let site = site();
    let encodings = json!({"general": {"positionEncodings": ["utf-16", "utf-8"]}});
    let (mut editor, capabilities) = Editor::able(&site, encodings);
    assert_eq!(capabilities["positionEncoding"], "utf-8");
    editor.open(POST, &post("", "🙂 [Programmet](ingenstans.md)"));
    assert_eq!(short(&editor.wrong(POST)[0]), "4:18-31 missing-target");
    let (_, capabilities) = Editor::able(&site, json!({}));
    assert_eq!(capabilities["positionEncoding"], "utf-16");
}

#[test]
fn the_whole_site_is_looked_at_and_not_only_what_is_open() {
    let other = "content/blog/annan.md";
    let site = site().file(other, post("", "[Programmet](inbjudan.md#program)"));
    let mut editor = Editor::of(&site);
    assert_eq!(short(&editor.wrong(other)[0]), "4:13-32 missing-anchor");
    // Nobody has written this yet.
    editor.open(POST, &post("", "Välkommen.\n\n## Program"));
    editor.well(other);
    // Two posts with one id: each is told of the other.
    editor.change(POST, 2, &post("id: samma\n", "Välkommen.\n\n## Program"));
    editor.well(POST);
    editor.open(other, &post("id: samma\n", "Text."));
    let found = editor.wrong(POST);
    assert_eq!(found[0]["code"], "shared-id");
    assert_eq!(found[0]["relatedInformation"][0]["location"]["uri"], editor.uri(other));
    editor.end();
}

#[test]
fn files_that_change_elsewhere_are_seen() {
    let broken = post("author: nobody-at-all\n", "Text.");
    // By the editor, where it can watch …
    let site = site();
    let watches =
        json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true, "relativePatternSupport": true}}});
    let (mut editor, _) = Editor::able(&site, watches);
    let asked = editor.hear(|message| message["method"] == "client/registerCapability");
    let registered = &asked["params"]["registrations"][0];
    assert_eq!(registered["method"], "workspace/didChangeWatchedFiles");
    assert_eq!(
        registered["registerOptions"]["watchers"][0]["globPattern"],
        json!({"baseUri": editor.root, "pattern": "site.yaml"})
    );
    editor.send(&json!({"jsonrpc": "2.0", "id": asked["id"], "result": null}));
    editor.open(POST, &post("author: anna-berg\n", "Välkommen."));
    editor.well(POST);
    let other = "content/blog/annan.md";
    site.write(other, &broken);
    editor.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": editor.uri(other), "type": 1}]}));
    editor.wrong(other);
    site.remove(other);
    editor.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": editor.uri(other), "type": 3}]}));
    editor.well(other);
    editor.end();
    // … and else by the program.
    let mut editor = Editor::of(&site);
    editor.open(POST, &post("author: anna-berg\n", "Välkommen."));
    editor.well(POST);
    site.write(other, &broken);
    editor.wrong(other);
    site.remove(other);
    editor.well(other);
    editor.end();
}

#[test]
fn a_great_many_files_may_change_at_once() {
    let site = site();
    let mut editor = Editor::of(&site);
    editor.open(POST, &post("author: anna-berg\n", "Välkommen."));
    editor.well(POST);
    // As git does with another branch.
    let path = |number: usize| format!("content/blog/{number}.md");
    for number in 0..1000 {
        site.write(&path(number), post("", "Text."));
    }
    site.write(&path(1000), post("author: nobody-at-all\n", "Text."));
    editor.wrong(&path(1000));
    editor.end();
}

#[test]
fn settings_that_cannot_be_read_are_told_of_in_their_place() {
    let site = site();
    let settings = std::fs::read_to_string(site.path("site.yaml")).expect("it is there");
    let mut editor = Editor::of(&site);
    editor.open("site.yaml", &settings.replace("base_url:", "base_ulr:"));
    let found = editor.wrong("site.yaml");
    assert_eq!(short(&found[0]), "2:0-8 unknown-key");
    editor.change("site.yaml", 2, &settings);
    editor.well("site.yaml");
    editor.end();
}

#[test]
fn a_folder_without_a_site_is_told_of_once() {
    let folder = Folder::new();
    let mut editor = Editor::silent(&folder.0, &[]);
    editor.ask("initialize", json!({"capabilities": {}, "rootUri": editor.root}));
    editor.tell("initialized", json!({}));
    editor.open("x.md", "Text.");
    editor.change("x.md", 2, "Mer text.");
    let said = editor.hear(|message| message["method"] == "window/showMessage");
    assert!(said["params"]["message"].as_str().is_some_and(|words| words.contains("no site.yaml")), "{said}");
    editor.ask("shutdown", Value::Null);
    assert!(!editor.heard.iter().any(|message| message["method"] == "window/showMessage"), "{:?}", editor.heard);
}

#[test]
fn the_site_is_around_what_is_opened_or_where_it_is_said_to_be() {
    let broken = post("author: nobody-at-all\n", "Text.");
    let site = site().file(POST, &broken);
    // The folder of the documents alone.
    let mut editor = Editor::silent(&site.path(""), &[]);
    editor.ask("initialize", json!({"capabilities": {}, "rootUri": editor.uri("content")}));
    editor.tell("initialized", json!({}));
    editor.wrong(POST);
    editor.end();
    // One file, and no folder.
    let mut editor = Editor::silent(&site.path(""), &[]);
    editor.ask("initialize", json!({"capabilities": {}, "rootUri": null}));
    editor.tell("initialized", json!({}));
    editor.open(POST, &broken);
    editor.wrong(POST);
    editor.end();
    let root = site.path("");
    let mut editor = Editor::silent(&root, &["--root", root.to_str().expect("it is UTF-8")]);
    editor.ask("initialize", json!({"capabilities": {}, "rootUri": "file:///"}));
    editor.tell("initialized", json!({}));
    editor.wrong(POST);
    editor.end();
}

#[test]
fn what_was_opened_before_there_was_a_site_is_of_it_when_it_comes() {
    let site = site();
    let settings = std::fs::read_to_string(site.path("site.yaml")).expect("it is there");
    site.remove("site.yaml");
    let mut editor = Editor::of(&site);
    editor.open(POST, &post("", "Text."));
    editor.change(POST, 2, &post("author: nobody-at-all\n", "Text."));
    editor.hear(|message| message["method"] == "window/showMessage");
    site.write("site.yaml", settings);
    editor.tell("textDocument/didSave", json!({"textDocument": {"uri": editor.uri("site.yaml")}}));
    assert_eq!(short(&editor.wrong(POST)[0]), "3:8-21 unknown-person");
    editor.change(POST, 3, &post("", "[Programmet](ingenstans.md)"));
    assert_eq!(short(&editor.wrong(POST)[0]), "4:13-26 missing-target");
    editor.end();
}

#[test]
fn what_is_not_understood_is_answered_and_ends_nothing() {
    let site = site();
    let mut editor = Editor::silent(&site.path(""), &[]);
    assert_eq!(editor.refused("textDocument/hover", json!({})), -32002);
    editor.tell("textDocument/didOpen", json!({"before": "the beginning"}));
    assert_eq!(editor.refused("initialize", json!({"capabilities": 7})), -32602);
    editor.ask("initialize", json!({"capabilities": {}, "rootUri": editor.root}));
    assert_eq!(editor.refused("initialize", json!({"capabilities": {}})), -32600);
    editor.tell("initialized", json!({}));
    assert_eq!(editor.refused("textDocument/moon", json!({})), -32601);
    for note in ["$/moon", "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose", "$/cancelRequest"]
    {
        editor.tell(note, json!([1, "two"]));
    }
    for bytes in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"Content-Length: 3\r\n\r\n\xff\xfe{",
        b"Content-Length: 99999999999999999999\r\n\r\n",
        b"Content-Length: 2\r\n\r\n[]",
    ] {
        editor.write(bytes);
        let refused = editor.hear(|message| message["id"].is_null() && !message["error"].is_null());
        assert!(refused["error"]["code"].as_i64().is_some_and(|code| code == -32700 || code == -32600), "{refused}");
    }
    editor.change(POST, 9, "never opened");
    editor.open(POST, &post("author: nobody-at-all\n", "Text."));
    editor.wrong(POST);
    editor.ask("shutdown", Value::Null);
    assert_eq!(editor.refused("textDocument/hover", json!({})), -32600);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.code(), Some(0));
}

#[test]
fn an_editor_may_say_of_itself_what_it_will() {
    let site = site();
    // Versions of the protocol before 3.15 had `true` here.
    let abilities = json!({
        "general": {"positionEncodings": ["utf-8"], "markdown": "yes"},
        "textDocument": {"publishDiagnostics": {"tagSupport": true}, "codeAction": {"codeActionLiteralSupport": {}}},
        "workspace": {"workspaceEdit": {"failureHandling": 7}, "didChangeWatchedFiles": true},
    });
    let (mut editor, capabilities) = Editor::able(&site, abilities);
    assert_eq!(capabilities["positionEncoding"], "utf-8");
    editor.open(POST, &post("author: nobody-at-all\n", "Text."));
    editor.wrong(POST);
    editor.end();
}

#[test]
fn the_program_ends_with_its_editor() {
    let site = site();
    let mut editor = Editor::of(&site);
    editor.tell("exit", Value::Null);
    assert_eq!(editor.code(), Some(1), "nobody said `shutdown`");
    // An editor that is gone, also in the middle of a word.
    for last in ["", "Content-Length: 60000000\r\n\r\n{", "Content-Length: 18446744073709551615\r\n\r\n{"] {
        let mut editor = Editor::of(&site);
        editor.write(last);
        drop(editor.input.take());
        assert_eq!(editor.code(), Some(1), "{last}");
    }
}

#[test]
fn anything_may_be_asked_anywhere() {
    let site = rich();
    let mut editor = Editor::of(&site);
    let text = "---\ntitle: Åäö 🙂\nplace: {city: [Umeå, \"}\n  - x\ntags:\n\t- å\n---\n::: figure src=\"\n> ::: fact-box a=\n[a](\n[🙂](#\n\n[b]: å\n";
    for (path, text) in
        [(EVENT, text), ("site.yaml", "title: [\n - {\ngates: x: y\n"), ("content/x.md", text), ("README.md", text)]
    {
        editor.open(path, text);
        let lines = text.lines().count() as u64;
        for (line, character) in (0..=lines).flat_map(|line| [0, 5, 14, 999].map(|character| (line, character))) {
            let position = json!({"line": line, "character": character});
            let range = json!({"start": position, "end": position});
            let params = json!({
                "textDocument": {"uri": editor.uri(path)}, "position": position, "range": range, "context": {"diagnostics": []},
            });
            for question in ["completion", "hover", "definition", "references", "codeAction"] {
                editor.ask(&format!("textDocument/{question}"), params.clone());
            }
        }
    }
    assert_eq!(editor.refused("textDocument/hover", json!({"textDocument": {}})), -32602);
    assert_eq!(editor.refused("textDocument/hover", json!(null)), -32602);
    let elsewhere = json!({"textDocument": {"uri": "untitled:x"}, "position": {"line": 0, "character": 0}});
    assert_eq!(editor.ask("textDocument/hover", elsewhere), Value::Null);
    editor.end();
}

#[test]
fn only_people_may_ask_for_other_formats() {
    let run = site().run(["lsp", "--format", "json"]);
    assert!(run.exits(2).stderr.contains("speaks with editors alone"));
}

/// A text with a mark at the cursor, without it, and where that is.
fn marked(text: &str) -> (String, Value) {
    let at = text.find('¤').expect("the cursor is marked");
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let character = text[line..at].encode_utf16().count();
    let position = json!({"line": text[..at].matches('\n').count(), "character": character});
    (text.replacen('¤', "", 1), position)
}

impl Editor {
    /// Opens a text with a mark, waits until the site has been made with it, and asks something at the mark.
    fn ask_at(&mut self, method: &str, path: &str, text: &str) -> Value {
        let (text, position) = marked(text);
        self.open(path, &text);
        self.made();
        let answer = self.ask(method, json!({"textDocument": {"uri": self.uri(path)}, "position": position}));
        self.tell("textDocument/didClose", json!({"textDocument": {"uri": self.uri(path)}}));
        answer
    }

    /// What may be written at the mark: each label.
    fn proposals(&mut self, path: &str, text: &str) -> Vec<String> {
        let list = self.ask_at("textDocument/completion", path, text);
        let items = list["items"].as_array().expect("there is a list");
        items.iter().map(|item| item["label"].as_str().expect("it has a label").to_owned()).collect()
    }

    /// The text after the proposal of this name has been chosen.
    fn completed(&mut self, path: &str, text: &str, label: &str) -> String {
        let list = self.ask_at("textDocument/completion", path, text);
        let items = list["items"].as_array().expect("there is a list");
        let item = items.iter().find(|item| item["label"] == label);
        let item = item.unwrap_or_else(|| panic!("there is no {label} in {items:#?}"));
        changed(&marked(text).0, &item["textEdit"])
    }

    /// What is said of the word at the mark.
    fn hover(&mut self, path: &str, text: &str) -> String {
        let said = self.ask_at("textDocument/hover", path, text);
        said["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Where what stands at the mark leads: `path:line`.
    fn definition(&mut self, path: &str, text: &str) -> String {
        let found = self.ask_at("textDocument/definition", path, text);
        self.located(&found)
    }

    fn located(&self, location: &Value) -> String {
        let Some(uri) = location["uri"].as_str() else { return "nowhere".to_owned() };
        let path = uri.strip_prefix(&self.root).map_or(uri, |path| path.trim_start_matches('/'));
        format!("{path}:{}", location["range"]["start"]["line"])
    }
}

/// A text after an edit, in which all before the edit is one of UTF-16's units for each character.
fn changed(text: &str, edit: &Value) -> String {
    let offset = |position: &Value| {
        let line = position["line"].as_u64().and_then(|line| usize::try_from(line).ok()).expect("a line");
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let character = position["character"].as_u64().and_then(|at| usize::try_from(at).ok()).expect("a character");
        start + text[start..].chars().take(character).map(char::len_utf8).sum::<usize>()
    };
    let (start, end) = (offset(&edit["range"]["start"]), offset(&edit["range"]["end"]));
    format!("{}{}{}", &text[..start], edit["newText"].as_str().expect("it has a text"), &text[end..])
}

const EVENT: &str = "content/events/mr-dagen.md";

/// A site in which there is something to name.
fn rich() -> Site {
    let event = "---\ntitle: MR-dagen\ndate: 2026-01-02\nstart: 2027-05-04T09:00\nseries: mr-dagarna\nsummary: En dag om rättigheter.\n\
                 changes:\n  - {date: 2026-11-01, what: cancelled, reason: För få kunde.}\nstatus: cancelled\ncontact: anna-berg\n\
                 tags: [barn, \"stöd: allt\"]\nplace: {city: Umeå}\n---\nVälkommen.\n\n## Program för dagen\n\nSnart.\n";
    site()
        .file(EVENT, event)
        .file("content/series/mr-dagarna.md", "---\ntitle: MR-dagarna\nsummary: Varje år.\n---\n")
        .file("content/blog/min bild.pdf", "%PDF-1.4\n")
}

#[test]
fn keys_are_proposed_as_they_are_written() {
    let site = rich();
    let mut editor = Editor::of(&site);
    let keys = editor.proposals(EVENT, "---\ntitle: MR-dagen\nst¤\n---\n");
    assert!(
        ["start", "status", "date", "registration"].iter().all(|key| keys.contains(&(*key).to_owned())),
        "{keys:?}"
    );
    assert!(!keys.contains(&"title".to_owned()) && !keys.contains(&"publisher".to_owned()), "{keys:?}");
    assert_eq!(editor.proposals(EVENT, "---\nplace:\n  city: Umeå\n  ¤\n---\n"), ["name", "address", "map"]);
    let notice = editor.proposals("content/notices/x.md", "---\n¤\n---\n");
    assert!(notice.contains(&"level".to_owned()) && !notice.contains(&"slug".to_owned()), "{notice:?}");
    assert_eq!(editor.completed(EVENT, "---\nst¤\n---\n", "start"), "---\nstart: \n---\n");
    assert_eq!(editor.completed(EVENT, "---\nst¤: x\n---\n", "start"), "---\nstart: x\n---\n");
    assert_eq!(editor.completed(EVENT, "---\nst¤atus: x\n---\n", "start"), "---\nstart: x\n---\n");
    let settings = std::fs::read_to_string(site.path("site.yaml")).expect("it is there");
    let keys = editor.proposals("site.yaml", &format!("{settings}gates:\n  image-without-alt:\n    ¤\n"));
    assert_eq!(keys, ["level", "reason"]);
    let text = format!("{settings}gates:\n  image¤\n");
    let code = "image-without-alt";
    assert_eq!(editor.completed("site.yaml", &text, code), text.replace("image¤", "image-without-alt: "));
    let waivers = editor.proposals(POST, "---\nwaivers:\n  - code: ¤\n---\n");
    assert!(waivers.contains(&code.to_owned()) && !waivers.contains(&"unknown-key".to_owned()), "{waivers:?}");
    let list = editor.ask_at("textDocument/completion", EVENT, "---\nst¤\n---\n");
    let start = list["items"].as_array().and_then(|items| items.iter().find(|item| item["label"] == "start"));
    let words = start.expect("it is there")["documentation"]["value"].as_str().expect("it is explained");
    assert!(words.starts_with("When it starts.") && words.contains("Takes a date"), "{words}");
    editor.end();
}

#[test]
fn values_are_proposed_by_what_the_key_takes() {
    let site = rich();
    let mut editor = Editor::of(&site);
    assert_eq!(editor.completed(EVENT, "---\nstatus: can¤\n---\n", "cancelled"), "---\nstatus: cancelled\n---\n");
    assert_eq!(editor.completed(EVENT, "---\nstatus:¤\n---\n", "cancelled"), "---\nstatus: cancelled\n---\n");
    assert_eq!(editor.completed(POST, "---\ntags:\n  -¤\n---\n", "barn"), "---\ntags:\n  - barn\n---\n");
    assert_eq!(editor.proposals(EVENT, "---\nall_day: ¤\n---\n"), ["true", "false"]);
    assert_eq!(editor.proposals(EVENT, "---\nstart: ¤\n---\n"), ["2026-11-21"]);
    assert_eq!(editor.proposals(EVENT, "---\ncontact:\n  - ann¤\n---\n")[0], "anna-berg");
    assert_eq!(editor.proposals(EVENT, "---\nseries: ¤\n---\n"), ["mr-dagarna"]);
    assert_eq!(editor.proposals(EVENT, "---\nprogramme:\n  - organisation: ¤\n---\n"), ["skr"]);
    assert_eq!(editor.completed(POST, "---\ntags: [ba¤]\n---\n", "barn"), "---\ntags: [barn]\n---\n");
    assert_eq!(
        editor.completed(POST, "---\ntags:\n  - st¤\n---\n", "stöd: allt"),
        "---\ntags:\n  - \"stöd: allt\"\n---\n"
    );
    assert_eq!(
        editor.completed(POST, "---\ntags: [\"st¤\"]\n---\n", "stöd: allt"),
        "---\ntags: [\"stöd: allt\"]\n---\n"
    );
    assert_eq!(
        editor.completed(POST, "---\nannounces: [mr¤]\n---\n", "../events/mr-dagen.md"),
        "---\nannounces: [../events/mr-dagen.md]\n---\n"
    );
    let statement = editor.proposals("site.yaml", "title: x\nstatement: ¤\n");
    assert!(statement.contains(&EVENT.to_owned()), "{statement:?}");
    editor.end();
}

#[test]
fn links_lead_to_files_and_their_headings() {
    let site = rich();
    let mut editor = Editor::of(&site);
    let files = editor.proposals(POST, &post("", "Se [dagen](¤)"));
    assert!(files.contains(&"../events/mr-dagen.md".to_owned()), "{files:?}");
    assert!(files.contains(&"min bild.pdf".to_owned()) && !files.contains(&"inbjudan.md".to_owned()), "{files:?}");
    assert_eq!(editor.proposals(POST, &post("", "![En bild](¤)")), ["min bild.pdf"]);
    let text = post("", "Se [dagen](min¤)");
    assert_eq!(editor.completed(POST, &text, "min bild.pdf"), post("", "Se [dagen](min%20bild.pdf)"));
    let text = post("", "Åäö [dagen](../events/mr-dagen.md#¤)");
    let heading = "program-for-dagen";
    assert_eq!(editor.completed(POST, &text, heading), text.replace('¤', heading));
    assert_eq!(editor.proposals(POST, &post("", "[a](#¤)\n\n## Om oss\n\n## Mer")), ["om-oss", "mer"]);
    assert_eq!(editor.proposals(POST, &post("", "Bara text, ¤")), [""; 0]);
    editor.end();
}

#[test]
fn components_are_proposed_with_what_they_take() {
    let site = Site::new().file(POST, post("summary: x\n", "Text."));
    let mut editor = Editor::of(&site);
    let names = editor.proposals(POST, &post("", "::: ¤"));
    assert!(names.contains(&"fact-box".to_owned()) && names.contains(&"figure".to_owned()), "{names:?}");
    assert!(!names.contains(&"badge".to_owned()), "templates alone can call it: {names:?}");
    assert_eq!(editor.completed(POST, &post("", ":::fa¤"), "fact-box"), post("", ":::fact-box"));
    let arguments = editor.proposals(POST, &post("", "::: figure alt=\"x\" ¤"));
    assert!(arguments.contains(&"src".to_owned()) && !arguments.contains(&"alt".to_owned()), "{arguments:?}");
    assert_eq!(editor.proposals(POST, &post("", "::: contact-card person=\"¤\"\n:::")), ["anna-berg"]);
    let said = editor.hover(POST, &post("", "::: fact¤-box title=\"x\"\nText.\n:::"));
    assert!(said.contains("`title=\"…\"`: a text in quotes"), "{said}");
    assert_eq!(
        editor.definition(POST, &post("", "::: fact¤-box title=\"x\"\nText.\n:::")),
        "themes/mr/components/fact_box.html:1"
    );
    editor.end();
}

#[test]
fn what_stands_under_the_cursor_is_explained() {
    let site = rich();
    let mut editor = Editor::of(&site);
    let key = editor.hover(POST, &post("revi¤ewed: 2026-01-01\n", "Text."));
    assert!(key.starts_with("**reviewed**") && key.contains("still right"), "{key}");
    let person = editor.hover(POST, &post("author: anna-¤berg\n", "Text."));
    assert!(person.starts_with("**Anna Berg**"), "{person}");
    let link = editor.hover(POST, &post("", "Se [dagen](../events/mr-¤dagen.md)."));
    assert!(link.starts_with("**Inställt: MR-dagen**\n\nevent · `/konferenser/mr-dagen/`"), "{link}");
    assert!(link.contains("Umeå") && link.contains("För få kunde."), "{link}");
    let file = editor.hover(POST, &post("", "[bild](min%20bild¤.pdf)"));
    assert!(file.starts_with("**min bild.pdf**"), "{file}");
    let organisation =
        editor.hover("content/people/anna-berg.md", "---\ntitle: Anna Berg\norganisation: sk¤r\n---\nText.\n");
    assert!(organisation.contains("**Sveriges Kommuner och Regioner** (SKR)"), "{organisation}");
    let tag = editor.hover(EVENT, "---\ntitle: x\ndate: 2026-01-02\nstart: 2027-01-01\ntags: [bar¤n]\n---\n");
    assert!(tag.starts_with("**barn**"), "{tag}");
    // Why it is wrong, in the words of `anslag explain`.
    let wrong = editor.hover(POST, &post("author: anna-¤brg\n", "Text."));
    assert!(wrong.starts_with("`unknown-person`: Authors and contacts are persons"), "{wrong}");
    assert_eq!(editor.hover(POST, &post("", "Bara ¤text.")), "");
    editor.end();
}

#[test]
fn names_and_links_lead_to_what_they_name() {
    let site = rich().file("content/people/bo-ek.md", "---\ntitle: Bo Ek\ndraft: true\n---\nText.\n");
    let mut editor = Editor::of(&site);
    let mut leads = |keys: &str, text: &str, to: &str| assert_eq!(editor.definition(POST, &post(keys, text)), to);
    leads("author: anna-¤berg\n", "x", "content/people/anna-berg.md:0");
    leads("author: bo-¤ek\n", "x", "content/people/bo-ek.md:0");
    leads("announces: [../events/mr¤-dagen.md]\n", "x", "content/events/mr-dagen.md:0");
    leads("", "[a](../events/mr-dagen.md#program-¤for-dagen)", "content/events/mr-dagen.md:15");
    leads("", "[a](/konferenser/¤mr-dagen/)", "content/events/mr-dagen.md:0");
    leads("", "[a](#m¤er)\n\nText.\n\n## Mer", "content/blog/inbjudan.md:8");
    leads("", "[a](https://¤skr.se/)", "nowhere");
    leads("", "[a](../nowhere¤.md)", "nowhere");
    leads("", "Bara ¤text.", "nowhere");
    assert_eq!(editor.definition(EVENT, "---\ntitle: x\nseries: mr-dag¤arna\n---\n"), "content/series/mr-dagarna.md:0");
    let person = "---\ntitle: Anna Berg\norganisation: sk¤r\n---\nText.\n";
    assert_eq!(editor.definition("content/people/anna-berg.md", person), "content/organisations.yaml:0");
    editor.end();
}

#[test]
fn who_names_something_is_told() {
    let site = rich().file("content/blog/annan.md", post("author: anna-berg\n", "Se [Anna](../people/anna-berg.md)."));
    let mut editor = Editor::of(&site);
    let text = post("author: anna-¤berg\n", "Text.");
    let (text, position) = marked(&text);
    editor.open(POST, &text);
    editor.made();
    let params = json!({
        "textDocument": {"uri": editor.uri(POST)}, "position": position, "context": {"includeDeclaration": true},
    });
    let found = editor.ask("textDocument/references", params);
    let found: Vec<String> = found.as_array().expect("it is a list").iter().map(|at| editor.located(at)).collect();
    let expected = [
        "content/blog/annan.md:3",
        "content/blog/annan.md:5",
        "content/blog/inbjudan.md:3",
        "content/events/mr-dagen.md:9",
        "site.yaml:4",
    ];
    assert_eq!(found, expected);
    editor.end();
}

#[test]
fn files_are_named_as_the_editor_names_them() {
    let site = rich().file(POST, post("id: samma\n", "Text."));
    let mut editor = Editor::of(&site);
    // Some encode more than they need to.
    let uri = editor.uri("content/blog/%61nnan.md");
    let (text, position) = marked(&post("id: samma\nauthor: anna-¤berg\n", "Text."));
    let document = json!({"uri": uri, "languageId": "markdown", "version": 1, "text": text});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
    let found = editor.findings(POST, |found| found.iter().any(|one| one["code"] == "shared-id"));
    let shared = found.iter().find(|one| one["code"] == "shared-id").expect("it is there");
    assert_eq!(shared["relatedInformation"][0]["location"]["uri"], uri);
    let params = json!({"textDocument": {"uri": uri}, "position": position, "context": {"includeDeclaration": true}});
    let named = editor.ask("textDocument/references", params);
    assert_eq!(named[0]["uri"], uri, "{named}");
    editor.end();
}

#[test]
fn slips_are_put_right() {
    let site = rich();
    let mut editor = Editor::of(&site);
    let mut fixed = |path: &str, text: &str, title: &str, after: &str| {
        editor.open(path, text);
        let found = editor.wrong(path);
        // Other servers find something too, and say it in their own way.
        let found: Vec<Value> = [json!({"message": 7})].into_iter().chain(found).collect();
        let params = json!({
            "textDocument": {"uri": editor.uri(path)}, "range": found[1]["range"], "context": {"diagnostics": found},
        });
        let fixes = editor.ask("textDocument/codeAction", params.clone());
        let fix = fixes.as_array().and_then(|fixes| fixes.iter().find(|fix| fix["title"] == title));
        let fix = fix.unwrap_or_else(|| panic!("there is no {title} in {fixes}"));
        assert_eq!(changed(text, &fix["edit"]["changes"][editor.uri(path)][0]), after);
        // What has been mended by hand is not mended again.
        let (_, keys) = text.split_once("---").expect("it has keys");
        editor.change(path, 2, &format!("---\n# {keys}"));
        assert_eq!(editor.ask("textDocument/codeAction", params), json!([]));
        editor.tell("textDocument/didClose", json!({"textDocument": {"uri": editor.uri(path)}}));
        editor.well(path);
        // What was said of the text in between does not count for the next.
        editor.heard.clear();
    };
    let keys = "summary: Åäö.\n";
    let check = |keys: &str, body: &str| post(&format!("summary: Åäö.\n{keys}"), body);
    fixed(POST, &check("author: anna-brg\n", "Text."), "Write `anna-berg`", &check("author: anna-berg\n", "Text."));
    fixed(POST, &check("author: 'anna-brg'\n", "Text."), "Write `anna-berg`", &check("author: 'anna-berg'\n", "Text."));
    fixed(POST, &check("taggs: [barn]\n", "Text."), "Write `tags`", &check("tags: [barn]\n", "Text."));
    let (wrong, right) =
        ("Om [dagen](mr-dagen.md#program-for-dagen).", "Om [dagen](../events/mr-dagen.md#program-for-dagen).");
    fixed(POST, &check("", wrong), "Write `../events/mr-dagen.md`", &check("", right));
    let (wrong, right) =
        ("Om [dagen](../events/mr-dagen.md#program-fr-dagen).", "Om [dagen](../events/mr-dagen.md#program-for-dagen).");
    fixed(POST, &post(keys, wrong), "Write `#program-for-dagen`", &post(keys, right));
    editor.end();
}
