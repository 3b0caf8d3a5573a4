"""What the tests of the message queue share: metrics, peers of python-socketio, and clients that follow rooms."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

import redis as redis_client
import requests

from harness.process import Server
from harness.redis import Redis
from harness.socketio import SocketIO
from harness.waiting import eventually


def metric(server: Server, name: str) -> float:
    """The sum of a family's samples."""
    text = requests.get(f"{server.url}/metrics", timeout=10).text
    values = re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.M)
    return sum(float(value) for value in values)


def connected(server: Server, others: int = 0, within: float = 30) -> Server:
    """Waits until the server is on the queue and knows so many other servers."""
    eventually(lambda: metric(server, "vitrine_queue_connected") == 1, "the server is on the queue", within)
    eventually(lambda: metric(server, "vitrine_queue_servers") == others, f"{others} other servers", within)
    return server


def publish(redis: Redis, message: Any, channel: str = "socketio") -> int:
    """Puts bytes, or anything else as JSON, on the queue; returns how many heard it."""
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    with redis_client.Redis.from_url(redis.url) as connection:
        return int(connection.publish(channel, data))


class Client:
    """A Socket.IO client that has joined rooms, by VFrame's words."""

    def __init__(self, server: Server, *rooms: str, version: int = 4, transport: str = "websocket") -> None:
        self.socket = SocketIO(server.port, version, transport)
        self.sid = self.socket.connect()
        self.userid = self.socket.until("status")[-1][1]["value"]
        for room in rooms:
            self.socket.emit("join", {"room": room})
        # Answered behind the joins.
        self.settle()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.__exit__()

    def settle(self) -> List[List[Any]]:
        """All events up to now."""
        self.socket.emit("pingpong")
        return self.socket.until("pingpong")[:-1]

    def expect(self, event: str, *arguments: Any) -> None:
        """The next event of this name carries these arguments."""
        assert self.socket.until(event)[-1][1:] == list(arguments)


class PythonServer:
    """A python-socketio server on the same Redis."""

    def __init__(self, redis: Redis, channel: str = "socketio") -> None:
        # As a module: beside the script there are files with the names of the libraries that it uses.
        self.process = subprocess.Popen([sys.executable, "-m", "harness.python_server", redis.url, channel],
                                        cwd=Path(__file__).parents[1], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def __enter__(self) -> "PythonServer":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def client(self, *rooms: str) -> "PythonClient":
        return PythonClient(self.port, rooms)


class PythonClient:
    """A client of such a server."""

    def __init__(self, port: int, rooms: "tuple[str, ...]") -> None:
        self.socket = SocketIO(port)
        self.sid = self.socket.connect()
        self.number = 0
        for room in rooms:
            assert self.ask("join", room) == ["joined"]

    def __enter__(self) -> "PythonClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.__exit__()

    def ask(self, event: str, *arguments: Any) -> List[Any]:
        """What the server acknowledges; events that come meanwhile are dropped."""
        self.number += 1
        self.socket.send(f"2{self.number}" + json.dumps([event, *arguments]))
        while True:
            packet = self.socket.receive()
            if isinstance(packet, str) and packet.startswith(f"3{self.number}"):
                return list(json.loads(packet[1 + len(str(self.number)):]))


def client_record(server: Server, id_: str) -> Optional[Dict[str, Any]]:
    """A connected client as `GET /api/clients` lists it."""
    clients = requests.get(f"{server.url}/api/clients", timeout=10).json()["clients"]
    return next((client for client in clients if client["id"] == id_), None)


def task_record(server: Server, id_: str) -> Optional[Dict[str, Any]]:
    """A task as `GET /api/tasks/{id}` answers it."""
    answer = requests.get(f"{server.url}/api/tasks/{id_}", timeout=10)
    return answer.json() if answer.status_code == 200 else None
