//! What the build draws, and what pages say of themselves to those who share them: previews, icons, colours.

use crate::site::{Page, Run, Site};

fn post(title: &str, keys: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2026-10-01\n{keys}---\nText.\n")
}

fn event(title: &str, keys: &str) -> String {
    let when = "date: 2026-10-01\nstart: 2027-03-01T09:30\nend: 2027-03-01T16:00\nplace: {city: Malmö}\n";
    format!("---\ntitle: {title}\n{when}{keys}---\nOm dagen.\n")
}

/// What a page says in its head under a name.
#[track_caller]
fn meta(page: &Page, name: &str) -> String {
    let found = page.html.split(&format!("=\"{name}\" content=\"")).nth(1).and_then(|rest| rest.split('"').next());
    found.unwrap_or_else(|| panic!("`{name}` is in {}", page.html)).to_owned()
}

/// The address of the image for link previews, within the site and without its version.
#[track_caller]
fn picture_of(page: &Page) -> String {
    let image = meta(page, "og:image");
    let route = image.strip_prefix("https://test.example.org").expect("it is of this site");
    route.split('?').next().unwrap_or_default().to_owned()
}

/// The width and height that a PNG file says it has.
#[track_caller]
fn size(run: &Run, route: &str) -> (u32, u32) {
    let png = &run.public[route.trim_start_matches('/')];
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n", "{route} is PNG");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes"));
    (number(16), number(20))
}

// Pictures for link previews.

#[test]
fn every_entry_and_list_has_a_picture_that_says_what_it_is() {
    let run = Site::new()
        .file("content/blog/ratten.md", post("Rätten till en bostad", "tags: [bostad]\n"))
        .file("content/events/mr-dagen.md", event("MR-dagen", ""))
        .build();
    let page = run.well().page("/blogg/ratten/");
    assert_eq!(picture_of(&page), "/blogg/ratten/social.png");
    assert_eq!(meta(&page, "og:image:alt"), "1 oktober 2026. Rätten till en bostad. Testbloggen");
    assert_eq!((meta(&page, "og:image:width"), meta(&page, "og:image:height")), ("1200".to_owned(), "630".to_owned()));
    assert_eq!(meta(&page, "twitter:card"), "summary_large_image");
    for route in ["/", "/blogg/", "/blogg/ratten/", "/konferenser/", "/konferenser/mr-dagen/", "/amnen/bostad/"] {
        assert_eq!(picture_of(&run.page(route)), format!("{route}social.png"));
        assert_eq!(size(&run, &format!("{route}social.png")), (1200, 630));
    }
    assert_eq!(meta(&run.page("/"), "og:image:alt"), "Testbloggen");
    // Nobody shares these, and nothing is drawn for them.
    run.page("/404.html").lacks("og:image");
    run.page("/sok/").lacks("og:image");
    run.has_no("/sok/social.png");
}

#[test]
fn a_cancelled_event_is_cancelled_on_its_picture_too() {
    let site = Site::new().file("content/events/mr-dagen.md", event("MR-dagen", ""));
    let before = site.build();
    site.write("content/events/mr-dagen.md", event("MR-dagen", "cancelled: true\n"));
    let after = site.build();
    let page = after.page("/konferenser/mr-dagen/");
    let alt = meta(&page, "og:image:alt");
    assert!(alt.contains("Inställt: MR-dagen") && alt.starts_with("1 mars 2027"), "{alt}");
    // The same file, drawn anew, with an address that nobody has kept the old picture of.
    let file = "konferenser/mr-dagen/social.png";
    assert!(before.public[file] != after.public[file]);
    let image = |run: &Run| meta(&run.page("/konferenser/mr-dagen/"), "og:image");
    assert_ne!(image(&before), image(&after));
    assert_eq!(picture_of(&page), picture_of(&before.page("/konferenser/mr-dagen/")));
}

#[test]
fn an_entry_with_an_image_shows_that() {
    let site = Site::new()
        .file("content/blog/bild/index.md", post("Med bild", "image: {file: bild.png, alt: Ett träd.}\n"))
        .file("content/blog/bild/bild.png", site_png())
        .file("content/blog/vektor/index.md", post("Med en teckning", "image: {file: bild.svg, alt: Ett träd.}\n"))
        .file("content/blog/vektor/bild.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    let run = site.build();
    let page = run.well().page("/blogg/bild/");
    assert_eq!(
        (picture_of(&page), meta(&page, "og:image:alt")),
        ("/blogg/bild/bild.png".to_owned(), "Ett träd.".to_owned())
    );
    assert_eq!(meta(&page, "twitter:card"), "summary", "it is small");
    run.has_no("/blogg/bild/social.png");
    // Those who show previews show no SVG.
    assert_eq!(picture_of(&run.page("/blogg/vektor/")), "/blogg/vektor/social.png");
}

/// A PNG of one pixel.
fn site_png() -> &'static [u8] {
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\nIDATx\x9cc\xf8\x0f\0\x01\x01\x01\0\x1b\xb6\xeeV\0\0\0\0IEND\xaeB`\x82"
}

#[test]
fn the_pages_of_a_list_share_its_picture_and_have_numbers_in_their_titles() {
    let mut site = Site::new().settings("sections: {blog: {per_page: 2}}\n");
    for nth in 1..=5 {
        site = site.file(&format!("content/blog/inlagg-{nth}.md"), post(&format!("Inlägg {nth}"), ""));
    }
    let run = site.build();
    let third = run.well().page("/blogg/sida/3/");
    assert_eq!(picture_of(&third), "/blogg/social.png");
    assert_eq!(third.text("title"), "Blogg, sida 3 av 3 – Testbloggen");
    run.has_no("/blogg/sida/3/social.png");
}

#[test]
fn a_title_in_letters_that_the_font_lacks_gets_the_picture_of_the_site() {
    let run = Site::new()
        .file("content/blog/arabiska.md", post("حقوق الإنسان", "slug: arabiska\nlang: ar\n"))
        .file("content/blog/samiska.md", post("Sámi álbmoga vuoigatvuođat ŋ ŧ", ""))
        .build();
    let page = run.well().page("/blogg/arabiska/");
    assert_eq!((picture_of(&page), meta(&page, "og:image:alt")), ("/social.png".to_owned(), "Testbloggen".to_owned()));
    run.has_no("/blogg/arabiska/social.png");
    assert_eq!(picture_of(&run.page("/blogg/samiska/")), "/blogg/samiska/social.png");
}

#[test]
fn a_site_may_have_one_picture_or_none() {
    let site = Site::new().file("content/blog/x.md", post("Hej", "")).settings("social_images: site\n");
    let run = site.build();
    assert_eq!(picture_of(&run.well().page("/blogg/x/")), "/social.png");
    assert_eq!(run.public.keys().filter(|path| path.ends_with("social.png")).count(), 1);
    site.edit("site.yaml", |text| text.replace("social_images: site", "social_images: none"));
    let run = site.build();
    let page = run.well().page("/blogg/x/");
    page.lacks("og:image").lacks("social.png");
    assert_eq!(meta(&page, "twitter:card"), "summary");
    assert_eq!(run.public.keys().filter(|path| path.ends_with("social.png")).count(), 0);
}

#[test]
fn a_file_with_the_name_of_the_picture_is_in_its_way() {
    let site = Site::new()
        .file("content/blog/x/index.md", post("Hej", "") + "\n[Bild](social.png)\n")
        .file("content/blog/x/social.png", site_png());
    let run = site.build();
    run.exits(1).finds("duplicate-address", "content/blog/x/social.png", "give the file another name");
}

#[test]
fn a_theme_that_says_nothing_of_pictures_has_none() {
    let run = Site::plain().file("content/blog/x.md", post("Hej", "")).build();
    assert!(run.well().public.keys().all(|path| !path.ends_with("social.png") && !path.contains("favicon")));
}

#[test]
fn under_a_base_path_pictures_and_icons_are_where_pages_say() {
    let run = Site::new().with("--base-url").with("https://test.example.org/mr/").build();
    let page = run.well().page("/");
    assert_eq!(picture_of(&page), "/mr/social.png");
    page.has("href=\"/mr/favicon.svg\"").has("href=\"/mr/favicon.ico\"").has("href=\"/mr/apple-touch-icon.png\"");
}

// The head.

#[test]
fn a_post_says_when_it_was_published_and_in_what_language() {
    let run = Site::new()
        .file("content/blog/x.md", post("Hej", "updated: 2026-11-02\n"))
        .file("content/blog/y.md", post("Hello", "lang: en\n"))
        .file("content/events/mr-dagen.md", event("MR-dagen", ""))
        .build();
    let page = run.well().page("/blogg/x/");
    assert_eq!(meta(&page, "article:published_time"), "2026-10-01T00:00:00+02:00");
    assert_eq!(meta(&page, "article:modified_time"), "2026-11-02T00:00:00+01:00");
    assert_eq!(meta(&page, "og:locale"), "sv_SE");
    assert_eq!(meta(&run.page("/blogg/y/"), "og:locale"), "en_GB");
    run.page("/konferenser/mr-dagen/").lacks("article:");
}

#[test]
fn browsers_are_told_the_colour_of_the_theme() {
    let page = Site::new().build().page("/");
    let colour = |scheme: &str| {
        let media = format!("(prefers-color-scheme: {scheme})");
        page.html.split(&format!("theme-color\" media=\"{media}\" content=\"")).nth(1).map(|rest| rest[..7].to_owned())
    };
    let (light, dark) = (colour("light").expect("it is there"), colour("dark").expect("it is there"));
    assert!(light.starts_with('#') && dark.starts_with('#') && light != dark, "{light} {dark}");
}

// The icons.

#[test]
fn the_icon_has_the_first_letter_of_the_site_or_those_it_chooses() {
    let site = Site::new();
    let first = site.build();
    let svg = String::from_utf8_lossy(&first.well().public["favicon.svg"]).into_owned();
    assert!(svg.starts_with("<svg ") && !svg.contains("style") && !svg.contains("<text"), "{svg}");
    first.page("/").has("rel=\"icon\" type=\"image/svg+xml\"").has("rel=\"apple-touch-icon\"");
    assert_eq!(size(&first, "/apple-touch-icon.png"), (180, 180));
    assert_eq!(first.public["favicon.ico"][..4], [0, 0, 1, 0]);
    let chosen = site.settings("favicon: {letters: MR}\n").build();
    for icon in ["favicon.svg", "favicon.ico", "apple-touch-icon.png"] {
        assert!(first.public[icon] != chosen.well().public[icon], "{icon}");
    }
}

#[test]
fn icons_of_the_sites_own_take_the_place_of_those_that_are_drawn() {
    let site = Site::new().file("theme/assets/favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
    let run = site.build();
    run.well().has_no("/favicon.svg").has_no("/favicon.ico").has_no("/apple-touch-icon.png");
    run.page("/").has("<link rel=\"icon\" type=\"image/svg+xml\" sizes=\"any\" href=\"/assets/favicon.");
}

#[test]
fn letters_that_cannot_be_an_icon_are_refused() {
    let run = Site::new().settings("favicon: {letters: ☃}\n").check();
    run.exits(1).finds("undrawable-letters", "site.yaml", "the theme's font has no `☃`");
    let run = Site::new().settings("favicon: {letters: Mänsklig}\n").check();
    run.exits(1).finds("out-of-range", "site.yaml", "`Mänsklig` is too much for an icon");
    let run = Site::new().settings("favicon: {leters: M}\n").check();
    run.exits(1).finds("unknown-key", "site.yaml", "did you mean `letters`?");
    // A site whose title is in other letters has no icon that is drawn, and that is no mistake.
    let site = Site::new();
    site.edit("site.yaml", |text| text.replace("title: Testbloggen", "title: حقوق"));
    let run = site.build();
    run.well().has_no("/favicon.svg");
    run.page("/").lacks("rel=\"icon\"").lacks("og:image");
}
