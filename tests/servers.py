"""Real web servers read what the build writes for them: each that is installed serves a site, and its answers are held
against the site's `_headers`, and at former addresses against its `_redirects` and what is told to be gone.

python3 tests/servers.py SITE --base URL     `hosting` of the site names `headers` and all of SERVERS
"""

import argparse
import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote, urlsplit

SERVERS = ["nginx", "caddy", "apache2"]
FOR_EVER = "public, max-age=31536000, immutable"
CALENDAR, ATOM, JSON = "text/calendar; charset=utf-8", "application/atom+xml; charset=utf-8", "application/feed+json; charset=utf-8"

NGINX = """daemon off;
pid {work}/pid;
error_log {work}/log;
events {{ }}
http {{
    types {{ text/html html; text/css css; application/json json; text/xml xml; }}
    access_log off;
    client_body_temp_path {work}/1;
    proxy_temp_path {work}/2;
    fastcgi_temp_path {work}/3;
    uwsgi_temp_path {work}/4;
    scgi_temp_path {work}/5;
    server {{
        listen 127.0.0.1:{port};
        root {root};
        include {site}/nginx.conf;
    }}
}}
"""
CADDY = """{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    root * {root}
    import {site}/Caddyfile
    file_server
}}
"""
APACHE = """ServerRoot {work}
ServerName localhost
Listen 127.0.0.1:{port}
PidFile {work}/pid
ErrorLog {work}/log
TypesConfig /dev/null
AddType text/html .html
AddType text/css .css
{modules}
DocumentRoot {root}
DirectoryIndex index.html
<Directory {root}>
    Require all granted
    AllowOverride All
</Directory>
"""
MODULES = ["mpm_event", "authz_core", "alias", "dir", "headers", "mime"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("site", type=Path)
    arguments.add_argument("--base", default="https://example.org/")
    asked = arguments.parse_args()
    path = urlsplit(asked.base).path
    results = [judged(server, asked.site.resolve(), path) for server in SERVERS if shutil.which(server)]
    print(f"servers: {results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


def judged(server, site, path):
    """Prints what is wrong with a server's answers, and says whether nothing is."""
    with tempfile.TemporaryDirectory() as work, running(server, site, path, Path(work)) as origin:
        findings = [*troubles(site, origin, path), *former_troubles(site, origin, path)]
    print(f"{'FAILED' if findings else 'ok':<6} {server}")
    print("".join(f"       {finding}\n" for finding in findings), end="")
    return not findings


def troubles(site, origin, path):
    asset, calendar = (next(site.rglob(name)).relative_to(site).as_posix() for name in ["assets/*.css", "*.ics"])
    cases = [
        ("", 200, "text/html", "no-cache"),
        (asset, 200, "text/css", FOR_EVER),
        (calendar, 200, CALENDAR, "no-cache"),
        ("feed.xml", 200, ATOM, "no-cache"),
        ("feed.json", 200, JSON, "no-cache"),
        ("borta/", 404, "text/html", "no-cache"),
        ("borta.ics", 404, "text/html", "no-cache"),
        ("assets/borta.css", 404, "text/html", "no-cache"),
    ]
    sent = rules(site / "_headers")
    for name, status, kind, kept in cases:
        answer = ask(origin + path + name)
        if answer.status != status:
            yield f"`{name}`: {answer.status} instead of {status}"
        if not (answer.headers["Content-Type"] or "").replace("UTF-8", "utf-8").startswith(kind):
            yield f"`{name}`: of the type {answer.headers['Content-Type']} instead of {kind}"
        if answer.headers["Cache-Control"] != kept:
            yield f"`{name}`: Cache-Control is {answer.headers['Cache-Control']}"
        if status == 404 and answer.read() != (site / "404.html").read_bytes():
            yield f"`{name}`: another page than that for missing ones"
        for header, value in sent[f"{path}*"]:
            if answer.headers.get_all(header) != [value]:
                yield f"`{name}`: {header} is {answer.headers.get_all(header)} instead of `{value}`"


def former_troubles(site, origin, path):
    """Former addresses: those that lead elsewhere, and those that are gone, which `.htaccess` names."""
    for line in (site / "_redirects").read_text("utf-8").splitlines():
        old, new, _ = line.split(" ")
        answer = ask(origin + old)
        if (answer.status, urlsplit(answer.headers["Location"] or "").path) != (301, new):
            yield f"`{old}`: {answer.status} to {answer.headers['Location']} instead of 301 to {new}"
    for pattern in re.findall(r'^  RedirectMatch 410 "\^(.*)\$"$', (site / ".htaccess").read_text("utf-8"), re.M):
        old = re.sub(r"\\(.)", r"\1", pattern)
        answer = ask(origin + quote(old))
        if answer.status != 410:
            yield f"`{old}`: {answer.status} instead of 410"
        elif old.endswith("/") and answer.read() != (site / old.removeprefix(path) / "index.html").read_bytes():
            yield f"`{old}`: another page than that which says why"


def rules(file):
    """The headers of `_headers` by pattern."""
    found = {}
    for line in file.read_text("utf-8").splitlines():
        if line.startswith(" "):
            name, value = line.strip().split(": ", 1)
            found[pattern].append((name, value))
        else:
            pattern = line
            found[pattern] = []
    return found


class Stays(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_):
        return None


def ask(url):
    try:
        return urllib.request.build_opener(Stays).open(url, timeout=10)
    except urllib.error.HTTPError as answer:
        return answer


@contextlib.contextmanager
def running(server, site, path, work):
    """The server while it serves the site under its path; gives its address."""
    root = work / "root"
    stand = root / path.strip("/")
    stand.parent.mkdir(parents=True, exist_ok=True)
    stand.symlink_to(site)
    work.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with open(work / "said", "w") as said:
        environment = {**os.environ, "HOME": str(work), "XDG_CONFIG_HOME": str(work), "XDG_DATA_HOME": str(work)}
        line = command(server, work, root=root, site=site, port=port)
        process = subprocess.Popen(line, stdout=said, stderr=said, env=environment)
    try:
        wait_for(port, process, work / "said")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def command(server, work, **words):
    program = Path(shutil.which(server)).resolve()
    settings = work / "settings"
    modules = program.parent.parent / "lib/apache2/modules"
    load = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in MODULES)
    template = {"nginx": NGINX, "caddy": CADDY, "apache2": APACHE}[server]
    settings.write_text(template.format(work=work, modules=load, **words))
    return {
        "nginx": [program, "-e", work / "log", "-c", settings],
        "caddy": [program, "run", "--adapter", "caddyfile", "--config", settings],
        "apache2": [program, "-D", "FOREGROUND", "-f", settings],
    }[server]


def wait_for(port, process, said):
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise SystemExit(f"the server did not start:\n{said.read_text()}")


if __name__ == "__main__":
    sys.exit(main())
