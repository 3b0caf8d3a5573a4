"""Messages over a WebSocket (contract of Socket.IO, §2 "Packets")."""

from __future__ import annotations

import random

import pytest

from harness.engineio import EngineSocket
from harness.process import Server
from harness.raw_websocket import BINARY, CONTINUATION, TEXT, frame

TEXTS = ["hello", "", "é€\U0001F600", "\x00", "\x1e", "2", "b64", "x" * 70_000]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:8]))
def test_a_text_comes_back_in_one_text_frame(calm: Server, version: int, text: str) -> None:
    with EngineSocket(calm.port, version) as socket:
        socket.send("4" + text)
        answer = socket.raw.read_frame()
        assert (answer.opcode, answer.payload.decode()) == (TEXT, "4" + text)


@pytest.mark.parametrize("size", [0, 1, 4, 125, 126, 70_000])
def test_bytes_come_back_in_one_binary_frame(calm: Server, version: int, size: int) -> None:
    data = bytes(n % 256 for n in range(size))
    with EngineSocket(calm.port, version) as socket:
        socket.send(data)
        answer = socket.raw.read_frame()
        assert (answer.opcode, answer.payload) == (BINARY, (b"\x04" if version == 3 else b"") + data)


def test_a_message_in_fragments_is_one(calm: Server, version: int) -> None:
    with EngineSocket(calm.port, version) as socket:
        socket.raw.send(frame(TEXT, b"4he", flags=0) + frame(CONTINUATION, b"llo"))
        assert socket.receive_packet() == "4hello"


def test_many_messages_in_one_write_come_back_in_order(calm: Server, version: int) -> None:
    with EngineSocket(calm.port, version) as socket:
        packets = [f"4{number}" if number % 5 else bytes([number % 256]) for number in range(2000)]
        socket.send(*packets)
        assert socket.receive_many(len(packets)) == packets


def test_a_frame_byte_by_byte_is_a_frame(calm: Server, version: int) -> None:
    with EngineSocket(calm.port, version) as socket:
        socket.raw.send_chunks(socket.frames("4hello", b"\x01\x02"), 1)
        assert socket.receive_many(2) == ["4hello", b"\x01\x02"]


def test_a_message_of_the_greatest_size(calm: Server, version: int) -> None:
    with EngineSocket(calm.port, version) as socket:
        text = "4" + "x" * 999_999
        socket.send(text)
        assert socket.receive_packet() == text


def test_invalid_utf8_is_closed_with_1007(calm: Server, version: int) -> None:
    with EngineSocket(calm.port, version) as socket:
        socket.raw.send(frame(TEXT, b"4\xff"))
        socket.raw.expect_close(1007)


def test_a_noop_of_the_client_is_ignored(calm: Server, version: int) -> None:
    with EngineSocket(calm.port, version) as socket:
        socket.send("6", "4hello")
        assert socket.receive_packet() == "4hello"


def test_random_messages_come_back_in_order(calm: Server, version: int) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    with EngineSocket(calm.port, version) as socket:
        for _ in range(100):
            packets = ["4" + "".join(chance.choice("aé€\U0001F600\x1e\n") for _ in range(chance.randrange(200)))
                       if chance.random() < 0.6 else bytes(chance.randrange(256) for _ in range(chance.randrange(300)))
                       for _ in range(chance.randrange(1, 8))]
            socket.raw.send_chunks(socket.frames(*packets), chance.choice([1 << 20, 7, 64]))
            assert socket.receive_many(len(packets)) == packets
