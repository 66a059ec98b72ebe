"""Every calendar is what RFC 5545 asks for, and three libraries read the same events in it, at the same moments."""

import io
import re
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import ics
import icalendar
import vobject
from dateutil import tz

from times import sortable
from tree import squeeze

# The words that a summary begins with, in the languages of the theme, and the status that they stand for.
CANCELLED = ("Inställt: ", "Cancelled: ")
POSTPONED = ("Uppskjutet: ", "Postponed: ")
STATUSES = {"TENTATIVE", "CONFIRMED", "CANCELLED"}
ONCE = ["UID", "DTSTAMP", "SEQUENCE", "SUMMARY", "STATUS", "URL", "DTSTART"]
# Lines as long as this, their CRLF aside (§3.1).
OCTETS = 75


def judge(site):
    if not calendars(site):
        yield "there is no calendar"
    seen = {}
    for name in calendars(site):
        data = site.files[name].read_bytes()
        troubles = list(lines(data))
        if not troubles:
            troubles = list(contents(site, data))
        if not troubles:
            troubles = list(repeated(seen, name, data))
        yield from (f"{name}: {trouble}" for trouble in troubles)


def calendars(site):
    """The calendars, by file."""
    return [name for name in site.files if name.endswith(".ics")]


def lines(data):
    """What is wrong with the bytes (§3.1)."""
    if not data.endswith(b"\r\n"):
        yield "does not end with CRLF"
    for number, line in enumerate(data.removesuffix(b"\r\n").split(b"\r\n"), 1):
        if b"\r" in line or b"\n" in line:
            yield f"line {number}: an end of line that is no CRLF"
        if len(line) > OCTETS:
            yield f"line {number}: {len(line)} octets"
        if not line.strip():
            yield f"line {number}: an empty line"
        try:
            words = line.decode("utf-8")
        except UnicodeDecodeError:
            yield f"line {number}: no UTF-8; a sign may be folded in two"
            continue
        if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]", words):
            yield f"line {number}: a sign that a calendar cannot have"


def contents(site, data):
    """What is wrong with what it says."""
    views, troubles = {}, []
    for library, read in READERS.items():
        try:
            views[library] = read(data)
        except Exception as error:  # Each library has its own kinds, and none of them may complain.
            troubles.append(f"{library} cannot read it: {error!r}")
    if troubles:
        yield from troubles
        return
    calendar = icalendar.Calendar.from_ical(data)
    yield from frame(calendar)
    yield from (trouble for event in events(data) for trouble in event_rules(site, event))
    yield from zones(calendar)
    ends = {uid for uid, _, end in views["icalendar"] if end}
    for library, view in views.items():
        # Where there is no end, ics makes one up.
        told = [(uid, start, end if uid in ends else None) for uid, start, end in view]
        if told != views["icalendar"]:
            yield f"{library} reads {told}, icalendar {views['icalendar']}"


def by_icalendar(data):
    calendar = icalendar.Calendar.from_ical(data)
    for component in calendar.walk():
        if component.errors:
            raise ValueError(component.errors)
    found = [(event["UID"], event["DTSTART"].dt, "DTEND" in event and event["DTEND"].dt) for event in events(data)]
    return in_order(found)


def by_vobject(data):
    # A zone that another file has defined is not to be used for this one.
    for known in set(vars(vobject.icalendar)["__tzidMap"]) - {"UTC"}:
        del vars(vobject.icalendar)["__tzidMap"][known]
    calendar = vobject.readOne(data.decode("utf-8"))
    calendar.validate(raiseException=True)
    found = calendar.contents.get("vevent", [])
    return in_order((one.uid.value, one.dtstart.value, hasattr(one, "dtend") and one.dtend.value) for one in found)


def by_ics(data):
    found = ics.Calendar(data.decode("utf-8")).events
    return in_order((one.uid, *(day_of(one, moment) for moment in (one.begin, one.end))) for one in found)


def day_of(event, moment):
    """To ics, a day is the time at which it begins."""
    return moment.date() if event.all_day else moment.datetime


READERS = {"icalendar": by_icalendar, "vobject": by_vobject, "ics": by_ics}


def in_order(found):
    """Events as every library can tell them: UID, start and end, the times in UTC."""
    return sorted((str(uid), spelled(start), spelled(end) if end else None) for uid, start, end in found)


def spelled(moment):
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.astimezone(timezone.utc).isoformat() if moment.tzinfo else f"{moment.isoformat()} anywhere"


def events(data):
    """The events of a calendar, as icalendar reads them."""
    return icalendar.Calendar.from_ical(data).walk("VEVENT")


def frame(calendar):
    """What the calendar itself must have (§3.6, and §3.2 of RFC 5546)."""
    for key, value in [("VERSION", "2.0"), ("METHOD", "PUBLISH"), ("PRODID", None)]:
        found = calendar.get(key)
        if not found or isinstance(found, list) or (value and found != value):
            yield f"{key} is {found}"
    if not calendar.subcomponents:
        yield "there is nothing in it"
    uids = [str(event.get("UID")) for event in calendar.walk("VEVENT")]
    yield from (f"the UID {uid} stands twice" for uid in sorted({one for one in uids if uids.count(one) > 1}))


def event_rules(site, event):
    missing = [key for key in ONCE if not event.get(key) and event.get(key) != 0 or isinstance(event.get(key), list)]
    yield from (f"{event.get('UID')}: not one {key}" for key in missing)
    if not missing:
        rules = [property_rules(site, event), period_rules(event), state_rules(event)]
        yield from (f"{event['UID']}: {trouble}" for found in rules for trouble in found)


def property_rules(site, event):
    for key in ["DTSTAMP", "CREATED", "LAST-MODIFIED"]:
        if key in event and not event[key].to_ical().endswith(b"Z"):
            yield f"{key} is not in UTC"
    if int(event["SEQUENCE"]) < 0:
        yield f"SEQUENCE is {event['SEQUENCE']}"
    if event["STATUS"] not in STATUSES:
        yield f"STATUS is {event['STATUS']}"
    url = str(event["URL"])
    if not site.is_own(url) or site.find(url) not in site.pages:
        yield f"there is no page {url}"


def period_rules(event):
    """A start, and an end after it of the same kind: for days, the day after the last."""
    start = event["DTSTART"].dt
    if isinstance(start, datetime) and not start.tzinfo:
        yield "DTSTART is in no time zone"
    if "DTEND" in event:
        end = event["DTEND"].dt
        if isinstance(start, datetime) != isinstance(end, datetime):
            yield "one of DTSTART and DTEND is a day, the other a time"
        elif sortable(end) <= sortable(start):
            yield f"DTEND {end} is not after DTSTART {start}"


def state_rules(event):
    """The state is said in the summary as well."""
    summary, status = squeeze(event["SUMMARY"]), event["STATUS"]
    if summary.startswith(CANCELLED) != (status == "CANCELLED"):
        yield f"the status {status} with the summary {summary}"
    if summary.startswith(POSTPONED) and status != "TENTATIVE":
        yield f"the status {status} with the summary {summary}"


def zones(calendar):
    """The time zones that are used are defined, as they are in the world (§3.6.5)."""
    defined = {str(zone.get("TZID")): zone for zone in calendar.walk("VTIMEZONE")}
    for moment, name in zoned(calendar):
        if name not in defined:
            yield f"the time zone {name} is not defined"
            continue
        try:
            real = ZoneInfo(name).utcoffset(moment)
        except (KeyError, ValueError, OSError):
            yield f"there is no time zone {name}"
            continue
        told = tz.tzical(io.StringIO(defined[name].to_ical().decode("utf-8"))).get(name)
        if told.utcoffset(moment) != real:
            yield f"{moment} in {name} is {told.utcoffset(moment)} from UTC by the file, and {real} in the world"
        if all(part["DTSTART"].dt.replace(tzinfo=None) > moment for part in defined[name].subcomponents):
            yield f"{moment} is before all that the file says of {name}"


def zoned(calendar):
    """The local times with the names of their zones."""
    for _, value in calendar.property_items():
        name = getattr(value, "params", {}).get("TZID")
        for moment in getattr(value, "dts", [value]) if name else []:
            if isinstance(moment.dt, datetime):
                yield moment.dt.replace(tzinfo=None), str(name)


def repeated(seen, name, data):
    """An event that is in several calendars is the same in all of them."""
    for event in events(data):
        words = sorted(event.to_ical().decode("utf-8").replace("\r\n ", "").split("\r\n"))
        other, before = seen.setdefault(str(event["UID"]), (name, words))
        if words != before:
            different = sorted(set(words) ^ set(before))
            yield f"{event['UID']} is another in {other}: {different}"


def count(site):
    found = sum(site.files[name].read_bytes().count(b"BEGIN:VEVENT") for name in calendars(site))
    return f"{found} events in {len(calendars(site))} calendars"
