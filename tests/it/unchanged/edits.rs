//! After any edits, a build makes and says what a clean one does: over random edits of a site with everything in it
//! (`tests/sites/edits`), in the process itself and by the functions that `anslag build` calls.
//!
//! In the files of that site, `‹this¦that¦another›` is a choice: it starts as the first of its words, and an edit makes it
//! another one. So what may happen to a text stands in the text.
//!
//! Addresses that are lost by an edit are settled as writers do, in one way or another; and none that was published is ever
//! lost by a build that goes well.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anslag::addresses::{ADDRESSES, route_of};
use anslag::cmd::finished::Finished;
use anslag::cmd::outcome::Outcome;
use anslag::diagnostic::render::{Format, Style, render};
use anslag::diagnostic::{Report, Severity};
use anslag::progress::Progress;
use anslag::publish::Wishes;
use anslag::session::{Bytes, Options, Recall};
use anslag::source::Snapshot;
use anslag::text::address::output_path;
use proptest::prelude::*;
use proptest::sample::Index;
use rayon::ThreadPoolBuilder;

use crate::site::{Files, Folder, files_in, repository};

/// The times of builds, the first one first: those at which something happens on the site, and around them.
const TIMES: &[&str] = &[
    "2026-11-21T12:00:00+01:00",
    "2026-11-21T18:00:00+01:00",
    "2026-11-22T00:00:00+01:00",
    "2026-11-22T09:29:59+01:00",
    "2026-11-22T09:30:00+01:00",
    "2026-11-23T09:00:00+01:00",
    "2026-11-25T00:00:00+01:00",
    "2026-11-26T00:00:00+01:00",
    "2026-12-06T00:00:00+01:00",
    "2027-02-01T00:00:00+01:00",
    "2026-10-15T00:00:00+02:00",
];

/// Files and folders that are renamed, and back.
const RENAMED: &[(&str, &str)] = &[
    ("content/blog/2026/", "content/blog/2027/"),
    ("content/blog/bilder/", "content/blog/"),
    ("content/toolkit/bok/", "content/toolkit/boken/"),
    ("content/blog/andra.md", "content/blog/det-andra.md"),
    ("content/events/natet.md", "content/events/nat.md"),
    ("content/people/bo-ek.md", "content/people/bo.md"),
    ("content/series/rad.md", "content/series/raden.md"),
    ("content/blog/forsta.md", "content/pages/forsta.md"),
    ("theme/templates/under.html", "themes/plain/templates/under.html"),
];

/// A site of which some is chosen.
struct Choices {
    files: BTreeMap<String, Vec<Piece>>,
    /// How many words each choice is between, in the order of the files.
    counts: Vec<usize>,
}

/// A piece of a text.
enum Piece {
    Text(String),
    /// One of some words, by the number of the choice.
    Choice(usize, Vec<String>),
}

static CHOICES: LazyLock<Choices> = LazyLock::new(|| {
    let mut counts = Vec::new();
    let own = files_in(&repository().join("tests/sites/edits"));
    let theme = files_in(&repository().join("tests/golden/small/themes"));
    let theme = theme.into_iter().map(|(path, bytes)| (format!("themes/{path}"), bytes));
    let texts = own.into_iter().chain(theme);
    let texts = texts.map(|(path, bytes)| (path, String::from_utf8(bytes).expect("the site has texts alone")));
    let files = texts.map(|(path, text)| (path, pieces(&text, &mut counts))).collect();
    Choices { files, counts }
});

fn pieces(text: &str, counts: &mut Vec<usize>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('‹') {
        let (inside, after) = after.split_once('›').expect("a choice ends");
        let words: Vec<String> = inside.split('¦').map(str::to_owned).collect();
        pieces.push(Piece::Text(before.to_owned()));
        counts.push(words.len());
        pieces.push(Piece::Choice(counts.len() - 1, words));
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

/// The bytes of a file that is no text: first, then others of the same size or of another.
type Variants = [Vec<u8>; 3];

/// The files that are no texts.
static OTHERS: LazyLock<Vec<(&str, Variants)>> = LazyLock::new(|| {
    vec![
        ("content/blog/bilder/ett.png", [png(40, 30, 0), png(30, 40, 0), png(40, 30, 9)]),
        ("content/blog/bilder/tva.png", [png(20, 20, 3), png(20, 20, 4), png(21, 20, 3)]),
        ("content/people/anna.png", [png(10, 10, 0), png(10, 12, 0), png(10, 10, 1)]),
        ("content/toolkit/bok/bok.pdf", [pdf("sv", 1), pdf("en", 1), pdf("sv", 2)]),
        ("content/blog/bilder/blad.txt", [b"Ett".to_vec(), b"Att".to_vec(), b"Ett blad".to_vec()]),
    ]
});

/// The beginning of an image, which says its size, and some bytes.
fn png(width: u32, height: u32, more: usize) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", &*size, b"\x08\x06\0\0\0\0\0\0\0", &*vec![0; more]].concat()
}

/// A PDF in a language with some empty pages.
fn pdf(language: &str, pages: usize) -> Vec<u8> {
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", page + 3)).collect();
    let first = [
        format!("<</Type/Catalog/Pages 2 0 R/Lang({language})>>"),
        format!("<</Type/Pages/Count {pages}/Kids[{kids}]>>"),
    ];
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_owned();
    let (mut text, mut places) = ("%PDF-1.4\n".to_owned(), String::new());
    for (number, object) in first.into_iter().chain(std::iter::repeat_n(page, pages)).enumerate() {
        places += &format!("{:010} 00000 n \n", text.len());
        text += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let (start, count) = (text.len(), pages + 3);
    let end = format!("trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    format!("{text}xref\n0 {count}\n0000000000 65535 f \n{places}{end}").into_bytes()
}

/// What may happen between two builds.
#[derive(Clone, Debug)]
enum Edit {
    /// A choice gets another of its words.
    Choose(Index, Index),
    /// A file that is no text gets another of its variants.
    Replace(Index, Index),
    /// A file is taken away, or comes back.
    Remove(Index),
    /// A file or a folder is renamed, or gets its name back.
    Rename(Index),
    /// It becomes another time.
    Now(Index),
    Drafts,
    BaseUrl,
    /// A file of the output folder gets other bytes, of the same size or another.
    Spoil(Index, bool),
    /// A file of the output folder is taken away.
    Take(Index),
    /// What was remembered is damaged, or taken away.
    Forget(&'static str, bool),
}

/// What happens to the sources.
fn edit() -> BoxedStrategy<Edit> {
    let index = any::<Index>;
    prop_oneof![
        12 => (index(), index()).prop_map(|(choice, words)| Edit::Choose(choice, words)),
        1 => (index(), index()).prop_map(|(file, variant)| Edit::Replace(file, variant)),
        1 => index().prop_map(Edit::Remove),
        1 => index().prop_map(Edit::Rename),
    ]
    .boxed()
}

/// What happens to the sources or around them.
fn happening() -> BoxedStrategy<Edit> {
    let index = any::<Index>;
    prop_oneof![
        8 => edit(),
        3 => index().prop_map(Edit::Now),
        1 => Just(Edit::Drafts),
        1 => Just(Edit::BaseUrl),
        2 => (index(), any::<bool>()).prop_map(|(file, same_size)| Edit::Spoil(file, same_size)),
        2 => index().prop_map(Edit::Take),
        1 => (prop::sample::select(&["built", "memory"][..]), any::<bool>())
            .prop_map(|(what, whole)| Edit::Forget(what, whole)),
    ]
    .boxed()
}

/// What happens before each of some builds.
fn steps(edit: BoxedStrategy<Edit>) -> impl Strategy<Value = Vec<Vec<Edit>>> {
    let step = prop_oneof![12 => prop::collection::vec(edit.clone(), 1..4), 1 => prop::collection::vec(edit, 8..20)];
    prop::collection::vec(step, 1..5)
}

/// What the site is to be.
#[derive(Clone, Debug)]
struct Wish {
    /// The word of each choice.
    words: Vec<usize>,
    variants: Vec<usize>,
    removed: BTreeSet<String>,
    renamed: BTreeSet<usize>,
    now: usize,
    drafts: bool,
    base_url: bool,
}

impl Wish {
    fn new() -> Self {
        Self {
            words: vec![0; CHOICES.counts.len()],
            variants: vec![0; OTHERS.len()],
            removed: BTreeSet::new(),
            renamed: BTreeSet::new(),
            now: 0,
            drafts: false,
            base_url: false,
        }
    }

    /// Makes an edit of the sources or of what is asked for.
    fn make(&mut self, edit: &Edit) {
        match edit {
            Edit::Choose(choice, words) => {
                let choice = choice.index(self.words.len());
                self.words[choice] = words.index(CHOICES.counts[choice]);
            }
            Edit::Replace(file, variant) => self.variants[file.index(OTHERS.len())] = variant.index(3),
            Edit::Remove(file) => {
                let texts = CHOICES.files.keys().map(String::as_str).filter(|path| path.starts_with("content/"));
                let all: Vec<&str> = texts.chain(OTHERS.iter().map(|(path, _)| *path)).collect();
                toggle(&mut self.removed, (*file.get(&all)).to_owned());
            }
            Edit::Rename(which) => toggle(&mut self.renamed, which.index(RENAMED.len())),
            Edit::Now(time) => self.now = time.index(TIMES.len()),
            Edit::Drafts => self.drafts = !self.drafts,
            Edit::BaseUrl => self.base_url = !self.base_url,
            Edit::Spoil(..) | Edit::Take(_) | Edit::Forget(..) => {}
        }
    }

    fn files(&self) -> Files {
        let word = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Choice(choice, words) => words[self.words[*choice]].clone(),
        };
        let texts = CHOICES
            .files
            .iter()
            .map(|(path, pieces)| (path.as_str(), pieces.iter().map(word).collect::<String>().into_bytes()));
        let others = OTHERS.iter().zip(&self.variants).map(|((path, variants), nth)| (*path, variants[*nth].clone()));
        let there = texts.chain(others).filter(|(path, _)| !self.removed.contains(*path));
        there.map(|(path, bytes)| (self.place_of(path), bytes)).collect()
    }

    /// The words that have been chosen, for who must find out what went wrong.
    fn words_chosen(&self) -> String {
        let of_file = |(path, pieces): (&String, &Vec<Piece>)| {
            let chosen = pieces.iter().filter_map(|piece| match piece {
                Piece::Choice(choice, words) => Some(&words[self.words[*choice]]).filter(|_| self.words[*choice] > 0),
                Piece::Text(_) => None,
            });
            chosen.map(|word| format!("\n  {path}: {word:?}")).collect::<String>()
        };
        CHOICES.files.iter().map(of_file).collect()
    }

    fn place_of(&self, path: &str) -> String {
        let mut renamed = self.renamed.iter().map(|which| RENAMED[*which]);
        let place = renamed.find_map(|(from, to)| Some(format!("{to}{}", path.strip_prefix(from)?)));
        place.unwrap_or_else(|| path.to_owned())
    }

    fn options(&self, root: &Path) -> Options {
        let base_url = self.base_url.then(|| "https://prov.example.org/under/".to_owned());
        let now = TIMES[self.now].parse().expect("an instant");
        Options {
            root: root.to_owned(),
            now,
            base_url,
            drafts: self.drafts,
            locked: false,
            progress: Progress::default(),
            recall: Recall::default(),
        }
    }
}

fn toggle<T: Ord>(set: &mut BTreeSet<T>, item: T) {
    if !set.remove(&item) {
        set.insert(item);
    }
}

/// The site as it is on the disk, and what it is to be.
struct Edited {
    folder: Folder,
    /// The sources that are there.
    files: Files,
    wish: Wish,
    /// The addresses that the last build missed, if nothing else was wrong.
    lost: Vec<String>,
    /// What was published so far, and since which day.
    published: BTreeMap<String, String>,
}

/// All files of the site before all edits, built.
static START: LazyLock<Files> = LazyLock::new(|| {
    let mut start = Edited::new();
    let is_well = start.build().expect("the site is built");
    assert!(is_well, "the site is well before all edits");
    files_in(start.root())
});

impl Edited {
    fn new() -> Self {
        let (lost, published) = (Vec::new(), BTreeMap::new());
        Self { folder: Folder::new(), files: Files::new(), wish: Wish::new(), lost, published }
    }

    /// Puts everything back to what it was before all edits.
    fn start_again(&mut self) {
        self.wish = Wish::new();
        self.files = self.wish.files();
        self.published.clear();
        sync(self.root(), &files_in(self.root()), &START);
    }

    fn root(&self) -> &Path {
        &self.folder.0
    }

    fn public(&self) -> PathBuf {
        self.root().join("public")
    }

    /// Makes some edits, builds, and takes the edits back where they have made errors, as writers do.
    fn step(&mut self, edits: &[Edit]) -> Result<(), TestCaseError> {
        let (before, addresses) = (self.wish.clone(), self.lines());
        for edit in edits {
            self.wish.make(edit);
            self.disturb(edit);
        }
        let mut build = self.build();
        while build.as_ref().is_ok_and(|is_well| !is_well) && !self.lost.is_empty() {
            self.settle();
            build = self.build();
        }
        let told = |error| TestCaseError::fail(format!("{error}\nafter {edits:?}, with{}", self.wish.words_chosen()));
        if !build.map_err(told)? {
            self.wish = before;
            write(&self.root().join(ADDRESSES), addresses.as_bytes());
        }
        Ok(())
    }

    fn lines(&self) -> String {
        fs::read_to_string(self.root().join(ADDRESSES)).expect("the addresses can be read")
    }

    /// Says of each lost address that it is gone, that it leads to the home page, or that nobody has seen it.
    fn settle(&mut self) {
        let settled = |line: &str| {
            let (address, since) = line.split_once(' ').expect("a line has an address");
            let since = since.split(' ').next().expect("and a day");
            match (self.lost.iter().any(|lost| lost == address), address.len() % 3) {
                (false, _) => format!("{line}\n"),
                (true, 0) => String::new(),
                (true, 1) => format!("{address} {since} gone 2026-11-21 Borta.\n"),
                (true, _) => format!("{address} {since} -> /\n"),
            }
        };
        let lines: String = self.lines().lines().map(settled).collect();
        write(&self.root().join(ADDRESSES), lines.as_bytes());
        let lost = &self.lost;
        self.published.retain(|address, _| !lost.contains(address) || address.len() % 3 != 0);
    }

    /// Whatever was published is there, leads elsewhere, or is said to be gone.
    fn has_lost_nothing(&mut self) -> Result<(), TestCaseError> {
        let text = self.lines();
        let lines: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.split_once(' ')).collect();
        let is_settled = |address: &str| {
            let fate = lines.get(address).and_then(|line| line.split(' ').nth(1));
            matches!(fate, Some("gone" | "->"))
        };
        let day = &TIMES[self.wish.now][..10];
        // A site of an earlier time has not published what comes after, and need not keep it.
        self.published.retain(|address, since| since.as_str() < day || lines.contains_key(&**address));
        for address in self.published.iter().filter(|(_, since)| since.as_str() < day).map(|(address, _)| address) {
            let is_there = self.public().join(output_path(&route_of(address).0)).is_file();
            let page =
                address.rmatch_indices('/').map(|(slash, _)| &address[..=slash]).find(|page| lines.contains_key(page));
            let is_settled = is_settled(address) || page.is_some_and(is_settled);
            prop_assert!(lines.contains_key(&**address), "{} is forgotten", address);
            prop_assert!(is_there || is_settled, "{} is lost", address);
        }
        if !self.wish.drafts && !self.wish.base_url {
            let since = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
            let is_public = |line: &str| since(line).as_str() < day && !line.contains(" -> ");
            let public = lines.iter().filter(|(address, line)| address.starts_with('/') && is_public(line));
            self.published.extend(public.map(|(address, line)| ((*address).to_owned(), since(line))));
        }
        Ok(())
    }

    /// Does to the output folder and to what is remembered what an edit says.
    fn disturb(&self, edit: &Edit) {
        let output = |file: &Index| {
            let public = files_in(&self.public());
            (!public.is_empty()).then(|| self.public().join(file.get(&public.keys().collect::<Vec<_>>())))
        };
        match edit {
            Edit::Spoil(file, same_size) => {
                if let Some(path) = output(file) {
                    let size = fs::read(&path).expect("an output can be read").len();
                    write(&path, &vec![b' '; if *same_size { size } else { size / 2 }]);
                }
            }
            Edit::Take(file) => {
                if let Some(path) = output(file) {
                    fs::remove_file(path).expect("an output can be removed");
                }
            }
            Edit::Forget(what, whole) => {
                for (path, bytes) in files_in(&self.root().join(".anslag")) {
                    let path = self.root().join(".anslag").join(&path);
                    if !path.to_string_lossy().contains(&format!("/{what}-")) {
                        continue;
                    }
                    if *whole {
                        fs::remove_file(path).expect("what was remembered can be removed");
                    } else {
                        write(&path, &bytes[..bytes.len() / 2]);
                    }
                }
            }
            _ => {}
        }
    }

    /// Writes what has changed of the sources.
    fn write(&mut self) {
        let files = self.wish.files();
        sync(self.root(), &self.files, &files);
        self.files = files;
    }

    /// Builds, and holds all of it against a clean build. Says whether it went well.
    fn build(&mut self) -> Result<bool, TestCaseError> {
        self.write();
        let options = self.wish.options(self.root());
        let failed = |error: anyhow::Error| TestCaseError::fail(format!("{error:#}"));
        // The clean one first: publishing writes the addresses, and both are to read the same ones.
        let clean = Finished::make(&options).map_err(failed)?;
        let outcome = Outcome::of(&options, &self.public(), Wishes::default(), false).map_err(failed)?;
        prop_assert_eq!(said(&outcome.report, &outcome.snapshot), said(&clean.report, &clean.snapshot));
        let is_well = outcome.published.is_some();
        let errors = clean.report.sorted().into_iter().filter(|finding| finding.severity == Severity::Error);
        let lost = errors.map(|finding| {
            let place = finding.place.as_ref().filter(|_| finding.code.name == "lost-address")?;
            Some(clean.snapshot.text(ADDRESSES)?[place.span.clone()].split(' ').next()?.to_owned())
        });
        self.lost = lost.collect::<Option<_>>().unwrap_or_default();
        prop_assert_eq!(is_well, !clean.report.has_errors());
        if is_well {
            prop_assert_eq!((outcome.until, outcome.due), (clean.until, clean.due_json()));
            let bytes = |file: &Bytes| file.read(&clean.snapshot).map(Cow::into_owned);
            let tree = clean.tree.files.iter().map(|(route, file)| Ok((output_path(route), bytes(file)?)));
            let tree = tree.collect::<anyhow::Result<Files>>().map_err(failed)?;
            are_same(&files_in(&self.public()), &tree)?;
            self.has_lost_nothing()?;
        }
        Ok(is_well)
    }
}

fn said(report: &Report, snapshot: &Snapshot) -> String {
    render(report, Format::Json, snapshot, &Style::default())
}

fn are_same(found: &Files, wanted: &Files) -> Result<(), TestCaseError> {
    for path in found.keys().chain(wanted.keys()) {
        let text = |files: &Files| files.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        prop_assert_eq!(text(found), text(wanted), "in {}", path);
    }
    Ok(())
}

/// Makes other files of those in a folder.
fn sync(folder: &Path, found: &Files, wanted: &Files) {
    for path in found.keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(folder.join(path)).expect("a file can be removed");
    }
    for (path, bytes) in wanted.iter().filter(|(path, bytes)| found.get(*path) != Some(bytes)) {
        write(&folder.join(path), bytes);
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be written");
}

/// Makes the edits of many sequences, in one folder and on one thread: the site is too small for two to share.
fn check(edit: fn() -> BoxedStrategy<Edit>) {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    // Twice as many sequences as other properties have; `PROPTEST_CASES` asks for more.
    let config = ProptestConfig { cases: 2 * config.cases, ..config };
    let run = || {
        let site = RefCell::new(Edited::new());
        proptest!(config, |(steps in steps(edit()))| {
            let mut site = site.borrow_mut();
            site.start_again();
            steps.iter().try_for_each(|step| site.step(step))?;
        });
    };
    let thread = ThreadPoolBuilder::new().num_threads(1).stack_size(16 << 20).build().expect("a thread starts");
    thread.install(run);
}

#[test]
fn after_any_edits_of_the_sources_a_build_makes_and_says_what_a_clean_one_does() {
    check(edit);
}

#[test]
fn whatever_happens_in_between_a_build_makes_and_says_what_a_clean_one_does() {
    check(happening);
}
