"""Workers: what each does, how fast, what went wrong; and tasks that wait for one."""

import re
import uuid

import pytest

from harness.waiting import eventually

from .dashboard import Dashboard
from .reporting_worker import ReportingWorker
from .worker_cards import cards, facts, held_bar, in_card, note, state


def expect_farewell(page, worker, pattern):
    """Waits until the card of a worker that has gone says this."""
    eventually(lambda: re.fullmatch(pattern, in_card(page, worker, ".worker-gone") or ""), f"a farewell: {pattern}")


def test_without_a_worker_the_panel_says_so(page, work):
    eventually(lambda: page.shown("#workers-empty"), "no worker")
    work("gpu-box", ["depth"])
    eventually(lambda: not page.shown("#workers-empty"), "a worker")


def test_a_worker_is_shown_as_it_introduces_itself(page, work):
    worker = work("gpu-box", ["depth", "tags"], slots=3)
    eventually(lambda: cards(page) == [("gpu-box", "idle")], "an idle worker")
    eventually(lambda: in_card(page, worker, ".gauge-text") == "0 / 3", "three slots")
    assert page.script("return [...document.querySelectorAll('.capabilities li')].map(e => e.textContent)") == [
        "depth", "tags"]
    assert in_card(page, worker, ".address") == "127.0.0.1"
    eventually(lambda: page.text("#workers-total") == "1 worker · 0 of 3 slots busy · 0 / min", "the sum")


def test_dashboards_and_scripts_are_no_workers(page, server, follow):
    follower = follow(server.port)
    follower.ask({"type": "hello", "name": "a script", "kind": "script"})
    page.expect_number("clients", 2)
    assert cards(page) == []


def test_a_task_on_a_worker_moves_in_its_card_and_in_its_row(page, server, follow, work):
    worker = work("gpu-box", ["depth"], slots=2)
    task = follow(server.port).run("depth", sha256="9f86")
    offer = worker.take()
    assert offer["task"] == task
    eventually(lambda: state(page, worker) == "busy", "busy")
    eventually(lambda: facts(page, task) == ["worker gpu-box"], "who runs it")
    for current in (1, 4, 9):
        worker.progress(offer, current, 10, f"tile {current}")
        eventually(lambda: held_bar(page, task) == 10 * current and page.bar(task) == 10 * current, f"{current} of 10")
    eventually(lambda: in_card(page, worker, ".gauge-text") == "1 / 2", "one slot")
    worker.done(offer, {"depth": 1})
    eventually(lambda: state(page, worker) == "idle", "idle again")
    eventually(lambda: in_card(page, worker, ".done") == "1 done", "counted")
    eventually(lambda: page.task_state(task) == "done", "done")
    eventually(lambda: held_bar(page, task) is None, "no bar")
    eventually(lambda: in_card(page, worker, ".gauge-text") == "0 / 2", "no slot")
    assert facts(page, task) == ["worker gpu-box"]


def test_a_worker_without_a_free_slot_is_full(page, server, follow, work):
    worker = work("gpu-box", ["depth"], slots=2)
    follower = follow(server.port)
    tasks = [follower.run("depth") for _ in range(3)]
    offers = [worker.take(), worker.take()]
    eventually(lambda: state(page, worker) == "full", "full")
    eventually(lambda: in_card(page, worker, ".gauge-text") == "2 / 2", "both slots")
    eventually(lambda: note(page, tasks[2]) == "every worker that offers depth is busy", "why the third one waits")
    worker.done(offers[0])
    worker.take()
    eventually(lambda: note(page, tasks[2]) is None and page.task_state(tasks[2]) == "running", "its turn")


def test_what_a_queued_task_waits_for_changes_as_workers_come_and_go(page, server, follow, work):
    follower = follow(server.port)
    tasks = [follower.run("depth") for _ in range(3)]
    waits = lambda text: lambda: [note(page, task) for task in tasks[1:]] == [text, text]
    eventually(waits("no worker offers depth"), "nobody is here")
    worker = work("gpu-box", ["depth"])
    worker.take()
    eventually(waits("every worker that offers depth is busy"), "one is here, and busy")
    worker.close()
    eventually(waits("no worker offers depth"), "nobody is here again")
    eventually(lambda: follower.events_of("tasks.waiting"), "told by events of the demand, not by a snapshot")
    snapshots = lambda: [frame["type"] for frame in page.frames()].count("snapshot")
    eventually(lambda: snapshots() == 3, "the first three snapshots")


def test_the_rate_is_what_was_ended_lately(page, server, follow, work):
    worker = work("gpu-box", ["depth"])
    follower = follow(server.port)
    for _ in range(5):
        follower.run("depth")
    for _ in range(5):
        worker.run()
    eventually(lambda: in_card(page, worker, ".done") == "5 done", "five done")
    # A worker younger than a minute is judged by a minute.
    eventually(lambda: in_card(page, worker, ".rate") == "5 / min", "its rate")
    eventually(lambda: page.text("#workers-total").endswith("5 / min"), "the sum")


def test_a_failure_is_shown_at_the_worker_and_the_attempt_at_the_task(page, server, follow, work):
    worker = work("gpu-box", ["depth"])
    task = follow(server.port).ask({"type": "task.run", "name": "depth", "attempts": 2})["task"]
    worker.fail(worker.take(), "oom", "CUDA out of memory")
    offer = worker.take()
    eventually(lambda: facts(page, task) == ["attempt 2 of 2", "worker gpu-box"], "the second attempt")
    eventually(lambda: note(page, task) == "attempt 1 of 2 ended: its worker failed", "why again")
    error = eventually(lambda: in_card(page, worker, ".worker-error"), "the error")
    assert re.fullmatch(r"Last error \d\d:\d\d:\d\d: .*CUDA out of memory", error)
    worker.fail(offer, "oom", "still out of memory")
    eventually(lambda: page.task_state(task) == "failed", "failed for good")
    eventually(lambda: note(page, task) == "oom: still out of memory", "why")
    eventually(lambda: in_card(page, worker, ".failed") == "2 failed", "both counted")
    page.open_task(task)
    table = lambda: page.text(f"[data-task='{task}'] .task-table")
    eventually(lambda: "attempt 1 of 2: its worker failed" in table() and worker.client in table(), "both in its details")


def test_a_worker_that_is_lost_says_what_it_took_along(page, server, follow, work):
    worker = work("gpu-box", ["depth"], slots=2)
    follower = follow(server.port)
    tasks = [follower.run("depth") for _ in range(2)]
    for _ in tasks:
        worker.take()
    eventually(lambda: state(page, worker) == "full", "at work")
    worker.cut()
    eventually(lambda: state(page, worker) == "gone", "gone")
    expect_farewell(page, worker, r"Left at \d\d:\d\d:\d\d · 2 tasks back in the queue")
    eventually(lambda: page.text("#workers-total") == "", "nobody to sum up")
    for task in tasks:
        wanted = "no worker offers depth · attempt 1 of 3 ended: its worker has gone"
        eventually(lambda: note(page, task) == wanted, "why it waits, and why again")
    again = work("gpu-box", ["depth"], slots=2)
    eventually(lambda: [name for name, _ in cards(page)] == ["gpu-box"], "one card of that name")
    eventually(lambda: state(page, again) == "busy" or state(page, again) == "full", "the new one")


def test_a_worker_that_leaves_in_peace_says_just_that(page, work):
    worker = work("gpu-box", ["depth"])
    eventually(lambda: state(page, worker) == "idle", "here")
    worker.close()
    expect_farewell(page, worker, r"Left at \d\d:\d\d:\d\d")


def test_a_cancelled_task_keeps_its_slot_until_the_worker_has_stopped(page, server, follow, work):
    worker = work("gpu-box", ["depth"])
    follower = follow(server.port)
    task = follower.run("depth")
    offer = worker.take()
    eventually(lambda: state(page, worker) == "full", "at work")
    follower.ask({"type": "task.cancel", "task": task})
    eventually(lambda: page.task_state(task) == "cancelled", "cancelled")
    assert state(page, worker) == "full"
    worker.fail(offer, "cancelled", "stopped")
    eventually(lambda: state(page, worker) == "idle", "the slot is free")


def test_from_a_card_to_the_row_and_back(page, server, follow, work):
    worker = work("gpu-box", ["depth"])
    task = follow(server.port).run("depth")
    worker.take()
    eventually(lambda: state(page, worker) == "full", "at work")
    eventually(lambda: page.all(f"[data-held='{task}'] button"), "the task is on the card")
    page.click(f"[data-held='{task}'] button")
    focused = "return [document.activeElement.className, document.activeElement.closest('[data-task]')?.dataset.task, " \
              "document.activeElement.getAttribute('aria-expanded')]"
    eventually(lambda: page.script(focused) == ["task-toggle", task, "true"], "its row")
    page.click(f"[data-task='{task}'] .task-facts button")
    eventually(lambda: page.script("return document.activeElement.dataset.worker") == worker.client, "its worker")


def test_a_task_beyond_the_rows_shown_is_still_reached(page, server, follow, work):
    crowd, last = work("crowd", ["depth"], slots=102), work("last", ["tags"])
    follower = follow(server.port)
    for _ in range(102):
        follower.run("depth")
    for _ in range(102):
        crowd.take()
    page.expect_number("running", 102)
    task = follower.run("tags")
    last.take()
    eventually(lambda: state(page, last) == "full" and page.number("running") == 103, "one more")
    assert task not in page.task_ids()
    eventually(lambda: page.all(f"[data-held='{task}'] button"), "the task is on the card")
    page.click(f"[data-held='{task}'] button")
    focused = "return document.activeElement.closest('[data-task]')?.dataset.task"
    eventually(lambda: page.script(focused) == task, "its row")
    eventually(lambda: page.text("#running-count") == "101 of 103", "one more row than usual")


def test_the_row_of_the_worker_survives_a_cut(tab, proxy, server, follow, work):
    page = Dashboard(tab, proxy.address).open()
    worker = work("gpu-box", ["depth"], slots=2)
    follower = follow(server.port)
    first, second, third = [follower.run("depth") for _ in range(3)]
    offers = [worker.take(), worker.take()]
    eventually(lambda: state(page, worker) == "full", "at work")
    proxy.cut()
    eventually(lambda: page.phase() == "waiting", "cut off")
    worker.done(offers[0])
    worker.fail(offers[1], "oom", "too big", retry=False)
    worker.progress(worker.take(), 1, 2)
    proxy.mend()
    page.wait_live()
    eventually(lambda: in_card(page, worker, ".done") == "1 done", "what was done meanwhile")
    eventually(lambda: page.text("#recovery").startswith("Resumed: "), "resumed")
    eventually(lambda: in_card(page, worker, ".failed") == "1 failed", "what failed meanwhile")
    eventually(lambda: in_card(page, worker, ".rate") == "2 / min", "both in the rate")
    eventually(lambda: held_bar(page, third) == 50, "what it does now")
    states = lambda: [page.task_state(task) for task in (first, second, third)]
    eventually(lambda: states() == ["done", "failed", "running"], "the three tasks")


def test_after_a_restart_of_the_server_its_workers_are_those_that_came_back(page, server, follow, work):
    lost, back = work("lost", ["depth"]), work("back", ["depth"])
    eventually(lambda: len(cards(page)) == 2, "both")
    server.restart()
    page.wait_live()
    lost.close()
    back.close()
    again = work("back", ["depth"])
    eventually(lambda: cards(page) == [("back", "idle"), ("lost", "gone")], "one came back")
    eventually(lambda: in_card(page, again, ".gauge-text") == "0 / 1", "a free slot")
    assert in_card(page, lost, ".worker-gone") == "Left while this page was not connected"
    task = follow(server.port).run("depth")
    again.take()
    eventually(lambda: state(page, again) == "full" and page.task_state(task) == "running", "it works")


@pytest.mark.parametrize("width", [390, 800, 1440])
def test_panels_stay_where_they_are_while_workers_work(page, server, follow, work, width):
    page.resize(width, 900)
    worker = work("gpu-box", ["depth"], slots=4)
    eventually(lambda: state(page, worker) == "idle", "here")
    boxes = "return [...document.querySelectorAll('.panel, .overview')].filter(e => innerWidth > 700 || " \
            "!e.matches('.workers, .workers ~ .panel')).map(e => JSON.stringify(e.getBoundingClientRect()))"
    before = page.script(boxes)
    follower = follow(server.port)
    for _ in range(4):
        follower.run("depth")
    offers = [worker.take() for _ in range(4)]
    worker.progress(offers[0], 1, 2)
    eventually(lambda: held_bar(page, offers[0]["task"]) == 50, "at work")
    assert page.script(boxes) == before


@pytest.fixture
def report(server):
    """Connects workers that only report, `report(engine)`, and ends them after the test."""
    workers = []

    def start(engine):
        workers.append(ReportingWorker(server.port, engine))
        return workers[-1]

    yield start
    for worker in workers:
        worker.close()


@pytest.mark.parametrize("engine", [3, 4])
def test_a_socket_io_client_is_a_worker_from_its_first_task_on(page, report, engine):
    worker = report(engine)
    page.expect_number("clients", 2)
    assert cards(page) == []
    task = str(uuid.uuid4())
    worker.start(task)
    eventually(lambda: state(page, worker) == "busy", "busy")
    eventually(lambda: in_card(page, worker, ".gauge-text") == "1 running", "its task")
    assert in_card(page, worker, ".badge") == "Socket.IO"
    assert in_card(page, worker, ".address") == f"127.0.0.1 · eio{engine}"
    worker.update(task, "progress", {"current": 3, "total": 4, "message": "frames"})
    eventually(lambda: held_bar(page, task) == 75 and page.bar(task) == 75, "three quarters")
    worker.update(task, "error", "no such video")
    eventually(lambda: (in_card(page, worker, ".worker-error") or "").endswith(": no such video"), "the error")
    eventually(lambda: facts(page, task) == [f"Socket.IO {worker.client[:8]}"], "who runs it")
    worker.leave()
    eventually(lambda: state(page, worker) == "gone", "gone")
    eventually(lambda: page.task_state(task) == "done", "what a goodbye means")
    eventually(lambda: in_card(page, worker, ".done") == "1 done", "counted by the page")
    expect_farewell(page, worker, r"Left at \d\d:\d\d:\d\d")


def test_a_socket_io_worker_that_is_lost_takes_its_task_along(page, report):
    worker = report(4)
    task = str(uuid.uuid4())
    worker.start(task)
    eventually(lambda: state(page, worker) == "busy", "busy")
    worker.cut()
    eventually(lambda: page.task_state(task) == "failed", "lost")
    farewell = lambda: (in_card(page, worker, ".worker-gone") or "").endswith(" · 1 task lost")
    eventually(farewell, "what became of it")
    eventually(lambda: in_card(page, worker, ".failed") == "1 failed", "counted")
