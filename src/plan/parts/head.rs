//! What stands around a page: its head, the way to it, and the notices on it.

use serde_json::Value;

use super::Planner;
use crate::diagnostic::{Place, Report};
use crate::model::Kind;
use crate::model::common::shorten;
use crate::model::registry::Notice;
use crate::plan::feed::FeedLink;
use crate::plan::pictures::card_of;
use crate::text::date::Moment;
use crate::text::locale::locale;
use crate::text::slug::slug;
use crate::view::{Head, ImageView, LinkView, NoticeView};

/// What a page says of itself, to make its head.
pub struct PageFacts<'a> {
    /// The address.
    pub route: &'a str,
    /// The heading.
    pub title: &'a str,
    /// A summary.
    pub description: Option<&'a str>,
    /// The section.
    pub section: &'static str,
    /// The kind of entry or overview.
    pub kind: &'static str,
    /// The pages between home and this one: title and route.
    pub above: Vec<(String, String)>,
    /// The feeds of this page besides the site's.
    pub feeds: Vec<FeedLink>,
    /// What the page is about, for machines.
    pub main: Option<Value>,
    /// Whether search engines may list it.
    pub indexed: bool,
    /// What notices are chosen by.
    pub topic: Topic<'a>,
    /// The entry's own image, for link previews.
    pub image: Option<ImageView>,
    /// What a picture for link previews shows when there is no such image. Pages that nobody shares have none.
    pub pictured: Option<Pictured<'a>>,
    /// The language, where it is not the site's.
    pub lang: Option<&'a str>,
    /// When it was published and last changed, if it is an article.
    pub dates: Option<(Option<Moment>, Option<Moment>)>,
}

impl PageFacts<'_> {
    /// The same, with a line above the heading of the picture.
    #[must_use]
    pub fn under(mut self, kicker: Option<String>) -> Self {
        if let Some(pictured) = &mut self.pictured {
            pictured.kicker = kicker;
        }
        self
    }
}

/// What is drawn for link previews of a page.
#[derive(Clone, Debug)]
pub struct Pictured<'a> {
    /// The page that the picture is for: the pages of a list share that of the first.
    pub route: &'a str,
    /// The heading.
    pub heading: &'a str,
    /// A line above it.
    pub kicker: Option<String>,
    /// Where the page's address comes from.
    pub source: &'a Place,
}

/// What a page is about, as far as notices are concerned.
#[derive(Clone, Debug, Default)]
pub struct Topic<'a> {
    /// Its kind, if it is an entry.
    pub kind: Option<Kind>,
    /// Its section.
    pub section: &'a str,
    /// Its tags.
    pub tags: Vec<&'a str>,
    /// Its series.
    pub series: Option<&'a str>,
}

impl Planner<'_> {
    /// What stands around a page.
    pub fn head(&self, facts: PageFacts) -> Head {
        let settings = self.settings();
        let title =
            if facts.route == "/" { settings.title.clone() } else { format!("{} – {}", facts.title, settings.title) };
        let breadcrumbs = self.breadcrumbs(facts.route, facts.title, facts.above);
        let feeds = std::iter::once(self.feed_of_site()).chain(facts.feeds);
        let image = self.preview(facts.route, facts.image, facts.pictured.as_ref());
        let (published, modified) = facts.dates.unwrap_or_default();
        Head {
            title,
            description: facts.description.map(|text| shorten(text, 160)),
            canonical: settings.absolute(facts.route),
            url: self.href(facts.route),
            section: facts.section.to_owned(),
            kind: facts.kind.to_owned(),
            feeds: feeds.flat_map(|feed| self.feed_links(&feed)).collect(),
            structured: settings.structured_data.then(|| self.structured(&breadcrumbs, facts.main)),
            // A preview is for those who have its address.
            indexed: facts.indexed && !self.desk().drafts,
            card: card_of(image.as_ref()).to_owned(),
            image,
            locale: locale(facts.lang.unwrap_or(&settings.language)),
            published: published.map(|moment| self.instant(&moment)),
            modified: modified.map(|moment| self.instant(&moment)),
            breadcrumbs,
            notices: self.notices(&facts.topic),
        }
    }

    fn breadcrumbs(&self, route: &str, title: &str, above: Vec<(String, String)>) -> Vec<LinkView> {
        if route == "/" {
            return Vec::new();
        }
        let home = (self.words().text("overviews.home"), "/".to_owned());
        let here = (title.to_owned(), route.to_owned());
        let link = |(title, route): (String, String)| LinkView { title, url: self.href(&route) };
        std::iter::once(home).chain(above).chain([here]).map(link).collect()
    }

    fn notices(&self, topic: &Topic) -> Vec<NoticeView> {
        let notices = self.context.registry.notices.iter();
        notices.filter(|notice| concerns(notice, topic)).map(|notice| self.notice(notice)).collect()
    }

    fn notice(&self, notice: &Notice) -> NoticeView {
        // The link was checked when the notice itself was planned.
        let mut unheard = Report::default();
        let link = notice.link.as_ref();
        NoticeView {
            title: notice.title.clone(),
            level: notice.level.to_owned(),
            level_words: self.words().of("notices", notice.level),
            html: self.notices.get(&notice.path).cloned().unwrap_or_default(),
            from: self.words().time(&notice.from),
            until: notice.until.as_ref().map(|until| self.words().time(until)),
            link: link.and_then(|(to, title)| {
                Some(LinkView { title: title.clone(), url: self.link_target(&notice.path, to, &mut unheard)? })
            }),
        }
    }
}

fn concerns(notice: &Notice, topic: &Topic) -> bool {
    let scope = &notice.scope;
    scope.all
        || topic.kind.is_some_and(|kind| scope.kinds.contains(&kind))
        || scope.sections.contains(topic.section)
        || (!scope.tags.is_empty() && topic.tags.iter().any(|tag| scope.tags.contains(&slug(tag))))
        || topic.series.is_some_and(|series| scope.series.contains(series))
}
