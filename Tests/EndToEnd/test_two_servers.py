"""Servers that share a Redis: rooms, presence and tasks are everyone's, queues and stores each one's own."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import pytest
import requests

from harness.message_queue import Client, client_record, connected, task_record
from harness.process import Server
from harness.realtime import Live, assert_growing
from harness.redis import Redis
from harness.resting import first_scan, tasks
from harness.socketio import SocketIO
from harness.waiting import eventually

Start = Callable[..., Server]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    folder = tmp_path / "redis"
    folder.mkdir()
    made = Redis(folder)
    yield made
    made.kill()


@pytest.fixture
def start(serve: Callable[..., Server], redis: Redis, tmp_path: Path) -> Start:
    """Starts the server of a name, each with a data folder of its own."""
    def begin(name: str, *flags: str, **options: Any) -> Server:
        return serve("--redis", redis.url, "--server-name", name, *flags, data_dir=tmp_path / name, **options)
    return begin


@pytest.fixture
def pair(start: Start) -> List[Server]:
    servers = [first_scan(start(name)) for name in ("left", "right")]
    return [connected(server, others=1) for server in servers]


def run(server: Server, steps: int, delay_ms: int = 50, **fields: Any) -> str:
    answer = requests.post(f"{server.url}/api/tasks", timeout=10,
                           json={"name": "long_task", "params": {"steps": steps, "delay_ms": delay_ms}, **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["uuid"])


def state(server: Server, id_: str) -> "str | None":
    task = task_record(server, id_)
    return task and str(task["state"])


def counts(server: Server) -> Dict[str, int]:
    return dict(requests.get(f"{server.url}/api/tasks", timeout=10).json()["counts"])


def test_a_room_spans_both_servers(pair: List[Server]) -> None:
    left, right = pair
    with Client(left) as worker, Client(right, "/client", version=3, transport="polling") as front_end:
        worker.socket.emit("task_start", {"uuid": "t-1"})
        for step in range(20):
            worker.socket.emit("task_update", {"uuid": "t-1", "type": "progress", "data": {"current": step, "total": 20}})
        came = front_end.socket.until("task_update", lambda body: body["data"]["current"] == 19)
        assert [event[0] for event in came] == ["task_start"] + 20 * ["task_update"]
        assert [event[1]["data"]["current"] for event in came[1:]] == list(range(20))
        # One who comes later is told what has been said.
        late = SocketIO(right.port)
        late.connect()
        late.emit("join", {"room": "/client"})
        assert late.until("list_tasks")[-1][1]["tasks"] == {"t-1": {"progress": {"current": 19, "total": 20}}}
        worker.socket.__exit__()
        assert front_end.socket.until("task_end") == [["task_end", {"uuid": "t-1"}]]


def test_presence_is_shared(pair: List[Server]) -> None:
    left, right = pair
    with Live(f"{left.socket_url}/ws") as watcher:
        watcher.subscribe("clients")
        with Live(f"{right.socket_url}/ws") as other, Client(right) as socket_io:
            for id_ in (other.welcome["client"], socket_io.userid):
                info = eventually(lambda id_=id_: client_record(left, id_), "the other server lists the client")
                assert info["server"] == "right"
                assert "server" not in (client_record(right, id_) or {"server": 1})
                assert id_ in requests.get(f"{left.url}/api/v1/socket/clients/", timeout=10).json()["clients"]
            other.hello("far away", kind="dashboard")
            changed = watcher.until(lambda m: m["type"] == "client.changed" and m["info"].get("name") == "far away")[-1]
            assert changed["info"]["server"] == "right"
            # An event finds its client wherever it is.
            for id_ in (other.welcome["client"], socket_io.userid):
                answer = requests.post(f"{left.url}/api/v1/socket/event/", json={"userid": id_, "n": 1}, timeout=10)
                assert (answer.status_code, answer.text) == (200, "ok")
            assert other.until_type("client.event")[-1]["data"]["n"] == 1
            socket_io.expect("task", {"userid": socket_io.userid, "n": 1})
            assert requests.post(f"{left.url}/api/v1/socket/event/", json={"userid": "nobody"}, timeout=10).status_code == 404
        for id_ in (other.welcome["client"], socket_io.userid):
            eventually(lambda id_=id_: client_record(left, id_) is None, "it has left there too")
        left_events = [m["client"] for m in watcher.seen if m["type"] == "client.left"]
        assert len(left_events) == len(set(left_events))


def test_tasks_are_shared_live(pair: List[Server]) -> None:
    left, right = pair
    with Live(f"{left.socket_url}/ws") as dashboard, Client(left, "/client") as front_end:
        dashboard.subscribe("tasks")
        id_ = run(right, steps=5)
        end = dashboard.finished(id_)
        events = [m["type"] for m in dashboard.seen if m.get("task") == id_]
        assert events[:2] == ["task.created", "task.started"] and events[-1] == "task.finished"
        assert set(events[2:-1]) == {"task.progress"}
        assert_growing(dashboard.seen)
        assert end["info"]["server"] == "right" and end["info"]["result"] == {"status": "done"}
        task = task_record(left, id_)
        assert task is not None and task["state"] == "done" and task["server"] == "right"
        assert "server" not in (task_record(right, id_) or {"server": 1})
        came = front_end.socket.until("task_end", lambda body: body["uuid"] == id_)
        story = [event for event in came if event[1].get("uuid") == id_]
        assert [event[0] for event in story].count("task_start") == 1
        assert story[-2][1]["data"]["message"] == "Task completed!"
        assert len({str(event) for event in story}) == len(story), "nothing is told twice"
        # The same task is asked for at the other server: it is the same.
        again = requests.post(f"{left.url}/api/tasks", json={"name": "long_task", "task": id_}, timeout=10)
        assert again.json()["server"] == "right" and again.status_code == 200


def test_a_task_is_cancelled_from_the_other_server(pair: List[Server]) -> None:
    left, right = pair
    id_ = run(right, steps=1000)
    eventually(lambda: state(left, id_) == "running", "it runs, as seen from the left")
    answer = requests.post(f"{left.url}/api/tasks/{id_}/cancel", timeout=10)
    assert answer.status_code in (200, 202), answer.text
    eventually(lambda: state(right, id_) == state(left, id_) == "cancelled", "it is cancelled on both")
    assert requests.post(f"{left.url}/api/tasks/{id_}/cancel", timeout=10).status_code == 200


def test_another_servers_tasks_are_not_kept(start: Start) -> None:
    left = first_scan(connected(start("left", "--slots", "1")))
    right = first_scan(connected(start("right", "--slots", "1"), others=1))

    def foreign(server: Server) -> Dict[str, str]:
        return {task["uuid"]: task["name"] for task in tasks(server) if task.get("server")}
    id_ = run(right, steps=2)
    eventually(lambda: state(left, id_) == "done", "the left has seen it")
    seen = eventually(lambda: len(foreign(left)) > 1 and foreign(left), "it has seen the scan too")
    assert set(seen.values()) == {"long_task", "scan"}
    right.terminate()
    left.terminate()
    again = first_scan(connected(start("left")))
    assert state(again, id_) is None and foreign(again) == {}
    assert {task["name"] for task in tasks(again)} == {"scan"}
    assert not [task for task in tasks(again) if task["uuid"] in seen]
    eventually(lambda: sum(counts(again).values()) == len(tasks(again)), "its own scans are counted, and nothing else")


def test_a_killed_server_is_missed_and_comes_back(start: Start, pair: List[Server]) -> None:
    left, right = pair
    with Live(f"{left.socket_url}/ws") as dashboard, Client(left, "/client") as front_end:
        dashboard.subscribe("tasks", "clients")
        id_ = run(right, steps=100, delay_ms=100)
        dashboard.started(id_)
        far = Live(f"{right.socket_url}/ws")
        dashboard.until(lambda m: m["type"] == "client.joined" and m["client"] == far.welcome["client"])
        began = time.monotonic()
        right.kill()
        requeued = dashboard.until(lambda m: m["type"] == "task.requeued" and m["task"] == id_, within=30)[-1]
        assert 9 < time.monotonic() - began < 25
        assert requeued["reason"] == "restart"
        task = task_record(left, id_)
        assert task is not None and (task["state"], task["waiting"]) == ("queued", "its server is away")
        eventually(lambda: client_record(left, far.welcome["client"]) is None, "its clients have left")
        front_end.socket.until("task_end", lambda body: body["uuid"] == id_)
        answer = requests.post(f"{left.url}/api/tasks/{id_}/cancel", timeout=10)
        assert answer.status_code == 503 and answer.json()["error"]["code"] == "unavailable", answer.text
        back = start("right")
        connected(left, others=1)
        dashboard.until(lambda m: m["type"] == "task.started" and m["task"] == id_)
        eventually(lambda: state(left, id_) == "running", "it runs again")
        requests.post(f"{left.url}/api/tasks/{id_}/cancel", timeout=10)
        assert dashboard.finished(id_)["info"]["state"] == "cancelled"
        assert state(back, id_) == "cancelled"
        ends = [m for m in dashboard.seen if m["type"] == "task.finished" and m["task"] == id_]
        assert len(ends) == 1


def test_redis_may_be_killed_and_come_back(redis: Redis, pair: List[Server]) -> None:
    left, right = pair
    with Live(f"{left.socket_url}/ws") as dashboard:
        dashboard.subscribe("tasks", "clients")
        far = Live(f"{right.socket_url}/ws")
        dashboard.until(lambda m: m["type"] == "client.joined" and m["client"] == far.welcome["client"])
        redis.kill()
        eventually(lambda: requests.get(f"{left.url}/healthz", timeout=10).json()["redis"] == "away", "it is noticed")
        assert requests.get(f"{left.url}/healthz", timeout=10).status_code == 200
        # Each goes on alone.
        own, foreign = run(left, steps=3), run(right, steps=3)
        dashboard.finished(own)
        eventually(lambda: state(right, foreign) == "done", "the right goes on")
        assert state(left, foreign) is None
        dashboard.heard(lambda m: m["type"] == "client.left" and m["client"] == far.welcome["client"], within=30)
        unfinished = run(right, steps=600, delay_ms=50)
        redis.start()
        connected(left, others=1, within=90)
        connected(right, others=1, within=90)
        eventually(lambda: client_record(left, far.welcome["client"]), "its clients are back")
        eventually(lambda: state(left, unfinished) == "running", "and its tasks")
        assert "Redis is away" in left.log_text() and "Redis is connected" in left.log_text()
        requests.post(f"{left.url}/api/tasks/{unfinished}/cancel", timeout=10)
        eventually(lambda: state(right, unfinished) == "cancelled", "the way back works")
        far.socket.close()


def test_a_server_that_stops_says_goodbye(pair: List[Server]) -> None:
    left, right = pair
    id_ = run(right, steps=1000)
    eventually(lambda: state(left, id_) == "running", "it runs")
    assert right.terminate() == 0
    task = eventually(lambda: (t := task_record(left, id_)) and t.get("waiting") and t, "it waits", within=8)
    assert (task["state"], task["waiting"]) == ("queued", "its server is away")
    connected(left, others=0, within=8)
