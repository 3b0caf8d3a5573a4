"""The queue itself: order, retries, cancel, recovery, many at once."""

from __future__ import annotations

import pytest
import requests

from harness.process import Server
from harness.realtime import Live, is_event
from harness.waiting import eventually

FOREVER = {"steps": 100_000, "delay_ms": 60_000}


def open_live(server: Server) -> Live:
    live = Live(f"{server.socket_url}/ws")
    live.subscribe("tasks")
    return live


def get_task(server: Server, id_: str) -> dict:
    answer = requests.get(f"{server.url}/api/tasks/{id_}", timeout=15)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_events_of_a_task_are_complete_and_in_order(server: Server) -> None:
    with open_live(server) as live:
        task = live.run("long_task", {"steps": 4, "delay_ms": 150, "log_every": 2})["task"]
        live.finished(task)
        events = [m for m in live.seen if is_event(m) and m.get("task") == task]
    types = [m["type"] for m in events]
    assert types[:2] == ["task.created", "task.started"] and types[-1] == "task.finished"
    assert types.count("task.created") == types.count("task.started") == types.count("task.finished") == 1
    progress = [m for m in events if m["type"] == "task.progress"]
    assert all(m["key"] == f"progress/{task}" and m["attempt"] == 1 for m in progress)
    currents = [m["progress"]["current"] for m in progress]
    assert currents == sorted(currents)
    assert progress[-1]["progress"] == {"current": 4, "total": 4, "message": "Task completed!"}
    logs = [m for m in events if m["type"] == "task.log"]
    assert logs and all(m["message"].startswith("step ") for m in logs)
    assert events[1]["executor"]["kind"] == "local" and events[1]["attempt"] == 1
    assert events[-1]["info"]["result"] == {"status": "done"}


def test_progress_counts_from_zero(server: Server) -> None:
    with open_live(server) as live:
        task = live.run("long_task", FOREVER)["task"]
        told = live.heard(lambda m: m["type"] == "task.progress" and m["task"] == task)
        assert (told["progress"]["current"], told["progress"]["total"]) == (0, FOREVER["steps"])


def test_fast_progress_is_thinned_and_its_last_is_kept(server: Server) -> None:
    with open_live(server) as live:
        task = live.run("long_task", {"steps": 5000, "delay_ms": 0})["task"]
        live.finished(task, within=30)
        progress = [m["progress"]["current"] for m in live.seen if m["type"] == "task.progress" and m["task"] == task]
    assert progress[-1] == 5000 and len(progress) < 2500


def test_greater_priority_first_then_age(serve) -> None:
    server = serve("--slots", "1")
    with open_live(server) as live:
        blocker = live.run("long_task", FOREVER)["task"]
        live.started(blocker)
        tasks = [live.run("long_task", {"steps": 1, "delay_ms": 0}, priority=priority)["task"]
                 for priority in (0, -5, 10, 0, 10)]
        assert live.ask("task.cancel", task=blocker)["type"] == "ok"
        for task in tasks:
            live.finished(task)
        order = [m["task"] for m in live.seen if m["type"] == "task.started" and m["task"] in tasks]
    assert order == [tasks[2], tasks[4], tasks[0], tasks[3], tasks[1]]


def test_a_queued_task_is_cancelled_at_once(serve) -> None:
    server = serve("--slots", "1")
    with open_live(server) as live:
        blocker = live.run("long_task", FOREVER)["task"]
        live.started(blocker)
        queued = live.run("long_task", {"steps": 1})["task"]
        assert live.ask("task.cancel", task=queued)["type"] == "ok"
        assert live.finished(queued)["info"]["state"] == "cancelled"
        assert live.ask("task.cancel", task=queued)["type"] == "ok", "ended already: ok too"
        assert live.ask("task.cancel", task=blocker)["type"] == "ok"
        assert live.finished(blocker)["info"]["state"] == "cancelled"
        assert not [m for m in live.seen if m["type"] == "task.started" and m["task"] == queued]
        ends = [m["task"] for m in live.seen if m["type"] == "task.finished" and m["task"] in (blocker, queued)]
        assert ends == [queued, blocker]


def test_a_task_that_fails_says_why_and_is_not_retried_when_its_kind_says_so(server: Server) -> None:
    with open_live(server) as live:
        task = live.run("long_task", {"steps": 10, "delay_ms": 0, "fail_at": 3}, attempts=3)["task"]
        info = live.finished(task)["info"]
    assert (info["state"], info["attempt"]) == ("failed", 1)
    assert set(info["error"]) == {"code", "message"} and info["error"]["message"]


@pytest.mark.parametrize("params", [{"steps": 0}, {"steps": 100_001}, {"delay_ms": -1}, {"delay_ms": 60_001},
                                    {"steps": "many"}, {"log_every": -1}], ids=str)
def test_wrong_parameters_are_refused_or_fail(server: Server, params: dict) -> None:
    with open_live(server) as live:
        answer = live.ask("task.run", name="long_task", params=params)
        if answer["type"] == "ok":
            assert live.finished(answer["task"])["info"]["state"] == "failed"
        else:
            assert answer["code"] == "bad_message"


def test_a_task_that_nobody_can_run_waits_and_says_so(server: Server) -> None:
    with open_live(server) as live:
        answer = live.run("peer.depth", requires=["gpu", "peer.depth"])
        waiting = eventually(lambda: get_task(server, answer["task"]).get("waiting"), "it says why it waits")
        assert "no worker" in waiting
        assert get_task(server, answer["task"])["state"] == "queued"
        assert live.ask("task.cancel", task=answer["task"])["type"] == "ok"


def test_256_slots_run_256_tasks_at_once(serve) -> None:
    server = serve("--slots", "256")
    names = {f"t{n}" for n in range(256)}

    def told(live: Live, type_: str) -> set:
        return {m["task"] for m in live.seen if m["type"] == type_} & names

    with open_live(server) as live:
        for name in names:
            live.send("task.run", name="long_task", params=FOREVER, task=name)
        # None of them ends by itself, so they all run at this moment.
        live.until(lambda _: told(live, "task.started") == names, within=30)
        for name in names:
            live.send("task.cancel", task=name)
        live.until(lambda _: told(live, "task.finished") == names, within=30)


def test_slots_bound_what_runs(serve) -> None:
    server = serve("--slots", "3")
    with open_live(server) as live:
        first = [live.run("long_task", FOREVER)["task"] for _ in range(3)]
        for task in first:
            live.started(task)
        tasks = [live.run("long_task", {"steps": 2, "delay_ms": 20})["task"] for _ in range(20)]
        for task in first:
            live.send("task.cancel", task=task)
        for task in first + tasks:
            live.finished(task)
        running = most = 0
        for message in (m for m in live.seen if m.get("task") in first + tasks):
            running += {"task.started": 1, "task.finished": -1}.get(message["type"], 0)
            most = max(most, running)
    assert most == 3


def test_after_kill_9_running_tasks_run_again_and_queued_ones_still_wait(serve) -> None:
    server = serve("--slots", "1")
    with open_live(server) as live:
        done = live.run("long_task", {"steps": 1, "delay_ms": 0})["task"]
        live.finished(done)
        running = live.run("long_task", FOREVER, attempts=3)["task"]
        live.started(running)
        queued = live.run("long_task", {"steps": 1, "delay_ms": 0}, priority=-1)["task"]
    server.kill()
    server = serve("--slots", "1")
    assert get_task(server, done)["state"] == "done"
    eventually(lambda: get_task(server, running)["attempt"] == 2, "it runs again")
    assert get_task(server, queued)["state"] == "queued"
    with open_live(server) as live:
        assert live.ask("task.cancel", task=running)["type"] == "ok"
    eventually(lambda: get_task(server, queued)["state"] == "done", "the queued one had its turn")


def test_after_kill_9_a_task_without_attempts_left_has_failed(serve) -> None:
    server = serve()
    with open_live(server) as live:
        task = live.run("long_task", FOREVER, attempts=1)["task"]
        live.started(task)
    server.kill()
    server = serve()
    failed = eventually(lambda: (t := get_task(server, task))["state"] == "failed" and t, "it has failed")
    assert failed["error"]["code"]


def test_a_stop_costs_no_attempt(serve) -> None:
    server = serve()
    with open_live(server) as live:
        task = live.run("long_task", FOREVER, attempts=1)["task"]
        live.started(task)
    assert server.terminate() == 0
    server = serve()
    eventually(lambda: get_task(server, task)["state"] == "running", "it runs again though it has one attempt")


def test_repeated_crashes_end_after_the_last_attempt(serve) -> None:
    server = serve()
    with open_live(server) as live:
        task = live.run("long_task", FOREVER, attempts=2)["task"]
        live.started(task)
    for attempt in (1, 2):
        eventually(lambda a=attempt: (t := get_task(server, task))["state"] == "running" and t["attempt"] == a,
                   f"attempt {attempt} runs")
        server.kill()
        server = serve()
    assert eventually(lambda: get_task(server, task)["state"] == "failed", "both attempts are used")


def test_what_was_answered_ok_survives_kill_9(serve) -> None:
    server = serve("--slots", "1")
    with open_live(server) as live:
        live.run("long_task", FOREVER, priority=100)
        tasks = [live.run("long_task", {"steps": 1})["task"] for _ in range(100)]
    server.kill()
    server = serve("--slots", "1")
    assert [get_task(server, task)["name"] for task in tasks] == ["long_task"] * 100
