"""Engine.IO 3 and 4 as a client speaks it, down to the bytes: payloads, polling sessions, sockets.

A packet is a text (its type digit and its data) or bytes (a binary message).
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import threading
import time
from concurrent.futures import Future
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple, Union
from urllib.parse import urlencode

from harness.raw_websocket import BINARY, CLOSE, PING, PONG, TEXT, RawClient, Response, Stalled, frame, request
from harness.waiting import eventually

DEADLINE = 10.0
"""Seconds until an end that comes at once must have come: less than any heartbeat that could bring it about."""
Packet = Union[str, bytes]
SEPARATOR = "\x1e"
TEXT_TYPE = "text/plain;charset=UTF-8"
BINARY_TYPE = "application/octet-stream"


def utf16_length(text: str) -> int:
    """Length as JavaScript counts it: a character outside the Basic Multilingual Plane is two."""
    return len(text.encode("utf-16-le")) // 2


def encode_v4(packets: Sequence[Packet]) -> bytes:
    parts = (packet if isinstance(packet, str) else "b" + base64.b64encode(packet).decode() for packet in packets)
    return SEPARATOR.join(parts).encode()


def decode_v4(body: bytes) -> List[Packet]:
    parts = body.decode("utf-8").split(SEPARATOR)
    return [base64.b64decode(part[1:], validate=True) if part.startswith("b") else part for part in parts]


def encode_v3_text(packets: Sequence[Packet]) -> bytes:
    parts = (packet if isinstance(packet, str) else "b4" + base64.b64encode(packet).decode() for packet in packets)
    return "".join(f"{utf16_length(part)}:{part}" for part in parts).encode()


def decode_v3_text(body: bytes) -> List[Packet]:
    units, packets = body.decode("utf-8").encode("utf-16-le"), []
    while units:
        head = re.match(rb"((?:[0-9]\0)+):\0", units)
        assert head, f"no length before {units.decode('utf-16-le')!r}"
        end = head.end() + 2 * int(head.group(1).decode("utf-16-le"))
        assert end <= len(units), f"a length past the end of {body!r}"
        text = units[head.end():end].decode("utf-16-le")
        packets.append(base64.b64decode(text[2:], validate=True) if text.startswith("b4") else text)
        units = units[end:]
    return packets


def encode_v3_binary(packets: Sequence[Packet]) -> bytes:
    body = b""
    for packet in packets:
        data = packet.encode() if isinstance(packet, str) else b"\x04" + packet
        body += bytes([isinstance(packet, bytes), *map(int, str(len(data))), 0xFF]) + data
    return body


def decode_v3_binary(body: bytes) -> List[Packet]:
    packets: List[Packet] = []
    while body:
        kind, end = body[0], body.index(b"\xff")
        assert kind in (0, 1) and end > 1 and all(digit < 10 for digit in body[1:end]), body[:20]
        length = int("".join(map(str, body[1:end])))
        data, body = body[end + 1:end + 1 + length], body[end + 1 + length:]
        assert len(data) == length, "a length past the end"
        assert kind == 0 or data[0] == 4, "a binary packet begins with the number of its type"
        packets.append(data[1:] if kind else data.decode("utf-8"))
    return packets


def encode(packets: Sequence[Packet], version: int) -> bytes:
    return encode_v4(packets) if version == 4 else encode_v3_text(packets)


def decode(response: Response, version: int) -> List[Packet]:
    """The packets of a polling answer, by its content type."""
    kind = response.headers["content-type"].lower().replace(" ", "")
    if kind == BINARY_TYPE:
        assert version == 3, "version 4 has text payloads only"
        return decode_v3_binary(response.body)
    assert kind == TEXT_TYPE.lower(), kind
    return decode_v4(response.body) if version == 4 else decode_v3_text(response.body)


def begin(port: int, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] = {},
          length: Optional[int] = None) -> RawClient:
    """Sends a request on a connection of its own; `read_response` has its answer."""
    raw = RawClient(port)
    fields = {"Host": f"127.0.0.1:{port}", **headers}
    if body or length is not None or method in ("POST", "PUT"):
        fields["Content-Length"] = str(len(body) if length is None else length)
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    raw.send(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body)
    return raw


def exchange(port: int, method: str, target: str, body: bytes = b"", headers: Mapping[str, str] = {}) -> Response:
    with begin(port, method, target, body, headers) as raw:
        return raw.read_response()


def assert_refused(response: Response, code: int, status: int = 400) -> None:
    """An answer with one of Engine.IO's codes."""
    messages = ["Transport unknown", "Session ID unknown", "Bad handshake method", "Bad request", "Forbidden",
                "Unsupported protocol version"]
    assert response.status == status, (response.status, response.body)
    assert response.headers["content-type"].split(";")[0] == "application/json"
    assert json.loads(response.body) == {"code": code, "message": messages[code]}


class Polling:
    """A session by HTTP long-polling. Each request has a connection of its own, so that any of the server's loops may
    get it."""

    def __init__(self, port: int, version: int = 4, path: str = "/engine.io/", query: Mapping[str, str] = {},
                 headers: Mapping[str, str] = {}) -> None:
        self.port, self.version, self.path, self.query, self.headers = port, version, path, dict(query), dict(headers)
        self.sid: Optional[str] = None
        opened = self.get()
        assert opened.status == 200, (opened.status, opened.body)
        first, *self.waiting = decode(opened, version)
        assert isinstance(first, str) and first.startswith("0"), first
        self.opened: Dict[str, Any] = json.loads(first[1:])
        self.sid = self.opened["sid"]

    def target(self, transport: str = "polling", **more: str) -> str:
        fields = {"EIO": str(self.version), "transport": transport, **self.query, **more}
        if self.sid is not None:
            fields["sid"] = self.sid
        return f"{self.path}?{urlencode(fields)}"

    def begin_get(self) -> RawClient:
        """A GET that may wait."""
        return begin(self.port, "GET", self.target(), headers=self.headers)

    def get(self) -> Response:
        with self.begin_get() as raw:
            return raw.read_response()

    def poll(self) -> List[Packet]:
        """The packets of the next answer."""
        response = self.get()
        assert response.status == 200, (response.status, response.body)
        return decode(response, self.version)

    def post_body(self, body: bytes, content_type: str = TEXT_TYPE) -> Response:
        headers = {**self.headers, "Content-Type": content_type}
        return exchange(self.port, "POST", self.target(), body, headers)

    def post(self, *packets: Packet) -> Response:
        return self.post_body(encode(packets, self.version))

    def send(self, *packets: Packet) -> None:
        response = self.post(*packets)
        assert (response.status, response.body) == (200, b"ok"), (response.status, response.body)

    def receive(self) -> Packet:
        """The next packet that is no heartbeat; pings of the server are answered."""
        while True:
            if not self.waiting:
                self.waiting = self.poll()
            packet = self.waiting.pop(0)
            if packet == "2" and self.version == 4:
                self.send("3")
            elif packet != "6":
                return packet

    def receive_many(self, count: int) -> List[Packet]:
        return [self.receive() for _ in range(count)]

    def is_known(self) -> bool:
        """Asked with a noop, which changes nothing."""
        response = self.post("6")
        if response.status == 200:
            return True
        assert_refused(response, 1)
        return False

    def expect_gone(self, within: float = DEADLINE) -> None:
        """The session has ended or does so very soon."""
        def look() -> bool:
            response = self.get()
            if response.status == 400 and json.loads(response.body)["code"] == 1:
                return True
            assert response.status in (200, 400), (response.status, response.body)
            return False
        eventually(look, f"session {self.sid} is unknown", within)


class Closed(Exception):
    """The server closed the socket; `code` is its close code, None without a close frame."""

    def __init__(self, code: Optional[int]) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class EngineSocket:
    """A WebSocket of Engine.IO: a session of its own, or with `sid` the second transport of a polling session."""

    def __init__(self, port: int, version: int = 4, path: str = "/engine.io/", sid: Optional[str] = None,
                 query: Mapping[str, str] = {}, headers: Sequence[Tuple[str, str]] = (),
                 receive_buffer: Optional[int] = None) -> None:
        self.version = version
        fields = {"EIO": str(version), "transport": "websocket", **query}
        if sid is not None:
            fields["sid"] = sid
        self.raw = RawClient(port, receive_buffer)
        self.raw.upgrade(path=f"{path}?{urlencode(fields)}", host=f"127.0.0.1:{port}", headers=list(headers))
        self.opened: Dict[str, Any] = {}
        if sid is None:
            first = self.receive_packet()
            assert isinstance(first, str) and first.startswith("0"), first
            self.opened = json.loads(first[1:])

    @classmethod
    def over(cls, raw: RawClient, version: int) -> "EngineSocket":
        """A socket whose upgrade has been answered already."""
        socket = cls.__new__(cls)
        socket.raw, socket.version, socket.opened = raw, version, {}
        return socket

    def __enter__(self) -> "EngineSocket":
        return self

    def __exit__(self, *_: object) -> None:
        self.raw.socket.close()

    def frames(self, *packets: Packet) -> bytes:
        made = b""
        for packet in packets:
            if isinstance(packet, str):
                made += frame(TEXT, packet.encode())
            else:
                made += frame(BINARY, (b"\x04" if self.version == 3 else b"") + packet)
        return made

    def send(self, *packets: Packet) -> None:
        """All in one write."""
        self.raw.send(self.frames(*packets))

    def receive_packet(self) -> Packet:
        """The next packet of any kind."""
        while True:
            try:
                received = self.raw.read_frame()
            except (EOFError, ConnectionResetError):
                raise Closed(None) from None
            if received.opcode == PING:
                self.raw.send(frame(PONG, received.payload))
            elif received.opcode == CLOSE:
                with contextlib.suppress(OSError):
                    self.raw.send(frame(CLOSE, received.payload[:2]))
                raise Closed(received.close_code)
            elif received.opcode == TEXT:
                return received.payload.decode("utf-8")
            elif received.opcode == BINARY:
                assert self.version == 4 or received.payload[0] == 4, received
                return received.payload[1:] if self.version == 3 else received.payload

    def receive(self) -> Packet:
        """The next packet that is no heartbeat; pings of the server are answered."""
        while True:
            packet = self.receive_packet()
            if packet == "2" and self.version == 4:
                self.send("3")
            elif packet not in ("3", "6"):
                return packet

    def receive_many(self, count: int) -> List[Packet]:
        return [self.receive() for _ in range(count)]

    def expect_closed(self, within: float = DEADLINE, allowed: Sequence[str] = ("1", "2", "6")) -> float:
        """Reads to the end, in which no message may come; returns the seconds it took."""
        started = time.monotonic()
        self.raw.socket.settimeout(within)
        while True:
            try:
                packet = self.receive_packet()
            except Closed:
                took = time.monotonic() - started
                self.raw.socket.close()
                return took
            except Stalled:
                raise AssertionError(f"not closed within {within:g} s") from None
            assert packet in allowed, f"{packet!r} came instead of the end"
            assert time.monotonic() - started < within, "it is kept open by packets"

    def end(self) -> None:
        """An orderly end by the client."""
        self.send("1")
        self.expect_closed()


def attempt_socket(port: int, target: str, headers: Sequence[Tuple[str, str]] = ()) -> RawClient:
    """An upgrade request that may be refused."""
    raw = RawClient(port)
    raw.send(request(path=target, host=f"127.0.0.1:{port}", headers=list(headers)))
    return raw


def probing(session: Polling) -> EngineSocket:
    """A second transport that has got its probe answered."""
    socket = EngineSocket(session.port, session.version, session.path, sid=session.sid, query=session.query)
    socket.send("2probe")
    answer = socket.receive_packet()
    assert answer == "3probe", answer
    return socket


def upgraded(session: Polling) -> EngineSocket:
    """Moves a polling session to a WebSocket."""
    socket = probing(session)
    socket.send("5")
    return socket


class Unfinished:
    """A second transport that never finishes its upgrade, waited for by a thread."""

    def __init__(self, session: Polling, with_probe: bool) -> None:
        self.session, self.began = session, time.monotonic()
        self.socket = probing(session) if with_probe else EngineSocket(session.port, session.version, sid=session.sid)
        self.result: "Future[float]" = Future()
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        """The seconds until the server has closed it; the session must go on, and does not wait long for anyone."""
        try:
            self.socket.expect_closed(within=20, allowed=())
            took = time.monotonic() - self.began
            self.session.send("4still polling")
            assert self.session.receive() == "4still polling"
            with upgraded(self.session) as again:
                again.send("4upgraded")
                assert again.receive() == "4upgraded"
            self.result.set_result(took)
        except BaseException as error:  # Told on the test's own thread.
            self.result.set_exception(error)
