//! The files of a theme that pages load: styles, fonts, pictures, scripts.
//!
//! Every asset gets an address with a hash of its content, `/assets/style.1f0c8a9b2e.css`, so that browsers may
//! keep it for ever. Since a stylesheet names other assets, those get their addresses first, and `url(…)` and
//! `@import` are rewritten to the hashed names, relative to the stylesheet; what only its writers need is left out
//! ([`squeeze`]). No asset may come from elsewhere.

mod css;
mod squeeze;
pub mod tokens;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::css::Reference;
use self::tokens::Tokens;
use crate::code;
use crate::config::layers::Layers;
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::source::Snapshot;
use crate::text::digest::sha256;
use crate::text::suggest::closest;

code! { pub UNKNOWN_ASSET = "unknown-asset", Error, "a file that is not among the theme's assets",
"What a stylesheet loads lies in `assets/` of the theme, of a theme below it, or of the site's own `theme/` folder. \
The address is written relative to the stylesheet." }
code! { pub EXTERNAL_ASSET = "external-asset", Error, "a stylesheet that loads something from another site",
"Fonts, pictures and styles from elsewhere tell that other site who reads what, and fail when it does. Put the file \
into `assets/` and name it from there." }
code! { pub ASSET_CYCLE = "asset-cycle", Error, "stylesheets that import each other in a circle",
"A stylesheet's address holds a hash of its content, and its content holds the addresses of what it imports. In a \
circle there is no first one." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&UNKNOWN_ASSET, &EXTERNAL_ASSET, &ASSET_CYCLE];

/// How many hexadecimal digits of the hash stand in a name.
const HASH_DIGITS: usize = 10;

/// The assets of a theme.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The address of each by its name in `assets/`: for `site.assets`.
    pub addresses: BTreeMap<String, String>,
    /// The files to write, by name.
    pub outputs: Vec<AssetOutput>,
    /// The colours and the like that the stylesheet names.
    pub tokens: Tokens,
}

/// The stylesheet that tokens are read from, with all that it imports.
pub const STYLESHEET: &str = "style.css";

/// An asset as it is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetOutput {
    /// The path within the site, without the base path: `/assets/style.1f0c8a9b2e.css`.
    pub route: String,
    /// Where the bytes come from.
    pub content: AssetContent,
}

/// The bytes of an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssetContent {
    /// These: a stylesheet, rewritten.
    Text(String),
    /// Those of this file, from the site's root.
    Copy(Arc<str>),
}

impl Assets {
    /// Reads, hashes and rewrites the assets. `base_path` is the path of the site's base address, without a slash
    /// at its end.
    ///
    /// # Errors
    /// A file cannot be read from disk.
    pub fn load(snapshot: &Snapshot, layers: &Layers, base_path: &str, report: &mut Report) -> anyhow::Result<Self> {
        let mut pending = Pending { sources: BTreeMap::new(), hashed: BTreeMap::new() };
        for (name, files) in layers.files(snapshot, "assets") {
            let Some(nearest) = files.into_iter().next() else { continue };
            match snapshot.text(&nearest.path).filter(|_| name.ends_with(".css")) {
                Some(text) => {
                    pending.sources.insert(name, Stylesheet::new(nearest.path, text));
                }
                None => {
                    let hash = hash(&snapshot.bytes(&nearest.path)?);
                    pending.hashed.insert(name, (hash, AssetContent::Copy(nearest.path)));
                }
            }
        }
        pending.check(report);
        let tokens = pending.tokens();
        pending.rewrite_all(report);
        Ok(Self { tokens, ..pending.finish(base_path) })
    }
}

/// The assets while they get their names.
struct Pending {
    /// The stylesheets that wait for others.
    sources: BTreeMap<String, Stylesheet>,
    /// The others: hash and content.
    hashed: BTreeMap<String, (String, AssetContent)>,
}

/// A stylesheet and what it refers to.
struct Stylesheet {
    path: Arc<str>,
    text: Arc<str>,
    references: Vec<Reference>,
}

impl Stylesheet {
    fn new(path: Arc<str>, text: &Arc<str>) -> Self {
        Self { path, references: css::references(text), text: text.clone() }
    }

    fn place(&self, reference: &Reference) -> Place {
        Place { path: self.path.clone(), span: reference.span.clone() }
    }

    /// The names of the assets that it refers to.
    fn targets<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a Reference, String)> {
        self.references.iter().filter_map(move |reference| Some((reference, resolve(name, &reference.target)?)))
    }
}

impl Pending {
    fn contains(&self, name: &str) -> bool {
        self.sources.contains_key(name) || self.hashed.contains_key(name)
    }

    fn tokens(&self) -> Tokens {
        Tokens::read(STYLESHEET, |name| {
            let sheet = self.sources.get(name)?;
            Some((Place::start_of(&sheet.path), &*sheet.text))
        })
    }

    /// Reports references that lead nowhere or elsewhere.
    fn check(&self, report: &mut Report) {
        for (name, sheet) in &self.sources {
            for reference in &sheet.references {
                if let Some(diagnostic) = self.refused(name, reference) {
                    report.push(diagnostic.at(sheet.place(reference)));
                }
            }
        }
    }

    fn refused(&self, sheet: &str, reference: &Reference) -> Option<Diagnostic> {
        let target = &reference.target;
        if is_inside_itself(target) {
            return None;
        }
        if is_external(target) {
            let message = format!("`{target}` is loaded from another site");
            return Some(Diagnostic::new(&EXTERNAL_ASSET, message).help("put the file into `assets/` of the theme"));
        }
        let name = resolve(sheet, target);
        if name.as_ref().is_some_and(|name| self.contains(name)) {
            return None;
        }
        let diagnostic =
            Diagnostic::new(&UNKNOWN_ASSET, format!("there is no asset `{}`", name.as_ref().unwrap_or(target)));
        let all = || self.sources.keys().chain(self.hashed.keys()).map(String::as_str);
        Some(match name.as_deref().and_then(|name| closest(name, all())) {
            Some(meant) => diagnostic.label(format!("did you mean `{meant}`?")).help(format!("the asset is `{meant}`")),
            None => diagnostic.help("write the address relative to the stylesheet, and put the file into `assets/`"),
        })
    }

    /// Rewrites stylesheets as soon as all that they refer to have their names.
    fn rewrite_all(&mut self, report: &mut Report) {
        let mut waiting: BTreeMap<String, usize> = BTreeMap::new();
        let mut awaited: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, sheet) in &self.sources {
            let targets =
                sheet.targets(name).map(|(_, target)| target).filter(|target| self.sources.contains_key(target));
            let mut count = 0;
            for target in targets {
                awaited.entry(target).or_default().push(name.clone());
                count += 1;
            }
            waiting.insert(name.clone(), count);
        }
        let mut ready: Vec<String> =
            waiting.iter().filter(|(_, count)| **count == 0).map(|(name, _)| name.clone()).collect();
        while let Some(name) = ready.pop() {
            let Some(sheet) = self.sources.remove(&name) else { continue };
            let text = self.rewritten(&name, &sheet);
            self.hashed.insert(name.clone(), (hash(text.as_bytes()), AssetContent::Text(text)));
            for dependent in awaited.remove(&name).unwrap_or_default() {
                if let Some(count) = waiting.get_mut(&dependent) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(dependent);
                    }
                }
            }
        }
        self.report_cycles(report);
    }

    fn rewritten(&self, name: &str, sheet: &Stylesheet) -> String {
        let mut text = String::with_capacity(sheet.text.len());
        let mut copied = 0;
        for (reference, target) in sheet.targets(name) {
            let Some((hash, _)) = self.hashed.get(&target) else { continue };
            let (_, suffix) = split_suffix(&reference.target);
            text.push_str(&sheet.text[copied..reference.span.start]);
            text.push_str(&relative(name, &hashed_name(&target, hash)));
            text.push_str(suffix);
            copied = reference.span.end;
        }
        text.push_str(&sheet.text[copied..]);
        squeeze::squeeze(&text)
    }

    /// What still waits is in a circle, or waits for one.
    fn report_cycles(&self, report: &mut Report) {
        for (name, sheet) in &self.sources {
            for (reference, target) in sheet.targets(name).filter(|(_, target)| self.sources.contains_key(target)) {
                let message = format!("`{name}` and `{target}` import each other in a circle");
                let help = "take one of the imports away";
                report.push(Diagnostic::new(&ASSET_CYCLE, message).at(sheet.place(reference)).help(help));
            }
        }
    }

    fn finish(self, base_path: &str) -> Assets {
        let mut assets = Assets::default();
        for (name, (hash, content)) in self.hashed {
            let route = format!("/assets/{}", hashed_name(&name, &hash));
            assets.addresses.insert(name, format!("{base_path}{}", percent_encoded(&route)));
            assets.outputs.push(AssetOutput { route, content });
        }
        assets
    }
}

fn hash(bytes: &[u8]) -> String {
    let mut digits = sha256(bytes);
    digits.truncate(HASH_DIGITS);
    digits
}

/// `fonts/text.woff2` → `fonts/text.1f0c8a9b2e.woff2`
fn hashed_name(name: &str, hash: &str) -> String {
    let file = name.rfind('/').map_or(0, |slash| slash + 1);
    match name[file..].rfind('.') {
        Some(dot) => format!("{}.{hash}{}", &name[..file + dot], &name[file + dot..]),
        None => format!("{name}.{hash}"),
    }
}

/// A data address or a fragment of the same document needs no file.
fn is_inside_itself(target: &str) -> bool {
    let scheme = target.get(..5).unwrap_or_default();
    target.is_empty() || target.starts_with('#') || scheme.eq_ignore_ascii_case("data:")
}

fn is_external(target: &str) -> bool {
    let scheme = target.split(['/', '?', '#']).next().unwrap_or_default();
    target.starts_with("//") || scheme.contains(':')
}

/// Cuts off `?query` and `#fragment`.
fn split_suffix(target: &str) -> (&str, &str) {
    target.split_at(target.find(['?', '#']).unwrap_or(target.len()))
}

/// The name of the asset that a stylesheet means, if it stays within the assets.
fn resolve(sheet: &str, target: &str) -> Option<String> {
    if is_inside_itself(target) || is_external(target) || target.starts_with('/') {
        return None;
    }
    let (path, _) = split_suffix(target);
    let mut parts: Vec<&str> = sheet.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The address of an asset as seen from a stylesheet.
fn relative(sheet: &str, target: &str) -> String {
    let mut from: Vec<&str> = sheet.split('/').collect();
    from.pop();
    let to: Vec<&str> = target.split('/').collect();
    let common = from.iter().zip(&to[..to.len() - 1]).take_while(|(left, right)| left == right).count();
    let up = "../".repeat(from.len() - common);
    format!("{up}{}", percent_encoded(&to[common..].join("/")))
}

/// Addresses hold no spaces, quotes or letters beyond ASCII, also where file names do.
fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
