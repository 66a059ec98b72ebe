"""The Nu HTML checker finds nothing: it is what the HTML standard's own editors check pages with (needs Java)."""

import json
import os
import subprocess

# The checker warns of what it calls unneeded; readers lose nothing by it.
BORING = ["Trailing slash on void elements", "The “type” attribute is unnecessary"]
# It reads files, of which none is `'self'` to another, and takes JSON-LD for a script: `policies` and the browser judge this.
NOT_SERVED = "violates Content Security Policy (meta tag)"


def judge(site):
    program = os.environ.get("VNU_JAR", "vnu.jar")
    command = ["java", "-Xss1m", "-jar", program, "--format", "json", "--exit-zero-always", "--skip-non-html"]
    try:
        run = subprocess.run([*command, str(site.folder)], capture_output=True, text=True, check=False)
        messages = json.loads(run.stderr)["messages"]
    except OSError as error:
        yield f"the Nu HTML checker could not run: {error}"
        return
    except ValueError:
        yield f"the Nu HTML checker could not run: {run.stderr.strip()[:500]}"
        return
    for message in messages:
        if NOT_SERVED in message["message"]:
            continue
        if message.get("subType") != "warning" or not any(word in message["message"] for word in BORING):
            name = os.path.relpath(message.get("url", "").removeprefix("file:"), site.folder)
            yield f"{name}:{message.get('lastLine', 0)}:{message.get('lastColumn', 0)}: {message['message']}"


def count(site):
    return f"{len(site.pages)} pages"
