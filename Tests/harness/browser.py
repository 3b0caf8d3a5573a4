"""A headless Chromium with the machine's own driver."""

from __future__ import annotations

import contextlib
import os
import shutil
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
