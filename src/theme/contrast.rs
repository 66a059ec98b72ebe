//! Whether the theme's colours can be told from each other, in light and in dark schemes (WCAG 2.2, 1.4.3 and 1.4.11).

use std::collections::BTreeSet;

use crate::config::layers::{Contrast, Layers};
use crate::data::{EMPTY_VALUE, Located};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::image::Colour;
use crate::text::suggest::closest;
use crate::theme::assets::STYLESHEET;
use crate::theme::assets::tokens::{NoColour, Scheme, Tokens};
use crate::{code, gate};

gate! { pub LOW_CONTRAST = "low-contrast", Error, "a colour that is too like the one it stands on",
"`contrast:` in `theme.yaml` says which colours of the theme stand on which. Text must have a contrast of 4.5:1, large \
text and what must be seen to use a page (edges of fields, marks of focus) 3:1, in light and in dark schemes (WCAG 2.2, \
1.4.3 and 1.4.11). Many readers cannot read what has less, and others not in the sun." }
code! { pub UNKNOWN_TOKEN = "unknown-token", Error, "a colour that the stylesheet does not name",
"Colours in `theme.yaml` are custom properties that `style.css`, or what it imports, gives `:root`: `--ink: #1b2328;` \
is `ink`. A dark scheme gives them other values in `@media (prefers-color-scheme: dark)` or with `light-dark(…)`." }
code! { pub UNREADABLE_COLOUR = "unreadable-colour", Error, "a colour whose contrast cannot be told",
"Colours that are checked or drawn with are written as `#10506f`, `rgb(16 80 111)` or `hsl(200 75% 25%)`, or name \
another token with `var(…)`. They must be opaque: what shines through another colour has no contrast of its own." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&LOW_CONTRAST, &UNKNOWN_TOKEN, &UNREADABLE_COLOUR];

/// A token with its colour in a scheme.
struct Found<'a> {
    name: &'a str,
    colour: Colour,
    place: Place,
}

/// Holds the colours of the stylesheet against what the theme says of them.
pub fn check(layers: &Layers, tokens: &Tokens, report: &mut Report) {
    let Some(declared) = layers.nearest(|layer| layer.contrast.as_ref()) else { return };
    let schemes = if tokens.has_dark { &Scheme::ALL[..] } else { &[Scheme::Light] };
    let mut found = Report::default();
    for contrast in declared {
        refuse_empty(contrast, &mut found);
        for (names, what, needed) in demands(contrast) {
            for scheme in schemes {
                let grounds = all_found(&contrast.on.0, tokens, *scheme, &mut found);
                for own in all_found(names, tokens, *scheme, &mut found) {
                    compare(&own, &grounds, (what, needed), *scheme, &mut found);
                }
            }
        }
    }
    found.settle();
    report.merge(found);
}

/// What the colours of a declaration are for, and the contrast that they need.
fn demands(contrast: &Contrast) -> [(&[Located<String>], &'static str, f64); 3] {
    [
        (&contrast.text.0, "text", 4.5),
        (&contrast.large_text.0, "large text", 3.0),
        (&contrast.edge.0, "what must be seen", 3.0),
    ]
}

/// A declaration that compares nothing.
fn refuse_empty(contrast: &Contrast, report: &mut Report) {
    let names = demands(contrast).into_iter().flat_map(|(names, ..)| names).chain(&contrast.on.0);
    let compares = demands(contrast).iter().any(|(names, ..)| !names.is_empty()) && !contrast.on.0.is_empty();
    if let Some(name) = names.into_iter().next().filter(|_| !compares) {
        report.push(
            Diagnostic::new(&EMPTY_VALUE, "a contrast is between two colours")
                .at(name.place.clone())
                .help("write `text`, `large_text` or `edge`, and `on`: `{text: [ink], on: [paper]}`"),
        );
    }
}

fn all_found<'a>(names: &'a [Located<String>], tokens: &Tokens, scheme: Scheme, report: &mut Report) -> Vec<Found<'a>> {
    names.iter().filter_map(|name| find(name, tokens, scheme, report)).collect()
}

fn find<'a>(name: &'a Located<String>, tokens: &Tokens, scheme: Scheme, report: &mut Report) -> Option<Found<'a>> {
    let (colour, place) = colour_of(name, tokens, scheme, report)?;
    Some(Found { name: &name.value, colour, place })
}

/// The colour of a token that `theme.yaml` names. What has none is reported.
pub fn colour_of(
    name: &Located<String>,
    tokens: &Tokens,
    scheme: Scheme,
    report: &mut Report,
) -> Option<(Colour, Place)> {
    let diagnostic = match tokens.colour(&name.value, scheme) {
        Ok(found) => return Some(found),
        Err(NoColour::Unreadable(text, place)) => {
            Diagnostic::new(&UNREADABLE_COLOUR, format!("`{text}` cannot be read as an opaque colour"))
                .at(place)
                .related(name.place.clone(), "this needs its colour")
                .help("write it as `#10506f`, `rgb(16 80 111)` or `hsl(200 75% 25%)`")
        }
        Err(NoColour::Unknown) => unknown(name, tokens, scheme),
    };
    report.push(diagnostic);
    None
}

fn unknown(name: &Located<String>, tokens: &Tokens, scheme: Scheme) -> Diagnostic {
    if tokens.knows(&name.value) {
        let words = format!("`--{}` has a colour in one scheme, and none in the {} one", name.value, scheme.word());
        return Diagnostic::new(&UNKNOWN_TOKEN, words)
            .at(name.place.clone())
            .help(format!("give `:root` of `{STYLESHEET}` a `--{}` outside `@media` as well", name.value));
    }
    let bare = name.value.trim_start_matches('-');
    let words = format!("`{STYLESHEET}` gives `:root` no `--{bare}`");
    if tokens.knows(bare) {
        let words = format!("`{}` is written `{bare}` here", name.value);
        return Diagnostic::new(&UNKNOWN_TOKEN, words).at(name.place.clone()).meant(bare);
    }
    let diagnostic = Diagnostic::new(&UNKNOWN_TOKEN, words).at(name.place.clone());
    let names: BTreeSet<&str> = tokens.names().collect();
    match closest(bare, names.iter().copied()) {
        Some(meant) => diagnostic.meant(meant),
        None if names.is_empty() => diagnostic.help(format!("write `:root {{ --{bare}: … }}` there")),
        None => {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            diagnostic.help(format!("the colours there are {}", names.join(", ")))
        }
    }
}

/// Reports the grounds that a colour is too like.
fn compare(own: &Found, grounds: &[Found], (what, needed): (&str, f64), scheme: Scheme, report: &mut Report) {
    let passes = |colour: Colour, ground: &Found| colour.contrast(ground.colour) >= needed;
    let on_all = |colour: Colour| grounds.iter().all(|ground| passes(colour, ground));
    for ground in grounds.iter().filter(|ground| !passes(own.colour, ground)) {
        let ratio = own.colour.contrast(ground.colour);
        let (name, on, scheme) = (own.name, ground.name, scheme.word());
        let message = format!(
            "`--{name}` on `--{on}` has a contrast of {}:1 in the {scheme} scheme, and {what} needs {needed}:1",
            floored(ratio)
        );
        let help = match own.colour.nearest_lightness(on_all) {
            Some(colour) => format!("`{colour}` is the nearest of its hue that is told from all it stands on"),
            None => format!("no colour of its hue is told from all it stands on: change `--{on}`"),
        };
        report.push(
            Diagnostic::new(&LOW_CONTRAST, message)
                .at(own.place.clone())
                .label(own.colour.to_string())
                .help(help)
                .related(ground.place.clone(), format!("it stands on this: {}", ground.colour)),
        );
    }
}

/// A ratio with two decimals, rounded down: what fails at 4.499 must not be said to have 4.5.
fn floored(ratio: f64) -> String {
    format!("{:.2}", (ratio * 100.0).floor() / 100.0)
}
