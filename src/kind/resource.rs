//! Documents and addresses offered to readers, with generated labels: a tool's resources, an event's documentation.

use crate::config::settings::{check_language, check_url};
use crate::data::{Located, Node, Read, Shape};
use crate::diagnostic::{Code, Diagnostic, Place, Report};
use crate::document::markdown::{TYPED_LABEL, VAGUE_LINK_TEXT};
use crate::model::files::{SiteFile, type_of_address};
use crate::plan::{CardContext, Planner};
use crate::text::address::resolve;
use crate::text::label::{is_typed_label, says_nothing};
use crate::view::ResourceView;
use crate::{code, record};

code! { pub RESOURCE_TARGET = "resource-target", Error, "a resource with no target, or with two",
"A resource leads to a web address, `url`, or to a file beside the document, `file`: one of them." }

/// The findings of this module.
pub const CODES: &[&Code] = &[&RESOURCE_TARGET];

record! {
    struct ResourceKeys {
        /// The words of the link. Type, size and language are added by themselves.
        title: Located<String>,
        /// A web address.
        url: Option<Located<String>>,
        /// A file beside the document, as a path from this file.
        file: Option<Located<String>>,
        /// The language of what it leads to, BCP 47.
        language: Option<Located<String>>,
        /// A remark.
        note: Option<String>,
        /// Whether the link opens a new window, which is then said in words.
        new_window: Option<bool>,
    }
}

/// A resource, checked.
#[derive(Clone, Debug)]
pub struct Resource {
    title: String,
    target: ResourceTarget,
    language: Option<String>,
    note: Option<String>,
    new_window: bool,
}

#[derive(Clone, Debug)]
enum ResourceTarget {
    Url(String),
    File(Located<String>),
}

impl Read for Resource {
    const EXPECTED: &'static str = "`title` with `url` or `file`";

    fn read(node: &Node, report: &mut Report) -> Option<Self> {
        let keys = ResourceKeys::read(node, report)?;
        let language = keys.language.map(|language| check_language(language, report).ok_or(())).transpose();
        let target = read_target(keys.url, keys.file, &node.place, report)?;
        let new_window = keys.new_window.unwrap_or(false);
        check_title(&keys.title, report);
        Some(Self { title: keys.title.value, target, language: language.ok()?, note: keys.note, new_window })
    }

    fn shape() -> Shape {
        ResourceKeys::shape()
    }
}

/// Its title is the words of a link, and the label comes by itself.
fn check_title(title: &Located<String>, report: &mut Report) {
    let (code, words, help) = if says_nothing(&title.value) {
        (&VAGUE_LINK_TEXT, "the title does not say where the link leads", "write what it leads to")
    } else if is_typed_label(&title.value) {
        (&TYPED_LABEL, "this is put after the link by itself", "take it away; a language is given with `language`")
    } else {
        return;
    };
    report.push(Diagnostic::new(code, words).at(title.place.clone()).help(help));
}

fn read_target(
    url: Option<Located<String>>,
    file: Option<Located<String>>,
    place: &Place,
    report: &mut Report,
) -> Option<ResourceTarget> {
    let words = match (url, file) {
        (Some(url), None) => return check_url(url, report).ok().map(ResourceTarget::Url),
        (None, Some(file)) => return Some(ResourceTarget::File(file)),
        (None, None) => "the resource leads nowhere",
        (Some(_), Some(_)) => "the resource has two targets",
    };
    report.push(Diagnostic::new(&RESOURCE_TARGET, words).at(place.clone()).help("give `url` or `file`, one of them"));
    None
}

impl Resource {
    /// How other pages show it, without findings: the page of the entry itself reports them.
    pub fn on_card(&self, from: &str, context: &CardContext) -> Option<ResourceView> {
        let file = match &self.target {
            ResourceTarget::Url(_) => None,
            ResourceTarget::File(path) => Some(context.files.get(resolve(from, &path.value)?.as_str())?),
        };
        Some(self.view(file, context))
    }

    /// How the entry's page shows it, or a finding.
    pub fn on_page(&self, from: &str, planner: &Planner, report: &mut Report) -> Option<ResourceView> {
        let file = match &self.target {
            ResourceTarget::Url(_) => None,
            ResourceTarget::File(path) => Some(planner.catalogue.file(from, path, report)?),
        };
        Some(self.view(file, &planner.context))
    }

    fn view(&self, file: Option<&SiteFile>, context: &CardContext) -> ResourceView {
        let url = match (&self.target, file) {
            (ResourceTarget::Url(url), _) => url.clone(),
            (ResourceTarget::File(_), file) => {
                file.map(|file| context.settings().href(&file.route)).unwrap_or_default()
            }
        };
        let lang = self.language.clone().or_else(|| file.and_then(|file| file.facts.language.clone()));
        ResourceView {
            title: self.title.clone(),
            url,
            label: self.label(file, context),
            lang: lang.filter(|lang| *lang != context.settings().language),
            new_window: self.new_window,
            note: self.note.clone(),
        }
    }

    fn label(&self, file: Option<&SiteFile>, context: &CardContext) -> String {
        if let Some(file) = file {
            return context.file_label(file, self.language.as_deref(), self.new_window);
        }
        let kind = match &self.target {
            ResourceTarget::Url(url) => type_of_address(url),
            ResourceTarget::File(_) => None,
        };
        let language = self.language.as_ref().map(|tag| context.words.language(tag));
        let window = self.new_window.then(|| context.words.text("files.new_window"));
        [kind, language, window].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}
