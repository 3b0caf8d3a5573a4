"""A reader of Server-Sent Events over a plain HTTP connection."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional


@dataclass
class StreamEvent:
    """One dispatched event; comments are events of the type `comment`, `retry` lines of the type `retry`."""

    type: str
    data: Any = None
    id: Optional[str] = None


class EventStream:
    """`GET /events` with its answer's head; events are read one by one, with the connection's deadline."""

    def __init__(self, address: str, query: str = "", headers: Optional[Mapping[str, str]] = None,
                 timeout: float = 15) -> None:
        self.connection = http.client.HTTPConnection(address, timeout=timeout)
        self.connection.request("GET", "/events" + (f"?{query}" if query else ""), headers=dict(headers or {}))
        self.response = self.connection.getresponse()
        self.seen: List[StreamEvent] = []

    def __enter__(self) -> "EventStream":
        return self

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self.connection.close()

    def _line(self) -> str:
        line = self.response.readline()
        if not line:
            raise EOFError("the stream ended")
        return line.decode("utf-8").rstrip("\n").rstrip("\r")

    def receive(self) -> StreamEvent:
        fields: Dict[str, str] = {}
        while True:
            line = self._line()
            if not line:
                if "data" in fields:
                    break
                fields = {}
                continue
            name, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if name == "":
                self.seen.append(StreamEvent("comment", value))
                return self.seen[-1]
            if name == "retry":
                self.seen.append(StreamEvent("retry", int(value)))
                return self.seen[-1]
            assert not (name == "data" and "data" in fields), "the object stands on one line"
            fields[name] = value
        event = StreamEvent(fields.get("event", "message"), json.loads(fields["data"]), fields.get("id"))
        assert event.type == event.data["type"]
        self.seen.append(event)
        return event

    def until(self, wanted: Callable[[StreamEvent], bool]) -> List[StreamEvent]:
        """Reads until an event is wanted, which comments and `retry` never are; returns all that came."""
        came = [self.receive()]
        while came[-1].type in ("comment", "retry") or not wanted(came[-1]):
            came.append(self.receive())
        return came

    def until_type(self, *types: str) -> List[StreamEvent]:
        return self.until(lambda event: event.type in types)
