//! Former addresses: a small page at each that leads to where the entry is now.
//!
//! The host cannot be told to redirect, as it only holds files; so the page does it itself (`meta refresh` with no
//! delay, which search engines take for a permanent redirect), and says it in words to those whom it does not move.

use crate::data::Located;
use crate::model::{Card, Common, Kind};
use crate::plan::{Output, Planner};
use crate::text::html::escape;

/// Makes a page for each former address of each published entry.
pub fn outputs(planner: &Planner, commons: &[&Common]) -> Vec<Output> {
    let moved = commons.iter().filter(|common| !common.aliases.is_empty());
    let published = moved.filter_map(|common| Some((*common, planner.catalogue.card(&common.path)?)));
    let with_page = published.filter(|(_, card)| card.kind != Kind::Notice);
    with_page.flat_map(|(common, card)| of_entry(planner, common, card)).collect()
}

fn of_entry(planner: &Planner, common: &Common, card: &Card) -> Vec<Output> {
    let page = page(planner, card);
    let output = |alias: &Located<String>| Output::data(alias.value.clone(), page.clone(), alias.place.clone());
    common.aliases.iter().map(output).collect()
}

fn page(planner: &Planner, card: &Card) -> String {
    let settings = planner.settings();
    let (words, address) = (planner.words(), settings.absolute(&card.route));
    let lang = card.lang.as_deref().map(|lang| format!(" lang=\"{0}\" hreflang=\"{0}\"", escape(lang)));
    format!(
        "<!doctype html>\n\
         <html lang=\"{language}\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{moved} – {site}</title>\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <link rel=\"canonical\" href=\"{address}\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={href}\">\n\
         </head>\n\
         <body>\n\
         <main>\n\
         <h1>{moved}</h1>\n\
         <p>{moved_to} <a href=\"{href}\"{lang}>{heading}</a></p>\n\
         </main>\n\
         </body>\n\
         </html>\n",
        language = escape(&settings.language),
        moved = escape(&words.text("overviews.moved")),
        moved_to = escape(&words.text("overviews.moved_to")),
        site = escape(&settings.title),
        address = escape(&address),
        href = escape(&planner.href(&card.route)),
        heading = escape(&card.heading),
        lang = lang.unwrap_or_default(),
    )
}
