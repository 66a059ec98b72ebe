//! The small site of the golden test, made in memory, with one file that a fuzzer writes.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anslag::diagnostic::Report;
use anslag::diagnostic::render::{Format, Style, render};
use anslag::progress::Progress;
use anslag::session::{Bytes, Options, Recall, Session};
use anslag::source::Snapshot;

/// When the site is made.
const NOW: &str = "2026-11-21T12:00:00+01:00";

/// What the fuzzed file stands among: path and text of each.
static FILES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden/small");
    let mut report = Report::default();
    let snapshot = Snapshot::read(&root, &mut report).expect("the site can be read");
    let paths = snapshot.files().map(|file| file.path.to_string());
    let read = |path: String| Some((path.clone(), String::from_utf8(snapshot.bytes(&path).ok()?.into_owned()).ok()?));
    let is_kept = |path: &String| !path.ends_with(".lock");
    paths.filter(is_kept).filter_map(read).collect()
});

/// What came of it.
pub struct Made {
    /// Whether the site has no errors.
    pub is_well: bool,
    /// Each finished text by its address.
    pub texts: Vec<(String, String)>,
}

/// Makes the site with a file, and says what was found in every format: none of that may fail.
pub fn make(path: &str, text: &str) -> Made {
    let files = FILES.iter().filter(|(known, _)| known != path);
    let files = files.map(|(path, text)| (path.as_str(), text.as_str())).chain([(path, text)]);
    let mut report = Report::default();
    let now = NOW.parse().expect("a time");
    let options = Options {
        root: PathBuf::from("."),
        now,
        base_url: None,
        drafts: true,
        locked: false,
        progress: Progress::default(),
        recall: Recall::default(),
    };
    let (snapshot, session) = Session::of(Snapshot::of_texts(files), options, &mut report).expect("nothing is read");
    let Some(mut session) = session else {
        told(report, &snapshot);
        return Made { is_well: false, texts: Vec::new() };
    };
    let material = session.material(&mut report).expect("nothing is read");
    let contents = session.contents(&material, now, None, &mut report);
    let tree = session.site(&contents, &mut report);
    session.judge(&contents, &mut report);
    let is_text = |bytes: &Bytes| bytes.with_text(str::to_owned);
    let texts = tree.files.iter().filter_map(|(route, bytes)| Some((route.to_string(), is_text(bytes)?))).collect();
    let is_well = !report.has_errors();
    told(report, &session.snapshot);
    Made { is_well, texts }
}

fn told(mut report: Report, snapshot: &Snapshot) {
    report.settle();
    for format in [Format::Human, Format::Json, Format::Sarif, Format::Github] {
        render(&report, format, snapshot, &Style::default());
    }
}
