"""Leaving namespaces and ending connections (contract of Socket.IO, §3 "Disconnecting")."""

from __future__ import annotations

import time

import pytest

from harness.engineio import EngineSocket, Polling, assert_refused
from harness.process import Server
from harness.socketio import SocketIO, joined


def test_the_connection_stays_open_after_a_disconnect(patient: Server) -> None:
    with joined(patient.port) as client:
        assert isinstance(client.engine, EngineSocket)
        client.send("1")
        for _ in range(3):
            assert client.engine.receive_packet() == "2", "the next heartbeat, and nothing before it"
            client.engine.send("3")


def test_the_connection_stays_open_after_a_disconnect_over_polling(patient: Server) -> None:
    client = joined(patient.port, transport="polling")
    assert isinstance(client.engine, Polling)
    client.send("1")
    for _ in range(2):
        assert client.engine.get().body == b"2"
        client.engine.send("3")


def test_the_connection_of_version_4_stays_open_too(calm: Server, transport: str) -> None:
    with joined(calm.port, 3, transport) as client:
        client.connect("/custom")
        client.receive()
        client.send("1")
        client.send("1/custom")
        if isinstance(client.engine, Polling):
            client.engine.send("2")
            assert client.engine.poll() == ["3"]
        else:
            client.engine.send("2")
            assert client.engine.receive_packet() == "3"


@pytest.mark.parametrize("text", ["1/custom", "1/custom,"])
def test_leaving_a_custom_namespace_leaves_the_root_joined(steady: Server, version: int, transport: str,
                                                            text: str) -> None:
    with joined(steady.port, version, transport) as client:
        client.connect("/custom")
        assert client.receive() == '2/custom,["auth",{}]'
        client.send(text, '2["message","message to main namespace"]')
        assert client.receive() == '2["message-back","message to main namespace"]'


def test_leaving_the_root_leaves_a_custom_namespace_joined(calm: Server, transport: str) -> None:
    with joined(calm.port, 4, transport) as client:
        client.connect("/custom")
        client.receive()
        client.send("1")
        sid = client.connect()
        assert client.receive() == '2["auth",{}]' and sid
        client.send('2/custom,["message"]')
        client.expect_open()


def test_a_namespace_left_may_be_joined_again(steady: Server, transport: str) -> None:
    with SocketIO(steady.port, 4, transport) as client:
        sids = []
        for _ in range(5):
            sids.append(client.connect())
            assert client.receive() == '2["auth",{}]'
            client.expect_open()
            sids.append(client.connect("/custom", '{"a":1}'))
            assert client.receive() == '2/custom,["auth",{"a":1}]'
            client.send("1/custom,", "1")
        assert len(set(sids)) == 10, "a new sid each time"


@pytest.mark.parametrize("text", ['2["message","too late"]', '23["message-with-ack"]', "1"])
def test_a_packet_for_a_namespace_that_was_left_closes(calm: Server, transport: str, text: str) -> None:
    with joined(calm.port, 4, transport) as client:
        client.send("1")
        client.send(text)
        client.expect_closed()


def test_an_answer_under_way_does_not_come_after_leaving(calm: Server) -> None:
    with joined(calm.port) as client:
        assert isinstance(client.engine, EngineSocket)
        client.send('2["message","before"]', "1")
        assert client.receive() == '2["message-back","before"]'
        client.connect()
        assert client.receive() == '2["auth",{}]'


def test_engine_io_closes_below(steady: Server, version: int) -> None:
    with joined(steady.port, version) as client:
        assert isinstance(client.engine, EngineSocket)
        client.engine.send("1")
        client.engine.expect_closed(allowed=())
    client = joined(steady.port, version, "polling")
    assert isinstance(client.engine, Polling)
    with client.engine.begin_get() as pending:
        time.sleep(0.01)
        assert client.engine.post("1").status == 200
        assert pending.read_response().body == {3: b"1:6", 4: b"6"}[version]
    assert_refused(client.engine.get(), 1)


def test_pythons_way_to_leave(calm: Server, version: int, transport: str) -> None:
    """`41`, then Engine.IO's `1`, in one go."""
    with joined(calm.port, version, transport) as client:
        client.engine.send("41", "1")
        client.expect_closed()
