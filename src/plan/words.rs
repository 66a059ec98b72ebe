//! The words that Rust says: the theme's texts, with dates, counts and order in the site's language.
//!
//! Names of months and the shape of a date are texts of the theme like any others, so a site in a language that no
//! library knows (such as the Sami languages) has its dates in words too.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};

use crate::config::Texts;
use crate::config::texts::Need;
use crate::text::collation::Collation;
use crate::text::date::Moment;
use crate::view::{Badge, DayView, TimeView};

/// The texts that the program itself uses, and what it fills in.
pub const NEEDS: &[Need] = &[
    ("dates.months", &[]),
    ("dates.months_short", &[]),
    ("dates.date", &["day", "month", "year"]),
    ("dates.date_in_year", &["day", "month"]),
    ("dates.time", &["hour", "minute"]),
    ("dates.at", &["date", "time"]),
    ("dates.range", &["from", "to"]),
    ("dates.span", &["from", "to"]),
    ("dates.list", &["first", "last"]),
    ("kinds.post", &[]),
    ("kinds.event", &[]),
    ("kinds.tool", &[]),
    ("kinds.page", &[]),
    ("kinds.person", &[]),
    ("kinds.series", &[]),
    ("labels.published", &[]),
    ("labels.updated", &[]),
    ("labels.reviewed", &[]),
    ("labels.expires", &[]),
    ("labels.expired", &[]),
    ("labels.publisher", &[]),
    ("labels.produced_by", &[]),
    ("labels.period", &[]),
    ("labels.audience", &[]),
    ("labels.status", &[]),
    ("headings.cancelled", &["title"]),
    ("headings.postponed", &["title"]),
    ("headings.moved_online", &["title"]),
    ("typed.cancelled", &[]),
    ("typed.postponed", &[]),
    ("states.planned", &[]),
    ("states.cancelled", &[]),
    ("states.postponed", &[]),
    ("states.rescheduled", &[]),
    ("states.moved_online", &[]),
    ("states.full", &[]),
    ("states.closed", &[]),
    ("states.open", &[]),
    ("states.not_open", &[]),
    ("states.past", &[]),
    ("states.ongoing", &[]),
    ("states.archived", &[]),
    ("states.superseded", &[]),
    ("states.withdrawn", &[]),
    ("states.draft", &[]),
    ("states.current", &[]),
    ("states.restored", &[]),
    ("states.programme", &[]),
    ("states.note", &[]),
    ("banners.cancelled", &[]),
    ("banners.postponed", &[]),
    ("banners.postponed_text", &["previous"]),
    ("banners.rescheduled", &[]),
    ("banners.rescheduled_text", &["previous"]),
    ("banners.moved_online", &[]),
    ("banners.was_online", &[]),
    ("banners.full", &[]),
    ("banners.closed", &[]),
    ("banners.past", &[]),
    ("banners.past_text", &[]),
    ("banners.archived", &[]),
    ("banners.archived_text", &["date"]),
    ("banners.superseded", &[]),
    ("banners.withdrawn", &[]),
    ("banners.replaced", &[]),
    ("banners.review_overdue", &[]),
    ("banners.review_overdue_text", &["date"]),
    ("banners.draft", &[]),
    ("banners.draft_text", &[]),
    ("banners.scheduled", &[]),
    ("banners.scheduled_text", &["date"]),
    ("banners.left", &[]),
    ("banners.left_text", &["date"]),
    ("banners.ended", &[]),
    ("banners.ended_text", &["date"]),
    ("banners.exceptions", &["titles"]),
    ("banners.read_more", &[]),
    ("banners.replaced_by", &["title"]),
    ("events.undated", &[]),
    ("events.occasion", &["title", "occasion"]),
    ("events.some", &["state", "days"]),
    ("events.online", &[]),
    ("events.online_platform", &["platform"]),
    ("events.archive", &[]),
    ("events.archive_title", &["title"]),
    ("registration.not_open", &["date"]),
    ("registration.open", &[]),
    ("registration.open_until", &["date"]),
    ("registration.full", &[]),
    ("registration.full_waiting", &[]),
    ("registration.closed", &[]),
    ("registration.closed_since", &["date"]),
    ("registration.action", &[]),
    ("registration.action_email", &["email"]),
    ("registration.action_waiting", &[]),
    ("registration.capacity", &["number", "unit"]),
    ("registration.unit", &[]),
    ("tools.guide", &[]),
    ("tools.training", &[]),
    ("tools.webtool", &[]),
    ("tools.handbook", &[]),
    ("tools.compilation", &[]),
    ("tools.network", &[]),
    ("tools.platform", &[]),
    ("tools.guide_many", &[]),
    ("tools.training_many", &[]),
    ("tools.webtool_many", &[]),
    ("tools.handbook_many", &[]),
    ("tools.compilation_many", &[]),
    ("tools.network_many", &[]),
    ("tools.platform_many", &[]),
    ("files.page", &[]),
    ("files.pages", &["number"]),
    ("files.kilobytes", &["number"]),
    ("files.megabytes", &["number"]),
    ("files.new_window", &[]),
    ("files.decimal", &[]),
    ("languages.sv", &[]),
    ("languages.en", &[]),
    ("languages.fi", &[]),
    ("languages.se", &[]),
    ("languages.da", &[]),
    ("languages.nb", &[]),
    ("languages.de", &[]),
    ("languages.fr", &[]),
    ("languages.es", &[]),
    ("languages.ar", &[]),
    ("pager.page", &["number", "count"]),
    ("pager.title", &["title", "number", "count"]),
    ("counts.one", &["number"]),
    ("counts.many", &["number"]),
    ("comments.open", &[]),
    ("comments.closed", &[]),
    ("comments.login", &[]),
    ("comments.limit", &["number"]),
    ("comments.until", &["date"]),
    ("notices.info", &[]),
    ("notices.warning", &[]),
    ("notices.crisis", &[]),
    ("pages.valid_until", &["date"]),
    ("pages.was_valid_until", &["date"]),
    ("people.left", &["date"]),
    ("statement.full", &["standard"]),
    ("statement.partial", &["standard"]),
    ("statement.none", &["standard"]),
    ("statement.non_compliance", &[]),
    ("statement.disproportionate_burden", &[]),
    ("statement.not_covered", &[]),
    ("statement.standard", &[]),
    ("statement.complaint", &["supervisor"]),
    ("statement.supervisor", &[]),
    ("statement.waiver", &["reason", "date", "owner"]),
    ("gates.headings", &[]),
    ("gates.image_without_alt", &[]),
    ("gates.link_text", &[]),
    ("gates.low_contrast", &[]),
    ("gates.markup", &[]),
    ("gates.table_without_header", &[]),
    ("gates.unmarked_language", &[]),
    ("tags.title", &["title"]),
    ("authors.title", &["name"]),
    ("feeds.site", &["title"]),
    ("feeds.section", &["site", "section"]),
    ("forms.contact_subject", &["site"]),
    ("forms.feedback_subject", &["title"]),
    ("forms.subscribe_subject", &["site"]),
    ("overviews.home", &[]),
    ("overviews.not_found", &[]),
    ("overviews.search", &[]),
    ("overviews.pages", &[]),
    ("overviews.moved", &[]),
    ("overviews.moved_to", &[]),
    ("overviews.gone", &[]),
    ("overviews.gone_on", &["date"]),
    ("search.one", &["number"]),
    ("search.many", &["number"]),
    ("search.first", &["number", "shown"]),
];

/// Everything that is said in the site's language.
pub struct Words<'a> {
    texts: &'a Texts,
    /// The order of the language's words.
    pub collation: Collation,
}

impl<'a> Words<'a> {
    /// The words of a theme's texts.
    pub fn new(texts: &'a Texts) -> Self {
        Self { texts, collation: Collation::new(&texts.language) }
    }

    /// A text.
    pub fn text(&self, key: &str) -> String {
        self.texts.get(key).to_owned()
    }

    /// A text of a group, by the word that Rust has for the state, type or kind.
    pub fn of(&self, group: &str, word: &str) -> String {
        self.texts.get(&format!("{group}.{word}")).to_owned()
    }

    /// The same, when the theme may lack it.
    pub fn of_maybe(&self, group: &str, word: &str) -> Option<String> {
        let key = format!("{group}.{word}");
        self.texts.contains(&key).then(|| self.texts.get(&key).to_owned())
    }

    /// A text with its places filled.
    pub fn format(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.texts.format(key, values)
    }

    /// A state in a word or two.
    pub fn badge(&self, state: &str) -> Badge {
        Badge { kind: state.to_owned(), words: self.of("states", state) }
    }

    /// `17 november 2021`
    pub fn day(&self, day: Date) -> String {
        self.written(&day.day().to_string(), day, true)
    }

    /// A day of a month, or several of them: `17 november`, `29–30 januari 2018`.
    fn written(&self, days: &str, date: Date, with_year: bool) -> String {
        let month = self.month(date);
        if !with_year {
            return self.format("dates.date_in_year", &[("day", days), ("month", month)]);
        }
        self.format("dates.date", &[("day", days), ("month", month), ("year", &date.year().to_string())])
    }

    /// `17 november 2021`, or `17 november 2021 kl. 09.30` when a time was given.
    pub fn moment(&self, moment: &Moment) -> String {
        if !moment.timed {
            return self.day(moment.day());
        }
        self.at(&self.day(moment.day()), &self.clock(moment.local))
    }

    /// The same for templates.
    pub fn time(&self, moment: &Moment) -> TimeView {
        TimeView { datetime: moment.html(), words: self.moment(moment) }
    }

    /// The day alone for templates, also when a time was given.
    pub fn date(&self, moment: &Moment) -> TimeView {
        TimeView { datetime: moment.day().to_string(), words: self.day(moment.day()) }
    }

    /// A day in pieces.
    pub fn day_view(&self, day: Date) -> DayView {
        let short = self.texts.list("dates.months_short");
        let month = short.get(month_index(day)).cloned().unwrap_or_default();
        DayView { datetime: day.to_string(), day: day.day().to_string(), month, year: day.year().to_string() }
    }

    /// From one moment to another: `29–30 januari 2018`, `17 november 2021 kl. 09.30–16.00`,
    /// `16 mars kl. 10.00 – 17 mars 2027 kl. 15.00`.
    pub fn range(&self, start: &Moment, end: Option<&Moment>, all_day: bool) -> String {
        let whole = |moment: &Moment| if all_day { self.day(moment.day()) } else { self.moment(moment) };
        let Some(end) = end else { return whole(start) };
        if start.day() == end.day() {
            if all_day || !start.timed || !end.timed || start.local == end.local {
                return whole(start);
            }
            let times = self.between(&self.clock(start.local), &self.clock(end.local));
            return self.at(&self.day(start.day()), &times);
        }
        if all_day || !start.timed {
            return self.days(start.day(), end.day(), true);
        }
        let first = self.written(&start.day().day().to_string(), start.day(), start.day().year() != end.day().year());
        self.span(&self.at(&first, &self.clock(start.local)), &whole(end))
    }

    /// Several ranges of days in a line, each year said once: `29–30 januari, 23 mars och 1 juni 2018`.
    pub fn all_days(&self, ranges: &[(Date, Date)]) -> String {
        let said_later = |nth: usize| ranges.get(nth + 1).is_some_and(|next| next.0.year() == ranges[nth].1.year());
        let days = ranges.iter().enumerate().map(|(nth, (from, to))| self.days(*from, *to, !said_later(nth)));
        self.list(&days.collect::<Vec<_>>())
    }

    fn days(&self, from: Date, to: Date, with_year: bool) -> String {
        let number = |day: Date| day.day().to_string();
        let last = self.written(&number(to), to, with_year);
        if from == to {
            last
        } else if (from.year(), from.month()) == (to.year(), to.month()) {
            self.written(&self.between(&number(from), &number(to)), to, with_year)
        } else {
            self.span(&self.written(&number(from), from, from.year() != to.year()), &last)
        }
    }

    /// From one word to another: `09.30–16.00`.
    fn between(&self, from: &str, to: &str) -> String {
        self.format("dates.range", &[("from", from), ("to", to)])
    }

    /// The same where each is several words, so that the dash does not bind the nearest two alone.
    fn span(&self, from: &str, to: &str) -> String {
        self.format("dates.span", &[("from", from), ("to", to)])
    }

    fn at(&self, date: &str, time: &str) -> String {
        self.format("dates.at", &[("date", date), ("time", time)])
    }

    fn clock(&self, time: DateTime) -> String {
        let (hour, minute) = (format!("{:02}", time.hour()), format!("{:02}", time.minute()));
        self.format("dates.time", &[("hour", &hour), ("minute", &minute)])
    }

    /// The words with which writers are tempted to say a state in a title: `inställt`, `inställd`.
    pub fn typed(&self, state: &str) -> &[String] {
        self.texts.list(&format!("typed.{state}"))
    }

    fn month(&self, day: Date) -> &str {
        self.texts.list("dates.months").get(month_index(day)).map_or("", String::as_str)
    }

    /// `ett, två och tre`
    pub fn list(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => self.format("dates.list", &[("first", &first.join(", ")), ("last", last)]),
        }
    }

    /// `3 sidor`-like counts of entries.
    pub fn count(&self, number: usize) -> String {
        let key = if number == 1 { "counts.one" } else { "counts.many" };
        self.format(key, &[("number", &number.to_string())])
    }

    /// The size of a file: `412 kB`, `1,3 MB`.
    pub fn size(&self, bytes: u64) -> String {
        if bytes < 999_500 {
            let kilobytes = bytes.div_ceil(1000).max(1).to_string();
            return self.format("files.kilobytes", &[("number", &kilobytes)]);
        }
        let tenths = (bytes + 50_000) / 100_000;
        let number = format!("{}{}{}", tenths / 10, self.text("files.decimal"), tenths % 10);
        self.format("files.megabytes", &[("number", &number)])
    }

    /// The name of a language: `svenska`; the tag itself when the theme has no name for it.
    pub fn language(&self, tag: &str) -> String {
        let main = tag.split('-').next().unwrap_or(tag).to_lowercase();
        self.of_maybe("languages", &main).unwrap_or_else(|| tag.to_owned())
    }

    /// Compares two texts as the language orders them.
    pub fn compare(&self, one: &str, other: &str) -> Ordering {
        self.collation.compare(one, other)
    }
}

fn month_index(day: Date) -> usize {
    usize::try_from(day.month() - 1).unwrap_or(0)
}
