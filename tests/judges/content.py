"""HTML that is read far from its site, in a feed reader: it parses, runs nothing, and all its addresses are whole."""

from types import SimpleNamespace
from urllib.parse import urlsplit

import html5lib
from html5lib.constants import E

import links


def troubles(site, html):
    """What is wrong with the content of an entry."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parseFragment(html)
    for (line, column), code, data in parser.errors:
        yield f"content:{line}:{column}: {E.get(code, code) % data}"
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    for element in elements:
        if element.tag == "script":
            yield "the content has a script"
        yield from (f"the content has `{name}`" for name in element.keys() if str(name).startswith("on"))
    # To `links.wrong`, an address without a scheme is one on this page; here there is no page to be on.
    nowhere = SimpleNamespace(url=site.base, elements=elements)
    for attribute, address in links.addresses(nowhere):
        trouble = links.wrong(site, nowhere, address) if urlsplit(address).scheme else "not an absolute address"
        if trouble:
            yield f"the content has {attribute}=\"{address}\": {trouble}"
