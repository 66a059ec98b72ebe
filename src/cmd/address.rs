//! `anslag address`: what is known of the addresses that were ever published, and what has become of those that are gone.
//!
//! The site is made as `check` makes it, so that no address is led to where nothing is; then `addresses.lock` is edited in
//! place. What was decided is printed as it stands in the file.

use std::collections::BTreeSet;

use anyhow::Result;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::arguments::{AddressCommand, Common, FateName, GoneOptions, RedirectOptions, ReportFormat};
use super::finished::Finished;
use super::waiting::while_waiting;
use super::{End, one_line, print, print_report, refuse};
use crate::addresses::{Addresses, Fate, Line, route_of, written};
use crate::config::Settings;
use crate::publish::settle;
use crate::session::with_article;
use crate::text::suggest::closest_of_many;

/// Lists addresses, or says what has become of some.
pub fn address(common: &Common, command: &AddressCommand) -> Result<End> {
    let options = common.options(common.now());
    let finished = while_waiting(common, &options.progress, || Finished::make(&options))?;
    let is_damage = |code: &str| crate::addresses::CODES.iter().any(|own| own.name == code);
    let is_damaged = finished.report.sorted().iter().any(|finding| is_damage(finding.code.name));
    let Some(settings) = finished.settings.as_ref().filter(|_| !is_damaged) else {
        print_report(&finished.report, &finished.snapshot, common)?;
        return Ok(End::Errors);
    };
    let book = Book { finished: &finished, settings, addresses: finished.addresses_known() };
    match command {
        AddressCommand::List(options) => {
            let is_wanted = |line: &Line| options.fate.is_none_or(|fate| FateName::of(line) == fate);
            let lines = book.addresses.lines.iter().filter(|(_, line)| is_wanted(line));
            print_lines(lines, common)?;
            Ok(End::Well)
        }
        AddressCommand::Gone(options) => {
            let today = common.now().to_zoned(settings.zone.clone()).date();
            book.settle(book.gone(options, today), common)
        }
        AddressCommand::Redirect(options) if options.all => book.settle(book.all_moved(options), common),
        AddressCommand::Redirect(options) => book.settle(book.moved(options), common),
    }
}

/// The addresses beside the site as it is.
struct Book<'a> {
    finished: &'a Finished,
    settings: &'a Settings,
    addresses: Addresses,
}

/// What has become of some addresses, or why that cannot be said.
type Decision = Result<Vec<(String, Fate)>, String>;

impl Book<'_> {
    /// Writes a decision into the file.
    fn settle(&self, decision: Decision, common: &Common) -> Result<End> {
        let decided = match decision {
            Ok(decided) => decided,
            Err(words) => return refuse(common, &words),
        };
        let mut addresses = self.addresses.clone();
        for (address, fate) in &decided {
            if let Some(line) = addresses.lines.get_mut(address) {
                line.fate = fate.clone();
            }
        }
        settle(&common.root, &self.finished.snapshot, &addresses.write())?;
        let is_decided: BTreeSet<&String> = decided.iter().map(|(address, _)| address).collect();
        print_lines(addresses.lines.iter().filter(|(address, _)| is_decided.contains(address)), common)?;
        Ok(End::Well)
    }

    fn gone(&self, options: &GoneOptions, today: Date) -> Decision {
        let reason = one_line(&options.reason);
        if reason.is_empty() || reason.contains(char::is_control) {
            return Err("`--reason` is a sentence that readers meet at the address: why is it gone?".to_owned());
        }
        let address = self.lost(&options.address)?;
        Ok(vec![(address, Fate::Gone { on: today, reason })])
    }

    fn moved(&self, options: &RedirectOptions) -> Decision {
        let from = self.lost(&options.from)?;
        if from.contains('#') {
            return Err(format!(
                "no server is told of headings, so `{from}` cannot lead elsewhere: give the heading its id back, or say that it is gone"
            ));
        }
        let to = self.goal(&from, &options.to)?;
        Ok(vec![(from, Fate::Moved { to })])
    }

    /// All that was under an address and is under another now.
    fn all_moved(&self, options: &RedirectOptions) -> Decision {
        let (from, to) = (self.inside(&options.from), self.inside(&options.to));
        if !from.ends_with('/') || !to.ends_with('/') || from == to {
            return Err(
                "`--all` takes two addresses that end with `/`: all that was under the one is now under the other"
                    .to_owned(),
            );
        }
        let moved = self.addresses.lines.iter().filter_map(|(address, line)| {
            let (route, anchor) = route_of(address);
            let is_lost = matches!(line.fate, Fate::Present { .. }) && anchor.is_none() && !self.has(&route);
            let new = format!("{to}{}", route.strip_prefix(&route_of(&from).0).filter(|_| is_lost)?);
            self.has(&route_of(&new).0).then(|| (address.clone(), Fate::Moved { to: new }))
        });
        let moved: Vec<(String, Fate)> = moved.collect();
        if moved.is_empty() {
            return Err(format!("nothing that was under `{from}` is now at the same address under `{to}`"));
        }
        Ok(moved)
    }

    /// An address that was published and at which nothing stands by itself.
    fn lost(&self, asked: &str) -> Result<String, String> {
        let inside = self.inside(asked);
        let with_slash = format!("{}/", inside.trim_end_matches('/'));
        let known = [inside.clone(), with_slash].into_iter().find(|address| self.addresses.lines.contains_key(address));
        let Some(address) = known else {
            let meant = closest_of_many(&inside, self.addresses.lines.keys().map(String::as_str));
            let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
            return Err(format!("`{inside}` was never published, as far as addresses.lock knows{meant}"));
        };
        match self.finished.tree.what_is_at(&address) {
            Some(("alias", source)) => Err(format!("`{address}` is among the `aliases` of {source}: it leads there")),
            Some((word, source)) => Err(format!("`{address}` is in the site: {}, from {source}", with_article(word))),
            None => Ok(address),
        }
    }

    /// An address of the site, to which another may lead.
    fn goal(&self, from: &str, asked: &str) -> Result<String, String> {
        let to = self.inside(asked);
        let (route, anchor) = route_of(&to);
        let with_slash = format!("{}/", route.trim_end_matches('/'));
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        let mut seen = BTreeSet::from([from.to_owned()]);
        let Some(route) =
            [route, with_slash].into_iter().find(|route| self.has(route) || self.addresses.line(route).is_some())
        else {
            let meant = closest_of_many(&to, self.finished.tree.files.keys().map(String::as_str));
            let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
            return Err(format!("there is no `{to}` in the site{meant}"));
        };
        let mut next = written(&route);
        loop {
            if self.finished.tree.what_is_at(&next).is_some() {
                return Ok(format!("{}{anchor}", written(&route)));
            }
            if !seen.insert(next.clone()) {
                return Err(format!("`{from}` would lead in a circle: `{}` leads back to it", written(&route)));
            }
            match self.addresses.lines.get(&next).map(|line| &line.fate) {
                Some(Fate::Moved { to }) => next = written(&route_of(to).0),
                Some(Fate::Gone { .. }) => return Err(format!("`{next}` is gone")),
                None if self.has(&route) => return Ok(format!("{}{anchor}", written(&route))),
                _ => return Err(format!("there is no `{next}` in the site any longer")),
            }
        }
    }

    fn has(&self, route: &str) -> bool {
        self.finished.tree.files.contains_key(route)
    }

    /// An address as it is written in the file, whether it is given with the site's own before it or not.
    fn inside(&self, asked: &str) -> String {
        let bare = asked.strip_prefix(self.settings.origin.as_str()).unwrap_or(asked);
        let inside = bare.strip_prefix(self.settings.base_path.as_str()).filter(|rest| rest.starts_with('/'));
        let (route, anchor) = route_of(inside.unwrap_or(bare));
        let anchor = anchor.map(|anchor| format!("#{anchor}")).unwrap_or_default();
        format!("/{}{anchor}", written(route.trim_start_matches('/')))
    }
}

fn print_lines<'a>(lines: impl Iterator<Item = (&'a String, &'a Line)>, common: &Common) -> Result<()> {
    if common.format != ReportFormat::Json {
        return print(&lines.map(|(address, line)| line.written(address)).collect::<String>());
    }
    let json: Vec<Value> = lines.map(|(address, line)| json_of(address, line)).collect();
    print(&format!("{}\n", serde_json::to_string_pretty(&json)?))
}

/// A line for machines.
pub fn json_of(address: &str, line: &Line) -> Value {
    let mut object = json!({"address": address, "since": line.since.to_string(), "fate": FateName::of(line).word()});
    let mut say = |key: &str, value: &str| object[key] = value.into();
    match &line.fate {
        Fate::Present { word, source } => {
            say("what", word);
            say("source", source);
        }
        Fate::Moved { to } => say("to", to),
        Fate::Gone { on, reason } => {
            say("on", &on.to_string());
            say("reason", reason);
        }
    }
    object
}
