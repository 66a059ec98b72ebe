"""What a page says of itself to those who list or share it is whole, and its picture and icons are what it says."""

import struct
from urllib.parse import urljoin, urlsplit

from tree import squeeze

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What every page that may be listed says, by name.
NEEDED = ["og:title", "og:type", "og:url", "og:site_name", "twitter:card"]
CARDS = {"summary", "summary_large_image"}


def judge(site):
    # What the home page says, all others say as well.
    home = names(site.pages["index.html"]) if "index.html" in site.pages else set()
    needed = [*NEEDED, *(name for name in ["description", "og:image"] if name in home)]
    for page in site.pages.values():
        if page.is_indexed and not page.leads_on:
            yield from (f"{page.name}: {trouble}" for trouble in troubles(site, page, needed))
    yield from icons(site)


def names(page):
    return {element.get("property") or element.get("name") for element in page.all("meta")}


def troubles(site, page, needed):
    said = {}
    for element in page.all("meta"):
        name = element.get("property") or element.get("name") or element.get("http-equiv")
        if name in said and name not in ("theme-color",):
            yield f"says `{name}` twice"
        said[name] = squeeze(element.get("content"))
    yield from (f"says no `{name}`" for name in needed if not said.get(name))
    canonical = [link.get("href") for link in page.all("link") if link.get("rel") == "canonical"]
    if canonical != [page.url]:
        yield f"the canonical addresses are {canonical}"
    if said.get("og:url") != page.url:
        yield f"`og:url` is {said.get('og:url')}"
    if said.get("og:title") != page.title:
        yield f"`og:title` is `{said.get('og:title')}`, and the title `{page.title}`"
    if said.get("twitter:card") not in CARDS:
        yield f"there is no card `{said.get('twitter:card')}`"
    yield from image(site, said)


def image(site, said):
    """The image is there, in a format that is shown, and as large as is said; an image that is drawn has words."""
    address = said.get("og:image")
    if not address:
        if said.get("twitter:card") == "summary_large_image":
            yield "a large card without an image"
        return
    if not urlsplit(address).scheme:
        yield f"`og:image` is no whole address: {address}"
    name = site.find(address)
    if name is None:
        yield f"there is no image {address}"
        return
    found = size(site.files[name].read_bytes())
    if found is None:
        yield f"{name} is neither PNG nor JPEG"
        return
    stated = (said.get("og:image:width"), said.get("og:image:height"))
    if stated != tuple(map(str, found)):
        yield f"{name} is said to be {stated[0]} × {stated[1]}, and is {found[0]} × {found[1]}"
    if found == (1200, 630) and said.get("twitter:card") != "summary_large_image":
        yield f"{name} is shown small"
    if name.endswith("social.png") and not said.get("og:image:alt"):
        yield f"says no words for {name}"


def size(data):
    """Width and height of a PNG or JPEG file."""
    if data.startswith(SIGNATURE) and data[12:16] == b"IHDR":
        return struct.unpack(">II", data[16:24])
    at = 2 if data.startswith(b"\xff\xd8") else len(data)
    while at + 9 < len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def icons(site):
    """Each icon that a page names is what its type says."""
    named = {
        (urljoin(page.url, link.get("href", "")), link.get("type"))
        for page in site.pages.values()
        for link in page.all("link")
        if set(link.get("rel", "").split()) & {"icon", "apple-touch-icon"}
    }
    for address, kind in sorted(named, key=str):
        name = site.find(address)
        if name is None:
            continue  # The judge of links says so.
        data = site.files[name].read_bytes()
        sound = {
            "image/png": data.startswith(SIGNATURE),
            "image/x-icon": data.startswith(b"\0\0\1\0"),
            "image/svg+xml": b"<svg" in data and b"style" not in data,
        }
        if not sound.get(kind):
            yield f"{name} is no sound {kind}"


def count(site):
    return f"{sum(1 for page in site.pages.values() if page.is_indexed and not page.leads_on)} heads"
