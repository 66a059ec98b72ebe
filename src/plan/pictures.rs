//! What link previews show of a page, and the site's icons: which pictures there are, and what they say.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, PoisonError};

use crate::code;
use crate::config::settings::SocialImages;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::image::{Drawing, HEIGHT, Painter, WIDTH, Words};
use crate::plan::parts::Pictured;
use crate::plan::{Output, Planner, Recipe};
use crate::view::{IconView, ImageView};

code! { pub UNDRAWABLE_LETTERS = "undrawable-letters", Error, "letters that the theme's font does not have",
"The icon of the site is drawn by the build, with the font that the theme names under `pictures:`. Give it other \
letters, or put an icon of your own into `theme/assets/favicon.svg`." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&UNDRAWABLE_LETTERS];

/// The name of a picture beside its page.
const PREVIEW: &str = "social.png";

/// The icons that are drawn: address, use, media type and sizes.
const ICONS: [(&str, &str, &str, &str); 3] = [
    ("/favicon.ico", "icon", "image/x-icon", "32x32"),
    ("/favicon.svg", "icon", "image/svg+xml", "any"),
    ("/apple-touch-icon.png", "apple-touch-icon", "image/png", "180x180"),
];

impl Planner<'_> {
    /// The image for link previews of a page: the entry's own, or else a picture that is drawn.
    pub fn preview(&self, route: &str, own: Option<ImageView>, pictured: Option<&Pictured>) -> Option<ImageView> {
        if let Some(own) = own.filter(|own| is_shown_in_previews(&own.url)) {
            return Some(ImageView { url: format!("{}{}", self.settings().origin, own.url), ..own });
        }
        let (pictured, painter) = (pictured?, self.painter?);
        match self.settings().social_images {
            SocialImages::None => None,
            SocialImages::Site if pictured.route != "/" => self.picture_of_site(painter),
            _ => self.picture(route, pictured, painter).or_else(|| self.picture_of_site(painter)),
        }
    }

    /// A picture of a page's own, unless the font lacks one of its letters. The page that it is for asks for it.
    fn picture(&self, route: &str, pictured: &Pictured, painter: &Arc<Painter>) -> Option<ImageView> {
        let words = match pictured.route {
            "/" => self.words_of_site(painter)?,
            _ => Words {
                kicker: pictured.kicker.clone(),
                heading: pictured.heading.to_owned(),
                band: Some(&self.settings().title).filter(|title| painter.lacks(title).is_none()).cloned(),
            },
        };
        if words.each().any(|text| painter.lacks(text).is_some()) {
            return None;
        }
        let image = self.drawn(pictured.route, &words, painter);
        if route == pictured.route {
            let recipe = Recipe::Drawing(painter.clone(), Drawing::Preview(Arc::new(words)));
            let output = Output { route: format!("{route}{PREVIEW}"), recipe, source: pictured.source.clone() };
            self.pictures.lock().unwrap_or_else(PoisonError::into_inner).push(output);
        }
        Some(image)
    }

    /// The picture of the home page, which is there for pages without one.
    fn picture_of_site(&self, painter: &Painter) -> Option<ImageView> {
        Some(self.drawn("/", &self.words_of_site(painter)?, painter))
    }

    /// The site's title, with what is written under it.
    fn words_of_site(&self, painter: &Painter) -> Option<Words> {
        let settings = self.settings();
        let is_drawn = |text: &&String| painter.lacks(text).is_none();
        let band = settings.tagline.as_ref().filter(is_drawn).cloned();
        Some(Words { kicker: None, heading: Some(&settings.title).filter(is_drawn)?.clone(), band })
    }

    fn drawn(&self, route: &str, words: &Words, painter: &Painter) -> ImageView {
        ImageView {
            // Those who show previews keep a picture by its address, and would go on showing the old one.
            url: format!("{}?v={}", self.settings().absolute(&format!("{route}{PREVIEW}")), painter.version(words)),
            alt: words.alt(),
            caption: None,
            credit: None,
            width: Some(WIDTH),
            height: Some(HEIGHT),
        }
    }

    /// The site's icons: those among the assets, or else those that are drawn.
    pub fn icons(&self, assets: &BTreeMap<String, String>, report: &mut Report) -> Vec<IconView> {
        let view = |(route, rel, kind, sizes): (&str, &str, &str, &str), url: String| IconView {
            rel: rel.to_owned(),
            r#type: kind.to_owned(),
            sizes: if route == "/favicon.ico" && assets.contains_key("favicon.ico") { "any" } else { sizes }.to_owned(),
            url,
        };
        let own = ICONS.iter().filter_map(|icon| Some(view(*icon, assets.get(&icon.0[1..])?.clone())));
        let own: Vec<IconView> = own.collect();
        if !own.is_empty() {
            return own;
        }
        let letters = &self.settings().icon_letters;
        let Some(painter) = self.painter.filter(|_| !letters.value.is_empty()) else { return Vec::new() };
        if let Some(sign) = painter.lacks(&letters.value) {
            // Of the site's title nobody has said that it is to be drawn.
            if letters.place != self.settings().place {
                report.push(undrawable(sign, &letters.place));
            }
            return Vec::new();
        }
        ICONS.iter().map(|icon| view(*icon, self.href(icon.0))).collect()
    }

    /// The files of the icons that are drawn.
    pub fn icon_outputs(&self, assets: &BTreeMap<String, String>) -> Vec<Output> {
        let is_drawn = |route: &str, icons: &[IconView]| icons.iter().any(|icon| icon.url == self.href(route));
        let icons = self.icons(assets, &mut Report::default());
        let Some(painter) = self.painter else { return Vec::new() };
        let letters: Arc<str> = self.settings().icon_letters.value.as_str().into();
        let output = |(route, ..): &(&str, &str, &str, &str)| {
            let drawing = match *route {
                "/favicon.ico" => Drawing::IconIco(letters.clone()),
                "/favicon.svg" => Drawing::IconSvg(letters.clone()),
                _ => Drawing::IconTouch(letters.clone()),
            };
            let recipe = Recipe::Drawing(painter.clone(), drawing);
            Output { route: (*route).to_owned(), recipe, source: self.settings().place.clone() }
        };
        ICONS.iter().filter(|(route, ..)| is_drawn(route, &icons)).map(output).collect()
    }
}

fn undrawable(sign: char, place: &Place) -> Diagnostic {
    Diagnostic::new(&UNDRAWABLE_LETTERS, format!("the theme's font has no `{}`", sign.escape_debug()))
        .at(place.clone())
        .help("take other letters, or put an icon of your own into `theme/assets/favicon.svg`")
}

/// How previews show an image: large when it is wide enough to fill the width.
pub fn card_of(image: Option<&ImageView>) -> &'static str {
    let size = image.and_then(|image| image.width.zip(image.height));
    match size {
        Some((width, height)) if width >= 600 && width * 2 >= height * 3 => "summary_large_image",
        _ => "summary",
    }
}

/// Whether those who show previews can show an image of this type.
fn is_shown_in_previews(url: &str) -> bool {
    let ending = Path::new(url).extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["png", "jpg", "jpeg", "gif", "webp"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}
