"""Every page is parsed by html5lib without one parse error of the HTML standard."""

from html5lib.constants import E


def judge(site):
    for page in site.pages.values():
        for (line, column), code, data in page.errors:
            yield f"{page.name}:{line}:{column}: {E.get(code, code) % data}"
        yield from outline(page)


def outline(page):
    """What no parse error tells: a language, a title, one main heading."""
    languages = [element.get("lang") for element in page.all("html")]
    titles = ["".join(element.itertext()).strip() for element in page.all("title")]
    if not all(languages):
        yield f"{page.name}: the page says no language"
    if not any(titles):
        yield f"{page.name}: the page has no title"
    if len(page.all("h1")) != 1:
        yield f"{page.name}: the page has {len(page.all('h1'))} main headings"


def count(site):
    return f"{len(site.pages)} pages"
