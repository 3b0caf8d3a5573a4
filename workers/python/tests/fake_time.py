"""Timers that a test moves on by hand."""

from __future__ import annotations

from typing import Callable, List, Tuple

from vitrine_worker.timers import Timers


class FakeTimers(Timers):
    """No thread and no clock: `advance` runs what has become due, in order."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: self.time)
        self.time = 1000.0
        self.planned: List[Tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, when: float, call: Callable[[], None]) -> None:
        self._count += 1
        self.planned.append((when, self._count, call))

    def advance(self, seconds: float) -> None:
        end = self.time + seconds
        while True:
            due = min((entry for entry in self.planned if entry[0] <= end + 1e-9), key=lambda e: e[:2], default=None)
            if due is None:
                break
            self.planned.remove(due)
            self.time = max(self.time, due[0])
            due[2]()
        self.time = end
