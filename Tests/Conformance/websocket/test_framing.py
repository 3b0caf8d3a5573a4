"""Framing (RFC 6455 §5): each rule, with the close code that its breach gets."""

from __future__ import annotations

import struct

import pytest

from harness.raw_websocket import (BINARY, CLOSE, CONTINUATION, FIN, PING, PONG, RSV1, RSV2, RSV3, TEXT, RawClient,
                                   frame, header)


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
@pytest.mark.parametrize("size", [0, 1, 124, 125, 126, 127, 128, 65535, 65536, 65537, 300_000])
def test_messages_of_every_length_form_come_back(echo: RawClient, opcode: int, size: int) -> None:
    payload = bytes(33 + n % 90 for n in range(size))
    echo.send(frame(opcode, payload))
    answer = echo.read_frame()
    assert (answer.first, answer.payload) == (FIN | opcode, payload)


@pytest.mark.parametrize("mask", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x01\x80\x7f\xfe", b"\0\0\0\x01"])
@pytest.mark.parametrize("size", [1, 3, 4, 7, 8, 9, 31, 32, 33, 63, 64, 65, 4099])
def test_every_masking_key_is_undone(echo: RawClient, mask: bytes, size: int) -> None:
    payload = bytes((n * 7 + 3) % 256 for n in range(size))
    echo.send(frame(BINARY, payload, mask=mask))
    assert echo.read_frame().payload == payload


@pytest.mark.parametrize("opcode", [TEXT, BINARY, PING, PONG, CLOSE, CONTINUATION])
def test_an_unmasked_frame_is_a_protocol_error(echo: RawClient, opcode: int) -> None:
    echo.send(frame(opcode, b"", mask=None))
    echo.expect_close(1002)


@pytest.mark.parametrize("flag", [RSV1, RSV2, RSV3, RSV1 | RSV2 | RSV3], ids=hex)
@pytest.mark.parametrize("opcode", [TEXT, BINARY, PING, PONG, CLOSE])
def test_a_reserved_bit_without_an_extension_is_a_protocol_error(echo: RawClient, flag: int, opcode: int) -> None:
    echo.send(frame(opcode, b"", flags=FIN | flag))
    echo.expect_close(1002)


@pytest.mark.parametrize("flag", [RSV2, RSV3], ids=hex)
def test_a_reserved_bit_that_deflate_does_not_own_is_a_protocol_error(deflate_echo: RawClient, flag: int) -> None:
    deflate_echo.send(frame(TEXT, b"a", flags=FIN | flag))
    deflate_echo.expect_close(1002)


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 0xB, 0xC, 0xD, 0xE, 0xF], ids=hex)
def test_a_reserved_opcode_is_a_protocol_error(echo: RawClient, opcode: int) -> None:
    echo.send(frame(opcode, b"x"))
    echo.expect_close(1002)


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
@pytest.mark.parametrize("size", [126, 1000, 65536])
def test_a_control_frame_over_125_bytes_is_a_protocol_error(echo: RawClient, opcode: int, size: int) -> None:
    echo.send(header(opcode, size))  # The header alone is enough to know.
    echo.expect_close(1002)


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
def test_a_fragmented_control_frame_is_a_protocol_error(echo: RawClient, opcode: int) -> None:
    echo.send(frame(opcode, b"", flags=0))
    echo.expect_close(1002)


@pytest.mark.parametrize("size,form", [(0, 16), (5, 16), (125, 16), (5, 64), (126, 64), (65535, 64)])
def test_a_length_not_in_its_shortest_form_is_a_protocol_error(echo: RawClient, size: int, form: int) -> None:
    echo.send(header(BINARY, size, form=form))
    echo.expect_close(1002)


@pytest.mark.parametrize("form", [16, 64])
def test_a_ping_length_not_in_its_shortest_form_is_a_protocol_error(echo: RawClient, form: int) -> None:
    echo.send(frame(PING, b"abc", form=form))
    echo.expect_close(1002)


def test_a_length_with_its_highest_bit_set_is_a_protocol_error(echo: RawClient) -> None:
    echo.send(bytes([FIN | BINARY, 0x80 | 127]) + struct.pack("!Q", 1 << 63) + b"\1\2\3\4")
    echo.expect_close(1002)


@pytest.mark.parametrize("size", [(1 << 63) - 1, 1 << 62, 1 << 40])
def test_a_length_beyond_every_bound_is_too_big_at_once(echo: RawClient, size: int) -> None:
    echo.send(header(BINARY, size))
    echo.expect_close(1009)


def test_pings_are_answered_with_their_payload_in_order(echo: RawClient) -> None:
    payloads = [b"", b"a", bytes(range(125)), b"\xff" * 125]
    echo.send(b"".join(frame(PING, payload) for payload in payloads))
    answers = [echo.read_frame() for _ in payloads]
    assert [a.opcode for a in answers] == [PONG] * len(payloads)
    assert [a.payload for a in answers] == payloads


def test_pongs_nobody_asked_for_are_ignored(echo: RawClient) -> None:
    echo.send(frame(PONG, b"unasked") + frame(PONG) + frame(TEXT, b"next"))
    assert echo.read_frame().payload == b"next"


def test_ten_thousand_small_frames_in_few_segments_come_back_in_order(echo: RawClient) -> None:
    count = 10_000
    for start in range(0, count, 1000):
        echo.send(b"".join(frame(TEXT, b"%d" % n) for n in range(start, start + 1000)))
        assert [echo.read_frame().payload for _ in range(1000)] == [b"%d" % n for n in range(start, start + 1000)]


def test_after_a_protocol_error_nothing_more_is_echoed(echo: RawClient) -> None:
    echo.send(frame(TEXT, b"before") + frame(3, b"wrong") + frame(TEXT, b"after") + frame(PING, b"after"))
    assert echo.read_frame().payload == b"before"
    echo.expect_close(1002)
