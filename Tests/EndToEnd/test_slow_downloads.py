"""What clients cost that ask for a large file and do not read it, or that go away half-way."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import List
from urllib.parse import quote

import pytest
import requests

from harness.process import Server
from harness.raw_websocket import RawClient
from harness.waiting import eventually

READERS, ROUNDS, MOST = 100, 3, 60 << 20
PREFIX = "/infinite_image_browsing"


def video(folder: Path) -> Path:
    path = folder / "library" / "long.mp4"
    path.parent.mkdir()
    path.write_bytes(b"".join(bytes([n % 251]) * (1 << 20) for n in range(50)))
    return path


def request(server: Server, kind: str, path: Path) -> bytes:
    """A request for all of the file."""
    host = f"Host: {server.address}\r\n"
    if kind == "zip":
        body = json.dumps({"paths": [str(path)], "compress": False, "pack_only": False})
        return (f"POST {PREFIX}/zip HTTP/1.1\r\n{host}Content-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n{body}").encode()
    extra = "Range: bytes=1000-\r\n" if kind == "range" else ""
    return f"GET {PREFIX}/file?path={quote(str(path))}&t=1 HTTP/1.1\r\n{host}{extra}\r\n".encode()


def stuck_readers(server: Server, asked: bytes) -> List[RawClient]:
    clients = [RawClient(server.port, receive_buffer=4096) for _ in range(READERS)]
    for client in clients:
        client.send(asked)
    for client in clients:
        assert client.socket.recv(12, socket.MSG_WAITALL) in (b"HTTP/1.1 200", b"HTTP/1.1 206")
    return clients


@pytest.mark.timeout(120)
@pytest.mark.parametrize("kind", ["file", "range", "zip"])
def test_readers_that_stop_cost_little_and_leave_nothing(serve, tmp_path: Path, kind: str) -> None:
    path = video(tmp_path)
    server = serve("--library", str(path.parent))
    url = f"{server.url}{PREFIX}/file"
    assert requests.get(url, params={"path": str(path), "t": "1"}, timeout=30).content == path.read_bytes()
    start = server.resident_bytes()
    for _ in range(ROUNDS):
        clients = stuck_readers(server, request(server, kind, path))
        time.sleep(1)
        while_stuck = server.resident_bytes() - start
        for client in clients:
            client.socket.close()
        print(f"{kind}: {while_stuck / READERS / 1024:.0f} KB a reader")
        assert while_stuck < MOST
    eventually(lambda: server.resident_bytes() - start < MOST // 3, "what they had is given back")
