"""Who may connect: Host, Origin, tokens and roles (contracts of the protocol, §10)."""

from __future__ import annotations

import json
from typing import Iterator

import pytest
import requests
from websockets.exceptions import InvalidStatus

from harness.process import Server, ServerFactory, free_port
from harness.raw_websocket import RawClient, Response, request
from harness.realtime import Live

TOKENS = {"viewer": "look-only", "operator": "may.run~1", "worker": "works_hard", "admin": "A" * 128}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("guarded")
    factory = ServerFactory(folder)
    flags = [part for role, token in TOKENS.items() for part in ("--token", f"{role}:{token}")]
    yield factory.start("serve", "--data-dir", str(folder / "data"), "--port", str(free_port()), *flags)
    factory.close()


def handshake(server: Server, *headers: "tuple[str, str]", path: str = "/ws", host: str = "") -> Response:
    with RawClient(server.port) as raw:
        raw.send(request(path=path, host=host or server.address, headers=list(headers)))
        return raw.read_response()


def code_of(response: Response) -> str:
    assert response.headers["content-type"].startswith("application/json")
    error = json.loads(response.body)["error"]
    assert isinstance(error["message"], str) and error["message"]
    return str(error["code"])


@pytest.mark.parametrize("role", TOKENS)
def test_a_token_in_each_of_its_places_gives_its_role(guarded: Server, role: str) -> None:
    token, url = TOKENS[role], f"{guarded.socket_url}/ws"
    with Live(url, token=token) as live:
        assert live.welcome["role"] == role
    with Live(f"{url}?token={token}") as live:
        assert live.welcome["role"] == role
    with Live(url, subprotocols=["vitrine.v1", f"vitrine.token.{token}"]) as live:
        assert live.welcome["role"] == role
        assert live.socket.subprotocol == "vitrine.v1"


def test_the_first_place_wins(guarded: Server) -> None:
    url = f"{guarded.socket_url}/ws?token={TOKENS['viewer']}"
    with Live(url, token=TOKENS["admin"], subprotocols=["vitrine.v1", f"vitrine.token.{TOKENS['operator']}"]) as live:
        assert live.welcome["role"] == "admin"
    with Live(url, subprotocols=["vitrine.v1", f"vitrine.token.{TOKENS['operator']}"]) as live:
        assert live.welcome["role"] == "operator"


@pytest.mark.parametrize("headers,path", [
    ([], "/ws"), ([], "/ws?token="), ([], "/ws?token=wrong"), ([("Authorization", "Bearer wrong")], "/ws"),
    ([("Authorization", "Basic bG9vay1vbmx5")], "/ws"), ([("Authorization", "Bearer look-onl")], "/ws"),
    ([("Authorization", "Bearer look-only2")], "/ws"), ([("Authorization", "Bearer wrong")], "/ws?token=look-only"),
    ([("Sec-WebSocket-Protocol", "vitrine.v1, vitrine.token.wrong")], "/ws"),
], ids=str)
def test_no_token_or_a_wrong_one_is_unauthorized(guarded: Server, headers: list, path: str) -> None:
    response = handshake(guarded, *headers, path=path)
    assert response.status == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert code_of(response) == "unauthorized"


@pytest.mark.parametrize("method,path", [("GET", "/api/tasks"), ("GET", "/events"), ("POST", "/api/tasks"),
                                         ("POST", "/api/v1/task/test/"), ("GET", "/api/v1/socket/clients/")])
def test_http_needs_the_token_too(guarded: Server, method: str, path: str) -> None:
    body = {} if method == "POST" else None
    answer = requests.request(method, guarded.url + path, json=body, timeout=10, stream=True)
    assert answer.status_code == 401
    answer.close()


def test_a_viewer_may_look_but_not_touch(guarded: Server) -> None:
    with Live(f"{guarded.socket_url}/ws", token=TOKENS["viewer"]) as live:
        assert live.subscribe("tasks")[-1]["type"] == "synced"
        assert live.ask("task.run", name="long_task", params={"steps": 1})["code"] == "forbidden"
        assert live.ask("task.cancel", task="any")["code"] == "forbidden"
        refused = live.subscribe("log")[-1]
        assert (refused["type"], refused["code"]) == ("error", "forbidden")
        assert live.ask("hello", name="me", kind="worker", capabilities=["x"], slots=1)["code"] == "forbidden"
        live.hello()
        assert live.publish("app/a", 1)["code"] == "forbidden"
        assert live.ask("ping")["type"] == "pong"
    headers = {"Authorization": f"Bearer {TOKENS['viewer']}"}
    body = {"name": "long_task", "params": {"steps": 1}}
    assert requests.get(f"{guarded.url}/api/tasks", headers=headers, timeout=10).status_code == 200
    assert requests.post(f"{guarded.url}/api/tasks", headers=headers, json=body, timeout=10).status_code == 403
    assert requests.post(f"{guarded.url}/api/v1/task/test/", headers=headers, json={}, timeout=10).status_code == 403


@pytest.mark.parametrize("role", ["operator", "admin"])
def test_an_operator_and_an_admin_may_run_and_publish(guarded: Server, role: str) -> None:
    with Live(f"{guarded.socket_url}/ws", token=TOKENS[role]) as live:
        live.hello()
        assert live.publish("app/a", 1)["type"] == "ok"
        assert live.subscribe("log")[-1]["type"] == "synced"
        task = live.run("long_task", {"steps": 1, "delay_ms": 0})["task"]
        assert live.ask("task.cancel", task=task)["type"] == "ok"


def test_a_worker_may_publish_but_not_run(guarded: Server) -> None:
    with Live(f"{guarded.socket_url}/ws", token=TOKENS["worker"]) as live:
        live.hello()
        assert live.publish("app/a", 1)["type"] == "ok"
        assert live.ask("task.run", name="long_task")["code"] == "forbidden"
        assert live.subscribe("log")[-1]["code"] == "forbidden"


def test_no_token_is_ever_logged_or_answered(guarded: Server) -> None:
    for token in TOKENS.values():
        with Live(f"{guarded.socket_url}/ws?token={token}") as live:
            live.subscribe("clients")
            requests.get(f"{guarded.url}/api/tasks?token={token}", timeout=10)
            requests.get(f"{guarded.url}/nowhere?token={token}", timeout=10)
            assert token not in str(live.seen)
    assert not [role for role, token in TOKENS.items() if token in guarded.log_text()]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}",
                                  "192.168.7.7:{port}", "10.0.0.1"])
def test_a_host_that_is_an_address_or_localhost_is_taken(shared_server: Server, host: str) -> None:
    assert handshake(shared_server, host=host.format(port=shared_server.port)).status == 101


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "localhost.evil.example", "127.0.0.1.evil",
                                  "localhost@evil.example", "1.2.3.4.5", "::1x"])
@pytest.mark.parametrize("path", ["/ws", "/events", "/api/tasks"])
def test_another_host_is_forbidden(shared_server: Server, host: str, path: str) -> None:
    host = host.format(port=shared_server.port)
    response = handshake(shared_server, path=path, host=host) if path == "/ws" else plain(shared_server, path, host)
    assert response.status == 403
    assert code_of(response) == "forbidden_host"


def plain(server: Server, path: str, host: str, *headers: "tuple[str, str]") -> Response:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    with RawClient(server.port) as raw:
        raw.send(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode())
        return raw.read_response()


def test_a_missing_or_doubled_host_is_refused(shared_server: Server) -> None:
    for blob in (request(path="/ws", drop=["Host"]),
                 request(path="/ws", headers=[("Host", "127.0.0.1"), ("Host", "127.0.0.1")])):
        with RawClient(shared_server.port) as raw:
            raw.send(blob)
            assert raw.read_response().status in (400, 403)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "file://", "x",
                                    "http://evil.example/127.0.0.1:{port}"])
@pytest.mark.parametrize("path", ["/ws", "/events"])
def test_another_origin_is_forbidden(shared_server: Server, origin: str, path: str) -> None:
    origin = origin.format(port=shared_server.port)
    response = (handshake(shared_server, ("Origin", origin)) if path == "/ws"
                else plain(shared_server, path, shared_server.address, ("Origin", origin)))
    assert response.status == 403
    assert code_of(response) == "forbidden_origin"


def test_a_state_changing_request_of_another_origin_is_forbidden(shared_server: Server) -> None:
    answer = requests.post(f"{shared_server.url}/api/tasks", headers={"Origin": "http://evil.example"},
                           json={"name": "long_task", "params": {"steps": 1}}, timeout=10)
    assert answer.status_code == 403


def test_the_own_origin_is_taken(shared_server: Server) -> None:
    origin = ("Origin", f"http://{shared_server.address}")
    assert handshake(shared_server, origin).status == 101


def test_hosts_and_origins_that_were_allowed_are_taken(serve) -> None:
    server = serve("--allow-host", "gallery.example", "--allow-host", "second.example",
                   "--allow-origin", "https://app.example", "--allow-origin", "http://other.example:8000")
    for host in ("gallery.example", "second.example", "GALLERY.example"):
        assert handshake(server, host=host).status == 101
    for origin in ("https://app.example", "http://other.example:8000"):
        assert handshake(server, ("Origin", origin)).status == 101
    for origin in ("http://app.example", "http://other.example", "https://app.example:444"):
        assert handshake(server, ("Origin", origin)).status == 403
    assert handshake(server, host="third.example").status == 403


def test_host_and_origin_are_checked_before_the_token(guarded: Server) -> None:
    assert code_of(handshake(guarded, host="evil.example")) == "forbidden_host"
    assert code_of(handshake(guarded, ("Origin", "http://evil.example"))) == "forbidden_origin"


def test_without_tokens_everyone_is_admin(shared_server: Server) -> None:
    with Live(f"{shared_server.socket_url}/ws") as live:
        assert live.welcome["role"] == "admin"


def test_a_python_client_sees_the_status_of_a_refusal(guarded: Server) -> None:
    with pytest.raises(InvalidStatus) as refused:
        Live(f"{guarded.socket_url}/ws")
    assert refused.value.response.status_code == 401
