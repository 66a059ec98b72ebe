//! What may stand in the front matter of an event.

use crate::config::settings::{WebAddress, check_url};
use crate::data::{Located, Node, NodeKind, OneOrMany, Read, Shape};
use crate::diagnostic::{Code, Diagnostic, Report};
use crate::kind::resource::Resource;
use crate::model::common::Contact;
use crate::text::address::Target;
use crate::text::date::When;
use crate::{choice, code, gate, record};

code! { pub STATUS_DISAGREES = "status-disagrees", Error, "two keys that contradict each other about an event",
"`cancelled: true` is a short way to write `status: cancelled`, and `changes` is the history that leads there. When they \
say different things nobody can know whether the conference takes place. If it does after all, say so with a change \
`what: restored`: calendars believe that only when they are told." }
code! { pub TYPED_STATUS = "typed-status", Error, "a state that is typed into a title",
"A title is the real title. \"Inställt:\" and other states are shown before it by themselves, on every page and in every \
feed, as long as `status` says so. A typed one would stay when the state is gone." }
code! { pub EVENT_TIMES = "event-times", Error, "times of an event that cannot be right",
"An event ends after it starts, and has either one `start` or a list of `occurrences`." }
code! { pub LOST_TIME = "lost-time", Warning, "an end with a time, and a start without one",
"An event whose start has no time lasts whole days, so the time of its end is shown to nobody. Give both a time, or \
neither." }
code! { pub OCCASIONS_ORDER = "occasions-order", Warning, "occasions that do not stand in order of time",
"The occasions of an event are shown in order of time, however they are written. One that stands out of order may \
have the wrong year or month." }
code! { pub OCCASIONS_OVERLAP = "occasions-overlap", Warning, "an occasion that starts before the one before it ends",
"Nobody can be at two occasions of one event at once. Often an `end` has the wrong day." }
code! { pub DUPLICATE_OCCASION = "duplicate-occasion", Error, "two occasions of an event with one id",
"Calendars know an occasion by its `id`, or else by its place in the list. Two with the same would become one." }
gate! { pub UNREACHABLE_REGISTRATION = "unreachable-registration", Warning, "a registration that nobody can make",
"Readers register at a web address, by e-mail or with a contact. Without any of them the page asks them to do what they \
cannot." }
code! { pub MISSING_PLACE = "missing-place", Warning, "an event that is neither at a place nor online",
"Readers, calendars and search engines need to know where an event takes place: give `place`, `online` or both. The \
town is enough until the address is known." }
code! { pub MISSING_EARLIER_DATE = "missing-earlier-date", Error, "a new date without the earlier one",
"Who has noted the earlier date must see that it is gone. Write it as `previous_start`, in the change that says \
`what: rescheduled`, or with the occasion." }
code! { pub UNKNOWN_OCCASION = "unknown-occasion", Error, "a change of an occasion that there is not",
"A change names its occasion by the `id` that stands in `occurrences` of the same file. The place in the list is no name: \
it is another one when an occasion is put before it." }
code! { pub CHANGES_ORDER = "changes-order", Warning, "changes that do not stand oldest first",
"`changes` is a history, shown to readers oldest first. One that stands out of order may have the wrong date." }
code! { pub UNDATED_STATUS = "undated-status", Warning, "a state that nothing says the day of",
"A feed shows an entry again only when it says when it was changed, and a calendar believes a later state only when \
it can count the changes. Keep the history: `changes: [{date: 2026-11-18, what: cancelled, reason: …}]`." }
code! { pub REGISTRATION_AFTER_START = "registration-after-start", Warning, "a registration that closes after the event starts",
"Nobody can register for what has started, so the registration closes then, whatever `closes` says." }
code! { pub REGISTRATION_TIMES = "registration-times", Error, "a registration that closes before it opens",
"The registration is open from `opens` until `closes`. The other way round nobody could ever register." }
code! { pub CHANGE_LINK = "change-link", Error, "a link that is neither a web address nor a path",
"The link of a change is a web address, `https://…`, or a path from the file to the page that tells more." }

/// The findings of this module.
pub const CODES: &[&Code] = &[
    &STATUS_DISAGREES,
    &TYPED_STATUS,
    &EVENT_TIMES,
    &LOST_TIME,
    &OCCASIONS_ORDER,
    &OCCASIONS_OVERLAP,
    &DUPLICATE_OCCASION,
    &MISSING_PLACE,
    &UNREACHABLE_REGISTRATION,
    &MISSING_EARLIER_DATE,
    &UNKNOWN_OCCASION,
    &CHANGES_ORDER,
    &UNDATED_STATUS,
    &REGISTRATION_TIMES,
    &REGISTRATION_AFTER_START,
    &CHANGE_LINK,
];

choice! {
    /// The states an editor gives an event.
    pub enum Status {
        /// It takes place as said.
        Planned = "planned",
        /// It does not take place.
        Cancelled = "cancelled",
        /// It takes place later; nobody knows when.
        Postponed = "postponed",
        /// It takes place on another day.
        Rescheduled = "rescheduled",
        /// It takes place on the net instead.
        MovedOnline = "moved_online",
        /// There is no room left.
        Full = "full",
    }
}

choice! {
    /// What may happen to an event.
    pub enum What {
        /// It was announced.
        Planned = "planned",
        /// It was cancelled.
        Cancelled = "cancelled",
        /// It was postponed.
        Postponed = "postponed",
        /// It was given another day.
        Rescheduled = "rescheduled",
        /// It was moved to the net.
        MovedOnline = "moved_online",
        /// It was filled.
        Full = "full",
        /// It takes place after all.
        Restored = "restored",
        /// The programme was changed.
        Programme = "programme",
        /// Something else.
        Note = "note",
    }
}

choice! {
    /// What an event was that was taken away.
    pub enum Was {
        /// It was full.
        Full = "full",
    }
}

record! {
    /// The keys that only events have.
    pub struct Keys {
        /// When it starts. It is kept for ever, also when the event is cancelled.
        pub start: Option<Located<When>>,
        /// When it ends.
        pub end: Option<Located<When>>,
        /// Whether it lasts the whole day; true when `start` has no time.
        pub all_day: Option<bool>,
        /// The occasions, when there are several.
        pub occurrences: Vec<OccurrenceKeys>,
        /// Where it takes place.
        pub place: Option<PlaceKeys>,
        /// How to take part on the net.
        pub online: Option<OnlineKeys>,
        /// Whether it is cancelled: a short way to write `status: cancelled`.
        pub cancelled: Option<Located<bool>>,
        /// Its state.
        pub status: Option<Located<Status>>,
        /// What has happened to it: the history that readers and calendars see.
        pub changes: Vec<ChangeKeys>,
        /// The series it belongs to, by slug.
        pub series: Option<Located<String>>,
        /// What happens there.
        pub programme: Vec<ProgrammeKeys>,
        /// How to register.
        pub registration: Option<RegistrationKeys>,
        /// What is left afterwards: slides, reports, recordings.
        pub documentation: Vec<Resource>,
    }
}

record! {
    /// One occasion.
    pub struct OccurrenceKeys {
        /// What calendars know it by; its place in the list unless given.
        pub id: Option<Located<String>>,
        /// When it starts.
        pub start: Located<When>,
        /// When it ends.
        pub end: Option<Located<When>>,
        /// Whether it lasts the whole day.
        pub all_day: Option<bool>,
        /// What it is called.
        pub title: Option<String>,
        /// Where it takes place, when not where the others do.
        pub place: Option<PlaceKeys>,
        /// How to take part on the net, when not as in the others.
        pub online: Option<OnlineKeys>,
        /// Its state, when not that of the others.
        pub status: Option<Located<Status>>,
        /// When it should have started.
        pub previous_start: Option<Located<When>>,
        /// Why it has that state.
        pub reason: Option<String>,
    }
}

impl OccurrenceKeys {
    /// The only occasion of an event.
    pub fn single(start: Option<Located<When>>, end: Option<Located<When>>, all_day: Option<bool>) -> Option<Self> {
        let start = start?;
        Some(Self {
            id: None,
            start,
            end,
            all_day,
            title: None,
            place: None,
            online: None,
            status: None,
            previous_start: None,
            reason: None,
        })
    }
}

record! {
    /// A place.
    pub struct PlaceKeys {
        /// Its name.
        pub name: Option<String>,
        /// Its street address.
        pub address: Option<String>,
        /// The town.
        pub city: Option<String>,
        /// A link to a map.
        pub map: Option<WebAddress>,
    }
}

record! {
    /// A meeting on the net.
    pub struct OnlineKeys {
        /// Where to join.
        pub url: Option<WebAddress>,
        /// The service: `Teams`, `Zoom`.
        pub platform: Option<String>,
    }
}

record! {
    /// Something that has happened to an event.
    pub struct ChangeKeys {
        /// When it was decided.
        pub date: Located<When>,
        /// What happened.
        pub what: What,
        /// What it was before, if that holds again when it takes place after all. Readers see nothing of it.
        pub was: Option<Was>,
        /// Why.
        pub reason: Option<String>,
        /// Where to read more: a web address, or a path from this file.
        pub link: Option<Located<String>>,
        /// When it should have started.
        pub previous_start: Option<Located<When>>,
        /// The occasion it is about, by its `id`, when not all of them.
        pub occasion: Option<Located<String>>,
    }
}

/// A link that is a web address or a path.
pub fn check_link(link: Located<String>, report: &mut Report) -> Option<Located<String>> {
    match Target::of(&link.value) {
        Target::Outside(_) => {
            let place = link.place.clone();
            check_url(link, report).ok().map(|value| Located { value, place })
        }
        Target::File(..) => Some(link),
        Target::Anchor(_) | Target::Route(..) => {
            let words = format!("`{}` is neither a web address nor a path to a document", link.value.escape_debug());
            report.push(Diagnostic::new(&CHANGE_LINK, words).at(link.place).help("write a path from this file"));
            None
        }
    }
}

record! {
    /// An item of the programme.
    pub struct ProgrammeKeys {
        /// What it is called.
        pub title: String,
        /// When, as it should be shown: `09.00–09.45`.
        pub time: Option<String>,
        /// Organisations, by slug.
        pub organisation: OneOrMany<Located<String>>,
        /// Who speaks.
        pub speakers: Vec<Speaker>,
        /// What it is about.
        pub body: Option<String>,
    }
}

record! {
    struct SpeakerKeys {
        /// The name.
        name: String,
        /// The role.
        role: Option<String>,
        /// The organisation, by slug.
        organisation: Option<Located<String>>,
    }
}

/// Somebody who speaks.
#[derive(Clone, Debug)]
pub struct Speaker {
    /// The name.
    pub name: String,
    /// The role.
    pub role: Option<String>,
    /// The organisation, by slug.
    pub organisation: Option<Located<String>>,
}

impl Read for Speaker {
    const EXPECTED: &'static str = "a name, or `name`, `role` and `organisation`";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        if !matches!(node.kind, NodeKind::Map(_)) {
            return String::read(node, report).map(|name| Self { name, role: None, organisation: None });
        }
        let keys = SpeakerKeys::read(node, report)?;
        Some(Self { name: keys.name, role: keys.role, organisation: keys.organisation })
    }

    fn shape() -> Shape {
        Shape::Either(vec![String::shape(), SpeakerKeys::shape()])
    }
}

record! {
    /// How to register.
    pub struct RegistrationKeys {
        /// When it opens.
        pub opens: Option<Located<When>>,
        /// When it closes; the last day is included.
        pub closes: Option<Located<When>>,
        /// The form.
        pub url: Option<Located<String>>,
        /// The e-mail address, when there is no form.
        pub email: Option<String>,
        /// Who answers questions about it.
        pub contact: OneOrMany<Contact>,
        /// How many can take part.
        pub capacity: Option<usize>,
        /// What is counted: `platser`, `delprojekt`.
        pub unit: Option<String>,
        /// Whether there is no room left.
        pub full: Option<bool>,
        /// Whether those who come too late can wait for a place.
        pub waiting_list: Option<bool>,
        /// What it costs.
        pub cost: Option<String>,
        /// What is asked of those who take part.
        pub conditions: Vec<String>,
        /// What a registration must say.
        pub include: Vec<String>,
    }
}
