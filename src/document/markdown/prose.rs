//! How a body reads: words of another language that nothing marks, long paragraphs, and how hard the text is.

use std::iter;
use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic};
use crate::document::markdown::compiler::{Compiler, Open};
use crate::gate;

pub(super) const CODES: &[&Code] = &[&UNMARKED_LANGUAGE, &LONG_PARAGRAPH, &HARD_TO_READ];

gate! { pub UNMARKED_LANGUAGE = "unmarked-language", Error, "words of another language that are not marked as such",
"A screen reader says English words in a Swedish text as if they were Swedish, and nobody understands them. Mark them: \
`[Joined up governance]{lang=en}`, the whole passage at once (WCAG 3.1.2). Names need no mark. Only English is looked for, and \
Swedish in English texts; other languages are to be marked as well." }
gate! { pub LONG_PARAGRAPH = "long-paragraph", Info, "a very long paragraph",
"Few read a paragraph of more than 120 words on a screen. Part it where a new thought begins, or make a list of it." }
gate! { pub HARD_TO_READ = "hard-to-read", Info, "a text that is hard to read",
"LIX (läsbarhetsindex) is the number of words a sentence plus the percentage of words with more than six letters. Over 55 \
is as hard as official prose was before plain language was the law. Shorter sentences and everyday words lower it." }

/// More words than this in a paragraph are many.
const MANY_WORDS: usize = 120;
/// A LIX over this is high.
const HIGH_LIX: usize = 55;
/// A shorter text has no LIX that means anything.
const FEW_WORDS: usize = 100;
/// Within so many words of each other, two words of a language show that the text is in it.
const NEAR: usize = 6;

/// The text of the block that is being read, and what the blocks before it added up to.
#[derive(Default)]
pub(super) struct Prose {
    text: String,
    /// Where the text stands in the body.
    span: Option<Range<usize>>,
    total: Measures,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Measures {
    words: usize,
    long_words: usize,
    sentences: usize,
}

impl Measures {
    fn lix(self) -> usize {
        self.words / self.sentences.max(1) + 100 * self.long_words / self.words.max(1)
    }
}

/// Stands for what is not read as text: code.
const ELSEWHERE: char = '\u{fffc}';
/// Stands for words that are marked as another language.
const MARKED: char = '\u{fffd}';

impl Compiler<'_, '_> {
    /// Remembers where the text of the block stands.
    pub(super) fn note_prose_span(&mut self, span: &Range<usize>) {
        let start = self.prose.span.as_ref().map_or(span.start, |known| known.start);
        self.prose.span = Some(start..span.end);
    }

    /// Where the text of the block begins.
    pub(super) fn prose_start(&self) -> Option<usize> {
        self.prose.span.as_ref().map(|span| span.start)
    }

    /// Takes text as it is read by people.
    pub(super) fn note_prose(&mut self, text: &str) {
        if self.image.is_some() {
            return;
        }
        if self.is_marked() {
            self.prose.text.push(MARKED);
        } else {
            self.prose.text.push_str(text);
        }
    }

    /// Takes what is no text of the language.
    pub(super) fn note_no_prose(&mut self) {
        self.prose.text.push(ELSEWHERE);
    }

    /// Whether the current words are marked as being in another language.
    fn is_marked(&self) -> bool {
        self.open.iter().rev().any(|open| match open {
            Open::Span { marked } | Open::Raw { marked, .. } => *marked,
            Open::Link(Some(index)) => self.body.links[*index].attributes.lang.is_some(),
            _ => false,
        })
    }

    /// Looks at the text of a block that has ended.
    pub(super) fn end_prose(&mut self, is_paragraph: bool) {
        let Some(span) = self.prose.span.take() else { return };
        self.end_slips();
        let text = std::mem::take(&mut self.prose.text);
        let Reading { measures, foreign } = read(&text, self.options.language);
        if let Some(words) = foreign {
            self.report_foreign(words, &span);
        }
        if is_paragraph && measures.words > MANY_WORDS {
            let line = self.source.body[span.clone()].split(['\n', '\r']).next().unwrap_or_default();
            let place = self.source.place(span.start..span.start + line.len());
            let words = format!("this paragraph has {} words", measures.words);
            self.report
                .push(Diagnostic::new(&LONG_PARAGRAPH, words).at(place).help("part it where a new thought begins"));
        }
        let total = &mut self.prose.total;
        total.words += measures.words;
        total.long_words += measures.long_words;
        total.sentences += measures.sentences;
        // Keep the room for the next block.
        self.prose.text = text;
        self.prose.text.clear();
    }

    fn report_foreign(&mut self, words: &str, span: &Range<usize>) {
        let source = &self.source.body[span.clone()];
        // In the source there may be markup in the midst of them.
        let mut beginnings = iter::successors(Some(words), |words| {
            let (before, _) = words.rsplit_once(char::is_whitespace)?;
            Some(before.trim_end())
        });
        let at = beginnings.find_map(|words| source.find(words).map(|at| at..at + words.len())).unwrap_or(0..0);
        let place = self.source.place(span.start + at.start..span.start + at.end);
        let language = if is_language(self.options.language, "en") { "sv" } else { "en" };
        let diagnostic = Diagnostic::new(&UNMARKED_LANGUAGE, format!("`{words}` is not marked as another language"))
            .at(place)
            .help(format!("mark the whole passage: `[{words}]{{lang={language}}}`"));
        self.report.push(diagnostic);
    }

    /// Says how hard the whole text is to read. LIX was made for Swedish, and holds for its nearest relatives.
    pub(super) fn check_readability(&mut self) {
        let total = self.prose.total;
        let is_nordic = ["sv", "da", "nb", "nn", "no"].iter().any(|known| is_language(self.options.language, known));
        if !is_nordic || total.words < FEW_WORDS || total.lix() <= HIGH_LIX {
            return;
        }
        let words = format!("the text has a LIX of {}", total.lix());
        let (a_sentence, long) = (total.words / total.sentences.max(1), 100 * total.long_words / total.words);
        let diagnostic = Diagnostic::new(&HARD_TO_READ, words)
            .at(self.source.place(0..0))
            .help(format!("a sentence has {a_sentence} words, and {long} % of all words have more than six letters"));
        self.report.push(diagnostic);
    }
}

fn is_language(tag: &str, primary: &str) -> bool {
    tag.split(['-', '_']).next().is_some_and(|first| first.eq_ignore_ascii_case(primary))
}

/// What there is to say of a text.
struct Reading<'t> {
    measures: Measures,
    /// The first stretch in another language than the text's own.
    foreign: Option<&'t str>,
}

fn read<'t>(text: &'t str, own: &str) -> Reading<'t> {
    let mut measures = Measures::default();
    let mut foreign = Foreign::new(text, own);
    let mut is_open = false;
    each_word(text, |word, signs| {
        let is_bare = signs & OTHER == 0;
        let bare = if is_bare { word } else { word.trim_matches(|sign: char| !sign.is_alphanumeric()) };
        if !is_bare || !foreign.is_idle(bare) {
            foreign.take(word, bare);
        }
        if !bare.is_empty() {
            measures.words += 1;
            measures.long_words += usize::from(is_long(bare, signs));
            is_open = is_bare || !ends_a_sentence(word);
            measures.sentences += usize::from(!is_open);
        }
    });
    measures.sentences += usize::from(is_open);
    Reading { measures, foreign: foreign.found }
}

fn ends_a_sentence(word: &str) -> bool {
    word.trim_end_matches(['"', '”', '\'', '’', ')']).ends_with(['.', '!', '?', ':'])
}

fn is_long(word: &str, signs: u8) -> bool {
    word.len() > 6 && (signs == LETTER || letters(word, signs) > 6)
}

fn letters(word: &str, signs: u8) -> usize {
    let is_letter = |sign: &char| signs & OTHER == 0 || sign.is_alphanumeric();
    word.chars().filter(is_letter).count()
}

/// Takes each word of a text, with what its bytes are. What a hard space holds together is one word.
fn each_word<'t>(text: &'t str, mut take: impl FnMut(&'t str, u8)) {
    let mut rest = text;
    while !rest.is_empty() {
        let (mut end, mut signs) = (rest.len(), 0);
        for (at, byte) in rest.bytes().enumerate() {
            let sign = SIGNS[usize::from(byte)];
            if sign == BLANK {
                end = at;
                break;
            }
            signs |= sign;
        }
        if end > 0 {
            take(&rest[..end], signs);
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
}

const BLANK: u8 = 0;
/// A letter or digit of ASCII.
const LETTER: u8 = 1;
/// A part of a letter of Latin-1: `å` is 0xC3 and 0xA5.
const LATIN: u8 = 2;
const OTHER: u8 = 4;

/// What a byte of UTF-8 is. Every byte of a site's texts comes by here, and most words are letters alone, which leaves
/// little to do for them. The two signs among the letters of Latin-1, `×` and `÷`, are told by their second byte.
const SIGNS: [u8; 256] = {
    let mut signs = [OTHER; 256];
    let mut byte = 0_u8;
    loop {
        signs[byte as usize] = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0C => BLANK,
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => LETTER,
            0xC3 | 0x80..=0x96 | 0x98..=0xB6 | 0xB8..=0xBF => LATIN,
            _ => OTHER,
        };
        if byte == u8::MAX {
            break signs;
        }
        byte += 1;
    }
};

/// What a word tells of the language it stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Evidence {
    /// It is a word of the other language alone.
    Other,
    /// It is no word of the other language.
    Own,
    /// It may be the name of something.
    Name,
    Neither,
}

/// Looks for the first stretch of a text that is in another language than its own: English in all languages but English,
/// Swedish in English. Short words that the one language has and the other has not betray it; titles of persons and
/// things, in which every other word begins with a capital, need no mark.
struct Foreign<'t> {
    text: &'t str,
    other: &'static Other,
    /// Where a stretch may have begun, how many words ago its last sign was, and whether it has a word that is no name.
    first: Option<usize>,
    since: usize,
    plain: bool,
    found: Option<&'t str>,
    /// Whether what is found may go on.
    goes_on: bool,
}

/// A language that is looked for in texts of another.
struct Other {
    /// Whether a word is of this language alone.
    has: fn(&str) -> bool,
    evidence: fn(&str) -> Evidence,
    /// Common words of the text's own language, at which what is found ends.
    back: &'static [&'static str],
}

const ENGLISH: Other = Other {
    has: is_english,
    evidence: english_evidence,
    back: &["finns", "kan", "ska", "vi", "var", "blev", "heter", "handlar", "visar", "kommer", "eller", "vid"],
};
const SWEDISH: Other = Other {
    has: is_swedish,
    evidence: swedish_evidence,
    back: &["is", "was", "are", "has", "can", "in", "for", "on", "by", "it", "which", "means"],
};

impl<'t> Foreign<'t> {
    fn new(text: &'t str, own: &str) -> Self {
        let other = if is_language(own, "en") { &SWEDISH } else { &ENGLISH };
        Self { text, other, first: None, since: 0, plain: false, found: None, goes_on: false }
    }

    /// Whether a word that is letters alone changes nothing, as most do.
    fn is_idle(&self, word: &str) -> bool {
        self.first.is_none() && !self.plain && self.found.is_none() && !(self.other.has)(word)
    }

    fn take(&mut self, word: &'t str, bare: &'t str) {
        if self.found.is_some() {
            self.go_on(word, bare);
            return;
        }
        // What stands right after marked words is likely of their language too: one sign of it is enough.
        if !word.is_ascii() && word.contains(MARKED) {
            (self.first, self.since, self.plain) = (None, 0, word.ends_with(MARKED));
            return;
        }
        match (self.other.evidence)(bare) {
            Evidence::Other if self.plain => {
                let (start, end) = (offset(self.text, bare), offset(self.text, bare) + bare.len());
                self.found = Some(&self.text[self.first.unwrap_or(start)..end]);
                self.goes_on = !ends_a_stretch(word);
                return;
            }
            Evidence::Other => {
                self.first = self.first.or_else(|| Some(offset(self.text, bare)));
                self.since = 0;
            }
            Evidence::Own => self.forget(),
            Evidence::Name => {}
            Evidence::Neither if self.first.is_some() || self.plain => {
                self.first = self.first.or_else(|| Some(offset(self.text, bare)));
                self.plain = true;
            }
            Evidence::Neither => {}
        }
        self.since += 1;
        // Nearly always there is nothing to forget.
        if (self.first.is_some() || self.plain) && (self.since > NEAR || ends_a_stretch(word)) {
            self.forget();
        }
    }

    /// Lets the passage that is found reach as far as its sentence, or to a word of the text's own language.
    fn go_on(&mut self, word: &str, bare: &'t str) {
        let is_own = (self.other.evidence)(bare) == Evidence::Own || self.other.back.contains(&bare);
        self.goes_on &= !is_own && !word.contains([ELSEWHERE, MARKED]);
        if self.goes_on && !bare.is_empty() {
            let found = self.found.unwrap_or_default();
            let start = offset(self.text, found);
            self.found = Some(&self.text[start..offset(self.text, bare) + bare.len()]);
            self.goes_on = !ends_a_stretch(word);
        }
    }

    fn forget(&mut self) {
        (self.first, self.plain) = (None, false);
    }
}

fn ends_a_stretch(word: &str) -> bool {
    word.ends_with(['.', '!', '?', ':', ';', ELSEWHERE]) || word.starts_with(ELSEWHERE)
}

fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

fn is_english(word: &str) -> bool {
    // Bytes are matched one by one; of texts each is compared whole, and every word of a site comes by here.
    matches!(
        word.as_bytes(),
        b"the"
            | b"The"
            | b"of"
            | b"and"
            | b"with"
            | b"this"
            | b"This"
            | b"that"
            | b"which"
            | b"their"
            | b"your"
            | b"from"
            | b"to"
            | b"for"
            | b"are"
            | b"how"
            | b"How"
            | b"what"
            | b"What"
            | b"these"
            | b"those"
            | b"have"
            | b"has"
            | b"not"
            | b"our"
            | b"its"
            | b"through"
    )
}

fn english_evidence(word: &str) -> Evidence {
    match word {
        "och" | "att" | "som" | "av" | "till" | "ett" | "en" | "den" | "det" | "i" | "om" | "med" | "har" | "inte"
        | "de" => Evidence::Own,
        _ if is_english(word) => Evidence::Other,
        _ if !word.is_ascii() => Evidence::Own,
        _ => name_or_neither(word),
    }
}

fn is_swedish(word: &str) -> bool {
    matches!(
        word,
        "och"
            | "att"
            | "som"
            | "är"
            | "på"
            | "av"
            | "med"
            | "till"
            | "för"
            | "ett"
            | "det"
            | "inte"
            | "från"
            | "hos"
            | "vid"
            | "även"
    )
}

fn swedish_evidence(word: &str) -> Evidence {
    match word {
        "the" | "of" | "and" | "to" | "with" | "from" | "that" => Evidence::Own,
        _ if is_swedish(word) => Evidence::Other,
        _ => name_or_neither(word),
    }
}

fn name_or_neither(word: &str) -> Evidence {
    let begins_small = word.starts_with(char::is_lowercase);
    if begins_small { Evidence::Neither } else { Evidence::Name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_language_is_seen_and_names_are_not() {
        for (text, found) in [
            ("Boken heter the rights of the child och finns här.", Some("the rights of the child")),
            ("Läs what this means for you i dag.", Some("what this means for you")),
            ("Rapporten säger that the rights of children. Of what", Some("that the rights of children")),
            ("Boken \u{fffd} child and the state finns.", Some("child and the state")),
            ("Boken \u{fffd}. Child and Vi.", None),
            ("Boken \u{fffd} finns för alla.", None),
            ("Office of the High Commissioner for Human Rights ligger i Genève.", None),
            ("Vi for till Umeå for att se på.", None),
            ("Det är for fint och of viktigt.", None),
            ("Mötet hölls på engelska. The end. Of course.", None),
            ("", None),
        ] {
            assert_eq!(read(text, "sv").foreign, found, "{text}");
        }
        assert_eq!(
            read("The report about vad det betyder för kommuner och regioner.", "en").foreign,
            Some("det betyder för kommuner och regioner")
        );
        assert_eq!(read("Municipalities and regions in Sweden.", "en-GB").foreign, None);
    }

    #[test]
    fn readability() {
        let measures = read("Det här är lätt. Tillgänglighetsredogörelser är svåra!", "sv").measures;
        assert_eq!(measures, Measures { words: 7, long_words: 1, sentences: 2 });
        assert_eq!(measures.lix(), 3 + 14);
        assert_eq!(read("– …", "sv").measures, Measures::default());
        assert_eq!(Measures::default().lix(), 0);
    }
}
