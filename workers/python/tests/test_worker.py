"""Connections and the end of the worker, with hand-moved time."""

from __future__ import annotations

from typing import List

import pytest

from fake_connection import FakeConnection, Rig, started_rig
from vitrine_worker.run import Done
from vitrine_worker.worker import Reconnect, Stop


def test_heartbeats_come_each_third_of_the_lease() -> None:
    rig = started_rig()
    rig.advance(4.9)
    assert rig.connection.sent == []
    rig.advance(0.2)
    assert rig.connection.sent == [{"type": "heartbeat"}]
    rig.advance(20)
    assert len(rig.connection.sent) == 5


def test_heartbeats_end_with_their_connection() -> None:
    rig = started_rig()
    first = rig.connection
    rig.lose()
    rig.advance(60)
    assert first.sent == []


def delays(rig: Rig, count: int, *, connected: bool) -> List[float]:
    """How long the worker waits after each of so many losses."""
    waited = []
    for _ in range(count):
        if connected:
            rig.ready()
        rig.lose()
        before, number = rig.timers.time, len(rig.connections)
        while len(rig.connections) == number:
            rig.advance(0.25)
        waited.append(rig.timers.time - before)
    return waited


def test_it_connects_again_with_a_growing_delay() -> None:
    rig = Rig()
    rig.give(Reconnect())
    assert delays(rig, 8, connected=False) == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert all(connection.started == 1 for connection in rig.connections)


def test_a_connection_that_ends_at_once_does_not_reset_the_delay() -> None:
    rig = Rig()
    rig.give(Reconnect())
    assert delays(rig, 4, connected=True) == [0.5, 1, 2, 4]


def test_a_connection_that_held_does_reset_it() -> None:
    rig = Rig()
    rig.give(Reconnect())
    delays(rig, 5, connected=False)
    rig.ready()
    rig.advance(11)
    assert delays(rig, 2, connected=False) == [0.5, 1]


def test_random_spreads_the_delays() -> None:
    values = iter([0.0, 1.0])
    rig = Rig(random=lambda: next(values))
    rig.give(Reconnect())
    assert delays(rig, 2, connected=False) == [0.25, 1.5]


def test_a_server_that_stops_is_tried_again_after_a_second_and_a_random() -> None:
    rig = started_rig()
    rig.lose(server_stops=True)
    rig.advance(1.4)
    assert len(rig.connections) == 1
    rig.advance(0.2)
    assert len(rig.connections) == 2


def test_the_servers_retry_after_is_kept() -> None:
    rig = started_rig()
    rig.lose(least_delay=7)
    rig.advance(6.9)
    assert len(rig.connections) == 1
    rig.advance(0.2)
    assert len(rig.connections) == 2


@pytest.mark.parametrize("refused", [True, False])
def test_a_final_loss_ends_the_worker(refused: bool) -> None:
    rig = started_rig()
    rig.lose("no", final=True, refused=refused)
    assert rig.worker.ending is not None and rig.worker.ending.loss is not None
    assert rig.worker.ending.loss.refused == refused
    rig.advance(120)
    assert len(rig.connections) == 1


def test_unfinished_work_is_dropped_with_its_connection() -> None:
    rig = started_rig(slots=2)
    rig.offer(), rig.offer()
    first = rig.connection
    rig.lose()
    assert all(run.context.cancelled for run in rig.runs)
    rig.advance(1)
    rig.ready()
    rig.end(rig.runs[0])
    assert first.words() == ["task.accept"] * 2 and rig.connection.words() == []
    assert rig.slots.free == 1 and rig.slots.is_idle


def test_an_offer_that_waited_is_forgotten_with_its_connection() -> None:
    rig = started_rig()
    names = rig.offer()
    rig.say("error", code="lease_lost", **names)
    rig.offer()  # Waits for the code of the first.
    rig.lose()
    rig.advance(1)
    rig.ready()
    rig.end(rig.runs[0])
    assert rig.connection.words() == [] and len(rig.runs) == 1


def test_what_an_earlier_connection_still_says_is_passed_over() -> None:
    from vitrine_worker.connection import Lost, Received
    from vitrine_worker.loss import Loss

    rig = started_rig()
    first = rig.connection
    rig.lose()
    rig.advance(1)
    rig.ready()
    rig.give(Received(first, {"type": "task.offer", "task": "t", "lease": "l", "name": "peer.known"}))
    rig.give(Lost(first, Loss("late", final=True)))
    assert rig.runs == [] and rig.worker.ending is None


def test_stopping_when_idle_ends_at_once() -> None:
    rig = started_rig()
    rig.give(Stop())
    assert rig.worker.ending is not None and rig.worker.ending.loss is None


def test_stopping_while_it_waits_to_connect_ends_at_once() -> None:
    rig = Rig()
    rig.give(Reconnect())
    rig.lose()
    rig.give(Stop())
    assert rig.worker.ending is not None


def test_stopping_lets_a_running_task_end_and_waits_for_the_answer() -> None:
    rig = started_rig()
    rig.offer()
    rig.give(Stop())
    assert rig.worker.ending is None and not rig.runs[0].context.cancelled
    refused = rig.offer()
    assert rig.connection.sent[-1] == {"type": "task.reject", **refused, "reason": "the worker stops"}
    rig.end(rig.runs[0])
    assert rig.worker.ending is None and rig.connection.words()[-1] == "task.done"
    rig.answer()
    assert rig.worker.ending is not None


def given_back(connection: FakeConnection) -> List[str]:
    return [message["lease"] for message in connection.sent if message["type"] == "task.fail"
            and message["error"]["code"] == "shutdown" and message["retry"] is True]


def test_after_the_grace_time_tasks_are_given_back() -> None:
    rig = started_rig(slots=2, grace=8)
    names = [rig.offer(), rig.offer()]
    rig.give(Stop())
    rig.advance(7.9)
    assert given_back(rig.connection) == []
    rig.advance(0.2)
    assert given_back(rig.connection) == [entry["lease"] for entry in names]
    assert all(run.context.cancelled for run in rig.runs) and rig.worker.lingers
    rig.end(rig.runs[0], Done("1"))
    assert "task.done" not in rig.connection.words()
    for message in [m for m in rig.connection.sent if m["type"] == "task.fail"]:
        rig.say("ok", id=message["id"], task=message["task"])
    assert rig.worker.ending is not None


def test_a_second_signal_does_not_wait() -> None:
    rig = started_rig()
    rig.offer()
    rig.give(Stop())
    rig.give(Stop())
    assert given_back(rig.connection) == ["L1"]


def test_it_ends_although_the_server_does_not_answer() -> None:
    rig = started_rig()
    rig.offer()
    rig.give(Stop()), rig.give(Stop())
    assert rig.worker.ending is None
    rig.advance(2.1)
    assert rig.worker.ending is not None


def test_a_connection_lost_while_stopping_ends_it() -> None:
    rig = started_rig()
    rig.offer()
    rig.give(Stop())
    rig.lose()
    assert rig.worker.ending is not None and rig.worker.ending.loss is None
