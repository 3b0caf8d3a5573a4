"""Compressed messages (RFC 7692 §6 and §7.2)."""

from __future__ import annotations

import os
import zlib

import pytest

from harness.raw_websocket import (BINARY, CONTINUATION, FIN, PING, PONG, RSV1, TEXT, Frame, RawClient, deflate, frame,
                                   inflate)

COMPRESSED = FIN | RSV1
REPETITIVE = b'{"type":"task.progress","progress":{"current":1,"total":2}}' * 50


def decode(answer: Frame, decompressor: "zlib._Decompress") -> bytes:
    return inflate(answer.payload, decompressor) if answer.compressed else answer.payload


@pytest.fixture
def no_takeover_echo(raw: RawClient) -> RawClient:
    raw.upgrade(headers=[("Sec-WebSocket-Extensions",
                          "permessage-deflate; server_no_context_takeover; client_no_context_takeover")])
    return raw


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
@pytest.mark.parametrize("payload", [b"", b"a", b"Hello", REPETITIVE, b"x" * 200_000], ids=len)
def test_compressed_messages_come_back(deflate_echo: RawClient, opcode: int, payload: bytes) -> None:
    deflate_echo.send(frame(opcode, deflate(payload), flags=COMPRESSED))
    answer = deflate_echo.read_frame()
    assert (answer.opcode, answer.fin) == (opcode, True)
    assert decode(answer, zlib.decompressobj(-15)) == payload


def test_incompressible_messages_come_back(deflate_echo: RawClient) -> None:
    window, payload = zlib.decompressobj(-15), os.urandom(100_000)
    deflate_echo.send(frame(BINARY, deflate(payload), flags=COMPRESSED))
    assert decode(deflate_echo.read_frame(), window) == payload


def test_answers_worth_compressing_are_compressed(deflate_echo: RawClient) -> None:
    deflate_echo.send(frame(TEXT, REPETITIVE))
    answer = deflate_echo.read_frame()
    assert answer.compressed and len(answer.payload) < len(REPETITIVE) // 4
    assert inflate(answer.payload) == REPETITIVE


def test_plain_messages_are_taken_between_compressed_ones(deflate_echo: RawClient) -> None:
    client, window = zlib.compressobj(9, zlib.DEFLATED, -15), zlib.decompressobj(-15)
    for n in range(20):
        payload = b"message %d " % n * 20
        wire = frame(TEXT, payload) if n % 2 else frame(TEXT, deflate(payload, client), flags=COMPRESSED)
        deflate_echo.send(wire)
        assert decode(deflate_echo.read_frame(), window) == payload


def test_both_contexts_are_taken_over(deflate_echo: RawClient) -> None:
    client, window = zlib.compressobj(9, zlib.DEFLATED, -15), zlib.decompressobj(-15)
    payload = os.urandom(2000)
    sizes = []
    for _ in range(5):
        compressed = deflate(payload, client)
        sizes.append(len(compressed))
        deflate_echo.send(frame(BINARY, compressed, flags=COMPRESSED))
        assert decode(deflate_echo.read_frame(), window) == payload
    assert sizes[1] < sizes[0] // 4, "the client's second message must lean on its first, or this proves nothing"


def test_a_client_may_forget_its_context_though_it_need_not(deflate_echo: RawClient) -> None:
    window = zlib.decompressobj(-15)
    for n in range(5):
        deflate_echo.send(frame(TEXT, deflate(b"afresh %d " % n * 9), flags=COMPRESSED))
        assert decode(deflate_echo.read_frame(), window) == b"afresh %d " % n * 9


def test_without_takeover_every_answer_stands_alone(no_takeover_echo: RawClient) -> None:
    for n in range(5):
        payload = REPETITIVE + b"%d" % n
        no_takeover_echo.send(frame(TEXT, deflate(payload), flags=COMPRESSED))
        assert decode(no_takeover_echo.read_frame(), zlib.decompressobj(-15)) == payload


@pytest.mark.parametrize("bits", [9, 10, 12, 15])
def test_the_server_keeps_to_the_window_it_was_given(raw: RawClient, bits: int) -> None:
    raw.upgrade(headers=[("Sec-WebSocket-Extensions", f"permessage-deflate; server_max_window_bits={bits}")])
    window, payload = zlib.decompressobj(-bits), (os.urandom(20_000) + b" again ") * 3
    for _ in range(3):
        raw.send(frame(BINARY, deflate(payload), flags=COMPRESSED))
        assert decode(raw.read_frame(), window) == payload


@pytest.mark.parametrize("pieces", [2, 3, 50])
def test_a_compressed_message_in_fragments_comes_back(deflate_echo: RawClient, pieces: int) -> None:
    data = deflate(REPETITIVE)
    size = max(1, len(data) // pieces)
    parts = [data[start:start + size] for start in range(0, len(data), size)]
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        flags = (FIN if last else 0) | (RSV1 if index == 0 else 0)
        deflate_echo.send(frame(TEXT if index == 0 else CONTINUATION, part, flags=flags))
        if not last and index < 3:
            deflate_echo.send(frame(PING, b"%d" % index))
            assert deflate_echo.read_frame().opcode == PONG
    assert decode(deflate_echo.read_frame(), zlib.decompressobj(-15)) == REPETITIVE


def test_empty_fragments_around_a_compressed_message_are_harmless(deflate_echo: RawClient) -> None:
    deflate_echo.send(frame(TEXT, b"", flags=RSV1) + frame(CONTINUATION, deflate(b"inside"), flags=0)
                      + frame(CONTINUATION, b""))
    assert decode(deflate_echo.read_frame(), zlib.decompressobj(-15)) == b"inside"


def test_a_stored_block_is_read(deflate_echo: RawClient) -> None:
    # RFC 7692 §7.2.3.3: "Hello" in a block without compression.
    deflate_echo.send(frame(TEXT, b"\x00\x05\x00\xfa\xffHello\x00", flags=COMPRESSED))
    assert decode(deflate_echo.read_frame(), zlib.decompressobj(-15)) == b"Hello"


def test_a_final_block_is_read_and_more_messages_may_follow(deflate_echo: RawClient) -> None:
    # RFC 7692 §7.2.3.4: "Hello" in a block with BFINAL set, then one byte so that the tail fits.
    window = zlib.decompressobj(-15)
    for _ in range(3):
        deflate_echo.send(frame(TEXT, b"\xf3\x48\xcd\xc9\xc9\x07\x00\x00", flags=COMPRESSED))
        assert decode(deflate_echo.read_frame(), window) == b"Hello"


def test_two_blocks_in_one_message_are_read(deflate_echo: RawClient) -> None:
    # RFC 7692 §7.2.3.5.
    data = b"\xf2\x48\x05\x00\x00\x00\xff\xff\xca\xc9\xc9\x07\x00"
    deflate_echo.send(frame(TEXT, data, flags=COMPRESSED))
    assert decode(deflate_echo.read_frame(), zlib.decompressobj(-15)) == b"Hello"


@pytest.mark.parametrize("data", [b"\xff\xff\xff\xff", b"\x07", b"\x00\x05\x00\x00\x00Hello", b"\x06\x99"],
                         ids=repr)
def test_what_does_not_inflate_ends_the_connection(deflate_echo: RawClient, data: bytes) -> None:
    deflate_echo.send(frame(BINARY, data, flags=COMPRESSED))
    deflate_echo.expect_close(1002, 1007)


@pytest.mark.parametrize("payload", [b"\xff", b"fine \xed\xa0\x80", b"ends inside \xe2\x82"], ids=repr)
def test_compressed_text_must_be_utf8_too(deflate_echo: RawClient, payload: bytes) -> None:
    deflate_echo.send(frame(TEXT, deflate(payload), flags=COMPRESSED))
    deflate_echo.expect_close(1007)


@pytest.mark.parametrize("opcode", [PING, PONG, 8])
def test_a_compressed_control_frame_is_a_protocol_error(deflate_echo: RawClient, opcode: int) -> None:
    deflate_echo.send(frame(opcode, b"", flags=COMPRESSED))
    deflate_echo.expect_close(1002)
