//! What a site has decided about its gates: which are lowered, and what is spared from them for a while.
//!
//! A gate is a check whose finding does not hinder the making of the site, but its publishing: an image without an
//! alternative text, a heading that skips a level. Which codes are gates is known to those who declare them; see
//! [`Code::gate`](crate::diagnostic::Code::gate).

use std::collections::BTreeMap;

use crate::data::{Key, Located, Node, NodeKind, Read, Shape, WRONG_TYPE};
use crate::diagnostic::{Code, Diagnostic, Place, Report, Severity};
use crate::text::date::When;
use crate::{choice, code, record};

code! { pub REPEATED_WAIVER = "repeated-waiver", Error, "two waivers for the same",
"A waiver says who answers for a fault, and until when. With two for the same, nobody knows which of them holds." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&REPEATED_WAIVER];

choice! {
    /// How grave the findings of a gate are.
    pub enum Level {
        /// Nothing is published while one stands.
        Error = "error",
        /// Published, but somebody should look.
        Warning = "warning",
        /// Worth knowing.
        Info = "info",
    }
}

impl Level {
    /// The severity of the findings.
    pub const fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Info => Severity::Info,
        }
    }
}

record! {
    /// What is decided of one gate.
    pub struct GateKeys {
        /// How grave its findings are.
        pub level: Level,
        /// Why.
        pub reason: String,
    }
}

/// The gates whose findings are not as grave as they would be by themselves, by code.
#[derive(Clone, Debug, Default)]
pub struct Gates(pub BTreeMap<String, Gate>);

/// What is decided of one gate, and where.
#[derive(Clone, Debug)]
pub struct Gate {
    /// What is decided.
    pub keys: GateKeys,
    /// Where its code stands.
    pub place: Place,
}

impl Read for Gates {
    const EXPECTED: &'static str = "codes with `level` and `reason`";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            report.push(Diagnostic::new(&WRONG_TYPE, format!("expected {}", Self::EXPECTED)).at(node.place.clone()));
            return None;
        };
        let read = |(key, node): &(Key, Node)| {
            let keys = GateKeys::read(node, report)?;
            Some((key.name.clone(), Gate { keys, place: key.place.clone() }))
        };
        Some(Self(entries.iter().filter_map(read).collect()))
    }

    fn shape() -> Shape {
        Shape::Named(Box::new(GateKeys::shape()))
    }
}

choice! {
    /// Why something is not accessible, in the words of the law (lagen om tillgänglighet till digital offentlig service).
    pub enum FaultReason {
        /// It does not follow the rules.
        NonCompliance = "non_compliance",
        /// It would cost too much.
        DisproportionateBurden = "disproportionate_burden",
        /// The law does not cover it.
        NotCovered = "not_covered",
    }
}

record! {
    /// A waiver of a document: it may fail at a gate until a day.
    pub struct WaiverKeys {
        /// The code of the gate, such as `image-without-alt`.
        pub code: Located<String>,
        /// Why it is not mended yet. Readers see it in the accessibility statement.
        pub reason: String,
        /// Who sees to it: the slug of a person.
        pub owner: Located<String>,
        /// The last day of the waiver; after it, nothing is published until the fault is mended.
        pub until: Located<When>,
        /// Why the law allows it; `non_compliance` unless given.
        pub ground: Option<FaultReason>,
    }
}

record! {
    /// A waiver in `site.yaml`, for several documents or for the theme.
    pub struct SiteWaiverKeys {
        /// The code of the gate, such as `image-without-alt`.
        pub code: Located<String>,
        /// The file it holds for, or a folder with its last `/`, from the site's folder.
        pub path: Located<String>,
        /// Why it is not mended yet. Readers see it in the accessibility statement.
        pub reason: String,
        /// Who sees to it: the slug of a person.
        pub owner: Located<String>,
        /// The last day of the waiver; after it, nothing is published until the fault is mended.
        pub until: Located<When>,
        /// Why the law allows it; `non_compliance` unless given.
        pub ground: Option<FaultReason>,
    }
}
