//! What there is to say of the word under the cursor.

use std::ops::Range;
use std::sync::Arc;

use super::keys;
use super::making::Site;
use super::subject::{Subject, key_at, touches};
use crate::data;
use crate::diagnostic::Report;
use crate::session::Said;

/// What there is to say, in Markdown, and of which words.
pub fn explained(site: Option<&Site>, path: &Arc<str>, text: &str, offset: usize) -> Option<(String, Range<usize>)> {
    let said = site.map(|site| site.session.said(path, text)).unwrap_or_default();
    of_key(&said, path, text, offset)
        .or_else(|| of_name(site?, &said, path, offset))
        .or_else(|| of_component(site?, &said, offset))
}

fn of_key(said: &Said, path: &Arc<str>, text: &str, offset: usize) -> Option<(String, Range<usize>)> {
    // Files that name nothing are not taken apart, but have keys.
    let own = || data::parse(path, text, 0..text.len(), &mut Report::default());
    let other = if said.front.is_none() && keys::is_yaml(path) { own() } else { None };
    let (keys, span) = key_at(said.front.as_ref().or(other.as_ref())?, offset)?;
    let key = keys::key(path, &keys)?;
    Some((format!("**{}**\n\n{}", key.name, keys::explained(key)), span))
}

fn of_name(site: &Site, said: &Said, path: &Arc<str>, offset: usize) -> Option<(String, Range<usize>)> {
    let name = said.names.iter().find(|name| touches(&name.place.span, offset))?;
    Some((Subject::of(site, path, name)?.described(site)?, name.place.span.clone()))
}

fn of_component(site: &Site, said: &Said, offset: usize) -> Option<(String, Range<usize>)> {
    let theme = site.session.theme()?;
    said.body.components.iter().find_map(|call| {
        if touches(&call.place.span, offset) {
            return Some((theme.about_component(&call.name)?.described(), call.place.span.clone()));
        }
        let argument = call.arguments.iter().find(|argument| touches(&argument.name_place.span, offset))?;
        let about = theme.about_component(&call.name)?;
        let about = about.arguments.into_iter().find(|about| about.name == argument.name)?;
        Some((about.described(), argument.name_place.span.clone()))
    })
}
