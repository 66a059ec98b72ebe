//! Standing pages. What an accessibility statement has besides is in [`statement`].

pub mod statement;

use schemars::JsonSchema;
use serde::Serialize;

use crate::data::{Located, Node, refuse_keys};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::document::Document;
use crate::kind::Entry;
use crate::kind::post::entry_facts;
use crate::model::card::{Concern, PageCard, Stale};
use crate::model::common::{Desk, read_keys};
use crate::model::{Card, Common, Kind, Occasion};
use crate::plan::{CardContext, Planner, View};
use crate::text::date::{Moment, When};
use crate::view::{About, Banner, ContactView, FormView, Head, ImageView};
use crate::{choice, code, record};
use statement::{Statement, StatementKeys, StatementView};

code! { pub TEXT_ENDED = "text-ended", Warning, "a standing text whose last day has passed",
"Some texts hold until a day: a project under an agreement, a temporary address. When the day named in `valid_until` \
has passed, somebody should write the text anew and move the day, or archive it with `expires`." }

/// The findings of this module and of its parts.
pub fn codes() -> Vec<&'static Code> {
    [&[&TEXT_ENDED], statement::CODES].concat()
}

record! {
    /// The keys that only pages have.
    pub struct Keys {
        /// The last day of a text that will be renewed; when it has passed the page says so, and the build warns.
        valid_until: Option<Located<When>>,
        /// Persons shown on the page, by slug.
        people: Vec<Located<String>>,
        /// The form on the page.
        form: Option<FormKind>,
        /// What an accessibility statement must say (lagen om tillgänglighet till digital offentlig service).
        statement: Option<StatementKeys>,
    }
}

choice! {
    /// The forms a page may have.
    pub enum FormKind {
        /// A message to those behind the site.
        Contact = "contact",
        /// "Did this page help?"
        Feedback = "feedback",
        /// Subscription by e-mail.
        Subscribe = "subscribe",
    }
}

/// What `page.html` sees.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PageView {
    /// What stands around the page.
    pub head: Head,
    /// What every entry has.
    pub about: About,
    /// Persons shown on the page.
    pub people: Vec<PersonCardView>,
    /// The form on the page.
    pub form: Option<FormView>,
    /// The accessibility statement's own parts.
    pub statement: Option<StatementView>,
    /// How long the text holds, in a sentence.
    pub valid_until: Option<String>,
}

/// A person in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PersonCardView {
    /// Name and ways to reach.
    pub contact: ContactView,
    /// The portrait.
    pub portrait: Option<ImageView>,
    /// When the person left, in a sentence.
    pub left: Option<String>,
}

/// A standing page.
pub struct StandingPage {
    common: Common,
    valid_until: Option<Located<Moment>>,
    people: Vec<Located<String>>,
    form: Option<FormKind>,
    statement: Option<Statement>,
}

impl StandingPage {
    /// Reads a page.
    pub fn read(document: &Document, front: &Node, desk: &Desk, report: &mut Report) -> Option<Self> {
        let (common, keys) = read_keys::<Keys>(document, front, Kind::Page, report)?;
        refuse_keys(front, &["id"], "a page", report);
        let common = Common::check(common, document, Kind::Page, desk, report);
        let statement = keys.statement.map(|keys| Statement::read(keys, desk, report).ok_or(())).transpose();
        let valid_until = match &keys.valid_until {
            Some(when) => Some(Located { value: desk.moment(when, report)?, place: when.place.clone() }),
            None => None,
        };
        Some(Self { common: common?, valid_until, people: keys.people, form: keys.form, statement: statement.ok()? })
    }

    fn has_ended(&self, desk: &Desk) -> bool {
        self.valid_until.as_ref().is_some_and(|until| desk.is_over(&until.value, Occasion::TextEnds, &self.common.path))
    }

    fn valid_until(&self, context: &CardContext) -> Option<String> {
        let until = self.valid_until.as_ref()?;
        let key = if self.has_ended(&context.desk) { "pages.was_valid_until" } else { "pages.valid_until" };
        Some(context.words.format(key, &[("date", &context.words.day(until.value.day()))]))
    }

    fn warn_if_ended(&self, planner: &Planner, report: &mut Report) -> Option<Banner> {
        let until = self.valid_until.as_ref().filter(|_| self.has_ended(planner.desk()))?;
        if self.common.is_archived(planner.desk()) {
            return None;
        }
        let day = planner.words().day(until.value.day());
        report.push(
            Diagnostic::new(&TEXT_ENDED, format!("the text held until {}, which has passed", until.value.day()))
                .at(until.place.clone())
                .help("write the text anew and move the day, or archive it with `expires`"),
        );
        Some(planner.banner("ended", Some(planner.words().format("banners.ended_text", &[("date", &day)]))))
    }

    fn people(&self, planner: &Planner, report: &mut Report) -> Vec<PersonCardView> {
        let mut cards = Vec::new();
        for slug in &self.people {
            if let Some(person) = planner.context.registry.person(slug, report) {
                let contact = planner.person(person, report);
                cards.push(person_card(planner, &slug.value, contact));
            }
        }
        cards
    }
}

/// A person as lists show them.
pub fn person_card(planner: &Planner, slug: &str, contact: ContactView) -> PersonCardView {
    let person = planner.context.registry.people.get(slug);
    let left = person.and_then(|person| person.until.filter(|_| person.has_left(planner.desk())));
    PersonCardView {
        contact,
        portrait: person.and_then(|person| person.portrait.as_ref()).and_then(|image| planner.portrait(image)),
        left: left.map(|day| planner.words().format("people.left", &[("date", &planner.words().day(day.day()))])),
    }
}

impl Entry for StandingPage {
    fn common(&self) -> &Common {
        &self.common
    }

    fn card(&self, context: &CardContext, report: &mut Report) -> Card {
        let page = PageCard {
            people: self.people.iter().map(|slug| slug.value.clone()).collect(),
            valid_until: self.valid_until(context),
        };
        let heading = self.common.title.value.clone();
        let mut card = context.card(&self.common, heading, Vec::new(), report);
        let until = self.valid_until.as_ref().filter(|_| self.has_ended(&context.desk) && !card.retired);
        card.concerns.extend(until.map(|until| Concern { what: Stale::TextEnded, last: Some(until.value.day()) }));
        Card { page: Some(page), ..card }
    }

    fn template(&self) -> Option<&'static str> {
        Some("page.html")
    }

    fn page(&self, document: &Document, planner: &Planner, report: &mut Report) -> Option<View> {
        let common = &self.common;
        let ended = self.warn_if_ended(planner, report);
        let about = planner.about(common, document, common.title.value.clone(), ended.into_iter().collect(), report);
        let form = self.form.map(|form| form_view(form, common, planner));
        let view = PageView {
            head: planner.head(entry_facts(common, &about, "pages", planner)),
            people: self.people(planner, report),
            form,
            statement: self.statement.as_ref().map(|statement| statement.view(planner, report)),
            valid_until: self.valid_until(&planner.context),
            about,
        };
        Some(Box::new(view))
    }
}

fn form_view(form: FormKind, common: &Common, planner: &Planner) -> FormView {
    let site = &planner.settings().title;
    let subject = match form {
        FormKind::Contact => planner.words().format("forms.contact_subject", &[("site", site)]),
        FormKind::Feedback => planner.words().format("forms.feedback_subject", &[("title", &common.title.value)]),
        FormKind::Subscribe => planner.words().format("forms.subscribe_subject", &[("site", site)]),
    };
    planner.form(form.word(), &subject, &common.route)
}
