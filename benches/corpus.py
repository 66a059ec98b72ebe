#!/usr/bin/env python3
"""Writes a site of N documents for a generator, with the same text for every generator.

    corpus.py OUT N FLAVOUR        FLAVOUR: anslag, full, hugo or zola; full is for anslag with all that it can do

Seven documents of ten are posts, two are events and one is a tool. Each holds about 4 kB of Markdown: headings,
paragraphs, lists, links and emphasis, a table in one of four, a code block in one of ten. The text depends on a fixed
seed only; front matter and file names follow each generator, and the settings and the theme are copied from here.
"""

import datetime
import random
import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FLAVOURS = ("anslag", "full", "hugo", "zola")
SEED = 20261121
FIRST_DAY = datetime.date(2012, 1, 1)
DAYS = 5200

NOUNS = (
    "kommun region rättighet barn skola vård omsorg bostad hälsa deltagande jämlikhet ansvar insyn dialog metod stöd "
    "arbete verksamhet uppföljning planering styrning ledning nätverk konferens utbildning platform underlag beslut "
    "politik invånare likabehandling tillgänglighet delaktighet inkludering kartläggning erfarenhet exempel "
    "förvaltning nämnd uppdrag mål resurs"
).split()
SMALL_WORDS = (
    "och att i som för med på av till är kan om det vi har utifrån genom samt när där hur vad inom mellan under"
).split()
CITIES = "Kalmar Umeå Göteborg Stockholm Lund Malmö Luleå Västerås Örebro Karlstad".split()
TAGS = [f"amne-{number:02d}" for number in range(40)]
AUTHORS = [f"skribent-{number:02d}" for number in range(20)]
SECTIONS = {"blog": "Blogg", "events": "Konferenser", "toolkit": "Metodstöd"}
PATTERN = ["blog"] * 7 + ["events"] * 2 + ["toolkit"]

CODE = """```rust
fn main() {
    let platser: Vec<u32> = (1..10).collect();
    println!("{}", platser.iter().sum::<u32>());
}
```
"""


class Writer:
    """Writes text. The order of its draws is the corpus: with another order every document would differ."""

    def __init__(self):
        self.random = random.Random(SEED)

    def chance(self, share):
        return self.random.random() < share

    def between(self, least, most):
        return self.random.randint(least, most)

    def one(self, choices):
        return self.random.choice(choices)

    def words(self, count):
        return " ".join(self.one(NOUNS) if self.chance(0.55) else self.one(SMALL_WORDS) for _ in range(count))

    def sentence(self):
        text = self.words(self.between(7, 18))
        text = text[0].upper() + text[1:]
        ornament = self.random.random()
        if ornament < 0.10:
            text += f" [{self.words(2)}](https://example.org/{self.between(1, 9999)})"
        elif ornament < 0.18:
            text += f" **{self.words(2)}**"
        elif ornament < 0.24:
            text += f" *{self.words(1)}*"
        return text + "."

    def paragraph(self):
        return " ".join(self.sentence() for _ in range(self.between(3, 6)))

    def table(self):
        rows = [f"| {self.one(CITIES)} | {self.between(1, 28)} mars | {self.between(10, 300)} |" for _ in range(6)]
        return ["| Ort | Datum | Platser |", "| --- | --- | ---: |", *rows, ""]

    def part(self):
        lines = [f"## {self.words(3).capitalize()}", "", self.paragraph(), "", self.paragraph(), ""]
        ending = self.random.random()
        if ending < 0.4:
            lines += [f"- {self.sentence()}" for _ in range(self.between(3, 6))] + [""]
        elif ending < 0.5:
            lines += [f"> {self.sentence()}", ""]
        return lines

    def body(self):
        lines = [self.paragraph(), ""]
        for _ in range(self.between(3, 5)):
            lines += self.part()
        if self.chance(0.25):
            lines += self.table()
        if self.chance(0.10):
            lines += [CODE]
        return "\n".join(lines)

    def document(self, number):
        date = FIRST_DAY + datetime.timedelta(days=number * 7919 % DAYS)
        return {
            "section": PATTERN[number % len(PATTERN)],
            "title": self.words(self.between(4, 9)).capitalize(),
            # The words of a sentence without the link that may end it.
            "summary": self.sentence().replace("[", "").replace("]", "").split(" (")[0].split("(http")[0],
            "date": date,
            "tags": "[" + ", ".join(self.random.sample(TAGS, self.between(1, 4))) + "]",
            "author": self.one(AUTHORS),
            "start": date + datetime.timedelta(days=40),
            "city": self.one(CITIES),
            "cancelled": self.chance(0.1),
            "body": self.body(),
        }


def quoted(text):
    return '"' + text.replace('"', '\\"') + '"'


def anslag_front(document):
    lines = [f"title: {quoted(document['title'])}", f"date: {document['date']}"]
    lines += [f"summary: {quoted(document['summary'])}", f"tags: {document['tags']}"]
    lines += [f"author: {document['author']}", f"contact: {document['author']}"]
    if document["section"] == "events":
        lines += [f"start: {document['start']}T09:00", f"end: {document['start']}T16:00"]
        lines += ["place:", f"  city: {document['city']}"] + cancelled(document)
    if document["section"] == "toolkit":
        lines += ["type: guide", "lang: sv"]
    return lines


def cancelled(document):
    """The state of an event, with the day of it, as anslag asks."""
    change = f"changes: [{{date: {document['date']}, what: cancelled}}]"
    return ["cancelled: true", change] if document["cancelled"] else []


def hugo_front(document):
    lines = [f"title: {quoted(document['title'])}", f"date: {document['date']}"]
    lines += [f"summary: {quoted(document['summary'])}", f"tags: {document['tags']}"]
    lines += [f"authors: [{document['author']}]"]
    return lines + peers_facts(document, quote="")


def zola_front(document):
    lines = [f"title: {quoted(document['title'])}", f"date: {document['date']}"]
    lines += [f"description: {quoted(document['summary'])}", "taxonomies:", f"  tags: {document['tags']}"]
    lines += [f"  authors: [{document['author']}]", "extra:", f"  kind: {document['section']}"]
    return lines + [f"  {line}" for line in peers_facts(document, quote='"')]


def peers_facts(document, quote):
    """What Hugo and Zola know of events and tools only as free data."""
    if document["section"] == "events":
        start, end = (f"{quote}{document['start']}T{hour}:00:00+01:00{quote}" for hour in ("09", "16"))
        cancelled = str(document["cancelled"]).lower()
        return [f"start: {start}", f"end: {end}", f"city: {document['city']}", f"cancelled: {cancelled}"]
    if document["section"] == "toolkit":
        return ["category: vagledning", "language: sv"]
    return []


FRONTS = {"anslag": anslag_front, "full": anslag_front, "hugo": hugo_front, "zola": zola_front}


def write(path, front, body=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("---\n" + "\n".join(front) + "\n---\n" + body, encoding="utf-8")


def write_overviews(content, flavour):
    """What stands beside the documents: section files for the peers, persons for anslag."""
    if FRONTS[flavour] is anslag_front:
        for author in AUTHORS:
            name = author.replace("-", " ").capitalize()
            front = [f"title: {name}", "role: Handläggare", f"email: {author}@example.org"]
            write(content / "people" / f"{author}.md", front)
        return
    paged = ["sort_by: date", "paginate_by: 20", "template: section.html", "page_template: page.html"]
    write(content / "_index.md", ["title: Start"] + ["template: index.html"] * (flavour == "zola"))
    for section, title in SECTIONS.items():
        write(content / section / "_index.md", [f"title: {title}"] + paged * (flavour == "zola"))


def edit_text(site, number):
    """Adds a paragraph to the text of the first post, as an editor would."""
    posts = (site / "content" / "blog").rglob("*.md")
    with min(path for path in posts if path.name != "_index.md").open("a", encoding="utf-8") as file:
        file.write(f"\nEtt tillägg, det {number}:e.\n")


def copy_settings(out, flavour):
    """The settings and the theme: for `full` those of this repository, its theme and what `full/` adds to the plain site."""
    shutil.copytree(HERE / flavour, out, dirs_exist_ok=True)
    if flavour == "anslag":
        shutil.copytree(HERE / "themes" / "plain", out / "themes" / "plain", dirs_exist_ok=True)
    if flavour == "full":
        shutil.copytree(ROOT / "themes" / "mr", out / "themes" / "mr", dirs_exist_ok=True)


def write_links(out, addresses):
    """What is known of the addresses outside, so that they are looked up: all are well."""
    lines = [f"https://example.org/{number} well 200 asked 2026-11-21\n" for number in sorted(addresses)]
    (out / "links.lock").write_text("# anslag links 1\n" + "".join(lines), encoding="utf-8")


def write_site(out, number, flavour):
    """Writes a whole site for a generator."""
    copy_settings(out, flavour)
    content = out / "content"
    write_overviews(content, flavour)
    writer, addresses = Writer(), set()
    for index in range(number):
        document = writer.document(index)
        folder = content / document["section"]
        if FRONTS[flavour] is anslag_front:
            folder /= str(document["date"].year)
        write(folder / f"{document['section']}-{index:06d}.md", FRONTS[flavour](document), "\n" + document["body"])
        if flavour == "full":
            addresses.update(map(int, re.findall(r"https://example\.org/(\d+)\)", document["body"])))
    if flavour == "full":
        write_links(out, addresses)


if __name__ == "__main__":
    if len(sys.argv) != 4 or not sys.argv[2].isdigit() or sys.argv[3] not in FLAVOURS:
        sys.exit(__doc__)
    write_site(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
