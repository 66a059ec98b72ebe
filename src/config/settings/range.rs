//! Numbers that have limits.

use crate::code;
use crate::data::Located;
use crate::diagnostic::{Diagnostic, Report};

code! { pub OUT_OF_RANGE = "out-of-range", Error, "a number outside what the key takes",
"Some numbers have limits: a list shows 1 to 500 entries a page, a feed 1 to 1000, an icon 1 to 3 \
letters." }

pub(super) fn in_range(written: &Located<usize>, least: usize, most: usize, report: &mut Report) -> Option<usize> {
    if (least..=most).contains(&written.value) {
        return Some(written.value);
    }
    report.push(
        Diagnostic::new(&OUT_OF_RANGE, format!("{} is not between {least} and {most}", written.value))
            .at(written.place.clone()),
    );
    None
}
