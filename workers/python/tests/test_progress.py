from __future__ import annotations

from typing import List

import pytest

from fake_time import FakeTimers
from vitrine_worker.pace import Pace
from vitrine_worker.progress import ProgressGate


@pytest.fixture
def timers() -> FakeTimers:
    return FakeTimers()


def test_the_first_passes_at_once_and_then_one_in_each_tenth_of_a_second(timers: FakeTimers) -> None:
    sent: List[int] = []
    gate: ProgressGate[int] = ProgressGate(sent.append, timers)
    for n in range(1000):  # One a millisecond, for a second.
        gate.report(n)
        timers.advance(0.001)
    assert sent[0] == 0 and 10 <= len(sent) <= 11


def test_one_that_came_too_early_is_sent_when_the_interval_is_over(timers: FakeTimers) -> None:
    sent: List[int] = []
    gate: ProgressGate[int] = ProgressGate(sent.append, timers)
    gate.report(1), gate.report(2), gate.report(3)
    timers.advance(0.05)
    assert sent == [1]
    timers.advance(0.06)
    assert sent == [1, 3]
    timers.advance(10)
    assert sent == [1, 3]


def test_closing_sends_what_is_kept_and_nothing_after(timers: FakeTimers) -> None:
    sent: List[int] = []
    gate: ProgressGate[int] = ProgressGate(sent.append, timers)
    gate.report(1), gate.report(2)
    gate.close()
    gate.report(3)
    timers.advance(1)
    assert sent == [1, 2]


def test_closing_quietly_sends_nothing_any_more(timers: FakeTimers) -> None:
    sent: List[int] = []
    gate: ProgressGate[int] = ProgressGate(sent.append, timers)
    gate.report(1), gate.report(2)
    gate.close(quietly=True)
    timers.advance(1)
    assert sent == [1]


def test_a_pace_lets_a_burst_through_and_then_spreads_the_rest() -> None:
    now = 100.0
    pace = Pace(lambda: now, rate=10, burst=3)
    assert [round(pace.take(), 6) for _ in range(5)] == [0, 0, 0, 0.1, 0.2]
    now = 100.25
    assert round(pace.take(), 6) == 0.05
    now = 1000.0
    assert [round(pace.take(), 6) for _ in range(4)] == [0, 0, 0, 0.1]
