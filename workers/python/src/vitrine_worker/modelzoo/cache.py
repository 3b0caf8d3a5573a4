"""Keeps the models used last in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Callable, Generic, List, TypeVar

Value = TypeVar("Value")


class _Entry(Generic[Value]):
    """A value that is loaded, or being loaded, once."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.values: List[Value] = []


class LoadedCache(Generic[Value]):
    """At most `capacity` values, the least recently used leave first. Any thread may ask.

    Two that ask for the same key at once cause one load; a load that fails is tried again by the next. What left is
    freed when the last that uses it lets go.
    """

    def __init__(self, capacity: int, load: Callable[[str], Value]) -> None:
        self._capacity = capacity
        self._load = load
        self._lock = threading.Lock()
        self._entries: "OrderedDict[str, _Entry[Value]]" = OrderedDict()

    def get(self, key: str) -> Value:
        """The value, loaded if need be. What `load` raises comes through."""
        with self._lock:
            entry = self._entries.setdefault(key, _Entry())
            self._entries.move_to_end(key)
            while len(self._entries) > self._capacity:
                self._entries.popitem(last=False)
        with entry.lock:
            if not entry.values:
                entry.values.append(self._load(key))
            return entry.values[0]

    @property
    def keys(self) -> List[str]:
        """Least recently used first."""
        with self._lock:
            return list(self._entries)
