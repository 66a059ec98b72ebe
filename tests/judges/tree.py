"""The site as its readers get it: files by address, and pages as a browser understands them."""

import functools
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import html5lib


class Site:
    """A folder of files that stands at an address such as `https://mr.example.org/`."""

    def __init__(self, folder, base):
        self.folder = Path(folder)
        self.base = base if base.endswith("/") else base + "/"
        parts = urlsplit(self.base)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.path = parts.path
        paths = sorted(path for path in self.folder.rglob("*") if path.is_file())
        self.files = {path.relative_to(self.folder).as_posix(): path for path in paths}

    @functools.cached_property
    def pages(self):
        """All pages, by file."""
        return {name: Page(self, name) for name in self.files if name.endswith(".html")}

    def url(self, name):
        """The address at which a file is read: `blogg/index.html` is `…/blogg/`."""
        name = name.removesuffix("index.html") if name.split("/")[-1] == "index.html" else name
        return self.base + quote(name)

    def find(self, url):
        """The file that a server gives for an address of the site, or None."""
        path = unquote(urlsplit(url).path)
        if not path.startswith(self.path):
            return None
        name = path.removeprefix(self.path)
        name = name + "index.html" if name == "" or name.endswith("/") else name
        return name if name in self.files else None

    def is_own(self, url):
        """Whether an absolute address is of this site."""
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.netloc}" == self.origin


class Page:
    """A page, parsed as the HTML standard says."""

    def __init__(self, site, name):
        self.name = name
        self.url = site.url(name)
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root = parser.parse(site.files[name].read_bytes(), transport_encoding="utf-8")
        self.errors = parser.errors
        self.elements = [element for element in self.root.iter() if isinstance(element.tag, str)]
        self.ids = {element.get("id") for element in self.elements} - {None}
        self.parents = {child: element for element in self.elements for child in element}

    def all(self, tag):
        """The elements with a tag."""
        return [element for element in self.elements if element.tag == tag]

    def beside_heading(self, name):
        """The elements with a class that stand where the main heading stands, or deeper there."""
        around = [self.parents[heading] for heading in self.all("h1")]
        inside = [element for parent in around for element in parent.iter() if isinstance(element.tag, str)]
        return [element for element in inside if has_class(element, name)]

    @property
    def heading(self):
        """The words of the main heading."""
        return words_of(next(iter(self.all("h1")), None))

    @property
    def title(self):
        return words_of(next(iter(self.all("title")), None))

    @property
    def leads_on(self):
        """Whether it only sends its readers to another page."""
        return any(element.get("http-equiv", "").lower() == "refresh" for element in self.all("meta"))

    @property
    def is_indexed(self):
        """Whether search engines may list it."""
        robots = [element.get("content", "") for element in self.all("meta") if element.get("name") == "robots"]
        return not any("noindex" in content for content in robots)


def has_class(element, name):
    return name in element.get("class", "").split()


def squeeze(words):
    """Words with one space for all white space; the kind that keeps words together, too."""
    return " ".join(str(words or "").split())


def words_of(element):
    """The words in an element, or none when there is no element."""
    return "" if element is None else squeeze("".join(element.itertext()))
