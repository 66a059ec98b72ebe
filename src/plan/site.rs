//! The view of the site itself, the same on every page.

use std::collections::BTreeMap;

use crate::config::headers::policy_in_pages;
use crate::data::Located;
use crate::diagnostic::Report;
use crate::model::Kind;
use crate::plan::Planner;
use crate::plan::links::Want;
use crate::text::address::Target;
use crate::view::{LinkView, MenuItem, SchemesView, SiteView};

/// Makes the view of the site.
pub fn site_view(
    planner: &Planner,
    assets: BTreeMap<String, String>,
    theme_color: Option<SchemesView>,
    report: &mut Report,
) -> SiteView {
    let settings = planner.settings();
    let statement = settings.statement.as_ref();
    let statement = statement.and_then(|path| planner.catalogue.reference("site.yaml", path, &[Kind::Page], report));
    let section = |(name, section): (&str, &crate::config::settings::Section)| {
        (name.to_owned(), LinkView { title: section.title.clone(), url: settings.href(&section.route) })
    };
    let mut menu = Vec::new();
    for item in &settings.menus.main {
        if let Some(url) = menu_target(planner, &item.to, report) {
            menu.push(MenuItem { title: item.title.clone(), section: section_of(planner, &url), url });
        }
    }
    let mut footer = Vec::new();
    for item in &settings.menus.footer {
        if let Some(url) = menu_target(planner, &item.to, report) {
            footer.push(LinkView { title: item.title.clone(), url });
        }
    }
    SiteView {
        title: settings.title.clone(),
        tagline: settings.tagline.clone(),
        description: settings.description.clone(),
        organisation: organisation(planner, report),
        lang: settings.language.clone(),
        url: settings.href("/"),
        policy: policy_in_pages(settings),
        menu,
        footer,
        statement: statement.map(|card| planner.link_to(card)),
        email: settings.email.clone(),
        owners: planner.site_owners(report),
        feed: planner.feed_href(Some(planner.feed_of_site())),
        icons: planner.icons(&assets, report),
        assets,
        theme_color,
        sections: settings.sections.all().into_iter().map(section).collect(),
        search: settings.own_search().map(|route| settings.href(&route)).or_else(|| settings.forms.search.clone()),
    }
}

/// The organisation behind the site, as it is called now.
fn organisation(planner: &Planner, report: &mut Report) -> Option<LinkView> {
    let settings = planner.settings();
    let slug = settings.organisation.as_ref()?;
    let found = planner.context.registry.organisation(slug, report)?;
    let name = &found.name_now(planner.desk()).name;
    Some(LinkView { title: name.clone(), url: found.url.clone().unwrap_or_default() })
}

/// Where a menu item leads: an address of the site, a document by its path, or a web address.
fn menu_target(planner: &Planner, to: &Located<String>, report: &mut Report) -> Option<String> {
    if let Target::Route(route, anchor) = Target::of(&to.value) {
        planner.want(Want::new(route, anchor, to.place.clone()));
        return Some(planner.href(route) + &anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default());
    }
    planner.link_target("site.yaml", to, report)
}

/// Which section a menu item stands for: the one whose address it is.
fn section_of(planner: &Planner, url: &str) -> String {
    let settings = planner.settings();
    let sections = settings.sections.all();
    let section = sections.into_iter().find(|(_, section)| settings.href(&section.route) == url);
    let home = || (url == settings.href("/")).then_some("home");
    section.map(|(name, _)| name).or_else(home).unwrap_or_default().to_owned()
}
