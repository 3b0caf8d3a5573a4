"""A second client that sees what the page should see: independent of the page's code."""

import contextlib
import json
import threading

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from harness.waiting import eventually

CONTROL = {"welcome", "snapshot", "synced", "resync", "ok", "pong", "ready", "error"}


class Follower:
    """Subscribes to `topics` and keeps every event, in the order it came."""

    def __init__(self, port, topics=("tasks", "clients", "library"), token=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._open = contextlib.ExitStack()
        self._socket = self._open.enter_context(connect(
            f"ws://127.0.0.1:{port}/ws", subprotocols=["vitrine.v1"], additional_headers=headers, max_size=None))
        self.events = []
        self.answers = {}
        self.snapshots = {}
        self.epoch = None
        self._next = 0
        threading.Thread(target=self._listen, daemon=True).start()
        self.start = self.ask({"type": "subscribe", "topics": list(topics)})["offset"]

    def ask(self, message):
        """Sends `message` and returns its answer; an `error` fails the test."""
        self._next += 1
        number = self._next
        self._socket.send(json.dumps({**message, "id": number}))
        answer = eventually(lambda: self.answers.get(number), f"an answer to {message}")
        assert answer["type"] != "error", answer
        return answer

    def run(self, name, **params):
        """Starts a task and returns its id."""
        return self.ask({"type": "task.run", "name": name, "params": params})["task"]

    def events_of(self, kind, task=None):
        """The events of this type so far, perhaps of one task only."""
        return [event for event in list(self.events) if event["type"] == kind and task in (None, event.get("task"))]

    def close(self):
        """Leaves."""
        self._open.close()

    def _listen(self):
        try:
            for text in self._socket:
                message = json.loads(text)
                if message["type"] == "snapshot":
                    self.snapshots[message["topic"]] = message
                elif message["type"] == "welcome":
                    self.epoch = message["epoch"]
                elif message["type"] not in CONTROL:
                    self.events.append(message)
                if message.get("id") is not None:
                    self.answers[message["id"]] = message
        except ConnectionClosed:
            return
