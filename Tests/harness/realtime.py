"""A client of the native protocol `vitrine.v1` over Python's websockets."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

Message = Dict[str, Any]
DEADLINE = 60.0


def is_event(message: Message) -> bool:
    """Events are what carries `at` and `offset`; `pong` has no offset, snapshots and `synced` have no `at`."""
    return "offset" in message and "at" in message


class Live:
    """One connection; every message received is kept in `seen`, in order."""

    def __init__(self, url: str, token: Optional[str] = None, headers: Optional[Mapping[str, str]] = None,
                 subprotocols: Sequence[str] = ("vitrine.v1",), **options: Any) -> None:
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = f"Bearer {token}"
        options.setdefault("max_size", None)
        options.setdefault("max_queue", None)
        options.setdefault("close_timeout", 5)
        self.socket = connect(url, subprotocols=list(subprotocols) or None, additional_headers=sent,
                              open_timeout=DEADLINE, **options)
        self.seen: List[Message] = []
        self.ids = itertools.count(1)
        self.welcome = self.receive()
        assert self.welcome["type"] == "welcome", self.welcome

    def __enter__(self) -> "Live":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, type_: str, **fields: Any) -> None:
        self.socket.send(json.dumps({"type": type_, **fields}))

    def send_text(self, text: str) -> None:
        self.socket.send(text)

    def receive(self, within: float = DEADLINE) -> Message:
        """The next message from the wire."""
        text = self.socket.recv(timeout=within)
        assert isinstance(text, str), "the protocol has text messages only"
        assert text.startswith('{"type":'), f"the server writes `type` first: {text[:80]}"
        message = json.loads(text)
        self.seen.append(message)
        return message

    def until(self, wanted: Callable[[Message], bool], within: float = DEADLINE) -> List[Message]:
        """Reads until a message is wanted; returns all that came, the wanted one last."""
        deadline = time.monotonic() + within
        came: List[Message] = []
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not within {within:g} s; the last of {len(came)}: {came[-5:]}")
            try:
                came.append(self.receive(left))
            except TimeoutError:
                continue
            if wanted(came[-1]):
                return came

    def heard(self, wanted: Callable[[Message], bool], within: float = DEADLINE, after: int = 0) -> Message:
        """The first message that is wanted, among those that came already, from number `after` on, or are to come.

        For what may come while an answer is waited for: events and answers are in no order.
        """
        return next(filter(wanted, self.seen[after:]), None) or self.until(wanted, within)[-1]

    def until_type(self, *types: str, within: float = DEADLINE) -> List[Message]:
        return self.until(lambda message: message["type"] in types, within)

    def ask(self, type_: str, **fields: Any) -> Message:
        """Sends with a fresh `id` and returns the answer with it; what came before it is in `seen`."""
        number = next(self.ids)
        self.send(type_, id=number, **fields)
        return self.until(lambda message: message.get("id") == number)[-1]

    def subscribe(self, *topics: str, since: Optional[Mapping[str, Any]] = None) -> List[Message]:
        """All messages up to and with the `synced` (or `error`) of this request."""
        number = next(self.ids)
        fields: Dict[str, Any] = {"topics": list(topics)}
        if since is not None:
            fields["since"] = dict(since)
        self.send("subscribe", id=number, **fields)
        return self.until(lambda message: message.get("id") == number)

    def snapshot(self, topic: str) -> Any:
        """The state of a topic by a fresh subscription."""
        messages = self.subscribe(topic)
        return [m for m in messages if m["type"] == "snapshot" and m["topic"] == topic][-1]["state"]

    def hello(self, name: str = "test", kind: str = "script") -> Message:
        answer = self.ask("hello", name=name, kind=kind)
        assert answer["type"] == "ready", answer
        return answer

    def publish(self, topic: str, data: Any, **fields: Any) -> Message:
        return self.ask("publish", topic=topic, data=data, **fields)

    def run(self, name: str, params: Optional[Mapping[str, Any]] = None, **fields: Any) -> Message:
        answer = self.ask("task.run", name=name, params=dict(params or {}), **fields)
        assert answer["type"] == "ok", answer
        return answer

    def started(self, task: str, within: float = DEADLINE) -> Message:
        """The start of a task, which may have come before the answer to `task.run`."""
        return self.heard(lambda m: m["type"] == "task.started" and m["task"] == task, within)

    def finished(self, task: str, within: float = DEADLINE) -> Message:
        """Waits for the task's end; the topic must be subscribed. Returns the event."""
        return self.heard(lambda m: m["type"] == "task.finished" and m["task"] == task, within)

    def expect_close(self, code: int, within: float = DEADLINE) -> None:
        """Reads to the end of the connection and checks the server's close code."""
        deadline = time.monotonic() + within
        while True:
            try:
                self.receive(max(0.01, deadline - time.monotonic()))
            except ConnectionClosed as closed:
                received = closed.rcvd.code if closed.rcvd else None
                assert received == code, f"closed with {received}, not {code}"
                return
            except TimeoutError:
                raise AssertionError(f"not closed within {within:g} s") from None


def assert_growing(messages: Sequence[Message]) -> None:
    """G2: offsets of events grow strictly."""
    offsets = [message["offset"] for message in messages if is_event(message)]
    assert all(a < b for a, b in zip(offsets, offsets[1:])), offsets
