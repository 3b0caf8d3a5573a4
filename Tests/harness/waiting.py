"""Waiting on conditions with a deadline; no test sleeps for a fixed time."""

from __future__ import annotations

import time
from typing import Callable, TypeVar

Value = TypeVar("Value")


def eventually(condition: Callable[[], Value], what: str, within: float = 60.0, every: float = 0.02) -> Value:
    """Polls `condition` until it answers something true and returns that; fails, naming `what`, at the deadline."""
    deadline = time.monotonic() + within
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within:g} s: {what} (last value: {value!r})")
        time.sleep(every)
