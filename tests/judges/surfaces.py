"""An event is the same wherever it is shown: on its page, in its data, calendar and feeds, in search and sitemap."""

import json
from datetime import timedelta
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import atom
import calendars
import feeds
import sitemap
import structured
from structured import CANCELLED, MOVED_ONLINE, POSTPONED, RESCHEDULED
from times import day, day_or_time, sortable
from tree import has_class, squeeze

# What readers see of each state: the words before the heading, in the languages of the theme; the first state that an
# event has counts. A new date is told by the date.
PREFIXES = {
    CANCELLED: calendars.CANCELLED,
    POSTPONED: calendars.POSTPONED,
    MOVED_ONLINE: ("Digitalt: ", "Online: "),
}
BADGES = {CANCELLED: "cancelled", POSTPONED: "postponed", MOVED_ONLINE: "moved_online", RESCHEDULED: "rescheduled"}
STATUSES = {CANCELLED: "CANCELLED", POSTPONED: "TENTATIVE"}


def judge(site):
    pages = event_pages(site)
    shown = {name: read(site, name) for name in calendars.calendars(site)}
    surfaces = [page_rules, feed_rules(site), search_rules(site), sitemap_rules(site), calendar_rules(shown)]
    for page, event in pages.items():
        yield from (f"{page.name}: {trouble}" for rules in surfaces for trouble in rules(page, event))
    yield from strangers(shown, {page.url for page in pages})


def event_pages(site):
    """The pages of events, each with what it tells of its event."""
    found = {}
    for page in site.pages.values():
        try:
            nodes = structured.graph(page)
        except ValueError:
            continue  # The judge of structured data says so.
        found.update({page: node for node in nodes if structured.is_event(node) and node.get("url") == page.url})
    return found


def states(event):
    return [state for state in BADGES if state in structured.listed(event.get("eventStatus"))]


def forms(event):
    """How an event may be called where its state is said."""
    name = squeeze(event.get("name"))
    prefixed = [PREFIXES[state] for state in PREFIXES if state in states(event)]
    return [prefix + name for prefix in prefixed[0]] if prefixed else [name]


def page_rules(page, event):
    name = squeeze(event.get("name"))
    if name.startswith(tuple(prefix for prefixes in PREFIXES.values() for prefix in prefixes)):
        yield f"the name has a state before it: {name}"
    if page.heading not in forms(event):
        yield f"the heading is `{page.heading}` and not `{forms(event)[0]}`"
    if not page.title.startswith(page.heading):
        yield "the title does not begin with the heading"
    if states(event) and not page.beside_heading("banner"):
        yield f"no banner beside the heading says {[BADGES[state] for state in states(event)]}"
    if STATUSES.keys() & set(states(event)):
        yield from invitations(page)


def invitations(page):
    """What asks the reader to come."""
    for link in page.all("a"):
        url = urljoin(page.url, link.get("href", ""))
        if has_class(link, "button"):
            yield f"invites to {url}"
        # Calendars of more than this event may be offered here, too.
        folder, _, name = urlsplit(url).path.rpartition("/")
        if name.endswith(".ics") and folder + "/" == urlsplit(page.url).path:
            yield f"offers {url} for the reader's calendar"


def feed_rules(site):
    """In every feed, its entry has the heading of the page."""
    told = []
    for name in feeds.feeds(site):
        reader = feeds.READERS[feeds.kind(name)]
        try:
            told += [(name, entry) for entry in reader.told(reader.read(site.files[name])).entries]
        except ValueError:
            continue  # The judge of feeds says so.

    def rules(page, _event):
        for name, entry in told:
            if entry.url == page.url and entry.title != page.heading:
                yield f"is called `{entry.title}` in {name}"

    return rules


def search_rules(site):
    """The records of the search, if the site has one, know the heading and the state."""
    indexes = {name: records(path) for name, path in site.files.items() if name.endswith("/index.json")}

    def rules(page, event):
        for name, found in indexes.items():
            own = [record for record in found if urljoin(site.base, record.get("url", "")) == page.url]
            if len(own) != (1 if page.is_indexed else 0):
                yield f"{name} has {len(own)} records of it"
            for record in own:
                yield from (f"{name}: {trouble}" for trouble in record_rules(page, event, record))

    return rules


def records(path):
    """What is in an index; nothing, when it is not what an index should be."""
    try:
        told = json.loads(path.read_bytes())
    except ValueError:
        return []
    return [record for record in told if isinstance(record, dict)] if isinstance(told, list) else []


def record_rules(page, event, record):
    if squeeze(record.get("heading")) != page.heading:
        yield f"it is called `{record.get('heading')}`"
    badges = {badge.get("kind") for badge in record.get("badges") or []}
    wanted = {BADGES[state] for state in states(event)}
    if wanted and not wanted & badges:
        yield f"its badges are {sorted(badges)}, and it is {sorted(wanted)}"
    if badges & set(BADGES.values()) - wanted:
        yield f"its badges are {sorted(badges)}, and it is {sorted(wanted) or 'as planned'}"


def sitemap_rules(site):
    """The sitemap names the page, if search engines may list it."""
    try:
        addresses = sitemap.addresses(ElementTree.parse(site.files["sitemap.xml"]).getroot())
    except (KeyError, ElementTree.ParseError):
        addresses = []

    def rules(page, _event):
        if page.is_indexed and page.url not in addresses:
            yield "is not in the sitemap"

    return rules


def read(site, name):
    """The events of a calendar; none, when the judge of calendars has found that there is no reading it."""
    data = site.files[name].read_bytes()
    return [] if list(calendars.lines(data)) or list(calendars.contents(site, data)) else calendars.events(data)


def calendar_rules(shown):
    """The calendar beside the page has its occasions, in the same state and at the same moments."""

    def rules(page, event):
        folder = page.name.removesuffix("index.html")
        names = [name for name in shown if name.rpartition("/")[0] + "/" == folder]
        if len(names) != 1:
            yield f"there are {len(names)} calendars beside it"
        for name in names:
            yield from (f"{name}: {trouble}" for trouble in occasions(page, event, shown[name]))

    return rules


def occasions(page, event, shown):
    parts = [part for part in structured.listed(event.get("subEvent")) if isinstance(part, dict)]
    told = [part for part in parts or [event] if day_or_time(part.get("startDate"))]
    if len(told) != len(shown):
        yield f"has {len(shown)} events, and the page tells of {len(told)}"
        return
    told = sorted(told, key=lambda part: sortable(day_or_time(part["startDate"])))
    for one, other in zip(told, sorted(shown, key=lambda one: sortable(one["DTSTART"].dt))):
        yield from (f"{other['UID']}: {trouble}" for trouble in occasion(page, event, one, other))


def occasion(page, event, told, shown):
    """One occasion, as the page tells of it and as the calendar shows it."""
    if shown["URL"] != page.url:
        yield f"has the address {shown['URL']}"
    summary = squeeze(shown["SUMMARY"])
    if told is event and summary != page.heading:
        yield f"is called `{summary}`"
    # An occasion may have a state of its own, and a name of its own after that of the event.
    ways = (*forms({**event, "eventStatus": told.get("eventStatus")}), page.heading)
    if told is not event and not summary.startswith(ways):
        yield f"is called `{summary}`, which does not begin with `{ways[0]}`"
    status = next((STATUSES[state] for state in states(told) if state in STATUSES), "CONFIRMED")
    if shown["STATUS"] != status:
        yield f"is {shown['STATUS']}, and the page says {status}"
    yield from period(told, shown)


def period(told, shown):
    start, end = day_or_time(told["startDate"]), day_or_time(told.get("endDate"))
    if shown["DTSTART"].dt != start:
        yield f"starts {shown['DTSTART'].dt}, and by the page {start}"
    if end and "DTEND" in shown and exclusive(end) != shown["DTEND"].dt:
        yield f"ends {shown['DTEND'].dt}, and by the page {exclusive(end)}"


def exclusive(end):
    """The end as calendars have it: of days, the one after the last."""
    return end + timedelta(days=1) if end == day(end) else end


def strangers(shown, known):
    """What the calendars call events, and no page tells of."""
    for name, events in shown.items():
        for event in events:
            if str(event["URL"]) not in known:
                yield f"{name}: {event['UID']} is of {event['URL']}, which tells of no event"


def count(site):
    return f"{len(event_pages(site))} events"
