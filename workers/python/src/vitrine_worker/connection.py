"""One WebSocket connection to the server: made, introduced, read to its end."""

from __future__ import annotations

import json
import logging
import os
import socket as _socket
import ssl
import struct
import threading
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Optional, Union

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from .loss import Loss, loss_of
from .protocol import MAX_MESSAGE_BYTES, SUBPROTOCOL, Message, Profile, encode

log = logging.getLogger(__name__)
OPEN_TIMEOUT = 15.0
CLOSE_TIMEOUT = 2.0
SEND_TIMEOUT = 30
"""Seconds after which a server that reads nothing at all is given up, in the middle of a message."""
HELLO_ID = "hello"


@dataclass(frozen=True)
class Ready:
    """The server knows this worker and may send offers."""

    connection: "Connection"
    client: str
    lease: float
    """Seconds a lease lasts without a sign of life."""


@dataclass(frozen=True)
class Received:
    """A message after `ready`."""

    connection: "Connection"
    message: Message


@dataclass(frozen=True)
class Lost:
    """The connection has ended, or never stood. Comes once, last."""

    connection: "Connection"
    loss: Loss


Event = Union[Ready, Received, Lost]


class _Refused(Exception):
    """The server answered, but not so that a worker could work."""

    def __init__(self, loss: Loss) -> None:
        super().__init__(loss.reason)
        self.loss = loss


class Connection(threading.Thread):
    """Connects, says `hello`, then posts what comes. Any thread may send; a thread of its own reads."""

    def __init__(self, url: str, token: Optional[str], profile: Profile, user_agent: str,
                 post: Callable[[Event], None], tls: Optional[ssl.SSLContext] = None) -> None:
        super().__init__(name="connection", daemon=True)
        self._url = url
        self._token = token
        self._profile = profile
        self._user_agent = user_agent
        self._post = post
        self._tls = tls
        self._lock = threading.Lock()
        self._socket: Optional[ClientConnection] = None
        self._closed = False

    def run(self) -> None:
        try:
            socket = self._open()
            self._post(self._introduce(socket))
            for text in socket:
                self._receive(text)
            loss = loss_of(socket.protocol.close_exc)
        except _Refused as refused:
            loss = refused.loss
        except Exception as error:
            loss = loss_of(error)
        self.close()
        self._post(Lost(self, loss))

    def send(self, message: Union[Mapping[str, Any], str]) -> None:
        """Sends a message (or its text). What cannot be sent any more is left out: `Lost` is on its way then."""
        socket = self._socket
        if socket is None:
            return
        try:
            socket.send(message if isinstance(message, str) else encode(message))
        except ConnectionClosed:
            log.debug("not sent, the connection has ended")

    def close(self) -> None:
        """Closes with 1000. Blocks until the server has answered, at most two seconds."""
        with self._lock:
            self._closed = True
            socket = self._socket
        if socket is not None:
            socket.close()

    def _open(self) -> ClientConnection:
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else None
        socket = connect(self._url, subprotocols=[SUBPROTOCOL], additional_headers=headers,  # type: ignore[list-item]
                         user_agent_header=self._user_agent, open_timeout=OPEN_TIMEOUT, close_timeout=CLOSE_TIMEOUT,
                         max_size=MAX_MESSAGE_BYTES, compression=None, ssl=self._tls)
        _bound_sending(socket.socket)
        with self._lock:
            self._socket = socket
            closed = self._closed
        if closed:
            socket.close()
        if socket.subprotocol != SUBPROTOCOL:
            raise _Refused(Loss(f"{self._url} is a WebSocket, but does not speak {SUBPROTOCOL}", final=True))
        return socket

    def _introduce(self, socket: ClientConnection) -> Ready:
        """`welcome`, `hello`, `ready` (contracts: the connection's first messages)."""
        self._expect(socket, "welcome")
        self.send(self._profile.hello(HELLO_ID))
        ready = self._expect(socket, "ready")
        try:
            client, lease = str(ready["client"]), float(ready["lease"]) / 1000
            if lease <= 0:
                raise ValueError("a lease of no length")
        except (KeyError, TypeError, ValueError) as problem:
            raise _Refused(Loss(f"the server's `ready` cannot be used: {problem}", final=True)) from problem
        return Ready(self, client, lease)

    def _expect(self, socket: ClientConnection, type_: str) -> Message:
        """The next message of this type; others (events of the future) are passed over."""
        while True:
            message = _parse(socket.recv(timeout=OPEN_TIMEOUT))
            if message is None:
                continue
            if message.get("type") == "error":
                raise _Refused(_refusal(message))
            if message.get("type") == type_:
                return message

    def _receive(self, text: Union[str, bytes]) -> None:
        message = _parse(text)
        if message is not None:
            self._post(Received(self, message))


def _bound_sending(socket: _socket.socket) -> None:
    """Ends a send that makes no way. Without it one thread would wait for ever, and hold up the pings of the others."""
    if os.name == "posix":
        socket.setsockopt(_socket.SOL_SOCKET, _socket.SO_SNDTIMEO, struct.pack("ll", SEND_TIMEOUT, 0))


def _parse(text: Union[str, bytes]) -> Optional[Message]:
    """The message; None, and a line in the log, for what is none."""
    try:
        message = json.loads(text)
    except ValueError:
        message = None
    if isinstance(message, dict) and isinstance(message.get("type"), str):
        return message
    log.warning("the server sent something that is not a message: %.200r", text)
    return None


def _refusal(error: Message) -> Loss:
    code, said = error.get("code"), error.get("message", "")
    if code == "forbidden":
        return Loss(f"the token's role may not work (worker or admin is needed): {said}", final=True, refused=True)
    transient = code in ("internal", "shutting_down", "rate_limited")
    return Loss(f"the server refused hello: {code}: {said}", final=not transient)
