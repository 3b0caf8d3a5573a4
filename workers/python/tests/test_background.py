from __future__ import annotations

import threading
from concurrent.futures import wait

import pytest

from vitrine_worker import Cancelled
from vitrine_worker.background import Background


def test_calls_run_one_after_the_other_in_their_order() -> None:
    came = []
    with Background("test") as background:
        futures = [background.submit(lambda n=n: came.append(n) or n * n) for n in range(5)]
        assert [future.result(timeout=60) for future in futures] == [0, 1, 4, 9, 16]
    assert came == list(range(5))


@pytest.mark.parametrize("error", [ValueError("x"), Cancelled()])
def test_what_a_call_raises_comes_out_where_its_value_is_wanted(error: BaseException) -> None:
    def fail() -> None:
        raise error

    with Background("test") as background:
        with pytest.raises(type(error)):
            background.submit(fail).result(timeout=60)
        assert background.submit(lambda: 1).result(timeout=60) == 1


def test_at_the_end_what_has_not_begun_is_left_out() -> None:
    began, go, came = threading.Event(), threading.Event(), []
    with Background("test") as background:
        first = background.submit(lambda: began.set() or go.wait(60))
        second = background.submit(lambda: came.append(2))
        assert began.wait(60)
    go.set()
    assert first.result(timeout=60) is True
    assert wait([second], timeout=0.2).not_done and came == []
