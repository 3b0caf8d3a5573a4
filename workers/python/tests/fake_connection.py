"""A worker whose connections, clock and task threads are the test's."""

from __future__ import annotations

import json
import queue
from typing import Any, Callable, Dict, List, Mapping, Optional, Union

from fake_time import FakeTimers
from vitrine_worker.backoff import Backoff
from vitrine_worker.connection import Connection, Lost, Ready, Received
from vitrine_worker.loss import Loss
from vitrine_worker.media import MediaClient
from vitrine_worker.offers import OfferDesk
from vitrine_worker.protocol import Offer
from vitrine_worker.registry import Registry
from vitrine_worker.run import Done, Outcome, Run, RunEnded
from vitrine_worker.slots import Slots
from vitrine_worker.worker import Mail, Worker

Message = Dict[str, Any]


class FakeConnection(Connection):
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.sent: List[Message] = []
        self.started = 0
        self.closed = False

    def start(self) -> None:
        self.started += 1

    def send(self, message: Union[Mapping[str, Any], str]) -> None:
        self.sent.append(json.loads(message) if isinstance(message, str) else dict(message))

    def close(self) -> None:
        self.closed = True

    def words(self) -> List[str]:
        """The types of what was sent, without heartbeats."""
        return [message["type"] for message in self.sent if message["type"] != "heartbeat"]


class HeldRun(Run):
    """A run whose thread is the test: it ends by `end`."""

    def start(self) -> None:
        pass


class Rig:
    """A worker with hand-moved time, and the events that a server would cause."""

    def __init__(self, slots: int = 1, grace: float = 8.0, random: Callable[[], float] = lambda: 0.5) -> None:
        self.timers = FakeTimers()
        self.connections: List[FakeConnection] = []
        self.runs: List[HeldRun] = []
        self.registry = Registry()
        self.registry.add("peer.known", lambda context: None)
        self.posted: "queue.SimpleQueue[Mail]" = queue.SimpleQueue()
        self.slots = Slots(slots)
        self.worker = Worker(connect=self._connect, desk=lambda slots, timers, post: OfferDesk(
            slots, timers, self.posted.put, self._make_run), slots=self.slots, timers=self.timers,
            backoff=Backoff(random), grace=grace)
        self.worker.post = self.posted.put  # type: ignore[method-assign]
        self._offers = 0

    @property
    def connection(self) -> FakeConnection:
        return self.connections[-1]

    def give(self, mail: Mail) -> None:
        self.worker.handle(mail)
        self.settle()

    def settle(self) -> None:
        """Handles what the worker has posted to itself."""
        while not self.posted.empty():
            self.worker.handle(self.posted.get())

    def advance(self, seconds: float) -> None:
        self.timers.advance(seconds)
        self.settle()

    def ready(self, lease: float = 15.0) -> FakeConnection:
        self.give(Ready(self.connection, "client-1", lease))
        return self.connection

    def lose(self, reason: str = "broke", **fields: Any) -> None:
        self.give(Lost(self.connection, Loss(reason, **fields)))

    def say(self, type_: str, **fields: Any) -> None:
        self.give(Received(self.connection, {"type": type_, **fields}))

    def offer(self, name: str = "peer.known") -> Dict[str, str]:
        self._offers += 1
        names = {"task": f"t{self._offers}", "lease": f"L{self._offers}"}
        self.say("task.offer", **names, name=name, params={}, attempt=1, attempts=3, accept_within=5000)
        return names

    def end(self, run: HeldRun, outcome: Optional[Outcome] = None) -> None:
        self.give(RunEnded(run, outcome or Done('{"x":1}')))

    def answer(self, type_: str = "ok", **fields: Any) -> None:
        """Answers the newest outcome."""
        last = [message for message in self.connection.sent if message["type"] in ("task.done", "task.fail")][-1]
        self.say(type_, id=last.get("id"), task=last["task"], **fields)

    def _connect(self, _: Callable[[Mail], None]) -> FakeConnection:
        self.connections.append(FakeConnection())
        return self.connection

    def _make_run(self, offer: Offer, connection: Connection, post: Callable[[RunEnded], None]) -> Optional[Run]:
        function = self.registry.get(offer.name)
        if function is None:
            return None
        media: MediaClient = None  # type: ignore[assignment]
        self.runs.append(HeldRun(offer, function, connection, media, None, self.timers, post))
        return self.runs[-1]


def started_rig(**options: Any) -> Rig:
    """A rig that is connected and ready."""
    from vitrine_worker.worker import Reconnect

    rig = Rig(**options)
    rig.give(Reconnect())
    rig.ready()
    return rig
