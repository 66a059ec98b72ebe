"""Judges of judges: a small sound site passes, and each planted fault is found by the judge it is meant for."""

import contextlib
import tempfile
from pathlib import Path

from sound import BASE, SOUND
from tree import Site

# In place of words: the file is not there.
GONE = None

DAY, VISIT, MOVED, NETWORK = (f"konferenser/{slug}/kalender.ics" for slug in ["dag", "besok", "flyttad", "natverk"])
DAY_PAGE, VISIT_PAGE, MOVED_PAGE, NETWORK_PAGE = (
    name.replace("kalender.ics", "index.html") for name in [DAY, VISIT, MOVED, NETWORK]
)

# All of a time zone up to the rule for its winter; planted instead is the head of a winter that comes late.
WINTER = SOUND[MOVED][SOUND[MOVED].index("BEGIN:DAYLIGHT") : SOUND[MOVED].index("RRULE:FREQ=YEARLY;BYMONTH=10")]

# The judge, the file, what stands there, and what stands there instead; where another rule may find the fault as well,
# words of the finding that is meant.
FAULTS = [
    ("markup", "index.html", "</main>", "</div></main>"),
    ("markup", "index.html", "<!DOCTYPE html>\n", ""),
    ("markup", "index.html", "<h1>Sida</h1>", "<p>Sida</p>"),
    ("markup", "index.html", ' lang="sv"', ""),
    ("nu", "index.html", "<h1>Sida</h1>", "<h1>Sida</h1><p aria-checked='true'>Vald</p>"),
    ("nu", "index.html", "</main>", "</main></div>"),
    ("weights", "index.html", "</main>", "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(9000)) + "</main>", "is too much"),
    ("links", "index.html", "/annan/#del", "/borta/"),
    ("links", "index.html", "/annan/#del", "/annan/#borta"),
    ("links", "index.html", "/annan/#del", "/annan"),
    ("links", "index.html", "/annan/#del", "javascript:alert(1)"),
    ("links", "index.html", "/annan/#del", ""),
    ("links", "index.html", "mailto:a@example.org", "mailto:"),
    ("links", "index.html", "/bild.png", "/borta.png"),
    ("links", "index.html", 'canonical" href="https://example.org/', 'canonical" href="https://example.org/borta/'),
    ("links", "style.css", "/bild.png", "/borta.png"),
    ("links", DAY_PAGE, "webcal://example.org/konferenser/dag/", "webcal://example.org/borta/"),
    ("links", DAY_PAGE, "webcal://example.org/konferenser/dag/kalender.ics", "webcals://example.org/"),
    ("privacy", "index.html", "/style.css", "https://fonts.example.com/style.css"),
    ("privacy", "index.html", "/bild.png", "//example.com/bild.png"),
    ("privacy", "index.html", "</main>", '<script src="https://example.com/a.js"></script></main>'),
    ("privacy", "index.html", "<p>", '<p style="background: url(https://example.com/a.png)">'),
    ("privacy", "style.css", "body", "@import 'https://example.com/a.css'; body"),
    ("policies", "_headers", "script-src 'self'; ", "", "needs 'self' of script-src"),
    ("policies", "_headers", "style-src 'self'; ", "", "needs 'self' of style-src"),
    ("policies", "_headers", "img-src 'self'; ", "", "needs 'self' of img-src"),
    ("policies", "_headers", "font-src 'self'; ", "", "needs 'self' of font-src"),
    ("policies", "_headers", "connect-src 'self'; ", "", "needs 'self' of connect-src"),
    ("policies", "_headers", " https://formular.example.com", "", "needs https://formular.example.com"),
    ("policies", "_headers", "form-action 'self'", "form-action", "needs 'self' of form-action"),
    ("policies", "_headers", "script-src 'self'", "script-src 'self' 'unsafe-inline'", "looser"),
    ("policies", "_headers", "img-src 'self'", "img-src 'self' data:", "looser"),
    ("policies", "_headers", "default-src 'none'; ", "default-src 'self'; ", "looser"),
    ("policies", "_headers", "default-src 'none'; ", "", "not say default-src"),
    ("policies", "_headers", "form-action 'self' https://formular.example.com; ", "", "not say form-action"),
    ("policies", "_headers", "; base-uri 'none'", "", "not say base-uri"),
    ("policies", "_headers", "; frame-ancestors 'none'", "", "not say frame-ancestors"),
    ("policies", "_headers", "frame-ancestors 'none'", "frame-ancestors *", "frame the pages"),
    ("policies", "_headers", "base-uri 'none'", "base-uri 'self'", "looser"),
    ("policies", "_headers", "/*\n", "/annan/*\n", "0 policies"),
    ("policies", "_headers", "/assets/*\n", "/*\n  Content-Security-Policy: default-src 'none'\n", "2 policies"),
    ("policies", "_headers", "/assets/*", "/filer/*", "for nothing"),
    ("policies", "_headers", 'a="', 'b="', "Caddyfile: Reporting-Endpoints"),
    ("policies", ".htaccess", "frame-ancestors 'none'", "frame-ancestors *"),
    ("policies", ".htaccess", "%%", "%"),
    ("policies", ".htaccess", "no-cache", "max-age=3600"),
    ("policies", "nginx.conf", "no-cache", "no-store"),
    ("policies", "Caddyfile", "no-cache", "private"),
    ("policies", "nginx.conf", "Content-Security-Policy", "Content-Security"),
    ("policies", "Caddyfile", "31536000", "3153600"),
    ("policies", "index.html", "</main>", "<script>alert(1)</script></main>", "'unsafe-inline' of script-src"),
    ("policies", "index.html", "</main>", '<iframe src="https://example.com/"></iframe></main>', "https://example.com of frame-src"),
    ("policies", "index.html", "<p>Läs", '<p style="color: red">Läs', "'unsafe-inline' of style-src"),
    ("policies", "index.html", "<p>Läs", '<p onclick="alert(1)">Läs', "'unsafe-inline' of script-src"),
    ("policies", "index.html", "<meta http-equiv", "<meta name", "has no policy"),
    ("policies", "index.html", "script-src 'self'; ", "", "another than what is sent"),
    ("policies", "index.html", "<head>", '<head><script src="/assets/sok.js"></script>', "after what it is for"),
    ("feeds", "feed.xml", "</entry>", ""),
    ("feeds", "feed.xml", "<title>Annan</title>", ""),
    ("feeds", "feed.xml", "<entry>", "<entry><id>tag:example.org,2026:/annan/</id>"),
    ("feeds", "feed.xml", "2026-11-18T00:00:00+01:00", "18 november 2026"),
    ("feeds", "feed.xml", "2026-11-01T", "2026-11-30T"),
    ("feeds", "feed.xml", "<author><name>Redaktionen</name></author>", ""),
    ("feeds", "feed.xml", "https://example.org/annan/", "https://example.org/borta/"),
    ("feeds", "feed.xml", 'self" href="https://example.org/feed.xml', 'self" href="https://example.org/nytt.xml'),
    ("feeds", "feed.xml", "</feed>", SOUND["feed.xml"][SOUND["feed.xml"].index("<entry>") :]),
    ("feeds", "feed.xml", "<updated>2026-11-09T00:00:00+01:00</updated>\n", ""),
    ("feeds", "feed.xml", "2026-11-09T00:00:00+01:00", "2026-11-09T00:00:00"),
    ("feeds", "feed.xml", "<category term", "<category name"),
    ("feeds", "feed.xml", '<link rel="alternate" href="https://example.org/"/>', "<link/>"),
    ("feeds", "feed.xml", "<name>Redaktionen</name>", "<name>Redaktionen</name><email>a</email>"),
    ("feeds", "feed.xml", "<summary>", '<summary type="markdown">'),
    ("feeds", "feed.xml", "<summary>", "<subtitle>Annat</subtitle><summary>"),
    ("feeds", "feed.xml", "</summary>", "</summary><rights/><rights/>"),
    ("feeds", "feed.xml", "tag:example.org,2026:event/besok", "event/besok", "failed to validate"),
    ("feeds", "feed.xml", "tag:example.org,2026:event/besok", "tag:example.org:event/besok", "no tag URI"),
    ("feeds", "feed.xml", '<content type="html">', '<content type="text">'),
    ("feeds", "feed.xml", "&lt;/p>", "&lt;/div>", "content:1:"),
    ("feeds", "feed.xml", "&lt;p>", "&lt;script>&lt;/script>&lt;p>", "has a script"),
    ("feeds", "feed.xml", "&lt;p>", '&lt;p onclick="alert(1)">', "has `onclick`"),
    ("feeds", "feed.xml", 'href="https://example.org/annan/#del', 'href="/annan/#del', "not an absolute address"),
    ("feeds", "feed.xml", "https://example.org/annan/#del", "https://example.org/annan/#borta", "no `borta`"),
    ("feeds", "feed.xml", "https://example.org/annan/#del", "javascript:alert(1)", "the scheme"),
    ("feeds", "feed.xml", "<summary>Kort", "<summary>Långt"),
    ("feeds", "feed.json", "https://jsonfeed.org/version/1.1", "https://jsonfeed.org/version/1"),
    ("feeds", "feed.json", '"authors": [', '"author": {"name": "Redaktionen"}, "authors": ['),
    ("feeds", "feed.json", '"name": "Redaktionen"', '"url": "redaktionen"'),
    ("feeds", "feed.json", '"name": "Redaktionen"', '"_name": "Redaktionen"'),
    ("feeds", "feed.json", "https://example.org/feed.json", "https://example.org/annan/feed.json"),
    ("feeds", "feed.json", "2026-11-18T00:00:00+01:00", "2026-11-18", "cannot be"),
    ("feeds", "feed.json", "2026-11-18T00:00:00+01:00", "2026-11-18T00:00:00+02:00"),
    ("feeds", "feed.json", '"title": "Annan"', '"title": "En annan"'),
    ("feeds", "feed.json", '"title": "Annan"', '"title": 1', "cannot be"),
    ("feeds", "feed.json", "tag:example.org,2026:event/besok", "tag:example.org,2026:/annan/", "two items"),
    ("feeds", "feed.json", "tag:example.org,2026:event/besok", "tag:example.org,2026:event/dag"),
    ("feeds", "feed.json", "https://example.org/annan/#del", "/annan/#del", "not an absolute address"),
    ("feeds", "feed.json", "<p>Läs", "<script></script><p>Läs", "has a script"),
    ("feeds", "feed.json", '"nätverk"', "1", "no text"),
    ("feeds", "feed.json", '"tags"', '"categories"', "has no `categories`"),
    ("feeds", "feed.json", '"content_html"', '"_content_html"', "no `content_html`"),
    ("feeds", "feed.json", '"language": "sv"', '"language": "på svenska"', "cannot be"),
    ("feeds", "feed.json", 'page_url": "https://example.org/', 'page_url": "https://example.org/borta/', "no page"),
    ("feeds", "annan/feed.xml", "2026:/annan/feed.xml", "2026:/feed.xml", "has the id of"),
    ("feeds", "feed.json", '"items"', '"entries"'),
    ("feeds", "feed.json", "{", ""),
    ("feeds", "annan/feed.xml", "<title>Annan</title>", "<title>En annan</title>", "annan/feed.xml and feed.xml"),
    ("feeds", "annan/feed.json", GONE, GONE),
    ("feeds", "annan/index.html", '+json" title="Nytt" href="/feed', '+json" title="Nytt" href="/nytt', "is no feed"),
    ("feeds", "annan/index.html", 'href="/annan/feed.json"', 'href="/annan/feed.xml"'),
    ("feeds", "annan/index.html", 'href="/annan/feed.json"', 'href="/feed.json"'),
    ("heads", "annan/index.html", '<meta name="description"', '<meta name="beskrivning"'),
    ("heads", "annan/index.html", '<meta name="description" content="Vad', '<meta name="description" content="" title="Vad'),
    ("heads", "annan/index.html", "og:image\"", "og:bild\"", "says no `og:image`"),
    ("heads", "index.html", '<meta property="og:title" content="Sida">', ""),
    ("heads", "index.html", 'og:title" content="Sida', 'og:title" content="Hem'),
    ("heads", "index.html", 'og:type" content="website"', 'og:type" content=""'),
    ("heads", "index.html", 'og:url" content="https://example.org/', 'og:url" content="https://example.org/annan/'),
    ("heads", "index.html", 'og:site_name"', 'og:title"', "twice"),
    ("heads", "annan/index.html", 'canonical" href="https://example.org/annan/', 'canonical" href="/annan/'),
    ("heads", "index.html", '<link rel="canonical"', '<link rel="next"'),
    ("heads", "index.html", "https://example.org/social.png", "/social.png", "no whole address"),
    ("heads", "index.html", "https://example.org/social.png", "https://example.org/borta.png", "there is no image"),
    ("heads", "index.html", "https://example.org/social.png", "https://example.org/ikon.svg", "neither PNG"),
    ("heads", "index.html", '"og:image:width" content="1200"', '"og:image:width" content="600"'),
    ("heads", "index.html", '<meta property="og:image:height" content="630">', ""),
    ("heads", "index.html", '<meta property="og:image:alt" content="Nytt">', "", "says no words"),
    ("heads", "index.html", "summary_large_image", "summary", "shown small"),
    ("heads", "index.html", "summary_large_image", "stor"),
    ("heads", "social.png", "PNG", "GNP"),
    ("heads", "ikon.svg", "<svg", "<svg style=''", "no sound"),
    ("heads", "ikon.png", "PNG", "GNP", "no sound"),
    ("calendars", DAY, "METHOD:PUBLISH\r\n", "METHOD:PUBLISH\n"),
    ("calendars", DAY, "END:VCALENDAR\r\n", "END:VCALENDAR"),
    ("calendars", DAY, "en\r\n  och samma", "en och samma"),
    ("calendars", DAY, "å lång", "\udcff\r\n lång"),
    ("calendars", DAY, "METHOD:PUBLISH\r\n", "METHOD:PUBLISH\r\n\r\n", "an empty line"),
    ("calendars", DAY, "SUMMARY:", "SUMMARY:\x0b", "cannot have"),
    ("calendars", DAY, "METHOD:PUBLISH\r\n", ""),
    ("calendars", DAY, "VERSION:2.0", "VERSION:1.0"),
    ("calendars", DAY, "END:VEVENT\r\n", ""),
    ("calendars", DAY, "UID:dag@example.org\r\n", ""),
    ("calendars", DAY, "SEQUENCE:1\r\n", ""),
    ("calendars", DAY, "SEQUENCE:1\r\n", "SEQUENCE:1\r\nSEQUENCE:2\r\n"),
    ("calendars", DAY, "20261118T110000Z", "20261118T110000"),
    ("calendars", DAY, "STATUS:CONFIRMED", "STATUS:PLANNED"),
    ("calendars", DAY, "STATUS:CONFIRMED", "STATUS:CANCELLED"),
    ("calendars", DAY, "SUMMARY:MR", "SUMMARY:Uppskjutet: MR"),
    ("calendars", DAY, "konferenser/dag/", "konferenser/borta/"),
    ("calendars", DAY, "20270525T160000", "20270525T093000"),
    ("calendars", DAY, "DTSTART;TZID=Europe/Stockholm:", "DTSTART:"),
    ("calendars", DAY, "DTSTART;TZID=Europe/Stockholm:", "DTSTART;TZID=Europe/Oslo:"),
    ("calendars", DAY, "DTSTART;TZID=Europe/Stockholm:20270525T093000", "DTSTART:den 25 maj"),
    ("calendars", DAY, "BYMONTH=3", "BYMONTH=6"),
    ("calendars", DAY, "TZOFFSETTO:+0200", "TZOFFSETTO:+0300"),
    ("calendars", DAY, "TZID:Europe/Stockholm", "TZID:Europa/Stockholm"),
    ("calendars", MOVED, WINTER, "BEGIN:STANDARD\r\nDTSTART:20301027T030000\r\n", "before all"),
    ("calendars", VISIT, "STATUS:CANCELLED", "STATUS:CONFIRMED"),
    ("calendars", VISIT, "VALUE=DATE:20270122", "VALUE=DATE:20270120"),
    ("calendars", VISIT, "DTEND;VALUE=DATE:20270122", "DTEND:20270122T000000Z"),
    ("calendars", "kalender.ics", "UID:natverk-2@", "UID:natverk-1@"),
    ("calendars", "kalender.ics", "SEQUENCE:1", "SEQUENCE:2"),
    ("structured", "annan/index.html", "application/ld+json", "application/json"),
    ("structured", "annan/index.html", '"@graph": [', '"@graph": ["<",', "there is a `<`"),
    ("structured", "annan/index.html", '"@graph": [', '"@graph": [,'),
    ("structured", "annan/index.html", '"https://schema.org"', '"http://schema.org"'),
    ("structured", "annan/index.html", '"@type": "Person"', '"name": "Person"'),
    ("structured", "annan/index.html", "#redaktionen", "#ingen"),
    ("structured", "annan/index.html", '"position": 2', '"position": 3'),
    ("structured", "annan/index.html", '"name": "Start"', '"name": "Hem"'),
    ("structured", "annan/index.html", '"item": "https://example.org/annan/"', '"item": "https://example.org/borta/"'),
    ("structured", "annan/index.html", '"BreadcrumbList"', '"ItemList"'),
    ("structured", "annan/index.html", '"headline": "Annan",', ""),
    ("structured", "annan/index.html", '"name": "Åsa Ek"', '"email": "a@example.org"'),
    ("structured", "annan/index.html", '"dateModified": "2026-11-18', '"dateModified": "2026-10-18'),
    ("structured", "annan/index.html", '"dateModified": "2026-11-18', '"dateModified": "18-11-2026'),
    ("structured", "annan/index.html", '"BlogPosting"', '"Thing"'),
    ("structured", "annan/index.html", '"url": "https://example.org/annan/"', '"url": "/annan/"'),
    ("structured", "index.html", '"name": "Redaktionen",', ""),
    ("structured", "index.html", '"name": "Handbok",', ""),
    ("structured", "index.html", '"datePublished": "2026-11-01"', '"datePublished": "2026-11-31"'),
    ("structured", DAY_PAGE, '"startDate": "2027-05-25T09:30:00+02:00"', '"startDate": "2027-05-25T09:30:00"'),
    ("structured", DAY_PAGE, '"endDate": "2027', '"endDate": "2026'),
    ("structured", DAY_PAGE, "/EventScheduled", "/EventPlanned"),
    ("structured", DAY_PAGE, "/EventScheduled", "/EventRescheduled"),
    ("structured", DAY_PAGE, "/EventScheduled", "/EventMovedOnline"),
    ("structured", DAY_PAGE, "/OfflineEventAttendanceMode", "/MixedEventAttendanceMode"),
    ("structured", DAY_PAGE, '"@type": "Place"', '"@type": "VirtualLocation"'),
    ("structured", DAY_PAGE, '"name": "Salen",\n    "address"', '"telephone"'),
    ("structured", DAY_PAGE, "/InStock", "/Kvar"),
    ("structured", DAY_PAGE, '"price": "0"', '"price": "gratis"'),
    ("structured", DAY_PAGE, '"validFrom": "2026-11-01"', '"validFrom": "i november"'),
    ("structured", DAY_PAGE, '"name": "MR-dagarna",', ""),
    ("structured", DAY_PAGE, '"organizer": {', '"performer": {'),
    ("structured", NETWORK_PAGE, '"name": "Nätverk: ett",', ""),
    ("structured", MOVED_PAGE, '"previousStartDate"', '"doorTime"'),
    ("structured", DAY_PAGE, '"organizer": {', '"organizer": "Vi", "performer": {', "the organizer"),
    ("surfaces", DAY_PAGE, "<title>MR", "<title>Om MR"),
    ("surfaces", DAY_PAGE, "<h1>MR-dagen", "<h1>Digitalt: MR-dagen"),
    ("surfaces", DAY_PAGE, '"startDate": "2027-05-25T09:30', '"startDate": "2027-05-25T10:30'),
    ("surfaces", DAY_PAGE, '"endDate": "2027-05-25T16:00', '"endDate": "2027-05-25T17:00'),
    ("surfaces", DAY_PAGE, "/EventScheduled", "/EventCancelled"),
    ("surfaces", DAY_PAGE, '"@type": "Event"', '"@type": "Thing"'),
    ("surfaces", DAY, "SUMMARY:MR-dagen", "SUMMARY:Dagen"),
    ("surfaces", DAY, GONE, GONE),
    ("surfaces", VISIT_PAGE, "<h1>Inställt: ", "<h1>"),
    ("surfaces", VISIT_PAGE, '"name": "Studiebesök"', '"name": "Inställt: Studiebesök"'),
    ("surfaces", VISIT_PAGE, "/EventCancelled", "/EventPostponed"),
    ("surfaces", VISIT_PAGE, 'class="banner"', 'class="notice"'),
    ("surfaces", VISIT_PAGE, "</main>", '<a class="button" href="https://anmalan.example.com/">Anmäl dig</a></main>'),
    ("surfaces", VISIT_PAGE, "</main>", '<a href="kalender.ics">Lägg till i kalendern</a></main>'),
    ("surfaces", VISIT, "VALUE=DATE:20270122", "VALUE=DATE:20270121"),
    ("surfaces", VISIT, "Inställt: Studiebesök\r\nSTATUS:CANCELLED", "Studiebesök\r\nSTATUS:CONFIRMED", "is CONF"),
    ("surfaces", NETWORK, "VALUE=DATE:20270201", "VALUE=DATE:20270131"),
    ("surfaces", NETWORK, "SUMMARY:Nätverk: ett", "SUMMARY:Ett"),
    ("surfaces", NETWORK, "Inställt: Nätverk: två\r\nSTATUS:CANCELLED", "Nätverk: två\r\nSTATUS:CONFIRMED"),
    ("surfaces", MOVED_PAGE, "<h1>Digitalt: ", "<h1>"),
    ("surfaces", MOVED_PAGE, 'class="banner"', 'class="notice"'),
    ("surfaces", "feed.xml", "<title>Inställt: ", "<title>"),
    ("surfaces", "feed.json", '"title": "Inställt: ', '"title": "'),
    ("surfaces", "sok/index.json", '"heading": "Inställt: ', '"heading": "'),
    ("surfaces", "sok/index.json", '"kind": "cancelled"', '"kind": "past"'),
    ("surfaces", "sok/index.json", '"kind": "open"', '"kind": "postponed"'),
    ("surfaces", "sok/index.json", "/konferenser/dag/", "/konferenser/borta/"),
    ("surfaces", "sitemap.xml", "https://example.org/konferenser/dag/", "https://example.org/konferenser/borta/"),
    ("sitemap", "sitemap.xml", "</urlset>", ""),
    ("sitemap", "sitemap.xml", "<url><loc>https://example.org/annan/</loc></url>\n", ""),
    ("sitemap", "sitemap.xml", "https://example.org/annan/", "https://example.org/borta/"),
    ("sitemap", "sitemap.xml", "https://example.org/annan/", "https://example.org/"),
    ("sitemap", "sitemap.xml", "2026-11-18T00:00:00+01:00", "i går"),
    ("sitemap", "annan/index.html", "<title>", '<meta name="robots" content="noindex"><title>'),
    ("sitemap", "robots.txt", "sitemap.xml", "karta.xml"),
    ("validate", "index.html", ' alt="En bild"', ""),
    ("validate", "index.html", "<p>Läs", "<p><div>Läs</div>"),
]


def self_test(judges):
    """Yields for each test its name and what went wrong, if anything did."""
    with site(SOUND) as sound:
        for name, judge in judges.items():
            findings = list(judge(sound))
            yield f"{name}: a sound site", "; ".join(findings)
    for name, file, old, new, *says in FAULTS:
        with site(planted(file, old, new)) as faulty:
            found = any(all(part in finding for part in says) for finding in judges[name](faulty))
            yield f"{name}: {words(file, old, new)}", "" if found else "the fault was not found"


def planted(file, old, new):
    """The sound site with a fault."""
    if old is GONE:
        return {name: text for name, text in SOUND.items() if name != file}
    assert old in SOUND[file], f"the fault planted in {file} has no place: {old}"
    return {**SOUND, file: SOUND[file].replace(old, new, 1)}


def words(file, old, new):
    """A planted fault in a line."""
    if old is GONE:
        return f"without {file}"
    old, new = (" ".join(text.encode("utf-8", "replace").decode().split())[:48] for text in (old, new))
    return f"{file} with `{new}` for `{old}`" if new else f"{file} without `{old}`"


@contextlib.contextmanager
def site(files):
    """The site in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            # The sign U+DCFF is the byte FF, which no UTF-8 has.
            path.write_bytes(text.encode("utf-8", "surrogateescape"))
        yield Site(folder, BASE)
