"""A WebSocket client that does exactly what it is told, wrong things too (RFC 6455 §5.2, RFC 7692)."""

from __future__ import annotations

import base64
import hashlib
import os
import socket
import struct
import zlib
from dataclasses import dataclass
from typing import Dict, Iterable, List, Optional, Tuple

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
FIN, RSV1, RSV2, RSV3 = 0x80, 0x40, 0x20, 0x10
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TAIL = b"\x00\x00\xff\xff"
DEADLINE = 60.0
Stalled = socket.timeout  # TimeoutError from Python 3.10 on.


def accept_key(key: str) -> str:
    return base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()


@dataclass
class Frame:
    first: int
    payload: bytes

    @property
    def opcode(self) -> int:
        return self.first & 0x0F

    @property
    def fin(self) -> bool:
        return bool(self.first & FIN)

    @property
    def compressed(self) -> bool:
        return bool(self.first & RSV1)

    @property
    def close_code(self) -> Optional[int]:
        return struct.unpack("!H", self.payload[:2])[0] if len(self.payload) >= 2 else None


@dataclass
class Response:
    status: int
    headers: Dict[str, str]
    body: bytes = b""


def header(opcode: int, length: int, flags: int = FIN, mask: Optional[bytes] = b"\x01\x02\x03\x04",
           form: Optional[int] = None) -> bytes:
    """A frame's header; `form` 7, 16 or 64 forces a length form, `mask` None leaves the frame unmasked."""
    if form is None:
        form = 7 if length < 126 else 16 if length < 65536 else 64
    bit = 0x80 if mask is not None else 0
    first = bytes([flags | opcode])
    lengths = {
        7: lambda: bytes([bit | length]),
        16: lambda: bytes([bit | 126]) + struct.pack("!H", length),
        64: lambda: bytes([bit | 127]) + struct.pack("!Q", length),
    }
    return first + lengths[form]() + (mask or b"")


def frame(opcode: int, payload: bytes = b"", flags: int = FIN, mask: Optional[bytes] = b"\x01\x02\x03\x04",
          form: Optional[int] = None) -> bytes:
    """A whole frame as a client sends it."""
    return header(opcode, len(payload), flags, mask, form) + (masked(payload, mask) if mask else payload)


def masked(payload: bytes, mask: bytes) -> bytes:
    repeated = (mask * (len(payload) // 4 + 1))[: len(payload)]
    size = len(payload)
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(size, "big") if size else b""


def close_frame(code: Optional[int] = None, reason: bytes = b"") -> bytes:
    return frame(CLOSE, (struct.pack("!H", code) if code is not None else b"") + reason)


def deflate(payload: bytes, compressor: Optional["zlib._Compress"] = None) -> bytes:
    """One message's compressed payload (RFC 7692 §7.2.1)."""
    compressor = compressor or zlib.compressobj(9, zlib.DEFLATED, -15)
    data = compressor.compress(payload) + compressor.flush(zlib.Z_SYNC_FLUSH)
    assert data.endswith(TAIL)
    return data[:-4]


def inflate(payload: bytes, decompressor: Optional["zlib._Decompress"] = None) -> bytes:
    decompressor = decompressor or zlib.decompressobj(-15)
    return decompressor.decompress(payload + TAIL)


def request(path: str = "/echo", host: str = "127.0.0.1", key: Optional[str] = "dGhlIHNhbXBsZSBub25jZQ==",
            method: str = "GET", version: str = "HTTP/1.1", drop: Iterable[str] = (),
            headers: Iterable[Tuple[str, str]] = (), body: bytes = b"") -> bytes:
    """An upgrade request; `headers` are added, a name that is already there is replaced, `drop` leaves names out."""
    fields: List[Tuple[str, str]] = [("Host", host), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
                                     ("Sec-WebSocket-Version", "13")]
    if key is not None:
        fields.append(("Sec-WebSocket-Key", key))
    added = list(headers)
    gone = {name.lower() for name in drop} | {name.lower() for name, _ in added}
    fields = [(name, value) for name, value in fields if name.lower() not in gone] + added
    head = "".join([f"{method} {path} {version}\r\n"] + [f"{name}: {value}\r\n" for name, value in fields] + ["\r\n"])
    return head.encode("latin-1") + body


class RawClient:
    """A TCP connection with a reader for HTTP answers and unmasked frames; every wait has a deadline."""

    def __init__(self, port: int, receive_buffer: Optional[int] = None, sock: Optional[socket.socket] = None) -> None:
        if sock is None:
            sock = socket.socket()
            if receive_buffer is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
            sock.settimeout(DEADLINE)
            sock.connect(("127.0.0.1", port))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(DEADLINE)
        self.socket = sock
        self.buffer = bytearray()

    def __enter__(self) -> "RawClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_chunks(self, data: bytes, size: int) -> None:
        for start in range(0, len(data), size):
            self.socket.sendall(data[start:start + size])

    def _fill(self) -> bool:
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def _take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            if not self._fill():
                raise EOFError(f"the connection ended with {len(self.buffer)} of {count} bytes")
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def read_response(self) -> Response:
        """One HTTP answer; a body by Content-Length, by chunks, or until the end of the connection."""
        while b"\r\n\r\n" not in self.buffer:
            if not self._fill():
                raise EOFError(f"no HTTP answer, only {bytes(self.buffer)!r}")
        head = self._take(self.buffer.index(b"\r\n\r\n") + 4).decode("latin-1")
        status_line, *lines = head.rstrip("\r\n").split("\r\n")
        headers: Dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            known = headers.get(name.lower())
            headers[name.lower()] = value.strip() if known is None else f"{known}, {value.strip()}"
        response = Response(int(status_line.split()[1]), headers)
        if response.status == 101 or response.status in (204, 304):
            return response
        if "content-length" in headers:
            response.body = self._take(int(headers["content-length"]))
        elif "chunked" in headers.get("transfer-encoding", ""):
            response.body = self._read_chunks()
        else:
            response.body = self.read_to_end()
        return response

    def _read_chunks(self) -> bytes:
        body = b""
        while True:
            line = b""
            while not line.endswith(b"\r\n"):
                line += self._take(1)
            size = int(line.split(b";")[0], 16)
            body += self._take(size)
            self._take(2)
            if size == 0:
                return body

    def read_frame(self) -> Frame:
        first, second = self._take(2)
        assert not second & 0x80, "a server must not mask (RFC 6455 §5.1)"
        length = second & 0x7F
        if length == 126:
            length = struct.unpack("!H", self._take(2))[0]
            assert length > 125, "the shortest length form must be used (RFC 6455 §5.2)"
        elif length == 127:
            length = struct.unpack("!Q", self._take(8))[0]
            assert length > 65535, "the shortest length form must be used (RFC 6455 §5.2)"
        return Frame(first, self._take(length))

    def read_to_end(self) -> bytes:
        """Everything until the server closes its side; a reset counts as an end."""
        try:
            while self._fill():
                pass
        except ConnectionResetError:
            pass
        return self._take(len(self.buffer))

    def upgrade(self, **options: object) -> Response:
        key = str(options.setdefault("key", base64.b64encode(os.urandom(16)).decode()))
        self.send(request(**options))  # type: ignore[arg-type]
        response = self.read_response()
        assert response.status == 101, f"{response.status} {response.body!r}"
        assert response.headers["sec-websocket-accept"] == accept_key(key)
        return response

    def expect_close(self, *codes: Optional[int]) -> Frame:
        """The next frame is a close with one of `codes`; answers it and sees the server end the connection."""
        received = self.read_frame()
        assert received.opcode == CLOSE, f"not a close frame: {received}"
        assert received.close_code in codes, f"close {received.close_code} {received.payload[2:]!r}, not {codes}"
        try:
            self.send(frame(CLOSE, received.payload[:2]))
        except OSError:
            pass
        assert self.read_to_end() == b"", "nothing may follow the close frame (RFC 6455 §5.5.1)"
        return received
