"""VFrame's workers and front-ends, each way round (contract of VFrame, §4)."""

from __future__ import annotations

import time
from typing import Any, Dict, Iterator, List

import pytest
import requests

from harness.process import Server
from harness.realtime import Live, Message
from harness.socketio import SocketIO
from harness.socketio_client import PYTHONS, TRANSPORTS, ClientProcess, SocketIOClient
from harness.vframe import ended, join, new_task, perform, script, story, update, whole_story
from harness.waiting import eventually

KINDS = [(version, transport) for version in PYTHONS for transport in TRANSPORTS]
IDS = ["-".join(kind) for kind in KINDS]


@pytest.fixture(scope="module")
def audience(client_processes: Dict[str, ClientProcess], shared_server: Server) -> Iterator[List[SocketIOClient]]:
    """A front-end of every kind in the room."""
    clients = [client_processes[version].client(shared_server, transport) for version, transport in KINDS]
    for client in clients:
        join(client)
    yield clients
    for client in clients:
        client.disconnect()


@pytest.fixture(params=KINDS, ids=IDS)
def worker(request: pytest.FixtureRequest, client_processes: Dict[str, ClientProcess],
           shared_server: Server) -> Iterator[SocketIOClient]:
    version, transport = request.param
    made = client_processes[version].client(shared_server, transport)
    yield made
    made.disconnect()


def of_task(live: Live, task: str) -> List[Message]:
    return [message for message in live.seen if message.get("task") == task]


def test_every_front_end_hears_a_worker_whole_and_in_order(worker: SocketIOClient,
                                                           audience: List[SocketIOClient]) -> None:
    task = new_task()
    perform(worker, task)
    for client in audience:
        client.wait(lambda _, client=client: len(story(client, task)) == 28, "all updates")
        assert story(client, task) == whole_story(task)[:-1], "the task is not over before its worker leaves"
    worker.disconnect()
    for client in audience:
        assert ended(client, task) == whole_story(task)
        client.settle()
        assert story(client, task) == whole_story(task), "task_end comes once"


def test_dashboards_of_our_own_protocol_see_the_worker_too(worker: SocketIOClient, shared_server: Server) -> None:
    task = new_task()
    with Live(f"{shared_server.socket_url}/ws") as live:
        live.subscribe("tasks", f"task/{task}")
        perform(worker, task)
        live.until(lambda m: m["type"] == "task.progress" and m["task"] == task
                   and m["progress"]["message"] == "Task completed!")
        worker.disconnect()
        finished = live.finished(task)
        messages = of_task(live, task)
        created, started = messages[:2]
        assert [m["type"] for m in (created, started)] == ["task.created", "task.started"]
        assert created["info"]["name"] == "vframe"
        assert started["executor"]["kind"] == "socketio" and started["executor"]["client"] == worker.userid
        logs = [(m["level"], m["message"]) for m in messages if m["type"] == "task.log"]
        assert [level for level, _ in logs] == ["debug", "debug", "error", "debug", "error"]
        assert logs[0][1] == script(task)[1]["data"] and logs[4][1] == "\U0001F680 last words"
        assert "one.jpg" in logs[1][1] and "nested" in logs[3][1]
        progress = [m["progress"]["current"] for m in messages if m["type"] == "task.progress"]
        assert progress == sorted(progress) and progress[-1] == 20
        assert (finished["info"]["state"], finished["info"].get("error")) == ("done", None)
        live.ask("ping")
        assert of_task(live, task)[-1]["type"] == "task.finished", "nothing follows"
    record = requests.get(f"{shared_server.url}/api/tasks/{task}", timeout=10).json()
    assert (record["name"], record["state"], record["progress"]["current"]) == ("vframe", "done", 20)


@pytest.mark.timeout(120)
def test_a_killed_workers_tasks_end_at_once(audience: List[SocketIOClient], shared_server: Server) -> None:
    """A worker of every kind is killed in the middle of its task."""
    processes = [ClientProcess(version) for version, _ in KINDS]
    tasks = [new_task() for _ in KINDS]
    with Live(f"{shared_server.socket_url}/ws") as live:
        live.subscribe("tasks")
        for process, (_, transport), task in zip(processes, KINDS, tasks):
            worker = process.client(shared_server, transport)
            perform(worker, task, script(task)[:5])
            worker.settle()
        for task in tasks:
            live.started(task)
        for process, kind, task in zip(processes, KINDS, tasks):
            killed = time.monotonic()
            process.kill()
            for client in audience:
                assert ended(client, task) == whole_story(task, script(task)[:5])
            assert time.monotonic() - killed < 10, f"{kind}: not at once, but when its pings went unanswered"
            info = live.finished(task)["info"]
            assert (info["state"], info["error"]["code"]) == ("failed", "worker_lost")


def test_a_worker_may_have_several_tasks(worker: SocketIOClient, audience: List[SocketIOClient]) -> None:
    first, second = new_task(), new_task()
    perform(worker, first, [update(first, "debug", 1)])
    perform(worker, second, [update(second, "debug", 1), update(first, "debug", 2)])
    worker.settle()
    worker.disconnect()
    for client in audience:
        assert ended(client, first) == whole_story(first, [update(first, "debug", 1), update(first, "debug", 2)])
        assert ended(client, second) == whole_story(second, [update(second, "debug", 1)])


def test_an_update_of_an_unknown_task_is_relayed_all_the_same(worker: SocketIOClient,
                                                              audience: List[SocketIOClient]) -> None:
    task = new_task()
    payload = {**update(task, "progress", {"current": 1, "total": 2, "message": "?"}), "extra": [1]}
    worker.emit("task_update", payload)
    for client in audience:
        client.heard("task_update", lambda body: body == payload)
    with worker.process.client(worker.server, "websocket") as late:
        assert task not in join(late)


def test_starting_again_resets_what_is_listed(worker: SocketIOClient) -> None:
    task = new_task()
    perform(worker, task, [update(task, "debug", "old")])
    worker.emit("task_start", {"uuid": task})
    worker.emit("task_update", update(task, "error", "new"))
    worker.settle()
    with worker.process.client(worker.server, "websocket") as late:
        assert join(late)[task] == {"error": "new"}


def test_who_joins_later_gets_the_state_of_running_tasks(worker: SocketIOClient) -> None:
    task = new_task()
    perform(worker, task)
    worker.settle()
    updates = script(task)
    with worker.process.client(worker.server, worker.transport) as late:
        assert join(late)[task] == {kind: [one["data"] for one in updates if one["type"] == kind][-1]
                                    for kind in ("progress", "debug", "error")}
        assert story(late, task) == []
        worker.disconnect()
        assert ended(late, task) == [["task_end", {"uuid": task}]]
        assert task not in join(late)


@pytest.mark.parametrize("version,transport", KINDS, ids=IDS)
def test_the_list_and_what_follows_it_join_without_a_seam(client_processes: Dict[str, ClientProcess],
                                                          shared_server: Server, version: str, transport: str) -> None:
    """Joined amid a stream of updates: the next update heard is the one after the listed."""
    task = new_task()
    with SocketIO(shared_server.port, 4) as worker:
        worker.connect()
        worker.emit("task_start", {"uuid": task})
        with client_processes[version].client(shared_server, transport) as late:
            for number in range(1, 301):
                data = {"current": number, "total": 300, "message": ""}
                worker.emit("task_update", update(task, "progress", data))
                if number == 40:
                    client_processes[version].command(late.name, "emit", event="join", arguments=[{"room": "/client"}])
                time.sleep(0.0005)
            listed = late.heard("list_tasks").arguments[0]["tasks"][task]
            first = listed["progress"]["current"] + 1 if listed else 1
            late.heard("task_update", lambda body: body["uuid"] == task and body["data"]["current"] == 300)
            numbers = [body["data"]["current"] for _, body in story(late, task)]
            assert numbers == list(range(first, 301))
            names = late.names()
            assert names.index("list_tasks") < names.index("task_update")


def test_our_own_tasks_appear_in_the_room(audience: List[SocketIOClient], shared_server: Server) -> None:
    answer = requests.post(f"{shared_server.url}/api/v1/task/test/", timeout=10,
                           json={"params": {"steps": 6, "delay_ms": 20, "log_every": 3}})
    assert answer.status_code == 202
    task = answer.json()["uuid"]
    for client in audience:
        told = ended(client, task)
        assert told[0] == ["task_start", {"uuid": task}] and told[-1] == ["task_end", {"uuid": task}]
        updates = [body for name, body in told[1:-1]]
        assert [name for name, _ in told[1:-1]] == ["task_update"] * len(updates)
        assert all(set(body) == {"uuid", "type", "data"} for body in updates)
        progress = [body["data"] for body in updates if body["type"] == "progress"]
        assert all(set(data) == {"current", "total", "message"} for data in progress)
        currents = [data["current"] for data in progress]
        assert currents == sorted(currents)
        assert progress[-1] == {"current": 6, "total": 6, "message": "Task completed!"}
        assert [body["data"] for body in updates if body["type"] == "debug"] == ["step 3", "step 6"]


def test_our_own_running_tasks_are_listed(audience: List[SocketIOClient], client_processes: Dict[str, ClientProcess],
                                          shared_server: Server) -> None:
    answer = requests.post(f"{shared_server.url}/api/v1/task/run/", timeout=10,
                           json={"task_name": "long_task", "params": {"steps": 100, "delay_ms": 60_000}})
    task = answer.json()["uuid"]
    audience[0].heard("task_update", lambda body: body["uuid"] == task and body["type"] == "progress")
    with client_processes["5"].client(shared_server, "websocket") as late:
        assert join(late)[task]["progress"]["total"] == 100
        requests.post(f"{shared_server.url}/api/tasks/{task}/cancel", timeout=10)
        assert ended(late, task)[-1] == ["task_end", {"uuid": task}]
        assert task not in join(late)
    assert ended(audience[0], task)[-1] == ["task_end", {"uuid": task}]


def test_a_failed_task_of_ours_says_why(audience: List[SocketIOClient], shared_server: Server) -> None:
    answer = requests.post(f"{shared_server.url}/api/v1/task/run/", timeout=10,
                           json={"task_name": "long_task", "params": {"steps": 3, "delay_ms": 0, "fail_at": 1}})
    task = answer.json()["uuid"]
    for client in audience:
        told = ended(client, task)
        errors = [body["data"] for name, body in told if name == "task_update" and body["type"] == "error"]
        assert errors and isinstance(errors[-1], str) and errors[-1]


def test_a_worker_that_ends_cleanly_is_not_blamed(client_processes: Dict[str, ClientProcess],
                                                  shared_server: Server) -> None:
    """Python's way to leave, by each transport; and the server's own `disconnect request`."""
    with Live(f"{shared_server.socket_url}/ws") as live:
        live.subscribe("tasks")
        for index, (version, transport) in enumerate(KINDS):
            task = new_task()
            worker = client_processes[version].client(shared_server, transport)
            perform(worker, task, [])
            live.started(task)
            if index % 2:
                worker.emit("disconnect request")
            else:
                worker.disconnect()
            assert live.finished(task)["info"]["state"] == "done", (version, transport)


def test_the_records_of_workers_show_what_they_run(client_processes: Dict[str, ClientProcess],
                                                   shared_server: Server) -> None:
    task = new_task()
    with client_processes["4.6.1"].client(shared_server) as worker, Live(f"{shared_server.socket_url}/ws") as live:
        perform(worker, task, [])
        worker.settle()

        def record() -> Dict[str, Any]:
            clients = live.snapshot("clients")["clients"]
            found = next(one for one in clients if one["id"] == worker.userid)
            return found if found["kind"] == "worker" else {}
        found = eventually(record, "it is shown as a worker")
        assert task in found["worker"]["tasks"]
