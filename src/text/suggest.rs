//! "Did you mean …?": the known word that lies closest to what somebody wrote.

use strsim::damerau_levenshtein;

/// Words longer than this are no slips of the pen, and comparing them would be slow.
const LONGEST_WORD: usize = 100;

/// The shortest beginning that is taken for an abbreviation: `desc` for `description`.
const SHORTEST_PREFIX: usize = 3;

/// The word of `among` that was probably meant by `word`, if any is close enough. The first of equals wins.
///
/// Case does not count, `-` and `_` are the same, about every third character may be wrong, and the
/// beginning of a word (or a word with something added) is recognised.
///
/// ```
/// use anslag::text::suggest::closest;
/// assert_eq!(closest("cancled", ["title", "cancelled"]), Some("cancelled"));
/// ```
pub fn closest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST_WORD {
        return None;
    }
    let written = folded(word);
    among
        .into_iter()
        .filter(|candidate| *candidate != word && candidate.len() <= LONGEST_WORD)
        .filter_map(|candidate| Some((distance(&written, &folded(candidate))?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Whether slips come before abbreviations, then how much differs.
type Distance = (bool, usize);

fn distance(written: &str, known: &str) -> Option<Distance> {
    let (shorter, longer) = ordered(written.chars().count(), known.chars().count());
    if longer - shorter <= allowed(longer) {
        let slips = damerau_levenshtein(written, known);
        if slips <= allowed(longer) && slips < longer {
            return Some((false, slips));
        }
    }
    let abbreviated = shorter >= SHORTEST_PREFIX && (known.starts_with(written) || written.starts_with(known));
    abbreviated.then_some((true, longer - shorter))
}

/// How many slips a word of this many characters may hold: as rustc has it, a third, and always one.
fn allowed(characters: usize) -> usize {
    (characters / 3).max(1)
}

fn ordered(left: usize, right: usize) -> (usize, usize) {
    (left.min(right), left.max(right))
}

fn folded(word: &str) -> String {
    word.to_lowercase().replace('_', "-")
}

/// How many words of many are compared letter by letter.
const COMPARED: usize = 100;

/// The same over a whole site's names, for each of thousands of dead links: only words that begin alike and are about
/// as long are compared, and not too many of them.
pub fn closest_of_many<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let begins_alike =
        |other: &&str| other.as_bytes().iter().zip(word.as_bytes()).take(2).all(|(one, other)| one == other);
    let likely = |other: &&str| other.len().abs_diff(word.len()) <= 4 && begins_alike(other);
    closest(word, among.into_iter().filter(likely).take(COMPARED))
}

#[cfg(test)]
mod tests {
    use super::closest;

    const KEYS: [&str; 12] = [
        "title",
        "date",
        "cancelled",
        "status",
        "review_by",
        "reviewed",
        "registration",
        "description",
        "start",
        "end",
        "tags",
        "åsa-öberg",
    ];

    #[test]
    fn finds_what_was_meant() {
        for (written, meant) in [
            ("cancled", Some("cancelled")),
            ("canceled", Some("cancelled")),
            ("Title", Some("title")),
            ("TITEL", Some("title")),
            ("review-by", Some("review_by")),
            ("Review By", Some("review_by")),
            ("reviwed", Some("reviewed")),
            ("desc", Some("description")),
            ("titletext", Some("title")),
            ("tag", Some("tags")),
            ("dat", Some("date")),
            ("edn", Some("end")),
            ("asa-oberg", Some("åsa-öberg")),
            ("title", None),
            ("colour", None),
            ("x", None),
            ("", None),
            ("🙂", None),
        ] {
            assert_eq!(closest(written, KEYS), meant, "{written}");
        }
    }

    #[test]
    fn the_first_of_equals_wins() {
        assert_eq!(closest("bat", ["cat", "hat"]), Some("cat"));
        assert_eq!(closest("bat", ["hat", "cat"]), Some("hat"));
        assert_eq!(closest("bat", []), None);
    }

    #[test]
    fn endless_words_cost_nothing() {
        let endless = "a".repeat(1 << 20);
        assert_eq!(closest(&endless, KEYS), None);
        assert_eq!(closest("title", [endless.as_str()]), None);
    }
}
