"""Answers HTTP, and logs each request on one line."""

import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = os.environ["AKIRA_VERSION"]


def say(text):
    print(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), text)


def serve(name, port, pages):
    """pages: path → function that returns (status, content type, text)."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            status, kind, text = pages.get(self.path.split("?")[0], missing)()
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, form, *values):
            say(form % values)

    def missing():
        return 404, "application/json", '{"error":"not found"}'

    def healthz():
        return 200, "application/json", json.dumps({"status": "ok", "service": name, "version": VERSION})

    pages.setdefault("/healthz", healthz)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    say(f"{name} {VERSION} listens on {port}")
    ThreadingHTTPServer(("", port), Handler).serve_forever()
