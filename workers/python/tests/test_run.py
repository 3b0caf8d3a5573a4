"""Task code in its thread: what becomes of results and exceptions."""

from __future__ import annotations

import json
import queue
import threading
import time
from typing import Any, Callable, Optional

import pytest

from fake_connection import FakeConnection
from fake_server import FakeServer
from fake_time import FakeTimers
from vitrine_worker import BadParams, Cancelled, TaskContext, TaskError
from vitrine_worker.address import ServerAddress
from vitrine_worker.media import MediaClient
from vitrine_worker.protocol import MAX_INLINE_RESULT_BYTES, Offer
from vitrine_worker.run import CANCELLED, LOG_BURST, Done, Failure, Run, RunEnded

OFFER = Offer("t 1/x", "L&1", "peer.x", {"a": 1}, 2, 3, 5.0)


class Bench:
    """Runs one function as a task."""

    def __init__(self, function: Callable[[TaskContext], Any], media: Optional[MediaClient] = None) -> None:
        self.connection = FakeConnection()
        self.timers = FakeTimers()
        self.ended: "queue.Queue[RunEnded]" = queue.Queue()
        self.run = Run(OFFER, function, self.connection, media, None, self.timers,  # type: ignore[arg-type]
                       self.ended.put)

    def outcome(self) -> "Done | Failure":
        self.run.start()
        return self.ended.get(timeout=60).outcome


def test_what_the_function_returns_is_the_result() -> None:
    def work(context: TaskContext) -> Any:
        return {"params": context.params, "task": context.task, "name": context.name, "attempt": context.attempt}

    outcome = Bench(work).outcome()
    assert isinstance(outcome, Done)
    assert json.loads(outcome.result or "") == {"params": {"a": 1}, "task": "t 1/x", "name": "peer.x", "attempt": 2}


def raising(error: BaseException) -> Callable[[TaskContext], Any]:
    def work(_: TaskContext) -> Any:
        raise error

    return work


@pytest.mark.parametrize("error, failure", [
    (TaskError("odd", "it is odd", retry=True), Failure("odd", "it is odd", True)),
    (BadParams("no image"), Failure("bad_params", "no image", False)),
    (Cancelled(), CANCELLED),
    (ValueError("x"), Failure("exception", "ValueError: x", True)),
    (SystemExit(3), Failure("exception", "SystemExit: 3", True)),
    (MemoryError("big"), Failure("oom", "out of memory: big", True)),
    (TaskError("bad", ValueError("caught")), Failure("bad", "caught", False)),  # type: ignore[arg-type]
])
def test_exceptions_become_failures(error: BaseException, failure: Failure) -> None:
    assert Bench(raising(error)).outcome() == failure


class Unspeakable(Exception):
    def __str__(self) -> str:
        return 5  # type: ignore[return-value]


def test_an_exception_that_cannot_be_shown_ends_the_task_too() -> None:
    outcome = Bench(raising(Unspeakable())).outcome()
    assert isinstance(outcome, Failure) and (outcome.code, outcome.retry) == ("exception", True)


def test_an_unexpected_exception_leaves_its_trace_in_the_tasks_log() -> None:
    bench = Bench(raising(KeyError("missing")))
    bench.outcome()
    [line] = bench.connection.sent
    assert line["type"] == "task.log" and line["level"] == "error" and line["lease"] == "L&1"
    assert "Traceback" in line["message"] and "KeyError: 'missing'" in line["message"]


def test_a_result_that_is_not_json_is_a_failure() -> None:
    outcome = Bench(lambda _: {"x": object()}).outcome()
    assert isinstance(outcome, Failure) and outcome.code == "bad_result"


def test_the_last_progress_goes_out_before_the_end() -> None:
    def work(context: TaskContext) -> None:
        for n in range(100):
            context.progress(n, 100, "step")
        context.log("almost", "warning")

    bench = Bench(work)
    bench.outcome()
    progress = [message for message in bench.connection.sent if message["type"] == "task.progress"]
    assert [message["current"] for message in progress] == [0, 99]
    assert progress[0] == {"type": "task.progress", "task": "t 1/x", "lease": "L&1", "current": 0, "total": 100,
                           "message": "step"}


def test_progress_is_never_negative_and_texts_are_cut() -> None:
    def work(context: TaskContext) -> None:
        context.progress(-5)
        context.log("x" * 9000)

    bench = Bench(work)
    bench.outcome()
    assert bench.connection.sent[0]["current"] == 0 and "total" not in bench.connection.sent[0]
    assert len(bench.connection.sent[1]["message"]) == 8192


def test_a_wrong_log_level_is_the_tasks_own_mistake() -> None:
    outcome = Bench(lambda context: context.log("x", "loud")).outcome()
    assert isinstance(outcome, Failure) and "loud" in outcome.message


@pytest.mark.parametrize("look", [lambda context: context.check(), lambda context: context.progress(1),
                                  lambda context: context.wait(60), lambda context: context.fetch("0" * 64)])
def test_a_cancelled_task_ends_where_it_next_looks(look: Callable[[TaskContext], None]) -> None:
    entered = threading.Event()

    def work(context: TaskContext) -> None:
        entered.set()
        while not context.cancelled:
            context.wait(60) if look.__code__.co_names == ("wait",) else None
        try:
            look(context)
        except Exception:  # A task's own handler must not swallow it.
            pass
        raise AssertionError("went on")

    bench = Bench(work)
    bench.run.start()
    assert entered.wait(60)
    bench.run.stop()
    assert bench.ended.get(timeout=60).outcome == CANCELLED


def test_what_a_cancelled_task_still_logs_is_left_out() -> None:
    def work(context: TaskContext) -> None:
        context.log("before")
        context.stop()
        context.log("after")

    bench = Bench(work)
    bench.outcome()
    assert [message["message"] for message in bench.connection.sent] == ["before"]


def test_a_task_that_logs_without_end_is_slowed_until_it_is_stopped() -> None:
    def work(context: TaskContext) -> None:
        while not context.cancelled:
            context.log("again")

    bench = Bench(work)
    bench.run.start()
    deadline = time.monotonic() + 60
    while len(bench.connection.sent) < LOG_BURST and time.monotonic() < deadline:
        time.sleep(0.01)
    bench.run.stop()
    bench.ended.get(timeout=60)
    assert LOG_BURST <= len(bench.connection.sent) < 2 * LOG_BURST


def test_a_muted_run_sends_nothing() -> None:
    muted, looked = threading.Event(), threading.Event()

    def work(context: TaskContext) -> None:
        context.progress(1)
        context.progress(2)
        looked.set()
        muted.wait(60)
        context.log("late")

    bench = Bench(work)
    bench.run.start()
    assert looked.wait(60)
    bench.run.mute()
    muted.set()
    bench.ended.get(timeout=60)
    bench.timers.advance(1)
    assert [message.get("current") for message in bench.connection.sent] == [1]


def test_a_long_result_is_uploaded_with_the_lease(fake_server: FakeServer) -> None:
    fake_server.token = "secret"
    media = MediaClient(ServerAddress.parse(fake_server.url), "secret", 1 << 20)
    value = "x" * (MAX_INLINE_RESULT_BYTES - 1)  # With its two quotes one byte too long.
    assert Bench(lambda _: value, media).outcome() == Done(None)
    lease, data = fake_server.uploads["t%201%2Fx"]
    assert lease == "L&1" and json.loads(data) == value
    headers = fake_server.requests[0][2]
    assert headers["content-type"] == "application/json" and headers["authorization"] == "Bearer secret"


def test_a_result_that_is_just_short_enough_goes_inline(fake_server: FakeServer) -> None:
    media = MediaClient(ServerAddress.parse(fake_server.url), None, 1 << 20)
    outcome = Bench(lambda _: "x" * (MAX_INLINE_RESULT_BYTES - 2), media).outcome()
    assert isinstance(outcome, Done) and len(outcome.result or "") == MAX_INLINE_RESULT_BYTES
    assert fake_server.uploads == {}


def test_an_upload_that_is_refused_fails_the_attempt(fake_server: FakeServer) -> None:
    fake_server.statuses["/api/tasks/t%201%2Fx/result"] = [507]
    media = MediaClient(ServerAddress.parse(fake_server.url), None, 1 << 20)
    outcome = Bench(lambda _: "x" * MAX_INLINE_RESULT_BYTES, media).outcome()
    assert isinstance(outcome, Failure) and (outcome.code, outcome.retry) == ("upload_failed", True)
    assert "507" in outcome.message
