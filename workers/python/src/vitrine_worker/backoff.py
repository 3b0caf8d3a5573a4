"""How long to wait before connecting again."""

from __future__ import annotations

import random as _random
from typing import Callable


class Backoff:
    """0.5 s doubling to 30 s, each times a random 0.5…1.5, so that many workers do not come back in one moment."""

    FIRST = 0.5
    GREATEST = 30.0

    def __init__(self, random: Callable[[], float] = _random.random) -> None:
        self._random = random
        self._base = self.FIRST

    def next_delay(self) -> float:
        """Seconds to wait now; the following wait is twice as long."""
        delay = self._base * (0.5 + self._random())
        self._base = min(self._base * 2, self.GREATEST)
        return delay

    def delay_after_server_stop(self) -> float:
        """Seconds to wait when the server said that it stops (close code 1001): it is probably starting again."""
        return 1.0 + self._random()

    def reset(self) -> None:
        """Begins anew; called once a connection has proved to hold."""
        self._base = self.FIRST
