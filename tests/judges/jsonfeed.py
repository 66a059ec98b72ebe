"""JSON Feed 1.1: the keys it knows, the types they have, the ones it requires."""

import json
import re

import content
import links
from times import instant
from told import Entry, Feed
from tree import squeeze

VERSION = "https://jsonfeed.org/version/1.1"
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
FEED = {
    "version": str,
    "title": str,
    "home_page_url": "address",
    "feed_url": "address",
    "description": str,
    "user_comment": str,
    "next_url": "address",
    "icon": "address",
    "favicon": "address",
    "authors": list,
    "language": "language",
    "expired": bool,
    "hubs": list,
    "items": list,
}
ITEM = {
    "id": str,
    "url": "address",
    "external_url": "address",
    "title": str,
    "content_html": str,
    "content_text": str,
    "summary": str,
    "image": "address",
    "banner_image": "address",
    "date_published": "time",
    "date_modified": "time",
    "authors": list,
    "tags": list,
    "language": "language",
    "attachments": list,
}
AUTHOR = {"name": str, "url": "address", "avatar": "address"}
ATTACHMENT = {
    "url": "address",
    "mime_type": str,
    "title": str,
    "size_in_bytes": int,
    "duration_in_seconds": (int, float),
}
HUB = {"type": str, "url": "address"}


def read(path):
    """The feed in a file; ValueError says why there is none."""
    try:
        feed = json.loads(path.read_bytes().decode("utf-8"))
    except ValueError as error:
        raise ValueError(f"no JSON: {error}") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("no object with `items`, all of them objects")
    return feed


def rules(site, name, feed):
    # The standard asks for version, title and items; a reader needs the addresses and the language too.
    required = ["version", "title", "home_page_url", "feed_url", "language", "items"]
    yield from (f"the feed: {trouble}" for trouble in shape(site, feed, FEED, required))
    yield from (f"the feed: {trouble}" for trouble in parts(site, feed))
    if feed.get("version") != VERSION:
        yield f"the version is {feed.get('version')}"
    if feed.get("feed_url") != site.url(name):
        yield f"`feed_url` is {feed.get('feed_url')} and not {site.url(name)}"
    yield from missing_page(site, feed, "home_page_url")
    ids = [item.get("id") for item in feed["items"]]
    yield from (f"two items have the id {twice}" for twice in sorted({str(one) for one in ids if ids.count(one) > 1}))
    for item in feed["items"]:
        yield from (f"{item.get('id')}: {trouble}" for trouble in item_rules(site, item))


def item_rules(site, item):
    yield from shape(site, item, ITEM, ["id", "url", "title", "content_html", "date_published", "date_modified"])
    yield from parts(site, item)
    yield from missing_page(site, item, "url")
    if isinstance(item.get("content_html"), str):
        yield from content.troubles(site, item["content_html"])


def parts(site, thing):
    """The lists that feeds and items have."""
    for author in listed(thing, "authors"):
        yield from (f"an author: {trouble}" for trouble in shape(site, author, AUTHOR, []))
        if isinstance(author, dict) and not set(author) & set(AUTHOR):
            yield "an author with neither name, address nor picture"
    for one in listed(thing, "attachments"):
        yield from (f"an attachment: {trouble}" for trouble in shape(site, one, ATTACHMENT, ["url", "mime_type"]))
    for one in listed(thing, "hubs"):
        yield from (f"a hub: {trouble}" for trouble in shape(site, one, HUB, ["type", "url"]))
    if not all(isinstance(tag, str) and tag.strip() for tag in listed(thing, "tags")):
        yield "a tag that is no text"


def listed(thing, key):
    found = thing.get(key)
    return found if isinstance(found, list) else []


def shape(site, thing, keys, required):
    """Keys that are missing, that the standard does not have, or that hold the wrong thing."""
    if not isinstance(thing, dict):
        yield "no object"
        return
    yield from (f"no `{key}`" for key in required if key not in thing)
    for key, value in thing.items():
        if key not in keys:
            # `author` was deprecated in 1.1; keys of one's own begin with `_`.
            if not key.startswith("_"):
                yield f"the standard has no `{key}`"
        elif not fits(site, value, keys[key]):
            yield f"`{key}` cannot be {value!r}"


def fits(site, value, kind):
    if kind == "time":
        return instant(value) is not None
    if kind == "language":
        return isinstance(value, str) and LANGUAGE.fullmatch(value) is not None
    if kind == "address":
        return is_address(site, value)
    if kind is str:
        return isinstance(value, str) and value.strip() != ""
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def is_address(site, value):
    """Whether it is a whole address, and one that is there, if it is of this site."""
    if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", value):
        return False
    return links.wrong_target(site, value) is None


def missing_page(site, thing, key):
    url = thing.get(key)
    if isinstance(url, str) and (not site.is_own(url) or site.find(url) not in site.pages):
        yield f"there is no page {url}"


def told(feed):
    """What the feed tells."""
    entries = [entry_told(item) for item in feed["items"]]
    return Feed(squeeze(feed.get("title")), feed.get("home_page_url"), feed.get("language"), entries)


def entry_told(item):
    return Entry(
        id=item.get("id"),
        url=item.get("url"),
        title=squeeze(item.get("title")),
        published=instant(item.get("date_published")),
        updated=instant(item.get("date_modified")),
        summary=squeeze(item.get("summary")),
        content=squeeze(item.get("content_html")),
        authors=[squeeze(author.get("name")) for author in listed(item, "authors") if isinstance(author, dict)],
        tags=listed(item, "tags"),
    )
