//! Slugs: the part of an address made from a title.

/// The slug of a title: lower case, only `a`–`z`, `0`–`9` and single hyphens between them.
///
/// `å` and `ä` become `a`, `ö` becomes `o`, whether they are written as one character or as a letter and a mark.
/// It is empty when nothing of the title can be written so: the caller knows what to do then.
///
/// ```
/// assert_eq!(anslag::text::slug::slug("Välj rätt – på Åland!"), "valj-ratt-pa-aland");
/// ```
pub fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for character in title.chars() {
        push(&mut slug, character);
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// What code hosts that show Markdown, such as GitHub and GitLab, call a heading: its letters, digits, `-` and `_`, with a hyphen for
/// each space.
///
/// ```
/// assert_eq!(anslag::text::slug::anchor_of_hosts("Kom igång: så här"), "kom-igång-så-här");
/// ```
pub fn anchor_of_hosts(heading: &str) -> String {
    let is_kept = |character: &char| character.is_alphanumeric() || matches!(character, '-' | '_' | ' ');
    let kept = heading.chars().filter(is_kept).flat_map(char::to_lowercase);
    kept.map(|character| if character == ' ' { '-' } else { character }).collect()
}

fn push(slug: &mut String, character: char) {
    match character {
        'a'..='z' | '0'..='9' => slug.push(character),
        'A'..='Z' => slug.push(character.to_ascii_lowercase()),
        'å' | 'ä' | 'Å' | 'Ä' | 'æ' | 'Æ' => slug.push('a'),
        'ö' | 'Ö' | 'ø' | 'Ø' | 'œ' | 'Œ' => slug.push('o'),
        'é' | 'É' => slug.push('e'),
        // A mark belongs to the letter before it: `o` and U+0308 are one `ö`. Soft hyphens and joiners are no gaps.
        '\u{300}'..='\u{36F}' | '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}' => {}
        _ if character.is_ascii() => hyphen(slug),
        _ => transliterate(slug, character),
    }
}

/// At most one hyphen, and none first.
fn hyphen(slug: &mut String) {
    if !slug.is_empty() && !slug.ends_with('-') {
        slug.push('-');
    }
}

/// Other scripts, by the tables of the `slug` crate. Ideographs are words of their own.
fn transliterate(slug: &mut String, character: char) {
    let latin = slug::slugify(character.encode_utf8(&mut [0; 4]));
    let is_word = !character.is_lowercase() && !character.is_uppercase();
    if latin.is_empty() || is_word {
        hyphen(slug);
    }
    slug.push_str(&latin);
    if is_word {
        hyphen(slug);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slugs() {
        let cases = [
            ("Vad är MR?", "vad-ar-mr"),
            ("Årsmöte i Örebro", "arsmote-i-orebro"),
            ("A\u{30a}rsmo\u{308}te", "arsmote"),
            ("Idé och café", "ide-och-cafe"),
            ("  -- Dubbla -- streck --  ", "dubbla-streck"),
            ("Straße, Ærø, Øresund", "strasse-aro-oresund"),
            ("”Välj rätt”", "valj-ratt"),
            ("100 % gratis", "100-gratis"),
            ("Москва", "moskva"),
            ("北京", "bei-jing"),
            ("!!!", ""),
            ("", ""),
        ];
        for (title, expected) in cases {
            assert_eq!(slug(title), expected, "{title}");
        }
    }

    proptest! {
        #[test]
        fn any_title_gives_a_clean_slug(title in "\\PC*") {
            let slug = slug(&title);
            prop_assert!(slug.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')));
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"));
        }
    }
}
