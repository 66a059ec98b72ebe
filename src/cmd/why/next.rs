//! What the next build does with a file of the site, and why.

use std::fs;
use std::sync::Arc;

use super::{Known, Look};
use crate::publish::Doubt;
use crate::session::{Account, Cause, Making};
use crate::text::address::output_path;

/// What is to be done with it.
pub struct Next {
    /// Whether it is made anew.
    pub made: bool,
    /// Whether its file in the output folder is then another one.
    pub changes: bool,
    /// Why it is made, or why not.
    pub reasons: Vec<Reason>,
}

/// Why something is made.
pub struct Reason {
    pub why: Why,
    /// The files that have changed and play a part, or may.
    pub files: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// There was no build into this folder.
    NeverBuilt,
    /// That was one of another program, or with other options.
    OtherMaker,
    /// What was known of it is gone or damaged.
    NoRecord,
    /// Nothing of what it is made of has changed.
    Nothing,
    /// There was none at its address.
    New,
    /// Its file in the output folder is another one, or gone.
    Output,
    /// Something was said of it.
    Findings,
    /// Its document has changed.
    Document,
    /// The file that it is a copy of has.
    Source,
    /// What it shows of others has.
    View,
    /// What its text names has.
    Named,
    /// What it leads to is gone.
    Target,
    /// A file behind its template has changed.
    Template,
    /// Something that all pages may show has.
    Common,
    /// An instant has passed.
    Time,
}

impl Why {
    /// The word that machines know it by.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NeverBuilt => "never_built",
            Self::OtherMaker => "other_maker",
            Self::NoRecord => "no_record",
            Self::Nothing => "nothing",
            Self::New => "new",
            Self::Output => "output",
            Self::Findings => "findings",
            Self::Document => "document",
            Self::Source => "source",
            Self::View => "view",
            Self::Named => "named",
            Self::Target => "target",
            Self::Template => "template",
            Self::Common => "common",
            Self::Time => "time",
        }
    }

    /// The reason, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NeverBuilt => "nothing was built into this folder yet",
            Self::OtherMaker => "the last build was of another program, or with other options",
            Self::NoRecord => "what was known of the last build is gone",
            Self::Nothing => "nothing that it is made of has changed",
            Self::New => "the last build had nothing at this address",
            Self::Output => "its file in the output folder was changed, or is gone",
            Self::Findings => "there were findings on it, which are sought anew each time",
            Self::Document => "its document has changed",
            Self::Source => "the file has changed",
            Self::View => "what it shows of others has changed",
            Self::Named => "what its text leads to or names has changed",
            Self::Target => "it leads to what is gone",
            Self::Template => "its template has changed, or a file behind that",
            Self::Common => "what all pages may show has changed: settings, texts, assets, menus",
            Self::Time => "what it shows depends on time, which has passed",
        }
    }
}

impl Look<'_> {
    /// What the next build does with a file of the site.
    pub fn next(&self, account: &Account) -> Next {
        let (made, reasons) = match self.known {
            Known::Nothing(doubt) => (true, vec![Reason::alone(of_doubt(doubt))]),
            Known::Same => (false, vec![Reason::alone(Why::Nothing)]),
            Known::Changed if self.stands(account) => (false, vec![Reason::alone(Why::Nothing)]),
            Known::Changed => (true, self.reasons(account, &self.past.changes(&self.session.snapshot))),
        };
        Next { made, changes: made && self.differs(&account.route), reasons }
    }

    fn stands(&self, account: &Account) -> bool {
        match account.making {
            Making::Page(..) | Making::Feed | Making::Picture => self.tree.stands(&account.route),
            // These are as soon made as compared, and are known by their bytes.
            Making::Copy(_) | Making::Text => {
                let bytes = self.tree.files.get(&account.route);
                bytes.is_some_and(|bytes| self.past.holds(&output_path(&account.route), bytes))
            }
        }
    }

    /// Whether the file in the output folder holds something else.
    fn differs(&self, route: &str) -> bool {
        let made = self.tree.files.get(route).and_then(|bytes| bytes.read(&self.session.snapshot).ok());
        let there = fs::read(self.output.join(output_path(route))).ok();
        made.as_deref() != there.as_deref()
    }

    fn reasons(&self, account: &Account, changes: &[String]) -> Vec<Reason> {
        let behind = match account.making {
            Making::Page(template, _) => self.session.files_behind(template),
            _ => Vec::new(),
        };
        let changed = Changed::of(account, &behind, changes);
        let causes = self.tree.causes(&account.route);
        let mut reasons: Vec<Reason> = Vec::new();
        for reason in causes.iter().filter_map(|cause| changed.reason(*cause, causes)) {
            if reasons.iter().all(|known| known.why != reason.why) {
                reasons.push(reason);
            }
        }
        if reasons.is_empty() { vec![changed.of_bytes()] } else { reasons }
    }
}

/// The files that have changed, by the part that they may play in an output.
struct Changed {
    /// Its own: the document, or the file that it is a copy of.
    own: Vec<String>,
    is_copy: bool,
    /// Those behind its template.
    behind: Vec<String>,
    /// Other content.
    content: Vec<String>,
    /// All others.
    common: Vec<String>,
}

impl Changed {
    fn of(account: &Account, behind: &[Arc<str>], changes: &[String]) -> Self {
        let own = match &account.making {
            Making::Page(_, Some(path)) | Making::Copy(path) => path,
            _ => &account.source,
        };
        let is_copy = matches!(account.making, Making::Copy(_));
        let mut changed =
            Self { own: Vec::new(), is_copy, behind: Vec::new(), content: Vec::new(), common: Vec::new() };
        for path in changes {
            let is_behind =
                behind.iter().any(|file| **file == **path) || (path.contains("/templates/") && path.ends_with(".html"));
            let files = match path {
                _ if **path == **own && (is_copy || path.starts_with("content/")) => &mut changed.own,
                _ if path.starts_with("content/") => &mut changed.content,
                _ if is_behind => &mut changed.behind,
                _ => &mut changed.common,
            };
            files.push(path.clone());
        }
        changed
    }

    /// What a cause comes from; none where it only follows from another.
    fn reason(&self, cause: Cause, causes: &[Cause]) -> Option<Reason> {
        let has = |other| causes.contains(&other);
        Some(match cause {
            Cause::New => Reason { why: Why::New, files: self.own.clone() },
            Cause::Spoilt => Reason::alone(Why::Output),
            Cause::Findings if !self.own.is_empty() => Reason { why: Why::Document, files: self.own.clone() },
            Cause::Findings => Reason::alone(Why::Findings),
            Cause::Target => Reason::alone(Why::Target),
            Cause::Template => Reason { why: Why::Template, files: self.behind.clone() },
            // Components stand behind every template, and may be called on any page.
            Cause::Common if self.common.is_empty() && has(Cause::Template) => return None,
            Cause::Common => Reason { why: Why::Common, files: self.common.clone() },
            Cause::View | Cause::Body if !self.own.is_empty() => Reason { why: Why::Document, files: self.own.clone() },
            Cause::View | Cause::Body if self.content.is_empty() && has(Cause::Common) => return None,
            Cause::View | Cause::Body if self.content.is_empty() => Reason::alone(Why::Time),
            Cause::View => Reason { why: Why::View, files: self.content.clone() },
            Cause::Body => Reason { why: Why::Named, files: self.content.clone() },
        })
    }

    /// Why bytes are others that nobody compares before they are made.
    fn of_bytes(&self) -> Reason {
        let [own, content, common] = [&self.own, &self.content, &self.common].map(Clone::clone);
        match self.is_copy {
            true => Reason { why: Why::Source, files: own },
            false if !own.is_empty() => Reason { why: Why::Document, files: own },
            false if !content.is_empty() => Reason { why: Why::View, files: content },
            false if !common.is_empty() => Reason { why: Why::Common, files: common },
            false => Reason::alone(Why::Time),
        }
    }
}

impl Reason {
    fn alone(why: Why) -> Self {
        Self { why, files: Vec::new() }
    }
}

fn of_doubt(doubt: Doubt) -> Why {
    match doubt {
        Doubt::NeverBuilt => Why::NeverBuilt,
        Doubt::OtherMaker => Why::OtherMaker,
        Doubt::Lost => Why::NoRecord,
    }
}
