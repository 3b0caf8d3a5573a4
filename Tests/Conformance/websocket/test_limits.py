"""Bounds: payload and inflated size."""

from __future__ import annotations

import zlib
from typing import Callable

import pytest

from harness.process import Server
from harness.raw_websocket import (BINARY, CLOSE, CONTINUATION, FIN, RSV1, TEXT, RawClient, Stalled, deflate,
                                   frame, header)

LIMIT = 65_536
Start = Callable[..., Server]


@pytest.fixture
def limited(start_server: Start) -> Server:
    return start_server("--max-message", str(LIMIT))


def test_a_message_of_exactly_the_limit_comes_back(limited: Server) -> None:
    with RawClient(limited.port) as client:
        client.upgrade()
        client.send(frame(BINARY, b"x" * LIMIT))
        assert client.read_frame().payload == b"x" * LIMIT
        client.send(frame(BINARY, b"y" * (LIMIT - 1), flags=0) + frame(CONTINUATION, b"y"))
        assert client.read_frame().payload == b"y" * LIMIT


def test_a_frame_over_the_limit_is_refused_at_its_header(limited: Server) -> None:
    with RawClient(limited.port) as client:
        client.upgrade()
        client.send(header(BINARY, LIMIT + 1))
        client.expect_close(1009)


def test_fragments_over_the_limit_together_are_refused(limited: Server) -> None:
    with RawClient(limited.port) as client:
        client.upgrade()
        client.send(frame(BINARY, b"x" * LIMIT, flags=0) + header(CONTINUATION, 1))
        client.expect_close(1009)


def test_a_message_that_inflates_past_the_limit_is_refused(limited: Server) -> None:
    with RawClient(limited.port) as client:
        client.upgrade(headers=[("Sec-WebSocket-Extensions", "permessage-deflate")])
        client.send(frame(BINARY, deflate(b"\0" * LIMIT), flags=FIN | RSV1))
        assert client.read_frame().opcode == BINARY
        client.send(frame(BINARY, deflate(b"\0" * (LIMIT + 1)), flags=FIN | RSV1))
        client.expect_close(1009)


def test_a_compression_bomb_is_refused_without_being_inflated(limited: Server) -> None:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(compressor.compress(b"\0" * (1 << 20)) for _ in range(60))  # 60 MiB in under 64 KiB.
    bomb += compressor.flush(zlib.Z_SYNC_FLUSH)
    bomb = bomb[:-4]
    assert len(bomb) < LIMIT
    before = limited.resident_bytes()
    clients = [RawClient(limited.port) for _ in range(10)]
    for client in clients:
        client.upgrade(headers=[("Sec-WebSocket-Extensions", "permessage-deflate")])
        client.send(frame(BINARY, bomb, flags=FIN | RSV1))
    for client in clients:
        client.expect_close(1009)
        client.socket.close()
    assert limited.resident_bytes() - before < 50 << 20


def test_a_bomb_in_fragments_is_refused_before_its_last(limited: Server) -> None:
    data = deflate(b"\0" * (LIMIT * 20))
    with RawClient(limited.port) as client:
        client.upgrade(headers=[("Sec-WebSocket-Extensions", "permessage-deflate")])
        client.send(frame(BINARY, data, flags=RSV1))
        client.expect_close(1009)


def test_a_hundred_thousand_fragments_are_taken_by_the_conformance_server(echo: RawClient) -> None:
    count, batch = 100_000, 10_000
    echo.send(frame(TEXT, b"", flags=0))
    for _ in range(count // batch):
        echo.send(frame(CONTINUATION, b"", flags=0) * batch)
    echo.send(frame(CONTINUATION, b"done"))
    assert echo.read_frame().payload == b"done"


def test_a_reader_that_stops_does_not_make_the_server_grow(conformance_server: Server) -> None:
    """An echo that nobody reads must stop the reading, not fill the memory."""
    before = conformance_server.resident_bytes()
    with RawClient(conformance_server.port, receive_buffer=4096) as stuck:
        stuck.upgrade()
        stuck.socket.settimeout(2)
        block = frame(BINARY, b"x" * 60_000) * 16
        sent = 0
        try:
            while sent < 200 << 20:
                sent += stuck.socket.send(block)
        except Stalled:
            pass  # The server has stopped reading, as it should.
        assert sent < 200 << 20
        assert conformance_server.resident_bytes() - before < 64 << 20


def test_closing_while_the_server_still_writes_is_clean(conformance_server: Server) -> None:
    for _ in range(20):
        with RawClient(conformance_server.port) as client:
            client.upgrade()
            client.send(frame(BINARY, b"x" * 500_000) * 4)
    with RawClient(conformance_server.port) as client:
        client.upgrade()
        client.send(frame(CLOSE, b"\x03\xe8"))
        client.expect_close(1000)
