"""From polling to a WebSocket (contract of Socket.IO, §2 "Upgrade")."""

from __future__ import annotations

import time
from typing import List

import pytest

from harness.engineio import (Closed, EngineSocket, Polling, Unfinished, assert_refused, attempt_socket, decode,
                              probing, upgraded)
from harness.process import Server
from harness.raw_websocket import Stalled

NOOP = {3: b"1:6", 4: b"6"}


def test_a_polling_session_moves_to_a_websocket(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    with upgraded(session) as socket:
        socket.send("4hello")
        assert socket.receive_packet() == "4hello"
        socket.send(b"\x01\x02\x03")
        assert socket.receive_packet() == b"\x01\x02\x03"


def test_no_open_packet_comes_on_the_second_transport(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with EngineSocket(calm.port, version, sid=session.sid) as socket:
        socket.raw.socket.settimeout(0.2)
        with pytest.raises(Stalled):
            socket.receive_packet()


def test_polling_is_refused_after_the_upgrade(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    with upgraded(session) as socket:
        assert session.get().status == 400
        assert session.post("4hello").status == 400
        socket.send("4hello")
        assert socket.receive_packet() == "4hello"


def test_polling_is_refused_right_behind_the_5(calm: Server, version: int) -> None:
    """The request may overtake the frame by another loop; a suite asks just then."""
    for number in range(60):
        session = Polling(calm.port, version)
        with EngineSocket(calm.port, version, sid=session.sid) as socket:
            socket.send("2probe")
            if number % 2:
                assert socket.receive_packet() == "3probe"
            socket.send("5")  # A suite may not even have waited for the answer to the probe.
            assert session.get().status == 400
            if number % 2 == 0:
                assert socket.receive_packet() == "3probe"
            socket.send("4hello")
            assert socket.receive() == "4hello"


def test_another_websocket_is_closed_after_the_upgrade(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    with upgraded(session) as socket:
        target = session.target("websocket")
        with attempt_socket(steady.port, target) as raw:
            answer = raw.read_response()
            if answer.status == 101:
                EngineSocket.over(raw, version).expect_closed(allowed=())
            else:
                assert answer.status == 400 and raw.read_to_end() == b""
        socket.send("4hello")
        assert socket.receive() == "4hello"


def test_another_websocket_is_closed_during_the_upgrade(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with probing(session) as socket:
        with attempt_socket(calm.port, session.target("websocket")) as raw:
            if raw.read_response().status == 101:
                EngineSocket.over(raw, version).expect_closed(allowed=())
        socket.send("5", "4hello")
        assert socket.receive() == "4hello"


def test_a_websocket_for_a_session_that_began_on_one_is_closed(calm: Server, version: int) -> None:
    with EngineSocket(calm.port, version) as socket:
        with attempt_socket(calm.port, f"/engine.io/?EIO={version}&transport=websocket"
                                       f"&sid={socket.opened['sid']}") as raw:
            if raw.read_response().status == 101:
                EngineSocket.over(raw, version).expect_closed(allowed=())
        socket.send("4hello")
        assert socket.receive() == "4hello"


def test_the_probe_releases_a_pending_get(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with session.begin_get() as pending, probing(session) as socket:
        answer = pending.read_response()
        assert (answer.status, answer.body) == (200, NOOP[version])
        socket.send("5", "4hello")
        assert socket.receive() == "4hello"


def test_a_get_that_comes_in_after_the_probe_is_released_too(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with probing(session) as socket:
        for _ in range(3):
            started = time.monotonic()
            answer = session.get()
            assert (answer.status, answer.body) == (200, NOOP[version])
            assert time.monotonic() - started < 10, "before the next ping"
        socket.send("5", "4hello")
        assert socket.receive() == "4hello"


def test_a_get_pending_at_the_5_is_let_go_and_takes_no_message_along(calm: Server, version: int) -> None:
    for _ in range(10):
        session = Polling(calm.port, version)
        with probing(session) as socket, session.begin_get() as pending:
            socket.send("5", "4hello")
            assert socket.receive() == "4hello"
            answer = pending.read_response()
            assert answer.status in (200, 400) and b"hello" not in answer.body


def test_until_the_5_messages_go_out_by_polling(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with probing(session) as socket:
        session.send("4by polling")
        assert session.receive() == "4by polling"
        socket.raw.socket.settimeout(0.2)
        with pytest.raises(Stalled):
            socket.receive_packet()


def test_what_waits_is_flushed_to_the_websocket(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    packets = [f"4{number}" if number % 4 else bytes([number]) for number in range(40)]
    session.send(*packets)
    with probing(session) as socket:
        socket.send("5")
        assert socket.receive_many(len(packets)) == packets
        socket.send("4after")
        assert socket.receive() == "4after"


def test_messages_keep_their_order_across_the_upgrade(calm: Server, version: int) -> None:
    for _ in range(5):
        session = Polling(calm.port, version)
        session.send(*[f"4{number}" for number in range(10)])
        with probing(session) as socket:
            came = session.poll()
            session.send(*[f"4{number}" for number in range(10, 20)])
            socket.send("5", *[f"4{number}" for number in range(20, 30)])
            came += socket.receive_many(30 - len([packet for packet in came if packet != "6"]))
        assert [packet for packet in came if packet != "6"] == [f"4{number}" for number in range(30)]


def test_messages_may_follow_the_5_in_the_same_write(steady: Server, version: int) -> None:
    for _ in range(20):
        session = Polling(steady.port, version)
        with probing(session) as socket:
            socket.send("5", "4first", b"\x01", "4last")
            assert socket.receive_many(3) == ["4first", b"\x01", "4last"]


def test_the_whole_upgrade_may_come_in_one_write(calm: Server, version: int) -> None:
    for _ in range(20):
        session = Polling(calm.port, version)
        with EngineSocket(calm.port, version, sid=session.sid) as socket:
            socket.send("2probe", "5", "4hello")
            assert socket.receive_packet() == "3probe"
            assert socket.receive() == "4hello"


@pytest.mark.parametrize("packet", ["4hello", "2", "2other", "5", "6", "1", "abc", "", "3probe", b"\x01"], ids=ascii)
def test_any_other_packet_on_the_probe_closes_only_that_socket(calm: Server, version: int, packet: object) -> None:
    session = Polling(calm.port, version)
    with EngineSocket(calm.port, version, sid=session.sid) as socket:
        socket.send(packet)  # type: ignore[arg-type]
        socket.expect_closed(allowed=())
    session.send("4still polling")
    assert session.receive() == "4still polling"


@pytest.mark.parametrize("packet", ["4hello", "1", "abc", "2", b"\x01"], ids=ascii)
def test_any_other_packet_after_the_probe_closes_only_that_socket(calm: Server, version: int, packet: object) -> None:
    session = Polling(calm.port, version)
    with probing(session) as socket:
        socket.send(packet)  # type: ignore[arg-type]
        socket.expect_closed(allowed=())
    session.send("4still polling")
    assert session.receive() == "4still polling"
    with upgraded(session) as socket:
        socket.send("4second try")
        assert socket.receive() == "4second try"


def test_a_probe_that_is_cut_leaves_the_session_polling(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    for _ in range(3):
        probing(session).raw.socket.close()
        session.send("4still polling")
        assert session.receive() == "4still polling"

    def try_again() -> EngineSocket:
        deadline = time.monotonic() + 15
        while True:  # The cut is noticed on another loop.
            try:
                return upgraded(session)
            except (Closed, AssertionError):
                assert time.monotonic() < deadline, "the session cannot be upgraded any more"
                time.sleep(0.05)

    with try_again() as socket:
        socket.send("4at last")
        assert socket.receive() == "4at last"


def test_a_close_by_polling_takes_the_probe_along(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with probing(session) as socket:
        assert session.post("1").status == 200
        socket.expect_closed(allowed=("6",))
    assert_refused(session.get(), 1)


def test_a_close_after_the_upgrade_ends_the_session(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with upgraded(session) as socket:
        socket.send("1")
        socket.expect_closed(allowed=())
    session.expect_gone()


def test_a_cut_after_the_upgrade_ends_the_session(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    upgraded(session).raw.socket.close()
    session.expect_gone()


def test_a_post_under_way_at_the_upgrade_arrives_before_what_follows(calm: Server, version: int) -> None:
    for _ in range(10):
        session = Polling(calm.port, version)
        with probing(session) as socket:
            session.send("4by post")
            socket.send("5", "4by frame")
            came = socket.receive_many(2)
            assert came == ["4by post", "4by frame"]


def test_an_upgrade_that_is_never_finished_is_given_up_after_10_seconds(unfinished: List[Unfinished]) -> None:
    """Only the second transport is closed. They have been waiting since the suite began."""
    for one in unfinished:
        took = one.result.result(timeout=25)
        assert 9.9 < took < 18, f"closed after {took:.1f} s"


def test_messages_flow_while_the_upgrade_is_under_way(calm: Server, version: int) -> None:
    """A client that keeps posting while it upgrades loses nothing and sees nothing twice."""
    session = Polling(calm.port, version)
    came = []
    with EngineSocket(calm.port, version, sid=session.sid) as socket:
        for number in range(20):
            if number == 5:
                socket.send("2probe")
                assert socket.receive_packet() == "3probe"
            session.send(f"4{number}")
            if number % 3 == 0:
                came += [packet for packet in decode(session.get(), version) if packet != "6"]
        socket.send("5")
        came += socket.receive_many(20 - len(came))
    assert came == [f"4{number}" for number in range(20)]
