//! What is said in turn: how a conversation begins and ends, what the editor tells, what it asks, and what it is told.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, SyncSender};

use anyhow::Result;
use gen_lsp_types::json_rpc::Id;
use gen_lsp_types::{
    CodeActionKind, Diagnostic, DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, ErrorCodes, Position, PositionEncodingKind, PublishDiagnosticsParams, Range as Stretch,
    TextDocumentContentChangeEvent, TextDocumentIdentifier, TextDocumentSyncKind, Uri,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Turn;
use super::answers::{Question, text_of};
use super::files::{Folder, path_of};
use super::findings::Finding;
use super::making::{self, Made, Open, OpenTexts, Site, Time, Wanted, name_of};
use super::positions::Units;
use super::wire::{self, Heard, refusal};
use crate::session::Options;
use crate::source::{Watch, may_be_input};

/// What editors are asked to watch, where they can: all that a site is made of.
const WATCHED: [&str; 6] = ["site.yaml", "links.lock", "addresses.lock", "content/**", "theme/**", "themes/**"];

/// What is typed just before something may be proposed, besides the letters of a word.
const TRIGGERS: [&str; 9] = [":", " ", "(", "/", "#", "[", ",", "\"", "="];

/// Whether more is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is.
    More,
    /// The editor has ended the conversation, in order or not.
    End {
        /// Whether it said so before.
        well: bool,
    },
}

/// How far the conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nobody has said what is wanted.
    Beginning,
    /// Questions are answered.
    Talking,
    /// Only the end is to come.
    Ending,
}

/// Where in a text something is asked.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AskedAt {
    text_document: TextDocumentIdentifier,
    position: Option<Position>,
    range: Option<Stretch>,
}

/// Why a request has no answer.
type Refusal = (ErrorCodes, String);

/// A conversation with an editor.
pub struct Conversation<W> {
    options: Options,
    /// The site's folder, where the editor is not to say it.
    root: Option<PathBuf>,
    time: Time,
    output: W,
    turns: SyncSender<Turn>,
    phase: Phase,
    units: Units,
    /// Whether the editor watches files where it is asked to.
    watches: bool,
    /// Listens to the system where the editor does not.
    watch: Option<Watch>,
    /// Whether it has heard of files that have not been looked at since.
    is_changed: Arc<AtomicBool>,
    /// The folders that the editor has opened.
    folders: Vec<PathBuf>,
    /// Where the site is, once one is found. It stays there.
    folder: Option<Folder>,
    /// Whether it has been said that there is none.
    is_missed: bool,
    /// Asks for the site to be made.
    want: Option<Sender<Wanted>>,
    /// The texts that are open, by the paths of [`Conversation::relative`].
    open: OpenTexts,
    site: Option<Site>,
    /// What was found last, by file.
    found: BTreeMap<Arc<str>, Vec<Finding>>,
    /// The files of which the editor knows what is wrong, though it may be nothing.
    told: BTreeMap<Arc<str>, Uri>,
    /// Why no site could be made last, when the machine has failed.
    failure: Option<String>,
    /// The files that have been opened since something was told of them.
    fresh: BTreeSet<Arc<str>>,
}

impl<W: Write> Conversation<W> {
    /// A conversation that nobody has begun.
    pub fn new(options: Options, root: Option<PathBuf>, time: Time, output: W, turns: SyncSender<Turn>) -> Self {
        Self {
            options,
            root,
            time,
            output,
            turns,
            phase: Phase::Beginning,
            units: Units::default(),
            watches: false,
            watch: None,
            is_changed: Arc::default(),
            folders: Vec::new(),
            folder: None,
            is_missed: false,
            want: None,
            open: OpenTexts::new(),
            site: None,
            found: BTreeMap::new(),
            told: BTreeMap::new(),
            failure: None,
            fresh: BTreeSet::new(),
        }
    }

    /// Takes what the editor says.
    ///
    /// # Errors
    /// Nobody reads the answer.
    pub fn hear(&mut self, heard: Heard, log: &dyn Fn(&str)) -> io::Result<Next> {
        let message = match heard {
            Heard::Message(message) => message,
            Heard::Unreadable(answer) => {
                log(answer.error().map_or("something unreadable", |error| error.message.as_str()));
                return wire::write(&mut self.output, &answer).map(|()| Next::More);
            }
        };
        let (method, id, params) = message.into_parts();
        if method.is_empty() {
            // The answer to a request of ours, which needs no more to be done.
            return Ok(Next::More);
        }
        log(&method);
        let params = params.unwrap_or_default();
        match id {
            Some(id) => self.answer(id, &method, params),
            None if method == "exit" => return Ok(self.end()),
            None if self.phase == Phase::Talking => self.note(&method, params, log),
            // What is told before the beginning or after the end concerns nobody.
            None => Ok(()),
        }?;
        Ok(Next::More)
    }

    /// The end, by the editor's word or because it is gone.
    pub fn end(&self) -> Next {
        Next::End { well: self.phase == Phase::Ending }
    }

    fn answer(&mut self, id: Id, method: &str, params: Value) -> io::Result<()> {
        let refuse = |code, words: &str| Err((code, words.to_owned()));
        let result = match (self.phase, method) {
            (Phase::Beginning, "initialize") => self.begin(&params),
            (Phase::Beginning, _) => refuse(ErrorCodes::ServerNotInitialized, "`initialize` comes first"),
            (Phase::Ending, _) => refuse(ErrorCodes::InvalidRequest, "after `shutdown` only `exit` may come"),
            (Phase::Talking, "initialize") => refuse(ErrorCodes::InvalidRequest, "`initialize` comes once"),
            (Phase::Talking, "shutdown") => {
                (self.phase, self.want, self.watch) = (Phase::Ending, None, None);
                Ok(Value::Null)
            }
            (Phase::Talking, _) => self.ask(method, params),
        };
        match result {
            Ok(result) => self.send(&json!({"jsonrpc": "2.0", "id": id, "result": result})),
            Err((code, words)) => self.send(&refusal(id, code, &words)),
        }
    }

    fn begin(&mut self, params: &Value) -> Result<Value, Refusal> {
        self.folders = folders_of(params);
        // Editors say much more of themselves, in the words of many versions of the protocol: only what matters here is read.
        let capabilities = &params["capabilities"];
        if !capabilities.is_object() {
            return Err((ErrorCodes::InvalidParams, "`capabilities` is no object".to_owned()));
        }
        let offered: Vec<PositionEncodingKind> =
            understood(capabilities["general"]["positionEncodings"].clone()).unwrap_or_default();
        self.units = Units::of(&offered);
        let watching = &capabilities["workspace"]["didChangeWatchedFiles"];
        // Without patterns from a folder, what would be watched is every folder with such a name.
        self.watches = watching["dynamicRegistration"] == true && watching["relativePatternSupport"] == true;
        self.phase = Phase::Talking;
        Ok(json!({
            "capabilities": {
                "positionEncoding": self.units.kind(),
                "textDocumentSync": {"openClose": true, "change": TextDocumentSyncKind::Full, "save": true},
                "completionProvider": {"triggerCharacters": TRIGGERS},
                "hoverProvider": true,
                "definitionProvider": true,
                "referencesProvider": true,
                "codeActionProvider": {"codeActionKinds": [CodeActionKind::QuickFix]},
            },
            "serverInfo": {"name": "anslag", "version": env!("CARGO_PKG_VERSION")},
        }))
    }

    /// Answers a question about a text.
    fn ask(&self, method: &str, params: Value) -> Result<Value, Refusal> {
        let answer = match method {
            "textDocument/completion" => |asked: &Question, _: &Value| asked.completion(),
            "textDocument/hover" => |asked: &Question, _: &Value| asked.hover(),
            "textDocument/definition" => |asked: &Question, _: &Value| asked.definition(),
            "textDocument/references" => |asked: &Question, _: &Value| asked.references(),
            "textDocument/codeAction" => {
                |asked: &Question, params: &Value| asked.fixes(&params["context"]["diagnostics"])
            }
            _ => return Err((ErrorCodes::MethodNotFound, format!("anslag does not know `{method}`"))),
        };
        let at: AskedAt = understood(params.clone())?;
        let position = at.position.or(at.range.map(|range| range.start)).unwrap_or_default();
        // Of a file that is not of the site there is nothing to say.
        let Some((folder, path)) = self.folder.as_ref().zip(self.relative(&at.text_document.uri)) else {
            return Ok(Value::Null);
        };
        let (site, found) = (self.site.as_ref(), self.found.get(&path).map_or(&[][..], Vec::as_slice));
        let Some(text) = text_of(&self.open, site, &path) else { return Ok(Value::Null) };
        let asked = Question { folder, site, open: &self.open, units: self.units, path, text, position, found };
        // A fault of the program must not end the server: the next question is answered as ever.
        catch_unwind(AssertUnwindSafe(|| answer(&asked, &params)))
            .map_err(|_| (ErrorCodes::InternalError, "anslag has failed: this is a fault of anslag".to_owned()))
    }

    /// Takes what needs no answer. What cannot be understood changes nothing.
    fn note(&mut self, method: &str, params: Value, log: &dyn Fn(&str)) -> io::Result<()> {
        let noted = match method {
            "initialized" | "textDocument/didSave" => Ok(true),
            "textDocument/didOpen" => understood(params).map(|params| self.opened(params)),
            "textDocument/didChange" => understood(params).map(|params| self.changed(params)),
            "textDocument/didClose" => understood(params).map(|params| self.closed(&params)),
            "workspace/didChangeWatchedFiles" => understood(params).map(|params| self.concerns(&params)),
            _ => Ok(false),
        };
        match noted {
            Ok(true) => self.make(),
            Ok(false) => Ok(()),
            Err((_, words)) => {
                log(&words);
                Ok(())
            }
        }
    }

    fn opened(&mut self, params: DidOpenTextDocumentParams) -> bool {
        let opened = params.text_document;
        let Some(path) = self.relative(&opened.uri) else { return false };
        let text: Arc<str> = opened.text.into();
        self.fresh.insert(path.clone());
        self.open.insert(path, Open { uri: opened.uri, version: opened.version, text });
        true
    }

    fn changed(&mut self, params: DidChangeTextDocumentParams) -> bool {
        let Some(path) = self.relative(&params.text_document.text_document_identifier.uri) else { return false };
        let Some(open) = self.open.get_mut(&path) else { return false };
        let mut whole = params.content_changes.into_iter().filter_map(|change| match change {
            TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => Some(whole.text),
            // It was agreed that whole texts are sent.
            TextDocumentContentChangeEvent::TextDocumentContentChangePartial(_) => None,
        });
        let Some(text) = whole.next_back() else { return false };
        (open.text, open.version) = (text.into(), params.text_document.version);
        true
    }

    fn closed(&mut self, params: &DidCloseTextDocumentParams) -> bool {
        // From now on the file counts as it is written.
        self.relative(&params.text_document.uri).is_some_and(|path| self.open.remove(&path).is_some())
    }

    fn concerns(&self, params: &DidChangeWatchedFilesParams) -> bool {
        let mut files = params.changes.iter().filter_map(|change| self.relative(&change.uri));
        self.folder.is_none() || files.any(|path| may_be_input(&path))
    }

    /// The path of a file from the site's folder, or the whole path as long as there is no site.
    fn relative(&self, uri: &Uri) -> Option<Arc<str>> {
        let file = path_of(uri)?;
        match &self.folder {
            Some(folder) => folder.relative(&file),
            None => file.to_str().map(Arc::from),
        }
    }

    /// Finds the site: where it was said to be, or around what the editor has opened.
    fn find_folder(&mut self) {
        if self.folder.is_some() {
            return;
        }
        let opened = self.open.keys().map(|path| Path::new(&**path));
        self.folder = match &self.root {
            Some(root) => Folder::around(root).filter(|folder| folder.path == *root),
            None => self.folders.iter().map(PathBuf::as_path).chain(opened).find_map(Folder::around),
        };
        if self.folder.is_some() {
            // What was opened before has a path from here now.
            let open = std::mem::take(&mut self.open).into_values();
            self.open = open.filter_map(|open| Some((self.relative(&open.uri)?, open))).collect();
            self.fresh = self.open.keys().cloned().collect();
        }
    }

    /// Wants the site to be made with the texts as they are.
    fn make(&mut self) -> io::Result<()> {
        self.find_folder();
        let Some(folder) = self.folder.clone() else { return self.miss() };
        if self.want.is_none() {
            self.start(&folder)?;
        }
        if let Some(want) = &self.want {
            // Whoever makes sites ends with this conversation.
            let _ends = want.send(Wanted { folder, open: self.open.clone() });
        }
        Ok(())
    }

    fn start(&mut self, folder: &Folder) -> io::Result<()> {
        let turns = self.turns.clone();
        let told = move |made| drop(turns.send(Turn::Made(Box::new(made))));
        match making::start(self.options.clone(), self.time.clone(), self.units, told) {
            Ok(want) => self.want = Some(want),
            // It is tried again with the next letter.
            Err(error) => return self.say(1, &format!("anslag: {error:#}")),
        }
        self.watch_files(folder)
    }

    /// Sees to it that somebody tells of files that change: the editor where it can, or else the system.
    fn watch_files(&mut self, folder: &Folder) -> io::Result<()> {
        if self.watches {
            let base = folder.uri("").0;
            let pattern = |pattern| json!({"globPattern": {"baseUri": base.trim_end_matches('/'), "pattern": pattern}});
            let registration = json!({
                "id": "files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": {"watchers": WATCHED.map(pattern)},
            });
            return self.request("client/registerCapability", &json!({"registrations": [registration]}));
        }
        let (turns, is_changed) = (self.turns.clone(), self.is_changed.clone());
        let tell = move |_| {
            is_changed.store(true, Ordering::SeqCst);
            // It must not wait, since it is waited for when folders are added. Where there is no room, any turn will do.
            let _may_be_full = turns.try_send(Turn::Files);
        };
        match Watch::start(&folder.path, tell) {
            Ok(watch) => self.watch = Some(watch),
            Err(error) => {
                let words =
                    format!("anslag: {error:#}: what other programs change is seen when something is saved here");
                self.notify("window/logMessage", &json!({"type": 2, "message": words}))?;
            }
        }
        Ok(())
    }

    /// Says once that there is no site.
    fn miss(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.is_missed, true) {
            return Ok(());
        }
        self.say(3, "anslag: no site.yaml was found here, so there is no site to look at; `--root` says where it is")
    }

    /// Has the site made anew if files of it have changed.
    ///
    /// # Errors
    /// Nobody reads what is said.
    pub fn look_again(&mut self) -> io::Result<()> {
        if self.phase != Phase::Talking || !self.is_changed.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        if let Some(watch) = &mut self.watch {
            // Folders that cannot be watched are looked at when something else is made.
            let _not_all = watch.renew();
        }
        self.make()
    }

    /// Takes a site that has been made, and tells what is wrong with it.
    ///
    /// # Errors
    /// Nobody reads what is told.
    pub fn take(&mut self, made: Result<Made>, log: &dyn Fn(&str)) -> io::Result<Next> {
        if self.phase != Phase::Talking {
            return Ok(Next::More);
        }
        match made {
            Ok(made) => {
                log(&made.words);
                self.failure = None;
                self.publish(made)?;
            }
            Err(error) => {
                let words = format!("anslag: {error:#}");
                log(&words);
                // It is tried again with every letter, but said once.
                if self.failure.replace(words.clone()).is_none_or(|before| before != words) {
                    self.say(1, &words)?;
                }
            }
        }
        Ok(Next::More)
    }

    fn publish(&mut self, made: Made) -> io::Result<()> {
        let Some(folder) = self.folder.clone() else { return Ok(()) };
        let before = std::mem::replace(&mut self.found, made.found);
        // Of the last site that could be understood answers are still better than none.
        self.site = made.site.or_else(|| self.site.take());
        let fresh = std::mem::take(&mut self.fresh);
        let (fresh, later) = fresh.into_iter().partition(|path| made.versions.contains_key(path));
        self.fresh = later;
        let changed = self.found.iter().filter(|(path, found)| before.get(*path) != Some(found)).map(|(path, _)| path);
        let mended = before.keys().filter(|path| !self.found.contains_key(*path));
        let mut paths: BTreeSet<Arc<str>> = fresh;
        paths.extend(changed.chain(mended).cloned());
        for path in paths {
            let uri = name_of(&self.open, &folder, &path);
            // A file that was opened by another name would keep what was said of it under the former one.
            let former = self.told.insert(path.clone(), uri.clone()).filter(|former| *former != uri);
            if let Some(uri) = former {
                self.tell(uri, None, Vec::new())?;
            }
            let diagnostics =
                self.found.get(&path).into_iter().flatten().map(|finding| finding.shown.clone()).collect();
            self.tell(uri, made.versions.get(&path).copied(), diagnostics)?;
        }
        Ok(())
    }

    /// Tells what is wrong with a file, in place of what was said before.
    fn tell(&mut self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) -> io::Result<()> {
        self.notify("textDocument/publishDiagnostics", &PublishDiagnosticsParams { uri, version, diagnostics })
    }

    /// Says something to whoever sits at the editor.
    fn say(&mut self, gravity: u32, words: &str) -> io::Result<()> {
        self.notify("window/showMessage", &json!({"type": gravity, "message": words}))
    }

    fn notify(&mut self, method: &str, params: &impl Serialize) -> io::Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    fn request(&mut self, method: &str, params: &Value) -> io::Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "id": method, "method": method, "params": params}))
    }

    fn send(&mut self, message: &impl Serialize) -> io::Result<()> {
        wire::write(&mut self.output, message)
    }
}

/// What comes with a message, as what it has to be.
fn understood<T: DeserializeOwned>(params: Value) -> Result<T, Refusal> {
    serde_json::from_value(params).map_err(|error| (ErrorCodes::InvalidParams, error.to_string()))
}

/// The folders that the editor has opened; of an editor that knows none, the one that it was started for.
fn folders_of(params: &Value) -> Vec<PathBuf> {
    let folders = params["workspaceFolders"].as_array().into_iter().flatten().map(|folder| &folder["uri"]);
    let uris = folders.chain([&params["rootUri"]]).filter_map(Value::as_str);
    uris.filter_map(|uri| path_of(&Uri(uri.to_owned()))).collect()
}
