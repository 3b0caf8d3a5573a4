"""Real sockets against the fake server."""

from __future__ import annotations

import json
import queue
import socket
import threading
from typing import Iterator, Optional, Tuple

import pytest
from websockets.server import ServerProtocol

from fake_server import FakeServer
from vitrine_worker.connection import Connection, Event, Lost, Ready, Received
from vitrine_worker.loss import Loss
from vitrine_worker.protocol import Profile

PROFILE = Profile("box", ["peer.a", "model:x"], 2)


class Client:
    """A connection and what it posts."""

    def __init__(self, url: str, token: Optional[str] = None) -> None:
        self.events: "queue.Queue[Event]" = queue.Queue()
        self.connection = Connection(url, token, PROFILE, "vitrine-worker/test", self.events.put)
        self.connection.start()

    def next(self) -> Event:
        return self.events.get(timeout=60)

    def ready(self) -> Ready:
        event = self.next()
        assert isinstance(event, Ready), event
        return event

    def loss(self) -> Loss:
        event = self.next()
        assert isinstance(event, Lost), event
        return event.loss


@pytest.fixture
def client(fake_server: FakeServer) -> Iterator[Client]:
    client = Client(fake_server.url + "/ws")
    yield client
    client.connection.close()


def test_it_says_hello_with_subprotocol_token_and_capabilities(fake_server: FakeServer) -> None:
    fake_server.token = "secret.token"
    fake_server.lease_ms = 9000
    client = Client(fake_server.url + "/ws", "secret.token")
    ready = client.ready()
    session = fake_server.session()
    assert (ready.client, ready.lease) == ("client-1", 9.0)
    assert session.hello == {"type": "hello", "id": "hello", "name": "box", "kind": "worker", "slots": 2,
                             "capabilities": ["peer.a", "model:x"]}
    assert session.headers["Sec-WebSocket-Protocol"] == "vitrine.v1"
    assert session.headers["Authorization"] == "Bearer secret.token"
    client.connection.close()
    assert session.until_closed() == 1000


def test_messages_go_both_ways(fake_server: FakeServer, client: Client) -> None:
    client.ready()
    session = fake_server.session()
    session.send("task.offer", task="t", text="größer 🎉")
    event = client.next()
    assert isinstance(event, Received) and event.message["text"] == "größer 🎉"
    client.connection.send({"type": "heartbeat"})
    client.connection.send('{"type":"task.log","message":"é"}')
    assert session.until_type("task.log")["message"] == "é" and session.seen[0] == {"type": "heartbeat"}


def test_what_is_not_a_message_is_passed_over(fake_server: FakeServer, client: Client) -> None:
    client.ready()
    session = fake_server.session()
    for text in ("[1]", "not json", "{}", '{"type":5}', b"\x00binary"):
        session.socket.send(text)
    session.send("ok", id=1)
    event = client.next()
    assert isinstance(event, Received) and event.message == {"type": "ok", "id": 1}


@pytest.mark.parametrize("status, refused", [(401, True), (403, True), (400, True), (426, True)])
def test_refusals_that_repeat_are_final(fake_server: FakeServer, status: int, refused: bool) -> None:
    fake_server.refusals = [(status, {})]
    loss = Client(fake_server.url + "/ws").loss()
    assert loss.final and loss.refused == refused
    assert str(status) in loss.reason and "said the fake server" in loss.reason


@pytest.mark.parametrize("headers, delay", [({"Retry-After": "7"}, 7.0), ({}, 0.0), ({"Retry-After": "soon"}, 0.0),
                                            ({"Retry-After": "99999"}, 300.0)])
def test_a_full_server_is_worth_another_try(fake_server: FakeServer, headers: dict, delay: float) -> None:
    fake_server.refusals = [(503, headers)]
    loss = Client(fake_server.url + "/ws").loss()
    assert not loss.final and loss.least_delay == delay and "503" in loss.reason


@pytest.mark.parametrize("code, final", [(1000, False), (1001, False), (1002, True), (1003, True), (1007, True),
                                         (1008, True), (1009, True), (1011, False), (4408, False)])
def test_after_protocol_errors_there_is_no_use_in_coming_back(fake_server: FakeServer, client: Client, code: int,
                                                              final: bool) -> None:
    client.ready()
    fake_server.session().close(code)
    loss = client.loss()
    assert loss.final == final and loss.server_stops == (code == 1001)
    assert code == 1001 or str(code) in loss.reason


def test_a_connection_that_breaks_is_worth_another_try(fake_server: FakeServer, client: Client) -> None:
    client.ready()
    fake_server.session().cut()
    loss = client.loss()
    assert not loss.final and not loss.server_stops
    client.connection.send({"type": "heartbeat"})  # Left out, without an exception.


def test_nobody_listening_is_worth_another_try() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        assert not Client(f"ws://127.0.0.1:{probe.getsockname()[1]}/ws").loss().final


@pytest.mark.parametrize("code, final, refused", [("forbidden", True, True), ("bad_message", True, False),
                                                  ("internal", False, False)])
def test_a_refused_hello(fake_server: FakeServer, code: str, final: bool, refused: bool) -> None:
    fake_server.hello_errors = [code]
    loss = Client(fake_server.url + "/ws").loss()
    assert (loss.final, loss.refused) == (final, refused)


def test_a_server_that_does_not_speak_the_protocol_is_final(fake_server: FakeServer) -> None:
    fake_server.subprotocol = None
    loss = Client(fake_server.url + "/ws").loss()
    assert loss.final and "vitrine.v1" in loss.reason


def test_a_lease_of_no_length_is_not_a_server_to_work_for(fake_server: FakeServer) -> None:
    fake_server.lease_ms = 0
    assert Client(fake_server.url + "/ws").loss().final


def test_an_http_server_that_answers_nonsense_is_worth_another_try() -> None:
    def answer(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        connection.recv(65536)
        connection.sendall(b"SSH-2.0-OpenSSH\r\n")
        connection.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer, args=(listener,), daemon=True).start()
        assert not Client(f"ws://127.0.0.1:{listener.getsockname()[1]}/ws").loss().final


def test_a_server_that_reads_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vitrine_worker.connection.SEND_TIMEOUT", 1)
    held = []

    def serve(listener: socket.socket) -> None:
        """The first messages as they should be, and then silence."""
        connection, _ = listener.accept()
        held.append(connection)
        protocol = ServerProtocol(subprotocols=["vitrine.v1"])  # type: ignore[list-item]
        protocol.receive_data(connection.recv(65536))
        [request] = protocol.events_received()
        protocol.send_response(protocol.accept(request))  # type: ignore[arg-type]
        protocol.send_text(b'{"type":"welcome"}')
        protocol.send_text(b'{"type":"ready","client":"c","lease":15000}')
        connection.sendall(b"".join(protocol.data_to_send()))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        client = Client(f"ws://127.0.0.1:{listener.getsockname()[1]}/ws")
        client.ready()
        client.connection.send({"type": "task.done", "result": "x" * (16 << 20)})
        assert not client.loss().final
    held[0].close()


def test_many_threads_may_send_at_once(fake_server: FakeServer, client: Client) -> None:
    client.ready()
    session = fake_server.session()

    def send(number: int) -> None:
        for n in range(50):
            client.connection.send({"type": "n", "thread": number, "n": n, "fill": "x" * 2000})

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    client.connection.send({"type": "end"})
    session.until_type("end")
    came = [(message["thread"], message["n"]) for message in session.seen[:-1]]
    assert sorted(came) == [(thread, n) for thread in range(4) for n in range(50)]
    assert all([n for t, n in came if t == thread] == list(range(50)) for thread in range(4))
    assert json.dumps(session.seen[0])
