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


def test_a_cut_connection_resumes_without_a_lost_event(cut_page, proxy, server, follow, work):
    follower = follow(server.port)
    worker = work("gpu-box", ["depth"])
    task = follower.run("depth")
    offer = worker.take()
    eventually(lambda: cut_page.task_state(task) == "running", "running")
    cut_page.open_task(task)
    steps = 0

    def write(count):
        nonlocal steps
        for _ in range(count):
            worker.log(offer, f"step {steps}")
            steps += 1

    synced = eventually(lambda: [frame for frame in cut_page.frames() if frame["type"] == "synced"], "synced")
    start = max(synced[0]["offset"], follower.start)

    for _ in range(3):
        write(4)
        eventually(lambda: f"step {steps - 1}" in cut_page.log_lines(task)[-1:], "lines of the log")
        # Some lines are on their way when it is cut.
        write(8)
        proxy.cut()
        eventually(lambda: cut_page.phase() == "waiting", "the page noticed")
        write(8)
        eventually(lambda: len(follower.events_of("task.log", task)) == steps, "events that the page misses")
        proxy.mend()
        cut_page.wait_live()
        recovery = cut_page.text("#recovery")
        assert recovery.startswith("Resumed: ") and int(recovery.split()[1].replace(",", "")) >= 8, recovery

    worker.done(offer)
    eventually(lambda: cut_page.task_state(task) == "done", "done")
    end = eventually(lambda: follower.events_of("task.finished", task), "the follower saw the end")[0]["offset"]
    eventually(lambda: any(event["offset"] >= end for event in cut_page.events()), "the browser's log has it")
    seen = cut_page.events()
    offsets = [event["offset"] for event in seen]
    assert offsets == sorted(set(offsets)), "every offset grows, none comes twice"
    wanted = [event for event in lossless(follower.events, start) if event["offset"] <= end]
    assert [event for event in lossless(seen, start) if event["offset"] <= end] == wanted
    assert [frame for frame in cut_page.frames() if frame["type"] == "resync"] == []
    lines = [line for line in cut_page.log_lines(task) if line.startswith("step ")]
    assert lines == [f"step {number}" for number in range(steps)], "the log in the page has every line once"


def test_the_button_drops_the_connection_and_the_page_comes_back(page):
    page.click("#drop")
    eventually(lambda: page.text("#recovery").startswith("Resumed: "), "resumed")
    page.wait_live()
    eventually(lambda: [frame["type"] for frame in page.frames()].count("welcome") == 2, "a second connection")


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_nothing_moves_when_the_connection_comes_and_goes(cut_page, proxy, width):
    cut_page.resize(width, 900)
    boxes = "return [...document.querySelectorAll('.panel, .overview')].map(e => e.getBoundingClientRect().y)"
    before = cut_page.script(boxes)
    proxy.cut()
    eventually(lambda: cut_page.shown("#retry"), "cut off")
    assert cut_page.script(boxes) == before
    proxy.mend()
    eventually(lambda: cut_page.text("#recovery").startswith("Resumed"), "resumed")
    assert cut_page.script(boxes) == before


def test_a_killed_server_that_comes_back_is_a_new_epoch(page, server):
    epoch = eventually(lambda: page.text("#epoch").strip("–"), "the epoch")
    task = page.run_test_task(steps=1000, delay=100)
    eventually(lambda: page.task_state(task) == "running", "running")
    server.restart(signal.SIGKILL)
    page.wait_live()
    eventually(lambda: page.text("#recovery").startswith("Resynced: epoch"), "resynced")
    eventually(lambda: page.text("#epoch") != epoch, "another epoch")
    resyncs = lambda: [frame["reason"] for frame in page.frames() if frame["type"] == "resync"]
    eventually(lambda: resyncs() == ["epoch"], "told once")


def test_a_stopped_server_is_waited_for_and_found_again(page, server):
    server.stop()
    eventually(lambda: page.phase() == "waiting", "waiting")
    eventually(lambda: page.shown("#retry"), "a button to try at once")
    eventually(lambda: page.text("#phase").startswith("Reconnecting in "), "the time until the next attempt")
    server.start()
    page.wait_live()
    assert not page.shown("#retry")


def test_a_task_started_while_cut_off_runs_once_after_the_reconnect(cut_page, proxy, server, follow):
    follower = follow(server.port)
    proxy.cut()
    eventually(lambda: cut_page.phase() == "waiting", "cut off")
    cut_page.click("#run-test button")
    proxy.mend()
    cut_page.wait_live()
    first = eventually(lambda: follower.events_of("task.created"), "created")[0]["task"]
    eventually(lambda: cut_page.task_state(first), "the first one in a list")
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
