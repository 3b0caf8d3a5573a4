"""Serves the page's modules at `/` and their unit tests at `/unit/`, for the browser that runs them."""

import functools
import http.server
import pathlib
import threading

from harness.process import ROOT as REPOSITORY

ROOT = REPOSITORY / "web-test-client"
UNIT = pathlib.Path(__file__).resolve().parent / "unit"


class Handler(http.server.SimpleHTTPRequestHandler):
    """Two folders under one address."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

    def translate_path(self, path):
        if path.startswith("/unit/"):
            self.directory = str(UNIT)
            return super().translate_path(path.removeprefix("/unit"))
        self.directory = str(ROOT)
        return super().translate_path(path)

    def log_message(self, *_):
        pass


def start():
    """Starts it on a free port and returns the server, to be shut down by the caller."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
