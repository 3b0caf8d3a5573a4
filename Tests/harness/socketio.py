"""Socket.IO packets as texts, over any transport of Engine.IO: what a client sends, to the byte."""

from __future__ import annotations

import json
from typing import Any, Callable, List, Mapping, Optional, Tuple, Union

from harness.engineio import DEADLINE, EngineSocket, Packet, Polling, upgraded

TRANSPORTS = ("websocket", "polling", "upgraded")


class SocketIO:
    """One connection. A packet is its text without Engine.IO's `4`; attachments are bytes."""

    def __init__(self, port: int, version: int = 4, transport: str = "websocket", path: str = "/socket.io/",
                 query: Mapping[str, str] = {}, headers: Mapping[str, str] = {},
                 receive_buffer: Optional[int] = None) -> None:
        self.version, self.transport = version, transport
        self.engine: Union[Polling, EngineSocket]
        self.kept: List[Packet]
        if transport == "websocket":
            self.engine = EngineSocket(port, version, path, query=query, headers=list(headers.items()),
                                       receive_buffer=receive_buffer)
            self.opened, self.kept = self.engine.opened, []
        else:
            polling = Polling(port, version, path, query, headers)
            self.engine, self.opened, self.kept = polling, polling.opened, []
            if transport == "upgraded":
                self.kept = polling.waiting
                self.engine = upgraded(polling)

    def __enter__(self) -> "SocketIO":
        return self

    def __exit__(self, *_: object) -> None:
        if isinstance(self.engine, EngineSocket):
            self.engine.raw.socket.close()

    def send(self, *packets: Packet) -> None:
        """All at once: one write, or one POST, which may be answered 400 when a packet is wrong."""
        made = ["4" + packet if isinstance(packet, str) else packet for packet in packets]
        if isinstance(self.engine, Polling):
            assert self.engine.post(*made).status in (200, 400)
        else:
            self.engine.send(*made)

    def receive(self) -> Packet:
        packet = self.kept.pop(0) if self.kept else self.engine.receive()
        if isinstance(packet, bytes):
            return packet
        assert packet.startswith("4"), f"{packet!r} is no message"
        return packet[1:]

    def emit(self, event: str, *arguments: Any) -> None:
        self.send("2" + json.dumps([event, *arguments]))

    def receive_many(self, count: int) -> List[Packet]:
        return [self.receive() for _ in range(count)]

    def event(self) -> Tuple[str, List[Any]]:
        """The next packet as an event: its namespace, and its name with its arguments."""
        packet = self.receive()
        assert isinstance(packet, str) and packet.startswith("2"), packet
        namespace = "/"
        rest = packet[1:]
        if rest.startswith("/"):
            namespace, _, rest = rest.partition(",")
        return namespace, json.loads(rest)

    def until(self, name: str, where: Callable[..., bool] = lambda *_: True) -> List[List[Any]]:
        """Reads events up to the one of this name whose arguments satisfy `where`; returns all that came."""
        came: List[List[Any]] = []
        while True:
            came.append(self.event()[1])
            if came[-1][0] == name and where(*came[-1][1:]):
                return came

    def connect(self, namespace: str = "/", auth: Optional[str] = None) -> str:
        """Joins a namespace and returns the sid in it (version 3: as the client derives it)."""
        name = "" if namespace == "/" else namespace
        if self.version == 4 or name:
            text = "0" + name + ("," if name and auth else "") + (auth or "")
            self.send(text)
        answer = self.receive()
        assert isinstance(answer, str), answer
        head = "0" + (name + "," if name else "")
        if self.version == 3:
            assert answer in (head, head.rstrip(",")), answer
            return str(self.opened["sid"]) if not name else f"{name}#{self.opened['sid']}"
        assert answer.startswith(head), answer
        body = json.loads(answer[len(head):])
        assert set(body) == {"sid"} and isinstance(body["sid"], str) and body["sid"], answer
        return str(body["sid"])

    def expect_closed(self, within: float = DEADLINE) -> None:
        """The server ends the whole connection and says nothing more."""
        if isinstance(self.engine, EngineSocket):
            self.engine.expect_closed(within)
        else:
            self.engine.expect_gone(within)

    def expect_open(self) -> None:
        """A message comes back: the namespace `/` is joined and works."""
        self.send('2["message","still open"]')
        assert self.receive() == '2["message-back","still open"]'


def joined(port: int, version: int = 4, transport: str = "websocket", **options: Any) -> SocketIO:
    """A connection to a conformance server that is in `/` and has read its `auth`."""
    client = SocketIO(port, version, transport, **options)
    client.connect()
    assert client.receive() == '2["auth",{}]'
    return client
