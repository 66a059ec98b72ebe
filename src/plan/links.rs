//! Where the links and images of a body lead, and its HTML with the holes filled.

use std::fmt::Write;

use crate::diagnostic::{Diagnostic, Place, Report};
use crate::document::body::{Attributes, Body, Component, Image, Link, Part, length};
use crate::model::catalogue::{Destination, MISSING_TARGET};
use crate::model::files::type_of_address;
use crate::plan::Planner;
use crate::text::address::{Target, decode};
use crate::text::html::escape;

/// Something that must be in the finished site: an address, and maybe an id on its page.
#[derive(Clone, Debug)]
pub struct Want {
    /// The address, without the base path.
    pub route: String,
    /// The id.
    pub anchor: Option<String>,
    /// Where it is asked for.
    pub place: Place,
}

impl Want {
    /// Asks for an address as written in a link, which may be percent-encoded.
    pub fn new(route: &str, anchor: Option<&str>, place: Place) -> Self {
        let plain = |text: &str| decode(text).unwrap_or_else(|| text.to_owned());
        Self { route: plain(route), anchor: anchor.map(plain), place }
    }
}

/// How a link within its own page begins.
const WITHIN: &str = " href=\"#";

/// Renders a component with the HTML between its fences.
pub type RenderComponent<'a> = dyn Fn(&Component, &str, &mut Report) -> String + 'a;

/// Fills the holes of one body.
pub struct Filler<'a> {
    /// Knows where paths lead.
    pub planner: &'a Planner<'a>,
    /// The document's path, which relative targets start from.
    pub path: &'a str,
    /// The address of the page the body stands on, for links within it.
    pub route: &'a str,
    /// Knows the theme's components.
    pub components: &'a RenderComponent<'a>,
    /// Whether it is read elsewhere than on its page, so that links within it must name the page.
    pub elsewhere: bool,
}

impl Filler<'_> {
    /// Writes the HTML of a body. What must be checked when the site is finished goes into `wants`.
    pub fn fill(&self, body: &Body, wants: &mut Vec<Want>, report: &mut Report) -> String {
        let mut html = String::with_capacity(length(&body.parts) + 128 * (body.links.len() + body.images.len()));
        self.parts(&body.parts, body, &mut html, wants, report);
        html
    }

    fn parts(&self, parts: &[Part], body: &Body, html: &mut String, wants: &mut Vec<Want>, report: &mut Report) {
        // Labels are made where the link starts and written where it ends; links do not nest.
        let mut label = String::new();
        for part in parts {
            match part {
                // Text and code hold no plain `"`, so this is the link of a footnote.
                Part::Html(text) if self.elsewhere && text.contains(WITHIN) => {
                    let page = format!(" href=\"{}#", escape(&self.planner.href(self.route)));
                    html.push_str(&text.replace(WITHIN, &page));
                }
                Part::Html(text) => html.push_str(text),
                Part::LinkStart(index) => label = self.link_start(&body.links[*index], html, wants, report),
                Part::LinkEnd(_) => {
                    html.push_str(&std::mem::take(&mut label));
                    html.push_str("</a>");
                }
                Part::Image(index) => self.image(&body.images[*index], html, report),
                Part::Component(index) => {
                    let component = &body.components[*index];
                    let mut inner = String::new();
                    self.parts(&component.parts, body, &mut inner, wants, report);
                    html.push_str(&(self.components)(component, &inner, report));
                }
            }
        }
    }

    /// Writes the opening tag, and gives what stands after the words of the link.
    fn link_start(&self, link: &Link, html: &mut String, wants: &mut Vec<Want>, report: &mut Report) -> String {
        let (href, label) = self.destination(link, wants, report);
        html.push_str("<a href=\"");
        html.push_str(&escape(&href));
        html.push('"');
        attributes(&link.attributes, html);
        if let Some(lang) = &link.attributes.lang {
            attribute("hreflang", lang, html);
        }
        if let Some(title) = &link.title {
            attribute("title", title, html);
        }
        html.push('>');
        if label.is_empty() { label } else { format!(" <span class=\"label\">({})</span>", escape(&label)) }
    }

    fn destination(&self, link: &Link, wants: &mut Vec<Want>, report: &mut Report) -> (String, String) {
        let planner = self.planner;
        let hash = |anchor: Option<&str>| anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        match Target::of(&link.target) {
            Target::Outside(url) => (url.to_owned(), type_of_address(url).unwrap_or_default()),
            Target::Anchor(anchor) => {
                wants.push(Want::new(self.route, Some(anchor), link.place.clone()));
                let page = if self.elsewhere { planner.href(self.route) } else { String::new() };
                (format!("{page}#{anchor}"), String::new())
            }
            Target::Route(route, anchor) => {
                wants.push(Want::new(route, anchor, link.place.clone()));
                (format!("{}{route}{}", planner.settings().base_path, hash(anchor)), String::new())
            }
            Target::File("", _) => {
                report.push(
                    Diagnostic::new(&MISSING_TARGET, "the link leads nowhere")
                        .at(link.place.clone())
                        .help("write an address or a path between the parentheses"),
                );
                (String::new(), String::new())
            }
            Target::File(path, anchor) => match planner.catalogue.find(self.path, path, &link.place, report) {
                Some(Destination::Card(card)) => {
                    if anchor.is_some() {
                        wants.push(Want { route: card.route.clone(), ..Want::new("", anchor, link.place.clone()) });
                    }
                    (planner.href(&card.route) + &hash(anchor), String::new())
                }
                Some(Destination::File(file)) => {
                    let label = planner.context.file_label(file, link.attributes.lang.as_deref(), false);
                    (planner.href(&file.route) + &hash(anchor), label)
                }
                Some(Destination::Unknown) => (String::new(), String::new()),
                // Where the site has decided that this is no error, the link stands as it was written.
                None => (link.target.clone(), String::new()),
            },
        }
    }

    fn image(&self, image: &Image, html: &mut String, report: &mut Report) {
        let Some((src, dimensions)) = self.image_source(image, report) else { return };
        html.push_str("<img src=\"");
        html.push_str(&escape(&src));
        html.push('"');
        attribute("alt", &image.alt, html);
        attributes(&image.attributes, html);
        if let Some(title) = &image.title {
            attribute("title", title, html);
        }
        if let Some((width, height)) = dimensions {
            write!(html, " width=\"{width}\" height=\"{height}\"").expect("writing to a string does not fail");
        }
        html.push_str(" loading=\"lazy\">");
    }

    fn image_source(&self, image: &Image, report: &mut Report) -> Option<(String, Option<(u32, u32)>)> {
        let missing =
            |words: &str, help: &str| Diagnostic::new(&MISSING_TARGET, words).at(image.place.clone()).help(help);
        match Target::of(&image.target) {
            Target::File(path, _) if !path.is_empty() => {
                match self.planner.catalogue.find(self.path, path, &image.place, report)? {
                    Destination::File(file) => Some((self.planner.href(&file.route), file.facts.dimensions)),
                    Destination::Unknown => None,
                    Destination::Card(_) => {
                        report.push(missing("this is a document, not an image", "write the path of an image file"));
                        None
                    }
                }
            }
            Target::Outside(_) => {
                let help = "put a copy of the image beside the document, so that readers ask nobody else for it";
                report.push(missing("the image is at another site", help));
                None
            }
            _ => {
                report.push(missing(
                    "this is not the path of an image",
                    "write a path from this file, such as `bild.png`",
                ));
                None
            }
        }
    }
}

fn attribute(name: &str, value: &str, html: &mut String) {
    write!(html, " {name}=\"{}\"", escape(value)).expect("writing to a string does not fail");
}

fn attributes(attributes: &Attributes, html: &mut String) {
    if let Some(id) = &attributes.id {
        attribute("id", id, html);
    }
    if !attributes.classes.is_empty() {
        attribute("class", &attributes.classes.join(" "), html);
    }
    if let Some(lang) = &attributes.lang {
        attribute("lang", lang, html);
    }
}
