//! What `anslag why` says, for people and for machines.

use std::path::MAIN_SEPARATOR_STR;
use std::sync::Arc;

use anyhow::Result;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Look;
use super::next::{Next, Reason};
use super::subject::{State, Subject};
use crate::addresses::{Fate, Line};
use crate::cmd::address::json_of;
use crate::cmd::arguments::{Common, ReportFormat};
use crate::cmd::stale::{Owner, owners, owners_of_site};
use crate::cmd::terminal::Terminal;
use crate::cmd::{one_line, print as print_text};
use crate::diagnostic::Diagnostic;
use crate::kind::Entry;
use crate::model::{Kind, Occasion};
use crate::session::{Making, with_article};
use crate::text::address::output_path;
use crate::text::date::Moment;

/// How many files are named to people, who want to know where to look.
const NAMED: usize = 4;

/// All that there is to say.
struct Answer<'a> {
    asked: &'a str,
    subject: Subject,
    /// The document behind it: its own, or that beside which it lies.
    entry: Option<&'a dyn Entry>,
    template: Option<(&'static str, Vec<Arc<str>>)>,
    owners: Vec<Owner>,
    ahead: Vec<(String, Occasion)>,
    /// What was found in its file.
    findings: Vec<&'a Diagnostic>,
    /// What the next build does with it; none when that writes nothing.
    next: Option<Next>,
    /// Its file in the output folder, if the next build takes that away.
    removes: Option<String>,
}

/// Prints what there is to say.
pub fn print(look: &Look, asked: &str, subject: Subject, common: &Common) -> Result<()> {
    let answer = look.answer(asked, subject);
    let text = match common.format {
        ReportFormat::Json => format!("{}\n", serde_json::to_string_pretty(&look.json(&answer))?),
        _ => look.words(&answer, &Terminal::output(common)),
    };
    print_text(&text)
}

impl Look<'_> {
    fn answer<'a>(&'a self, asked: &'a str, subject: Subject) -> Answer<'a> {
        let path = subject.path.as_deref();
        let bundle = path.and_then(|path| self.contents.catalogue.files.get(path)?.bundle.as_deref());
        let entry = bundle.or(path).and_then(|path| self.material.entry(path));
        let template = match subject.account().map(|account| &account.making) {
            Some(Making::Page(name, _)) => Some((*name, self.session.files_behind(name))),
            _ => None,
        };
        let next = subject.account().filter(|_| self.errors() == 0).map(|account| self.next(account));
        let is_removed = subject.account().is_none() && self.errors() == 0;
        let removes = if is_removed { self.left_over(asked, &subject) } else { None };
        let (owners, findings) = (self.owners(&subject, entry), self.findings(path));
        let ahead = entry.map(|entry| self.ahead(&entry.common().path)).unwrap_or_default();
        Answer { asked, subject, entry, template, owners, ahead, findings, next, removes }
    }

    /// Who answers for it: those of its document, or else of the site.
    fn owners(&self, subject: &Subject, entry: Option<&dyn Entry>) -> Vec<Owner> {
        let (registry, settings) = (&self.contents.registry, &self.session.settings);
        match entry {
            Some(entry) => owners(entry.common(), registry, settings),
            None if subject.path.is_some() => owners_of_site(registry, settings),
            None => Vec::new(),
        }
    }

    /// What happens to a document, and when.
    fn ahead(&self, path: &str) -> Vec<(String, Occasion)> {
        let ahead = self.contents.clock.ahead().into_iter();
        let turns = ahead.flat_map(|(at, turns)| turns.into_iter().map(move |turn| (at, turn)));
        let own = turns.filter(|(_, turn)| *turn.path == *path);
        own.map(|(at, turn)| (self.clock_face(at), turn.occasion)).collect()
    }

    fn findings(&self, path: Option<&str>) -> Vec<&Diagnostic> {
        let is_own = |finding: &&Diagnostic| finding.place.as_ref().is_some_and(|place| Some(&*place.path) == path);
        self.report.sorted().into_iter().filter(is_own).collect()
    }

    fn clock_face(&self, instant: Timestamp) -> String {
        let zone = &self.session.settings.zone;
        Moment::of(instant, zone).rfc3339(zone)
    }

    /// Where a file of the site is, as people write it.
    fn place(&self, route: &str) -> String {
        self.output_place(&output_path(route))
    }

    fn output_place(&self, path: &str) -> String {
        let output = self.output.strip_prefix(self.root).unwrap_or(&self.output);
        output.join(path.replace('/', MAIN_SEPARATOR_STR)).display().to_string()
    }

    fn words(&self, answer: &Answer, terminal: &Terminal) -> String {
        let mut text = terminal.folded(&format!("{}: {}\n", one_line(answer.asked), self.state(answer)), 2);
        let mut line = |name: &str, words: String| {
            text += &terminal.folded(&format!("  {name:<9} {words}\n"), "  name      ".len());
        };
        if let Some(account) = answer.subject.account() {
            line("address", self.session.settings.absolute(&account.route));
            line("file", self.place(&account.route));
        }
        if let Some(path) = &answer.subject.path {
            let kind = Kind::of_path(path).filter(|_| answer.entry.is_some_and(|entry| entry.common().path == *path));
            line("source", kind.map_or(path.to_string(), |kind| format!("{path} ({})", kind.word())));
        }
        self.fate(answer).into_iter().for_each(|words| line("lock", words));
        if let Some((name, files)) = &answer.template {
            line("template", format!("{name}: {}", behind(files)));
        }
        if let Some(making) = answer.subject.account().and_then(|account| made_of(&account.making)) {
            line("made", making.1.to_owned());
        }
        if !answer.owners.is_empty() {
            line("owner", answer.owners.iter().map(owner).collect::<Vec<_>>().join(", "));
        }
        for (at, occasion) in &answer.ahead {
            line("ahead", format!("{at} {}", occasion.words()));
        }
        for finding in &answer.findings {
            line("finding", format!("{}: {}", finding.code.name, one_line(&finding.message)));
        }
        self.build(answer).into_iter().for_each(|words| line("build", words));
        text
    }

    /// What `addresses.lock` says of an address that is no longer what it was.
    fn fate(&self, answer: &Answer) -> Option<String> {
        let line = self.line(answer)?;
        match &line.fate {
            Fate::Present { word, .. } if word == "alias" => None,
            Fate::Present { word, source } => {
                let is_there = matches!(answer.subject.state, State::Published(_));
                (!is_there).then(|| format!("was {}, from {source}, since {}", with_article(word), line.since))
            }
            Fate::Moved { to } => Some(format!("leads to {to}")),
            Fate::Gone { on, reason } => Some(format!("gone since {on}: {reason}")),
        }
    }

    fn line(&self, answer: &Answer) -> Option<&Line> {
        self.session.addresses().lines.get(answer.subject.known.as_ref()?)
    }

    /// What has become of it, in words.
    fn state(&self, answer: &Answer) -> String {
        let why = match &answer.subject.state {
            State::Published(_) if self.errors() > 0 => return self.hindered("published"),
            State::Published(_) => return "published".to_owned(),
            State::Notice { shown: true } if self.errors() > 0 => return self.hindered("shown on other pages"),
            State::Notice { shown: true } => return "a notice, shown on other pages".to_owned(),
            State::Notice { shown: false } => "a notice is only shown in its time".to_owned(),
            State::Draft => "it is a draft; `--drafts` shows it".to_owned(),
            State::Scheduled(Some(at)) => format!("its day comes on {}", self.clock_face(*at)),
            State::Scheduled(None) => "its day has not come".to_owned(),
            State::Broken => "it has errors".to_owned(),
            State::Stray => "it is in a folder that is no kind's, or is nothing that can be published".to_owned(),
            State::Hidden => "the document beside which it lies is not".to_owned(),
            State::Input(templates) if templates.is_empty() => {
                "it is no page, but any page may be made of it".to_owned()
            }
            State::Input(templates) => format!("pages are made with it, those of {}", templates.join(", ")),
            State::Former => "nothing stands at the address any longer".to_owned(),
            State::Unknown(meant) => {
                let meant = meant.as_ref().map(|meant| format!("; did you mean `{meant}`?"));
                return format!("neither an address of the site nor a file of it{}", meant.unwrap_or_default());
            }
        };
        format!("not published: {why}")
    }

    /// What would have become of it, had the site no errors.
    fn hindered(&self, what: &str) -> String {
        let (count, them) = match self.errors() {
            1 => ("an error in the site hinders it".to_owned(), "it"),
            many => (format!("{many} errors in the site hinder it"), "them"),
        };
        format!("would be {what}, but {count}; `anslag check` shows {them}")
    }

    /// What the next build does with it, in words.
    fn build(&self, answer: &Answer) -> Vec<String> {
        if self.errors() > 0 {
            return vec![format!("writes nothing: the site has errors ({}); `anslag check` shows them", self.errors())];
        }
        let Some(next) = &answer.next else {
            let removed = answer.removes.iter().map(|path| self.output_place(path));
            return removed.map(|place| format!("removes {place}: the site no longer has it")).collect();
        };
        let what = match (next.made, next.changes) {
            (false, _) => "lets it stand",
            (true, true) => "makes it anew",
            (true, false) => "makes it anew, and it comes out the same",
        };
        next.reasons.iter().map(|reason| format!("{what}: {}{}", reason.why.words(), files(reason))).collect()
    }

    fn json(&self, answer: &Answer) -> Value {
        let subject = &answer.subject;
        let (account, path) = (subject.account(), subject.path.as_deref());
        let common = answer.entry.map(Entry::common);
        let template = answer.template.as_ref();
        let is_hindered = subject.is_published() && self.errors() > 0;
        let meant = if let State::Unknown(meant) = &subject.state { meant.as_deref() } else { None };
        let ahead = answer.ahead.iter().map(|(at, occasion)| json!({"at": at, "what": occasion.word()}));
        let owners =
            answer.owners.iter().map(|owner| json!({"owner": owner.name, "slug": owner.slug, "until": owner.until}));
        let findings =
            answer.findings.iter().map(|finding| json!({"code": finding.code.name, "message": finding.message}));
        json!({
            "asked": answer.asked,
            "state": if is_hindered { "hindered" } else { state_word(&subject.state) },
            "published": subject.is_published() && !is_hindered,
            "address": account.map(|account| &account.route),
            "url": account.map(|account| self.session.settings.absolute(&account.route)),
            "file": account.map(|account| output_path(&account.route)),
            "source": path,
            "made_of": account.map(|account| made_of(&account.making).map_or("template", |(word, _)| word)),
            "kind": common.map(|common| common.kind.word()),
            "title": common.map(|common| &common.title.value),
            "template": template.map(|(name, files)| json!({"name": name, "files": strings(files)})),
            "owners": owners.collect::<Vec<_>>(),
            "ahead": ahead.collect::<Vec<_>>(),
            "findings": findings.collect::<Vec<_>>(),
            "errors": self.errors(),
            "build": answer.next.as_ref().map(next_json),
            "removes": answer.removes,
            "did_you_mean": meant,
            "lock": subject.known.as_ref().zip(self.line(answer)).map(|(address, line)| json_of(address, line)),
        })
    }
}

fn next_json(next: &Next) -> Value {
    let reason = |reason: &Reason| json!({"what": reason.why.word(), "files": reason.files});
    let reasons: Vec<Value> = next.reasons.iter().map(reason).collect();
    json!({"made": next.made, "changes": next.changes, "reasons": reasons})
}

/// The word that machines know a state by.
fn state_word(state: &State) -> &'static str {
    match state {
        State::Published(_) => "published",
        State::Notice { .. } => "notice",
        State::Draft => "draft",
        State::Scheduled(_) => "scheduled",
        State::Broken => "broken",
        State::Stray => "stray",
        State::Hidden => "hidden",
        State::Input(_) => "input",
        State::Former => "former",
        State::Unknown(_) => "unknown",
    }
}

/// What is made without a template: the word that machines know it by, and how it is made.
fn made_of(making: &Making) -> Option<(&'static str, &'static str)> {
    match making {
        Making::Page(..) => None,
        Making::Copy(_) => Some(("copy", "a copy of its source")),
        Making::Feed => Some(("feed", "a feed of entries")),
        Making::Picture => Some(("picture", "a picture, drawn of words")),
        Making::Text => Some(("text", "written by the program itself")),
    }
}

fn owner(owner: &Owner) -> String {
    let slug = owner.slug.as_ref().map(|slug| format!(" ({slug})")).unwrap_or_default();
    let until = owner.until.as_ref().map(|until| format!(", until {until}")).unwrap_or_default();
    format!("{}{slug}{until}", one_line(&owner.name))
}

/// The files behind a template. Components stand behind every one, so their number is enough.
fn behind(files: &[Arc<str>]) -> String {
    let (components, files): (Vec<&Arc<str>>, Vec<&Arc<str>>) =
        files.iter().partition(|file| file.contains("/components/"));
    let files: Vec<&str> = files.into_iter().map(AsRef::as_ref).collect();
    match components.len() {
        0 => files.join(", "),
        1 => format!("{}, and a component", files.join(", ")),
        many => format!("{}, and {many} components", files.join(", ")),
    }
}

fn files(reason: &Reason) -> String {
    let named: Vec<&str> = reason.files.iter().take(NAMED).map(String::as_str).collect();
    match reason.files.len().saturating_sub(NAMED) {
        _ if named.is_empty() => String::new(),
        0 => format!(" ({})", named.join(", ")),
        more => format!(" ({}, and {more} more)", named.join(", ")),
    }
}

fn strings(files: &[Arc<str>]) -> Vec<&str> {
    files.iter().map(AsRef::as_ref).collect()
}
