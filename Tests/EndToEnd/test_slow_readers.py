"""Conflation and slow readers: G6 and G7 (contracts of the protocol, §3)."""

from __future__ import annotations

import json
import time
from typing import List

import pytest

from harness.event_stream import EventStream
from harness.process import Server
from harness.raw_websocket import TEXT, RawClient, Stalled, frame
from harness.realtime import Live, Message, assert_growing, is_event

PAD = "x" * 15_000


class StuckReader:
    """A connection that subscribes and then reads nothing until it is told to."""

    def __init__(self, server: Server, *topics: str) -> None:
        self.raw = RawClient(server.port, receive_buffer=4096)
        self.raw.upgrade(path="/ws", host=server.address)
        self.raw.send(frame(TEXT, json.dumps({"type": "subscribe", "topics": topics}).encode()))
        self.until(lambda message: message["type"] == "synced")

    def receive(self) -> Message:
        while True:
            received = self.raw.read_frame()
            if received.opcode == TEXT:
                return json.loads(received.payload)

    def until(self, wanted) -> List[Message]:
        came = [self.receive()]
        while not wanted(came[-1]):
            came.append(self.receive())
        return came

    def ping(self, number: int) -> None:
        self.raw.send(frame(TEXT, json.dumps({"type": "ping", "id": number}).encode()))


def publisher(server: Server) -> Live:
    live = Live(f"{server.socket_url}/ws")
    live.hello("publisher")
    return live


def publish_many(sender: Live, topic: str, count: int, key: "str | None" = None, pad: str = PAD) -> None:
    """Publishes `count` numbered messages, a window at a time, so that the sender itself is never the slow one."""
    keyed = {"key": key} if key else {}
    for start in range(0, count, 50):
        for n in range(start, min(count, start + 50)):
            sender.send("publish", topic=topic, data={"n": n, "pad": pad}, **keyed)
        sender.ask("ping")


def test_a_reader_within_the_bounds_loses_nothing(server: Server) -> None:
    stuck = StuckReader(server, "app/g5")
    with publisher(server) as sender:
        publish_many(sender, "app/g5", 900, pad="")
        sender.publish("app/g5", {"n": "last"})
    messages = stuck.until(lambda m: m.get("data") == {"n": "last"})
    assert [m["data"]["n"] for m in messages] == list(range(900)) + ["last"]
    assert_growing(messages)


def test_a_slow_reader_of_keyed_events_ends_in_the_latest_state(server: Server) -> None:
    stuck = StuckReader(server, "app/g6")
    count = 1000
    with publisher(server) as sender:
        publish_many(sender, "app/g6", count, key="bar")  # 15 MB; the kernel's buffers hold a fraction.
        messages = stuck.until(lambda m: (m.get("data") or {}).get("n") == count - 1
                               or m["type"] == "snapshot" and m["state"]["values"]["bar"]["n"] == count - 1)
        assert len(messages) < count, "older states of the key were replaced"
        assert_growing(messages)
        sender.publish("app/g6", {"n": "live"})
        assert stuck.until(lambda m: (m.get("data") or {}).get("n") == "live")


def test_lossless_events_survive_among_conflated_ones(server: Server) -> None:
    stuck = StuckReader(server, "app/mixed")
    with publisher(server) as sender:
        for n in range(20):
            publish_many(sender, "app/mixed", 50, key="bar")
            sender.publish("app/mixed", {"lossless": n})
        sender.publish("app/mixed", {"end": True})
    messages = stuck.until(lambda m: (m.get("data") or {}).get("end"))
    assert not [m for m in messages if m["type"] == "resync"]
    assert [m["data"]["lossless"] for m in messages if "lossless" in m["data"]] == list(range(20))
    assert_growing(messages)


@pytest.mark.parametrize("flags", [["--queue-events", "50"], ["--queue-bytes", "65536"]], ids=str)
def test_past_the_bound_a_reader_gets_resync_snapshots_and_synced(serve, flags: list) -> None:
    server = serve(*flags)
    stuck = StuckReader(server, "app/g7", "tags")
    with publisher(server) as sender:
        sender.publish("app/g7", {"n": "state", "pad": ""}, key="state")
        publish_many(sender, "app/g7", 1000)
        sender.publish("app/g7", {"n": "final", "pad": ""}, key="state")
        messages = stuck.until(lambda m: m["type"] == "synced")
        resync = next(m for m in messages if m["type"] == "resync")
        assert resync["reason"] == "slow" and sorted(resync["topics"]) == ["app/g7", "tags"]
        after = messages[messages.index(resync) + 1:]
        assert [m["type"] for m in after if not is_event(m)] == ["snapshot", "snapshot", "synced"]
        snapshot = next(m for m in after if m.get("topic") == "app/g7")
        assert snapshot["state"]["values"]["state"]["n"] == "final"
        numbers = [m["data"]["n"] for m in messages[:messages.index(resync)] if is_event(m)]
        numbers = [n for n in numbers if isinstance(n, int)]
        assert numbers == list(range(len(numbers))), "before the resync there is no hole"
        sender.publish("app/g7", {"n": "after", "pad": ""})
        following = stuck.until(lambda m: (m.get("data") or {}).get("n") == "after")
        assert len(following) == 1 and following[0]["offset"] > messages[-1]["offset"]


def test_answers_survive_an_overflow(serve) -> None:
    server = serve("--queue-events", "50")
    stuck = StuckReader(server, "app/answers")
    with publisher(server) as sender:
        publish_many(sender, "app/answers", 300)
        for n in range(10):
            stuck.ping(n)
        publish_many(sender, "app/answers", 300)
        messages = stuck.until(lambda m: m.get("id") == 9)
    assert [m["id"] for m in messages if m["type"] == "pong"] == list(range(10))


def test_stuck_readers_delay_nobody_and_cost_bounded_memory(serve) -> None:
    server = serve("--max-connections", "200")
    stuck = [StuckReader(server, "app/load") for _ in range(20)]
    with publisher(server) as sender, Live(f"{server.socket_url}/ws") as reader:
        reader.subscribe("app/load")
        publish_many(sender, "app/load", 50)
        reader.until(lambda m: m.get("data", {}).get("n") == 49)
        before, slowest = server.resident_bytes(), 0.0
        for n in range(1500):
            sent = time.monotonic()
            sender.send("publish", topic="app/load", data={"n": f"m{n}", "pad": PAD})
            reader.until(lambda m, n=n: m.get("data", {}).get("n") == f"m{n}")
            slowest = max(slowest, time.monotonic() - sent)
        print(f"slowest delivery {slowest * 1000:.1f} ms")
        assert slowest < 5.0
        # 22 MB went by; unshared and unbounded, twenty readers would hold 440 MB.
        assert server.resident_bytes() - before < 80 << 20
    for one in stuck:
        one.raw.socket.close()


def test_a_client_that_reads_no_answers_is_not_read_either(server: Server) -> None:
    raw = RawClient(server.port, receive_buffer=4096)
    raw.upgrade(path="/ws", host=server.address)
    raw.read_frame()
    before = server.resident_bytes()
    ask = frame(TEXT, json.dumps({"type": "subscribe", "topics": ["tasks", "library", "clients", "log"],
                                  "pad": "x" * 3000}).encode()) * 20
    raw.socket.settimeout(3)
    sent = 0
    try:
        while sent < 100 << 20:
            sent += raw.socket.send(ask)
    except Stalled:
        pass
    assert sent < 100 << 20, "the server must stop reading"
    assert server.resident_bytes() - before < 48 << 20
    with Live(f"{server.socket_url}/ws") as live:
        assert live.ask("ping")["type"] == "pong"
    raw.socket.close()


def test_a_slow_stream_gets_resync_too(serve) -> None:
    server = serve("--queue-events", "50", "--queue-bytes", "65536")
    with EventStream(server.address, "topics=app/sse") as stream, publisher(server) as sender:
        stream.until_type("synced")
        publish_many(sender, "app/sse", 1000)
        sender.publish("app/sse", {"n": "final", "pad": ""}, key="state")
        events = stream.until(lambda e: e.type == "resync")
        assert events[-1].data["reason"] == "slow" and events[-1].data["topics"] == ["app/sse"]
        rest = stream.until_type("synced")
        assert [e.type for e in rest] == ["snapshot", "synced"]
        assert rest[0].data["state"]["values"]["state"]["n"] == "final"
        assert [e.id for e in rest[:1]] == [None]
