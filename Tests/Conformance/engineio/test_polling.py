"""The rules of long-polling: one GET, one POST, bounds (contract of Socket.IO, §1 and §2)."""

from __future__ import annotations

import json
import time

import pytest

from harness.engineio import TEXT_TYPE, EngineSocket, Polling, begin, decode, encode
from harness.process import Server
from harness.raw_websocket import RawClient, Stalled
from harness.waiting import eventually

CLOSE = {3: b"1:1", 4: b"1"}
MOST_PACKETS = 16
MAX_PAYLOAD = 1_000_000


def test_a_get_waits_for_a_message(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with session.begin_get() as pending:
        pending.socket.settimeout(0.3)
        with pytest.raises(Stalled):
            pending.read_response()
        pending.socket.settimeout(10)
        session.send("4hello")
        assert decode(pending.read_response(), version) == ["4hello"]


def test_a_waiting_get_is_answered_at_once(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    delays = []
    for _ in range(20):
        with session.begin_get() as pending:
            time.sleep(0.01)
            started = time.monotonic()
            session.send("4hello")
            pending.read_response()
            delays.append(time.monotonic() - started)
    assert sorted(delays)[10] < 0.05, "no answer waits for a timer"


def test_what_comes_between_two_gets_is_kept_in_order(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    for number in range(10):
        session.send(f"4{number}")
    assert session.poll() == [f"4{number}" for number in range(10)]


def test_an_answer_has_at_most_16_packets(calm: Server, version: int) -> None:
    """Python's clients give a session up that gets more at once."""
    session = Polling(calm.port, version)
    session.send(*[f"4{number}" for number in range(40)])
    answers = [session.poll() for _ in range(3)]
    assert [len(answer) for answer in answers] == [MOST_PACKETS, MOST_PACKETS, 8]
    assert sum(answers, []) == [f"4{number}" for number in range(40)]


def test_a_burst_to_a_waiting_get_stays_within_16_packets_too(calm: Server, version: int) -> None:
    session, came = Polling(calm.port, version), []
    with session.begin_get() as pending:
        session.send(*[f"4{number}" for number in range(100)])
        came += decode(pending.read_response(), version)
    assert len(came) <= MOST_PACKETS
    while len(came) < 100:
        answer = session.poll()
        assert len(answer) <= MOST_PACKETS
        came += answer
    assert came == [f"4{number}" for number in range(100)]


def test_16_packets_count_binary_ones_too(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    packets = ["4text" if number % 2 else bytes([number]) for number in range(40)]
    session.send(*packets)
    answers = [session.poll() for _ in range(3)]
    assert [len(answer) for answer in answers] == [16, 16, 8] and sum(answers, []) == packets


def test_a_post_may_hold_many_packets(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    packets = [f"4{number}" for number in range(1000)]
    session.send(*packets)
    assert session.receive_many(1000) == packets


def test_two_gets_at_once_end_the_session(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    with session.begin_get() as first:
        time.sleep(0.05)  # Only the order counts.
        with session.begin_get() as second:
            answer = first.read_response()
            assert (answer.status, answer.body) == (200, CLOSE[version])
            assert second.read_response().status == 400
    session.expect_gone()
    assert session.post("4hello").status == 400


def test_two_gets_truly_at_once_end_the_session(calm: Server, version: int) -> None:
    for _ in range(10):
        session = Polling(calm.port, version)
        with session.begin_get() as first, session.begin_get() as second:
            answers = sorted((first.read_response(), second.read_response()), key=lambda answer: answer.status)
            assert [answer.status for answer in answers] == [200, 400]
            assert answers[0].body == CLOSE[version]
        assert not session.is_known()


def test_two_posts_at_once_end_the_session(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    body = encode(["4hello"], version)
    with begin(calm.port, "POST", session.target(), body[:2], {"Content-Type": TEXT_TYPE}, length=len(body)) as first:
        def refused() -> bool:  # The first one's head may take its time on another loop.
            status = session.post("6").status
            assert status in (200, 400)
            return status == 400
        eventually(refused, "a second POST while one is under way is refused")
        session.expect_gone()
        first.socket.settimeout(5)
        try:
            first.send(body[2:])
            assert first.read_response().status == 400
        except (OSError, EOFError):
            pass  # Cut off is as good.


def test_a_client_that_never_polls_is_not_read_without_end(calm: Server, version: int) -> None:
    """What it sends comes back; when a few payloads wait for it, its POST waits too, and goes on when it polls."""
    session, sent = Polling(calm.port, version), 0
    text = "4" + "x" * 300_000
    body = encode([text] * 3, version)
    pending = None
    while pending is None:
        raw = begin(calm.port, "POST", session.target(), body, {"Content-Type": TEXT_TYPE})
        raw.socket.settimeout(0.5)
        sent += 3
        try:
            assert raw.read_response().body == b"ok"
        except Stalled:
            pending = raw
        assert sent < 200, "60 MB lie there"
    assert session.receive_many(sent) == [text] * sent
    pending.socket.settimeout(10)
    assert pending.read_response().body == b"ok"
    session.send("4and on")
    assert session.receive() == "4and on"


def test_a_get_and_a_post_at_once_are_fine(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    for number in range(50):
        with session.begin_get() as pending:
            session.send(f"4{number}")
            assert decode(pending.read_response(), version) == [f"4{number}"]


def test_a_get_that_is_given_up_ends_the_session(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    pending = session.begin_get()
    time.sleep(0.02)
    pending.socket.close()
    time.sleep(0.005)
    assert session.get().status == 400
    session.expect_gone()


def test_a_get_that_is_given_up_is_noticed_without_another_request(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with EngineSocket(calm.port, version, sid=session.sid) as probe:
        probe.send("2probe")
        assert probe.receive_packet() == "3probe"
        pending = session.begin_get()
        pending.socket.close()
        assert probe.expect_closed() < 10, "the second transport goes with the session"


def test_a_post_that_is_given_up_half_way_ends_nobody_elses_session(calm: Server, version: int) -> None:
    session, other = Polling(calm.port, version), Polling(calm.port, version)
    begin(calm.port, "POST", session.target(), b"4he", {"Content-Type": TEXT_TYPE}, length=100).socket.close()
    other.send("4hello")
    assert other.receive() == "4hello"


def test_a_body_of_the_greatest_size_is_taken(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    text = "4" + "x" * (MAX_PAYLOAD - (1 if version == 4 else 8))
    body = encode([text], version)
    assert len(body) == MAX_PAYLOAD
    answer = session.post_body(body)
    assert (answer.status, answer.body) == (200, b"ok")
    assert session.receive() == text


@pytest.mark.parametrize("excess", [1, 100_000, 3_000_000])
def test_a_greater_body_is_413(calm: Server, version: int, excess: int) -> None:
    session = Polling(calm.port, version)
    body = encode(["4" + "x" * (MAX_PAYLOAD + excess)], version)
    raw = begin(calm.port, "POST", session.target(), b"", {"Content-Type": TEXT_TYPE}, length=len(body))
    try:
        raw.send(body)
    except OSError:
        pass  # The server need not read it all.
    assert raw.read_response().status == 413
    raw.socket.close()


def test_a_chunked_body_past_the_bound_is_413(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with RawClient(calm.port) as raw:
        raw.send(f"POST {session.target()} HTTP/1.1\r\nHost: {calm.address}\r\n"
                 f"Transfer-Encoding: chunked\r\n\r\n".encode())
        try:
            for _ in range(40):
                raw.send(b"%x\r\n%b\r\n" % (50_000, b"x" * 50_000))
            raw.send(b"0\r\n\r\n")
        except OSError:
            pass
        assert raw.read_response().status == 413


def test_a_declared_length_past_the_bound_is_413_before_the_body(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    with begin(calm.port, "POST", session.target(), b"4", {"Content-Type": TEXT_TYPE}, length=1 << 40) as raw:
        assert raw.read_response().status == 413


def test_large_packets_are_not_lost_between_answers(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    texts = [f"4{number}" + "x" * 40_000 for number in range(20)]
    for _ in range(3):
        session.send(*texts)
        assert session.receive_many(20) == texts


def test_the_body_of_a_refusal_is_json(calm: Server, version: int) -> None:
    session = Polling(calm.port, version)
    answer = session.post_body(b"abc")
    assert answer.status == 400
    assert json.loads(answer.body) == {"code": 3, "message": "Bad request"}
