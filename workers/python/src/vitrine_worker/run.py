"""One accepted task: its thread, its reports, its outcome."""

from __future__ import annotations

import logging
import threading
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional, Union

from .connection import Connection
from .context import TaskContext
from .errors import Cancelled, TaskError
from .media import MediaClient
from .pace import Pace
from .progress import ProgressGate
from .protocol import MAX_INLINE_RESULT_BYTES, Failure, Offer, clip, encode_result
from .registry import TaskFunction
from .timers import Timers

if TYPE_CHECKING:
    from .modelzoo.zoo import ModelZoo

log = logging.getLogger(__name__)
LOG_RATE, LOG_BURST = 50.0, 50
"""Lines a second. Once a lease has ended the server counts each line that still comes as an error of this worker, and
closes after a hundred; so no more than that may be on their way."""
CANCELLED = Failure("cancelled", "stopped on request", retry=False)


@dataclass(frozen=True)
class Done:
    """The task has a result: its JSON text, or None when it was uploaded."""

    result: Optional[str]


Outcome = Union[Done, Failure]


@dataclass(frozen=True)
class RunEnded:
    """The task's code has come to its end, also when nobody waits for that any more. Comes once."""

    run: "Run"
    outcome: Outcome


class Run:
    """Runs a task function in a thread of its own, and says what comes of it.

    Once `mute` was called nothing about the task is sent any more.
    """

    def __init__(self, offer: Offer, function: TaskFunction, connection: Connection, media: MediaClient,
                 zoo: "Optional[ModelZoo]", timers: Timers, post: Callable[[RunEnded], None]) -> None:
        self.offer = offer
        self._function = function
        self._connection = connection
        self._media = media
        self._post = post
        self.refused: Optional[str] = None
        """Why the server did not take the result, once it has said so."""
        self._muted = False
        self._pace = Pace(timers.now, LOG_RATE, LOG_BURST)
        self._gate: ProgressGate[Mapping[str, Any]] = ProgressGate(self._send_progress, timers)
        self.context = TaskContext(offer, media, zoo, self._gate.report, self._send_log)

    def start(self) -> None:
        threading.Thread(target=self._work, name=f"task-{self.offer.task}", daemon=True).start()

    def stop(self) -> None:
        """Asks the code to stop; it does when it next looks."""
        self.context.stop()

    def mute(self) -> None:
        """Stops the code and sends nothing of it any more: the lease has ended."""
        self._muted = True
        self._gate.close(quietly=True)
        self.context.stop()

    def _work(self) -> None:
        outcome: Outcome = Failure("exception", "the task's code ended in a way that cannot be told", retry=True)
        try:
            outcome = self._outcome()
            self._gate.close()
        except BaseException:  # Without an end heartbeats would keep the lease for ever.
            log.exception("task %s (%s) could not tell its end", self.offer.task, self.offer.name)
        self._post(RunEnded(self, outcome))

    def _outcome(self) -> Outcome:
        try:
            return self._deliver(encode_result(self._function(self.context)))
        except Cancelled:
            return CANCELLED
        except TaskError as error:
            return Failure(error.code, error.message, error.retry)
        except MemoryError as error:
            return Failure("oom", f"out of memory: {error}", retry=True)
        except BaseException as error:  # SystemExit too: a task's code must not end the worker.
            log.exception("task %s (%s) failed", self.offer.task, self.offer.name)
            self._send_log("error", clip(traceback.format_exc()))
            return Failure("exception", f"{type(error).__name__}: {error}", retry=True)

    def _deliver(self, result: str) -> Done:
        data = result.encode("utf-8")
        if len(data) <= MAX_INLINE_RESULT_BYTES:
            return Done(result)
        self.context.check()
        self._media.put_result(self.offer.task, self.offer.lease, data)
        return Done(None)

    def _send_progress(self, fields: Mapping[str, Any]) -> None:
        self._connection.send(self.offer.word("task.progress", **fields))

    def _send_log(self, level: str, message: str) -> None:
        self.context.pause(self._pace.take())
        if not self._muted and not self.context.cancelled:
            self._connection.send(self.offer.word("task.log", level=level, message=message))
