"""The handshake (contract of Socket.IO, §1 and §2)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.engineio import EngineSocket, Polling, decode, exchange
from harness.process import Server, ServerFactory, free_port
from harness.raw_websocket import TEXT, RawClient, frame, request

KEYS = {"sid", "upgrades", "pingInterval", "pingTimeout", "maxPayload"}


def test_a_get_opens_a_polling_session(quick: Server, version: int) -> None:
    session = Polling(quick.port, version)
    assert set(session.opened) == KEYS
    assert isinstance(session.sid, str) and session.sid
    assert session.opened["upgrades"] == ["websocket"]
    times = [session.opened[key] for key in ("pingInterval", "pingTimeout", "maxPayload")]
    assert times == [300, 200, 1_000_000] and all(type(value) is int for value in times)
    assert session.waiting == [], "nothing else is in the answer"


def test_an_upgrade_opens_a_session_on_a_websocket(quick: Server, version: int) -> None:
    with EngineSocket(quick.port, version) as socket:
        assert set(socket.opened) == KEYS
        assert isinstance(socket.opened["sid"], str) and socket.opened["sid"]
        assert socket.opened["upgrades"] == []
        assert [socket.opened[key] for key in ("pingInterval", "pingTimeout", "maxPayload")] == [300, 200, 1_000_000]


def test_the_defaults_are_those_of_the_reference(tmp_path: Path) -> None:
    factory = ServerFactory(tmp_path)
    try:
        server = factory.start("conformance", "--port", str(free_port()))
        opened = Polling(server.port).opened
        assert [opened[key] for key in ("pingInterval", "pingTimeout", "maxPayload")] == [25_000, 20_000, 1_000_000]
    finally:
        factory.close()


def test_the_open_packet_is_plain_in_version_4(quick: Server) -> None:
    answer = exchange(quick.port, "GET", "/engine.io/?EIO=4&transport=polling")
    assert answer.status == 200
    assert re.fullmatch(rb'0\{"sid":"[A-Za-z0-9_-]{16,}","upgrades":\["websocket"\],"pingInterval":300,'
                        rb'"pingTimeout":200,"maxPayload":1000000\}', answer.body), answer.body


def test_the_open_packet_has_its_length_in_version_3(quick: Server) -> None:
    answer = exchange(quick.port, "GET", "/engine.io/?EIO=3&transport=polling")
    head, _, packet = answer.body.partition(b":")
    assert answer.status == 200 and int(head) == len(packet) and packet.startswith(b'0{"sid":"')


def test_version_3_gets_text_though_it_may_take_binary_bodies(quick: Server) -> None:
    for query in ("EIO=3&transport=polling", "EIO=3&transport=polling&b64=1"):
        answer = exchange(quick.port, "GET", f"/engine.io/?{query}")
        assert isinstance(decode(answer, 3)[0], str)
        assert answer.headers["content-type"].lower().replace(" ", "") == "text/plain;charset=utf-8"


@pytest.mark.parametrize("query", ["t=abc", "t=Nx1.0&b64=1", "token=1&x=%20&empty=", "a&b", "EIO_=5&sid_=1"])
def test_other_keys_of_the_query_do_not_matter(quick: Server, version: int, query: str) -> None:
    answer = exchange(quick.port, "GET", f"/engine.io/?{query}&transport=polling&EIO={version}")
    assert answer.status == 200 and b'"sid"' in answer.body


def test_session_ids_do_not_repeat_and_are_long(calm: Server) -> None:
    ids = [Polling(calm.port, 3 + n % 2).sid for n in range(100)]
    assert len(set(ids)) == 100
    assert all(isinstance(sid, str) and len(sid) >= 16 and re.fullmatch(r"[A-Za-z0-9_-]+", sid) for sid in ids)
    for position in range(4):
        assert len({sid[position] for sid in ids if sid}) > 8, "the ids share a beginning: are they unguessable?"


def test_both_versions_at_once(steady: Server) -> None:
    sessions = [Polling(steady.port, version) for version in (3, 4, 3, 4)]
    for number, session in enumerate(sessions):
        session.send(f"4{number}")
        assert session.receive() == f"4{number}"


def test_a_websocket_takes_the_first_message_with_the_handshake(steady: Server, version: int) -> None:
    with RawClient(steady.port) as raw:
        raw.send(request(path=f"/engine.io/?EIO={version}&transport=websocket", host=steady.address)
                 + frame(TEXT, b"4early"))
        assert raw.read_response().status == 101
        assert raw.read_frame().payload.startswith(b"0{")
        assert raw.read_frame().payload == b"4early"


def test_a_websocket_may_offer_compression(steady: Server, version: int) -> None:
    headers = [("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")]
    with RawClient(steady.port) as raw:
        response = raw.upgrade(path=f"/engine.io/?EIO={version}&transport=websocket", host=steady.address,
                               headers=headers)
        assert response.status == 101 and "sec-websocket-protocol" not in response.headers


def test_the_path_may_lack_its_last_slash_or_not_but_nothing_else(steady: Server) -> None:
    assert exchange(steady.port, "GET", "/engine.io/more?EIO=4&transport=polling").status == 404
    assert exchange(steady.port, "GET", "/engine.iox/?EIO=4&transport=polling").status == 404
