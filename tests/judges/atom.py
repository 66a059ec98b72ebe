"""Atom: what RFC 4287 asks for, by a schema (atom.rng), by feedparser, and by rules that no schema can say."""

import re
from pathlib import Path

import feedparser
from lxml import etree

import content
from times import instant
from told import Entry, Feed
from tree import squeeze

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
SCHEMA = etree.RelaxNG(etree.parse(str(Path(__file__).with_name("atom.rng"))))
# RFC 4151: an authority, a day from which it is the authority's, and what the authority likes.
TAG = re.compile(r"tag:[^\s,:]+,\d{4}(-\d\d(-\d\d)?)?:\S+")


def read(path):
    """The feed in a file; ValueError says why there is none."""
    try:
        return etree.parse(str(path), etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed: {error}") from error


def rules(site, name, root):
    yield from parsed(site, name)
    if not SCHEMA.validate(root):
        yield from (f"line {error.line}: {error.message}" for error in SCHEMA.error_log)
    if root.tag == ATOM + "feed":
        yield from structure(site, name, root)


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
    yield from common(root, "the feed")
    entries = root.findall(ATOM + "entry")
    ids = [entry.findtext(ATOM + "id") for entry in entries]
    yield from (f"two entries have the id {twice}" for twice in {one for one in ids if ids.count(one) > 1})
    if links(root, "self") != [site.url(name)]:
        yield f"`self` is {links(root, 'self')} and not {site.url(name)}"
    for element in [root, *entries]:
        for url in links(element, "alternate"):
            if not site.is_own(url) or site.find(url) not in site.pages:
                yield f"there is no page {url}"
    for entry in entries:
        yield from common(entry, str(entry.findtext(ATOM + "id")))
        yield from (f"{entry.findtext(ATOM + 'id')}: {trouble}" for trouble in entry_rules(site, root, entry))
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
    identity = element.findtext(ATOM + "id") or ""
    if identity.startswith("tag:") and not TAG.fullmatch(identity):
        yield f"{words} has an id that is no tag URI: {identity}"


def entry_rules(site, root, entry):
    if root.find(ATOM + "author") is None and entry.find(ATOM + "author") is None:
        yield "no author"
    if any(not (author.findtext(ATOM + "name") or "").strip() for author in entry.iter(ATOM + "author")):
        yield "an author without a name"
    published, updated = time(entry, "published"), time(entry, "updated")
    if published is None:
        yield "no time in `published`"
    if published and updated and published > updated:
        yield "updated before it was published"
    found = entry.find(ATOM + "content")
    if found is None or found.get("type") != "html" or not (found.text or "").strip():
        yield "no content in HTML"
    else:
        yield from content.troubles(site, found.text)


def told(root):
    """What the feed tells."""
    entries = [entry_told(entry) for entry in root.findall(ATOM + "entry")]
    return Feed(squeeze(root.findtext(ATOM + "title")), first(links(root, "alternate")), root.get(LANGUAGE), entries)


def entry_told(entry):
    return Entry(
        id=entry.findtext(ATOM + "id"),
        url=first(links(entry, "alternate")),
        title=squeeze(entry.findtext(ATOM + "title")),
        published=time(entry, "published"),
        updated=time(entry, "updated"),
        summary=squeeze(entry.findtext(ATOM + "summary")),
        content=squeeze(entry.findtext(ATOM + "content")),
        authors=[squeeze(author.findtext(ATOM + "name")) for author in entry.findall(ATOM + "author")],
        tags=[category.get("label", category.get("term")) for category in entry.findall(ATOM + "category")],
    )


def links(element, relation):
    return [link.get("href") for link in element.findall(ATOM + "link") if link.get("rel", "alternate") == relation]


def first(found):
    return found[0] if found else None


def time(element, tag):
    """A time with an offset (RFC 3339), or None."""
    return instant(element.findtext(ATOM + tag))
