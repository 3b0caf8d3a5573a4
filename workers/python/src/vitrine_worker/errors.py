"""What can go wrong, in the words that reach the server or the person at the command line."""

from __future__ import annotations

from typing import Sequence


class TaskError(Exception):
    """Ends a task as failed: becomes the `error` of `task.fail`.

    `retry` says whether another attempt, here or on another worker, could end better.
    """

    def __init__(self, code: str, message: str, retry: bool = False) -> None:
        super().__init__(message)
        # A task may well pass the exception that it caught.
        self.code = str(code) or "failed"
        self.message = str(message)
        self.retry = bool(retry)


class BadParams(TaskError):
    """The task's params cannot be used; no other worker could use them either."""

    def __init__(self, message: str) -> None:
        super().__init__("bad_params", message, retry=False)


class Cancelled(BaseException):
    """Raised inside a task that has to stop.

    Not an `Exception`, so that a task's own `except Exception` does not swallow it.
    """


class ConfigurationError(Exception):
    """The command line, the modelzoo or a task file cannot be used; `problems` has one line for each reason."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)
