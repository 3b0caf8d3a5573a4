"""A worker that does what the test says, when it says so (contracts/realtime.md §6)."""

import socket
import struct
import threading

from websockets.exceptions import ConnectionClosed

from harness.realtime import Live


class ScriptedWorker:
    """Connected and introduced; sends heartbeats by itself, everything else at the test's word."""

    def __init__(self, port, name, capabilities, slots=1, token=None):
        self._live = Live(f"ws://127.0.0.1:{port}/ws", token=token)
        answer = self._live.ask("hello", name=name, kind="worker", capabilities=list(capabilities), slots=slots)
        assert answer["type"] == "ready", answer
        self.client = answer["client"]
        self._taken = set()
        self._ended = threading.Event()
        threading.Thread(target=self._beat, args=(answer["lease"] / 3000,), daemon=True).start()

    def take(self):
        """Waits for an offer and accepts it; returns it."""
        waiting = [message for message in self._live.seen if self._is_new(message)]
        offer = waiting[0] if waiting else self._live.until(self._is_new)[-1]
        self._taken.add(offer["lease"])
        self._say("task.accept", offer)
        return offer

    def progress(self, offer, current, total, message=""):
        """Tells how far the task is."""
        self._say("task.progress", offer, current=current, total=total, message=message)

    def log(self, offer, message):
        """Writes a line into the task's log."""
        self._say("task.log", offer, level="info", message=message)

    def done(self, offer, result=None):
        """Ends the task and waits until that is on disk."""
        self._end("task.done", offer, result=result)

    def fail(self, offer, code, message, retry=True):
        """Gives the task up and waits until that is on disk."""
        self._end("task.fail", offer, error={"code": code, "message": message}, retry=retry)

    def run(self, result=None):
        """Takes the next task and does it at once."""
        offer = self.take()
        self.done(offer, result)
        return offer

    def cut(self):
        """Vanishes without a word, as a machine does that loses its power."""
        self._ended.set()
        raw = self._live.socket.socket
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.shutdown(socket.SHUT_RDWR)
        self._live.socket.close()

    def close(self):
        """Leaves politely; safe to call twice."""
        self._ended.set()
        self._live.socket.close()

    def _is_new(self, message):
        return message["type"] == "task.offer" and message["lease"] not in self._taken

    def _say(self, kind, offer, **fields):
        self._live.send(kind, task=offer["task"], lease=offer["lease"], **fields)

    def _end(self, kind, offer, **fields):
        answer = self._live.ask(kind, task=offer["task"], lease=offer["lease"], **fields)
        assert answer["type"] == "ok", answer

    def _beat(self, every):
        while not self._ended.wait(every):
            try:
                self._live.send("heartbeat")
            except ConnectionClosed:
                return
