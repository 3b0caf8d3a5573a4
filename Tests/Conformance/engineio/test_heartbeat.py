"""Heartbeats of both directions (contract of Socket.IO, §2 "Heartbeat")."""

from __future__ import annotations

import time

import pytest

from harness.engineio import Closed, EngineSocket, Polling, assert_refused, upgraded
from harness.process import Server
from harness.raw_websocket import PING, PONG, frame

INTERVAL, TIMEOUT, PATIENCE = 0.3, 0.2, 1.5
LATE = 5.0
"""How much later than the rule says something may happen on a busy machine, in seconds."""


def test_the_server_pings_over_polling_in_version_4(patient: Server) -> None:
    session = Polling(patient.port, 4)
    for _ in range(4):
        answer = session.get()
        assert (answer.status, answer.body) == (200, b"2")
        session.send("3")


def test_the_server_pings_over_a_websocket_in_version_4(patient: Server) -> None:
    opened = time.monotonic()
    with EngineSocket(patient.port, 4) as socket:
        for number in range(1, 5):
            assert socket.receive_packet() == "2"
            assert number * INTERVAL - 0.1 < time.monotonic() - opened < number * (INTERVAL + LATE)
            socket.send("3")


def test_the_client_pings_over_polling_in_version_3(patient: Server) -> None:
    session = Polling(patient.port, 3)
    for data in ("", "probe", "", "\U0001F600") * 4:
        session.send("2" + data)
        assert session.poll() == ["3" + data]
        time.sleep(INTERVAL / 2)
    session.send("4still here")
    assert session.poll() == ["4still here"]


def test_the_client_pings_over_a_websocket_in_version_3(patient: Server) -> None:
    with EngineSocket(patient.port, 3) as socket:
        for data in ("", "data", "", "probe") * 4:
            socket.send("2" + data)
            assert socket.receive_packet() == "3" + data
            time.sleep(INTERVAL / 2)
        socket.send("4still here")
        assert socket.receive_packet() == "4still here"


def test_a_polling_session_without_heartbeat_has_gone_after_both_times(quick: Server, version: int) -> None:
    """Not sooner, and not a moment later: a suite looks just then."""
    session = Polling(quick.port, version)
    time.sleep(INTERVAL + TIMEOUT)
    assert_refused(session.get(), 1)


def test_many_sessions_without_heartbeat_have_gone_after_both_times(quick: Server, version: int) -> None:
    sessions = []
    for _ in range(30):
        sessions.append((Polling(quick.port, version), time.monotonic()))
    for session, opened in sessions:
        time.sleep(max(0.0, opened + INTERVAL + TIMEOUT - time.monotonic()))
        assert_refused(session.get(), 1)


def test_a_polling_session_lives_until_its_heartbeat_is_overdue(patient: Server, version: int) -> None:
    session = Polling(patient.port, version)
    time.sleep(INTERVAL + PATIENCE / 3)
    session.send("4alive")
    assert "4alive" in session.poll()


def test_a_ping_unanswered_over_polling_ends_the_session_of_version_4(patient: Server) -> None:
    session = Polling(patient.port, 4)
    assert session.get().body == b"2"
    time.sleep(PATIENCE)
    assert_refused(session.get(), 1)


def test_a_pending_get_is_let_go_when_the_heartbeat_fails(patient: Server) -> None:
    for version in (3, 4):
        session = Polling(patient.port, version)
        if version == 4:
            assert session.get().body == b"2"
        started = time.monotonic()
        with session.begin_get() as pending:
            assert pending.read_response().status in (200, 400)
        assert time.monotonic() - started < INTERVAL + PATIENCE + LATE
        session.expect_gone()


def test_a_websocket_without_heartbeat_is_closed(quick: Server, version: int) -> None:
    opened = time.monotonic()
    with EngineSocket(quick.port, version) as socket:
        socket.expect_closed()
        assert INTERVAL + TIMEOUT - 0.1 < time.monotonic() - opened < INTERVAL + TIMEOUT + LATE


def test_messages_are_no_pong(quick: Server) -> None:
    with EngineSocket(quick.port, 4) as socket:
        started = time.monotonic()
        with pytest.raises(Closed):
            while time.monotonic() - started < 2 * LATE:
                socket.send("4hello")
                socket.receive_packet()
                time.sleep(0.02)
        assert time.monotonic() - started < INTERVAL + TIMEOUT + LATE


def test_pings_come_though_messages_flow(patient: Server) -> None:
    with EngineSocket(patient.port, 4) as socket:
        pings, started = 0, time.monotonic()
        while pings < 3:
            assert time.monotonic() - started < 3 * (INTERVAL + LATE)
            socket.send("4hello")
            while socket.receive_packet() == "2":
                pings += 1
                socket.send("3")
            time.sleep(0.005)


def test_any_ping_of_version_3_counts(patient: Server) -> None:
    with EngineSocket(patient.port, 3) as socket:
        for _ in range(16):
            socket.send("2")
            assert socket.receive_packet() == "3"
            time.sleep(0.15)


def test_a_version_3_session_gets_no_ping(patient: Server) -> None:
    session = Polling(patient.port, 3)
    for _ in range(5):
        session.send("2")
        assert session.poll() == ["3"]
        time.sleep(0.2)


@pytest.mark.parametrize("packet", ["2", "2probe", "2data"])
def test_a_ping_of_the_client_is_an_error_in_version_4(calm: Server, packet: str) -> None:
    session = Polling(calm.port, 4)
    assert session.post(packet).status in (200, 400)
    session.expect_gone()
    with EngineSocket(calm.port, 4) as socket:
        socket.send(packet)
        socket.expect_closed()


@pytest.mark.parametrize("packet", ["3", "3probe"])
def test_a_pong_of_the_client_is_an_error_in_version_3(calm: Server, packet: str) -> None:
    session = Polling(calm.port, 3)
    assert session.post(packet).status in (200, 400)
    session.expect_gone()
    with EngineSocket(calm.port, 3) as socket:
        socket.send(packet)
        socket.expect_closed()


def test_the_heartbeat_goes_on_after_the_upgrade(patient: Server) -> None:
    with upgraded(Polling(patient.port, 4)) as socket:
        for _ in range(3):
            assert socket.receive_packet() == "2"
            socket.send("3")
        socket.expect_closed(within=INTERVAL + PATIENCE + LATE)
    with upgraded(Polling(patient.port, 3)) as socket:
        for _ in range(3):
            time.sleep(INTERVAL)
            socket.send("2")
            assert socket.receive_packet() == "3"
        socket.expect_closed(within=INTERVAL + PATIENCE + LATE)


def test_a_pong_by_polling_counts_for_a_ping_before_the_upgrade(patient: Server) -> None:
    session = Polling(patient.port, 4)
    assert session.get().body == b"2"
    with upgraded(session) as socket:
        socket.send("3")
        assert socket.receive_packet() == "2", "the next ping, not the end"


def test_the_websockets_own_pings_are_answered(steady: Server, version: int) -> None:
    with EngineSocket(steady.port, version) as socket:
        socket.raw.send(frame(PING, b"there?"))
        answer = socket.raw.read_frame()
        assert (answer.opcode, answer.payload) == (PONG, b"there?")
