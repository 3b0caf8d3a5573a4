"""Offers and their answers on one connection: contract realtime, section 6."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, Callable, Dict, Optional

from .connection import Connection
from .protocol import Failure, Message, Offer, clip, encode_done
from .run import CANCELLED, Done, Run, RunEnded
from .slots import Slots
from .timers import Timers

log = logging.getLogger(__name__)
ANSWER_WITHIN = 60.0
"""Seconds in which the server has to answer an outcome; then the connection is given up, and with it the task."""
SHUTDOWN = Failure("shutdown", "the worker stops", retry=True)


@dataclass(frozen=True)
class OfferDue:
    """An offer that waits for a slot can wait no longer."""

    lease: str


@dataclass(frozen=True)
class AnswerDue:
    """By now the server should have answered this outcome."""

    request: int


class OfferDesk:
    """Accepts, rejects, starts and answers. Confined to the worker's thread."""

    def __init__(self, slots: Slots, timers: Timers, post: Callable[[Any], None],
                 make_run: Callable[[Offer, Connection, Callable[[RunEnded], None]], Optional[Run]]) -> None:
        self._slots = slots
        self._timers = timers
        self._post = post
        self._make_run = make_run
        self._connection: Optional[Connection] = None
        self._refusing = False
        self._requests = 0
        self._asked: Dict[int, Run] = {}
        """Outcomes sent, by the `id` of their message."""
        self._handlers: Dict[str, Callable[[Message], None]] = {
            "task.offer": self._offered, "task.cancel": self._cancel, "ok": self._ok, "error": self._error,
        }

    def open(self, connection: Connection) -> None:
        """A connection is ready."""
        self._connection = connection

    def close(self) -> int:
        """The connection has ended, and every lease with it. Answers how many tasks that drops."""
        self._connection = None
        self._asked.clear()
        dropped = self._slots.drop_all()
        for run in dropped:
            run.mute()
        return len(dropped)

    def receive(self, message: Message) -> None:
        """A message of the server; types that are not known are passed over (section 11)."""
        handler = self._handlers.get(message["type"])
        if handler is not None:
            handler(message)

    def offer_due(self, due: OfferDue) -> None:
        """Rejects an offer that has waited in vain for a slot."""
        offer = self._slots.waiting.pop(due.lease, None)
        if offer is not None:
            self._reject(offer, "the slot is still taken by a task that has not stopped yet")

    def answer_due(self, due: AnswerDue) -> None:
        """Gives the connection up when an outcome was not answered: heartbeats would keep its lease for ever."""
        if due.request in self._asked and self._connection is not None:
            log.error("the server has not answered the outcome of a task for %.0f s", ANSWER_WITHIN)
            self._connection.close()

    def ended(self, ended: RunEnded) -> None:
        """A task's code has ended: sends its outcome, if its lease still lives, and starts who waited for the slot."""
        run = ended.run
        if self._slots.finished(run):
            if run.context.cancelled:
                self._report(run, CANCELLED)
            else:
                self._report(run, ended.outcome)
        self._start_waiting()

    def refuse_from_now_on(self) -> None:
        """The worker stops: offers are rejected, also those that wait."""
        self._refusing = True
        while self._slots.waiting:
            lease = next(iter(self._slots.waiting))
            self._reject(self._slots.waiting.pop(lease), "the worker stops")

    def give_back_all(self) -> None:
        """Answers for every running task with a failure that lets it be retried elsewhere."""
        for run in list(self._slots.running.values()):
            self._slots.give_back(run)
            run.mute()
            self._report(run, SHUTDOWN)

    # What the server says

    def _offered(self, message: Message) -> None:
        try:
            offer = Offer.parse(message)
        except ValueError as problem:
            log.error("%s", problem)
            return
        if self._refusing:
            self._reject(offer, "the worker stops")
        elif self._slots.free > 0:
            self._start(offer)
        elif self._slots.can_wait():
            self._slots.waiting[offer.lease] = offer
            self._timers.after(offer.accept_within * 0.8, lambda: self._post(OfferDue(offer.lease)))
        else:
            self._reject(offer, "all slots are taken")

    def _cancel(self, message: Message) -> None:
        lease = _text(message, "lease")
        run = self._slots.running.get(lease)
        if run is not None:
            log.info("task %s is cancelled", run.offer.task)
            run.stop()
            return
        # Not begun, or already answered for: the server still waits for this word to free the slot.
        self._slots.waiting.pop(lease, None)
        self._send({"type": "task.fail", "task": message.get("task"), "lease": lease,
                    "error": {"code": CANCELLED.code, "message": CANCELLED.message}, "retry": False})

    def _ok(self, message: Message) -> None:
        run = self._answered(message)
        if run is not None:
            self._slots.confirmed(run.offer.lease)

    def _error(self, message: Message) -> None:
        run = self._answered(message)
        if message.get("code") == "lease_lost":
            run = run or self._slots.owed(_text(message, "lease"))
            if run is not None:
                log.warning("the lease of task %s has ended", run.offer.task)
                self._slots.drop(run)
                run.mute()
            return
        log.error("the server answered %s: %s", message.get("code"), message.get("message"))
        if run is not None and run.refused is None:
            run.refused = clip(f"{message.get('code')}: {message.get('message')}")
            self._report(run, Failure("bad_result", f"the server refused the result: {run.refused}", retry=False))
        elif run is not None:
            self._slots.confirmed(run.offer.lease)

    # What the worker says

    def _start(self, offer: Offer) -> None:
        run = self._make_run(offer, self._connection, self._post) if self._connection else None
        if run is None:
            self._reject(offer, f"this worker does not run {offer.name}")
            return
        log.info("task %s: %s, attempt %d of %d", offer.task, offer.name, offer.attempt, offer.attempts)
        self._send(offer.word("task.accept"))
        self._slots.running[offer.lease] = run
        run.start()

    def _start_waiting(self) -> None:
        offer = self._slots.next_waiting()
        while offer is not None:
            self._start(offer)
            offer = self._slots.next_waiting()

    def _reject(self, offer: Offer, reason: str) -> None:
        log.info("task %s is rejected: %s", offer.task, reason)
        self._send(offer.word("task.reject", reason=reason))

    def _report(self, run: Run, outcome: "Done | Failure") -> None:
        """Sends the outcome; `ok`, or an error, answers it (G8)."""
        self._requests += 1
        id_ = self._requests
        self._asked[id_] = run
        if isinstance(outcome, Failure):
            log.info("task %s failed: %s: %s", run.offer.task, outcome.code, outcome.message)
            self._send({**outcome.word(run.offer), "id": id_})
        elif outcome.result is None:
            self._send(run.offer.word("task.done", id=id_))
        elif self._connection is not None:
            self._connection.send(encode_done(run.offer, id_, outcome.result))
        self._timers.after(ANSWER_WITHIN, lambda: self._post(AnswerDue(id_)))

    def _answered(self, message: Message) -> Optional[Run]:
        """The run whose outcome this message answers."""
        id_ = message.get("id")
        return self._asked.pop(id_, None) if isinstance(id_, int) else None

    def _send(self, message: Message) -> None:
        if self._connection is not None:
            self._connection.send(message)


def _text(message: Message, field: str) -> str:
    value = message.get(field)
    return value if isinstance(value, str) else ""
