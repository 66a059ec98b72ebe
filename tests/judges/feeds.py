"""Every feed is what its standard asks for, tells the same as the feed beside it, and is linked from its page."""

from urllib.parse import urljoin

import atom
import jsonfeed
from told import differences, entry_differences

# How each kind is called as a file and as a media type, and who reads it.
READERS = {"feed.xml": atom, "feed.json": jsonfeed}
TYPES = {"feed.xml": "application/atom+xml", "feed.json": "application/feed+json"}


def judge(site):
    if not feeds(site):
        yield "there is no feed"
    read, ids = {}, {}
    for name in feeds(site):
        reader = READERS[kind(name)]
        try:
            feed = reader.read(site.files[name])
        except ValueError as error:
            yield f"{name}: {error}"
            continue
        yield from (f"{name}: {trouble}" for trouble in reader.rules(site, name, feed))
        if reader is atom:
            yield from same_identity(ids, name, feed.findtext(atom.ATOM + "id"))
        read[name] = reader.told(feed)
    yield from pairs(site, read)
    yield from same_entries(read)
    yield from links_to_feeds(site)
    yield from linked(site, read)


def feeds(site):
    """The feeds, by file."""
    return [name for name in site.files if kind(name) in READERS]


def kind(name):
    return name.split("/")[-1]


def same_identity(ids, name, identity):
    if identity in ids:
        yield f"{name}: has the id of {ids[identity]}"
    ids[identity] = name


def pairs(site, read):
    """Each Atom feed has a JSON feed beside it, and the other way round, and both tell the same."""
    for name in feeds(site):
        beside = name.removesuffix(kind(name)) + ("feed.json" if kind(name) == "feed.xml" else "feed.xml")
        if beside not in site.files:
            yield f"{name}: there is no {beside} beside it"
        elif kind(name) == "feed.xml" and name in read and beside in read:
            for trouble in differences(read[name], read[beside]):
                yield f"{name} and {beside}: {trouble}"


def same_entries(read):
    """An entry that is in several feeds is the same in all of them."""
    seen = {}
    for name, feed in read.items():
        if kind(name) != "feed.xml":
            continue
        for entry in feed.entries:
            other, before = seen.setdefault(entry.id, (name, entry))
            for trouble in entry_differences(before, entry):
                yield f"{other} and {name}: {trouble}"


def links_to_feeds(site):
    """What a page calls a feed is a feed of that kind."""
    for page in site.pages.values():
        for media_type, url in feed_links(page, ["link", "a"]):
            name = site.find(url) if site.is_own(url) else None
            if name is None or TYPES.get(kind(name)) != media_type:
                yield f"{page.name}: {url} is no feed of the type {media_type}"


def linked(site, read):
    """A feed is found from the page it says it is about."""
    for name, feed in read.items():
        page = site.pages.get(site.find(feed.home or ""))
        if page and (TYPES[kind(name)], site.url(name)) not in feed_links(page, ["link"]):
            yield f"{page.name}: has no link to its feed {name}"


def feed_links(page, tags):
    """The links of a page to feeds: the type they say, and the address."""
    found = [element for tag in tags for element in page.all(tag) if element.get("type") in TYPES.values()]
    alternate = [one for one in found if one.tag == "a" or "alternate" in one.get("rel", "").lower().split()]
    return [(one.get("type"), urljoin(page.url, one.get("href", ""))) for one in alternate]


def count(site):
    return f"{len(feeds(site))} feeds"
