"""Joining namespaces (contract of Socket.IO, §3 "Connecting")."""

from __future__ import annotations

import json
import time

import pytest

from harness.engineio import Closed, EngineSocket, Polling, assert_refused, exchange
from harness.process import Server
from harness.raw_websocket import TEXT, RawClient, frame, request
from harness.socketio import TRANSPORTS, SocketIO, joined


def test_version_5_connects_on_request(steady: Server, transport: str) -> None:
    with SocketIO(steady.port, 4, transport) as client:
        sid = client.connect()
        assert sid != client.opened["sid"], "a sid of its own in each namespace"
        assert client.receive() == '2["auth",{}]'
        client.expect_open()


def test_version_4_is_connected_without_a_word(steady: Server, transport: str) -> None:
    with SocketIO(steady.port, 3, transport) as client:
        assert client.receive() == "0"
        assert client.receive() == '2["auth",{}]'
        client.expect_open()


def test_version_4_may_speak_before_it_has_read_anything(steady: Server) -> None:
    with RawClient(steady.port) as raw:
        raw.send(request(path="/socket.io/?EIO=3&transport=websocket", host=steady.address)
                 + frame(TEXT, b'42["message","early"]'))
        assert raw.read_response().status == 101
        came = [raw.read_frame().payload.decode() for _ in range(4)]
        assert came[0].startswith("0{")
        assert came[1:] == ["40", '42["auth",{}]', '42["message-back","early"]']
    polling = Polling(steady.port, 3, "/socket.io/")
    polling.send('42["message","early"]')
    came = polling.waiting
    while len(came) < 3:
        came += polling.poll()
    assert came == ["40", '42["auth",{}]', '42["message-back","early"]']


@pytest.mark.parametrize("auth", ['{"token":"123"}', '{}', '{"a":{"b":[1,2.5,null,true,"\u00e9"]},"Z":1,"A":2}',
                                  '{"_placeholder":true,"num":0}', '{"deep":[[[[[[[[[[]]]]]]]]]]}'])
@pytest.mark.parametrize("namespace", ["/", "/custom"])
def test_the_auth_payload_is_handed_on(steady: Server, transport: str, namespace: str, auth: str) -> None:
    with SocketIO(steady.port, 4, transport) as client:
        client.connect(namespace, auth)
        head = "2" if namespace == "/" else "2/custom,"
        assert client.receive() == f'{head}["auth",{auth}]'


def test_a_connect_has_exactly_its_sid_in_the_answer(steady: Server) -> None:
    with SocketIO(steady.port) as client:
        client.send("0")
        answer = client.receive()
        assert isinstance(answer, str) and answer.startswith('0{"sid":"') and list(json.loads(answer[1:])) == ["sid"]


@pytest.mark.parametrize("text", ["0/custom", "0/custom,", '0/custom,{}', "0/custom?token=abc", "0/custom?token=abc,",
                                  '0/custom?token=abc&x=%20,{}'])
def test_the_ways_to_write_a_namespace(steady: Server, transport: str, text: str) -> None:
    with SocketIO(steady.port, 4, transport) as client:
        client.send(text)
        answer = client.receive()
        assert isinstance(answer, str) and answer.startswith('0/custom,{"sid":"'), answer
        assert client.receive() == '2/custom,["auth",{}]'


@pytest.mark.parametrize("text", ["0/custom", "0/custom,", "0/custom?token=abc", "0/custom?token=abc,"])
def test_the_ways_to_write_a_namespace_in_version_4(steady: Server, transport: str, text: str) -> None:
    with joined(steady.port, 3, transport) as client:
        client.send(text)
        assert client.receive() in ("0/custom", "0/custom,")
        assert client.receive() == '2/custom,["auth",{}]'
        client.expect_open()


@pytest.mark.parametrize("text", ["0/?token=abc", "0/?token=abc,", "0/,", '0/,{}'])
def test_the_root_namespace_may_be_written(steady: Server, text: str) -> None:
    with SocketIO(steady.port) as client:
        client.send(text)
        answer = client.receive()
        assert isinstance(answer, str) and answer.startswith('0{"sid":"'), answer


def test_a_custom_namespace_needs_no_root(steady: Server, transport: str) -> None:
    with SocketIO(steady.port, 4, transport) as client:
        client.connect("/custom")
        assert client.receive() == '2/custom,["auth",{}]'


def test_namespaces_share_a_connection(steady: Server, version: int, transport: str) -> None:
    with joined(steady.port, version, transport) as client:
        sid = client.connect("/custom")
        assert sid != client.opened["sid"]
        assert client.receive() == '2/custom,["auth",{}]'
        client.send('2/custom,["message","for nobody"]')
        client.expect_open()


def test_sids_do_not_repeat(calm: Server) -> None:
    sids = set()
    for _ in range(20):
        with SocketIO(calm.port) as client:
            sids |= {client.connect(), client.opened["sid"]}
            client.receive()
            sids.add(client.connect("/custom"))
    assert len(sids) == 60 and all(len(sid) >= 16 for sid in sids)


def test_an_unknown_namespace_is_refused(steady: Server, transport: str) -> None:
    with SocketIO(steady.port, 4, transport) as client:
        for text in ("0/random", "0/random,", '0/random,{"a":1}', "0/random?x=1"):
            client.send(text)
            assert client.receive() == '4/random,{"message":"Invalid namespace"}'
        client.connect()
        assert client.receive() == '2["auth",{}]'
        client.expect_open()


def test_an_unknown_namespace_is_refused_in_version_4(steady: Server, transport: str) -> None:
    with joined(steady.port, 3, transport) as client:
        client.send("0/random")
        assert client.receive() == '4/random,"Invalid namespace"'
        client.expect_open()


def test_names_are_exact(steady: Server) -> None:
    with joined(steady.port) as client:
        for name in ("/Custom", "/custom/", "/custo", "/customs", "/%63ustom", "/__proto__", "/caf\u00e9"):
            client.send("0" + name)
            assert client.receive() == f'4{name},{{"message":"Invalid namespace"}}'
        client.expect_open()


@pytest.mark.parametrize("namespace", ["/", "/custom"])
def test_a_second_connect_closes(steady: Server, transport: str, namespace: str) -> None:
    with SocketIO(steady.port, 4, transport) as client:
        client.connect(namespace)
        client.receive()
        client.send("0" if namespace == "/" else "0/custom")
        client.expect_closed()


@pytest.mark.parametrize("text", ['2["message","early"]', "2/custom,[\"message\"]", "1", "1/custom", '31["x"]', "abc",
                                  "", "9", '0"text"', "0[1]", '0{"a":'])
def test_anything_but_a_connect_closes(steady: Server, transport: str, text: str) -> None:
    with SocketIO(steady.port, 4, transport) as client:
        client.send(text)
        client.expect_closed()


def test_a_binary_event_before_the_connect_closes(steady: Server, transport: str) -> None:
    with SocketIO(steady.port, 4, transport) as client:
        client.send('51-["message",{"_placeholder":true,"num":0}]', b"\x01")
        client.expect_closed()


def test_a_binary_event_that_is_never_whole_is_no_connect(calm: Server, transport: str) -> None:
    with SocketIO(calm.port, 4, transport) as client:
        client.send('51-["message",{"_placeholder":true,"num":0}]')
        client.expect_closed()


def test_a_binary_message_before_the_connect_closes(steady: Server, transport: str) -> None:
    with SocketIO(steady.port, 4, transport) as client:
        client.send(b"\x01\x02")
        client.expect_closed()


def test_an_event_for_a_namespace_not_joined_closes(steady: Server, version: int, transport: str) -> None:
    with joined(steady.port, version, transport) as client:
        client.send('2/custom,["message","not there"]')
        client.expect_closed()


def test_who_never_connects_is_closed(calm: Server) -> None:
    started = time.monotonic()
    clients = [SocketIO(calm.port, 4, transport) for transport in TRANSPORTS for _ in range(3)]
    polling = [client.engine for client in clients if isinstance(client.engine, Polling)]
    pending = [engine.begin_get() for engine in polling]
    for engine, raw in zip(polling, pending):
        answer = raw.read_response()
        assert (answer.status, answer.body) == (200, b"1"), "the server's close comes by the waiting GET"
        engine.expect_gone()
        raw.socket.close()
    for client in clients:
        client.expect_closed()
    assert 0.9 < time.monotonic() - started < 10


def test_who_never_connects_is_closed_though_it_answers_pings(patient: Server) -> None:
    started = time.monotonic()
    with EngineSocket(patient.port, 4, "/socket.io/") as socket:
        while time.monotonic() - started < 15:
            try:
                assert socket.receive_packet() in ("2", "1")
            except Closed:
                break
            socket.send("3")
        assert 0.9 < time.monotonic() - started < 10


def test_who_connected_in_time_stays(calm: Server) -> None:
    kinds = [(version, transport) for version in (3, 4) for transport in TRANSPORTS]
    clients = [joined(calm.port, version, transport) for version, transport in kinds]
    left = [joined(calm.port, 4, transport) for transport in TRANSPORTS]
    for client in left:
        client.send("1")
    time.sleep(1.4)
    for client in clients:
        client.expect_open()
    for client in left:
        client.connect()
        assert client.receive() == '2["auth",{}]'


@pytest.mark.parametrize("query", ["EIO=5&transport=polling", "EIO=4&transport=abc", "transport=polling", "EIO=4"])
def test_engine_io_refuses_here_too(steady: Server, query: str) -> None:
    answer = exchange(steady.port, "GET", f"/socket.io/?{query}")
    assert_refused(answer, 5 if query in ("EIO=5&transport=polling", "transport=polling") else 0)
