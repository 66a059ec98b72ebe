"""What hosts are told to send lets each page do what it does, and nothing else; all hosts are told the same."""

import re
from urllib.parse import unquote, urljoin, urlsplit

from links import style_addresses

POLICY = "Content-Security-Policy"
# Directives that a policy in a page cannot have (CSP Level 3, 3.3).
NOT_IN_PAGES = {"frame-ancestors", "report-uri", "sandbox"}
# Directives for which nothing else stands in.
ALONE = ["form-action", "base-uri", "frame-ancestors"]
LOADS = {"img": "img-src", "image": "img-src", "use": "img-src", "input": "img-src", "iframe": "frame-src", "embed": "object-src"}
LOADS |= {"object": "object-src", "video": "media-src", "audio": "media-src", "track": "media-src", "base": "base-uri"}
LINKS = {"stylesheet": "style-src", "icon": "img-src", "apple-touch-icon": "img-src", "modulepreload": "script-src", "manifest": "manifest-src"}
CONNECTS = re.compile(r"\bfetch\(|XMLHttpRequest|EventSource|WebSocket|sendBeacon")
FONT = re.compile(r"@font-face\s*\{[^}]*\}")
# What the hosts that read `_headers` do by themselves.
ASK_AGAIN = ("Cache-Control", "no-cache")
# How each host is told a header.
TOLD = {
    ".htaccess": r'Header (?:always )?set ([\w-]+) "((?:[^"\\]|\\.)*)"',
    "nginx.conf": r'add_header ([\w-]+) "((?:[^"\\]|\\.)*)"',
    "Caddyfile": r'^(?:\t|header @anslag-(?:assets|others) )([A-Z][\w-]+) "((?:[^"\\]|\\.)*)"',
}


def judge(site):
    rules = read(site.files["_headers"].read_text("utf-8")) if "_headers" in site.files else []
    in_pages = {page.name: policy_of(page) for page in site.pages.values() if not page.leads_on}
    asked = any(in_pages.values())
    if not rules and not asked:
        yield "no host is told a policy"
    yield from differences(site, rules)
    for pattern, _ in rules:
        if not any(matches(pattern, path_of(site, name)) for name in site.files):
            yield f"_headers: the rule for {pattern} is for nothing"
    used = {}
    for page in site.pages.values():
        sent = [value for pattern, told in rules for name, value in told if name == POLICY and matches(pattern, path_of(site, page.name))]
        if rules and len(sent) != 1:
            yield f"{page.name}: {len(sent)} policies are sent"
        if asked and not page.leads_on:
            yield from (f"{page.name}: {trouble}" for trouble in troubles_in_page(page, in_pages[page.name], sent))
        needed = set(needs(site, page))
        for policy, in_page in [*((policy, False) for policy in sent), (in_pages.get(page.name), True)]:
            if policy is None:
                continue
            used.setdefault((policy, in_page), set()).update(needed)
            for directive, source in sorted(needed):
                if source not in allowed(parse(policy), directive):
                    yield f"{page.name}: needs {source} of {directive}, which the policy does not let it have"
    for (policy, in_page), needed in used.items():
        yield from looser(parse(policy), needed, in_page)


def read(text):
    """The rules of `_headers`: patterns with names and values."""
    rules = []
    for line in filter(str.strip, text.splitlines()):
        if line[0].isspace():
            name, _, value = line.strip().partition(":")
            rules[-1][1].append((name, value.strip()))
        else:
            rules.append((line.strip(), []))
    return rules


def differences(site, rules):
    """In what other hosts are told something else."""
    headers = {header for _, told in rules for header in told} | {ASK_AGAIN}
    for file, form in TOLD.items():
        if rules and file in site.files:
            told = {(name, plain(file, value)) for name, value in re.findall(form, site.files[file].read_text("utf-8"), re.M)}
            told -= {header for header in told if header[0] == "Content-Type"}
            yield from (f"{file}: {name} is not told as in _headers" for name, _ in sorted(told ^ headers))


def plain(file, value):
    """A value without what its host reads in another way."""
    if file == ".htaccess":
        value = re.sub("%(%?)", lambda found: "%" if found[1] else "(a word of Apache's)", value)
    return re.sub(r'\\(["{}])', r"\1", value)


def matches(pattern, path):
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), path) is not None


def path_of(site, name):
    return unquote(urlsplit(site.url(name)).path)


def policy_of(page):
    """The policy that stands in a page, or None."""
    found = [element.get("content") for element in page.all("meta") if element.get("http-equiv", "").lower() == POLICY.lower()]
    return found[0] if found else None


def troubles_in_page(page, policy, sent):
    if policy is None:
        yield "has no policy, and others have"
        return
    if any(parse(policy) != {name: sources for name, sources in parse(other).items() if name not in NOT_IN_PAGES} for other in sent):
        yield "the policy in the page is another than what is sent"
    before = []
    for element in page.elements:
        if element.get("http-equiv", "").lower() == POLICY.lower():
            break
        before.append(element.tag)
    if {"link", "script", "style", "img"} & set(before):
        yield "the policy stands after what it is for"


def parse(policy):
    """Directives with their sources."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    return {name.lower(): sources for name, *sources in parts}


def allowed(policy, directive):
    return policy.get(directive, [] if directive in ALONE else policy.get("default-src", []))


def looser(policy, needed, in_page):
    for directive in ["default-src", *ALONE]:
        if directive not in policy and not (in_page and directive in NOT_IN_PAGES):
            yield f"the policy does not say {directive}"
    for directive, sources in policy.items():
        if directive == "frame-ancestors" and sources != ["'none'"]:
            yield "the policy lets others frame the pages"
        if directive.endswith("-src") or directive in ("form-action", "base-uri"):
            for source in set(sources) - {"'none'"}:
                if (directive, source) not in needed:
                    yield f"the policy is looser than needed: {directive} {source}"


def needs(site, page):
    """What a page asks of its policy: directives with sources."""
    for element in page.elements:
        for directive, address in addresses(site, element):
            yield directive, source(site, urljoin(page.url, address))
        if element.tag == "script" and not element.get("src") and "json" not in element.get("type", ""):
            yield "script-src", "'unsafe-inline'"
        if element.tag == "style" or element.get("style") is not None:
            yield "style-src", "'unsafe-inline'"
        if any(str(name).startswith("on") for name in element.keys()):
            yield "script-src", "'unsafe-inline'"
        loaded = element.tag in ("script", "link") and site.find(urljoin(page.url, element.get("src") or element.get("href") or ""))
        if loaded and loaded.endswith(".js") and CONNECTS.search(site.files[loaded].read_text("utf-8")):
            yield "connect-src", "'self'"
        if loaded and loaded.endswith(".css"):
            yield from style_needs(site, loaded)


def addresses(site, element):
    """The addresses that an element fetches or sends to, with their directives."""
    tag, relations = element.tag, set(element.get("rel", "").lower().split())
    if tag == "script" and element.get("src"):
        yield "script-src", element.get("src")
    if tag == "link":
        kind = {"font": "font-src", "script": "script-src", "style": "style-src", "image": "img-src", "fetch": "connect-src"}
        found = {LINKS[relation] for relation in relations & set(LINKS)}
        found |= {kind.get(element.get("as"), "default-src")} if "preload" in relations else set()
        yield from ((directive, element.get("href", "")) for directive in found)
    if tag == "form":
        yield "form-action", element.get("action") or ""
    if element.get("formaction"):
        yield "form-action", element.get("formaction")
    for attribute in ["src", "href", "data"]:
        if tag in LOADS and element.get(attribute):
            yield LOADS[tag], element.get(attribute)
    if element.get("poster"):
        yield "img-src", element.get("poster")
    for candidate in filter(None, element.get("srcset", "").split(",")):
        yield "img-src", candidate.split()[0]


def style_needs(site, name):
    style, url = site.files[name].read_text("utf-8"), site.url(name)
    for part, directive in [("".join(FONT.findall(style)), "font-src"), (FONT.sub("", style), "img-src")]:
        for address in style_addresses(part):
            yield ("style-src" if address.endswith(".css") else directive), source(site, urljoin(url, address))
    if "url(data:" in style.replace("'", "").replace('"', ""):
        yield "img-src", "data:"


def source(site, url):
    """An address as a source of a policy; hosts in letters as in the domain name system."""
    parts = urlsplit(url)
    if site.is_own(url):
        return "'self'"
    host = (parts.hostname or "").encode("idna").decode()
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}" if host else f"{parts.scheme}:"


def count(site):
    return f"{sum(name in site.files for name in ['_headers', *TOLD])} hosts, {len(site.pages)} pages"
