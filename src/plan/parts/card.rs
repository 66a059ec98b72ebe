//! Cards: what is known of an entry before any page is planned, and how lists show it.

use std::collections::BTreeSet;

use super::{CardContext, Planner};
use crate::data::Located;
use crate::diagnostic::Report;
use crate::model::card::{Concern, Stale};
use crate::model::common::{Common, Contact};
use crate::model::files::{SiteFile, type_name};
use crate::model::registry::Registry;
use crate::model::{Card, Kind, Occasion};
use crate::text::date::Moment;
use crate::view::{Badge, CardParts, CardView};

impl CardContext<'_> {
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
            unpublished: common.is_previewed(&self.desk),
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
        let pages = file.facts.pages.map(|pages| match pages {
            1 => words.text("files.page"),
            pages => words.format("files.pages", &[("number", &pages.to_string())]),
        });
        let language = language.or(file.facts.language.as_deref()).map(|tag| words.language(tag));
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

impl Planner<'_> {
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
}
