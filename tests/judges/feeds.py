"""Every feed is read by feedparser without complaint and has what Atom (RFC 4287) asks for."""

from datetime import datetime
from xml.etree import ElementTree

import feedparser

ATOM = "{http://www.w3.org/2005/Atom}"


def judge(site):
    ids = {}
    for name in feeds(site):
        try:
            root = ElementTree.parse(site.files[name]).getroot()
        except ElementTree.ParseError as error:
            yield f"{name}: not well-formed: {error}"
            continue
        for trouble in [*parsed(site, name), *structure(site, name, root)]:
            yield f"{name}: {trouble}"
        identity = root.findtext(ATOM + "id")
        if identity in ids:
            yield f"{name}: has the id of {ids[identity]}"
        ids[identity] = name
    if not ids:
        yield "there is no feed"


def feeds(site):
    """The feeds, by file."""
    return [name for name in site.files if name.split("/")[-1] == "feed.xml"]


def parsed(site, name):
    """What feedparser says."""
    feed = feedparser.parse(site.files[name].read_bytes(), response_headers={"content-type": "application/atom+xml"})
    if feed.bozo:
        yield f"feedparser: {feed.bozo_exception}"
    if feed.version != "atom10":
        yield f"feedparser takes it for `{feed.version}`"
    for entry in feed.entries:
        if not entry.get("updated_parsed") or not entry.get("link") or not entry.get("title"):
            yield f"feedparser finds no time, link or title in {entry.get('id')}"


def structure(site, name, root):
    """What the standard asks for (§4.1)."""
    if root.tag != ATOM + "feed":
        yield f"the root is `{root.tag}`"
        return
    yield from common(root, "the feed")
    entries = root.findall(ATOM + "entry")
    ids = [entry.findtext(ATOM + "id") for entry in entries]
    yield from (f"two entries have the id {twice}" for twice in {one for one in ids if ids.count(one) > 1})
    if links(root, "self") != [site.url(name)]:
        yield f"`self` is {links(root, 'self')} and not {site.url(name)}"
    for element in [root, *entries]:
        for url in links(element, "alternate"):
            if site.find(url) not in site.pages:
                yield f"there is no page {url}"
    for entry in entries:
        yield from common(entry, str(entry.findtext(ATOM + "id")))
        yield from entry_rules(root, entry)
    times = [time(entry, "updated") for entry in entries]
    if times and None not in times and time(root, "updated") != max(times):
        yield "the feed's `updated` is not that of its newest entry"


def common(element, words):
    """What feeds and entries both have exactly once."""
    for tag in ["id", "title", "updated"]:
        found = element.findall(ATOM + tag)
        if len(found) != 1 or not (found[0].text or "").strip():
            yield f"{words} has {len(found)} `{tag}`"
    if time(element, "updated") is None:
        yield f"{words} has no time in `updated`"
    if len(links(element, "alternate")) != 1:
        yield f"{words} has {len(links(element, 'alternate'))} links to a page"


def entry_rules(root, entry):
    words = entry.findtext(ATOM + "id")
    if root.find(ATOM + "author") is None and entry.find(ATOM + "author") is None:
        yield f"{words} has no author"
    if any(not (author.findtext(ATOM + "name") or "").strip() for author in entry.iter(ATOM + "author")):
        yield f"{words} has an author without a name"
    published, updated = time(entry, "published"), time(entry, "updated")
    if published and updated and published > updated:
        yield f"{words} was updated before it was published"


def links(element, relation):
    return [link.get("href") for link in element.findall(ATOM + "link") if link.get("rel", "alternate") == relation]


def time(element, tag):
    """A time with an offset (RFC 3339), or None."""
    try:
        found = datetime.fromisoformat(element.findtext(ATOM + tag) or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


def count(site):
    return f"{len(feeds(site))} feeds"
