"""VFrame's socket API to real clients of both ages over every transport (contract of VFrame, §4)."""

from __future__ import annotations

from typing import Dict, Iterator, Tuple

import pytest
import requests

from harness.process import Server
from harness.realtime import Live
from harness.socketio_client import PYTHONS, TRANSPORTS, ClientProcess, SocketIOClient
from harness.vframe import ROOM, join, new_task, perform
from harness.waiting import eventually

KINDS = [(version, transport) for version in PYTHONS for transport in TRANSPORTS]


@pytest.fixture(params=KINDS, ids=lambda kind: "-".join(kind))
def client(request: pytest.FixtureRequest, client_processes: Dict[str, ClientProcess],
           shared_server: Server) -> Iterator[SocketIOClient]:
    version, transport = request.param
    with client_processes[version].client(shared_server, transport) as made:
        yield made


def test_the_first_event_names_the_client(client: SocketIOClient) -> None:
    userid = client.userid
    assert len(userid) == 36 and userid == userid.lower()
    first = next(event for event in client.events if event.name != "connect")
    assert (first.name, first.arguments) == ("status", [{"key": "connected_user", "value": userid}])
    assert client.names()[0] == "connect", "CONNECT comes before the handler's events"


@pytest.mark.parametrize("value", ["ready", "", 5, None, ["a", 1], {"nested": {"\u00e9": "\U0001F600"}}], ids=ascii)
def test_status_is_echoed_as_a_key(client: SocketIOClient, value: object) -> None:
    after = len(client.events)
    client.userid
    client.emit("status", {"status": value})
    assert client.heard("status", lambda body: body != {"key": "connected_user", "value": client.userid},
                        after=after).arguments == [{"key": value}]


def test_pingpong_is_answered(client: SocketIOClient) -> None:
    for _ in range(3):
        after = len(client.events)
        client.emit("pingpong")
        assert client.heard("pingpong", after=after).arguments == [{"type": "PING PONG!!!"}]


def test_joining_answers_with_the_tasks_only_in_the_clients_room(client: SocketIOClient) -> None:
    client.emit("join", {"room": "elsewhere"})
    client.settle()
    assert "list_tasks" not in client.names()
    assert isinstance(join(client), dict)
    assert isinstance(join(client), dict), "joining again lists again"


def test_disconnect_request_is_answered_and_done(client: SocketIOClient) -> None:
    client.emit("disconnect request")
    client.heard("status", lambda body: body == {"key": "disconnected"})
    client.heard("disconnect")
    names = client.names()
    assert set(names[names.index("disconnect"):]) == {"disconnect"}, "nothing follows"
    userid = client.userid
    eventually(lambda: userid not in listed(client.server), "it has left")


def listed(server: Server) -> list:
    return list(requests.get(f"{server.url}/api/v1/socket/clients/", timeout=10).json()["clients"])


def test_a_client_is_listed_until_it_leaves(client: SocketIOClient) -> None:
    userid = client.userid
    assert listed(client.server).count(userid) == 1
    client.disconnect()
    eventually(lambda: userid not in listed(client.server), "it has left, long before its pings go unanswered")


def test_presence_says_how_it_is_connected(client: SocketIOClient) -> None:
    transport = "polling" if client.transport == "polling" else "websocket"
    protocol = "eio3" if client.process.version.startswith("4") else "eio4"
    with Live(f"{client.server.socket_url}/ws") as live:
        def record() -> Dict[str, object]:
            clients = live.snapshot("clients")["clients"]
            return next((one for one in clients if one["id"] == client.userid), {})
        found = eventually(lambda: (r := record()).get("transport") == transport and r, f"it is there by {transport}")
        assert (found["protocol"], found["kind"], found["role"]) == (protocol, "script", "admin")
        join(client)
        found = eventually(lambda: (r := record())["kind"] == "dashboard" and r, "it follows tasks")
        assert found["topics"] == [ROOM]
        client.disconnect()
        live.until(lambda m: m["type"] == "client.left" and m["client"] == client.userid)


def test_one_event_reaches_one_client(client: SocketIOClient, client_processes: Dict[str, ClientProcess]) -> None:
    with client_processes["5"].client(client.server, "websocket") as other:
        body = {"userid": client.userid, "cmd": "go", "text": "\U0001F600"}
        answer = requests.post(f"{client.server.url}/api/v1/socket/event/", json=body, timeout=10)
        assert (answer.status_code, answer.text) == (200, "ok")
        assert client.heard("task").arguments == [body]
        other.settle()
        assert "task" not in other.names()
        client.disconnect()

        def status() -> int:
            return requests.post(f"{client.server.url}/api/v1/socket/event/", json=body, timeout=10).status_code
        eventually(lambda: status() == 404, "it cannot be reached any more")


MALFORMED: "list[Tuple[str, list]]" = [
    ("join", []), ("join", [None]), ("join", ["/client"]), ("join", [{"room": 5}]), ("join", [{"room": None}]),
    ("join", [[]]), ("join", [{}]), ("leave", []), ("leave", [{"room": {}}]), ("leave", [{"room": "never joined"}]),
    ("status", []), ("status", ["text"]), ("status", [[1]]), ("task_start", []), ("task_start", [{}]),
    ("task_start", [{"uuid": 5}]), ("task_start", ["text"]), ("task_start", [{"uuid": None}]), ("task_update", []),
    ("task_update", [{}]), ("task_update", [{"type": "progress", "data": {}}]), ("task_update", [[1, 2, 3]]),
    ("task_update", [{"uuid": "u", "type": 5, "data": None}]), ("task_update", [{"uuid": ["u"]}]),
    ("pingpong", [1, 2, 3]), ("unknown event", [{"a": 1}]), ("task", [{"type": "start", "task": {}}]),
    ("system", [{"cmd": "ps", "uuid": "x"}]), ("task_end", [{"uuid": "x"}]), ("", ["no name"]),
    ("join", [{"room": "x" * 100_000}]), ("status", [{"base64": "AQIDBA=="}]), ("task_start", [{"base64": "AQIDBA=="}]),
]


def test_malformed_payloads_do_not_kill_the_connection(client: SocketIOClient) -> None:
    for event, arguments in MALFORMED:
        client.emit(event, *arguments)
    client.settle()
    assert "disconnect" not in client.names()
    assert isinstance(join(client), dict)


def test_who_has_left_the_room_hears_no_more(client: SocketIOClient,
                                             client_processes: Dict[str, ClientProcess]) -> None:
    first, second = new_task(), new_task()
    with client_processes["5"].client(client.server, "websocket") as worker:
        join(client)
        perform(worker, first, [])
        client.heard("task_start", lambda body: body["uuid"] == first)
        client.emit("leave", {"room": ROOM})
        client.settle()
        perform(worker, second, [])
        worker.settle()
        client.settle()
        assert not [event for event in client.events if event.arguments[:1] == [{"uuid": second}]]


def test_a_client_comes_back_as_another(client: SocketIOClient) -> None:
    client.disconnect()
    with client.process.client(client.server, client.transport) as again:
        assert again.userid != client.userid
        again.settle()
        assert listed(client.server).count(client.userid) == 0
