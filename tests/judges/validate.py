"""html-validate finds nothing: content model, attributes, references, accessible names."""

import json
import os
import subprocess
from pathlib import Path

CONFIGURATION = Path(__file__).with_name("htmlvalidate.cjs")


def judge(site):
    program = os.environ.get("HTML_VALIDATE", "html-validate")
    command = [program, "--config", str(CONFIGURATION), "--formatter", "json", "--ext", "html", str(site.folder)]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        results = json.loads(run.stdout)
    except OSError as error:
        yield f"html-validate could not run: {error}"
        return
    except ValueError:
        yield f"html-validate could not run: {run.stderr.strip() or run.stdout.strip()}"
        return
    for result in results:
        name = os.path.relpath(result["filePath"], site.folder)
        for message in result["messages"]:
            yield f"{name}:{message['line']}:{message['column']}: {message['message']} ({message['ruleId']})"


def count(site):
    return f"{len(site.pages)} pages"
