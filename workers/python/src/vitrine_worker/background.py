"""One thread beside a task's own."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from types import TracebackType
from typing import Callable, Optional, Tuple, Type, TypeVar

Value = TypeVar("Value")
Job = Tuple["Future[object]", Callable[[], object]]


class Background:
    """Runs calls one after the other in a daemon thread: unlike an executor's it keeps no process from ending.

    As a context manager: at its end what has not begun is left out, and what runs is not waited for.
    """

    def __init__(self, name: str) -> None:
        self._jobs: "queue.SimpleQueue[Optional[Job]]" = queue.SimpleQueue()
        self._ended = False
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def submit(self, call: Callable[[], Value]) -> "Future[Value]":
        """The call's value, or what it raises, once its turn has come."""
        future: "Future[Value]" = Future()
        self._jobs.put((future, call))  # type: ignore[arg-type]
        return future

    def __enter__(self) -> "Background":
        return self

    def __exit__(self, _: Optional[Type[BaseException]], __: Optional[BaseException],
                 ___: Optional[TracebackType]) -> None:
        self._ended = True
        self._jobs.put(None)

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            if job is None or self._ended:
                return
            future, call = job
            try:
                future.set_result(call())
            except BaseException as error:  # Cancelled too: it belongs to who waits.
                future.set_exception(error)
