//! Languages with their countries, as Open Graph wants them.

/// Where languages are mostly at home, as far as Swedish public sites write in them.
const HOMES: [(&str, &str); 24] = [
    ("ar", "AR"),
    ("da", "DK"),
    ("de", "DE"),
    ("en", "GB"),
    ("es", "ES"),
    ("et", "EE"),
    ("fa", "IR"),
    ("fi", "FI"),
    ("fr", "FR"),
    ("hr", "HR"),
    ("is", "IS"),
    ("it", "IT"),
    ("ku", "TR"),
    ("lt", "LT"),
    ("lv", "LV"),
    ("nb", "NO"),
    ("nl", "NL"),
    ("nn", "NO"),
    ("pl", "PL"),
    ("ru", "RU"),
    ("se", "NO"),
    ("sv", "SE"),
    ("tr", "TR"),
    ("uk", "UA"),
];

/// A BCP 47 tag as `language_COUNTRY`: `sv` is `sv_SE`, `en-US` is `en_US`. None where the country is not known.
pub fn locale(tag: &str) -> Option<String> {
    let mut parts = tag.split('-');
    let language = parts.next()?.to_ascii_lowercase();
    let is_country = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let home = || HOMES.iter().find(|(known, _)| *known == language).map(|(_, country)| (*country).to_owned());
    let country = parts.find(is_country).map(str::to_ascii_uppercase).or_else(home)?;
    Some(format!("{language}_{country}"))
}

#[cfg(test)]
mod tests {
    use super::locale;

    #[test]
    fn languages_have_countries() {
        for (tag, expected) in [
            ("sv", Some("sv_SE")),
            ("sv-FI", Some("sv_FI")),
            ("en", Some("en_GB")),
            ("en-US", Some("en_US")),
            ("zh-Hant-TW", Some("zh_TW")),
            ("sma", None),
        ] {
            assert_eq!(locale(tag).as_deref(), expected, "{tag}");
        }
    }
}
