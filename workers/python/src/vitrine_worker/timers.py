"""Calls at points in time, from one thread of their own."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
import time
from typing import Callable, List, Tuple

log = logging.getLogger(__name__)


class Timers(threading.Thread):
    """Heartbeats and deadlines. Being a thread of its own, it also runs while tasks compute.

    The calls must be quick and may come from this thread at any time.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(name="timers", daemon=True)
        self._clock = clock
        self._wake = threading.Condition()
        self._heap: List[Tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        return self._clock()

    def at(self, when: float, call: Callable[[], None]) -> None:
        """Calls `call` once, at `when` or soon after."""
        with self._wake:
            heapq.heappush(self._heap, (when, next(self._order), call))
            self._wake.notify()

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        self.at(self.now() + seconds, call)

    def run(self) -> None:
        while True:
            call = self._next_due()
            try:
                call()
            except Exception:  # A failed call must not end the heartbeats.
                log.exception("a timer failed")

    def _next_due(self) -> Callable[[], None]:
        with self._wake:
            while True:
                if not self._heap:
                    self._wake.wait()
                    continue
                left = self._heap[0][0] - self._clock()
                if left <= 0:
                    return heapq.heappop(self._heap)[2]
                self._wake.wait(left)
