"""Thins a task's progress without losing its last."""

from __future__ import annotations

import threading
from typing import Callable, Generic, Optional, TypeVar

from .timers import Timers

Report = TypeVar("Report")


class ProgressGate(Generic[Report]):
    """Lets at most one report through in `interval` seconds.

    Of those that come too early the newest is kept, and sent when the interval is over or the gate closes, whichever
    is first. Sending happens under the gate's lock, so nothing is sent after `close` has returned.
    """

    def __init__(self, send: Callable[[Report], None], timers: Timers, interval: float = 0.1) -> None:
        self._send = send
        self._timers = timers
        self._interval = interval
        self._lock = threading.Lock()
        self._next = timers.now()
        self._kept: Optional[Report] = None
        self._closed = False

    def report(self, report: Report) -> None:
        with self._lock:
            if self._closed:
                return
            if self._timers.now() >= self._next:
                self._pass(report)
                return
            if self._kept is None:
                self._timers.at(self._next, self._flush)
            self._kept = report

    def close(self, quietly: bool = False) -> None:
        """Sends what is kept (unless `quietly`) and lets nothing through any more."""
        with self._lock:
            if not self._closed and not quietly:
                self._pass_kept()
            self._closed = True

    def _flush(self) -> None:
        with self._lock:
            if not self._closed:
                self._pass_kept()

    def _pass_kept(self) -> None:
        if self._kept is not None:
            self._pass(self._kept)

    def _pass(self, report: Report) -> None:
        self._kept = None
        self._next = self._timers.now() + self._interval
        self._send(report)
