"""What a feed tells its readers, whatever it is written in."""

import os.path
from datetime import datetime
from typing import NamedTuple, Optional


class Entry(NamedTuple):
    """Something that the feed tells of. Fields that the feed leaves out are None or empty."""

    id: Optional[str]
    url: Optional[str]
    title: str
    published: Optional[datetime]
    updated: Optional[datetime]
    summary: str
    content: str
    authors: list
    tags: list


class Feed(NamedTuple):
    """A feed: its own title, language and page, and its entries in order."""

    title: str
    home: Optional[str]
    language: Optional[str]
    entries: list


def differences(one, other):
    """In what two feeds differ that should tell the same, with the words for one and for the other."""
    for field in ["title", "home", "language"]:
        yield from difference(f"the {field}", getattr(one, field), getattr(other, field))
    ids = [[entry.id for entry in feed.entries] for feed in (one, other)]
    if ids[0] != ids[1]:
        yield from difference("the ids of the entries", *ids)
        return
    for first, second in zip(one.entries, other.entries):
        yield from entry_differences(first, second)


def entry_differences(one, other):
    for field in Entry._fields:
        yield from difference(f"{field} of {one.id}", getattr(one, field), getattr(other, field))


def difference(words, one, other):
    """In what two values differ, from the first sign that does."""
    if one != other:
        one, other = str(one), str(other)
        same = max(len(os.path.commonprefix([one, other])) - 20, 0)
        yield f"{words}: `{one[same : same + 100]}` here, `{other[same : same + 100]}` there"
