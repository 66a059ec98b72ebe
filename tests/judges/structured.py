"""Every page says in JSON-LD, in the words of schema.org, what it is; what it says is whole, and true of the site."""

import json
import re
from urllib.parse import urljoin, urlsplit

import links
from times import day_or_time, earlier
from tree import has_class, squeeze, words_of

SCHEMA = "https://schema.org/"
SCHEDULED, CANCELLED, POSTPONED, RESCHEDULED, MOVED_ONLINE = (
    SCHEMA + "Event" + state for state in ["Scheduled", "Cancelled", "Postponed", "Rescheduled", "MovedOnline"]
)
STATES = {SCHEDULED, CANCELLED, POSTPONED, RESCHEDULED, MOVED_ONLINE}
# What each way to take part must have among its places.
MODES = {
    SCHEMA + "OfflineEventAttendanceMode": {"Place"},
    SCHEMA + "OnlineEventAttendanceMode": {"VirtualLocation"},
    SCHEMA + "MixedEventAttendanceMode": {"Place", "VirtualLocation"},
}
AVAILABILITY = {
    SCHEMA + word
    for word in """BackOrder Discontinued InStock InStoreOnly LimitedAvailability MadeToOrder OnlineOnly OutOfStock
    PreOrder PreSale Reserved SoldOut""".split()
}
DATES = re.compile(r"(start|end|previousStart)Date|date[A-Z]\w*|valid(From|Through)|availability(Starts|Ends)|doorTime")
ADDRESSES = {"url", "item", "image", "logo", "contentUrl", "mainEntityOfPage"}


def judge(site):
    graphs = {}
    for page in site.pages.values():
        try:
            graphs[page] = graph(page)
        except ValueError as error:
            yield f"{page.name}: {error}"
    everything = known(graphs.values())
    for page, nodes in graphs.items():
        # What the page itself tells of a thing comes before what another tells of it.
        telling = Telling(site, page, nodes, {**everything, **known([nodes])})
        yield from (f"{page.name}: {trouble}" for trouble in telling.troubles())


def graph(page):
    """The nodes that a page tells of; ValueError says what is wrong. Pages that only lead on may tell nothing."""
    found = [element for element in page.all("script") if element.get("type") == "application/ld+json"]
    if not found and (page.leads_on or page.name.split("/")[-1] == "404.html"):
        return []
    if len(found) != 1:
        raise ValueError(f"has {len(found)} scripts of JSON-LD")
    words = "".join(found[0].itertext())
    if "<" in words:
        raise ValueError("there is a `<` in the JSON-LD")
    try:
        told = json.loads(words)
    except ValueError as error:
        raise ValueError(f"no JSON: {error}") from error
    if not isinstance(told, dict) or set(told) != {"@context", "@graph"}:
        raise ValueError("no object with `@context` and `@graph`")
    if told["@context"] != "https://schema.org":
        raise ValueError(f"the context is {told['@context']}")
    nodes = told["@graph"]
    if not isinstance(nodes, list) or not all(isinstance(node, dict) for node in nodes):
        raise ValueError("the graph is no list of nodes")
    return nodes


def known(graphs):
    """The nodes that have an identity, by it."""
    nodes = [node for graph in graphs for node in walk(graph)]
    return {node["@id"]: node for node in nodes if "@id" in node and not is_reference(node)}


def walk(told):
    """All nodes, the inner ones as well."""
    if isinstance(told, dict):
        yield told
        told = list(told.values())
    for inner in told if isinstance(told, list) else []:
        yield from walk(inner)


def is_reference(node):
    return set(node) == {"@id"}


def listed(value):
    """One or several of something, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def kinds(node):
    return {str(kind) for kind in listed(node.get("@type"))}


def is_event(node):
    """Whether it is an `Event`, or one of a kind, such as an `EducationEvent`."""
    return any(kind.endswith("Event") for kind in kinds(node))


class Telling:
    """What a page tells, in the light of what the site knows."""

    def __init__(self, site, page, nodes, known):
        self.site, self.page, self.nodes, self.known = site, page, nodes, known

    def troubles(self):
        yield from self.trail()
        yield from self.article()
        for node in walk(self.nodes):
            if is_reference(node):
                if node["@id"] not in self.known:
                    yield f"nothing has the identity {node['@id']}"
                continue
            words = f"{'/'.join(sorted(kinds(node)))} `{node.get('name', node.get('@id', ''))}`"
            yield from (f"{words}: {trouble}" for trouble in self.node(node))

    def all(self, node, key):
        """The values of a property, with what they refer to."""
        for value in listed(node.get(key)):
            yield self.known.get(value["@id"], {}) if isinstance(value, dict) and is_reference(value) else value

    def things(self, node, key):
        """The values of a property that should be nodes; what is none has no properties."""
        return [value if isinstance(value, dict) else {} for value in self.all(node, key)]

    def node(self, node):
        if not kinds(node) or not all(isinstance(kind, str) and kind for kind in listed(node.get("@type"))):
            yield "has no type"
        top = any(node is other for other in self.nodes)
        for key, value in node.items():
            yield from self.values(key, value)
        for kind, rule in RULES.items():
            if kind in kinds(node):
                yield from rule(self, node, top)
        if is_event(node):
            yield from self.event(node, top)

    def values(self, key, value):
        """Dates are dates, and addresses whole and there."""
        for one in listed(value):
            if DATES.fullmatch(key) and day_or_time(one) is None:
                yield f"`{key}` is no day or time with an offset: {one}"
            if key in ADDRESSES and not isinstance(one, dict):
                trouble = self.wrong_address(one)
                if trouble:
                    yield f"`{key}` is {one}: {trouble}"

    def wrong_address(self, address):
        if not isinstance(address, str) or not urlsplit(address).scheme:
            return "not an absolute address"
        return links.wrong(self.site, self.page, address)

    def needs(self, node, *keys):
        """The properties that have no value."""
        yield from (f"no `{key}`" for key in keys if not any(self.all(node, key)))

    def named(self, node, top):
        yield from self.needs(node, "name")

    def found(self, node, top):
        yield from self.needs(node, "name", "url")

    def organisation(self, node, top):
        """Those that others only mention may have no address."""
        yield from self.needs(node, *(["name", "url"] if top else ["name"]))

    def trail(self):
        """The trail to the page is the one that is seen on it."""
        told = [node for node in self.nodes if "BreadcrumbList" in kinds(node)]
        bars = [nav for nav in self.page.all("nav") if has_class(nav, "breadcrumbs")]
        seen = [
            (words_of(link), urljoin(self.page.url, link.get("href", "")))
            for bar in bars
            for item in bar.iter("li")
            for link in item.iter("a")
        ]
        if seen and len(told) != 1:
            yield f"has {len(told)} `BreadcrumbList` where readers see one"
        for node in told if seen else []:
            items = self.things(node, "itemListElement")
            trail = [(squeeze(item.get("name")), item.get("item")) for item in items]
            if trail != seen:
                yield f"tells the trail {trail} where readers see {seen}"

    def crumbs(self, node, top):
        items = self.things(node, "itemListElement")
        positions = [item.get("position") for item in items]
        if not items or positions != list(range(1, len(items) + 1)):
            yield f"the positions are {positions}"
        for item in items:
            yield from self.needs(item, "name", "item")
            if not isinstance(item.get("item"), str) or self.site.find(item["item"]) not in self.site.pages:
                yield f"there is no page {item.get('item')}"

    def article(self):
        """A page that is an article to those who share it is one here."""
        kind = [meta.get("content") for meta in self.page.all("meta") if meta.get("property") == "og:type"]
        postings = [node for node in self.nodes if "BlogPosting" in kinds(node)]
        if kind == ["article"] and not any(self.is_here(node) for node in postings):
            yield "is an article, and tells of no `BlogPosting` with its address"

    def is_here(self, node):
        """Whether it is about this very page."""
        return self.page.url in addresses(node)

    def posting(self, node, top):
        yield from self.needs(node, "headline", "datePublished", "dateModified", "author", "publisher")
        for key in ["author", "publisher"]:
            if not all(one.get("name") for one in self.things(node, key)):
                yield f"a value of `{key}` without a name"
        if not addresses(node):
            yield "neither `url` nor `mainEntityOfPage`"
        yield from order(node, "datePublished", "dateModified")

    def event(self, node, top):
        yield from self.needs(node, "name", "startDate", "location", "eventStatus", "eventAttendanceMode")
        yield from self.needs(node, *(["url", "organizer"] if top else []))
        yield from order(node, "startDate", "endDate")
        for organizer in self.things(node, "organizer"):
            yield from (f"the organizer: {trouble}" for trouble in self.needs(organizer, "name", "url"))
        yield from self.states(node)
        yield from self.places(node)
        for offer in self.things(node, "offers"):
            yield from (f"an offer: {trouble}" for trouble in self.offer(offer))
        for series in self.things(node, "superEvent"):
            if "EventSeries" in kinds(series):
                yield from (f"its series: {trouble}" for trouble in self.needs(series, "name", "url"))
        if not all(is_event(part) for part in self.things(node, "subEvent")):
            yield "a part of it is no event"

    def states(self, node):
        states = set(listed(node.get("eventStatus")))
        yield from (f"there is no state {state}" for state in sorted(states - STATES))
        if RESCHEDULED in states and not node.get("previousStartDate"):
            yield "has a new date, and no `previousStartDate`"

    def places(self, node):
        """Where it is, and that it fits how one takes part."""
        places = self.things(node, "location")
        for place in places:
            if "VirtualLocation" in kinds(place):
                yield from (f"a place on the net: {trouble}" for trouble in self.needs(place, "url"))
            elif "Place" not in kinds(place):
                yield f"it cannot be in {place or 'mere words'}"
            elif not place.get("name") and not place.get("address"):
                yield "a place with neither name nor address"
        found = set().union(*(kinds(place) for place in places))
        for mode in listed(node.get("eventAttendanceMode")):
            if mode not in MODES:
                yield f"there is no way to take part called {mode}"
            elif not MODES[mode] <= found:
                yield f"{mode} without {sorted(MODES[mode] - found)}"
        if MOVED_ONLINE in listed(node.get("eventStatus")) and "VirtualLocation" not in found:
            yield "has moved to the net, and is nowhere on it"

    def offer(self, offer):
        yield from self.needs(offer, "url", "availability")
        yield from (f"`{word}` is no state" for word in listed(offer.get("availability")) if word not in AVAILABILITY)
        if offer.get("price") is not None and not re.fullmatch(r"\d+(\.\d+)?", str(offer["price"])):
            yield f"the price {offer['price']} is no number"
        if offer.get("price") not in (None, 0, "0") and not offer.get("priceCurrency"):
            yield "a price in no currency"


# What each type must have. Events have their kinds, and are found by `is_event`.
RULES = {
    "BreadcrumbList": Telling.crumbs,
    "Organization": Telling.organisation,
    "Person": Telling.named,
    "WebSite": Telling.found,
    "BlogPosting": Telling.posting,
    "EventSeries": Telling.found,
    "CreativeWork": Telling.found,
}


def addresses(node):
    """The addresses of the pages that a node says it is about."""
    pages = [*listed(node.get("url")), *listed(node.get("mainEntityOfPage"))]
    return [page.get("@id") if isinstance(page, dict) else page for page in pages]


def order(node, first, last):
    start, end = day_or_time(node.get(first)), day_or_time(node.get(last))
    if start and end and earlier(end, start):
        yield f"`{last}` {node[last]} is before `{first}` {node[first]}"


def count(site):
    return f"{sum(1 for page in site.pages.values() for _ in page.all('script'))} scripts"
