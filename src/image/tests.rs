use std::fs;

use proptest::prelude::*;

use super::font::Tones;
use super::lines::{Frame, set};
use super::*;

const FONT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/themes/mr/pictures/AtkinsonHyperlegibleNext-Bold.ttf");

fn font() -> Font {
    Font::read(fs::read(FONT).expect("the theme has the font")).expect("it is one")
}

fn painter() -> Painter {
    let palette = Palette {
        background: Colour::new(0xff, 0xff, 0xff),
        ink: Colour::new(0x1b, 0x23, 0x28),
        accent: Colour::new(0x10, 0x50, 0x6f),
        on_accent: Colour::new(0xff, 0xff, 0xff),
    };
    Painter::new(font(), palette)
}

fn words(kicker: Option<&str>, heading: &str) -> Words {
    Words { kicker: kicker.map(str::to_owned), heading: heading.to_owned(), band: Some("MR-bloggen".to_owned()) }
}

fn preview(kicker: Option<&str>, heading: &str) -> Vec<u8> {
    painter().draw(&Drawing::Preview(Arc::new(words(kicker, heading))))
}

/// The size and the pixels of a PNG file as another library understands it: red, green and blue, perhaps opacity.
fn decoded(png: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut decoder = ::png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(::png::Transformations::EXPAND);
    let mut reader = decoder.read_info().expect("it is PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("it fits")];
    let info = reader.next_frame(&mut pixels).expect("all rows are there");
    (info.width, info.height, pixels)
}

const HEADING: Frame<'static> = Frame { width: 1040, sizes: &[(104, 2), (76, 4), (48, 6)], apart: 76 };

fn lines(text: &str) -> Vec<String> {
    set(&font(), text, HEADING).lines
}

#[test]
fn lines_are_about_as_long_as_each_other() {
    for (text, expected) in [
        ("Kontakt", vec!["Kontakt"]),
        ("Inställt: Studiebesök i Huddinge", vec!["Inställt: Studiebesök", "i Huddinge"]),
        ("Rättighetsbaserat arbetssätt: en handbok", vec!["Rättighetsbaserat", "arbetssätt: en handbok"]),
        // A dash stays with the word before it, and a line rather ends after one.
        ("MR-dagen i Malmö – vem får bo här?", vec!["MR-dagen i Malmö –", "vem får bo här?"]),
        // A line may end after a hyphen between words, and not in `e-post`.
        ("Likabehandling och icke-diskriminering", vec!["Likabehandling och", "icke-diskriminering"]),
        ("E-post", vec!["E-post"]),
    ] {
        let lines: Vec<String> = lines(text).iter().map(|line| line.replace('\u{a0}', " ")).collect();
        assert_eq!(lines, expected);
    }
}

#[test]
fn long_compounds_are_parted_where_words_are_joined() {
    for (text, expected) in [
        ("Jämställdhetsintegreringsarbete", vec!["Jämställdhets-", "integreringsarbete"]),
        ("Arbetsmarknadsutbildningsinsatser", vec!["Arbetsmarknads-", "utbildningsinsatser"]),
        ("Barnkonsekvensanalysutbildning", vec!["Barnkonsekvens-", "analysutbildning"]),
        ("Huvudkollektivavtalsförhandlingar", vec!["Huvudkollektivavtalsför-", "handlingar"]),
        // What the writer has marked is not seen.
        ("Funk\u{ad}tions\u{ad}rätt", vec!["Funktionsrätt"]),
    ] {
        assert_eq!(lines(text), expected);
    }
}

#[test]
fn what_is_too_much_ends_with_an_ellipsis() {
    let heading = "Så följer vi upp rättigheterna för personer med funktionsnedsättning i budgeten, ".repeat(6);
    let lines = lines(&heading);
    assert_eq!(lines.len(), 6);
    assert!(lines[5].ends_with('…'), "{lines:?}");
    assert!(lines[0].starts_with("Så följer vi"), "{lines:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn no_title_is_clipped(text in "[a-zåäöA-ZÅÄÖ0-9 :–/\\-,.!?]{0,240}|\\PC{0,60}|[bdgkst]{0,300}") {
        let font = font();
        let set = set(&font, &text, HEADING);
        prop_assert!(set.lines.len() <= 6);
        for line in &set.lines {
            prop_assert!(font.width(line, set.size) <= HEADING.width, "{line}");
        }
        prop_assert!(decoded(&preview(Some(&text), &text)).2.len() == 1200 * 630 * 3);
    }
}

#[test]
fn a_picture_is_1200_by_630_and_readable_by_others() {
    let (width, height, pixels) = decoded(&preview(Some("25 maj 2027"), "Inställt: Studiebesök i Huddinge"));
    assert_eq!((width, height), (WIDTH, HEIGHT));
    let pixel = |x: usize, y: usize| &pixels[(y * 1200 + x) * 3..][..3];
    assert_eq!(pixel(0, 0), [0xff, 0xff, 0xff], "the paper");
    assert_eq!(pixel(1199, 629), [0x10, 0x50, 0x6f], "the band");
    let rows = |from: usize, to: usize| pixels[from * 3600..to * 3600].as_chunks::<3>().0;
    assert!(rows(0, 500).contains(&[0x1b, 0x23, 0x28]), "the heading is in ink");
    assert!(rows(0, 500).contains(&[0x10, 0x50, 0x6f]), "what is above it in the accent");
    assert!(rows(512, 630).contains(&[0xff, 0xff, 0xff]), "the title is white on the band");
    for x in (0..80).chain(1120..1200) {
        assert!((0..505).all(|y| pixel(x, y) == [0xff, 0xff, 0xff]), "the margins are free");
    }
}

/// The same on every machine. When the layout is changed on purpose, so are these.
#[test]
fn the_same_words_give_the_same_bytes() {
    let pictures = [
        preview(None, "Kontakt"),
        preview(
            Some("20 januari 2027 kl. 13.00–16.00"),
            "Inställt: Studiebesök i Huddinge – samordning mellan förvaltningar",
        ),
        preview(Some("Vägledning"), "Jämställdhetsintegreringsarbete"),
        painter().draw(&Drawing::IconIco("MR".into())),
        painter().draw(&Drawing::IconSvg("MR".into())),
        painter().draw(&Drawing::IconTouch("Å".into())),
    ];
    let found = pictures.map(|picture| format!("{:016x}", fingerprint(&picture)));
    assert_eq!(
        found,
        [
            "fa49c8460eba0fbf",
            "d38d9fe0dff4a58b",
            "307db35d14b50097",
            "2523d32f2d1d16a7",
            "3c5b4d154cd7ef94",
            "6cbdc05575688002"
        ]
    );
}

#[test]
fn letters_are_drawn_the_same_whoever_draws_them_first() {
    let painter = painter();
    let drawing = |heading: &str| Drawing::Preview(Arc::new(words(None, heading)));
    let alone = preview(None, "Om bloggen");
    std::thread::scope(|scope| {
        for heading in ["Kontakt", "Blogg", "Om bloggen", "Metodstöd"] {
            let (painter, drawing) = (&painter, &drawing);
            scope.spawn(move || painter.draw(&drawing(heading)));
        }
    });
    assert!(painter.draw(&drawing("Om bloggen")) == alone);
}

#[test]
fn icons_are_what_their_names_say() {
    let painter = painter();
    let ico = painter.draw(&Drawing::IconIco("MR".into()));
    assert_eq!(ico[..6], [0, 0, 1, 0, 1, 0], "one icon");
    assert_eq!(ico[6..8], [32, 32]);
    let length = u32::from_le_bytes(ico[14..18].try_into().expect("four bytes")) as usize;
    assert_eq!(ico.len(), 22 + length);
    let (width, height, pixels) = decoded(&ico[22..]);
    assert_eq!((width, height), (32, 32));
    assert_eq!(pixels[3], 0, "the corners are round");
    let (width, height, pixels) = decoded(&painter.draw(&Drawing::IconTouch("M".into())));
    assert_eq!((width, height), (180, 180));
    assert_eq!(pixels[..4], [0x10, 0x50, 0x6f, 0xff], "phones round the corners themselves");
    let svg = String::from_utf8(painter.draw(&Drawing::IconSvg("MR".into()))).expect("it is text");
    assert!(svg.contains("fill=\"#10506f\"") && svg.contains("<path ") && !svg.contains("style"), "{svg}");
    assert!(svg.len() < 2048, "{}", svg.len());
}

#[test]
fn sami_can_be_written_and_other_scripts_are_said_to_be_lacking() {
    let painter = painter();
    assert_eq!(painter.lacks("ÅÄÖ åäö Éé Áá Čč Đđ Ŋŋ Šš Ŧŧ Žž Ïï Ææ Øø – ” ’ » …"), None);
    assert_eq!(painter.lacks("Mänskliga حقوق"), Some('ح'));
    assert_eq!(painter.lacks("Grattis 🎉"), Some('🎉'));
}

#[test]
fn the_alternative_text_is_what_the_picture_says() {
    let alt = |kicker, heading: &str| words(kicker, heading).alt();
    assert_eq!(alt(None, "Kontakt"), "Kontakt. MR-bloggen");
    assert_eq!(alt(Some("1 maj 2027"), "Vem får bo här?"), "1 maj 2027. Vem får bo här? MR-bloggen");
}

#[test]
fn what_is_no_font_is_not_read_as_one() {
    for bytes in [&b""[..], b"wOF2", b"\0\x01\0\0", &[0xff; 4096]] {
        assert!(Font::read(bytes.to_vec()).is_none());
    }
    // Every beginning of a font is either refused or read without harm.
    let whole = fs::read(FONT).expect("the theme has the font");
    for end in (0..whole.len()).step_by(997) {
        if let Some(font) = Font::read(whole[..end].to_vec()) {
            font.letters("Hej åäö", 40, Tones { ground: 0, first: 1, steps: 255 });
        }
    }
}
