//! The sitemap (sitemaps.org): every page that search engines may list, with the day of its latest change.

use crate::model::{Card, Kind};
use crate::overview::list::Overview;
use crate::overview::xml::Xml;
use crate::plan::{Output, Planner};
use crate::text::date::Moment;

/// The most addresses that one sitemap may hold (sitemaps.org).
const LIMIT: usize = 50_000;

/// The address of the sitemap, or of the list of sitemaps.
pub const ROUTE: &str = "/sitemap.xml";

/// A page that search engines may list, and when it was changed.
type Listed<'a> = (&'a str, Option<Moment>);

/// Makes the sitemap: one file, or several with a list of them.
pub fn outputs(planner: &Planner, overviews: &[Overview]) -> Vec<Output> {
    parts(planner, &listed(planner, overviews), LIMIT)
}

/// Overviews of a preview also show what is not published, so none of them is listed.
fn listed<'a>(planner: &Planner<'a>, overviews: &'a [Overview]) -> Vec<Listed<'a>> {
    let cards = planner.catalogue.cards.iter().filter(|card| is_indexed(card));
    let overviews = overviews.iter().filter(|overview| overview.indexed && !planner.desk().drafts);
    let mut listed: Vec<Listed> = cards.map(|card| (card.route.as_str(), card.updated)).collect();
    listed.extend(overviews.map(|overview| (overview.output.route.as_str(), overview.changed)));
    listed.sort_by_key(|(route, _)| *route);
    listed
}

/// Whether an entry has a page that search engines may list. Archived pages and drafts ask them not to.
fn is_indexed(card: &Card) -> bool {
    let kept_out = card.badges.iter().any(|badge| matches!(&*badge.kind, "archived" | "draft"));
    card.kind != Kind::Notice && !card.unpublished && !kept_out
}

fn parts(planner: &Planner, listed: &[Listed], limit: usize) -> Vec<Output> {
    let output = |route: String, bytes| Output::data(route, bytes, planner.settings().place.clone());
    if listed.len() <= limit {
        return vec![output(ROUTE.to_owned(), document(planner, "urlset", "url", listed))];
    }
    let parts: Vec<(String, &[Listed])> =
        listed.chunks(limit).enumerate().map(|(nth, part)| (format!("/sitemap-{}.xml", nth + 1), part)).collect();
    let latest = |part: &[Listed]| part.iter().filter_map(|(_, changed)| *changed).max_by_key(|date| date.instant);
    let index: Vec<Listed> = parts.iter().map(|(route, part)| (route.as_str(), latest(part))).collect();
    let mut outputs = vec![output(ROUTE.to_owned(), document(planner, "sitemapindex", "sitemap", &index))];
    outputs.extend(parts.iter().map(|(route, part)| output(route.clone(), document(planner, "urlset", "url", part))));
    outputs
}

/// A sitemap, or a list of them: the two are written alike.
fn document(planner: &Planner, root: &str, item: &str, listed: &[Listed]) -> Vec<u8> {
    let settings = planner.settings();
    Xml::document(root, &[("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9")], |xml| {
        for (route, changed) in listed {
            xml.element(item, &[], |xml| {
                xml.text("loc", &[], &settings.absolute(route));
                if let Some(changed) = changed {
                    xml.text("lastmod", &[], &changed.rfc3339(&settings.zone));
                }
            });
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overview::tests::{Site, data, elements};

    #[test]
    fn a_large_sitemap_is_cut_and_listed() {
        Site::new().plan(|planner, _, _| {
            let routes: Vec<String> = (0..5).map(|nth| format!("/sida-{nth}/")).collect();
            let listed: Vec<Listed> = routes.iter().map(|route| (route.as_str(), None)).collect();
            let outputs = parts(planner, &listed, 2);
            let routes: Vec<&str> = outputs.iter().map(|output| output.route.as_str()).collect();
            assert_eq!(routes, ["/sitemap.xml", "/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]);
            let parts: Vec<String> = elements(data(&outputs, "/sitemap.xml"), "loc");
            assert_eq!(parts.last().map(String::as_str), Some("https://mr.example.org:8443/mr/sitemap-3.xml"));
            assert_eq!(elements(data(&outputs, "/sitemap-3.xml"), "loc"), ["https://mr.example.org:8443/mr/sida-4/"]);
        });
    }
}
