"""Run by the Python of the replay environment: has pywb index a WARC, and prints what it replays as JSON lines.

Usage: replay.py FILE.warc.gz, in an empty folder.
"""

# ruff: noqa: E402
import gevent.monkey

gevent.monkey.patch_all()

import hashlib
import io
import json
import os
import sys
from pathlib import Path

from pywb.apps.frontendapp import FrontEndApp
from pywb.manager.manager import main as manage


def entries():
    for path in Path("collections/c/indexes").glob("*.cdxj"):
        for line in path.read_text().splitlines():
            if not line.startswith("!"):
                _, moment, facts = line.split(" ", 2)
                yield moment, json.loads(facts)


def answer(app, path):
    said = []
    bare, _, query = path.partition("?")
    environment = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": bare, "QUERY_STRING": query, "REQUEST_URI": path,
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost", "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0),
    }  # fmt: skip
    pieces = app(environment, lambda status, headers, error=None: said.append(status))
    return said, b"".join(pieces)


manage(["init", "c"])
manage(["add", "c", *sys.argv[1:]])
app = FrontEndApp(config_file=None, custom_config={"collections_root": "collections", "debug": False})
for moment, facts in entries():
    for mode in ("id_", "mp_"):
        said, body = answer(app, f"/c/{moment}{mode}/{facts['url']}")
        found = {
            "url": facts["url"],
            "moment": moment,
            "mime": facts.get("mime"),
            "mode": mode,
            "status": said[0] if said else "",
        }
        print("REPLAYED " + json.dumps({**found, "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}))
sys.stdout.flush()
os._exit(0)  # gevent's servers would wait for more
