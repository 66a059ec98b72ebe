"""No page fetches anything from another host, runs script from elsewhere, or tells another host who reads it."""

from urllib.parse import urljoin

from links import style_addresses

LOADED = {
    "script": ["src"],
    "img": ["src", "srcset"],
    "source": ["src", "srcset"],
    "iframe": ["src"],
    "embed": ["src"],
    "object": ["data"],
    "video": ["src", "poster"],
    "audio": ["src"],
    "track": ["src"],
    "input": ["src"],
    "use": ["href"],
    "image": ["href"],
}
# Links that a browser follows by itself.
FETCHED = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "manifest"}


def judge(site):
    for page in site.pages.values():
        for address in loaded(page):
            if not address.startswith("data:") and not site.is_own(urljoin(page.url, address)):
                yield f"{page.name}: asks another host for {address}"
    for name, path in site.files.items():
        if name.endswith((".css", ".svg")):
            for address in style_addresses(path.read_text("utf-8")):
                if not site.is_own(urljoin(site.url(name), address)):
                    yield f"{name}: asks another host for {address}"


def loaded(page):
    """The addresses that a browser asks for when it shows the page."""
    for element in page.elements:
        for attribute in LOADED.get(element.tag, []):
            for candidate in filter(None, element.get(attribute, "").split(",")):
                yield candidate.split()[0]
        if element.tag == "link" and FETCHED & set(element.get("rel", "").lower().split()):
            yield element.get("href", "")
        if element.tag == "style":
            yield from style_addresses(element.text or "")
        yield from style_addresses(element.get("style", ""))


def count(site):
    return f"{sum(1 for page in site.pages.values() for _ in loaded(page))} requests"
