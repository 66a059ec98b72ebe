//! The accessibility statement: what the law asks it to say (lagen om tillgänglighet till digital offentlig service, 12 §;
//! Commission Implementing Decision (EU) 2018/1523), and the waivers and lowered gates that it tells readers of by itself.

use schemars::JsonSchema;
use serde::Serialize;

use crate::config::gates::{FaultReason, Gate, Level};
use crate::config::settings::check_url;
use crate::data::Located;
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::model::Waiver;
use crate::model::common::Desk;
use crate::plan::Planner;
use crate::text::date::{Moment, When};
use crate::view::{LinkView, TimeView};
use crate::{choice, code, record};

code! { pub STATEMENT_DISAGREES = "statement-disagrees", Error, "an accessibility statement that contradicts itself",
"A site that follows the rules wholly has no faults to tell of, and one that follows them in part says which it does not. \
Waivers, and gates of accessibility that the site has lowered, are faults that it knows of." }
code! { pub STATEMENT_PARTS = "statement-parts", Error, "an accessibility statement that lacks a part",
"The law asks for a way to report faults. Give `contact_email` in the statement, or `email` in `site.yaml`." }

/// The findings of this module.
pub(super) const CODES: &[&Code] = &[&STATEMENT_DISAGREES, &STATEMENT_PARTS];

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
        conformity: Located<Conformity>,
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

/// The parts of an accessibility statement.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StatementView {
    /// How well the site follows the rules, in a sentence.
    pub conformity: String,
    /// The standard.
    pub standard: String,
    /// What is not accessible: what the statement says, then the gates that are lowered, then what is waived for a while.
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
    /// The page it is on, or the section that its pages are in, when it is one alone.
    pub page: Option<LinkView>,
}

/// An accessibility statement, checked.
pub(super) struct Statement {
    conformity: Located<Conformity>,
    standard: Option<String>,
    faults: Vec<FaultKeys>,
    assessed: Moment,
    method: String,
    published: Option<Moment>,
    complaint_url: String,
    supervisor: Option<String>,
    contact_email: Option<String>,
}

/// The gates that concern accessibility, with the texts that tell readers of a fault there.
const ACCESSIBILITY: &[(&str, &str)] = &[
    ("body-h1", "gates.headings"),
    ("duplicate-id", "gates.markup"),
    ("empty-heading", "gates.headings"),
    ("image-without-alt", "gates.image_without_alt"),
    ("low-contrast", "gates.low_contrast"),
    ("nameless-control", "gates.link_text"),
    ("page-basics", "gates.markup"),
    ("skipped-heading", "gates.headings"),
    ("table-without-header", "gates.table_without_header"),
    ("unannounced-window", "gates.link_text"),
    ("unmarked-language", "gates.unmarked_language"),
    ("vague-link-text", "gates.link_text"),
];

impl Statement {
    /// Checks what is written.
    pub(super) fn read(keys: StatementKeys, desk: &Desk, report: &mut Report) -> Option<Self> {
        let assessed = desk.moment(&keys.assessed, report);
        let published = desk.maybe(keys.published.as_ref(), report);
        let complaint_url = check_url(keys.complaint_url, report).ok();
        Some(Self {
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

    /// What readers see of it.
    pub(super) fn view(&self, planner: &Planner, report: &mut Report) -> StatementView {
        let words = planner.words();
        let standard = self.standard.clone().unwrap_or_else(|| words.text("statement.standard"));
        let supervisor = self.supervisor.clone().unwrap_or_else(|| words.text("statement.supervisor"));
        let written = self.faults.iter().map(|fault| FaultView {
            what: fault.what.clone(),
            reason: words.of("statement", fault.reason.word()),
            explanation: fault.explanation.clone(),
            page: None,
        });
        let gates = planner.settings().gates.0.iter();
        let lowered = gates.filter_map(|(code, gate)| lowered(code, gate, planner));
        let waived = planner.context.registry.waivers.iter().filter_map(|waiver| waived(waiver, planner));
        let faults: Vec<FaultView> = written.chain(lowered).chain(waived).collect();
        let email = self.contact_email.clone().or_else(|| planner.settings().email.clone());
        self.check(&faults, email.is_some(), report);
        let conformity = format!("statement.{}", self.conformity.value.word());
        StatementView {
            conformity: words.format(&conformity, &[("standard", &standard)]),
            faults,
            assessed: words.date(&self.assessed),
            published: self.published.as_ref().map(|day| words.date(day)),
            method: self.method.clone(),
            email,
            complaint: LinkView {
                title: words.format("statement.complaint", &[("supervisor", &supervisor)]),
                url: self.complaint_url.clone(),
            },
            standard,
        }
    }

    fn check(&self, faults: &[FaultView], is_reachable: bool, report: &mut Report) {
        let Located { value: conformity, place } = &self.conformity;
        let words = match (conformity, faults.is_empty()) {
            (Conformity::Full, false) => Some("the site follows the rules wholly, but it has faults"),
            (Conformity::Partial | Conformity::None, true) => Some("nothing says what is not accessible"),
            _ => None,
        };
        if let Some(words) = words {
            let help =
                "`full` goes with no `faults`, no waivers and no lowered gates, `partial` and `none` with at least one";
            report.push(Diagnostic::new(&STATEMENT_DISAGREES, words).at(place.clone()).help(help));
        }
        if !is_reachable {
            let words = "nothing says where readers report faults";
            let help = "add `contact_email:`, or `email:` in `site.yaml`";
            report.push(Diagnostic::new(&STATEMENT_PARTS, words).at(place.clone()).help(help));
        }
    }
}

/// Whether the site lets faults of accessibility pass at a gate. Such gates are errors by themselves.
pub fn lets_faults_pass(code: &str, gate: &Gate) -> bool {
    gate.keys.level != Level::Error && text_of(code).is_some()
}

fn text_of(code: &str) -> Option<&'static str> {
    ACCESSIBILITY.iter().find(|(known, _)| *known == code).map(|(_, text)| *text)
}

/// What readers are told of a gate that is lowered. The statement is written before anybody knows what the gate finds.
fn lowered(code: &str, gate: &Gate, planner: &Planner) -> Option<FaultView> {
    let words = planner.words();
    let text = text_of(code).filter(|_| lets_faults_pass(code, gate))?;
    Some(FaultView {
        what: words.text(text),
        reason: words.of("statement", FaultReason::NonCompliance.word()),
        explanation: Some(gate.keys.reason.clone()),
        page: None,
    })
}

/// What readers are told of a waiver, when it concerns accessibility.
fn waived(waiver: &Waiver, planner: &Planner) -> Option<FaultView> {
    let words = planner.words();
    let text = text_of(&waiver.code.value)?;
    // Who is not there is reported where waivers are judged.
    let owner = planner.context.registry.people.get(&waiver.owner.value);
    let owner = owner.map_or(waiver.owner.value.as_str(), |person| &person.name);
    let until = words.day(waiver.until.value.day());
    Some(FaultView {
        what: words.text(text),
        reason: words.of("statement", waiver.ground.word()),
        explanation: Some(
            words.format(
                "statement.waiver",
                &[("reason", &sentence(&waiver.reason)), ("date", &until), ("owner", owner)],
            ),
        ),
        page: place_of(&waiver.scope, planner),
    })
}

/// Where readers meet what is waived: the page of a document, with or without its folder, or the section of a folder.
fn place_of(scope: &str, planner: &Planner) -> Option<LinkView> {
    let page = || planner.catalogue.card(scope).or_else(|| planner.catalogue.card(&format!("{scope}index.md")));
    let section = || {
        let folder = scope.strip_prefix("content/")?.split_once('/')?.0;
        let (_, section) = planner.settings().sections.all().into_iter().find(|(name, _)| *name == folder)?;
        Some(LinkView { title: section.title.clone(), url: planner.href(&section.route) })
    };
    page().map(|card| planner.link_to(card)).or_else(section)
}

/// Words with a full stop, when they have no other.
fn sentence(words: &str) -> String {
    let words = words.trim_end();
    if words.ends_with(['.', '!', '?', '…']) { words.to_owned() } else { format!("{words}.") }
}
