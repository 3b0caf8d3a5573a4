"""The worker: keeps a connection, takes offers, runs them, answers for them.

One thread does everything here; connections, timers, tasks and signals post events to its mailbox.
"""

from __future__ import annotations

import logging
import queue
from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional, Union

from .backoff import Backoff
from .connection import Connection, Event, Lost, Ready, Received
from .loss import Loss
from .offers import AnswerDue, OfferDesk, OfferDue
from .run import RunEnded
from .slots import Slots
from .timers import Timers

log = logging.getLogger(__name__)
STEADY_AFTER = 10.0
"""Seconds a connection has to hold before the back-off begins anew."""
LAST_WORDS = 2.0
"""Seconds in which the server may answer what was given back at the end."""


@dataclass(frozen=True)
class Stop:
    """The process is to end (SIGTERM, SIGINT). The second one does not wait for tasks."""


@dataclass(frozen=True)
class Reconnect:
    """The back-off is over."""


@dataclass(frozen=True)
class GraceOver:
    """What still runs is given back now."""


@dataclass(frozen=True)
class ExitNow:
    """No answer is awaited any more."""


@dataclass(frozen=True)
class Ending:
    """Why `Worker.run` has returned: None for a stop that was asked for."""

    loss: Optional[Loss] = None


Mail = Union[Event, RunEnded, OfferDue, AnswerDue, Stop, Reconnect, GraceOver, ExitNow]


class Worker:
    """Connects until it is stopped or told that there is no use."""

    def __init__(self, connect: Callable[[Callable[[Mail], None]], Connection], desk: Callable[..., OfferDesk],
                 slots: Slots, timers: Timers, backoff: Backoff, grace: float) -> None:
        self._mailbox: "queue.SimpleQueue[Mail]" = queue.SimpleQueue()
        self._make_connection = connect
        self._slots = slots
        self._timers = timers
        self._backoff = backoff
        self._grace = grace
        self._desk = desk(slots, timers, self.post)
        self._connection: Optional[Connection] = None
        self._ready_since: Optional[float] = None
        self._stopping = False
        self._ending: Optional[Ending] = None
        self._handlers: Dict[type, Callable[[Any], None]] = {
            Ready: self._ready, Received: self._received, Lost: self._lost, RunEnded: self._run_ended,
            OfferDue: self._desk.offer_due, AnswerDue: self._desk.answer_due, Stop: self._stop,
            Reconnect: self._reconnect, GraceOver: self._grace_over, ExitNow: self._exit_now,
        }

    def post(self, mail: Mail) -> None:
        """Hands an event over. From any thread, and from signal handlers: a SimpleQueue's `put` is reentrant."""
        self._mailbox.put(mail)

    def stop(self) -> None:
        """Ends the worker: running tasks get the grace time, then they are given back."""
        self.post(Stop())

    @property
    def lingers(self) -> bool:
        """Task code still runs."""
        return bool(self._slots.lingering or self._slots.running)

    def run(self) -> Ending:
        """Works until the end."""
        self.handle(Reconnect())
        while self._ending is None:
            self.handle(self._mailbox.get())
        if self._connection is not None:
            self._connection.close()
        return self._ending

    def handle(self, mail: Mail) -> None:
        """One event. What comes from a connection that is not the present one is passed over."""
        connection = getattr(mail, "connection", None)
        if connection is None or connection is self._connection:
            self._handlers[type(mail)](mail)

    @property
    def ending(self) -> Optional[Ending]:
        return self._ending

    # Connections

    def _reconnect(self, _: Reconnect) -> None:
        if self._ending is None and self._connection is None:
            self._connection = self._make_connection(self.post)
            self._connection.start()

    def _ready(self, ready: Ready) -> None:
        log.info("connected as %s, %d slots", ready.client, self._slots.count)
        self._ready_since = self._timers.now()
        self._desk.open(ready.connection)
        self._beat(ready.connection, ready.lease / 3)
        if self._stopping:
            self._leave_when_idle()

    def _beat(self, connection: Connection, interval: float) -> None:
        """Heartbeats each third of a lease, from the timers' thread, for as long as this connection is the present."""

        def beat() -> None:
            if self._connection is connection:
                connection.send({"type": "heartbeat"})
                self._timers.after(interval, beat)

        self._timers.after(interval, beat)

    def _lost(self, lost: Lost) -> None:
        self._connection = None
        dropped = self._desk.close()
        if dropped:
            log.warning("%d unfinished tasks are dropped: their leases ended with the connection", dropped)
        if self._stopping:
            self._ending = Ending()
        elif lost.loss.final:
            self._ending = Ending(lost.loss)
        else:
            delay = self._delay(lost.loss)
            log.warning("%s; connecting again in %.1f s", lost.loss.reason, delay)
            self._timers.after(delay, lambda: self.post(Reconnect()))

    def _delay(self, loss: Loss) -> float:
        since, self._ready_since = self._ready_since, None
        if since is not None and self._timers.now() - since >= STEADY_AFTER:
            self._backoff.reset()
        if loss.server_stops:
            return self._backoff.delay_after_server_stop()
        return max(self._backoff.next_delay(), loss.least_delay)

    # Tasks

    def _received(self, received: Received) -> None:
        self._desk.receive(received.message)
        self._leave_when_idle()

    def _run_ended(self, ended: RunEnded) -> None:
        self._desk.ended(ended)
        self._leave_when_idle()

    # The end

    def _stop(self, _: Stop) -> None:
        if self._stopping:
            self._grace_over(GraceOver())
            return
        log.info("stopping; %d tasks have %.0f s to end", len(self._slots.running), self._grace)
        self._stopping = True
        self._desk.refuse_from_now_on()
        self._timers.after(self._grace, lambda: self.post(GraceOver()))
        self._leave_when_idle()

    def _grace_over(self, _: GraceOver) -> None:
        self._desk.give_back_all()
        self._timers.after(LAST_WORDS, lambda: self.post(ExitNow()))
        self._leave_when_idle()

    def _exit_now(self, _: ExitNow) -> None:
        self._ending = self._ending or Ending()

    def _leave_when_idle(self) -> None:
        if self._stopping and self._slots.is_idle:
            self._ending = Ending()
