"""The handshake on `/ws` and the first message (contracts of the protocol, §2 and §10)."""

from __future__ import annotations

import json
import re

import pytest
import requests

from harness.process import Server
from harness.raw_websocket import BINARY, TEXT, RawClient, Response, frame, request
from harness.realtime import Live


def handshake(server: Server, *headers: "tuple[str, str]", **options: object) -> Response:
    with RawClient(server.port) as raw:
        raw.send(request(path="/ws", host=server.address, headers=list(headers), **options))  # type: ignore[arg-type]
        return raw.read_response()


def error_code(response: Response) -> str:
    return str(json.loads(response.body)["error"]["code"])


def test_the_welcome_comes_first_and_is_complete(shared_server: Server) -> None:
    with Live(f"{shared_server.socket_url}/ws") as live:
        welcome = live.welcome
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", welcome["client"])
    assert isinstance(welcome["epoch"], str) and welcome["epoch"]
    assert isinstance(welcome["offset"], int) and welcome["offset"] >= 0
    assert re.fullmatch(r"vitrine/\d+\.\d+\.\d+\S*", welcome["server"])
    assert (welcome["role"], welcome["ping"]) == ("admin", 25_000)
    assert welcome["limits"] == {"message": 262_144, "depth": 32, "subscriptions": 256}


@pytest.mark.parametrize("offered,selected", [
    (None, {None, "vitrine.v1"}), ("vitrine.v1", {"vitrine.v1"}), ("foo, vitrine.v1, bar", {"vitrine.v1"}),
    ("vitrine.v2, vitrine.v1", {"vitrine.v1"}),
])
def test_only_our_subprotocol_is_selected(shared_server: Server, offered: "str | None", selected: set) -> None:
    response = handshake(shared_server, *([("Sec-WebSocket-Protocol", offered)] if offered else []))
    assert response.status == 101
    assert response.headers.get("sec-websocket-protocol") in (selected if offered else {None})


@pytest.mark.parametrize("offered", ["vitrine.v2", "foo", "foo, bar", "VITRINE.V1", "graphql-ws", "vitrine.token.x"])
def test_only_other_subprotocols_are_refused(shared_server: Server, offered: str) -> None:
    response = handshake(shared_server, ("Sec-WebSocket-Protocol", offered))
    assert response.status == 400
    assert error_code(response) == "bad_request"


def test_a_plain_request_is_told_to_upgrade(shared_server: Server) -> None:
    answer = requests.get(f"{shared_server.url}/ws", timeout=10)
    assert answer.status_code == 426
    assert answer.headers["Upgrade"].lower() == "websocket"
    assert answer.headers["Sec-WebSocket-Version"] == "13"
    assert set(answer.json()["error"]) == {"code", "message"}


def test_another_version_is_told_the_right_one(shared_server: Server) -> None:
    response = handshake(shared_server, ("Sec-WebSocket-Version", "12"))
    assert response.status == 426
    assert response.headers["sec-websocket-version"] == "13"
    assert error_code(response) == "unsupported_version"


def test_a_body_is_refused(shared_server: Server) -> None:
    response = handshake(shared_server, ("Content-Length", "2"), body=b"{}")
    assert response.status == 400
    assert error_code(response) == "bad_request"


def test_deflate_is_negotiated_when_offered(shared_server: Server) -> None:
    with Live(f"{shared_server.socket_url}/ws", compression="deflate") as live:
        assert live.socket.protocol.extensions
        assert live.subscribe("tasks", "library", "clients")[-1]["type"] == "synced"
    with Live(f"{shared_server.socket_url}/ws", compression=None) as live:
        assert not live.socket.protocol.extensions


def test_an_upgrade_after_a_rest_call_on_the_same_connection(shared_server: Server) -> None:
    with RawClient(shared_server.port) as raw:
        raw.send(f"GET /healthz HTTP/1.1\r\nHost: {shared_server.address}\r\n\r\n".encode())
        assert raw.read_response().status == 200
        raw.upgrade(path="/ws", host=shared_server.address)
        assert json.loads(raw.read_frame().payload)["type"] == "welcome"


def test_a_message_in_the_same_segment_as_the_handshake_is_answered(shared_server: Server) -> None:
    with RawClient(shared_server.port) as raw:
        raw.send(request(path="/ws", host=shared_server.address) + frame(TEXT, b'{"type":"ping","id":7}'))
        assert raw.read_response().status == 101
        assert json.loads(raw.read_frame().payload)["type"] == "welcome"
        pong = json.loads(raw.read_frame().payload)
        assert (pong["type"], pong["id"]) == ("pong", 7)


def test_a_refused_upgrade_on_a_rest_path_is_answered_and_closed(shared_server: Server) -> None:
    with RawClient(shared_server.port) as raw:
        raw.send(f"GET /healthz HTTP/1.1\r\nHost: {shared_server.address}\r\nConnection: Upgrade\r\n"
                 f"Upgrade: h2c\r\n\r\n".encode())
        response = raw.read_response()
        assert response.status == 200
        assert response.headers["connection"].lower() == "close"
        assert raw.read_to_end() == b""


def test_a_binary_message_closes_with_1003(shared_server: Server) -> None:
    with RawClient(shared_server.port) as raw:
        raw.upgrade(path="/ws", host=shared_server.address)
        raw.read_frame()
        raw.send(frame(BINARY, b'{"type":"ping"}'))
        raw.expect_close(1003)


def test_invalid_utf8_closes_with_1007(shared_server: Server) -> None:
    with RawClient(shared_server.port) as raw:
        raw.upgrade(path="/ws", host=shared_server.address)
        raw.read_frame()
        raw.send(frame(TEXT, b'{"type":"\xff"}'))
        raw.expect_close(1007)
