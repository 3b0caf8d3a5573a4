"""A worker of the native protocol that a test steers word by word."""

from __future__ import annotations

from typing import Any, Optional, Sequence

from harness.process import Server
from harness.realtime import DEADLINE, Live, Message


class Peer(Live):
    """A connection that has said hello as a worker; offers wait to be taken by `offer`."""

    def __init__(self, server: Server, *capabilities: str, slots: int = 1, token: Optional[str] = None) -> None:
        super().__init__(f"{server.socket_url}/ws", token=token)
        self.ready = self.ask("hello", name="worker", kind="worker", capabilities=list(capabilities), slots=slots)
        assert self.ready["type"] == "ready", self.ready
        self.taken = 0

    @property
    def offers(self) -> Sequence[Message]:
        return [message for message in self.seen if message["type"] == "task.offer"]

    def offer(self, within: float = DEADLINE) -> Message:
        """The next offer that has not been taken."""
        while len(self.offers) <= self.taken:
            self.until_type("task.offer", within=within)
        self.taken += 1
        return self.offers[self.taken - 1]

    def say(self, type_: str, offer: Message, **fields: Any) -> Message:
        """Says a word about an offered task and returns its answer."""
        return self.ask(f"task.{type_}", task=offer["task"], lease=offer["lease"], **fields)

    def begin(self) -> Message:
        """Accepts the next offer and returns it."""
        offer = self.offer()
        answer = self.say("accept", offer)
        assert answer["type"] == "ok", answer
        return offer

    def finish(self, offer: Message, result: Any = None) -> Message:
        return self.say("done", offer, result=result)

    def fail(self, offer: Message, code: str = "broken", retry: bool = True) -> Message:
        return self.say("fail", offer, error={"code": code, "message": f"it is {code}"}, retry=retry)

