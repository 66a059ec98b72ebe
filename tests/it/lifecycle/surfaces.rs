//! What readers and their programs see of a site: lists, feeds, calendars, data for search engines, each read as they
//! read it, with parsers so small that they can be seen to be right.

use jiff::Timestamp;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

use crate::site::{Page, Run};

/// An entry in a list: the heading it stands under, its own, and its states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub under: String,
    pub heading: String,
    pub badges: Vec<String>,
}

/// What a feed says of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: String,
    pub title: String,
    pub updated: Timestamp,
    /// Summary and content.
    pub words: String,
}

/// An event in a calendar: its properties, each with its parameters, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vevent(Vec<(String, String, String)>);

impl Vevent {
    /// The value of a property; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|property| property.0 == name).map_or("", |property| &property.2)
    }

    /// A text as the calendar shows it.
    pub fn text(&self, name: &str) -> String {
        let mut text = String::new();
        let mut signs = self.get(name).chars();
        while let Some(sign) = signs.next() {
            match (sign, sign == '\\') {
                (_, true) => text.push(match signs.next().expect("a backslash stands before something") {
                    'n' | 'N' => '\n',
                    sign => sign,
                }),
                (',' | ';', _) if name != "CATEGORIES" => panic!("a bare `{sign}` in {name}: {self:?}"),
                _ => text.push(sign),
            }
        }
        text
    }

    pub fn sequence(&self) -> usize {
        self.get("SEQUENCE").parse().expect("a number")
    }
}

/// The words of an element, with single spaces.
fn words(element: ElementRef) -> String {
    single(&element.text().collect::<String>())
}

/// A text with single spaces, as browsers show it.
pub fn single(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn selector(text: &str) -> Selector {
    Selector::parse(text).expect("a selector of the tests is sound")
}

/// How a page lists what is at an address, each time it does.
pub fn listings(page: &Page, url: &str) -> Vec<Listed> {
    let document = Html::parse_document(&page.html);
    let leads_there =
        |item: &ElementRef| item.select(&selector("a")).next().is_some_and(|link| link.attr("href") == Some(url));
    let listed = |item: ElementRef| {
        let mut sections = item.ancestors().filter_map(ElementRef::wrap);
        let heading = sections.find_map(|section| section.select(&selector("h2")).next());
        Listed {
            under: heading.map(words).unwrap_or_default(),
            heading: item.select(&selector("a")).next().map(words).unwrap_or_default(),
            badges: item.select(&selector(".badge")).map(words).collect(),
        }
    };
    document.select(&selector("li.card, .card-links > li")).filter(leads_there).map(listed).collect()
}

/// The texts of all elements of a name in XML, with what stands in them.
pub fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (start, end) = (format!("<{name}"), format!("</{name}>"));
    let pieces = xml.split(&start).skip(1).filter(|piece| piece.starts_with(['>', ' ']));
    let inner = |piece: &'a str| {
        let (_, text) = piece.split_once('>').expect("a tag ends");
        text.split_once(&end).expect("an element ends").0
    };
    pieces.map(inner).collect()
}

/// A text as a reader of XML has it.
pub fn plain(text: &str) -> String {
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&#13;", "\r"), ("&amp;", "&")];
    signs.iter().fold(text.to_owned(), |text, (written, sign)| text.replace(written, sign))
}

/// The entries of an Atom feed.
pub fn atom(run: &Run, route: &str) -> Vec<Entry> {
    let xml = run.page(route).html;
    let entry = |entry: &str| {
        let only = |name| match elements(entry, name)[..] {
            [text] => plain(text),
            _ => panic!("one <{name}> in {entry}"),
        };
        let words: String = ["summary", "content"].iter().flat_map(|name| elements(entry, name)).map(plain).collect();
        Entry { id: only("id"), title: only("title"), updated: instant(&only("updated")), words }
    };
    elements(&xml, "entry").into_iter().map(entry).collect()
}

/// The entries of a JSON feed.
pub fn json_feed(run: &Run, route: &str) -> Vec<Entry> {
    let feed: Value = serde_json::from_str(&run.page(route).html).expect("JSON");
    let entry = |item: &Value| Entry {
        id: text(&item["id"]),
        title: text(&item["title"]),
        updated: instant(&text(&item["date_modified"])),
        words: ["summary", "content_html"].iter().map(|key| text(&item[*key])).collect(),
    };
    feed["items"].as_array().expect("items").iter().map(entry).collect()
}

/// The events of a calendar, which is written as RFC 5545 asks.
pub fn calendar(run: &Run, route: &str) -> Vec<Vevent> {
    let file = run.page(route).html;
    assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("END:VCALENDAR\r\n"), "{route}: {file}");
    let physical: Vec<&str> = file.split_inclusive('\n').collect();
    for line in &physical {
        let line = line.strip_suffix("\r\n").unwrap_or_else(|| panic!("a line of {route} ends with CRLF: {line:?}"));
        assert!(line.len() <= 75 && !line.contains('\r'), "a line of {route} is short and one: {line:?}");
    }
    let unfolded = file.replace("\r\n ", "");
    let mut events: Vec<Vevent> = Vec::new();
    let mut open = false;
    for line in unfolded.split_terminator("\r\n") {
        match line {
            "BEGIN:VEVENT" => events.push(Vevent(Vec::new())),
            "END:VEVENT" => assert!(open, "{route} ends what it began"),
            _ if open => events.last_mut().expect("one is open").0.push(property(line)),
            _ => {}
        }
        open = line == "BEGIN:VEVENT" || (open && line != "END:VEVENT");
    }
    events
}

/// A content line: name, parameters and value. A colon in quotes belongs to the parameters.
fn property(line: &str) -> (String, String, String) {
    let mut quoted = false;
    let colon = line.find(|sign| {
        quoted ^= sign == '"';
        sign == ':' && !quoted
    });
    let (head, value) = line.split_at(colon.unwrap_or_else(|| panic!("a property: {line:?}")));
    let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
    (name.to_owned(), parameters.to_owned(), value[1..].to_owned())
}

/// What a page tells search engines of the thing that it is about.
pub fn structured(page: &Page) -> Value {
    let document = Html::parse_document(&page.html);
    let is_data = selector("script[type='application/ld+json']");
    let scripts: Vec<String> = document.select(&is_data).map(|script| script.inner_html()).collect();
    let [script] = scripts.as_slice() else { panic!("one block of data: {scripts:?}") };
    let data: Value = serde_json::from_str(script).unwrap_or_else(|error| panic!("JSON ({error}): {script}"));
    let things = data["@graph"].as_array().expect("a graph");
    let is_main = |thing: &&Value| thing["@id"].as_str().is_some_and(|id| id.ends_with("#entry"));
    things.iter().find(is_main).cloned().unwrap_or_else(|| panic!("the page's own thing: {data:#}"))
}

/// What the search index says of what is at an address.
pub fn found(run: &Run, url: &str) -> Option<Value> {
    let index: Vec<Value> = serde_json::from_str(&run.page("/sok/index.json").html).expect("JSON");
    index.into_iter().find(|record| record["url"] == url)
}

/// The words of a list of states.
pub fn badges_of(record: &Value) -> Vec<String> {
    record["badges"].as_array().into_iter().flatten().map(|badge| text(&badge["words"])).collect()
}

/// A text of JSON.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The last word of an address of schema.org.
pub fn last_word(value: &Value) -> String {
    text(value).rsplit('/').next().unwrap_or_default().to_owned()
}

/// An instant as machines write it.
pub fn instant(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|error| panic!("an instant ({error}): {text:?}"))
}
