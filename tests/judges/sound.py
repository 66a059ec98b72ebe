"""A small site that has something for every judge, and nothing that any of them may complain of."""

import json

BASE = "https://example.org/"
CONTEXT = "https://schema.org"
EDITORS = {"@id": BASE + "#redaktionen"}

IN_PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self' https://formular.example.com; base-uri 'none'"
)
POLICY = IN_PAGES + "; frame-ancestors 'none'"
FOR_EVER = "public, max-age=31536000"
HEADERS = f"""/*
  Content-Security-Policy: {POLICY}
  Reporting-Endpoints: a="https://example.org/%"
/assets/*
  Cache-Control: {FOR_EVER}
"""
HTACCESS = f"""Header always set Content-Security-Policy "{POLICY}"
Header always set Reporting-Endpoints "a=\\"https://example.org/%%\\""
Header set Cache-Control "no-cache"
Header set Cache-Control "{FOR_EVER}"
"""
NGINX = f"""add_header Content-Security-Policy "{POLICY}" always;
add_header Reporting-Endpoints "a=\\"https://example.org/%\\"" always;
add_header Cache-Control "no-cache" always;
add_header Cache-Control "{FOR_EVER}";
"""
CADDY = f"""header {{
\tContent-Security-Policy "{POLICY}"
\tReporting-Endpoints "a=\\"https://example.org/%\\""
}}
header @anslag-others Cache-Control "no-cache"
header @anslag-assets Cache-Control "{FOR_EVER}"
"""

PAGE = """<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title>
<link rel="canonical" href="https://example.org/{path}">
<link rel="stylesheet" href="/style.css">
<link rel="icon" type="image/svg+xml" href="/ikon.svg">
<link rel="apple-touch-icon" type="image/png" href="/ikon.png">
<meta name="description" content="Vad sidan handlar om.">
<meta property="og:title" content="{title}">
<meta property="og:type" content="{kind}">
<meta property="og:url" content="https://example.org/{path}">
<meta property="og:site_name" content="Nytt">
<meta property="og:image" content="https://example.org/social.png?v=1">
<meta property="og:image:alt" content="Nytt">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">
<meta name="twitter:card" content="summary_large_image">
{feeds}
<script type="application/ld+json">{data}</script>
</head>
<body>
<nav class="breadcrumbs" aria-label="Du är här">
<ol>
{trail}
</ol>
</nav>
<main>
<header>
<h1>{title}</h1>
{banner}
</header>
{body}
</main>
</body>
</html>
"""

TEXT = """<p>Läs <a href="/annan/#del">mer</a>. Skriv till <a href="mailto:a@example.org">oss</a>.</p>
<h2 id="del">Del</h2>
<p><img src="/bild.png" alt="En bild"></p>"""

FORMS = """
<form action="/annan/"><label for="ord">Sök</label> <input id="ord" name="q" type="search"> <button type="submit">Sök</button></form>
<form action="https://formular.example.com/" method="post"><button type="submit">Skicka</button></form>
<script src="/assets/sok.js" defer></script>"""

BANNER = '<div class="banner"><p>Läs vad som har hänt.</p></div>'

INVITATION = """<p><a class="button" href="https://anmalan.example.com/dag/">Anmäl dig</a></p>
<p><a href="webcal://example.org/konferenser/dag/kalender.ics">Lägg till i kalendern</a></p>"""


LINKS = """<link rel="alternate" type="application/atom+xml" title="Nytt" href="{url}feed.xml">
<link rel="alternate" type="application/feed+json" title="Nytt" href="{url}feed.json">"""


def page(path, title, nodes, body="", banner="", kind="website", feeds=()):
    name = title.replace("\u00a0", " ")
    trail = [("Start", BASE), (name, BASE + path)] if path else [("Start", BASE)]
    return PAGE.format(
        policy=IN_PAGES,
        path=path,
        title=title,
        data=written([crumbs(trail), *nodes]),
        body=body,
        banner=banner,
        kind=kind,
        trail="\n".join(f'<li><a href="{url}">{words}</a></li>' for words, url in trail),
        feeds="\n".join(LINKS.format(url=url) for url in ["/", *feeds]),
    )


def crumbs(trail):
    items = [
        {"@type": "ListItem", "position": position, "name": name, "item": url}
        for position, (name, url) in enumerate(trail, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def written(graph):
    return json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1)


HOME = [
    {"@type": "WebSite", "@id": BASE + "#webbplats", "name": "Nytt", "url": BASE, "publisher": EDITORS},
    {"@type": "Organization", **EDITORS, "name": "Redaktionen", "url": BASE},
    {"@type": "CreativeWork", "name": "Handbok", "url": "https://example.org/annan/", "datePublished": "2026-11-01"},
]

POSTING = {
    "@type": "BlogPosting",
    "headline": "Annan",
    "url": BASE + "annan/",
    "datePublished": "2026-11-01T00:00:00+01:00",
    "dateModified": "2026-11-18T00:00:00+01:00",
    "author": [{"@type": "Person", "name": "Åsa Ek"}],
    "publisher": EDITORS,
}

HALL = {"@type": "Place", "name": "Salen", "address": "Exempelgatan 1, Stockholm"}
ON_THE_NET = {"@type": "VirtualLocation", "url": BASE + "konferenser/natverk/"}


def event(slug, name, start, end, **more):
    return {
        "@type": "Event",
        "@id": BASE + f"konferenser/{slug}/#event",
        "name": name,
        "url": BASE + f"konferenser/{slug}/",
        "startDate": start,
        "endDate": end,
        "eventStatus": CONTEXT + "/EventScheduled",
        "eventAttendanceMode": CONTEXT + "/OfflineEventAttendanceMode",
        "location": HALL,
        "organizer": EDITORS,
        **more,
    }


DAY = event(
    "dag",
    "MR-dagen – en dag",
    "2027-05-25T09:30:00+02:00",
    "2027-05-25T16:00:00+02:00",
    superEvent={"@type": "EventSeries", "name": "MR-dagarna", "url": BASE + "konferenser/natverk/"},
    offers={
        "@type": "Offer",
        "url": "https://anmalan.example.com/dag/",
        "availability": CONTEXT + "/InStock",
        "price": "0",
        "priceCurrency": "SEK",
        "validFrom": "2026-11-01",
    },
)
VISIT = event("besok", "Studiebesök", "2027-01-20", "2027-01-21", eventStatus=CONTEXT + "/EventCancelled")
MOVED = event(
    "flyttad",
    "Flyttad dag",
    "2026-12-03T09:30:00+01:00",
    "2026-12-03T16:00:00+01:00",
    eventStatus=[CONTEXT + "/EventRescheduled", CONTEXT + "/EventMovedOnline"],
    previousStartDate="2026-12-02T09:30:00+01:00",
    eventAttendanceMode=CONTEXT + "/OnlineEventAttendanceMode",
    location=[HALL, ON_THE_NET],
)
NETWORK = event("natverk", "Nätverk", "2027-02-01", "2027-03-01")
FIRST = {**NETWORK, "name": "Nätverk: ett", "endDate": "2027-02-01"}
SECOND = {**NETWORK, "name": "Nätverk: två", "startDate": "2027-03-01", "eventStatus": CONTEXT + "/EventCancelled"}
NETWORK["subEvent"] = [
    {key: value for key, value in part.items() if key not in ("@id", "url")} for part in [SECOND, FIRST]
]

FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="sv">
<id>tag:example.org,2026:/{folder}feed.xml</id>
<title>Nytt</title>
<updated>{updated}</updated>
<link rel="self" href="https://example.org/{folder}feed.xml"/>
<link rel="alternate" href="https://example.org/{folder}"/>
<author><name>Redaktionen</name></author>
{entries}
</feed>
"""

ENTRY = """<entry>
<id>{id}</id>
<title>{title}</title>
<published>{published}</published>
<updated>{updated}</updated>
<link rel="alternate" href="{url}"/>
{author}
<category term="nätverk"/>
<summary>Kort om saken.</summary>
<content type="html">&lt;p>Läs &lt;a href="https://example.org/annan/#del">mer&lt;/a>.&lt;/p></content>
</entry>"""

AUTHOR = "<author><name>{}</name></author>"

NEWS = [
    {
        "id": "tag:example.org,2026:/annan/",
        "authors": ["Åsa Ek"],
        "title": "Annan",
        "url": BASE + "annan/",
        "published": "2026-11-01T00:00:00+01:00",
        "updated": "2026-11-18T00:00:00+01:00",
    },
    {
        "id": "tag:example.org,2026:event/besok",
        "authors": [],
        "title": "Inställt: Studiebesök",
        "url": BASE + "konferenser/besok/",
        "published": "2026-11-02T00:00:00+01:00",
        "updated": "2026-11-09T00:00:00+01:00",
    },
]


def atom_feed(folder, news):
    entries = "\n".join(ENTRY.format(author="".join(map(AUTHOR.format, entry["authors"])), **entry) for entry in news)
    return FEED.format(folder=folder, updated=max(entry["updated"] for entry in news), entries=entries)


def json_feed(folder, news):
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Nytt",
        "home_page_url": BASE + folder,
        "feed_url": BASE + folder + "feed.json",
        "language": "sv",
        "authors": [{"name": "Redaktionen"}],
        "items": [item(entry) for entry in news],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def item(entry):
    return {
        "id": entry["id"],
        "url": entry["url"],
        "title": entry["title"],
        "content_html": '<p>Läs <a href="https://example.org/annan/#del">mer</a>.</p>',
        "summary": "Kort om saken.",
        "date_published": entry["published"],
        "date_modified": entry["updated"],
        "authors": [{"name": name} for name in entry["authors"]],
        "tags": ["nätverk"],
        "language": "sv",
    }


CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example.org//prov//SV
METHOD:PUBLISH
BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
{events}END:VCALENDAR
"""

OCCASION = """BEGIN:VEVENT
UID:{uid}@example.org
DTSTAMP:20261118T110000Z
SEQUENCE:1
SUMMARY:{summary}
STATUS:{status}
URL:https://example.org/konferenser/{slug}/
DTSTART;{start}
DTEND;{end}
DESCRIPTION:En beskrivning som är så lång att den inte får plats på en
  och samma rad.
END:VEVENT
"""


def occasion(slug, summary, start, end, status="CONFIRMED", uid=None):
    return OCCASION.format(uid=uid or slug, slug=slug, summary=summary, start=start, end=end, status=status)


OCCASIONS = {
    "dag": occasion(
        "dag",
        "MR-dagen – en dag",
        "TZID=Europe/Stockholm:20270525T093000",
        "TZID=Europe/Stockholm:20270525T160000",
    ),
    "besok": occasion(
        "besok", "Inställt: Studiebesök", "VALUE=DATE:20270120", "VALUE=DATE:20270122", status="CANCELLED"
    ),
    "flyttad": occasion(
        "flyttad",
        "Digitalt: Flyttad dag",
        "TZID=Europe/Stockholm:20261203T093000",
        "TZID=Europe/Stockholm:20261203T160000",
    ),
    "natverk": occasion("natverk", "Nätverk: ett", "VALUE=DATE:20270201", "VALUE=DATE:20270202", uid="natverk-1")
    + occasion(
        "natverk", "Inställt: Nätverk: två", "VALUE=DATE:20270301", "VALUE=DATE:20270302", "CANCELLED", "natverk-2"
    ),
}


def calendar(events):
    return CALENDAR.format(events=events).replace("\n", "\r\n")


def record(slug, heading, *badges):
    return {
        "url": f"/konferenser/{slug}/",
        "heading": heading,
        "badges": [{"kind": badge, "words": badge} for badge in badges],
    }


SEARCH = [
    record("dag", "MR-dagen – en dag", "open"),
    record("besok", "Inställt: Studiebesök", "cancelled"),
    record("flyttad", "Digitalt: Flyttad dag", "moved_online"),
    record("natverk", "Nätverk"),
]

SITEMAP = """<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://example.org/</loc><lastmod>2026-11-18T00:00:00+01:00</lastmod></url>
<url><loc>https://example.org/annan/</loc></url>
{events}
</urlset>
"""


def png(width, height):
    """The beginning of a PNG file, as a text that stands for its bytes."""
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return (header + b"\x08\0\0\0\0").decode("utf-8", "surrogateescape")


SLUGS = "".join(f"<url><loc>https://example.org/konferenser/{slug}/</loc></url>\n" for slug in OCCASIONS)

SOUND = {
    "index.html": page("", "Sida", HOME, TEXT + FORMS),
    "annan/index.html": page("annan/", "Annan", [POSTING], TEXT, kind="article", feeds=["/annan/"]),
    "konferenser/dag/index.html": page("konferenser/dag/", "MR-dagen\u00a0– en dag", [DAY], INVITATION),
    "konferenser/besok/index.html": page("konferenser/besok/", "Inställt: Studiebesök", [VISIT], banner=BANNER),
    "konferenser/flyttad/index.html": page("konferenser/flyttad/", "Digitalt: Flyttad dag", [MOVED], banner=BANNER),
    "konferenser/natverk/index.html": page("konferenser/natverk/", "Nätverk", [NETWORK]),
    **{f"konferenser/{slug}/kalender.ics": calendar(events) for slug, events in OCCASIONS.items()},
    "kalender.ics": calendar("".join(OCCASIONS.values())),
    "style.css": "body { background: url(/bild.png) }\n@font-face { font-family: a; src: url(/assets/a.woff2) }\n",
    "assets/a.woff2": "",
    "assets/sok.js": 'fetch("/sok/index.json")\n',
    "_headers": HEADERS,
    ".htaccess": HTACCESS,
    "nginx.conf": NGINX,
    "Caddyfile": CADDY,
    "bild.png": "",
    "social.png": png(1200, 630),
    "ikon.png": png(180, 180),
    "ikon.svg": '<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>',
    "feed.xml": atom_feed("", NEWS),
    "feed.json": json_feed("", NEWS),
    "annan/feed.xml": atom_feed("annan/", NEWS[:1]),
    "annan/feed.json": json_feed("annan/", NEWS[:1]),
    "sok/index.json": json.dumps(SEARCH, ensure_ascii=False, indent=1),
    "sitemap.xml": SITEMAP.format(events=SLUGS.strip()),
    "robots.txt": "User-agent: *\nSitemap: https://example.org/sitemap.xml\n",
}
