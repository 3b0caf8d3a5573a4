"""Slows down who says too much."""

from __future__ import annotations

import threading
from typing import Callable


class Pace:
    """Lets `burst` through at once, and then `rate` a second. Any thread may take."""

    def __init__(self, clock: Callable[[], float], rate: float, burst: int) -> None:
        self._clock = clock
        self._interval = 1.0 / rate
        self._ahead = (burst - 1) * self._interval
        self._lock = threading.Lock()
        self._due = clock() - self._ahead

    def take(self) -> float:
        """Takes the next turn; the seconds to wait until it has come."""
        with self._lock:
            now = self._clock()
            self._due = max(self._due, now - self._ahead)
            delay = max(0.0, self._due - now)
            self._due += self._interval
            return delay
