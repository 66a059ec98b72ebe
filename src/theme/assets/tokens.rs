//! The theme's tokens: the custom properties that its stylesheet gives `:root`, for light and for dark schemes.
//!
//! What counts is what browsers get: `style.css` of the nearest layer with all that it imports, in the order of the
//! cascade. Rules in `@layer` and `@supports` are read, and of `@media` those that ask for a screen or for a scheme;
//! rules for print, for wide windows and the like are not.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::css;
use crate::diagnostic::Place;
use crate::image::Colour;
use crate::image::colour::byte;

/// A colour scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Scheme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// Its name in messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// The tokens of a theme.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// The value of each in each scheme, by name without `--`.
    values: BTreeMap<String, BTreeMap<Scheme, Value>>,
    /// Whether any of them is another one in a dark scheme.
    pub has_dark: bool,
}

#[derive(Clone, Debug)]
struct Value {
    text: String,
    place: Place,
}

/// Why a token has no colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoColour {
    /// There is no such token.
    Unknown,
    /// Its value is no colour that can be read.
    Unreadable(String, Place),
}

impl Tokens {
    /// Reads the tokens of a stylesheet. `sheet` gives a stylesheet's path and text by its name among the assets.
    pub fn read<'a>(name: &str, sheet: impl Fn(&str) -> Option<(Place, &'a str)>) -> Self {
        let mut reader = Reader { sheet, set: Vec::new(), layers: Vec::new(), seen: BTreeSet::new() };
        reader.read(name, Scope { is_read: true, ..Scope::default() });
        let mut set = reader.set;
        // A rule in no layer comes before all layers; of the others, the layer that was named last.
        let rank = |layer: &Option<String>| match layer {
            Some(layer) => reader.layers.iter().position(|known| known == layer).unwrap_or(0),
            None => usize::MAX,
        };
        set.sort_by_key(|(_, scope, _)| rank(&scope.layer));
        let mut tokens = Self::default();
        for (name, scope, value) in set {
            tokens.has_dark |= scope.scheme == Some(Scheme::Dark) || value.text.contains("light-dark(");
            let of_token = tokens.values.entry(name).or_default();
            for scheme in Scheme::ALL.into_iter().filter(|scheme| scope.scheme.is_none_or(|only| only == *scheme)) {
                of_token.insert(scheme, value.clone());
            }
        }
        tokens
    }

    /// The names of all tokens that have a colour.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let has_colour = |name: &&String| Scheme::ALL.iter().any(|scheme| self.colour(name, *scheme).is_ok());
        self.values.keys().filter(has_colour).map(String::as_str)
    }

    /// Whether a token is given a value somewhere.
    pub fn knows(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The colour of a token in a scheme, and where its value stands.
    ///
    /// # Errors
    /// It has none.
    pub fn colour(&self, name: &str, scheme: Scheme) -> Result<(Colour, Place), NoColour> {
        let value = self.values.get(name).and_then(|of_token| of_token.get(&scheme)).ok_or(NoColour::Unknown)?;
        // Tokens that stand for each other in a circle have no value, in browsers too.
        let colour = self.resolved(&value.text, scheme, self.values.len());
        let unreadable = || NoColour::Unreadable(value.text.clone(), value.place.clone());
        colour.map(|colour| (colour, value.place.clone())).ok_or_else(unreadable)
    }

    fn resolved(&self, text: &str, scheme: Scheme, depth: usize) -> Option<Colour> {
        let text = text.trim();
        if let Some(inner) = called(text, "var") {
            let (name, instead) = inner.split_once(',').map_or((inner, None), |(name, instead)| (name, Some(instead)));
            let depth = depth.checked_sub(1)?;
            let value = self.values.get(name.trim().strip_prefix("--")?).and_then(|of_token| of_token.get(&scheme));
            return self.resolved(value.map(|value| value.text.as_str()).or(instead)?, scheme, depth);
        }
        if let Some(inner) = called(text, "light-dark") {
            let (light, dark) = split_arguments(inner)?;
            return self.resolved(if scheme == Scheme::Light { light } else { dark }, scheme, depth.checked_sub(1)?);
        }
        parse_colour(text)
    }
}

/// What stands in the brackets of a function that is the whole value.
fn called<'a>(text: &'a str, function: &str) -> Option<&'a str> {
    let name = text.get(..function.len()).filter(|name| name.eq_ignore_ascii_case(function))?;
    text[name.len()..].strip_prefix('(')?.strip_suffix(')')
}

/// Two arguments, with the comma between them outside all brackets.
fn split_arguments(text: &str) -> Option<(&str, &str)> {
    let mut depth = 0;
    let comma = text.char_indices().find(|(_, sign)| {
        depth += match sign {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        *sign == ',' && depth == 0
    });
    comma.map(|(at, _)| (&text[..at], &text[at + 1..]))
}

/// Reads an opaque colour: `#rgb`, `#rrggbb`, `rgb(…)`, `hsl(…)`, `black` or `white`.
pub fn parse_colour(text: &str) -> Option<Colour> {
    let lower = text.trim().to_ascii_lowercase();
    if let Some(digits) = lower.strip_prefix('#') {
        return hexadecimal(digits);
    }
    let function = |names: [&str; 2]| names.into_iter().find_map(|name| called(&lower, name));
    if let Some(inner) = function(["rgb", "rgba"]) {
        let parts = parts(inner)?;
        let part = |part: &str| number(part, 255.0).map(byte);
        return Some(Colour::new(part(parts[0])?, part(parts[1])?, part(parts[2])?));
    }
    if let Some(inner) = function(["hsl", "hsla"]) {
        let [hue, saturation, lightness] = parts(inner)?;
        let hue = hue.strip_suffix("deg").unwrap_or(hue).parse::<f64>().ok().filter(|hue| hue.is_finite())?;
        let share = |part: &str| number(part.strip_suffix('%').unwrap_or(part), 1.0).map(|part| part / 100.0);
        return Some(Colour::of_hsl(hue, share(saturation)?.clamp(0.0, 1.0), share(lightness)?.clamp(0.0, 1.0)));
    }
    match &*lower {
        "black" => Some(Colour::new(0, 0, 0)),
        "white" => Some(Colour::new(255, 255, 255)),
        _ => None,
    }
}

fn hexadecimal(digits: &str) -> Option<Colour> {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let digit = |at: usize, length: usize| u8::from_str_radix(&digits[at..at + length], 16).ok();
    match digits.len() {
        3 => Some(Colour::new(digit(0, 1)? * 17, digit(1, 1)? * 17, digit(2, 1)? * 17)),
        6 => Some(Colour::new(digit(0, 2)?, digit(2, 2)?, digit(4, 2)?)),
        _ => None,
    }
}

/// Three parts with commas or spaces between. A fourth one, the opacity, must leave the colour opaque.
fn parts(inner: &str) -> Option<[&str; 3]> {
    let is_between = |sign: char| sign.is_whitespace() || matches!(sign, ',' | '/');
    let parts: Vec<&str> = inner.split(is_between).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [one, two, three] | [one, two, three, "1" | "1.0" | "100%"] => Some([one, two, three]),
        _ => None,
    }
}

/// A number, or a share of the whole.
fn number(text: &str, whole: f64) -> Option<f64> {
    let number = match text.strip_suffix('%') {
        Some(percent) => percent.parse::<f64>().ok()? / 100.0 * whole,
        None => text.parse::<f64>().ok()?,
    };
    number.is_finite().then_some(number)
}

/// Where a rule stands.
#[derive(Clone, Debug, Default)]
struct Scope {
    /// Whether what stands here counts at all.
    is_read: bool,
    /// Whether it is about the whole page.
    is_root: bool,
    /// The one scheme that it is for.
    scheme: Option<Scheme>,
    /// The layer of the cascade.
    layer: Option<String>,
}

struct Reader<F> {
    sheet: F,
    /// All values that tokens are given, in order.
    set: Vec<(String, Scope, Value)>,
    /// The layers of the cascade in the order that they are first named.
    layers: Vec<String>,
    seen: BTreeSet<String>,
}

impl<'a, F: Fn(&str) -> Option<(Place, &'a str)>> Reader<F> {
    fn read(&mut self, name: &str, scope: Scope) {
        let Some((place, text)) = (self.sheet)(name).filter(|_| self.seen.insert(name.to_owned())) else { return };
        let mut scopes = vec![scope];
        for statement in (Statements { text, at: 0 }) {
            let scope = scopes.last().cloned().unwrap_or_default();
            match statement {
                Statement::Open(span) => {
                    let inner = self.inner(&scope, &uncommented(&text[span]));
                    scopes.push(inner);
                }
                // One bracket too many closes nothing.
                Statement::Close if scopes.len() > 1 => {
                    scopes.pop();
                }
                Statement::Close => {}
                Statement::Plain(span) => self.plain(name, &place, text, span, scope),
            }
        }
    }

    /// The scope of a block after its head.
    fn inner(&mut self, scope: &Scope, head: &str) -> Scope {
        let head = head.trim();
        let nothing = Scope::default();
        if !scope.is_read {
            return nothing;
        }
        let Some(rule) = head.strip_prefix('@') else {
            let is_root = !scope.is_root && head.split(',').any(|selector| selector.trim() == ":root");
            return Scope { is_read: is_root, is_root, ..scope.clone() };
        };
        let (rule, rest) = rule.split_at(rule.find(|sign: char| !sign.is_ascii_alphabetic()).unwrap_or(rule.len()));
        match &*rule.to_ascii_lowercase() {
            "media" => for_media(scope, rest),
            "supports" => scope.clone(),
            "layer" => Scope { layer: Some(self.layer(scope, rest)), ..scope.clone() },
            _ => nothing,
        }
    }

    /// The whole name of a layer, which takes its place in the order when it is first named.
    fn layer(&mut self, scope: &Scope, name: &str) -> String {
        let name = match name.trim() {
            "" => format!("layer {}", self.layers.len()),
            name => name.to_owned(),
        };
        let name = scope.layer.as_ref().map_or(name.clone(), |outer| format!("{outer}.{name}"));
        if !self.layers.contains(&name) {
            self.layers.push(name.clone());
        }
        name
    }

    /// A declaration, an import, or the order of layers.
    fn plain(&mut self, sheet: &str, place: &Place, text: &str, span: Range<usize>, scope: Scope) {
        let written = &text[span.clone()];
        let head = uncommented(written);
        let head = head.trim();
        if let Some(layers) = head.strip_prefix("@layer") {
            layers.split(',').for_each(|layer| {
                self.layer(&scope, layer);
            });
        } else if head.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("@import")) {
            self.import(sheet, head, &scope);
        } else if scope.is_read
            && scope.is_root
            && let Some((name, value)) = head.strip_prefix("--").and_then(|rest| rest.split_once(':'))
        {
            let value = value.trim();
            let value = value.strip_suffix("!important").map_or(value, str::trim_end);
            // Comments may stand before a value, and then it is sought after them.
            let colon = written.find(':').map_or(0, |colon| colon + 1);
            let start = written[colon..].rfind(value).map_or(span.start, |at| span.start + colon + at);
            let place = Place { span: start..start + value.len(), ..place.clone() };
            self.set.push((name.trim().to_owned(), scope, Value { text: value.to_owned(), place }));
        }
    }

    fn import(&mut self, sheet: &str, head: &str, scope: &Scope) {
        let Some(reference) = css::references(head).into_iter().next() else { return };
        let Some(target) = super::resolve(sheet, &reference.target) else { return };
        let rest = head[reference.span.end..].trim_start_matches(['"', '\'', ')']).trim();
        let (scope, rest) = match rest.strip_prefix("layer") {
            Some(rest) if rest.starts_with('(') => {
                let (name, rest) = rest[1..].split_once(')').unwrap_or((&rest[1..], ""));
                (Scope { layer: Some(self.layer(scope, name)), ..scope.clone() }, rest)
            }
            Some(rest) => (Scope { layer: Some(self.layer(scope, "")), ..scope.clone() }, rest),
            None => (scope.clone(), rest),
        };
        let scope = for_media(&scope, rest);
        self.read(&target, scope);
    }
}

/// The scope of what counts under a condition only.
fn for_media(scope: &Scope, condition: &str) -> Scope {
    let condition: String = condition.to_ascii_lowercase().split_whitespace().collect();
    let condition = condition.strip_prefix("only").unwrap_or(&condition);
    let condition = ["screenand", "alland"].iter().find_map(|kind| condition.strip_prefix(kind)).unwrap_or(condition);
    let only = |scheme| match scope.scheme {
        Some(other) if other != scheme => Scope::default(),
        _ => Scope { scheme: Some(scheme), ..scope.clone() },
    };
    match condition {
        "" | "screen" | "all" => scope.clone(),
        "(prefers-color-scheme:light)" => only(Scheme::Light),
        "(prefers-color-scheme:dark)" => only(Scheme::Dark),
        _ => Scope::default(),
    }
}

/// A text without its comments.
fn uncommented(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

/// The statements of a stylesheet: what begins a block, what ends one, and what ends with a semicolon.
struct Statements<'a> {
    text: &'a str,
    at: usize,
}

enum Statement {
    /// A block begins; this is its head.
    Open(Range<usize>),
    /// A block ends.
    Close,
    /// A declaration, or a rule without a block.
    Plain(Range<usize>),
}

impl Iterator for Statements<'_> {
    type Item = Statement;

    fn next(&mut self) -> Option<Statement> {
        let start = self.at;
        let mut brackets = 0usize;
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'/' if bytes.get(self.at + 1) == Some(&b'*') => {
                    let end = self.text[self.at + 2..].find("*/");
                    self.at = end.map_or(self.text.len(), |end| self.at + 2 + end + 2);
                    continue;
                }
                b'"' | b'\'' => self.string(*byte),
                b'\\' => self.at += 1,
                b'(' | b'[' => brackets += 1,
                b')' | b']' => brackets = brackets.saturating_sub(1),
                b'{' => {
                    self.at += 1;
                    return Some(Statement::Open(start..self.at - 1));
                }
                // A declaration needs no semicolon before the end of its block, which comes next then.
                b'}' if !self.text[start..self.at].trim().is_empty() => return Some(Statement::Plain(start..self.at)),
                b'}' => {
                    self.at += 1;
                    return Some(Statement::Close);
                }
                b';' if brackets == 0 => {
                    self.at += 1;
                    return Some(Statement::Plain(start..self.at - 1));
                }
                _ => {}
            }
            self.at += 1;
        }
        self.at = self.text.len();
        (start < self.text.len()).then_some(Statement::Plain(start..self.text.len()))
    }
}

impl Statements<'_> {
    /// Goes to the end of a string, or of the line where it is not ended.
    fn string(&mut self, quote: u8) {
        let bytes = self.text.as_bytes();
        self.at += 1;
        while let Some(byte) = bytes.get(self.at).filter(|byte| **byte != quote && **byte != b'\n') {
            self.at += if *byte == b'\\' { 2 } else { 1 };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn tokens(sheets: &[(&str, &str)]) -> Tokens {
        let sheets: BTreeMap<&str, &str> = sheets.iter().copied().collect();
        Tokens::read("style.css", |name| Some((Place::start_of(&name.into()), *sheets.get(name)?)))
    }

    /// The colours of `--a` in a light and in a dark scheme.
    fn of_a(tokens: &Tokens) -> (String, String) {
        let colour =
            |scheme| tokens.colour("a", scheme).map_or_else(|why| format!("{why:?}"), |(colour, _)| colour.to_string());
        (colour(Scheme::Light), colour(Scheme::Dark))
    }

    #[test]
    fn tokens_are_read_as_browsers_do() {
        let dark = "@media (prefers-color-scheme: dark)";
        for (css, light, in_dark) in [
            (":root { --a: #abc }".to_owned(), "#aabbcc", "#aabbcc"),
            (":root { --b: 1px; --a: #AABBCC; }".to_owned(), "#aabbcc", "#aabbcc"),
            (format!(":root {{ --a: #111 }} {dark} {{ :root {{ --a: #eee; }} }}"), "#111111", "#eeeeee"),
            (format!(":root {{ --a: #111; {dark} {{ --a: #eee }} }}"), "#111111", "#eeeeee"),
            (
                "@media screen and (prefers-color-scheme:dark){:root{--a:#eee}} :root{--b:1}".to_owned(),
                "Unknown",
                "#eeeeee",
            ),
            (format!("{dark} {{ :root {{ --a: #eee }} }} :root {{ --a: #111 }}"), "#111111", "#111111"),
            (":root { --a: light-dark(rgb(1 2 3), #fff) }".to_owned(), "#010203", "#ffffff"),
            (":root { --a: var(--b); --b: #123456 }".to_owned(), "#123456", "#123456"),
            (":root { --a: var(--none, white) }".to_owned(), "#ffffff", "#ffffff"),
            (
                "@layer x, y; @layer y { :root { --a: #111 } } @layer x { :root { --a: #222 } }".to_owned(),
                "#111111",
                "#111111",
            ),
            (":root { --a: #111 } @layer x { :root { --a: #222 } }".to_owned(), "#111111", "#111111"),
            (":root { --a: #111 } @media print { :root { --a: #222 } }".to_owned(), "#111111", "#111111"),
            (":root { --a: #111 } .x { --a: #222 } :root .y { --a: #333 }".to_owned(), "#111111", "#111111"),
            (":root { --a: #111; .x & { --a: #222 } }".to_owned(), "#111111", "#111111"),
            (":root, ::backdrop { --a: #111 !important }".to_owned(), "#111111", "#111111"),
            ("/* :root { --a: #222 } */ :root { /* --a: #333; */ --a: /* x */ #111 }".to_owned(), "#111111", "#111111"),
            (":root { --b: \"; --a: #222 }\"; --a: #111 }".to_owned(), "#111111", "#111111"),
            ("@supports (color: red) { :root { --a: hsl(120 100% 25%) } }".to_owned(), "#008000", "#008000"),
            ("}} :root { --a: #111".to_owned(), "#111111", "#111111"),
            (":root { --å: #222; --a: #111 } \\é \"\\é".to_owned(), "#111111", "#111111"),
        ] {
            let (light, in_dark) = (light.to_owned(), in_dark.to_owned());
            assert_eq!(of_a(&tokens(&[("style.css", &css)])), (light, in_dark), "{css}");
        }
    }

    #[test]
    fn what_is_imported_comes_before_what_imports_it() {
        let own = "@import \"a.css\"; @import url(b.css) layer(base); @import 'dark.css' (prefers-color-scheme: dark);";
        let a = ("a.css", ":root { --a: #111 }");
        let b = ("b.css", ":root { --a: #222 }");
        let dark = ("dark.css", "@import 'style.css'; :root { --a: #eee }");
        assert_eq!(of_a(&tokens(&[("style.css", own), a, b, dark])), ("#111111".to_owned(), "#eeeeee".to_owned()));
        let own = format!("{own} :root {{ --a: #333 }}");
        assert_eq!(of_a(&tokens(&[("style.css", &own), a, b])), ("#333333".to_owned(), "#333333".to_owned()));
    }

    #[test]
    fn colours_that_shine_through_and_circles_are_unreadable() {
        for value in [
            "#abcd",
            "#aabbccdd",
            "rgb(1 2 3 / 50%)",
            "rgba(1, 2, 3, .5)",
            "red",
            "#ggg",
            "#åå",
            "var(--a)",
            "",
            "rgb(1 2)",
            "light-dark(#111)",
        ] {
            let tokens = tokens(&[("style.css", &format!(":root {{ --a: {value}; --b: var(--a) }}"))]);
            let found = tokens.colour("b", Scheme::Dark);
            assert!(matches!(found, Err(NoColour::Unreadable(..))), "{value}: {found:?}");
        }
        for value in ["rgb(16 80 111)", "rgb(16, 80, 111)", "rgba(16 80 111 / 1)", "RGB(16 80 111 / 100%)", "#10506F"] {
            assert_eq!(parse_colour(value), Some(Colour::new(16, 80, 111)), "{value}");
        }
    }

    #[test]
    fn a_thousand_open_brackets_do_no_harm() {
        assert!(tokens(&[("style.css", &":root{".repeat(100_000))]).names().next().is_none());
    }
}
