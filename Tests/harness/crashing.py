"""Servers that are killed in the middle of what they do."""

from __future__ import annotations

import threading
import time
from typing import Callable

import requests

from harness.process import Server


def crash(server: Server, delay: float, work: Callable[[], object]) -> None:
    """Starts the work and kills the server `delay` seconds later; the call may fail in any way."""
    def run() -> None:
        try:
            work()
        except (requests.RequestException, AssertionError):
            pass
    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(delay)  # The moment of the crash is what the test varies.
    server.kill()
    thread.join()
