"""A worker of VFrame's kind: Socket.IO over a WebSocket, and only reports of what it does (contracts/vframe.md §4)."""

import json
import socket
import struct
import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from harness.waiting import eventually


class ReportingWorker:
    """Connected by Engine.IO 3 or 4; answers pings by itself, reports at the test's word."""

    def __init__(self, port, engine):
        self._engine = engine
        self._socket = connect(f"ws://127.0.0.1:{port}/socket.io/?EIO={engine}&transport=websocket", close_timeout=5)
        self._statuses = []
        threading.Thread(target=self._listen, daemon=True).start()
        if engine == 4:
            self._socket.send("40")
        self.client = eventually(lambda: next(iter(self._statuses), None), "the server's greeting")["value"]

    def start(self, uuid):
        """Says that it runs this task."""
        self._emit("task_start", {"uuid": uuid})

    def update(self, uuid, kind, data):
        """Reports `progress`, `debug` or `error`."""
        self._emit("task_update", {"uuid": uuid, "type": kind, "data": data})

    def leave(self):
        """Says goodbye, which ends its tasks as done."""
        self._socket.send("41")
        self.close()

    def cut(self):
        """Vanishes without a word, which loses its tasks."""
        raw = self._socket.socket
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def close(self):
        """Closes the connection in order, which ends its tasks as done; safe to call twice."""
        self._socket.close()

    def _emit(self, event, data):
        self._socket.send("42" + json.dumps([event, data]))

    def _listen(self):
        try:
            for packet in self._socket:
                if packet == "2":
                    self._socket.send("3")
                elif packet.startswith("42"):
                    event, *data = json.loads(packet[2:])
                    if event == "status" and data[0].get("key") == "connected_user":
                        self._statuses.append(data[0])
        except ConnectionClosed:
            return
