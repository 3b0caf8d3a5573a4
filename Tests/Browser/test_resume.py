"""Lost connections: nothing is missed, and the page says what happened."""

import signal

import pytest

from harness.waiting import eventually

from .dashboard import Dashboard


def lossless(events, after):
    """The events that may never be left out (they have no key), after an offset."""
    return [event for event in events if "key" not in event and event["offset"] > after]


@pytest.fixture
def cut_page(tab, proxy):
    """The dashboard behind a proxy that can be cut."""
    return Dashboard(tab, proxy.address).open()


def test_a_cut_connection_resumes_without_a_lost_event(cut_page, proxy, server, follow):
    follower = follow(server.port)
    task = follower.run("long_task", steps=150, delay_ms=40, log_every=1)
    eventually(lambda: cut_page.task_state(task) == "running", "running")
    cut_page.open_task(task)
    synced = eventually(lambda: [frame for frame in cut_page.frames() if frame["type"] == "synced"], "synced")
    start = max(synced[0]["offset"], follower.start)

    for _ in range(3):
        eventually(lambda: len(cut_page.log_lines(task)) >= 3, "lines of the log")
        proxy.cut()
        eventually(lambda: cut_page.phase() == "waiting", "the page noticed")
        missed = len(follower.events_of("task.log", task))
        eventually(lambda: len(follower.events_of("task.log", task)) >= missed + 8, "events that the page misses")
        proxy.mend()
        cut_page.wait_live()
        recovery = cut_page.text("#recovery")
        assert recovery.startswith("Resumed: ") and int(recovery.split()[1].replace(",", "")) >= 8, recovery

    eventually(lambda: cut_page.task_state(task) == "done", "done")
    eventually(lambda: follower.events_of("task.finished", task), "the follower saw the end")
    seen = cut_page.events()
    offsets = [event["offset"] for event in seen]
    assert offsets == sorted(set(offsets)), "every offset grows, none comes twice"
    end = follower.events_of("task.finished", task)[0]["offset"]
    wanted = [event for event in lossless(follower.events, start) if event["offset"] <= end]
    assert [event for event in lossless(seen, start) if event["offset"] <= end] == wanted
    assert [frame for frame in cut_page.frames() if frame["type"] == "resync"] == []
    lines = [int(line.removeprefix("step ")) for line in cut_page.log_lines(task) if line.startswith("step ")]
    told = [int(event["message"].removeprefix("step ")) for event in follower.events_of("task.log", task)
            if event["message"].startswith("step ")]
    assert lines == told, "the log in the page has every line once"


def test_the_button_drops_the_connection_and_the_page_comes_back(page):
    page.click("#drop")
    eventually(lambda: page.phase() == "waiting", "dropped")
    eventually(lambda: page.text("#recovery").startswith("Resumed: "), "resumed")
    page.wait_live()
    assert [frame["type"] for frame in page.frames()].count("welcome") == 2


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_nothing_moves_when_the_connection_comes_and_goes(cut_page, proxy, width):
    cut_page.resize(width, 900)
    boxes = "return [...document.querySelectorAll('.panel, .overview')].map(e => e.getBoundingClientRect().y)"
    before = cut_page.script(boxes)
    proxy.cut()
    eventually(lambda: cut_page.find("#retry").is_displayed(), "cut off")
    assert cut_page.script(boxes) == before
    proxy.mend()
    eventually(lambda: cut_page.text("#recovery").startswith("Resumed"), "resumed")
    assert cut_page.script(boxes) == before


def test_a_killed_server_that_comes_back_is_a_new_epoch(page, server):
    epoch = page.text("#epoch")
    task = page.run_test_task(steps=1000, delay=100)
    eventually(lambda: page.task_state(task) == "running", "running")
    server.restart(signal.SIGKILL)
    page.wait_live()
    eventually(lambda: page.text("#recovery").startswith("Resynced: epoch"), "resynced")
    assert page.text("#epoch") != epoch
    assert [frame["reason"] for frame in page.frames() if frame["type"] == "resync"] == ["epoch"]


def test_a_stopped_server_is_waited_for_and_found_again(page, server):
    server.stop()
    eventually(lambda: page.phase() == "waiting", "waiting")
    eventually(lambda: page.find("#retry").is_displayed(), "a button to try at once")
    eventually(lambda: page.text("#phase").startswith("Reconnecting in "), "the time until the next attempt")
    server.start()
    page.wait_live()
    assert not page.find("#retry").is_displayed()


def test_a_task_started_while_cut_off_runs_once_after_the_reconnect(cut_page, proxy, server, follow):
    follower = follow(server.port)
    proxy.cut()
    eventually(lambda: cut_page.phase() == "waiting", "cut off")
    cut_page.click("#run-test button")
    proxy.mend()
    cut_page.wait_live()
    eventually(lambda: follower.events_of("task.created"), "created")
    second = cut_page.run_test_task(steps=1, delay=0)
    eventually(lambda: follower.events_of("task.finished", second), "the second one finished")
    assert len(follower.events_of("task.created")) == 2


def test_the_state_is_announced_to_screen_readers(cut_page, proxy):
    eventually(lambda: cut_page.text("#announcer") == "Connected.", "connected")
    proxy.cut()
    eventually(lambda: cut_page.text("#announcer") == "Connection lost. Trying again.", "lost")
    proxy.mend()
    eventually(lambda: cut_page.text("#announcer").startswith("Connected. Resumed: "), "back")
    assert cut_page.find("#announcer").get_attribute("role") == "status"
