//! Alternative texts of images: whether they say what the image shows.

use super::address;

/// Words that stand for an image and not for what it shows, and with which cameras begin the names of their files.
const PLACEHOLDERS: &[&str] = &[
    "alt",
    "bild",
    "bilden",
    "foto",
    "fotografi",
    "illustration",
    "image",
    "img",
    "photo",
    "photograph",
    "picture",
    "dcim",
    "dsc",
    "dscf",
    "dscn",
    "mvi",
    "pxl",
];

/// Whether an alternative text that is not empty says nothing of what the image shows: it is the name of its file, or
/// stands in the place of one, as `bild` and `IMG_2031` do.
pub fn says_nothing(alt: &str, file: &str) -> bool {
    let (alt, alt_name) = (alt.trim(), without_extension(alt.trim()));
    let name = address::decode(file.rsplit('/').next().unwrap_or_default()).unwrap_or_default();
    let is_file = alt.eq_ignore_ascii_case(&name) || (alt == without_extension(&name) && !is_proper_name(alt));
    let words = alt_name.trim_matches(|sign: char| !sign.is_alphabetic()).to_lowercase();
    !alt.is_empty() && (is_file || words.is_empty() || PLACEHOLDERS.contains(&words.as_str()))
}

/// The logo of SKR is `SKR.svg` and shows `SKR`.
fn is_proper_name(text: &str) -> bool {
    text.starts_with(char::is_uppercase) && text.chars().all(char::is_alphabetic)
}

fn without_extension(name: &str) -> &str {
    let is_extension = |end: &str| (3..=4).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphabetic());
    name.rsplit_once('.').filter(|(_, end)| is_extension(end)).map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use super::says_nothing;

    #[test]
    fn names_of_files_and_placeholders_say_nothing() {
        for alt in ["trappa-2.jpg", "Trappa-2.JPG", "trappa-2", "Bild", "bild 3", "Foto:", "...", "IMG_2031", "DSC0001"]
        {
            assert!(says_nothing(alt, "bilder/trappa-2.jpg"), "{alt}");
        }
        assert!(says_nothing("IMG_2031.JPG", "x.png") && says_nothing("en trappa", "en%20trappa.jpg"));
        for alt in ["En trappa", "Bild av en trappa", "Trappa", "SKR", "2031 trappor", ""] {
            assert!(!says_nothing(alt, "bilder/trappa-2.jpg"), "{alt}");
        }
        assert!(!says_nothing("SKR", "SKR.svg") && !says_nothing("Trappa", "trappa.jpg"));
    }
}
