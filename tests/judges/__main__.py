"""Independent judges of a finished site: they know nothing of anslag and read what a reader's browser reads.

python tests/judges SITE --base URL     judges a folder; `--without NAME` leaves out a judge that does not fit it
python tests/judges --self-test         plants faults, and asks each judge to find them
"""

import argparse
import sys

import calendars
import feeds
import heads
import links
import markup
import nu
import policies
import privacy
import selftest
import sitemap
import structured
import surfaces
import validate
import weights
from tree import Site

MODULES = [markup, validate, nu, links, privacy, policies, feeds, heads, calendars, structured, surfaces, sitemap, weights]
JUDGES = {module.__name__: module for module in MODULES}
SHOWN = 20


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("site", nargs="?", help="the folder of the site")
    arguments.add_argument("--base", default="https://example.org/", help="the address it stands at")
    arguments.add_argument("--without", action="append", default=[], choices=JUDGES, help="a judge that is not asked")
    arguments.add_argument("--self-test", action="store_true", help="test the judges themselves")
    asked = arguments.parse_args()
    if not asked.self_test and not asked.site:
        arguments.error("name the folder of the site")
    tests = self_tests() if asked.self_test else verdicts(Site(asked.site, asked.base), asked.without)
    results = [say(name, findings) for name, findings in tests]
    failed = results.count(False)
    print(f"judges: {len(results) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def verdicts(site, without):
    if not site.pages:
        yield "the site has pages", ["there is none"]
        return
    for name, module in JUDGES.items():
        if name not in without:
            yield f"{name}: {module.count(site)}", list(module.judge(site))


def self_tests():
    judges = {name: module.judge for name, module in JUDGES.items()}
    for name, trouble in selftest.self_test(judges):
        yield name, [trouble] if trouble else []


def say(name, findings):
    """Prints a verdict, and says whether it is good."""
    print(f"{'FAILED' if findings else 'ok':<6} {name}")
    for finding in findings[:SHOWN]:
        print(f"       {finding}")
    if len(findings) > SHOWN:
        print(f"       and {len(findings) - SHOWN} more")
    return not findings


if __name__ == "__main__":
    main()
