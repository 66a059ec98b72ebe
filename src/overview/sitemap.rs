//! The sitemap (sitemaps.org): every page that search engines may list, with the day of its latest change.

use std::sync::Arc;

use crate::config::Settings;
use crate::model::{Card, Kind};
use crate::overview::list::Overview;
use crate::overview::xml::Xml;
use crate::plan::{Output, Planner, Recipe, Sitemap};
use crate::text::date::Moment;

/// The most addresses that one sitemap may hold (sitemaps.org).
const LIMIT: usize = 50_000;

/// The address of the sitemap, or of the list of sitemaps.
pub const ROUTE: &str = "/sitemap.xml";

/// The elements of a sitemap, and of a list of sitemaps.
const ADDRESSES: [&str; 2] = ["urlset", "url"];
const SITEMAPS: [&str; 2] = ["sitemapindex", "sitemap"];

/// Makes the sitemap: one file, or several with a list of them.
pub fn outputs(planner: &Planner, overviews: &[Overview]) -> Vec<Output> {
    parts(planner, listed(planner, overviews), LIMIT)
}

/// Overviews of a preview also show what is not published, so none of them is listed.
fn listed(planner: &Planner, overviews: &[Overview]) -> Vec<(String, Option<Moment>)> {
    let cards = planner.catalogue.cards.iter().filter(|card| is_indexed(card));
    let overviews = overviews.iter().filter(|overview| overview.indexed && !planner.desk().drafts);
    let mut listed: Vec<_> = cards.map(|card| (card.route.clone(), card.updated)).collect();
    listed.extend(overviews.map(|overview| (overview.output.route.clone(), overview.changed)));
    listed.sort_by(|(left, _), (right, _)| left.cmp(right));
    listed
}

/// Whether an entry has a page that search engines may list. Archived pages and drafts ask them not to.
fn is_indexed(card: &Card) -> bool {
    let kept_out = card.badges.iter().any(|badge| matches!(&*badge.kind, "archived" | "draft"));
    card.kind != Kind::Notice && !card.unpublished && !kept_out
}

fn parts(planner: &Planner, listed: Vec<(String, Option<Moment>)>, limit: usize) -> Vec<Output> {
    let output = |route: String, elements, listed| Output {
        route,
        recipe: Recipe::Sitemap(Arc::new(Sitemap { elements, listed })),
        source: planner.settings().place.clone(),
    };
    if listed.len() <= limit {
        return vec![output(ROUTE.to_owned(), ADDRESSES, listed)];
    }
    let parts = listed.chunks(limit).enumerate().map(|(nth, part)| (format!("/sitemap-{}.xml", nth + 1), part));
    let latest = |part: &[(String, Option<Moment>)]| {
        part.iter().filter_map(|(_, changed)| *changed).max_by_key(|date| date.instant)
    };
    let index = parts.clone().map(|(route, part)| (route, latest(part))).collect();
    let parts = parts.map(|(route, part)| output(route, ADDRESSES, part.to_vec()));
    [output(ROUTE.to_owned(), SITEMAPS, index)].into_iter().chain(parts).collect()
}

/// Writes a sitemap, or a list of them: the two are alike.
pub fn write(Sitemap { elements: [root, item], listed }: &Sitemap, settings: &Settings) -> Vec<u8> {
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
    use crate::overview::tests::{Site, data, elements, written};

    #[test]
    fn a_large_sitemap_is_cut_and_listed() {
        Site::new().plan(|planner, _, _| {
            let listed = (0..5).map(|nth| (format!("/sida-{nth}/"), None)).collect();
            let outputs: Vec<Output> =
                parts(planner, listed, 2).into_iter().map(|output| written(planner, output)).collect();
            let routes: Vec<&str> = outputs.iter().map(|output| output.route.as_str()).collect();
            assert_eq!(routes, ["/sitemap.xml", "/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]);
            let parts: Vec<String> = elements(data(&outputs, "/sitemap.xml"), "loc");
            assert_eq!(parts.last().map(String::as_str), Some("https://mr.example.org:8443/mr/sitemap-3.xml"));
            assert_eq!(elements(data(&outputs, "/sitemap-3.xml"), "loc"), ["https://mr.example.org:8443/mr/sida-4/"]);
        });
    }
}
