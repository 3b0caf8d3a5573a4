"""`/fanout`: what one client sends goes to every other."""

from __future__ import annotations

import zlib
from typing import Iterator, List

import pytest

from harness.process import Server
from harness.raw_websocket import BINARY, PING, PONG, TEXT, RawClient, frame, inflate

DEFLATE = [("Sec-WebSocket-Extensions", "permessage-deflate")]


@pytest.fixture
def room(conformance_server: Server) -> Iterator[List[RawClient]]:
    """Six clients; half of them speak permessage-deflate."""
    clients = [RawClient(conformance_server.port) for _ in range(6)]
    for index, client in enumerate(clients):
        client.upgrade(path="/fanout", headers=DEFLATE if index % 2 else [])
        client.send(frame(PING, b"in"))
        assert client.read_frame().opcode == PONG  # Its membership stands.
    yield clients
    for client in clients:
        client.socket.close()


def read_plain(client: RawClient, window: "zlib._Decompress") -> bytes:
    answer = client.read_frame()
    return inflate(answer.payload, window) if answer.compressed else answer.payload


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
@pytest.mark.parametrize("size", [0, 5, 200, 70_000])
def test_a_message_reaches_every_other_client_and_not_its_sender(room: List[RawClient], opcode: int, size: int) -> None:
    payload = b"m" * size
    room[0].send(frame(opcode, payload) + frame(PING, b"mine"))
    for client in room[1:]:
        assert read_plain(client, zlib.decompressobj(-15)) == payload
    answer = room[0].read_frame()
    assert (answer.opcode, answer.payload) == (PONG, b"mine"), "a sender must not hear itself"


def test_messages_of_one_sender_keep_their_order(room: List[RawClient]) -> None:
    count = 2000
    room[1].send(b"".join(frame(TEXT, b"%d" % n) for n in range(count)))
    for index, client in enumerate(room):
        if index != 1:
            window = zlib.decompressobj(-15)
            assert [read_plain(client, window) for _ in range(count)] == [b"%d" % n for n in range(count)]


def test_everybody_hears_everybody(room: List[RawClient]) -> None:
    for index, client in enumerate(room):
        client.send(b"".join(frame(TEXT, b"%d/%d" % (index, n)) for n in range(50)))
    for index, client in enumerate(room):
        window = zlib.decompressobj(-15)
        heard = [read_plain(client, window) for _ in range(50 * (len(room) - 1))]
        for other in range(len(room)):
            own = [h for h in heard if h.startswith(b"%d/" % other)]
            assert own == ([] if other == index else [b"%d/%d" % (other, n) for n in range(50)])


def test_one_that_left_is_not_missed(room: List[RawClient]) -> None:
    room[5].socket.close()
    room[0].send(frame(TEXT, b"without you"))
    for client in room[1:5]:
        assert read_plain(client, zlib.decompressobj(-15)) == b"without you"
