"""A headless Chromium with the machine's own driver, and a page for it."""

from __future__ import annotations

import contextlib
import http.server
import os
import shutil
import threading
from typing import Iterator

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service


@contextlib.contextmanager
def headless_browser(width: int = 1280, height: int = 900) -> Iterator[webdriver.Chrome]:
    """A fresh profile; ended at the end of the block."""
    options = Options()
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if binary:
        options.binary_location = binary
    for flag in ("--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 f"--window-size={width},{height}"):
        options.add_argument(flag)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium's sandbox refuses to run as root.
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = shutil.which("chromedriver")
    browser = webdriver.Chrome(options=options, service=Service(executable_path=driver) if driver else Service())
    try:
        yield browser
    finally:
        browser.quit()


class BlankPage(http.server.BaseHTTPRequestHandler):
    """Answers every path with an empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>blank</title>")

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


@contextlib.contextmanager
def blank_page() -> Iterator[str]:
    """A page on loopback: browsers keep pages from elsewhere away from local sockets."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), BlankPage) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
