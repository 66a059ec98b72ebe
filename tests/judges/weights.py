"""Pages are light: the markup, styles and scripts of a page, as they travel (gzip)."""

import gzip
import statistics
from urllib.parse import urljoin

MEDIAN, MOST, SCRIPTS = 8_000, 15_000, 10_000


def judge(site):
    weights = {page.name: weight(site, page) for page in site.pages.values() if not leads_on(page)}
    if statistics.median(weights.values()) >= MEDIAN:
        yield f"half of the pages weigh {statistics.median(weights.values()):.0f} bytes or more; {MEDIAN} is too much"
    for name, bytes_ in weights.items():
        if bytes_ >= MOST:
            yield f"{name} weighs {bytes_} bytes; {MOST} is too much"
    scripts = sum(len(gzip.compress(data, 9)) for name, data in files(site) if name.endswith(".js"))
    if scripts >= SCRIPTS:
        yield f"all scripts weigh {scripts} bytes; {SCRIPTS} is too much"


def leads_on(page):
    """Whether it only leads to another address: nobody reads it."""
    return any((element.get("http-equiv") or "").lower() == "refresh" for element in page.all("meta"))


def weight(site, page):
    parts = {element.get("src") for element in page.all("script")}
    parts |= {element.get("href") for element in page.all("link") if element.get("rel") == "stylesheet"}
    names = {site.find(urljoin(page.url, part)) for part in parts if part}
    loaded = [data for name, data in files(site) if name in names]
    markup = site.files[page.name].read_bytes()
    return sum(len(gzip.compress(data, 9)) for data in [markup, *loaded])


def files(site):
    return [(name, path.read_bytes()) for name, path in site.files.items() if name.endswith((".css", ".js"))]


def count(site):
    weights = sorted(weight(site, page) for page in site.pages.values() if not leads_on(page))
    return f"{len(weights)} pages, {statistics.median(weights):.0f} bytes at the median, {weights[-1]} at most"
