"""Real Socket.IO clients, python-socketio 4 and 5, behind one face."""

from __future__ import annotations

import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence

from harness.process import ROOT, Server, clean_environment

DEADLINE = 60.0
PEER = Path(__file__).with_name("socketio_peer.py")
PYTHONS = {"4.6.1": ROOT / ".venv-socketio4" / "bin" / "python", "5": Path(sys.executable)}
TRANSPORTS: Dict[str, Optional[List[str]]] = {
    "upgrade": None, "polling": ["polling"], "websocket": ["websocket"],
}


class Event(NamedTuple):
    """Something a client has heard, and when this process was told."""

    name: str
    arguments: List[Any]
    at: float


class ClientProcess:
    """A process with any number of clients of one version. `kill` ends it as a crash would."""

    def __init__(self, version: str) -> None:
        self.version = version
        python = Path(os.environ.get("SOCKETIO4_PYTHON", PYTHONS[version])) if version == "4.6.1" else PYTHONS[version]
        assert python.exists(), f"{python} is missing: scripts/python-venv makes it"
        self.process = subprocess.Popen([str(python), str(PEER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env=clean_environment())
        self.answers: Dict[int, "queue.Queue[Dict[str, Any]]"] = {}
        self.clients: Dict[str, "SocketIOClient"] = {}
        self.numbers = itertools.count(1)
        self.errors: List[str] = []
        self._lock = threading.Lock()
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._read_errors, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            message = json.loads(line)
            if "id" in message:
                self.answers[message["id"]].put(message)
            elif "client" in message:
                self.clients[message["client"]].hear(message)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.errors.append(line)

    def client(self, server: Server, transport: str = "upgrade", connect: bool = True,
               **options: Any) -> "SocketIOClient":
        client = SocketIOClient(self, f"client-{next(self.numbers)}", server, transport)
        self.clients[client.name] = client
        if connect:
            client.connect(**options)
        return client

    def command(self, client: str, do: str, within: float = DEADLINE, **fields: Any) -> Any:
        number = next(self.numbers)
        answer: "queue.Queue[Dict[str, Any]]" = queue.Queue()
        self.answers[number] = answer
        with self._lock:
            assert self.process.stdin is not None
            self.process.stdin.write(json.dumps({"id": number, "client": client, "do": do, **fields}) + "\n")
            self.process.stdin.flush()
        try:
            said = answer.get(timeout=within)
        except queue.Empty:
            errors = "".join(self.errors[-20:])
            raise AssertionError(f"{do} of {client} was not done in {within:g} s: {errors}") from None
        if "error" in said:
            raise ClientError(said["error"])
        return said["result"]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> "ClientProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


class ClientError(Exception):
    """What the client's library has raised."""


class SocketIOClient:
    """One client; every event it has heard is kept in `events`, in the order of the wire."""

    def __init__(self, process: ClientProcess, name: str, server: Server, transport: str) -> None:
        self.process, self.name, self.server, self.transport = process, name, server, transport
        self.events: List[Event] = []
        self.sid = ""
        self._heard = threading.Condition()

    def hear(self, message: Dict[str, Any]) -> None:
        with self._heard:
            self.events.append(Event(message["event"], message["arguments"], time.monotonic()))
            self._heard.notify_all()

    def __enter__(self) -> "SocketIOClient":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.process.poll() is None:
            self.disconnect()

    def connect(self, url: Optional[str] = None, **options: Any) -> None:
        result = self.process.command(self.name, "connect", url=url or self.server.url,
                                      transports=TRANSPORTS[self.transport], **options)
        expected = "polling" if self.transport == "polling" else "websocket"
        assert result["transport"] == expected, f"{result['transport']} instead of {expected}: no upgrade?"
        self.sid = result["sid"]

    def emit(self, event: str, *arguments: Any, times: int = 1) -> None:
        self.process.command(self.name, "emit", event=event, arguments=list(arguments), times=times)

    def disconnect(self) -> None:
        self.process.command(self.name, "disconnect")

    def wait(self, wanted: Callable[[List[Event]], Any], what: str, within: float = DEADLINE) -> Any:
        """Waits until what has been heard satisfies `wanted`, and returns what that returned."""
        deadline = time.monotonic() + within
        with self._heard:
            while True:
                found = wanted(self.events)
                if found:
                    return found
                left = deadline - time.monotonic()
                if left <= 0 or not self._heard.wait(left):
                    heard = [event[:2] for event in self.events]
                    raise AssertionError(f"{self.process.version}/{self.transport} did not hear {what}: "
                                         f"{heard[-30:]} {''.join(self.process.errors[-10:])}")

    def heard(self, name: str, where: Callable[..., bool] = lambda *_: True, within: float = DEADLINE,
              after: int = 0) -> Event:
        """The first event of this name after position `after` whose arguments satisfy `where`."""
        def look(events: Sequence[Event]) -> Optional[Event]:
            return next((event for event in events[after:] if event.name == name and where(*event.arguments)), None)
        return self.wait(look, name, within)

    def names(self) -> List[str]:
        return [event.name for event in self.events]

    @property
    def userid(self) -> str:
        """The id that the server gave in its first `status`."""
        return str(self.heard("status", lambda body: body.get("key") == "connected_user").arguments[0]["value"])

    def settle(self) -> None:
        """A round trip: what the server has sent before is heard, what this client has said is done."""
        after = len(self.events)
        self.emit("pingpong")
        self.heard("pingpong", after=after)
