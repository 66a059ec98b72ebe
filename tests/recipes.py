"""Holds the recipes for CI (docs/content/pages/ci/, docs/publish.sh) against what reads them, and runs every step of them.

python3 tests/recipes.py target/debug/anslag

The files are held against the schemas of GitHub and GitLab (`check-jsonschema`), their scripts against ShellCheck, and then each
`run:` and `script:` is run in a clone of a small site, with the real program. What only exists at the host has a stand-in: `cargo`
installs nothing, `rsync` copies to a folder, `git push` reaches a bare repository, caches and artifacts are folders, and `gh` notes
what it was asked. A step of an action of others is known here, or the recipe fails.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
RECIPES = ROOT / "docs/content/pages/ci"
PUBLISH = ROOT / "docs/publish.sh"
TOOLS = Path(sys.executable).parent
EXPRESSION = re.compile(r"\$\{\{ *(.*?) *\}\}")

CARGO = """#!/bin/sh
case "$*" in "install --locked --path ."*) ;; *) echo "cargo: not foreseen: $*" >&2; exit 64 ;; esac
"""
GH = """#!/bin/sh
echo "$*" >>"$STORE/gh"
case "$1 $2" in "pr view") exit 1 ;; "pr create") ;; *) exit 64 ;; esac
"""
RSYNC = """#!/bin/sh
case "$*" in "--recursive --checksum --delete-after --exclude .gitkeep public/ "*) ;; *) echo "rsync: not foreseen: $*" >&2; exit 64 ;; esac
for target; do :; done
rm -rf "$target" && cp -R public "$target"
"""


class Host:
    """A host of CI with a repository of a small site, a store for caches and artifacts, and a folder for each run."""

    def __init__(self, folder, program):
        self.folder, self.store, self.origin = folder, folder / "store", folder / "origin.git"
        self.runs = 0
        tools = folder / "tools"
        for path in (self.store, tools):
            path.mkdir()
        for name, text in (("cargo", CARGO), ("gh", GH), ("rsync", RSYNC)):
            (tools / name).write_text(text)
            (tools / name).chmod(0o755)
        (tools / "anslag").symlink_to(program)
        self.environment = {
            "PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "STORE": str(self.store), "LC_ALL": "C.UTF-8",
            "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        self.shell(f"git init -q --bare -b main {self.origin} && anslag init site --language en", folder)
        self.shell(f"cd site && git init -q -b main && git add . && git commit -qm Site && git remote add origin {self.origin}", folder)
        self.shell("git push -q -u origin main", folder / "site")

    def shell(self, script, folder, **more):
        """Runs a script as GitHub does (`bash -e -o pipefail`), and gives its end and what it said."""
        run = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=folder, env=self.environment | more,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        if run.returncode and not more.get("MAY_FAIL"):
            raise AssertionError(f"exit code {run.returncode} of\n{script}\n{run.stdout}")
        return run.returncode, run.stdout

    def commit(self, path, text):
        """A writer's change, pushed to the main branch."""
        site = self.folder / "site"
        self.shell("git pull -q --rebase", site)
        (site / path).write_text(text)
        self.shell(f"git add . && git commit -qm Change && git push -q", site)

    def checkout(self):
        """A fresh clone."""
        self.runs += 1
        work = self.folder / f"run-{self.runs}"
        self.shell(f"git clone -q {self.origin} {work}", self.folder)
        return work

    def head(self):
        return self.shell(f"git -C {self.origin} rev-parse main", self.folder)[1].strip()

    def published(self, path):
        """A file as it is on the main branch, or nothing."""
        code, text = self.shell(f"git -C {self.origin} show main:{path}", self.folder, MAY_FAIL="1")
        return None if code else text


class Run:
    """One run of a GitHub workflow: its jobs in order, until one fails."""

    def __init__(self, host, recipe, event):
        self.host, self.jobs, self.event = host, load(recipe)["jobs"], event
        self.sha, self.needs, self.said, self.failed = host.head(), {}, "", False
        self.number = host.runs
        for name, job in self.jobs.items():
            if not self.failed and self.holds(job.get("if", "true"), {}):
                self.job(name, job)

    def job(self, name, job):
        work, outputs, failed = None, {}, False
        work = self.host.folder / f"empty-{self.number}-{name}"
        work.mkdir()
        for step in job["steps"]:
            condition = str(step.get("if", "true"))
            if (failed and condition != "always()") or not self.holds(condition, outputs):
                continue
            if "uses" in step:
                work = self.action(step, work, outputs)
                continue
            noted = self.host.store / "output"
            noted.write_text("")
            given = {key: self.filled(value, outputs) for key, value in step.get("env", {}).items()}
            code, said = self.host.shell(self.filled(step["run"], outputs), work, GITHUB_OUTPUT=str(noted), MAY_FAIL="1", **given)
            self.said += said
            failed = failed or code != 0
            outputs[step.get("id")] = dict(line.split("=", 1) for line in noted.read_text().splitlines())
        self.failed = failed
        self.needs[name] = {key: self.filled(value, outputs) for key, value in job.get("outputs", {}).items()}

    def action(self, step, work, outputs):
        """The stand-in of an action; gives the folder in which the job goes on."""
        name, given = step["uses"].rpartition("@")[0], step.get("with", {})
        store = self.host.store
        if name == "actions/checkout":
            return self.host.checkout()
        if name in ("actions/cache/save", "actions/cache/restore"):
            key = self.filled(given["key"], outputs)
            if name.endswith("save"):
                shutil.copy(work / given["path"], store / f"cache-{key}")
            else:
                for found in sorted(store.glob(f"cache-{key}*"))[-1:]:
                    shutil.copy(found, work / given["path"])
        elif name == "actions/cache":
            for path in given["path"].split():
                if (store / path).is_dir():
                    shutil.copytree(store / path, work / path, symlinks=True)
        elif name in ("actions/upload-artifact", "actions/upload-pages-artifact"):
            path, target = work / given["path"], store / f"artifact-{given.get('name', 'pages')}"
            shutil.copytree(path, target, dirs_exist_ok=True) if path.is_dir() else shutil.copy(path, target)
        elif name == "actions/download-artifact":
            shutil.copy(store / f"artifact-{given['name']}", work / "addresses.lock")
        elif name == "actions/deploy-pages":
            shutil.copytree(store / "artifact-pages", store / "pages", dirs_exist_ok=True)
        elif name == "github/codeql-action/upload-sarif":
            shutil.copy(work / given["sarif_file"], store / "sarif")
        else:
            raise AssertionError(f"`{name}` is not known here")
        return work

    def holds(self, condition, outputs):
        """Whether the condition of a job or a step holds. Other forms than these are not foreseen."""
        compared = re.fullmatch(r"([\w.-]+) (==|!=) '([^']*)'", condition)
        if compared:
            return (self.value(compared[1], outputs) == compared[3]) == (compared[2] == "==")
        return condition in ("true", "always()") or bool(self.value(condition, outputs))

    def filled(self, text, outputs):
        return EXPRESSION.sub(lambda found: self.value(found[1], outputs), str(text))

    def value(self, path, outputs):
        known = {"github.event_name": self.event, "github.sha": self.sha, "github.token": "t", "github.run_id": str(self.number),
                 "github.run_attempt": "1"}
        parts = path.split(".")
        if path in known:
            return known[path]
        if path.startswith("hashFiles("):
            return "hash"
        if parts[0] == "steps":
            return outputs.get(parts[1], {}).get(parts[3], "")
        if parts[0] == "needs":
            return self.needs.get(parts[1], {}).get(parts[3], "")
        raise AssertionError(f"`{path}` is not known here")


def load(recipe):
    return YAML(typ="safe").load((RECIPES / recipe).read_text("utf-8"))


BAD = "---\ntitle: Bad\ndate: 2026-11-01\nsummary: Bad.\ndarft: true\n---\nText.\n"
GOOD = "---\ntitle: News\ndate: 2026-11-01\nsummary: News.\n---\nText.\n"
DRAFT = GOOD.replace("date:", "draft: true\ndate:").replace("News", "Secret")


def schemas(_):
    """Each recipe is what its host reads."""
    for recipe in sorted(RECIPES.glob("*.yml")):
        schema = "vendor.gitlab-ci" if recipe.name.startswith("gitlab") else "vendor.github-workflows"
        subprocess.run([TOOLS / "check-jsonschema", "--builtin-schema", schema, recipe], check=True, stdout=subprocess.DEVNULL)


def scripts(_):
    """ShellCheck has nothing to say of any script, and no expression of the host's is put into one."""
    found = [("publish.sh", PUBLISH.read_text())]
    for recipe in sorted(RECIPES.glob("*.yml")):
        jobs = load(recipe.name)
        for job in (jobs.get("jobs") or jobs).values():
            if not isinstance(job, dict):
                continue
            texts = [step["run"] for step in job.get("steps", []) if "run" in step] + ["\n".join(job.get("script", []))]
            found += [(recipe.name, f"#!/bin/bash\n{text}") for text in texts if text]
    for name, text in found:
        assert not EXPRESSION.search(text), f"{name}: an expression in a script is code of whoever can write its value\n{text}"
        run = subprocess.run([TOOLS / "shellcheck", "-"], input=text, text=True, capture_output=True)
        assert run.returncode == 0, f"{name}: {run.stdout}"


def pages(host):
    """What is pushed is published, its addresses are committed, and a scheduled run then ends at once."""
    host.commit("content/blog/news.md", GOOD)
    first = Run(host, "github-pages.yml", "push")
    assert not first.failed and (host.store / "pages/blog/news/index.html").is_file(), first.said
    assert "/blog/news/ " in (host.published("addresses.lock") or ""), "the addresses are not on the main branch"
    second = Run(host, "github-pages.yml", "schedule")
    assert not second.failed and second.needs["build"]["now"], "the commit of the addresses is built once"
    third = Run(host, "github-pages.yml", "schedule")
    assert not third.failed and third.needs["build"]["now"] == "" and "publish" not in third.needs, third.said
    host.commit("content/blog/bad.md", BAD)
    bad = Run(host, "github-pages.yml", "push")
    assert bad.failed and "publish" not in bad.needs and "::error" in bad.said, bad.said


def proposed(host):
    """A proposed change with a mistake fails with annotations, and is told to code scanning too."""
    assert not Run(host, "github-pages.yml", "pull_request").failed
    host.commit("content/blog/bad.md", BAD)
    run = Run(host, "github-pages.yml", "pull_request")
    assert run.failed and "::error file=content/blog/bad.md" in run.said, run.said
    assert "unknown-key" in (host.store / "sarif").read_text()


def preview(host):
    """A preview shows drafts, and asks search engines not to list it."""
    host.commit("content/blog/secret.md", DRAFT)
    run = Run(host, "github-preview.yml", "pull_request")
    assert not run.failed, run.said
    assert "noindex" in (host.store / "artifact-preview/blog/secret/index.html").read_text()
    assert "Secret" not in (host.store / "artifact-preview/feed.xml").read_text()


def stale(host):
    """What owners should look at is a table."""
    run = Run(host, "github-stale.yml", "schedule")
    assert not run.failed, run.said
    assert (host.store / "artifact-stale").read_text().startswith("owner,slug,"), "no table"


def links(host):
    """The ledger is committed when all is well, and proposed when something is dead. The world is not asked."""
    anslag = host.folder / "tools/anslag"
    anslag.unlink()
    anslag.write_text('#!/bin/sh\n[ "$*" = "check --external --format github" ] || exit 64\ndate +%s%N >links.lock; exit "$(cat "$STORE/end")"\n')
    anslag.chmod(0o755)
    (host.store / "end").write_text("0")
    assert not Run(host, "github-links.yml", "schedule").failed and host.published("links.lock")
    before = host.head()
    (host.store / "end").write_text("1")
    Run(host, "github-links.yml", "schedule")
    assert host.head() == before, "what is dead is not pushed to the main branch"
    assert "pr create --head dead-links" in (host.store / "gh").read_text()
    (host.store / "end").write_text("3")
    assert Run(host, "github-links.yml", "schedule").failed, "a missing network is a failure"


def gitlab(host):
    """Writers commit addresses.lock; what they forgot is an error; drafts are in the preview alone."""
    jobs = load("gitlab-ci.yml")
    work = host.folder / "site"
    before = "\n".join(jobs["default"]["before_script"])
    host.shell(f"{before}\nanslag build", work)
    for job in ("check", "pages"):
        host.shell("\n".join([before, *jobs[job]["script"]]), work)
    (work / "content/blog/secret.md").write_text(DRAFT)
    for job in ("preview", "pages"):
        host.shell("\n".join([before, *jobs[job]["script"]]), work)
    assert (work / "preview/blog/secret/index.html").is_file() and not (work / "public/blog/secret").exists()
    for path in [*jobs["pages"]["artifacts"]["paths"], *jobs["preview"]["artifacts"]["paths"], *jobs["pages"]["cache"]["paths"]]:
        assert (work / path).is_dir(), path
    (work / "content/blog/news.md").write_text(GOOD)
    code, said = host.shell("\n".join(jobs["check"]["script"]), work, MAY_FAIL="1")
    assert code == 1 and "unlisted-address" in said, said


def server(host):
    """The script for cron publishes what is new, once, and tries again what failed."""
    site, target = host.checkout(), host.folder / "www"
    given = {"SITE": str(site), "LAST": str(host.folder / "last"), "TARGET": str(target)}

    def publish(**more):
        return host.shell(str(PUBLISH), host.folder, **(given | more))

    publish()
    assert (target / "index.html").is_file() and host.published("addresses.lock")
    shutil.rmtree(target)
    assert publish() == (0, "") and not target.exists(), "nothing is new, so nothing is sent"
    host.commit("content/blog/bad.md", BAD)
    assert publish(MAY_FAIL="1")[0] == 1 and not target.exists()
    host.commit("content/blog/bad.md", GOOD)
    publish()
    assert (target / "blog/bad/index.html").is_file() and "/blog/bad/ " in host.published("addresses.lock")
    host.commit("content/blog/more.md", GOOD)
    assert publish(MAY_FAIL="1", TARGET="/dev/null/www")[0] != 0, "the server is away"
    publish()
    assert (target / "blog/more/index.html").is_file() and "/blog/more/ " in host.published("addresses.lock")


def main():
    program = Path(sys.argv[1]).resolve()
    passed = failed = 0
    for story in (schemas, scripts, pages, proposed, preview, stale, links, gitlab, server):
        with tempfile.TemporaryDirectory(prefix="anslag-recipes-") as folder:
            try:
                story(Host(Path(folder), program))
                passed += 1
            except (AssertionError, subprocess.SubprocessError, OSError, KeyError) as error:
                failed += 1
                print(f"{story.__name__}: {story.__doc__}\n  {type(error).__name__}: {error}")
    known = {"github-pages.yml", "github-preview.yml", "github-stale.yml", "github-links.yml", "gitlab-ci.yml"}
    for path in RECIPES.iterdir():
        if path.name not in known:
            failed += 1
            print(f"{path.name} is run by no story")
    print(f"recipes: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
