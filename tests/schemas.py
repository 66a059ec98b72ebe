"""Holds the schemas of `anslag schema` against an independent validator, and against the program itself.

python3 tests/schemas.py PROGRAM    the schemas are valid; every file of the sites in this repository passes them; and what they
                                    refuse the program refuses too, as it does what is simply wrong

Every choice `‹this¦that›` of `tests/sites/edits` is taken in each of its ways.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from jsonschema import Draft7Validator

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {"blog": "post", "events": "event", "toolkit": "tool", "pages": "page", "people": "person", "series": "series", "notices": "notice"}
CHOICE = re.compile("‹([^›]*)›")
SITES = [".", "tests/sites/edits", "tests/sites/states", "tests/golden/small"]

# Posts that are wrong, as the lines that are put into one that is well; the last word says what of them is wrong.
WRONG = {
    "unknown key": "sumary: Hej",
    "key of another kind": "start: 2026-11-17",
    "list where a truth value goes": "draft: [true]",
    "truth value of YAML 1.1": "draft: ja",
    "text where a list goes": "tags: konferenser",
    "keys where a text goes": "summary: {text: Hej}",
    "truth value where a text goes": "summary: true",
    "date in words": "updated: 17 november 2026",
    "date with slashes": "updated: 2026/11/17",
    "unknown word": "comments: {state: maybe}",
    "key missing inside": "comments: {limit: 20}",
    "number below nothing": "comments: {state: open, limit: -1}",
    "unknown key inside": "comments: {state: open, limitt: 20}",
    "address without https": "contact: {name: Bo, url: example.org}",
    "contact without a name": "contact: {email: bo@example.org}",
    "unknown key in a list": "waivers: [{code: image-without-alt, reason: Nu, owner: anna, until: 2027-01-01, x: 1}]",
    "no value": "image: {file: bild.png}",
    "second author in one key": "author: [anna, bo]",
}
POST = "---\ntitle: Hej\ndate: 2026-11-01\n{}\n---\nText.\n"
SETTINGS = "title: Prov\nbase_url: https://example.org/\n"


class Loader(yaml.SafeLoader):
    """YAML 1.2 as editors and the program read it: dates are texts, and only `true` and `false` are truth values."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def main():
    program = Path(sys.argv[1]).resolve()
    names = [*FOLDERS.values(), "site", "theme", "organisations"]
    schemas = {name: json.loads(run(program, "schema", name).stdout) for name in names}
    findings = []
    for name, schema in schemas.items():
        try:
            Draft7Validator.check_schema(schema)
        except Exception as error:
            findings.append(f"the schema of `{name}` is none: {error}")
    validators = {name: Draft7Validator(schema) for name, schema in schemas.items()}
    count = 0
    for path, name, text in files():
        count += 1
        for error in validators[name].iter_errors(yaml.load(text, Loader)):
            findings.append(f"{path.relative_to(ROOT)}: {'/'.join(map(str, error.path))}: {error.message}")
    if count < 50:
        findings.append(f"only {count} files were looked at")
    findings += both_refuse(program, validators["post"])
    print("\n".join(findings) or f"schemas: {len(schemas)} valid, {count} files pass, {len(WRONG)} mistakes are refused by both")
    return 1 if findings else 0


def run(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False)


def files():
    """The YAML of every file that has a schema: where it stands, what it is, and its text in each of its ways."""
    for site in (ROOT / site for site in SITES):
        for path in sorted(site.glob("content/*/**/*.md")):
            kind = FOLDERS.get(path.relative_to(site).parts[1])
            for text in ways(path.read_text("utf-8")):
                front = re.match("\ufeff?---\r?\n(.*?)^---", text, re.S | re.M)
                if kind and front:
                    yield path, kind, front[1]
        others = [(site / "site.yaml", "site"), (site / "content/organisations.yaml", "organisations")]
        others += [(path, "theme") for path in sorted(site.glob("themes/*/theme.yaml"))]
        for path, name in others:
            for text in ways(path.read_text("utf-8")) if path.exists() else []:
                yield path, name, text


def ways(text):
    """A text with the first words of its choices, then the second ones, and so on."""
    choices = [choice.split("¦") for choice in CHOICE.findall(text)]
    for turn in range(max(map(len, choices), default=1)):
        yield CHOICE.sub(lambda choice: (words := choice[1].split("¦"))[min(turn, len(words) - 1)], text)


def both_refuse(program, validator):
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder)
        run(program, "init", "--root", folder)
        post = site / "content/blog/prov.md"
        for what, line in {"nothing": "", **WRONG}.items():
            post.write_text(POST.format(line), "utf-8")
            front = yaml.load(POST.format(line).split("---")[1], Loader)
            found = json.loads(run(program, "check", "--root", folder, "--format", "json").stdout)
            codes = [finding["code"] for finding in found["diagnostics"] if "prov.md" in json.dumps(finding) and finding["severity"] == "error"]
            refused = (bool(list(validator.iter_errors(front))), bool(codes))
            if refused != (what != "nothing", what != "nothing"):
                yield f"{what} (`{line}`): refused by the schema: {refused[0]}; by the program: {codes}"


if __name__ == "__main__":
    sys.exit(main())
