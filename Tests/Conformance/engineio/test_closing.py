"""Ends by the client, and errors on a WebSocket (contract of Socket.IO, §2 "Close and errors")."""

from __future__ import annotations

import time

import pytest

from harness.engineio import EngineSocket, Polling, assert_refused
from harness.process import Server
from harness.raw_websocket import BINARY, CLOSE, TEXT, RawClient, close_frame, frame, request

NOOP = {3: b"1:6", 4: b"6"}


def test_a_close_by_post_answers_the_pending_get_with_a_noop(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    with session.begin_get() as pending:
        time.sleep(0.01)
        answer = session.post("1")
        assert (answer.status, answer.body) == (200, b"ok")
        released = pending.read_response()
        assert (released.status, released.body) == (200, NOOP[version])
    assert_refused(session.get(), 1)
    assert_refused(session.post("4hello"), 1)


def test_a_close_that_races_the_get_releases_it_too(calm: Server, version: int) -> None:
    for _ in range(20):
        session = Polling(calm.port, version)
        with session.begin_get() as pending:
            assert session.post("1").status == 200
            released = pending.read_response()
            assert released.status == 400 or (released.status, released.body) == (200, NOOP[version])
        assert_refused(session.get(), 1)


def test_a_close_by_post_without_a_pending_get(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    assert session.post("1").status == 200
    assert_refused(session.get(), 1)


def test_nothing_after_a_close_is_answered(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with session.begin_get() as pending:
        time.sleep(0.01)
        session.post("4before", "1", "4after")
        released = pending.read_response()
        assert b"after" not in released.body
    session.expect_gone()


def test_a_close_by_frame_ends_the_socket(steady: Server, version: int) -> None:
    with EngineSocket(steady.port, version) as socket:
        socket.send("1")
        socket.expect_closed(allowed=())


def test_a_close_frame_ends_the_session(calm: Server, version: int) -> None:
    with EngineSocket(calm.port, version) as socket:
        socket.raw.send(close_frame(1000))
        answer = socket.raw.read_frame()
        assert (answer.opcode, answer.close_code) == (CLOSE, 1000)
        assert socket.raw.read_to_end() == b""
    target = f"/engine.io/?EIO={version}&transport=websocket&sid={socket.opened['sid']}"
    with RawClient(calm.port) as raw:
        raw.send(request(path=target, host=calm.address))
        assert_refused(raw.read_response(), 1)


def test_a_cut_socket_ends_the_session(calm: Server, version: int) -> None:
    with EngineSocket(calm.port, version) as socket:
        sid = socket.opened["sid"]
    session = Polling(calm.port, version)
    session.sid = sid
    session.expect_gone()


@pytest.mark.parametrize("text", ["abc", "", "7", "9x", "-1", "{}", " 4hello", "\U0001F600", "\x04hello"],
                         ids=ascii)
def test_an_unknown_packet_closes_the_socket(steady: Server, version: int, text: str) -> None:
    with EngineSocket(steady.port, version) as socket:
        socket.raw.send(frame(TEXT, text.encode()))
        socket.expect_closed(allowed=())


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x05\x01", b"4hello", b"\xff"], ids=ascii)
def test_a_binary_frame_of_version_3_begins_with_its_type(calm: Server, data: bytes) -> None:
    with EngineSocket(calm.port, 3) as socket:
        socket.raw.send(frame(BINARY, data))
        socket.expect_closed(allowed=())


@pytest.mark.parametrize("payload,opcode", [(b"4" + b"x" * 1_000_000, TEXT), (b"x" * 1_000_001, BINARY)],
                         ids=["text", "binary"])
def test_a_message_past_the_bound_closes_the_socket(calm: Server, version: int, payload: bytes, opcode: int) -> None:
    with EngineSocket(calm.port, version) as socket:
        if opcode == BINARY and version == 3:
            payload = b"\x04" + payload
        try:
            socket.raw.send(frame(opcode, payload))
        except OSError:
            return  # Cut while it was sent.
        socket.expect_closed(allowed=())


def test_many_ends_leave_the_server_at_work(calm: Server, version: int) -> None:
    for number in range(60):
        socket = EngineSocket(calm.port, version)
        if number % 3 == 0:
            socket.send("1")
        elif number % 3 == 1:
            socket.send("abc")
        socket.raw.socket.close()
    session = Polling(calm.port, version)
    session.send("4hello")
    assert session.receive() == "4hello"
