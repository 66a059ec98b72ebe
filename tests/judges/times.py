"""Dates and times as the standards write them."""

import re
from datetime import date, datetime, timezone

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
SHORT_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def instant(words):
    """A time of RFC 3339, or None."""
    return parsed(datetime, words) if TIME.fullmatch(str(words)) else None


def day_or_time(words):
    """A day or a time with an offset, as ISO 8601 and schema.org have them, or None."""
    if DAY.fullmatch(str(words)):
        return parsed(date, words)
    return parsed(datetime, words) if SHORT_TIME.fullmatch(str(words)) else None


def parsed(kind, words):
    try:
        # Python 3.10 does not know `Z`.
        return kind.fromisoformat(words.replace("Z", "+00:00"))
    except ValueError:
        return None


def earlier(one, other):
    """Whether a day or time comes before another; a day and a time are compared by their days."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one < other
    return day(one) < day(other)


def day(moment):
    return moment.date() if isinstance(moment, datetime) else moment


def sortable(moment):
    """A key by which days and times are put in order."""
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=moment.tzinfo or timezone.utc).astimezone(timezone.utc)
    return datetime(moment.year, moment.month, moment.day, tzinfo=timezone.utc)
