"""Every address of the site that a page or a style sheet names is there, with its anchor."""

import re
from urllib.parse import unquote, urljoin, urlsplit

ATTRIBUTES = ["href", "src", "poster", "data", "cite", "action", "formaction"]
# `content` of these holds an address.
META = {"og:url", "og:image", "twitter:image"}


def judge(site):
    for page in site.pages.values():
        for attribute, address in addresses(page):
            trouble = wrong(site, page, address.strip())
            if trouble:
                yield f"{page.name}: {attribute}=\"{address}\": {trouble}"
    for name, path in site.files.items():
        if name.endswith(".css"):
            for address in style_addresses(path.read_text("utf-8")):
                trouble = wrong_target(site, urljoin(site.url(name), address))
                if trouble:
                    yield f"{name}: url({address}): {trouble}"


def addresses(page):
    """All addresses of a page, with the attribute that holds each."""
    for element in page.elements:
        for attribute in ATTRIBUTES:
            if element.get(attribute) is not None:
                yield attribute, element.get(attribute)
        for candidate in filter(None, element.get("srcset", "").split(",")):
            yield "srcset", candidate.split()[0]
        if element.tag == "meta" and element.get("property", element.get("name")) in META:
            yield "content", element.get("content", "")
        if element.tag == "meta" and element.get("http-equiv", "").lower() == "refresh":
            yield "content", element.get("content", "").partition("url=")[2]


def style_addresses(style):
    """The addresses in a style sheet."""
    found = re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", style)
    return [address for pair in found for address in pair if address and not address.startswith(("data:", "#"))]


def wrong(site, page, address):
    """What is wrong with an address, or None."""
    if not address:
        return "an empty address"
    url = urljoin(page.url, address)
    scheme = urlsplit(url).scheme
    if scheme == "mailto":
        return None if "@" in url else "no e-mail address"
    if scheme == "tel":
        return None if re.fullmatch(r"tel:\+?[0-9-]+", url) else "no phone number"
    if scheme == "webcal":
        # What a calendar program subscribes to is read over HTTP.
        scheme, url = "https", "https:" + url.partition(":")[2]
    if scheme not in ("http", "https"):
        return f"the scheme `{scheme}`"
    if re.search(r"[\s<>\"{}|\\^`]", address):
        return "a sign that addresses do not have"
    return wrong_target(site, url)


def wrong_target(site, url):
    """What is missing at an address of the site, or None."""
    if not site.is_own(url):
        return None
    name = site.find(url)
    if name is None:
        return "there is no such page or file"
    anchor = unquote(urlsplit(url).fragment)
    if anchor and name in site.pages and anchor not in site.pages[name].ids and anchor != "top":
        return f"{name} has no `{anchor}`"
    return None


def count(site):
    return f"{sum(1 for page in site.pages.values() for _ in addresses(page))} addresses"
