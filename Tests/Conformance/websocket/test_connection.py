"""How the upgrade lives on a connection that also speaks HTTP."""

from __future__ import annotations

import pytest

from harness.process import Server
from harness.raw_websocket import BINARY, PING, PONG, TEXT, RawClient, frame, request

PLAIN_GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


def test_an_upgrade_to_another_protocol_gets_an_http_answer_and_the_connection_closes(raw: RawClient) -> None:
    raw.send(b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
             b"HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\n\r\n")
    response = raw.read_response()
    assert response.status == 426
    assert response.headers["connection"].lower() == "close"
    assert raw.read_to_end() == b""


def test_a_refused_upgrade_on_another_path_gets_an_http_answer_and_the_connection_closes(raw: RawClient) -> None:
    raw.send(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    response = raw.read_response()
    assert 200 <= response.status < 500
    assert response.headers["connection"].lower() == "close"
    assert raw.read_to_end() == b""


def test_a_refused_websocket_handshake_closes_the_connection(raw: RawClient) -> None:
    raw.send(request(key="bad"))
    response = raw.read_response()
    assert response.status == 400
    assert response.headers["connection"].lower() == "close"
    assert raw.read_to_end() == b""


@pytest.mark.parametrize("earlier", [1, 2, 10])
def test_a_connection_upgrades_after_earlier_requests(raw: RawClient, earlier: int) -> None:
    for _ in range(earlier):
        raw.send(PLAIN_GET)
        response = raw.read_response()
        assert response.headers.get("connection", "keep-alive").lower() != "close"
    raw.upgrade()
    raw.send(frame(TEXT, b"late"))
    assert raw.read_frame().payload == b"late"


def test_an_upgrade_pipelined_behind_a_request_comes_after_its_answer(raw: RawClient) -> None:
    raw.send(PLAIN_GET + request())
    first = raw.read_response()
    assert first.status != 101
    second = raw.read_response()
    assert second.status == 101 or 400 <= second.status < 600
    if second.status == 101:
        raw.send(frame(TEXT, b"behind"))
        assert raw.read_frame().payload == b"behind"


@pytest.mark.parametrize("count", [1, 3, 200])
def test_frames_in_the_same_segment_as_the_handshake_are_read(raw: RawClient, count: int) -> None:
    raw.send(request() + b"".join(frame(TEXT, b"early %d" % n) for n in range(count)))
    assert raw.read_response().status == 101
    assert [raw.read_frame().payload for _ in range(count)] == [b"early %d" % n for n in range(count)]


def test_half_a_frame_in_the_same_segment_as_the_handshake_is_kept(raw: RawClient) -> None:
    whole = frame(BINARY, bytes(range(256)) * 4)
    raw.send(request() + whole[:100])
    assert raw.read_response().status == 101
    raw.send(whole[100:])
    assert raw.read_frame().payload == bytes(range(256)) * 4


def test_a_handshake_and_frames_sent_byte_by_byte_are_read(raw: RawClient) -> None:
    raw.send_chunks(request() + frame(TEXT, "día".encode()) + frame(PING, b"?"), 1)
    assert raw.read_response().status == 101
    assert raw.read_frame().payload == "día".encode()
    answer = raw.read_frame()
    assert (answer.opcode, answer.payload) == (PONG, b"?")


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 13, 64, 1000])
def test_every_chunking_of_a_dialogue_gives_the_same_answers(echo: RawClient, size: int) -> None:
    payloads = [b"", b"a", b"x" * 125, b"y" * 126, b"z" * 127, b"w" * 1000]
    echo.send_chunks(b"".join(frame(BINARY, p, mask=bytes([n, 7, 255, 31])) for n, p in enumerate(payloads)), size)
    assert [echo.read_frame().payload for _ in payloads] == payloads


def test_a_client_that_vanishes_in_the_middle_of_a_frame_harms_nobody(conformance_server: Server) -> None:
    for cut in range(1, 12):
        with RawClient(conformance_server.port) as vanishing:
            vanishing.upgrade()
            vanishing.send(frame(TEXT, b"never finished")[:cut])
    with RawClient(conformance_server.port) as client:
        client.upgrade()
        client.send(frame(TEXT, b"still here"))
        assert client.read_frame().payload == b"still here"


def test_a_request_head_that_never_ends_is_answered_or_closed(start_server) -> None:
    server = start_server("--connect-timeout", "300")
    with RawClient(server.port) as slow:
        slow.send(b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half")
        answer = slow.read_to_end()
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408"), answer


def test_an_upgraded_connection_outlives_the_handshake_timeout(start_server) -> None:
    server = start_server("--connect-timeout", "300")
    with RawClient(server.port) as held, RawClient(server.port) as silent:
        held.upgrade()
        assert silent.read_to_end()[:12] in (b"", b"HTTP/1.1 408")  # Its end shows that the time is over.
        held.send(frame(TEXT, b"awake"))
        assert held.read_frame().payload == b"awake"
