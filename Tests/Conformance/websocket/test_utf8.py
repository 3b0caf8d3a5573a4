"""Text must be UTF-8, and the first wrong byte ends the connection (RFC 6455 §8.1)."""

from __future__ import annotations

import pytest

from harness.raw_websocket import BINARY, CONTINUATION, FIN, TEXT, RawClient, frame, header, masked

VALID = {
    "ascii": b"plain", "two": "é ß".encode(), "three": "€ 漢字".encode(), "four": "😀 𐍈".encode(), "nul": b"\0",
    "first of each length": b"\x00\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80",
    "last of each length": b"\x7f\xdf\xbf\xef\xbf\xbf\xf4\x8f\xbf\xbf",
    "around the surrogates": b"\xed\x9f\xbf\xee\x80\x80", "noncharacters": b"\xef\xbf\xbe\xef\xbf\xbf\xf0\x9f\xbf\xbe",
    "byte order mark": b"\xef\xbb\xbfa",
}
# Each ends with the byte that makes it wrong.
INVALID = {
    "lone continuation": b"\x80", "continuation after ascii": b"abc\xbf", "fe": b"\xfe", "ff": b"\xff",
    "overlong nul": b"\xc0", "overlong slash": b"\xc1", "overlong of three": b"\xe0\x80", "overlong e0 9f": b"\xe0\x9f",
    "overlong of four": b"\xf0\x80", "overlong f0 8f": b"\xf0\x8f", "surrogate low end": b"\xed\xa0",
    "surrogate high end": b"\xed\xbf", "beyond 10ffff": b"\xf4\x90", "f5": b"\xf5", "f8": b"\xf8", "fc": b"\xfc",
    "two then ascii": b"\xc3a", "three then ascii": b"\xe2\x82a", "four then ascii": b"\xf0\x9f\x98a",
    "three then lead": b"\xe2\xe2", "four then lead": b"\xf0\x90\xc3",
}


@pytest.mark.parametrize("payload", VALID.values(), ids=VALID.keys())
def test_valid_text_comes_back(echo: RawClient, payload: bytes) -> None:
    echo.send(frame(TEXT, payload))
    assert echo.read_frame().payload == payload


@pytest.mark.parametrize("payload", VALID.values(), ids=VALID.keys())
def test_valid_text_cut_between_any_two_bytes_comes_back(echo: RawClient, payload: bytes) -> None:
    for cut in range(len(payload) + 1):
        echo.send(frame(TEXT, payload[:cut], flags=0) + frame(CONTINUATION, payload[cut:]))
        assert echo.read_frame().payload == payload


@pytest.mark.parametrize("prefix", [0, 1, 15, 16, 17, 63, 200])
@pytest.mark.parametrize("payload", INVALID.values(), ids=INVALID.keys())
def test_invalid_text_ends_the_connection(echo: RawClient, payload: bytes, prefix: int) -> None:
    echo.send(frame(TEXT, b"a" * prefix + payload + b"tail"))
    echo.expect_close(1007)


@pytest.mark.parametrize("payload", INVALID.values(), ids=INVALID.keys())
def test_the_first_wrong_byte_ends_the_connection_before_the_frame_does(echo: RawClient, payload: bytes) -> None:
    mask = b"\x11\x22\x33\x44"
    echo.send(header(TEXT, 1000, mask=mask) + masked(b"good " + payload, mask))
    echo.expect_close(1007)


@pytest.mark.parametrize("payload", INVALID.values(), ids=INVALID.keys())
def test_the_first_wrong_byte_ends_the_connection_before_the_message_does(echo: RawClient, payload: bytes) -> None:
    echo.send(frame(TEXT, payload[:-1], flags=0) + frame(CONTINUATION, payload[-1:], flags=0))
    echo.expect_close(1007)


@pytest.mark.parametrize("payload", [b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"fine\xe2"], ids=repr)
def test_text_that_ends_inside_a_character_ends_the_connection(echo: RawClient, payload: bytes) -> None:
    echo.send(frame(TEXT, payload))
    echo.expect_close(1007)


def test_a_message_of_fragments_that_ends_inside_a_character_ends_the_connection(echo: RawClient) -> None:
    echo.send(frame(TEXT, b"\xe2", flags=0) + frame(CONTINUATION, b"\x82", flags=FIN))
    echo.expect_close(1007)


@pytest.mark.parametrize("payload", INVALID.values(), ids=INVALID.keys())
def test_binary_messages_may_hold_anything(echo: RawClient, payload: bytes) -> None:
    echo.send(frame(BINARY, payload))
    assert echo.read_frame().payload == payload
