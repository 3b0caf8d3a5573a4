"""Offers, slots, cancels and answers, with hand-moved time."""

from __future__ import annotations

import pytest

from fake_connection import Rig, started_rig
from vitrine_worker.run import CANCELLED, Done, Failure


@pytest.fixture
def rig() -> Rig:
    return started_rig()


def test_an_offer_is_accepted_and_its_result_sent(rig: Rig) -> None:
    names = rig.offer()
    assert rig.connection.sent == [{"type": "task.accept", **names}]
    rig.end(rig.runs[0])
    done = rig.connection.sent[-1]
    assert done["type"] == "task.done" and done["result"] == {"x": 1} and done["lease"] == names["lease"]
    assert not rig.slots.is_idle
    rig.answer()
    assert rig.slots.is_idle


def test_an_uploaded_result_is_done_without_one(rig: Rig) -> None:
    rig.offer()
    rig.end(rig.runs[0], Done(None))
    assert rig.connection.sent[-1]["type"] == "task.done" and "result" not in rig.connection.sent[-1]


def test_a_failure_is_sent_with_its_code_and_whether_to_retry(rig: Rig) -> None:
    rig.offer()
    rig.end(rig.runs[0], Failure("oom", "too big", retry=True))
    sent = rig.connection.sent[-1]
    assert sent["type"] == "task.fail" and sent["error"] == {"code": "oom", "message": "too big"} and sent["retry"]


def test_an_unknown_task_is_rejected(rig: Rig) -> None:
    rig.offer("peer.other")
    assert rig.connection.words() == ["task.reject"] and "peer.other" in rig.connection.sent[0]["reason"]
    assert rig.slots.free == 1


def test_an_offer_too_many_is_rejected(rig: Rig) -> None:
    rig.offer()
    second = rig.offer()
    assert rig.connection.sent[-1] == {"type": "task.reject", **second, "reason": "all slots are taken"}


def test_the_slot_is_free_once_the_result_is_sent(rig: Rig) -> None:
    rig.offer()
    rig.end(rig.runs[0])
    rig.offer()
    assert rig.connection.words() == ["task.accept", "task.done", "task.accept"]


def test_a_damaged_offer_is_passed_over(rig: Rig) -> None:
    rig.say("task.offer", task="t", lease=5)
    rig.say("task.offer")
    assert rig.connection.sent == [] and rig.slots.free == 1


def test_messages_of_the_future_are_passed_over(rig: Rig) -> None:
    rig.say("task.dance", lease=["x"])
    rig.offer()
    rig.end(rig.runs[0])
    rig.say("ok", id=["x"])
    rig.say("error", id={}, lease=[], code="lease_lost")
    assert rig.connection.words() == ["task.accept", "task.done"] and not rig.slots.is_idle


def test_cancel_stops_the_code_and_is_answered_once_it_has_stopped(rig: Rig) -> None:
    names = rig.offer()
    rig.say("task.cancel", **names)
    assert rig.runs[0].context.cancelled and rig.connection.words() == ["task.accept"]
    rig.end(rig.runs[0], CANCELLED)
    sent = rig.connection.sent[-1]
    assert sent["type"] == "task.fail" and sent["error"]["code"] == "cancelled" and sent["retry"] is False


def test_a_cancelled_task_that_ends_with_a_result_all_the_same_answers_fail(rig: Rig) -> None:
    names = rig.offer()
    rig.say("task.cancel", **names)
    rig.end(rig.runs[0], Done("1"))
    assert rig.connection.words() == ["task.accept", "task.fail"]


def test_a_cancel_that_crosses_the_result_is_answered_too(rig: Rig) -> None:
    names = rig.offer()
    rig.end(rig.runs[0])
    rig.say("task.cancel", **names)
    assert rig.connection.words() == ["task.accept", "task.done", "task.fail"]
    rig.answer("error", code="lease_lost", lease=names["lease"])
    assert rig.slots.is_idle


def test_a_lost_lease_silences_the_task_but_its_code_keeps_the_slot(rig: Rig) -> None:
    names = rig.offer()
    rig.say("error", code="lease_lost", **names)
    run = rig.runs[0]
    assert run.context.cancelled and rig.slots.free == 0 and rig.slots.is_idle
    run._send_log("info", "late")  # What the code would still send.
    rig.end(run)
    assert rig.connection.words() == ["task.accept"] and rig.slots.free == 1


def test_a_refused_done_ends_the_matter(rig: Rig) -> None:
    rig.offer()
    rig.end(rig.runs[0])
    rig.answer("error", code="lease_lost", lease="L1")
    assert rig.slots.is_idle and rig.connection.words() == ["task.accept", "task.done"]


def test_a_result_that_the_server_cannot_take_becomes_a_failure(rig: Rig) -> None:
    rig.offer()
    rig.end(rig.runs[0])
    rig.answer("error", code="too_deep", message="too deep")
    sent = rig.connection.sent[-1]
    assert sent["type"] == "task.fail" and sent["error"]["code"] == "bad_result" and "too_deep" in str(sent)
    rig.answer("error", code="internal", message="again")
    assert rig.slots.is_idle and rig.connection.words()[-1] == "task.fail"


def test_an_outcome_that_is_never_answered_ends_the_connection(rig: Rig) -> None:
    rig.offer()
    rig.end(rig.runs[0])
    rig.advance(59)
    assert not rig.connection.closed
    rig.advance(2)
    assert rig.connection.closed


def test_an_answered_outcome_does_not_end_the_connection(rig: Rig) -> None:
    rig.offer()
    rig.end(rig.runs[0])
    rig.answer()
    rig.advance(120)
    assert not rig.connection.closed


def linger(rig: Rig) -> None:
    """One task whose lease has ended and whose code still runs."""
    names = rig.offer()
    rig.say("error", code="lease_lost", **names)


def test_an_offer_waits_for_code_that_still_runs_after_its_lease(rig: Rig) -> None:
    linger(rig)
    second = rig.offer()
    assert rig.connection.words() == ["task.accept"]
    rig.end(rig.runs[0])
    assert rig.connection.sent[-1] == {"type": "task.accept", **second}


def test_an_offer_that_has_waited_too_long_is_rejected_in_time(rig: Rig) -> None:
    linger(rig)
    second = rig.offer()
    rig.advance(4.5)
    assert rig.connection.sent[-1]["type"] == "task.reject" and rig.connection.sent[-1]["lease"] == second["lease"]
    rig.end(rig.runs[0])
    assert rig.connection.words() == ["task.accept", "task.reject"]


def test_a_waiting_offer_can_be_cancelled(rig: Rig) -> None:
    linger(rig)
    second = rig.offer()
    rig.say("task.cancel", **second)
    rig.end(rig.runs[0])
    assert rig.connection.words() == ["task.accept", "task.fail"] and len(rig.runs) == 1


def test_several_slots_run_several_tasks() -> None:
    rig = started_rig(slots=3)
    for _ in range(4):
        rig.offer()
    assert rig.connection.words() == ["task.accept"] * 3 + ["task.reject"]
    rig.end(rig.runs[1])
    rig.offer()
    assert rig.connection.words()[-2:] == ["task.done", "task.accept"]
