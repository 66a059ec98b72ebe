//! The parts that views are made of, the same for all kinds: head, dates, owners, cards, labels, comments, forms.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use crate::addresses::Addresses;
use crate::config::settings::{CommentState, Comments, Settings};
use crate::data::Located;
use crate::diagnostic::{Diagnostic, Place, Report};
use crate::document::Document;
use crate::image::Painter;
use crate::model::card::{Concern, Stale};
use crate::model::catalogue::{Files, MISSING_TARGET, Tag, WRONG_KIND};
use crate::model::common::{Common, Contact, Desk, ImageKeys, OutsideContact};
use crate::model::files::{SiteFile, type_name};
use crate::model::registry::{Notice, Person, Registry};
use crate::model::{Card, Catalogue, Kind, Occasion};
use crate::plan::feed::FeedLink;
use crate::plan::links::Want;
use crate::plan::paging::{Sheet, pager};
use crate::plan::pictures::card_of;
use crate::plan::{Output, Words};
use crate::text::address::{Target, encode};
use crate::text::date::Moment;
use crate::text::locale::locale;
use crate::text::slug::slug;
use crate::view::{
    About, Badge, Banner, CardParts, CardView, CommentsView, ContactView, FormView, Head, HeadingView, ImageView,
    LabelledDate, LinkView, NoticeView, OrganisationView, Pager, Prepare, TimeView,
};

/// What making a card may know: the entities, but no other card.
#[derive(Clone, Copy)]
pub struct CardContext<'a> {
    /// Settings and time.
    pub desk: Desk<'a>,
    /// The words of the theme.
    pub words: &'a Words<'a>,
    /// Persons, organisations, series.
    pub registry: &'a Registry,
    /// The files beside the documents.
    pub files: &'a Files,
}

/// What planning a page may know: all cards, but no body except its own.
#[derive(Clone, Copy)]
pub struct Planner<'a> {
    /// What a card may know.
    pub context: CardContext<'a>,
    /// All cards and addresses.
    pub catalogue: &'a Catalogue,
    /// The bodies of the notices as HTML, by path.
    pub notices: &'a BTreeMap<Arc<str>, String>,
    /// What front matter and menus ask of the finished site. The order does not matter: findings are sorted.
    pub wants: &'a Mutex<Vec<Want>>,
    /// Brings what many pages show into the form in which templates take it.
    pub prepare: Prepare,
    /// What draws pictures, if the theme says how.
    pub painter: Option<&'a Arc<Painter>>,
    /// The pictures that pages name. The order does not matter: they are sorted by address.
    pub pictures: &'a Mutex<Vec<Output>>,
    /// Every address that was ever published.
    pub addresses: &'a Addresses,
}

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

impl<'a> CardContext<'a> {
    /// The settings.
    pub fn settings(&self) -> &'a Settings {
        self.desk.settings
    }

    /// The parts of a card that all kinds share.
    pub fn card(&self, common: &Common, heading: String, mut badges: Vec<Badge>, report: &mut Report) -> Card {
        for author in &common.authors {
            self.registry.person(author, report);
        }
        let archived = common.is_archived(&self.desk);
        if archived {
            badges.push(self.words.badge("archived"));
        }
        if common.draft {
            badges.push(self.words.badge("draft"));
        }
        Card {
            path: common.path.clone(),
            place: common.place.clone(),
            id: common.id.clone(),
            kind: common.kind,
            route: common.route.clone(),
            title: common.title.value.clone(),
            heading,
            summary: common.summary.clone(),
            lang: common.lang.clone(),
            published: common.published,
            updated: common.updated.max(common.published),
            authors: common.authors.iter().map(|author| author.value.clone()).collect(),
            owners: owners(common, self.registry, report),
            tags: common.tags.iter().map(|tag| tag.value.clone()).collect(),
            badges,
            retired: archived || common.replaced_by.is_some(),
            unpublished: self.desk.drafts && !common.is_published(&Desk { drafts: false, ..self.desk }),
            // A notice has its own last day, and an archived page is looked at no more.
            concerns: if archived || common.kind == Kind::Notice { Vec::new() } else { self.concerns(common) },
            announces: Vec::new(),
            event: None,
            tool: None,
            page: None,
        }
    }

    /// What the owners of an entry should look at, whatever its kind.
    fn concerns(&self, common: &Common) -> Vec<Concern> {
        let is_overdue = |day: &Moment| self.desk.is_over(day, Occasion::ReviewOverdue, &common.path);
        let review = common.review_by.filter(is_overdue);
        let review = review.map(|day| Concern { what: Stale::ReviewOverdue, last: Some(day.day()) });
        let of_site = self.settings().contact.iter().filter(|_| common.contact.is_empty());
        let own = common.contact.iter().filter_map(|contact| match contact {
            Contact::Person(slug) => Some(slug),
            Contact::Outside(_) => None,
        });
        let left = own.chain(of_site).filter_map(|slug| {
            let person = self.registry.people.get(&slug.value)?;
            let until = person.until.filter(|_| person.has_left(&self.desk))?;
            Some(Concern { what: Stale::OwnerLeft, last: Some(until.day()) })
        });
        let left: BTreeSet<Concern> = left.collect();
        review.into_iter().chain(left).collect()
    }

    /// What a link to a file says of it: `PDF, 412 kB, 12 sidor, svenska`. The language is said when it is known and
    /// asked for, by `language` or by the file itself.
    pub fn file_label(&self, file: &SiteFile, language: Option<&str>, new_window: bool) -> String {
        let words = self.words;
        let pages = file.pages.map(|pages| match pages {
            1 => words.text("files.page"),
            pages => words.format("files.pages", &[("number", &pages.to_string())]),
        });
        let language = language.or(file.language.as_deref()).map(|tag| words.language(tag));
        let window = new_window.then(|| words.text("files.new_window"));
        let Some(name) = type_name(&file.path) else { return window.unwrap_or_default() };
        let facts = [Some(name), Some(words.size(file.size)), pages, language, window];
        facts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// The name of an organisation on the day of an entry, or today where the entry has none.
    pub fn organisation(&self, slug: &Located<String>, day: Option<&Moment>, report: &mut Report) -> Option<String> {
        let organisation = self.registry.organisation(slug, report)?;
        let name = match day {
            Some(day) => organisation.name_on(day.day()),
            None => organisation.name_now(&self.desk),
        };
        Some(name.name.clone())
    }
}

/// The site's persons who answer for an entry, by slug. Unknown ones are reported.
fn owners(common: &Common, registry: &Registry, report: &mut Report) -> Vec<String> {
    let slug = |contact: &Contact| match contact {
        Contact::Person(slug) => registry.person(slug, report).map(|_| slug.value.clone()),
        Contact::Outside(_) => None,
    };
    common.contact.iter().filter_map(slug).collect()
}

impl<'a> Planner<'a> {
    /// The settings.
    pub fn settings(&self) -> &'a Settings {
        self.context.desk.settings
    }

    /// The words.
    pub fn words(&self) -> &'a Words<'a> {
        self.context.words
    }

    /// Settings and time.
    pub fn desk(&self) -> &Desk<'a> {
        &self.context.desk
    }

    /// A route as it stands in links.
    pub fn href(&self, route: &str) -> String {
        self.settings().href(route)
    }

    /// A link to a card.
    pub fn link_to(&self, card: &Card) -> LinkView {
        LinkView { title: card.heading.clone(), url: self.href(&card.route) }
    }

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
            description: facts.description.map(|text| crate::model::common::shorten(text, 160)),
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

    /// Asks something of the finished site.
    pub fn want(&self, want: Want) {
        self.wants.lock().unwrap_or_else(PoisonError::into_inner).push(want);
    }

    /// Where a link in front matter leads: a web address, or a path from the file that holds it.
    pub fn link_target(&self, from: &str, to: &Located<String>, report: &mut Report) -> Option<String> {
        match Target::of(&to.value) {
            Target::Outside(url)
                if url.starts_with("https://") || url.starts_with("http://") || url.starts_with("mailto:") =>
            {
                Some(url.to_owned())
            }
            Target::File(path, anchor) => {
                let path = Located { value: path.to_owned(), place: to.place.clone() };
                let card = self.catalogue.reference(from, &path, &[], report)?;
                if anchor.is_some() {
                    self.want(Want { route: card.route.clone(), ..Want::new("", anchor, to.place.clone()) });
                }
                Some(self.href(&card.route) + &anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default())
            }
            _ => {
                let words = format!("`{}` is neither a web address nor a path to a document", to.value.escape_debug());
                report.push(
                    Diagnostic::new(&MISSING_TARGET, words)
                        .at(to.place.clone())
                        .help("write `https://…`, or a path from this file such as `../pages/kontakt.md`"),
                );
                None
            }
        }
    }

    /// What every entry has. `heading` is the title with the state before it; `banners` are the kind's own.
    pub fn about(
        &self,
        common: &Common,
        document: &Document,
        heading: String,
        mut banners: Vec<Banner>,
        report: &mut Report,
    ) -> About {
        banners.splice(0..0, self.common_banners(common, report));
        let banners = with_successor(banners);
        let related = common
            .related
            .iter()
            .filter_map(|path| self.catalogue.reference_when_published(&common.path, path, &[], report));
        let related: Vec<&Card> = related.collect();
        let authors = common.authors.iter().filter_map(|slug| self.person_link(&slug.value));
        About {
            title: common.title.value.clone(),
            heading,
            summary: common.summary.clone(),
            lang: common.lang.clone(),
            dates: self.dates(common),
            authors: authors.collect(),
            owners: self.owners(common, report),
            tags: common.tags.iter().filter_map(|tag| self.tag_link(&tag.value)).collect(),
            banners,
            image: common.image.as_ref().and_then(|image| self.image(&common.path, image, report)),
            publisher: self.publisher(common),
            contents: contents(document),
            related: related.into_iter().map(|card| self.card(card)).collect(),
            comments: self.comments(common, report),
            feedback: self.feedback(common),
            extra: common.extra.clone(),
        }
    }

    /// The organisation behind the site, as it was called when an entry was published.
    fn publisher(&self, common: &Common) -> Option<OrganisationView> {
        let slug = self.settings().organisation.as_ref()?;
        // An unknown organisation is reported where the site's own facts are read.
        let organisation = self.context.registry.organisations.get(&slug.value)?;
        let now = organisation.name_now(self.desk());
        let name = common.published.map_or(now, |day| organisation.name_on(day.day()));
        Some(OrganisationView {
            name: name.name.clone(),
            short: name.short.clone(),
            name_now: (name.name != now.name).then(|| now.name.clone()),
            url: organisation.url.clone(),
        })
    }

    fn dates(&self, common: &Common) -> Vec<LabelledDate> {
        let expired = if common.is_archived(self.desk()) { "expired" } else { "expires" };
        let dates = [
            ("published", "published", &common.published),
            ("updated", "updated", &common.updated),
            ("reviewed", "reviewed", &common.reviewed),
            ("expires", expired, &common.expires),
        ];
        let labelled = |(kind, label, moment): (&str, &str, &Option<Moment>)| {
            let time = self.words().date(moment.as_ref()?);
            Some(LabelledDate { kind: kind.to_owned(), label: self.words().of("labels", label), time })
        };
        dates.into_iter().filter_map(labelled).collect()
    }

    fn common_banners(&self, common: &Common, report: &mut Report) -> Vec<Banner> {
        let mut banners = Vec::new();
        let words = self.words();
        if common.draft {
            banners.push(self.banner("draft", Some(words.text("banners.draft_text"))));
        }
        if let Some(expires) = common.expires.filter(|_| common.is_archived(self.desk())) {
            let text = words.format("banners.archived_text", &[("date", &words.day(expires.day()))]);
            banners.push(self.banner("archived", Some(text)));
        } else if let Some(review_by) =
            common.review_by.filter(|day| self.desk().is_over(day, Occasion::ReviewOverdue, &common.path))
        {
            let text = words.format("banners.review_overdue_text", &[("date", &words.day(review_by.day()))]);
            banners.push(self.banner("review_overdue", Some(text)));
        }
        if let Some(path) = &common.replaced_by
            && let Some(card) = self.catalogue.reference_when_published(&common.path, path, &[], report)
        {
            if card.path == common.path {
                let words = "a page cannot take its own place";
                report.push(Diagnostic::new(&WRONG_KIND, words).at(path.place.clone()));
            }
            let title = words.format("banners.replaced_by", &[("title", &card.title)]);
            let link = LinkView { title, url: self.href(&card.route) };
            banners.push(Banner { link: Some(link), ..self.banner("replaced", None) });
        }
        banners
    }

    /// A banner with the theme's words for a state.
    pub fn banner(&self, state: &str, text: Option<String>) -> Banner {
        Banner { kind: state.to_owned(), title: self.words().of("banners", state), text, date: None, link: None }
    }

    /// A link to a person's page.
    pub fn person_link(&self, slug: &str) -> Option<LinkView> {
        let person = self.context.registry.people.get(slug)?;
        Some(LinkView { title: person.name.clone(), url: self.href(&person.route) })
    }

    /// A link to a tag's page.
    pub fn tag_link(&self, tag: &str) -> Option<LinkView> {
        let tag: &Tag = self.catalogue.tags.get(&slug(tag))?;
        Some(LinkView { title: tag.title.clone(), url: self.href(&tag.route) })
    }

    /// Those who answer for something.
    pub fn contacts(&self, contacts: &[Contact], report: &mut Report) -> Vec<ContactView> {
        let view = |contact: &Contact| match contact {
            Contact::Person(slug) => {
                self.context.registry.people.get(&slug.value).map(|person| self.person(person, report))
            }
            Contact::Outside(contact) => Some(outside(contact)),
        };
        contacts.iter().filter_map(view).collect()
    }

    /// Those who answer for lists, and for pages that name nobody.
    pub fn site_owners(&self, report: &mut Report) -> Vec<ContactView> {
        let mut owners = Vec::new();
        for slug in &self.settings().contact {
            if let Some(person) = self.context.registry.person(slug, report) {
                owners.push(self.person(person, report));
            }
        }
        owners
    }

    /// Those who answer for an entry.
    fn owners(&self, common: &Common, report: &mut Report) -> Vec<ContactView> {
        match common.contact.as_slice() {
            [] if common.kind != Kind::Person => self.site_owners(report),
            contacts => self.contacts(contacts, report),
        }
    }

    /// A person as a contact.
    ///
    /// The organisation has the name it has now, or had on the day the person left: a contact is somebody to reach.
    pub fn person(&self, person: &Person, report: &mut Report) -> ContactView {
        let organisation = person.organisation.as_ref();
        let left = person.until.filter(|_| person.has_left(self.desk()));
        ContactView {
            name: person.name.clone(),
            role: person.role.clone(),
            organisation: organisation.and_then(|slug| self.context.organisation(slug, left.as_ref(), report)),
            email: person.email.clone(),
            phone: person.phone.clone(),
            phone_url: person.phone.as_deref().map(phone_url),
            url: Some(self.href(&person.route)),
        }
    }

    /// An image of front matter.
    pub fn image(&self, from: &str, image: &ImageKeys, report: &mut Report) -> Option<ImageView> {
        let file = self.catalogue.file(from, &image.file, report)?;
        Some(ImageView {
            url: self.href(&file.route),
            alt: image.alt.value.0.clone(),
            caption: image.caption.clone(),
            credit: image.credit.clone(),
            width: file.dimensions.map(|(width, _)| width),
            height: file.dimensions.map(|(_, height)| height),
        })
    }

    /// A person's portrait. The person's own page reports what is wrong with it.
    pub fn portrait(&self, (from, image): &(Arc<str>, ImageKeys)) -> Option<ImageView> {
        self.image(from, image, &mut Report::default())
    }

    /// A card as lists show it.
    pub fn card(&self, card: &Card) -> CardView {
        self.catalogue.shown(card, || CardView::new(self.card_parts(card), self.prepare))
    }

    fn card_parts(&self, card: &Card) -> CardParts {
        let event = card.event.as_ref();
        CardParts {
            url: self.href(&card.route),
            kind: card.kind.word().to_owned(),
            kind_words: self.words().of("kinds", card.kind.word()),
            heading: card.heading.clone(),
            summary: card.summary.clone(),
            lang: card.lang.clone(),
            date: card.published.filter(|_| event.is_none()).map(|moment| self.words().date(&moment)),
            when: event.map(|event| event.when.clone()),
            day: event.and_then(|event| event.day).map(|day| self.words().day_view(day)),
            place: event.and_then(|event| event.place.clone()),
            badges: card.badges.clone(),
            authors: card.authors.iter().filter_map(|slug| self.person_link(slug)).collect(),
            type_words: card.tool.as_ref().map(|tool| tool.type_words.clone()),
        }
    }

    /// Cards as lists show them.
    pub fn cards<'c>(&self, cards: impl IntoIterator<Item = &'c Card>) -> Vec<CardView> {
        cards.into_iter().map(|card| self.card(card)).collect()
    }

    fn comments(&self, common: &Common, report: &mut Report) -> Option<CommentsView> {
        let section = match common.kind {
            Kind::Post => &self.settings().sections.blog,
            Kind::Event => &self.settings().sections.events,
            Kind::Tool => &self.settings().sections.toolkit,
            _ => return common.comments.as_ref().and_then(|own| self.comments_view(own, &common.path, report)),
        };
        match (&common.comments, &section.comments) {
            (Some(own), _) => self.comments_view(own, &common.path, report),
            // Paths in the settings start at the site's folder.
            (None, Some(general)) => self.comments_view(general, "site.yaml", report),
            (None, None) => None,
        }
    }

    fn comments_view(&self, comments: &Comments, from: &str, report: &mut Report) -> Option<CommentsView> {
        let words = self.words();
        let closes = self.desk().maybe(comments.closes.as_ref(), report)?;
        let open = match comments.state {
            CommentState::Off => return None,
            CommentState::Open => closes.zip(comments.closes.as_ref()).is_none_or(|(closes, written)| {
                !self.desk().is_over(&closes, Occasion::CommentsClose, &written.place.path)
            }),
            CommentState::Closed => false,
        };
        let login = comments.login.unwrap_or(false).then(|| words.text("comments.login"));
        let limit = comments.limit.map(|limit| words.format("comments.limit", &[("number", &limit.to_string())]));
        let until = closes.filter(|_| open).map(|day| words.format("comments.until", &[("date", &words.moment(&day))]));
        let rules =
            comments.rules.as_ref().and_then(|path| self.catalogue.reference(from, path, &[Kind::Page], report));
        Some(CommentsView {
            open,
            state: words.text(if open { "comments.open" } else { "comments.closed" }),
            conditions: login.into_iter().chain(limit).chain(until).collect(),
            rules: rules.map(|card| self.link_to(card)),
        })
    }

    fn feedback(&self, common: &Common) -> Option<FormView> {
        let sections = &self.settings().sections;
        let general = match common.kind {
            Kind::Post => sections.blog.feedback,
            Kind::Event => sections.events.feedback,
            Kind::Tool => sections.toolkit.feedback,
            _ => false,
        };
        let subject = || self.words().format("forms.feedback_subject", &[("title", &common.title.value)]);
        common.feedback.unwrap_or(general).then(|| self.form("feedback", &subject(), &common.route))
    }

    /// A form, or the e-mail address that stands in for it.
    pub fn form(&self, kind: &str, subject: &str, route: &str) -> FormView {
        let forms = &self.settings().forms;
        let action = match kind {
            "contact" => &forms.contact,
            "feedback" => &forms.feedback,
            _ => &forms.subscribe,
        };
        let email = self.settings().email.clone();
        FormView {
            kind: kind.to_owned(),
            action: action.clone(),
            mailto: email
                .as_ref()
                .map(|email| format!("mailto:{email}?subject={}", encode(subject).replace('/', "%2F"))),
            email,
            page: self.settings().absolute(route),
        }
    }

    /// How readers get around in a list over several pages.
    pub fn pager<T>(&self, sheet: &Sheet<T>, routes: &[String]) -> Pager {
        let (number, count) = (sheet.number.to_string(), sheet.count.to_string());
        let words = self.words().format("pager.page", &[("number", &number), ("count", &count)]);
        pager(sheet.number, sheet.count, words, |page| self.href(&routes[page - 1]))
    }

    /// The title of a page of a list: with its number from the second one on.
    pub fn sheet_title<T>(&self, title: &str, sheet: &Sheet<T>) -> String {
        if sheet.number == 1 {
            return title.to_owned();
        }
        let (number, count) = (sheet.number.to_string(), sheet.count.to_string());
        self.words().format("pager.title", &[("title", title), ("number", &number), ("count", &count)])
    }

    /// The moment for templates.
    pub fn time(&self, moment: &Moment) -> TimeView {
        self.words().time(moment)
    }
}

/// What has been superseded and what takes its place are one thing to say.
fn with_successor(mut banners: Vec<Banner>) -> Vec<Banner> {
    let place = |kind: &str| banners.iter().position(|banner| banner.kind == kind);
    if let (Some(replaced), Some(superseded)) = (place("replaced"), place("superseded")) {
        banners[superseded].link = banners[replaced].link.take();
        banners.remove(replaced);
    }
    banners
}

fn concerns(notice: &Notice, topic: &Topic) -> bool {
    let scope = &notice.scope;
    scope.all
        || topic.kind.is_some_and(|kind| scope.kinds.contains(&kind))
        || scope.sections.contains(topic.section)
        || (!scope.tags.is_empty() && topic.tags.iter().any(|tag| scope.tags.contains(&slug(tag))))
        || topic.series.is_some_and(|series| scope.series.contains(series))
}

fn outside(contact: &OutsideContact) -> ContactView {
    ContactView {
        name: contact.name.clone(),
        role: contact.role.clone(),
        organisation: None,
        email: contact.email.clone(),
        phone: contact.phone.clone(),
        phone_url: contact.phone.as_deref().map(phone_url),
        url: contact.url.as_ref().map(|url| url.0.clone()),
    }
}

/// A phone number for a `tel:` link (RFC 3966): digits, and a plus sign first.
fn phone_url(phone: &str) -> String {
    let digits: String = phone.chars().filter(|sign| sign.is_ascii_digit() || *sign == '+').collect();
    format!("tel:{digits}")
}

/// The headings for a table of contents: those of the second and third level that have words, when there are at least three.
fn contents(document: &Document) -> Vec<HeadingView> {
    let headings = document.outline.headings.iter();
    let headings = headings.filter(|heading| matches!(heading.level, 2 | 3) && !heading.title.is_empty());
    let view = |heading: &crate::document::outline::Section| HeadingView {
        id: heading.id.clone(),
        title: heading.title.clone(),
        level: heading.level,
    };
    let contents: Vec<HeadingView> = headings.map(view).collect();
    if contents.len() >= 3 { contents } else { Vec::new() }
}
