//! `anslag why`: whether something is published, what it is made of, and what the next build does with it.
//!
//! The site is made as `build` makes it, with what is known of the last one, and only not written. So what is said here is
//! what happened there, and no rule is told twice. What is meant is found in [`subject`], what the next build does in
//! [`next`], and both are written in [`words`].

mod next;
mod subject;
mod words;

use std::path::{Path, PathBuf};

use anyhow::Result;
use jiff::Timestamp;

use super::arguments::{Common, WhyOptions};
use super::build::output_of;
use super::outcome::maker;
use super::waiting::Line;
use super::{End, print_report};
use crate::diagnostic::{Report, Severity};
use crate::publish::{Before, Doubt, Past, Record};
use crate::session::{Contents, Material, Session, Tree};
use crate::source::Listing;

/// The site as the next build would make it.
struct Look<'a> {
    root: &'a Path,
    output: PathBuf,
    session: &'a Session,
    material: &'a Material,
    contents: Contents<'a>,
    tree: Tree,
    report: Report,
    known: Known,
    past: Past,
}

/// What is known of the last build.
#[derive(Clone, Copy)]
enum Known {
    /// Nothing.
    Nothing(Doubt),
    /// Nothing has changed since.
    Same,
    /// Something has.
    Changed,
}

/// Says what there is to say of an address or a file.
pub fn why(common: &Common, options: &WhyOptions) -> Result<End> {
    let (now, root, output) = (common.now(), &common.root, output_of(common, options.output.as_deref()));
    let listing = Listing::of(root)?;
    let (known, mut past) = known(common, now, &listing, &output);
    let mut report = Report::default();
    let memory = std::mem::take(&mut past.memory);
    let asked = common.options(now);
    let line = Line::of(common, &asked.progress);
    let (snapshot, session) = Session::open_again(listing, memory, asked, &mut report)?;
    let Some(mut session) = session else {
        print_report(&report, &snapshot, common)?;
        return Ok(End::Errors);
    };
    let material = session.material(&mut report)?;
    let contents = session.contents(&material, now, None, &mut report);
    let tree = session.site(&contents, &mut report);
    session.check_addresses(&material, &contents, &tree, &mut report);
    session.judge(&contents, &mut report);
    report.settle();
    drop(line);
    let look = Look { root, output, session: &session, material: &material, contents, tree, report, known, past };
    let subject = look.subject(&options.what);
    let is_published = subject.is_published();
    words::print(&look, &options.what, subject, common)?;
    Ok(if is_published && look.errors() == 0 { End::Well } else { End::Errors })
}

impl Look<'_> {
    /// How much stands in the way of publishing anything.
    fn errors(&self) -> usize {
        self.report.count(Severity::Error)
    }
}

/// What is known of the last build, and what has not changed since.
fn known(common: &Common, now: Timestamp, listing: &Listing, output: &Path) -> (Known, Past) {
    let (root, maker) = (&common.root, maker(&common.options(common.now())));
    match Record::compare(root, listing, output, maker, now, listing.began()) {
        Before::Unknown => (Known::Nothing(Record::doubt(root, output, maker)), Past::default()),
        Before::Changed(past) => (Known::Changed, *past),
        Before::Same(record) => match record.past(root, output) {
            Some(past) => (Known::Same, past),
            None => (Known::Nothing(Doubt::Lost), Past::default()),
        },
    }
}
