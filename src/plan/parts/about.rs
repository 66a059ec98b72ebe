//! What every entry says of itself, whatever its kind: dates, banners, headings, its image.

use super::Planner;
use crate::diagnostic::{Diagnostic, Report};
use crate::document::Document;
use crate::document::outline::Section;
use crate::model::catalogue::WRONG_KIND;
use crate::model::common::{Common, ImageKeys};
use crate::model::{Card, Occasion};
use crate::text::date::Moment;
use crate::view::{About, Banner, HeadingView, ImageView, LabelledDate, LinkView, OrganisationView};

impl Planner<'_> {
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
        } else if let Some(day) = common.published.filter(|_| common.is_previewed(self.desk())) {
            let text = words.format("banners.scheduled_text", &[("date", &words.moment(&day))]);
            banners.push(self.banner("scheduled", Some(text)));
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

    /// An image of front matter.
    pub fn image(&self, from: &str, image: &ImageKeys, report: &mut Report) -> Option<ImageView> {
        let file = self.catalogue.file(from, &image.file, report)?;
        Some(ImageView {
            url: self.href(&file.route),
            alt: image.alt.value.0.clone(),
            caption: image.caption.clone(),
            credit: image.credit.clone(),
            width: file.facts.dimensions.map(|(width, _)| width),
            height: file.facts.dimensions.map(|(_, height)| height),
        })
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

/// The headings for a table of contents: those of the second and third level that have words, when there are at least three.
fn contents(document: &Document) -> Vec<HeadingView> {
    let headings = document.outline.headings.iter();
    let headings = headings.filter(|heading| matches!(heading.level, 2 | 3) && !heading.title.is_empty());
    let view =
        |heading: &Section| HeadingView { id: heading.id.clone(), title: heading.title.clone(), level: heading.level };
    let contents: Vec<HeadingView> = headings.map(view).collect();
    if contents.len() >= 3 { contents } else { Vec::new() }
}
