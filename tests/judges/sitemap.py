"""The sitemap names the pages that search engines may list, all of them and no others, and robots.txt names it."""

from datetime import datetime
from xml.etree import ElementTree

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def judge(site):
    if "sitemap.xml" not in site.files:
        yield "there is no sitemap.xml"
        return
    try:
        root = ElementTree.parse(site.files["sitemap.xml"]).getroot()
    except ElementTree.ParseError as error:
        yield f"sitemap.xml: not well-formed: {error}"
        return
    if root.tag != NAMESPACE + "urlset":
        yield f"sitemap.xml: the root is `{root.tag}`"
    yield from (f"sitemap.xml: {trouble}" for trouble in entries(site, root))
    robots = site.files["robots.txt"].read_text("utf-8") if "robots.txt" in site.files else ""
    if f"Sitemap: {site.base}sitemap.xml" not in robots.splitlines():
        yield "robots.txt: does not name the sitemap"


def addresses(root):
    return [(url.findtext(NAMESPACE + "loc") or "").strip() for url in root]


def entries(site, root):
    named = addresses(root)
    for address in sorted({one for one in named if named.count(one) > 1}):
        yield f"{address} stands twice"
    listed = {page.url for page in site.pages.values() if page.is_indexed and page.name != "404.html"}
    yield from (f"{address} is no page that may be listed" for address in sorted(set(named) - listed))
    yield from (f"{address} is missing" for address in sorted(listed - set(named)))
    for url in root:
        changed = url.findtext(NAMESPACE + "lastmod")
        if changed is not None and not is_time(changed):
            yield f"`{changed}` is no time"


def is_time(words):
    try:
        datetime.fromisoformat(words)
    except ValueError:
        return False
    return True


def count(site):
    return f"{len(site.pages)} pages"
