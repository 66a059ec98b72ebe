"""Judges of judges: a small sound site passes, and each planted fault is found by the judge it is meant for."""

import contextlib
import tempfile
from pathlib import Path

from tree import Site

BASE = "https://example.org/"

PAGE = """<!DOCTYPE html>
<html lang="sv">
<head>
<meta charset="utf-8">
<title>Sida</title>
<link rel="canonical" href="https://example.org/{path}">
<link rel="stylesheet" href="/style.css">
<link rel="alternate" type="application/atom+xml" title="Nytt" href="/feed.xml">
</head>
<body>
<main>
<h1>Sida</h1>
<p>Läs <a href="/annan/#del">mer</a>. Skriv till <a href="mailto:a@example.org">oss</a>.</p>
<h2 id="del">Del</h2>
<p><img src="/bild.png" alt="En bild"></p>
</main>
</body>
</html>
"""

FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>tag:example.org,2026:/feed.xml</id>
<title>Nytt</title>
<updated>2026-11-18T00:00:00+01:00</updated>
<link rel="self" href="https://example.org/feed.xml"/>
<link rel="alternate" href="https://example.org/"/>
<author><name>Redaktionen</name></author>
<entry>
<id>tag:example.org,2026:/annan/</id>
<title>Annan</title>
<published>2026-11-01T00:00:00+01:00</published>
<updated>2026-11-18T00:00:00+01:00</updated>
<link rel="alternate" href="https://example.org/annan/"/>
</entry>
</feed>
"""

SITEMAP = """<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://example.org/</loc><lastmod>2026-11-18T00:00:00+01:00</lastmod></url>
<url><loc>https://example.org/annan/</loc></url>
</urlset>
"""

SOUND = {
    "index.html": PAGE.format(path=""),
    "annan/index.html": PAGE.format(path="annan/"),
    "style.css": "body { background: url(/bild.png) }\n",
    "bild.png": "",
    "feed.xml": FEED,
    "sitemap.xml": SITEMAP,
    "robots.txt": "User-agent: *\nSitemap: https://example.org/sitemap.xml\n",
}

# The judge, the file, what stands there, and what stands there instead.
FAULTS = [
    ("markup", "index.html", "</main>", "</div></main>"),
    ("markup", "index.html", "<!DOCTYPE html>\n", ""),
    ("markup", "index.html", "<h1>Sida</h1>", "<p>Sida</p>"),
    ("markup", "index.html", ' lang="sv"', ""),
    ("links", "index.html", "/annan/#del", "/borta/"),
    ("links", "index.html", "/annan/#del", "/annan/#borta"),
    ("links", "index.html", "/annan/#del", "/annan"),
    ("links", "index.html", "/annan/#del", "javascript:alert(1)"),
    ("links", "index.html", "/annan/#del", ""),
    ("links", "index.html", "mailto:a@example.org", "mailto:"),
    ("links", "index.html", "/bild.png", "/borta.png"),
    ("links", "index.html", 'canonical" href="https://example.org/', 'canonical" href="https://example.org/borta/'),
    ("links", "style.css", "/bild.png", "/borta.png"),
    ("privacy", "index.html", "/style.css", "https://fonts.example.com/style.css"),
    ("privacy", "index.html", "/bild.png", "//example.com/bild.png"),
    ("privacy", "index.html", "</main>", '<script src="https://example.com/a.js"></script></main>'),
    ("privacy", "index.html", "<p>", '<p style="background: url(https://example.com/a.png)">'),
    ("privacy", "style.css", "body", "@import 'https://example.com/a.css'; body"),
    ("feeds", "feed.xml", "</entry>", ""),
    ("feeds", "feed.xml", "<title>Annan</title>", ""),
    ("feeds", "feed.xml", "<entry>", "<entry><id>tag:example.org,2026:/annan/</id>"),
    ("feeds", "feed.xml", "2026-11-18T00:00:00+01:00", "18 november 2026"),
    ("feeds", "feed.xml", "2026-11-01T", "2026-11-30T"),
    ("feeds", "feed.xml", "<author><name>Redaktionen</name></author>", ""),
    ("feeds", "feed.xml", "https://example.org/annan/", "https://example.org/borta/"),
    ("feeds", "feed.xml", 'self" href="https://example.org/feed.xml', 'self" href="https://example.org/nytt.xml'),
    ("feeds", "feed.xml", "</feed>", FEED[FEED.index("<entry>") :]),
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
    for name, file, old, new in FAULTS:
        assert old in SOUND[file], f"the fault planted in {file} has no place: {old}"
        with site({**SOUND, file: SOUND[file].replace(old, new, 1)}) as faulty:
            found = any(judges[name](faulty))
            yield f"{name}: {words(file, old, new)}", "" if found else "the fault was not found"


def words(file, old, new):
    """A planted fault in a line."""
    old, new = (" ".join(text.split())[:48] for text in (old, new))
    return f"{file} with `{new}` for `{old}`" if new else f"{file} without `{old}`"


@contextlib.contextmanager
def site(files):
    """The site in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        yield Site(folder, BASE)
