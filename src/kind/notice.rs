//! Notices: what is said on many pages for a while. They have no pages of their own.

use crate::config::settings::check_url;
use crate::data::{Located, MISSING_KEY, Node, refuse_keys};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::document::Document;
use crate::kind::Entry;
use crate::model::common::{Desk, read_keys};
use crate::model::registry::{Notice, Registry, Scope};
use crate::model::{Card, Common, Kind, Occasion};
use crate::plan::{CardContext, Planner, View};
use crate::text::address::Target;
use crate::text::date::{Moment, When};
use crate::text::slug::slug;
use crate::text::suggest::closest;
use crate::{choice, code, record};

code! { pub NOTICE_TIMES = "notice-times", Error, "a notice that ends before it begins",
"A notice is shown from `from` until `until`. The other way round it would never be shown." }

code! { pub NOTICE_SCOPE = "notice-scope", Error, "a notice that would be shown nowhere",
"A notice is shown where its `scope` says: everywhere, or on pages of some kinds, sections, tags or series. A scope \
that fits no page would hide the notice from everybody." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&NOTICE_TIMES, &NOTICE_SCOPE];

record! {
    /// The keys that only notices have.
    pub struct Keys {
        /// When it is shown first.
        from: Located<When>,
        /// When it is shown last.
        until: Option<Located<When>>,
        /// How grave it is; `info` unless given.
        level: Option<Level>,
        /// Where it is shown; everywhere unless given.
        scope: Option<ScopeKeys>,
        /// Where to read more.
        link: Option<LinkKeys>,
    }
}

choice! {
    /// How grave a notice is.
    pub enum Level {
        /// Good to know.
        Info = "info",
        /// Something has changed.
        Warning = "warning",
        /// An emergency.
        Crisis = "crisis",
    }
}

choice! {
    /// The kinds a notice may concern.
    pub enum KindWord {
        /// Posts.
        Post = "post",
        /// Events.
        Event = "event",
        /// Tools.
        Tool = "tool",
        /// Pages.
        Page = "page",
        /// Persons.
        Person = "person",
        /// Series.
        Series = "series",
    }
}

choice! {
    /// The sections a notice may concern.
    pub enum SectionWord {
        /// Posts.
        Blog = "blog",
        /// Events.
        Events = "events",
        /// Tools.
        Toolkit = "toolkit",
        /// Standing pages.
        Pages = "pages",
        /// Persons.
        People = "people",
    }
}

impl Level {
    /// Where it stands among the levels: the graver, the higher.
    const fn gravity(self) -> usize {
        match self {
            Self::Info => 0,
            Self::Warning => 1,
            Self::Crisis => 2,
        }
    }
}

record! {
    /// Where a notice is shown. Several keys widen it.
    pub struct ScopeKeys {
        /// On every page.
        all: Option<bool>,
        /// On pages of these kinds.
        kinds: Vec<KindWord>,
        /// On pages of these sections.
        sections: Vec<SectionWord>,
        /// On pages with these tags.
        tags: Vec<Located<String>>,
        /// On these series and their events.
        series: Vec<Located<String>>,
    }
}

record! {
    /// Where to read more.
    pub struct LinkKeys {
        /// A web address, or a path from this file.
        to: Located<String>,
        /// The words of the link.
        text: String,
    }
}

/// Keys that need a page of one's own.
pub const WITHOUT_EFFECT: &[&str] =
    &["slug", "id", "aliases", "image", "related", "replaced_by", "comments", "feedback", "expires", "tags", "summary"];

/// A notice.
pub struct NoticeEntry {
    common: Common,
    keys: Keys,
    from: Moment,
    until: Option<Moment>,
}

impl NoticeEntry {
    /// Reads a notice.
    pub fn read(document: &Document, front: &Node, desk: &Desk, report: &mut Report) -> Option<Self> {
        let before = report.mark();
        let (common, keys) = read_keys::<Keys>(document, front, Kind::Notice, report)?;
        // A misspelt key of the scope is said already.
        if !report.has_errors_since(before) {
            check_scope(keys.scope.as_ref(), &document.place, report);
        }
        refuse_keys(front, WITHOUT_EFFECT, "a notice", report);
        let common = Common::check(common, document, Kind::Notice, desk, report);
        let (from, until) = (desk.moment(&keys.from, report), desk.maybe(keys.until.as_ref(), report));
        let (common, from, until) = (common?, from?, until?);
        if let Some(link) = &keys.link
            && matches!(Target::of(&link.to.value), Target::Outside(_))
        {
            check_url(link.to.clone(), report).ok()?;
        }
        if let Some(end) = until.filter(|end| end.over(&desk.settings.zone) <= from.instant) {
            let place = keys.until.as_ref().map_or(document.place.clone(), |until| until.place.clone());
            report.push(
                Diagnostic::new(&NOTICE_TIMES, format!("the notice ends {} and begins {}", end.html(), from.html()))
                    .at(place)
                    .related(keys.from.place.clone(), "begins here"),
            );
            return None;
        }
        if document.outline.is_empty {
            report.push(
                Diagnostic::new(&MISSING_KEY, "the notice says nothing")
                    .at(document.place.clone())
                    .help("write its text below the front matter"),
            );
            return None;
        }
        Some(Self { common, keys, from, until })
    }

    /// Whether it is shown now.
    fn is_shown(&self, desk: &Desk) -> bool {
        let path = &self.common.path;
        let has_ended = |until| desk.is_over(&until, Occasion::NoticeEnds, path);
        self.common.is_published(desk)
            && desk.has_come(&self.from, Occasion::NoticeBegins, path)
            && !self.until.is_some_and(has_ended)
    }

    fn scope(&self) -> Scope {
        let Some(keys) = &self.keys.scope else { return Scope { all: true, ..Scope::default() } };
        let kind = |word: &KindWord| Kind::ALL.into_iter().find(|kind| kind.word() == word.word());
        Scope {
            all: keys.all.unwrap_or(false),
            kinds: keys.kinds.iter().filter_map(kind).collect(),
            sections: keys.sections.iter().map(|section| section.word().to_owned()).collect(),
            tags: keys.tags.iter().map(|tag| slug(&tag.value)).collect(),
            series: keys.series.iter().map(|slug| slug.value.clone()).collect(),
        }
    }
}

fn unknown_tag(tag: &Located<String>, planner: &Planner) -> Diagnostic {
    let words = format!("no document has the tag `{}`", tag.value.escape_debug());
    let diagnostic = Diagnostic::new(&NOTICE_SCOPE, words).at(tag.place.clone());
    match closest(&tag.value, planner.catalogue.tags.values().map(|tag| tag.name.as_str())) {
        Some(meant) => diagnostic.meant(meant),
        None => diagnostic.help("the notice would be shown on no page for it; take it away, or tag the documents"),
    }
}

/// A scope that says nothing would show the notice nowhere.
fn check_scope(keys: Option<&ScopeKeys>, place: &Place, report: &mut Report) {
    let says_nothing = |keys: &ScopeKeys| {
        !keys.all.unwrap_or(false)
            && keys.kinds.is_empty()
            && keys.sections.is_empty()
            && keys.tags.is_empty()
            && keys.series.is_empty()
    };
    if keys.is_some_and(says_nothing) {
        report.push(
            Diagnostic::new(&NOTICE_SCOPE, "the scope says nothing, so the notice would be shown nowhere")
                .at(place.clone())
                .help("take `scope` away to show the notice everywhere, or name kinds, sections, tags or series"),
        );
    }
}

impl Entry for NoticeEntry {
    fn common(&self) -> &Common {
        &self.common
    }

    fn contribute(&self, desk: &Desk, registry: &mut Registry) {
        if !self.is_shown(desk) {
            return;
        }
        let level = self.keys.level.unwrap_or(Level::Info);
        registry.notices.push(Notice {
            path: self.common.path.clone(),
            title: self.common.title.value.clone(),
            level: level.word(),
            gravity: level.gravity(),
            from: self.from,
            until: self.until,
            scope: self.scope(),
            link: self.keys.link.as_ref().map(|link| (link.to.clone(), link.text.clone())),
        });
    }

    fn card(&self, context: &CardContext, report: &mut Report) -> Card {
        for slug in self.keys.scope.iter().flat_map(|scope| &scope.series) {
            context.registry.series(slug, report);
        }
        context.card(&self.common, self.common.title.value.clone(), Vec::new(), report)
    }

    fn template(&self) -> Option<&'static str> {
        None
    }

    fn page(&self, _document: &Document, planner: &Planner, report: &mut Report) -> Option<View> {
        if let Some(link) = &self.keys.link {
            planner.link_target(&self.common.path, &link.to, report);
        }
        for tag in self.keys.scope.iter().flat_map(|scope| &scope.tags) {
            if !planner.catalogue.tags.contains_key(&slug(&tag.value)) {
                report.push(unknown_tag(tag, planner));
            }
        }
        None
    }
}
