//! How wide a text stands in a terminal, and how it is broken where it does not fit.

/// How many bytes of these characters fit.
pub fn fitting(characters: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut taken = 0;
    characters
        .take_while(|character| {
            taken += columns_of(*character);
            taken <= columns
        })
        .map(char::len_utf8)
        .sum()
}

/// How many columns a text takes at most.
pub fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// The most columns that a terminal gives the character.
fn columns_of(character: char) -> usize {
    match character {
        '\t' => 4,
        '\u{1100}'.. => 2,
        _ => 1,
    }
}

/// How a text is broken into lines.
#[derive(Clone, Copy, Debug)]
pub struct Fold<'a> {
    /// How many columns a line has.
    pub width: usize,
    /// How many of the first line are taken already.
    pub begun: usize,
    /// How many of each further line are taken by what `turn` ends with.
    pub indent: usize,
    /// What stands between two lines in place of the blank.
    pub turn: &'a str,
}

/// Breaks a text at blanks. A word that is longer than a line stays whole: the terminal breaks it, and it can still be copied.
pub fn fold(text: &str, fold: Fold<'_>) -> String {
    let (mut folded, mut column) = (String::with_capacity(text.len()), fold.begun);
    for (at, word) in text.split(' ').enumerate() {
        let ends = word.rsplit_once('\n');
        let first = width(word.split('\n').next().unwrap_or_default());
        let (blank, is_worth_it) = (usize::from(at > 0), at > 0 || fold.begun > fold.indent);
        if is_worth_it && column + blank + first > fold.width && !word.is_empty() {
            folded.truncate(folded.trim_end_matches(' ').len());
            folded.push_str(fold.turn);
            column = fold.indent;
        } else if at > 0 {
            folded.push(' ');
            column += 1;
        }
        folded.push_str(word);
        column = ends.map_or(column + first, |(_, last)| width(last));
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, begun: usize, expected: &str) {
        assert_eq!(fold(text, Fold { width: 12, begun, indent: 2, turn: "\n  " }), expected);
    }

    #[test]
    fn lines_are_broken_between_words() {
        check("kort", 0, "kort");
        check("mänskliga rättigheter är allas", 0, "mänskliga\n  rättigheter\n  är allas");
        check("två ord", 6, "två\n  ord");
        check("också det första", 9, "\n  också det\n  första");
        check("a  b", 0, "a  b");
        check("tolv tecken! slut", 0, "tolv tecken!\n  slut");
    }

    #[test]
    fn what_is_longer_than_a_line_stays_whole() {
        check("se https://mr.example.org/blogg/ nu", 0, "se\n  https://mr.example.org/blogg/\n  nu");
    }

    #[test]
    fn lines_that_are_there_stay() {
        check("ett\ntvå tre fyra", 0, "ett\ntvå tre fyra");
        check("ett två\ntre", 0, "ett två\ntre");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!((width("人a"), fitting("人人a".chars(), 3)), (3, 3));
        check("人人人 人人人", 0, "人人人\n  人人人");
    }
}
