"""The closing handshake (RFC 6455 §5.5.1 and §7)."""

from __future__ import annotations

import socket
import struct

import pytest

from harness.raw_websocket import CLOSE, CONTINUATION, PING, TEXT, RawClient, close_frame, frame


@pytest.mark.parametrize("code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4408, 4999])
def test_a_valid_code_is_echoed_and_the_server_closes_first(echo: RawClient, code: int) -> None:
    echo.send(close_frame(code, b"going"))
    answer = echo.read_frame()
    assert (answer.opcode, answer.close_code) == (CLOSE, code)
    assert echo.read_to_end() == b""


@pytest.mark.parametrize("code", [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535])
def test_an_invalid_code_is_a_protocol_error(echo: RawClient, code: int) -> None:
    echo.send(close_frame(code))
    echo.expect_close(1002)


def test_a_close_without_a_code_is_answered(echo: RawClient) -> None:
    echo.send(close_frame())
    answer = echo.read_frame()
    assert answer.opcode == CLOSE
    assert answer.close_code in (None, 1000)
    assert echo.read_to_end() == b""


def test_a_close_with_half_a_code_is_a_protocol_error(echo: RawClient) -> None:
    echo.send(frame(CLOSE, b"\x03"))
    echo.expect_close(1002)


def test_a_reason_of_the_greatest_length_is_taken(echo: RawClient) -> None:
    echo.send(close_frame(1000, b"r" * 123))
    assert echo.read_frame().close_code == 1000


@pytest.mark.parametrize("reason", [b"\xff", b"ok\xc3", b"\xed\xa0\x80"], ids=repr)
def test_a_reason_that_is_not_utf8_ends_the_connection(echo: RawClient, reason: bytes) -> None:
    echo.send(close_frame(1000, reason))
    echo.expect_close(1007)


def test_a_close_between_fragments_is_answered(echo: RawClient) -> None:
    echo.send(frame(TEXT, b"unfinished", flags=0) + close_frame(1000))
    echo.expect_close(1000)


def test_nothing_after_a_close_is_answered(echo: RawClient) -> None:
    echo.send(frame(TEXT, b"before") + close_frame(1000) + frame(TEXT, b"after") + frame(PING) + close_frame(1001))
    assert echo.read_frame().payload == b"before"
    answer = echo.read_frame()
    assert (answer.opcode, answer.close_code) == (CLOSE, 1000)
    assert echo.read_to_end() == b""


def test_only_one_close_frame_is_sent_after_an_error(echo: RawClient) -> None:
    echo.send(frame(CONTINUATION, b"wrong") + close_frame(1000) + frame(3, b"wrong again"))
    answer = echo.read_frame()
    assert (answer.opcode, answer.close_code) == (CLOSE, 1002)
    assert echo.read_to_end() == b""


def test_the_server_closes_even_if_its_close_frame_is_never_answered(echo: RawClient) -> None:
    echo.send(frame(3, b"reserved"))
    answer = echo.read_frame()
    assert (answer.opcode, answer.close_code) == (CLOSE, 1002)
    assert echo.read_to_end() == b""  # Bounded by the socket's own deadline.


def test_a_half_closed_connection_is_closed(echo: RawClient) -> None:
    echo.send(frame(TEXT, b"last words"))
    assert echo.read_frame().payload == b"last words"
    echo.socket.shutdown(socket.SHUT_WR)
    rest = echo.read_to_end()
    assert rest == b"" or rest[0] == 0x88, rest


def test_the_reason_of_a_close_frame_is_short_utf8(echo: RawClient) -> None:
    echo.send(frame(7, b""))
    answer = echo.expect_close(1002)
    assert len(answer.payload) <= 125
    answer.payload[2:].decode("utf-8")
    assert struct.unpack("!H", answer.payload[:2])[0] == 1002
