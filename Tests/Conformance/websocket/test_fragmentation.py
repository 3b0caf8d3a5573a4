"""Fragmented messages (RFC 6455 §5.4)."""

from __future__ import annotations

import random

import pytest

from harness.raw_websocket import BINARY, CONTINUATION, FIN, PING, PONG, RSV1, TEXT, RawClient, frame


@pytest.mark.parametrize("parts", [
    [b"one", b"two"], [b"", b""], [b"", b"late", b""], [b"a"] * 100, [b"x" * 70_000, b"y" * 126, b""],
], ids=["two", "empty", "holes", "hundred", "large"])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_fragments_come_back_as_one_message(echo: RawClient, opcode: int, parts: list) -> None:
    for index, part in enumerate(parts):
        echo.send(frame(opcode if index == 0 else CONTINUATION, part, flags=FIN if index == len(parts) - 1 else 0))
    answer = echo.read_frame()
    assert (answer.opcode, answer.fin, answer.payload) == (opcode, True, b"".join(parts))


def test_a_ping_between_fragments_is_answered_before_the_message_ends(echo: RawClient) -> None:
    echo.send(frame(TEXT, b"first ", flags=0) + frame(PING, b"now"))
    pong = echo.read_frame()
    assert (pong.opcode, pong.payload) == (PONG, b"now")
    echo.send(frame(PONG, b"ignored") + frame(CONTINUATION, b"last"))
    answer = echo.read_frame()
    assert (answer.opcode, answer.payload) == (TEXT, b"first last")


def test_a_continuation_of_nothing_is_a_protocol_error(echo: RawClient) -> None:
    echo.send(frame(CONTINUATION, b"of what?"))
    echo.expect_close(1002)


def test_a_continuation_after_a_finished_message_is_a_protocol_error(echo: RawClient) -> None:
    echo.send(frame(TEXT, b"a", flags=0) + frame(CONTINUATION, b"b") + frame(CONTINUATION, b"c"))
    assert echo.read_frame().payload == b"ab"
    echo.expect_close(1002)


@pytest.mark.parametrize("second", [TEXT, BINARY])
@pytest.mark.parametrize("flags", [0, FIN])
def test_a_new_message_amid_fragments_is_a_protocol_error(echo: RawClient, second: int, flags: int) -> None:
    echo.send(frame(TEXT, b"open", flags=0) + frame(second, b"new", flags=flags))
    echo.expect_close(1002)


@pytest.mark.parametrize("flag", [RSV1, 0x20, 0x10], ids=hex)
def test_a_reserved_bit_on_a_continuation_is_a_protocol_error(deflate_echo: RawClient, flag: int) -> None:
    deflate_echo.send(frame(TEXT, b"open", flags=0) + frame(CONTINUATION, b"more", flags=FIN | flag))
    deflate_echo.expect_close(1002)


def test_many_fragments_of_one_byte_come_back_as_one_message(echo: RawClient) -> None:
    count = 20_000
    body = [frame(CONTINUATION, b"x", flags=0)] * (count - 2)
    echo.send(frame(BINARY, b"x", flags=0) + b"".join(body) + frame(CONTINUATION, b"x"))
    assert echo.read_frame().payload == b"x" * count


def test_random_fragmentations_and_chunkings_come_back_whole(echo: RawClient) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    generator = random.Random(seed)
    for _ in range(60):
        payload = bytes(generator.randrange(256) for _ in range(generator.randrange(400)))
        wire, position, opcode, pings = b"", 0, BINARY, []
        while True:
            end = min(len(payload), position + generator.randrange(120))
            last = end == len(payload) and generator.random() < 0.5
            mask = bytes(generator.randrange(256) for _ in range(4))
            wire += frame(opcode, payload[position:end], flags=FIN if last else 0, mask=mask)
            opcode, position = CONTINUATION, end
            if last:
                break
            if generator.random() < 0.3:
                pings.append(bytes([generator.randrange(256)]))
                wire += frame(PING, pings[-1])
        echo.send_chunks(wire, generator.randrange(1, 64))
        for ping in pings:
            answer = echo.read_frame()
            assert (answer.opcode, answer.payload) == (PONG, ping)
        assert echo.read_frame().payload == payload
