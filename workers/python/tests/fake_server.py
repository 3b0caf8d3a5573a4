"""The server's side of the worker protocol, on a real port in this process, as scripted by a test."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import queue
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any, Callable, Dict, List, Optional, Tuple
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.datastructures import Headers
from websockets.server import ServerProtocol
from websockets.sync.server import ServerConnection

Message = Dict[str, Any]
DEADLINE = 60.0


class Session:
    """One worker's connection after `ready`. What came is in `seen`, in order, with its time."""

    def __init__(self, socket_: ServerConnection, hello: Message, headers: Headers) -> None:
        self.socket = socket_
        self.hello = hello
        self.headers = headers
        self.seen: List[Message] = []
        self.times: List[float] = []
        self.closed: Optional[ConnectionClosed] = None
        self._news = threading.Condition()
        self._numbers = itertools.count(1)
        self._taken = 0
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, type_: str, **fields: Any) -> None:
        self.socket.send(json.dumps({"type": type_, **fields}))

    def offer(self, name: str, params: Optional[Dict[str, Any]] = None, **fields: Any) -> Dict[str, str]:
        """Offers a task; answers its `task` and `lease`."""
        number = next(self._numbers)
        names = {"task": f"task-{number}", "lease": f"lease-{number}"}
        self.send("task.offer", **names, name=name, params=params or {},
                  **{"attempt": 1, "attempts": 3, "accept_within": 5000, **fields})
        return names

    def ok(self, message: Message) -> None:
        self.send("ok", id=message.get("id"), task=message["task"])

    def until(self, wanted: Callable[[Message], bool], within: float = DEADLINE) -> Message:
        """The next message that is wanted, of those that no earlier call has passed."""
        deadline = time.monotonic() + within
        with self._news:
            while True:
                while self._taken < len(self.seen):
                    message = self.seen[self._taken]
                    self._taken += 1
                    if wanted(message):
                        return message
                left = deadline - time.monotonic()
                if left <= 0 or self.closed is not None:
                    raise AssertionError(f"did not come; seen {self.seen[-10:]}, closed {self.closed}")
                self._news.wait(left)

    def until_type(self, type_: str, within: float = DEADLINE, **fields: Any) -> Message:
        return self.until(lambda message: message["type"] == type_
                          and all(message.get(name) == value for name, value in fields.items()), within)

    def until_closed(self, within: float = DEADLINE) -> Optional[int]:
        """Waits for the end of the connection; the worker's close code, if it sent one."""
        deadline = time.monotonic() + within
        with self._news:
            while self.closed is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"not closed within {within} s; seen {self.seen[-10:]}")
                self._news.wait(left)
        return self.closed.rcvd.code if self.closed.rcvd else None

    def close(self, code: int = 1000) -> None:
        self.socket.close(code)

    def cut(self) -> None:
        """Ends the connection without a closing handshake, as a crash would."""
        self.socket.socket.shutdown(socket.SHUT_RDWR)

    def _read(self) -> None:
        try:
            while True:
                message = json.loads(self.socket.recv())
                with self._news:
                    self.seen.append(message)
                    self.times.append(time.monotonic())
                    self._news.notify_all()
        except ConnectionClosed as closed:
            with self._news:
                self.closed = closed
                self._news.notify_all()


class FakeServer:
    """`/ws` and the HTTP paths a worker uses, on one port."""

    def __init__(self) -> None:
        self.token: Optional[str] = None
        self.lease_ms = 15_000
        self.refusals: List[Tuple[int, Dict[str, str]]] = []
        """Statuses (with headers) that answer the next handshakes."""
        self.hello_errors: List[str] = []
        """Error codes that answer the next `hello`s."""
        self.subprotocol: Optional[str] = "vitrine.v1"
        self.files: Dict[str, bytes] = {}
        """What GET answers, by path."""
        self.statuses: Dict[str, List[int]] = {}
        """Statuses that a path answers before it behaves."""
        self.redirects: Dict[str, str] = {}
        self.requests: List[Tuple[str, str, Dict[str, str]]] = []
        """Method, target and headers (names in lower case) of HTTP requests other than handshakes."""
        self.uploads: Dict[str, Tuple[str, bytes]] = {}
        """Lease and bytes by task."""
        self.sessions: "queue.Queue[Session]" = queue.Queue()
        self.handshakes = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.url = f"ws://127.0.0.1:{self.port}"
        self.http = f"http://127.0.0.1:{self.port}"
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def add_content(self, data: bytes) -> str:
        """Puts a content into the library; answers its digest."""
        digest = hashlib.sha256(data).hexdigest()
        self.files[f"/api/contents/{digest}"] = data
        return digest

    def session(self, within: float = DEADLINE) -> Session:
        """The next worker that says hello."""
        return self.sessions.get(timeout=within)

    def close(self) -> None:
        """No more connections. Its thread closes the socket: closed by another one it would still be waited on, by a
        number that the next server's socket may get."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._acceptor.join()

    def _accept(self) -> None:
        with self._listener:
            while True:
                try:
                    connection, _ = self._listener.accept()
                except OSError:
                    return
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            head = connection.recv(16, socket.MSG_PEEK)
            if head.startswith(b"GET /ws "):
                self._serve_socket(connection)
            elif head:
                _Handler(connection, ("127.0.0.1", 0), self)  # type: ignore[arg-type]
        except (OSError, ConnectionClosed, EOFError):
            pass
        finally:
            connection.close()

    def _serve_socket(self, connection: socket.socket) -> None:
        self.handshakes += 1
        protocol = ServerProtocol(max_size=None, select_subprotocol=lambda *_: self.subprotocol)  # type: ignore
        ws = ServerConnection(connection, protocol, ping_interval=None, max_queue=None, close_timeout=1)
        ws.handshake(self._judge)
        if protocol.handshake_exc is not None:
            return
        ws.send(json.dumps({"type": "welcome", "client": "client-1", "epoch": "e", "offset": 0, "server": "fake/1",
                            "role": "worker", "ping": 25000, "limits": {}}))
        hello = json.loads(ws.recv(timeout=DEADLINE))
        if self.hello_errors:
            ws.send(json.dumps({"type": "error", "id": hello["id"], "code": self.hello_errors.pop(0),
                                "message": "no"}))
            self._drain(ws)
            return
        ws.send(json.dumps({"type": "ready", "id": hello["id"], "client": "client-1", "lease": self.lease_ms}))
        assert ws.request is not None
        session = Session(ws, hello, ws.request.headers)
        self.sessions.put(session)
        session.until_closed(within=3600)

    def _judge(self, ws: ServerConnection, request: Request) -> Optional[Response]:
        if self.refusals:
            status, headers = self.refusals.pop(0)
            return self._refusal(status, headers)
        if self.token is not None and request.headers.get("Authorization") != f"Bearer {self.token}":
            return self._refusal(401, {"WWW-Authenticate": "Bearer"})
        return None

    @staticmethod
    def _refusal(status: int, headers: Dict[str, str]) -> Response:
        body = json.dumps({"error": {"code": "test", "message": "said the fake server"}}).encode()
        return Response(status, "Refused", Headers(
            {"Content-Length": str(len(body)), "Content-Type": "application/json", "Connection": "close", **headers}),
            body)

    @staticmethod
    def _drain(ws: ServerConnection) -> None:
        try:
            while True:
                ws.recv(timeout=DEADLINE)
        except (ConnectionClosed, TimeoutError):
            pass


class _Handler(BaseHTTPRequestHandler):
    """HTTP without the handshake."""

    protocol_version = "HTTP/1.1"
    server: FakeServer  # type: ignore[assignment]

    def do_GET(self) -> None:
        path = self._note()
        if not self._is_allowed() or self._misbehaves(path):
            return
        if path in self.server.redirects:
            self.send_response(302)
            self.send_header("Location", self.server.redirects[path])
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif path in self.server.files:
            self._answer(200, self.server.files[path])
        else:
            self._answer(404, b"{}")

    def do_PUT(self) -> None:
        path = self._note()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._is_allowed() or self._misbehaves(path):
            return
        lease = parse_qs(urlsplit(self.path).query)["lease"][0]
        self.server.uploads[path.split("/")[3]] = (lease, body)
        self._answer(204, b"")

    def _note(self) -> str:
        self.server.requests.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
        return urlsplit(self.path).path

    def _is_allowed(self) -> bool:
        token = self.server.token
        if token is None or self.headers.get("Authorization") == f"Bearer {token}":
            return True
        self._answer(401, b"{}")
        return False

    def _misbehaves(self, path: str) -> bool:
        statuses = self.server.statuses.get(path)
        if not statuses:
            return False
        self._answer(statuses.pop(0), b"{}")
        return True

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass
