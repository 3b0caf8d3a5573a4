"""Tasks over HTTP: the native endpoints and VFrame's."""

from __future__ import annotations

import time
import uuid

import pytest
import requests

from harness.process import Server
from harness.realtime import Live
from harness.waiting import eventually

TASK_FIELDS = {"uuid", "name", "params", "state", "priority", "attempt", "attempts", "requires", "created"}


def api(server: Server, method: str, path: str, **options: object) -> requests.Response:
    return requests.request(method, server.url + path, timeout=15, **options)  # type: ignore[arg-type]


def post_task(server: Server, **body: object) -> dict:
    answer = api(server, "POST", "/api/tasks", json=body)
    assert answer.status_code in (201, 202), answer.text
    return answer.json()


def get_task(server: Server, id_: str) -> dict:
    answer = api(server, "GET", f"/api/tasks/{id_}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def ended(server: Server, id_: str, within: float = 15) -> dict:
    def look() -> "dict | None":
        task = get_task(server, id_)
        return task if task["state"] in ("done", "failed", "cancelled") else None
    return eventually(look, f"task {id_} has ended", within)


def test_a_task_from_its_posting_to_its_end(shared_server: Server) -> None:
    before = time.time() * 1000
    task = post_task(shared_server, name="long_task", params={"steps": 3, "delay_ms": 1})
    assert set(task) >= TASK_FIELDS
    assert str(uuid.UUID(task["uuid"])) == task["uuid"]
    assert (task["name"], task["params"]["steps"], task["priority"], task["attempts"]) == ("long_task", 3, 0, 3)
    done = ended(shared_server, task["uuid"])
    assert (done["state"], done["attempt"], done["result"]) == ("done", 1, {"status": "done"})
    assert done["progress"] == {"current": 3, "total": 3, "message": "Task completed!"}
    assert before - 60_000 < done["created"] <= done["started"] <= done["finished"]


def test_the_list_can_be_used_as_since(shared_server: Server) -> None:
    post_task(shared_server, name="long_task", params={"steps": 1, "delay_ms": 0})
    listing = api(shared_server, "GET", "/api/tasks").json()
    assert set(listing) >= {"epoch", "offset", "tasks", "counts"}
    assert set(listing["counts"]) == {"queued", "running", "done", "failed", "cancelled"}
    assert listing["tasks"] and set(listing["tasks"][0]) >= TASK_FIELDS
    with Live(f"{shared_server.socket_url}/ws") as live:
        assert live.welcome["epoch"] == listing["epoch"] and live.welcome["offset"] >= listing["offset"]


def test_an_id_of_the_clients_choice_makes_posting_repeatable(shared_server: Server) -> None:
    id_ = f"mine-{uuid.uuid4()}"
    first = post_task(shared_server, name="long_task", params={"steps": 1}, task=id_)
    assert first["uuid"] == id_
    answer = api(shared_server, "POST", "/api/tasks", json={"name": "long_task", "task": id_})
    assert answer.status_code in (200, 201, 202) and answer.json()["uuid"] == id_
    assert api(shared_server, "POST", "/api/tasks", json={"name": "scan", "task": id_}).status_code == 409


@pytest.mark.parametrize("body", [{}, {"name": 5}, {"name": ""}, {"name": "long_task", "params": []},
                                  {"name": "long_task", "priority": 1000}, {"name": "long_task", "attempts": 0},
                                  {"name": "long_task", "requires": "x"}, {"name": "long_task", "task": ""},
                                  [], "text", None], ids=str)
def test_a_wrong_body_is_refused(shared_server: Server, body: object) -> None:
    answer = api(shared_server, "POST", "/api/tasks", json=body) if body is not None else \
        api(shared_server, "POST", "/api/tasks", data="{not json", headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert set(answer.json()["error"]) >= {"code", "message"}


@pytest.mark.parametrize("method,path", [("GET", "/api/tasks/none"), ("POST", "/api/tasks/none/cancel"),
                                         ("GET", "/api/tasks/%00"), ("GET", "/api/nowhere")])
def test_what_is_not_there_is_404(shared_server: Server, method: str, path: str) -> None:
    answer = api(shared_server, method, path)
    assert answer.status_code in ((404,) if "%00" not in path else (400, 404))


def test_a_running_task_is_cancelled(shared_server: Server) -> None:
    task = post_task(shared_server, name="long_task", params={"steps": 100, "delay_ms": 60_000})
    eventually(lambda: get_task(shared_server, task["uuid"])["state"] == "running", "it runs")
    assert api(shared_server, "POST", f"/api/tasks/{task['uuid']}/cancel").status_code in (200, 202)
    assert ended(shared_server, task["uuid"])["state"] == "cancelled"
    assert api(shared_server, "POST", f"/api/tasks/{task['uuid']}/cancel").status_code in (200, 202)
    assert get_task(shared_server, task["uuid"])["state"] == "cancelled"


def test_vframe_lists_its_tasks(shared_server: Server) -> None:
    listing = api(shared_server, "GET", "/api/v1/task/")
    assert listing.status_code == 200
    known = listing.json()
    assert known["long_task"] == {"key": "long_task", "title": "Long task", "params": []}
    for key, entry in known.items():
        assert (set(entry), entry["key"]) == ({"key", "title", "params"}, key)


def test_vframe_shows_what_runs(shared_server: Server) -> None:
    task = post_task(shared_server, name="long_task", params={"steps": 100, "delay_ms": 60_000})
    eventually(lambda: get_task(shared_server, task["uuid"])["state"] == "running", "it runs")
    info = api(shared_server, "GET", "/api/v1/task/info/").json()
    assert set(info) == {"scheduled", "active", "queued"}
    for part in info.values():
        assert part and all(isinstance(entries, list) for entries in part.values()), "a worker's name to its list"
    assert task["uuid"] in str(info["active"])
    api(shared_server, "POST", f"/api/tasks/{task['uuid']}/cancel")
    ended(shared_server, task["uuid"])
    assert task["uuid"] not in str(api(shared_server, "GET", "/api/v1/task/info/").json()["active"])


@pytest.mark.parametrize("params", [{"params": {"steps": 1, "delay_ms": 0}}, {"params": None}, {}], ids=str)
def test_vframe_runs_a_task(shared_server: Server, params: dict) -> None:
    answer = api(shared_server, "POST", "/api/v1/task/run/", json={"task_name": "long_task", **params})
    assert answer.status_code == 202
    body = answer.json()
    assert (set(body), body["task_name"]) == ({"uuid", "task_name"}, "long_task")
    assert get_task(shared_server, body["uuid"])["name"] == "long_task"
    api(shared_server, "POST", f"/api/tasks/{body['uuid']}/cancel")


@pytest.mark.parametrize("body", [{"task_name": "nonsense", "params": {}}, {"params": {}}, {}], ids=str)
def test_vframe_refuses_an_unknown_task(shared_server: Server, body: dict) -> None:
    answer = api(shared_server, "POST", "/api/v1/task/run/", json=body)
    assert (answer.status_code, answer.json()) == (500, {"error": "No such task"})


@pytest.mark.parametrize("body", [{}, {"params": {"steps": 1, "delay_ms": 0}}, None], ids=str)
def test_vframe_runs_the_test_task(shared_server: Server, body: "dict | None") -> None:
    answer = api(shared_server, "POST", "/api/v1/task/test/", json=body)
    assert answer.status_code == 202 and set(answer.json()) == {"uuid"}
    assert get_task(shared_server, answer.json()["uuid"])["name"] == "long_task"
    api(shared_server, "POST", f"/api/tasks/{answer.json()['uuid']}/cancel")


@pytest.mark.parametrize("path", ["/api/v1/task", "/api/v1/task/info", "/api/v1/socket/clients"])
def test_vframe_paths_work_without_their_slash(shared_server: Server, path: str) -> None:
    assert api(shared_server, "GET", path).status_code == 200  # Served, or by way of a redirect.


def test_vframe_answers_under_api_only(shared_server: Server) -> None:
    answer = api(shared_server, "GET", "/api/v1/nowhere/")
    assert answer.status_code == 404 and answer.json()["status"] == "error"


def test_vframe_lists_the_connected(shared_server: Server) -> None:
    with Live(f"{shared_server.socket_url}/ws") as live:
        assert live.welcome["client"] in api(shared_server, "GET", "/api/v1/socket/clients/").json()["clients"]


@pytest.mark.parametrize("body", [{"userid": "nobody", "a": 1}, {"a": 1}, {"userid": 5}], ids=str)
def test_vframe_cannot_send_to_nobody(shared_server: Server, body: dict) -> None:
    answer = api(shared_server, "POST", "/api/v1/socket/event/", json=body)
    assert (answer.status_code, answer.text) == (404, "error")


def test_vframe_sends_to_one_client(shared_server: Server) -> None:
    with Live(f"{shared_server.socket_url}/ws") as live, Live(f"{shared_server.socket_url}/ws") as other:
        body = {"userid": live.welcome["client"], "cmd": "go"}
        answer = api(shared_server, "POST", "/api/v1/socket/event/", json=body)
        assert (answer.status_code, answer.text) == (200, "ok")
        received = live.until_type("client.event")[-1]
        assert (received["event"], received["data"]) == ("task", body)
        other.ask("ping")
        assert not [m for m in other.seen if m["type"] == "client.event"]
