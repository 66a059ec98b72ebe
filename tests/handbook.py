"""Holds the handbooks against the program's own words, so that they cannot fall behind it.

python3 tests/handbook.py            every key of documents is in writers.md, every key of site.yaml has an example in settings.md; every
                                     gate is where those who meet it read; every handbook is in a menu; what is generated is up to date; the README leads
                                     to files that are there
python3 tests/handbook.py --write    writes it anew: the tables of settings.md and themes.md, all of codes.md, the script in ci.md

The handbooks are the pages of the site in docs/. Keys are what `record!` declares in the sources; gates what `gate!` does, codes that and
`code!`; views are the structures that derive `JsonSchema`.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs/content/pages"
WRITERS, THEMES, SETTINGS, CODES, CI = (PAGES / f"{name}.md" for name in ("writers", "themes", "settings", "codes", "ci"))
PUBLISH = ROOT / "docs/publish.sh"
BEGIN, END = "<!-- views: written by tests/handbook.py -->", "<!-- end of views -->"
BEGIN_KEYS, END_KEYS = "<!-- keys: written by tests/handbook.py -->", "<!-- end of keys -->"
BEGIN_SCRIPT, END_SCRIPT = "<!-- docs/publish.sh: written by tests/handbook.py -->", "<!-- end of docs/publish.sh -->"

FIELD = re.compile(r"((?:^ +///.*\n)+) +(?:pub )?(r#)?(\w+)(?: as \"(\w+)\")?: (.+),$", re.M)
VIEW = re.compile(r"((?:^///[^\n]*\n)+)#\[derive\([^)]*JsonSchema[^)]*\)\]\n(?:#\[schemars\(rename = \"(\w+)\"\)\]\n)?pub struct (\w+) \{\n(.*?)^\}", re.M | re.S)
RECORD = re.compile(r"^record! \{\n(.*?)^\}", re.M | re.S)
NAMED_RECORD = re.compile(r"^record! \{\n(?: +///[^\n]*\n)* +(?:pub )?struct (\w+) \{\n(.*?)^    \}\n\}", re.M | re.S)
CHOICE = re.compile(r"^choice! \{\n(?: +///[^\n]*\n)* +pub enum (\w+) \{\n(.*?)^    \}\n\}", re.M | re.S)
# What is read by hand, as what declares its keys: with a name that the site chooses before them, or without.
BY_HAND = {"Forms": ("FormKeys", ""), "Gates": ("GateKeys", "<code>"), "Tags": ("TagInfo", "<tag>"), "Headers": (None, "<name>")}
CODE = re.compile(r'^(code|gate)! \{(?:\s*///.*\n)*\s*pub(?:\(\w+\))? \w+ = "([^"]+)",\s*(\w+),\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"', re.M | re.S)
GATE = re.compile(r"^gate! \{ pub (\w+) = \"([\w-]+)\"", re.M)
# The sections on gates: in the one those that stop a text, in the other those that stop a theme or a finished page.
GATES_OF_TEXTS, GATES_OF_THEMES = "## Det som stoppar publiceringen", "## What is checked"
HEAD_OF_CODES = """---
title: Codes
summary: What each code means that stands in brackets in a message, and what to do.
---
<!-- All of this page is written by tests/handbook.py. -->

Each message has a code in brackets: `error[missing-target]: there is no …`. What stands here, `anslag explain missing-target` says too."""
GATES = """## Gates

A gate stops the site from being published and not from being made. The site may lower it with `gates`, and `waivers` may spare a file or a
folder from it until a day: see [Gates and waivers](settings.md#gates-and-waivers)."""
OTHERS = "## All others"
TEMPLATE = re.compile(r"\(\s*\"(\w+\.html)\",\s*\|\| (?:schemars::)?schema_for!\((?:\w+::)*(\w+)\)")
SIMPLE = {"String": "text", "bool": "true or false", "usize": "number", "u32": "number", "u8": "number"}


def main():
    sources = {path: path.read_text("utf-8") for path in sorted((ROOT / "src").rglob("*.rs"))}
    written = {
        THEMES: with_part(THEMES, BEGIN, END, reference(sources)),
        SETTINGS: with_part(SETTINGS, BEGIN_KEYS, END_KEYS, settings_table(sources)),
        CI: with_part(CI, BEGIN_SCRIPT, END_SCRIPT, f"```bash\n{PUBLISH.read_text('utf-8')}```\n"),
        CODES: codes(sources),
    }
    if "--write" in sys.argv:
        for path, whole in written.items():
            path.write_text(whole, "utf-8")
        return 0
    findings = [f"writers.md says nothing of `{key}` ({path})" for key, path in missing_keys(sources)]
    findings += [f"{path.relative_to(ROOT)}, \"{section}\": nothing is said of `{code}`" for path, section, code in missing_gates(sources)]
    findings += [f"settings.md has no example of `{key}`" for key in keys_without_example(sources)]
    findings += [f"{path}: there is no `{target}`" for path, target in dead_links()]
    listed = (ROOT / "docs/site.yaml").read_text("utf-8")
    findings += [f"docs/site.yaml: no menu leads to `{path.name}`, so the home page does not list it"
                 for path in sorted((ROOT / "docs/content/pages").glob("*.md")) if f"to: content/pages/{path.name}}}" not in listed]
    behind = [path.relative_to(ROOT) for path, whole in written.items() if not path.exists() or whole != path.read_text("utf-8")]
    findings += [f"{path} is behind src/: run `python3 tests/handbook.py --write`" for path in behind]
    print("\n".join(findings) or "the handbooks are up to date")
    return 1 if findings else 0


def with_part(path, begin, end, part):
    """A handbook with the part of it that is written by this program."""
    before, _, rest = path.read_text("utf-8").partition(begin)
    return f"{before}{begin}\n\n{part}\n{end}{rest.partition(end)[2]}"


def of_settings(declaration, sources):
    """What the sources of the settings declare: names and bodies."""
    return [found for path, text in sources.items() if "config" in path.parts for found in declaration.findall(text)]


def settings_keys(sources):
    """The keys of site.yaml with all that stand under them: path, type, words."""
    records = dict(of_settings(NAMED_RECORD, sources))

    def under(name, before):
        for words, _, field, word, written in FIELD.findall(records[name]):
            path = f"{before}{word or field}"
            yield path, written, sentence(words)
            inner = innermost(written)
            if inner == "SectionsKeys":
                yield from under("SectionKeys", f"{path}.<section>.")
            elif inner in BY_HAND:
                declared, chosen = BY_HAND[inner]
                yield from under(declared, f"{path}.{chosen}{'.' if chosen else ''}") if declared else ()
            elif inner in records:
                yield from under(inner, f"{path}.")

    return list(under("SiteKeys", ""))


def settings_table(sources):
    """The table of all keys of site.yaml."""
    choices = {name: re.findall(r' = "(\w+)"', body) for name, body in of_settings(CHOICE, sources)}
    records = dict(of_settings(NAMED_RECORD, sources))
    sections = " ".join(f"`{field}`" for _, _, field, _, _ in FIELD.findall(records["SectionsKeys"])).replace(" ", ", ")
    rows = ["| key | value | meaning | unless given |", "|---|---|---|---|"]
    for path, written, words in settings_keys(sources):
        meaning, _, default = words.removesuffix(".").partition("; ") if words.endswith(" unless given.") else (words, "", "")
        meaning = meaning.rstrip(".").replace(" unless given", "")
        default = default.removesuffix(" unless given")
        if not re.match(r"(Option|Vec|OneOrMany)<", written):
            default = "required"
        inner = innermost(written)
        value = ", ".join(f"`{word}`" for word in choices.get(inner, [])) or {
            "String": "text", "WebAddress": "web address", "bool": "`true`, `false`", "usize": "number", "When": "date",
            "SectionsKeys": f"keys under {sections}", "Gates": "keys under codes", "Tags": "keys under tags", "Headers": "values under names",
        }.get(inner, "keys")
        value = f"one or several: {value}" if "OneOrMany<" in written else f"list: {value}" if "Vec<" in written else value
        rows.append(f"| `{path}` | {value} | {meaning} | {default} |")
    return "\n".join(rows) + "\n"


def innermost(written):
    """The type inside options, lists and places: `Option<Located<String>>` is `String`."""
    return re.sub(r"^(?:(?:Option|Vec|OneOrMany|Located)<)+|>+$", "", written)


def keys_without_example(sources):
    """The keys of site.yaml that no YAML of settings.md shows."""
    yaml = "".join(re.findall(r"^```yaml\n(.*?)^```", SETTINGS.read_text("utf-8"), re.M | re.S))
    shown = set(re.findall(r"(?:^|[\s{])(\w+):", yaml))
    return [path for path, _, _ in settings_keys(sources) if path.rpartition(".")[2] not in shown]


def dead_links():
    """The links to files that are not there, in what stands beside the site of the handbooks; in that, anslag looks for them itself."""
    for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "benches/README.md"):
        text = re.sub(r"^```.*?^```", "", (ROOT / name).read_text("utf-8"), flags=re.M | re.S)
        for target in re.findall(r"\]\(([^)#\s]+)", text):
            if "://" not in target and not (ROOT / name).parent.joinpath(target).exists():
                yield name, target
        for target in re.findall(r"`(docs/[\w./-]+)`", text):
            if not target.startswith("docs/public") and not (ROOT / target).exists():
                yield name, target


def missing_keys(sources):
    """The keys of documents that the writers' handbook does not name, with the file that declares them."""
    named = set(re.findall(r"`(\w+)`", WRITERS.read_text("utf-8"))) | set(re.findall(r"\b(\w+):", WRITERS.read_text("utf-8")))
    named |= {key for braces in re.findall(r"`\{([\w, ]+)\}`", WRITERS.read_text("utf-8")) for key in braces.split(", ")}
    for path, text in sources.items():
        if "kind" in path.parts or path.parts[-2:] == ("model", "common.rs"):
            for record in RECORD.findall(text):
                for _, _, name, word, _ in FIELD.findall(record):
                    if (word or name) not in named:
                        yield word or name, path.relative_to(ROOT)


def codes(sources):
    """The page of all codes, as `anslag explain` has them: gates, and all others."""
    found = sorted((code, what, severity, summary, words) for text in sources.values() for what, code, severity, summary, words in CODE.findall(text))
    declared = sum(len(re.findall(r'^(?:code|gate)! \{ ?(?:pub|$|/)', text, re.M)) for text in sources.values())
    assert len(found) == declared > 150, f"{len(found)} of {declared} codes can be read"
    text = [HEAD_OF_CODES]
    for wanted, heading in (("gate", GATES), ("code", OTHERS)):
        text.append(heading)
        for code, what, severity, summary, words in found:
            if what == wanted:
                text.append(f"### `{code}`\n\n*{severity}:* {unquoted(summary)}.\n\n{unquoted(words)}")
    return "\n\n".join(text) + "\n"


def unquoted(literal):
    """What a string in the sources holds."""
    signs = {"n": "\n", '"': '"', "\\": "\\"}
    return re.sub(r"\\(\n\s*|.)", lambda found: signs.get(found[1], ""), literal)


def missing_gates(sources):
    """The gates that are not named in the section where they belong."""
    gates = {(path, *found) for path, text in sources.items() for found in GATE.findall(text)}
    about_pages = "".join(text for path, text in sources.items() if "pages" in path.parts or path.name == "pages.rs")
    for path, name, code in sorted(gates):
        is_of_theme = "theme" in path.parts or "session" in path.parts
        if not is_of_theme and f"`{code}`" not in section(WRITERS, GATES_OF_TEXTS):
            yield WRITERS, GATES_OF_TEXTS, code
        if (is_of_theme or re.search(rf"&{name}\b", about_pages)) and f"`{code}`" not in section(THEMES, GATES_OF_THEMES):
            yield THEMES, GATES_OF_THEMES, code


def section(file, heading):
    """The text of a handbook from a heading to the next of its level."""
    text = file.read_text("utf-8").partition(f"\n{heading}\n")[2]
    return text.partition("\n## ")[0]


def reference(sources):
    """The tables of all views: first those of templates, then the parts they are made of."""
    views = {known or name: (doc, body) for text in sources.values() for doc, known, name, body in VIEW.findall(text)}
    templates = [pair for text in sources.values() for pair in TEMPLATE.findall(text)]
    of_templates = {view for _, view in templates}
    parts = [name for name in views if name not in of_templates and name != "SiteView"]
    text = ["### `site`", *table("SiteView", views), "### `page`, by template"]
    for template, name in sorted(templates, key=lambda pair: pair[0]):
        text += [f"#### `{template}`", *table(name, views)]
    text.append("### Parts")
    for name in sorted(parts):
        text += [f"#### {name}", *table(name, views)]
    return "\n\n".join(text) + "\n"


def table(name, views):
    """What a view is, and its fields."""
    doc, body = views[name]
    rows = [f"| `{word}` | {kind(written, views)} | {sentence(words)} |" for words, _, word, _, written in FIELD.findall(body)]
    return [sentence(doc), "\n".join(["| field | | |", "|---|---|---|", *rows])]


def kind(written, views):
    """A type in words."""
    inner = re.fullmatch(r"(Option|Vec)<(.+)>", written)
    if inner and inner[1] == "Option":
        return f"{kind(inner[2], views)}, or nothing"
    if inner:
        return f"list of {kind(inner[2], views)}"
    mapped = re.fullmatch(r"(?:\w+::)*BTreeMap<String, (.+)>", written)
    if mapped:
        return f"{kind(mapped[1], views)} by name"
    name = written.split("::")[-1]
    return f"[{name}](#{name.lower()})" if name in views else SIMPLE.get(name, "anything")


def sentence(doc):
    """A doc comment as a line of a table."""
    words = " ".join(line.strip().removeprefix("///").strip() for line in doc.strip().splitlines())
    words = re.sub(r"\[`([^`\]]+)`\](\([^)]*\))?", lambda found: f"`{found[1].replace('::', '.')}`", words)
    return words.replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
