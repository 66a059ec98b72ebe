"""Runs every command of the handbooks, so that none of them tells a reader to type what does not work.

python3 tests/commands.py target/debug/anslag [DOCUMENT…]

Commands are the lines of `sh` blocks, and in `text` blocks those after `$ ` and those for `crontab`, in README.md and docs/. Each
section's are run in order in a site that is made for it (`SCENES`): a clone of the site in this repository, or what `anslag init`
makes. They must end with 0 unless the scene says otherwise, and where a handbook shows what a command says, it must say it, but for
numbers. A section with commands and without a scene fails, and so does a scene without a section.

What only exists in the world has a stand-in: `cargo` installs nothing, `rsync` copies to a folder, `xdg-open` notes what it was
given, hosts are a server here (`world`). The time is fixed. A few commands of PLANTED are wrong and must be found. Commands within sentences and tables are not run, but
read by the program (`--help` after them), and options that stand alone must be some command's.
"""

import contextlib
import http.server
import io
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOW = "2026-11-23T12:00:00+01:00"
# What tests/it/session.rs runs.
RECORDED = "session.md"
# Blocks in which there are no commands; the script in `bash` is run by tests/recipes.py.
QUIET = {"bash", "css", "html", "json", "lua", "markdown", "nginx", "toml"}
# A command that no block is around, and the measurements, which take hours and are only read.
BARE = re.compile(r" {4,}(?:\$ )?anslag |(?:\$ )?anslag (?:build|check|serve|new)\b")
MEASURED = re.compile(r" {4}(benches/\w+ .+)")
FENCE = re.compile(r"^( *)(`{3,})(\S*)")
CRON = re.compile(r"^(?:[\d*/,-]+ ){4}[\d*/,-]+ +(.+)$")
INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")

TOOLS = {
    "anslag": """case " $* " in *" --now "*) ;; *) set -- --now "$NOW" "$@" ;; esac
exec "$PROGRAM" "$@" """,
    "cargo": """case "$*" in
"install --path ." | "install --locked --path .") ;;
"run --release -- "*) shift 3 && exec anslag "$@" ;;
*) echo "cargo: not foreseen: $*" >&2 && exit 64 ;;
esac""",
    "rsync": """case "$*" in
"--recursive --checksum --delete-after --exclude .gitkeep public/ server:/srv/www/mr/") rm -rf "$PLACE/sent" && cp -R public "$PLACE/sent" ;;
*) echo "rsync: not foreseen: $*" >&2 && exit 64 ;;
esac""",
    "xdg-open": 'echo "$1" >>"$PLACE/opened"',
    "write": """mkdir -p "$(dirname "$1")" && cat >"$1" """,
    "anew": "git reset --quiet --hard && git clean --quiet -fdx",
}

PERSON = "write content/people/{0}.md <<'.'\n---\ntitle: {1}\nemail: {0}@example.org\n---\n.\n"
POST = "write content/blog/{0}.md <<'.'\n---\ntitle: {1}\ndate: 2026-11-01\ncontact: redaktionen\nsummary: Kort.\n{2}---\nText.\n.\n"
EVENT = ("write content/events/2027/{0}.md <<'.'\n---\ntitle: {1}\ndate: 2026-11-01\ncontact: redaktionen\nsummary: En dag.\n"
         "start: 2027-04-20T10:00\nend: 2027-04-20T16:00\nplace: {{name: Folkets hus, city: Malmö}}\n---\nVälkommen!\n.\n")
# What a writer does after `anslag new`: the values that are missing, and the text.
FILL_IN = """sed -i -e 's/^contact:$/contact: redaktionen/; s/^summary:$/summary: Om bostäder./; s/^Skriv texten här.*/Alla ska ha en bostad./' """
FILL_IN_EVENT = FILL_IN + """-e 's/^start:$/start: 2027-05-03/; s/^place:$/place: {city: Malmö}/' """
NEW_POST = "content/blog/2026/ratten-till-en-bostad.md"
TAGGED = "tags: [barnrätt]\n"
# Another site, since what was tried before does not fit.
ANEW = "anew\n"
CLONED = 'git clone --quiet "$(git remote get-url origin)" "$PLACE/srv/mr/site"\n'
PUBLISHED = "anslag build --quiet && rm -rf \"$PLACE/www\" && cp -R public \"$PLACE/www\"\n"
VERIFY = {"anslag verify https://mr.example.org/": "anslag verify http://mr.example.org/ --resolve '*=$WORLD'"}


@dataclass
class Scene:
    """Where the commands of a section are run."""

    document: str
    heading: str
    # `mr`, the site in this repository, or `small`, one that `anslag init` has made.
    site: str = "mr"
    # What there is before all commands, and before those that begin so.
    first: str = ""
    before: dict = field(default_factory=dict)
    # What is run in the place of a command that needs the world.
    instead: dict = field(default_factory=dict)
    # What holds after those that begin so, where `SAID` is what they said.
    then: dict = field(default_factory=dict)
    # How those end that do not end with 0.
    exits: dict = field(default_factory=dict)


SCENES = [
    Scene("README.md", "Try it", instead={"./test": "test -x test && bash -n test"}, then={"cargo run": "test -f public/index.html"}),
    Scene("README.md", "Write", before={"anslag check": FILL_IN + NEW_POST, "anslag verify": "anslag build --quiet",
                  "anslag check --external": "grep -rl https: content | xargs sed -i 's|https:|http:|g'"},
          instead={"anslag check --external": "anslag check --external --resolve '*=$WORLD'"},
          then={"anslag why": 'grep ": published" <<<"$SAID"', "anslag rename": "test -f content/events/2025/mr-dagen-i-vasteras.md",
                "anslag verify": 'grep "0 changed; 0 foreign" <<<"$SAID"'}),
    Scene("README.md", "Read on", then={"cp": "test -f docs/public/settings/index.html"}),
    Scene("README.md", "A site of your own", site="none", then={"anslag build": "test -f public/index.html"},
          before={"anslag build": FILL_IN_EVENT + "content/events/*/mr-dagen-i-malmo.md"}),
    Scene("ci.md", "In CI", then={"anslag build": "test -f public/index.html"}),
    Scene("ci.md", "One hash of the whole site", first="rm public/.gitkeep\nanslag build --quiet",
          then={"cd public": 'test "${SAID%% *}" = "$(cd .. && anslag build --quiet --digest)"'}),
    Scene("ci.md", "Whether readers get it", first=PUBLISHED + 'rm "$PLACE/www/konferenser/kalender.ics" && touch "$PLACE/careless"',
          instead=VERIFY, exits={"anslag verify": 1}),
    Scene("ci.md", "Time", then={"anslag build": "test -f public/index.html"}),
    Scene("ci.md", "When to build again", then={"anslag due --since": "grep -q '\"due\"' build.json", "SITE=": 'test -f "$PLACE/sent/index.html"'},
          before={"SITE=": CLONED + """sed "s|/srv/mr/|$PLACE/srv/mr/|" "$SCRIPT" >"$PLACE/srv/mr/publish"
              chmod +x "$PLACE/srv/mr/publish" """}),
    Scene("ci.md", "Where it goes", before={"anslag build --root": 'git clone --quiet "$(git remote get-url origin)" path/to/site'},
          then={"anslag build --output": "test -f site/index.html", "anslag build --root": "test -f path/to/site/public/index.html"}),
    Scene("ci.md", "Why a page is as it is", first=PERSON.format("anna-berg", "Anna Berg") + POST.format("2026/inbjudan", "Inbjudan", "")
          + "sed -i 's/redaktionen/anna-berg/' content/blog/2026/inbjudan.md\nanslag build --quiet\necho Mer. >>content/blog/2026/inbjudan.md"),
    Scene("ci.md", "Publishing", first="anslag build --quiet", then={"rsync": 'test -f "$PLACE/sent/index.html"'}),
    Scene("ci.md", "Links to other sites", site="small", exits={"anslag check": 1},
          first=POST.format("2021/inbjudan", "Inbjudan", "") + """for name in a b c gammal-rapport gammal-plan; do
              echo "[Rapporten $name](http://skr.se/$name)" >>content/blog/2021/inbjudan.md; done
              printf 'external_links: {pause: 0}\n' >>site.yaml
              ask() { anslag check --quiet --external --resolve "*=$WORLD" --now "$1T12:00:00+01:00"; }
              ask 2026-11-01 && touch "$PLACE/dead" && ask 2026-11-16""",
          instead={"anslag check --external": "anslag check --external --resolve '*=$WORLD'"}),
    Scene("ci.md", "Previews", then={"anslag diff before": "test -f comment.md"}),
    Scene("ci.md", "What should be looked at", first=CLONED),
    Scene("editors.md", "Schemas", then={"anslag schema": "test -f .anslag/schemas/site.json", "anslag schema --output": "test -f DIR/site.json"}),
    Scene("scale.md", "A site in parts", then={"{": "grep -q Sitemap public/robots.txt"},
          first="mkdir parts && for part in blogg konferenser; do git clone --quiet \"$(git remote get-url origin)\" parts/$part; done"),
    Scene("writers.md", "Kom igång", first=PERSON.format("anna-berg", "Anna Berg"), before={"anslag check": FILL_IN + NEW_POST},
          then={"anslag new event": "anslag check"}),
    Scene("writers.md", "När adressen ändras", site="small",
          first=EVENT.format("mr-dagen-i-malmo", "MR-dagen i Malmö") + POST.format("2026/x", "Ett inlägg", TAGGED) + PERSON.format("bo-ek", "Bo Ek")
          + "anslag build --quiet",
          before={"anslag address redirect /amnen": ANEW + POST.format("y", "Om barn", TAGGED) + "anslag build --quiet\n"
                  + POST.format("y", "Om barn", TAGGED.replace("barnrätt", "barnets rättigheter")),
                  "anslag address redirect /blogg": ANEW + "anslag build --quiet\nsed -i 's|/blogg/|/nyheter/|' site.yaml\n"
                  "printf 'sections:\\n  blog: {title: Nyheter, address: /nyheter/}\\n' >>site.yaml",
                  "anslag address gone": ANEW + POST.format("gamla-siffror", "Siffror", "") + "anslag build --quiet\nrm content/blog/gamla-siffror.md"},
          then={"anslag rename": "anslag build --quiet", "anslag address": "anslag build --quiet"}),
    Scene("writers.md", "Ställa in, skjuta upp och flytta", first=EVENT.format("mr-dagen", "MR-dagen"), then={"anslag event": "anslag build --quiet"}),
    Scene("writers.md", "Meddelanden från programmet"),
]


# What must be found, and how.
PLANTED = [
    ("```sh\nanslag build --no-such-option\n```", "exit code 2 instead of 0"),
    ("```sh\nanslag build\n```", "exit code"),
    ("```text\n$ anslag explain body-h1\nIt is well.\n```", "it says"),
    ("```sh\nanslag explain body-h1\n```\n\n## Elsewhere\n\n```sh\nanslag explain body-h1\n```", "is in no scene"),
    ("There is nothing to type.", "there are no commands any more"),
    ("It is `anslag list --sorted title`.", "is refused"),
    ("It is `list --sorted`.", "is refused"),
    ("It is `--no-such-option`.", "no command takes"),
]


@dataclass
class Command:
    document: Path
    line: int
    heading: str
    text: str
    # What it says, where that is shown.
    shown: list


def main():
    program = Path(sys.argv[1]).resolve()
    documents = [Path(name).resolve() for name in sys.argv[2:]] or [ROOT / "README.md", *sorted((ROOT / "docs/content").rglob("*.md"))]
    names = {document.name for document in documents}
    with tempfile.TemporaryDirectory(prefix="anslag-commands-") as folder, world(Path(folder)) as (address, root):
        stage = Stage(Path(folder), program, address, root)
        reader = Reader(stage)
        passed, findings = judged(documents, [scene for scene in SCENES if scene.document in names], stage, reader)
        for text, words in PLANTED:
            document = Path(folder) / "planted.md"
            document.write_text(f"## Planted\n\n{text}\n", "utf-8")
            _, found = judged([document], [Scene("planted.md", "Planted", site="none")], stage, reader)
            passed += 1
            if not any(words in finding for finding in found):
                findings.append(f"nobody has seen what is wrong in\n{text}")
    print("\n".join(findings + [f"commands: {passed} passed, {len(findings)} failed"]))
    return 1 if findings else 0


def judged(documents, scenes, stage, reader):
    """How many commands do what is said of them, and what is wrong with the others."""
    sections, spoken = {}, []
    for document in documents:
        commands, words = read(document)
        spoken += words
        for command in commands:
            sections.setdefault((document.name, command.heading), []).append(command)
    scenes = {(scene.document, scene.heading): scene for scene in scenes}
    findings = [f"{document}, {heading!r}: there are no commands any more" for document, heading in scenes.keys() - sections.keys()]
    for place_of, scene in scenes.items():
        tables = [*scene.before, *scene.instead, *scene.then, *scene.exits]
        idle = [name for name in tables if not any(command.text.startswith(name) for command in sections.get(place_of, []))]
        findings += [f"{scene.document}, {scene.heading!r}: no command begins with `{name}`" for name in idle]
    passed = 0
    for section, commands in sections.items():
        if section not in scenes:
            findings.append(f"{place(commands[0])}: {section[1]!r} is in no scene, so nothing of it is tried")
            continue
        found = list(stage.play(scenes[section], commands))
        passed += max(len(commands) - len(found), 0)
        findings += found
    found = [finding for word in spoken if (finding := reader.wrong(word))]
    return passed + len(spoken) - len(found), findings + found


def place(command):
    document = command.document
    return f"{document.relative_to(ROOT) if document.is_relative_to(ROOT) else document.name}:{command.line}"


def read(document):
    """The commands of a document, and those that are only spoken of."""
    commands, spoken, heading, fence, front = [], [], "", None, False
    for number, line in enumerate(document.read_text("utf-8").splitlines(), 1):
        if line == "---" and (number == 1 or front):
            front = number == 1
            continue
        title = re.match(r"title: (.+)", line) if front else re.match(r"#+ (.+?)(?: \{.*\})?$", line) if fence is None else None
        heading = title[1] if title else heading
        mark = FENCE.match(line)
        if mark and fence is None:
            fence, language, unfinished = mark[2], mark[3], ""
        elif mark and mark[2] == fence and not mark[3]:
            fence = None
            if unfinished:
                raise SystemExit(f"{document}:{number}: `{unfinished}` is not a whole command")
        elif fence and language == "sh":
            unfinished += line + "\n"
            if complete(unfinished):
                text = uncommented(unfinished).strip()
                commands += [Command(document, number, heading, text, [])] if text else []
                unfinished = ""
        elif fence and language == "text":
            cron = CRON.match(line)
            if line.startswith("$ ") or cron:
                commands.append(Command(document, number, heading, cron[1] if cron else line[2:], []))
                shows = not cron
            elif commands and commands[-1].line + len(commands[-1].shown) + 1 == number and shows:
                commands[-1].shown.append(line)
        elif fence and language == "yaml":
            step = re.match(r" *- run: (anslag .+)", line)
            spoken += [Command(document, number, heading, re.sub(r"\$\{\{.*?\}\}", "x", step[1]), [])] if step else []
        elif fence and document.name != RECORDED and (language not in QUIET or language != "bash" and BARE.match(line)):
            raise SystemExit(f"{document}:{number}: a command stands in a block of `sh`, or after `$ ` in one of `text`; this is `{language}`")
        elif fence is None and BARE.match(line):
            raise SystemExit(f"{document}:{number}: a command stands in a block of `sh`, or after `$ ` in one of `text`")
        elif fence is None and (measured := MEASURED.match(line)):
            spoken.append(Command(document, number, heading, measured[1], []))
        elif fence is None:
            spoken += [Command(document, number, heading, word, []) for word in INLINE.findall(line) if spoken_of(word)]
    return commands, spoken


def complete(text):
    """Whether a shell would take this as a whole command."""
    if text.rstrip("\n").endswith("\\"):
        return False
    return subprocess.run(["bash", "-n", "-c", text], capture_output=True, check=False).returncode == 0


def uncommented(text):
    """A command without what is said of it at the end of its line."""
    return re.sub(r"(?m)(^|\s)\s*# .*$", "", text)


def spoken_of(word):
    """Whether words in a sentence are a command, or options of one."""
    return not re.match(r"--[\w-]+:", word) and bool(re.match(r"(anslag|cargo|benches/\w+) [\w-]|[a-z]+ (\S+ )*--\w|--\w", word))


class Stage:
    """Makes places, and runs commands in them."""

    def __init__(self, folder, program, world_address, world_root):
        self.folder, self.world_root, self.scenes = folder, world_root, 0
        tools = folder / "tools"
        tools.mkdir()
        for name, text in TOOLS.items():
            (tools / name).write_text(f"#!/bin/bash\nset -e\n{text}\n", "utf-8")
            (tools / name).chmod(0o755)
        self.environment = {
            "PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "LC_ALL": "C.UTF-8", "NOW": NOW, "PROGRAM": str(program),
            "PLACE": str(world_root), "WORLD": world_address, "SCRIPT": str(ROOT / "docs/publish.sh"), "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
        }
        for name in ("mr", "small"):
            (folder / name).mkdir()
        for name in ("site.yaml", "addresses.lock", ".gitignore", ".gitattributes", "test"):
            shutil.copy(ROOT / name, folder / "mr" / name)
        for name in ("content", "themes", "docs"):
            shutil.copytree(ROOT / name, folder / "mr" / name, ignore=shutil.ignore_patterns("public", ".anslag") if name == "docs" else None)
        (folder / "mr/public").mkdir()
        (folder / "mr/public/.gitkeep").touch()
        self.make("anslag init small", folder)
        for name in ("mr", "small"):
            self.make("git init --quiet -b main && git add . && git commit --quiet -m Site", folder / name)
            self.make(f"git clone --quiet --bare {name} {name}.git", folder)

    def run(self, script, folder, **more):
        """Runs a script; gives its exit code and what it said."""
        try:
            run = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=folder, env=self.environment | more, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False)
        except subprocess.TimeoutExpired:
            return 124, "it has not ended after five minutes\n"
        return run.returncode, run.stdout

    def make(self, script, folder):
        """Runs a script without which there is nothing to try."""
        code, said = self.run(script, folder)
        if code:
            raise SystemExit(f"{script}\n{said}")

    def play(self, scene, commands):
        """Runs the commands of a section, and gives what is wrong with them."""
        self.scenes += 1
        folder = self.folder / f"scene-{self.scenes}/site"
        folder.parent.mkdir()
        shutil.rmtree(self.world_root)
        self.world_root.mkdir()
        if scene.site == "none":
            folder.mkdir()
        else:
            self.make(f"git clone --quiet '{self.folder / scene.site}.git' '{folder}'", self.folder)
        trouble = self.prepared(scene.first, folder)
        if trouble:
            yield f"{scene.document}, {scene.heading!r}: {trouble}"
        for command in commands:
            trouble = self.prepared(chosen(scene.before, command.text) or "", folder)
            code, said = self.tried(self.filled(scene.instead.get(command.text, command.text)), folder)
            wanted = chosen(scene.exits, command.text) or 0
            if not trouble and code != wanted:
                trouble = f"exit code {code} instead of {wanted}\n{said}"
            trouble = trouble or unlike(command.shown, said)
            if re.fullmatch(r"cd \S+", command.text):
                folder = folder / command.text[3:]
            after = chosen(scene.then, command.text)
            inside = re.match(r"cd (\S+) &&", command.text)
            if after and not trouble:
                code, more = self.run(after, folder / inside[1] if inside else folder, SAID=said)
                trouble = f"`{after}` does not hold after it\n{said}{more}" if code else None
            if trouble:
                yield f"{place(command)}: {command.text}: {trouble}"

    def filled(self, text):
        return text.replace("$WORLD", self.environment["WORLD"]).replace("/srv/mr/", f"{self.world_root}/srv/mr/")

    def prepared(self, script, folder):
        code, said = self.run(script, folder)
        return f"what comes before it fails\n{said}" if code else None

    def tried(self, text, folder):
        return self.served(text, folder) if re.search(r"\bserve\b", text) else self.run(text, folder)

    def served(self, text, folder):
        """Starts a server, asks it for the home page as the browser that it opens would, and ends it with Ctrl-C."""
        process = subprocess.Popen(["bash", "-c", f"exec {text} --port 0"], cwd=folder, env=self.environment, stdin=subprocess.DEVNULL, text=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        said, address = "", None
        watch = threading.Timer(60, process.kill)
        watch.start()
        while address is None and (line := process.stderr.readline()):
            said += line
            address = re.search(r"http://\S+:\d+/", line)
        try:
            page = urllib.request.urlopen(address[0], timeout=20).read().decode() if address else ""
        except urllib.error.HTTPError as error:
            # While nothing has been well, a page tells what is wrong.
            page = error.read().decode() if error.code == 503 else ""
        except OSError as error:
            page, said = "", f"{said}{error}\n"
        opened = not address or "--open" not in text or self.opened(address[0])
        process.send_signal(signal.SIGINT)
        code = process.wait()
        watch.cancel()
        if not opened:
            return 1, f"{said}no browser was opened"
        return (0 if code == -signal.SIGINT and "</html>" in page else 1), said

    def opened(self, address):
        """Whether the stand-in of a browser is given an address, within ten seconds."""
        note = self.world_root / "opened"
        for _ in range(200):
            if note.exists() and address in note.read_text():
                return True
            time.sleep(0.05)
        return False


def chosen(table, text):
    """What a table has for the longest beginning of a command."""
    names = [name for name in table if text.startswith(name)]
    return table[max(names, key=len)] if names else None


def unlike(shown, said):
    """What a handbook shows and the program does not say: numbers may be others, and `…` stands for anything."""
    if not shown:
        return None
    lines = [re.sub(r"\d+", r"\\d+", re.escape(line)).replace("https", "https?").replace("…", ".*") for line in shown]
    pattern = "\n".join(lines).replace("\n.*\n", "\n(?:.*\n)*")
    return None if re.fullmatch(pattern, said.rstrip("\n")) else f"it says\n{said}"


class Reader:
    """Knows the commands and options of the program, by its own help."""

    def __init__(self, stage):
        self.stage, self.known = stage, {}
        self.help()
        assert len(self.known) > 20, f"the help names {self.known.keys()} alone"

    def help(self, *words):
        code, text = self.stage.run(shlex.join(["anslag", *words, "--help"]), self.stage.folder)
        if code:
            raise SystemExit(text)
        self.known[words] = set(re.findall(r"(?<![\w-])--[a-z][\w-]*", text))
        for name in re.findall(r"^  ([a-z]+)  +\S", text.partition("\nCommands:\n")[2].partition("\n\n")[0], re.M):
            if name != "help":
                self.help(*words, name)

    def wrong(self, command):
        """What is wrong with a command that is spoken of, or nothing."""
        words = shlex.split(re.split(r" [|>&]", command.text.replace("…", "x"))[0])
        if words[:4] == ["cargo", "run", "--release", "--"]:
            words = ["anslag", *words[4:]]
        if words[0].startswith("benches/"):
            text = (ROOT / words[0]).read_text("utf-8")
            missing = [word for word in words if word.startswith("--") and word not in text]
            return f"{place(command)}: `{words[0]}` does not know {missing}" if missing else None
        if words[0] == "anslag":
            return self.refused(command, words[1:])
        if words[0].startswith("--"):
            option = words[0].partition("=")[0]
            of = [names for names, options in self.known.items() if option in options]
            tried = [self.refused(command, [*names, *words]) for names in of]
            return None if None in tried or self.is_of_another(command, option) else f"{place(command)}: no command takes `{command.text}`"
        return self.refused(command, words) if (words[0],) in self.known else None

    def refused(self, command, words):
        code, said = self.stage.run(shlex.join(["anslag", *words, "--help"]), self.stage.folder)
        if words[-1].startswith("--") and f"a value is required for '{words[-1]} " in said:
            return None
        return f"{place(command)}: `{command.text}` is refused\n{said}" if code else None

    def is_of_another(self, command, option):
        """Whether an option is that of another program, in a command of the same document."""
        commands, _ = read(command.document)
        return any(option in other.text and not other.text.startswith("anslag") for other in commands)


@contextlib.contextmanager
def world(folder):
    """Every host there is: it gives the files of `www`, and without that folder a page for every address. Where there is a file
    `careless`, it does so for missing addresses too; where there is a file `dead`, what is old is gone."""
    root = folder / "world"
    root.mkdir()

    class Answer(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given):
            super().__init__(*given, directory=str(root / "www"))

        def send_head(self):
            place = Path(self.translate_path(self.path))
            place = place / "index.html" if place.is_dir() else place
            if place.exists():
                return super().send_head()
            dead = (root / "dead").exists() and "gammal" in self.path
            missing = (root / "www").exists() and not ((root / "careless").exists() and self.path.endswith("/"))
            page = root / "www/404.html"
            body = page.read_bytes() if missing and page.exists() else b""
            self.send_response(404 if dead or missing else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            return io.BytesIO(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}", root
    finally:
        server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
