from __future__ import annotations

import queue
import threading

from vitrine_worker.timers import Timers


def test_calls_come_in_the_order_of_their_times_not_of_their_registration() -> None:
    timers, came = Timers(), queue.Queue()
    now = timers.now()
    for delay in (0.06, 0.02, 0.04):
        timers.at(now + delay, lambda delay=delay: came.put(delay))
    timers.start()
    assert [came.get(timeout=60) for _ in range(3)] == [0.02, 0.04, 0.06]


def test_an_earlier_call_registered_later_wakes_the_thread() -> None:
    timers, came = Timers(), threading.Event()
    timers.start()
    timers.after(3600, lambda: None)
    timers.after(0, came.set)
    assert came.wait(60)


def test_a_call_that_fails_does_not_end_the_others() -> None:
    timers, came = Timers(), threading.Event()
    timers.start()
    timers.after(0, lambda: 1 // 0)
    timers.after(0.01, came.set)
    assert came.wait(60)
