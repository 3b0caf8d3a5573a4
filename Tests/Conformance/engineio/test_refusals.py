"""Refused requests: status, code and message (contract of Socket.IO, §1)."""

from __future__ import annotations

import http.client

import pytest

from harness.engineio import EngineSocket, Polling, assert_refused, attempt_socket, begin, exchange
from harness.process import Server

TRANSPORT, SID, METHOD, BAD, FORBIDDEN, PROTOCOL = range(6)
WRONG_VERSIONS = ["", "EIO=", "EIO=abc", "EIO=5", "EIO=2", "EIO=1", "EIO=0", "EIO=-4", "EIO=04", "EIO=4.0", "EIO=4%20",
                  "EIO=%204", "EIO=34", "EIO=99999999999999999999", "EIO=%D9%A4", "eio=4"]


@pytest.mark.parametrize("query", WRONG_VERSIONS)
def test_only_versions_3_and_4_are_known(steady: Server, query: str) -> None:
    assert_refused(exchange(steady.port, "GET", f"/engine.io/?{query}&transport=polling"), PROTOCOL)


@pytest.mark.parametrize("query", WRONG_VERSIONS)
def test_a_websocket_of_an_unknown_version_is_refused_and_closed(steady: Server, query: str) -> None:
    with attempt_socket(steady.port, f"/engine.io/?{query}&transport=websocket") as raw:
        assert_refused(raw.read_response(), PROTOCOL)
        assert raw.read_to_end() == b""


@pytest.mark.parametrize("query", ["", "transport=", "transport=abc", "transport=Polling", "transport=polling2",
                                   "transport=webtransport", "transport=__proto__", "transport=%00"])
def test_an_unknown_transport_is_refused(steady: Server, version: int, query: str) -> None:
    assert_refused(exchange(steady.port, "GET", f"/engine.io/?EIO={version}&{query}"), TRANSPORT)
    with attempt_socket(steady.port, f"/engine.io/?EIO={version}&{query}") as raw:
        assert_refused(raw.read_response(), TRANSPORT)
        assert raw.read_to_end() == b""


@pytest.mark.parametrize("sid", ["unknown", "", "%00", "x" * 2000, "..%2F..", "%F0%9F%98%80"],
                         ids=["word", "empty", "nul", "long", "path", "emoji"])
def test_an_unknown_session_is_refused(steady: Server, version: int, sid: str) -> None:
    if sid == "":
        assert exchange(steady.port, "POST", f"/engine.io/?EIO={version}&transport=polling&sid=", b"4x").status == 400
        return
    target = f"/engine.io/?EIO={version}&transport=polling&sid={sid}"
    assert_refused(exchange(steady.port, "GET", target), SID)
    assert_refused(exchange(steady.port, "POST", target, b"4hello"), SID)


def test_a_websocket_for_an_unknown_session_is_refused_and_closed(steady: Server, version: int) -> None:
    with attempt_socket(steady.port, f"/engine.io/?EIO={version}&transport=websocket&sid=unknown") as raw:
        assert_refused(raw.read_response(), SID)
        assert raw.read_to_end() == b""


def test_a_session_begins_with_get(steady: Server, version: int) -> None:
    target = f"/engine.io/?EIO={version}&transport=polling"
    assert_refused(exchange(steady.port, "POST", target), METHOD)
    assert_refused(exchange(steady.port, "POST", target, b"4hello"), METHOD)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
def test_other_methods_get_400(steady: Server, version: int, method: str) -> None:
    def status(target: str) -> int:
        connection = http.client.HTTPConnection(steady.address, timeout=10)
        connection.request(method, target)
        answer = connection.getresponse().status
        connection.close()
        return answer

    assert status(f"/engine.io/?EIO={version}&transport=polling") == 400
    session = Polling(steady.port, version)
    assert status(session.target()) == 400
    session.send("4still here")
    assert session.receive() == "4still here"


def test_the_transport_websocket_needs_an_upgrade(steady: Server, version: int) -> None:
    target = f"/engine.io/?EIO={version}&transport=websocket"
    assert_refused(exchange(steady.port, "GET", target), BAD)
    session = Polling(steady.port, version)
    assert_refused(exchange(steady.port, "GET", session.target("websocket")), BAD)
    session.send("4still here")
    assert session.receive() == "4still here"


def test_a_websocket_session_is_not_polled(steady: Server, version: int) -> None:
    with EngineSocket(steady.port, version) as socket:
        target = f"/engine.io/?EIO={version}&transport=polling&sid={socket.opened['sid']}"
        assert_refused(exchange(steady.port, "GET", target), BAD)
        assert_refused(exchange(steady.port, "POST", target, b"4x" if version == 4 else b"2:4x"), BAD)
        socket.send("4still here")
        assert socket.receive() == "4still here"


def test_a_websocket_with_the_transport_polling_is_refused(steady: Server, version: int) -> None:
    with attempt_socket(steady.port, f"/engine.io/?EIO={version}&transport=polling") as raw:
        assert raw.read_response().status in (200, 400), "an Upgrade header may be left unheeded (RFC 9110 §7.8)"


def test_an_incomplete_upgrade_is_refused(steady: Server, version: int) -> None:
    for headers in ([("Sec-WebSocket-Version", "7")], [("Sec-WebSocket-Key", "short")]):
        with attempt_socket(steady.port, f"/engine.io/?EIO={version}&transport=websocket", headers) as raw:
            assert raw.read_response().status in (400, 426)


def test_an_origin_of_strange_bytes_is_a_bad_request(steady: Server, version: int) -> None:
    # A control character in a header's value: the reference takes this for a bad request too.
    with attempt_socket(steady.port, f"/engine.io/?EIO={version}&transport=websocket", [("Origin", "a\x01b")]) as raw:
        assert raw.read_response().status == 400
        assert raw.read_to_end() == b""


def test_a_refusal_leaves_the_connection_usable(steady: Server) -> None:
    with begin(steady.port, "GET", "/engine.io/?EIO=5&transport=polling") as raw:
        assert_refused(raw.read_response(), PROTOCOL)
        raw.send(f"GET /engine.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: {steady.address}\r\n\r\n".encode())
        assert raw.read_response().status == 200
