//! What is at an address, and what it is made of: for people who ask, as outputs are planned anew and none is made.

use std::sync::Arc;

use super::site::{TEMPLATE_VIEWS, others, page, pictures};
use super::{Contents, Session};
use crate::diagnostic::Report;
use crate::plan::{Output, Recipe};

/// An output, and where it comes from.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its address.
    pub route: String,
    /// The file that says so: a document, or the settings.
    pub source: Arc<str>,
    /// What it is made of.
    pub making: Making,
}

/// What an output is made of.
#[derive(Clone, Debug)]
pub enum Making {
    /// A template, with a document where it is the page of one.
    Page(&'static str, Option<Arc<str>>),
    /// A file, as it is.
    Copy(Arc<str>),
    /// The newest of something.
    Feed,
    /// Words and lines.
    Picture,
    /// Whatever the program writes by itself.
    Text,
}

impl Making {
    fn of(recipe: &Recipe) -> Self {
        match recipe {
            Recipe::Page { template, body, .. } => Self::Page(template, body.clone()),
            Recipe::Copy(path) => Self::Copy(path.clone()),
            Recipe::Feed(..) => Self::Feed,
            Recipe::Drawing(..) => Self::Picture,
            Recipe::Data(_) | Recipe::Sitemap(_) => Self::Text,
        }
    }
}

impl Account {
    fn of(output: &Output) -> Self {
        let (route, source) = (output.route.clone(), output.source.path.clone());
        Self { route, source, making: Making::of(&output.recipe) }
    }
}

impl Session {
    /// What is at an address.
    pub fn at(&self, contents: &Contents, route: &str) -> Option<Account> {
        self.first(contents, |output| output.route == route)
    }

    /// The copy of a file of the sources.
    pub fn copy_of(&self, contents: &Contents, path: &str) -> Option<Account> {
        self.first(contents, |output| matches!(&output.recipe, Recipe::Copy(copied) if **copied == *path))
    }

    /// The first output of which something is true.
    fn first(&self, contents: &Contents, is_meant: impl Fn(&Output) -> bool) -> Option<Account> {
        let mut unheard = Report::default();
        self.with_planner(contents, &contents.clock, &mut unheard, |planner, report| {
            let mut pages = contents.entries.iter();
            let own = pages.find_map(|(document, entry)| {
                page(document, entry.as_ref(), planner, report).filter(&is_meant).as_ref().map(Account::of)
            });
            let first = |outputs: Vec<Output>| outputs.iter().find(|output| is_meant(output)).map(Account::of);
            let other = own.or_else(|| first(others(contents, planner, self.theme.as_ref(), report).0));
            // By now, all pages have named their pictures.
            other.or_else(|| first(pictures(planner)))
        })
    }

    /// The files behind a template: itself, what it extends and includes, and the components.
    pub fn files_behind(&self, template: &str) -> Vec<Arc<str>> {
        self.theme.as_ref().map(|theme| theme.files_behind(template)).unwrap_or_default()
    }

    /// The templates that a file of the theme is behind.
    pub fn templates_with(&self, path: &str) -> Vec<&'static str> {
        let names = TEMPLATE_VIEWS.iter().map(|view| view.template);
        names.filter(|name| self.files_behind(name).iter().any(|file| **file == *path)).collect()
    }
}
