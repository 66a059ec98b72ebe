//! Standing pages, among them the accessibility statement.

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::gates::FaultReason;
use crate::config::settings::check_url;
use crate::data::{Located, refuse_keys};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::document::Document;
use crate::kind::Entry;
use crate::kind::post::entry_facts;
use crate::model::card::{Concern, PageCard, Stale};
use crate::model::common::{Desk, read_keys};
use crate::model::{Card, Common, Kind, Occasion};
use crate::plan::{CardContext, Page, Planner};
use crate::text::date::{Moment, When};
use crate::view::{About, Banner, ContactView, FormView, Head, ImageView, LinkView, TimeView};
use crate::{choice, code, record};

code! { pub TEXT_ENDED = "text-ended", Warning, "a standing text whose last day has passed",
"Some texts hold until a day: a project under an agreement, a temporary address. When the day named in `valid_until` \
has passed, somebody should write the text anew and move the day, or archive it with `expires`." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&TEXT_ENDED];

record! {
    /// The keys that only pages have.
    pub struct Keys {
        /// The last day the text holds; the build warns when it has passed.
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

choice! {
    /// How well the site follows the rules, in the law's three words.
    pub enum Conformity {
        /// Wholly.
        Full = "full",
        /// In part.
        Partial = "partial",
        /// Not.
        None = "none",
    }
}

record! {
    /// An accessibility statement.
    pub struct StatementKeys {
        /// How well the site follows the rules.
        conformity: Conformity,
        /// The standard it is measured against; EN 301 549 and WCAG 2.2 AA unless given.
        standard: Option<String>,
        /// What is not accessible.
        faults: Vec<FaultKeys>,
        /// When the site was assessed.
        assessed: Located<When>,
        /// How it was assessed.
        method: String,
        /// When the site was published.
        published: Option<Located<When>>,
        /// Where to complain to the authority.
        complaint_url: Located<String>,
        /// The authority.
        supervisor: Option<String>,
        /// The e-mail address for reports of faults; the site's own unless given.
        contact_email: Option<String>,
    }
}

record! {
    /// Something that is not accessible.
    pub struct FaultKeys {
        /// What it is.
        what: String,
        /// Why it is so.
        reason: FaultReason,
        /// More about it.
        explanation: Option<String>,
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

/// The parts of an accessibility statement.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StatementView {
    /// How well the site follows the rules, in a sentence.
    pub conformity: String,
    /// The standard.
    pub standard: String,
    /// What is not accessible.
    pub faults: Vec<FaultView>,
    /// When the site was assessed.
    pub assessed: TimeView,
    /// When the site was published.
    pub published: Option<TimeView>,
    /// How it was assessed.
    pub method: String,
    /// Where to report faults.
    pub email: Option<String>,
    /// Where to complain.
    pub complaint: LinkView,
}

/// Something that is not accessible.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FaultView {
    /// What it is.
    pub what: String,
    /// Why, in words.
    pub reason: String,
    /// More about it.
    pub explanation: Option<String>,
}

/// A standing page.
pub struct StandingPage {
    common: Common,
    valid_until: Option<Located<Moment>>,
    people: Vec<Located<String>>,
    form: Option<FormKind>,
    statement: Option<Statement>,
}

struct Statement {
    conformity: Conformity,
    standard: Option<String>,
    faults: Vec<FaultKeys>,
    assessed: Moment,
    method: String,
    published: Option<Moment>,
    complaint_url: String,
    supervisor: Option<String>,
    contact_email: Option<String>,
}

impl StandingPage {
    /// Reads a page.
    pub fn read(document: &Document, desk: &Desk, report: &mut Report) -> Option<Self> {
        let (common, keys) = read_keys::<Keys>(document, Kind::Page, report)?;
        refuse_keys(&document.front, &["id"], "a page", report);
        let common = Common::check(common, document, Kind::Page, desk, report);
        let statement = keys.statement.map(|keys| read_statement(keys, desk, report).ok_or(())).transpose();
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

    fn page(&self, document: &Document, planner: &Planner, report: &mut Report) -> Option<Page> {
        let common = &self.common;
        let ended = self.warn_if_ended(planner, report);
        let about = planner.about(common, document, common.title.value.clone(), ended.into_iter().collect(), report);
        let form = self.form.map(|form| form_view(form, common, planner));
        let view = PageView {
            head: planner.head(entry_facts(common, &about, "pages", planner)),
            people: self.people(planner, report),
            form,
            statement: self.statement.as_ref().map(|statement| statement_view(statement, planner)),
            valid_until: self.valid_until(&planner.context),
            about,
        };
        Some(Page { template: "page.html", view: Box::new(view) })
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

fn read_statement(keys: StatementKeys, desk: &Desk, report: &mut Report) -> Option<Statement> {
    let assessed = desk.moment(&keys.assessed, report);
    let published = desk.maybe(keys.published.as_ref(), report);
    let complaint_url = check_url(keys.complaint_url, report).ok();
    Some(Statement {
        conformity: keys.conformity,
        standard: keys.standard,
        faults: keys.faults,
        assessed: assessed?,
        method: keys.method,
        published: published?,
        complaint_url: complaint_url?,
        supervisor: keys.supervisor,
        contact_email: keys.contact_email,
    })
}

fn statement_view(statement: &Statement, planner: &Planner) -> StatementView {
    let words = planner.words();
    let standard = statement.standard.clone().unwrap_or_else(|| words.text("statement.standard"));
    let supervisor = statement.supervisor.clone().unwrap_or_else(|| words.text("statement.supervisor"));
    let fault = |fault: &FaultKeys| FaultView {
        what: fault.what.clone(),
        reason: words.of("statement", fault.reason.word()),
        explanation: fault.explanation.clone(),
    };
    let conformity = match statement.conformity {
        Conformity::Full => "statement.full",
        Conformity::Partial => "statement.partial",
        Conformity::None => "statement.none",
    };
    StatementView {
        conformity: words.format(conformity, &[("standard", &standard)]),
        faults: statement.faults.iter().map(fault).collect(),
        assessed: words.date(&statement.assessed),
        published: statement.published.as_ref().map(|day| words.date(day)),
        method: statement.method.clone(),
        email: statement.contact_email.clone().or_else(|| planner.settings().email.clone()),
        complaint: LinkView {
            title: words.format("statement.complaint", &[("supervisor", &supervisor)]),
            url: statement.complaint_url.clone(),
        },
        standard,
    }
}
