"""Who may connect by Socket.IO: tokens, roles, Host and Origin (contracts of the protocol, §10)."""

from __future__ import annotations

from typing import Dict, Iterator

import pytest

from harness.engineio import EngineSocket, attempt_socket, exchange
from harness.process import Server, ServerFactory, free_port
from harness.realtime import Live
from harness.socketio_client import PYTHONS, TRANSPORTS, ClientError, ClientProcess
from harness.vframe import join, new_task, perform

TOKENS = {"viewer": "look-only", "operator": "may.run~1", "worker": "works_hard", "admin": "A" * 128}
KINDS = [(version, transport) for version in PYTHONS for transport in TRANSPORTS]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("guarded-socketio")
    factory = ServerFactory(folder)
    flags = [part for role, token in TOKENS.items() for part in ("--token", f"{role}:{token}")]
    yield factory.start("serve", "--data-dir", str(folder / "data"), "--port", str(free_port()), *flags)
    factory.close()


@pytest.mark.parametrize("version,transport", KINDS)
@pytest.mark.parametrize("place", ["query", "header"])
def test_a_token_lets_a_client_in(guarded: Server, client_processes: Dict[str, ClientProcess], version: str,
                                  transport: str, place: str) -> None:
    client = client_processes[version].client(guarded, transport, connect=False)
    if place == "query":
        client.connect(f"{guarded.url}?token={TOKENS['worker']}")
    else:
        client.connect(headers={"Authorization": f"Bearer {TOKENS['worker']}"})
    with client, Live(f"{guarded.socket_url}/ws", token=TOKENS["admin"]) as live:
        record = next(one for one in live.snapshot("clients")["clients"] if one["id"] == client.userid)
        assert record["role"] == "worker"
        client.settle()


@pytest.mark.parametrize("version,transport", KINDS)
@pytest.mark.parametrize("query", ["", "?token=wrong", "?token="], ids=["none", "wrong", "empty"])
def test_without_the_right_token_nobody_gets_in(guarded: Server, client_processes: Dict[str, ClientProcess],
                                                version: str, transport: str, query: str) -> None:
    client = client_processes[version].client(guarded, transport, connect=False)
    with pytest.raises(ClientError):
        client.connect(guarded.url + query)


@pytest.mark.parametrize("query", ["", "&token=wrong"])
def test_the_refusal_of_a_token(guarded: Server, query: str) -> None:
    target = f"/socket.io/?EIO=4&transport=polling{query}"
    answer = exchange(guarded.port, "GET", target)
    assert answer.status in (401, 403) and b"sid" not in answer.body
    with attempt_socket(guarded.port, target.replace("polling", "websocket")) as raw:
        assert raw.read_response().status == answer.status
        assert raw.read_to_end() == b""


def test_a_viewer_looks_and_does_not_work(guarded: Server, client_processes: Dict[str, ClientProcess]) -> None:
    task, allowed = new_task(), new_task()
    viewer = client_processes["5"].client(guarded, "websocket", connect=False)
    viewer.connect(f"{guarded.url}?token={TOKENS['viewer']}")
    worker = client_processes["4.6.1"].client(guarded, "websocket", connect=False)
    worker.connect(f"{guarded.url}?token={TOKENS['worker']}")
    with viewer, Live(f"{guarded.socket_url}/ws", token=TOKENS["admin"]) as live:
        live.subscribe("tasks")
        join(viewer)
        perform(viewer, task)
        viewer.settle()
        perform(worker, allowed)
        worker.disconnect()
        live.finished(allowed)
        viewer.heard("task_end", lambda body: body["uuid"] == allowed)
        assert not [m for m in live.seen if m.get("task") == task], "no task of a viewer's making"
        assert not [e for e in viewer.events if e.name.startswith("task_") and e.arguments[0]["uuid"] == task]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:1"])
def test_a_foreign_origin_is_forbidden(shared_server: Server, origin: str) -> None:
    target = "/socket.io/?EIO=4&transport=polling"
    answer = exchange(shared_server.port, "GET", target, headers={"Origin": origin})
    assert answer.status == 403 and b"sid" not in answer.body
    with attempt_socket(shared_server.port, target.replace("polling", "websocket"), [("Origin", origin)]) as raw:
        assert raw.read_response().status == 403
        assert raw.read_to_end() == b""


def test_our_own_origin_is_welcome(shared_server: Server) -> None:
    headers = {"Origin": shared_server.url}
    assert exchange(shared_server.port, "GET", "/socket.io/?EIO=3&transport=polling", headers=headers).status == 200
    with EngineSocket(shared_server.port, 4, "/socket.io/", headers=[("Origin", shared_server.url)]) as socket:
        assert socket.opened["sid"]


def test_an_allowed_origin_is_named_in_the_answer(serve) -> None:
    server = serve("--allow-origin", "https://front.example")
    headers = {"Origin": "https://front.example"}
    answer = exchange(server.port, "GET", "/socket.io/?EIO=3&transport=polling", headers=headers)
    assert answer.status == 200
    assert answer.headers["access-control-allow-origin"] == "https://front.example"
    assert exchange(server.port, "OPTIONS", "/socket.io/?EIO=3&transport=polling", headers=headers).status == 204
    assert exchange(server.port, "GET", "/socket.io/?EIO=3&transport=polling",
                    headers={"Origin": "https://other.example"}).status == 403


def test_a_foreign_host_is_forbidden(shared_server: Server) -> None:
    answer = exchange(shared_server.port, "GET", "/socket.io/?EIO=4&transport=polling",
                      headers={"Host": "evil.example"})
    assert answer.status == 403


def test_tokens_are_not_in_the_log(guarded: Server) -> None:
    assert not [token for token in TOKENS.values() if token in guarded.log_text()]
