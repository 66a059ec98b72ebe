//! Waivers: what may fail at a gate for a while, why, and who sees to it.

use std::sync::Arc;

use crate::config::gates::{FaultReason, SiteWaiverKeys, WaiverKeys};
use crate::data::Located;
use crate::diagnostic::Report;
use crate::model::Occasion;
use crate::model::common::Desk;
use crate::text::date::{Moment, When};

/// A waiver, checked.
#[derive(Clone, Debug)]
pub struct Waiver {
    /// The code of the gate.
    pub code: Located<String>,
    /// The file it holds for, or a folder with its last `/`.
    pub scope: Arc<str>,
    /// Why it is not mended yet.
    pub reason: String,
    /// Who sees to it: the slug of a person.
    pub owner: Located<String>,
    /// The last day of the waiver.
    pub until: Located<Moment>,
    /// Why the law allows it.
    pub ground: FaultReason,
}

impl Waiver {
    /// A waiver in the front matter of a file.
    pub fn of_document(keys: WaiverKeys, path: &Arc<str>, desk: &Desk, report: &mut Report) -> Option<Self> {
        let WaiverKeys { code, reason, owner, until, ground } = keys;
        let until = moment(&until, desk, report)?;
        let ground = ground.unwrap_or(FaultReason::NonCompliance);
        Some(Self { code, scope: path.clone(), reason, owner, until, ground })
    }

    /// A waiver in `site.yaml`.
    pub fn of_site(keys: &SiteWaiverKeys, desk: &Desk, report: &mut Report) -> Option<Self> {
        let SiteWaiverKeys { code, path, reason, owner, until, ground } = keys.clone();
        let until = moment(&until, desk, report)?;
        let ground = ground.unwrap_or(FaultReason::NonCompliance);
        Some(Self { code, scope: path.value.into(), reason, owner, until, ground })
    }

    /// Whether it holds for findings of a code in a file.
    pub fn covers(&self, code: &str, path: &str) -> bool {
        let is_within = &*self.scope == path || (self.scope.ends_with('/') && path.starts_with(&*self.scope));
        self.code.value == code && is_within
    }

    /// Whether its last day has passed.
    pub fn has_ended(&self, desk: &Desk) -> bool {
        desk.is_over(&self.until.value, Occasion::WaiverEnds, &self.until.place.path)
    }
}

fn moment(until: &Located<When>, desk: &Desk, report: &mut Report) -> Option<Located<Moment>> {
    Some(Located { value: desk.moment(until, report)?, place: until.place.clone() })
}
