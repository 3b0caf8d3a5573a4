"""The worker's part of the protocol `vitrine.v1`: its messages as values, and its bounds. No socket, no clock."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Dict, Mapping, Sequence

from .errors import TaskError

SUBPROTOCOL = "vitrine.v1"
MAX_MESSAGE_BYTES = 32 * 1024 * 1024
"""The longest message that is read."""
MAX_INLINE_RESULT_BYTES = 1024 * 1024
"""Longer results are uploaded before `task.done`. The server takes 16 MiB, but heartbeats wait behind a message that is
being sent: on a slow line a long one would outlast every lease of the connection."""
MAX_TEXT_BYTES = 8 * 1024
"""The longest log line or error message; longer ones are cut."""
MAX_DEPTH = 32
"""The deepest JSON that the server reads, the message itself counted."""
MAX_CAPABILITIES = 64
MAX_CAPABILITY_LENGTH = 128
MAX_NAME_LENGTH = 64

Message = Dict[str, Any]
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[][{}]')


@dataclass(frozen=True)
class Profile:
    """How the worker introduces itself in `hello`."""

    name: str
    capabilities: Sequence[str]
    slots: int

    def hello(self, id_: str) -> Message:
        return {"type": "hello", "id": id_, "name": self.name, "kind": "worker",
                "capabilities": list(self.capabilities), "slots": self.slots}


@dataclass(frozen=True)
class Offer:
    """A `task.offer`: a task and the lease under which this worker may run it."""

    task: str
    lease: str
    name: str
    params: Mapping[str, Any]
    attempt: int
    attempts: int
    accept_within: float
    """Seconds."""

    @classmethod
    def parse(cls, message: Mapping[str, Any]) -> "Offer":
        """Reads a `task.offer`. Raises ValueError, naming the field, when one is missing or of a wrong type."""

        def field(name: str, kind: type, default: Any = None) -> Any:
            value = message.get(name)
            value = default if value is None else value
            if not isinstance(value, kind) or isinstance(value, bool):
                raise ValueError(f"task.offer without a usable `{name}`")
            return value

        return cls(task=field("task", str), lease=field("lease", str), name=field("name", str),
                   params=field("params", dict, {}), attempt=field("attempt", int, 1),
                   attempts=field("attempts", int, 1), accept_within=field("accept_within", int, 5000) / 1000)

    def word(self, type_: str, **fields: Any) -> Message:
        """A message about this task; each carries task and lease."""
        return {"type": type_, "task": self.task, "lease": self.lease, **fields}


@dataclass(frozen=True)
class Failure:
    """How a task ended without a result."""

    code: str
    message: str
    retry: bool

    def word(self, offer: Offer) -> Message:
        error = {"code": clip(self.code, 64), "message": clip(self.message)}
        return offer.word("task.fail", error=error, retry=self.retry)


def clip(text: str, limit: int = MAX_TEXT_BYTES) -> str:
    """The text, cut to `limit` bytes of UTF-8 at a character's end, with what UTF-8 cannot say replaced."""
    data = text.encode("utf-8", "replace")
    return data[:limit].decode("utf-8", "ignore")


def encode(message: Mapping[str, Any]) -> str:
    """A message as the text that is sent."""
    return json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encode_result(value: Any) -> str:
    """A task's result as JSON text. NumPy's numbers and arrays are written as numbers and lists.

    Raises TaskError `bad_result` for what JSON or the server cannot take: other types, NaN and infinities, lone
    surrogates, more nesting than `MAX_DEPTH` allows.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
        text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as problem:
        raise TaskError("bad_result", f"the result is not JSON: {problem}") from problem
    if nesting(text) >= MAX_DEPTH:
        raise TaskError("bad_result", f"the result is nested deeper than {MAX_DEPTH - 1} levels")
    return text


def encode_done(offer: Offer, id_: int, result: str) -> str:
    """`task.done` around a result that is JSON text already."""
    return f'{encode(offer.word("task.done", id=id_))[:-1]},"result":{result}}}'


def nesting(text: str) -> int:
    """How many arrays and objects are open at the deepest place of a JSON text."""
    depth = deepest = 0
    for match in _STRING_OR_BRACKET.finditer(text):
        if match.group() in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif match.group() in "]}":
            depth -= 1
    return deepest


def _plain(value: Any) -> Any:
    """NumPy's scalars and arrays, known by their `tolist`, as Python's."""
    convert = getattr(value, "tolist", None)
    if convert is None:
        raise TypeError(f"a {type(value).__name__} has no JSON form")
    return convert()
