from __future__ import annotations

from vitrine_worker.backoff import Backoff


def test_it_doubles_from_a_half_to_thirty_seconds() -> None:
    backoff = Backoff(random=lambda: 0.5)
    assert [backoff.next_delay() for _ in range(9)] == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


def test_each_is_times_a_random_from_a_half_to_one_and_a_half() -> None:
    values = iter([0.0, 0.999, 0.25])
    backoff = Backoff(random=lambda: next(values))
    assert [backoff.next_delay() for _ in range(3)] == [0.25, 1.499, 1.5]


def test_reset_begins_anew() -> None:
    backoff = Backoff(random=lambda: 0.5)
    backoff.next_delay(), backoff.next_delay()
    backoff.reset()
    assert backoff.next_delay() == 0.5


def test_after_the_server_has_said_that_it_stops_it_is_one_second_and_a_random() -> None:
    backoff = Backoff(random=lambda: 0.25)
    assert backoff.delay_after_server_stop() == 1.25 and backoff.next_delay() == 0.375
