"""What happens past each bound (contracts of the protocol, §8)."""

from __future__ import annotations

import json
import time

import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidStatus

from harness.event_stream import EventStream
from harness.process import Server
from harness.raw_websocket import CONTINUATION, PING, PONG, TEXT, RawClient, Stalled, frame, header, masked
from harness.realtime import Live
from harness.resting import first_scan
from harness.waiting import eventually


def open_live(server: Server, **options: object) -> Live:
    return Live(f"{server.socket_url}/ws", **options)


def test_connections_are_bounded_and_plain_http_goes_on(serve) -> None:
    server = serve("--max-connections", "3")
    lives = [open_live(server) for _ in range(2)]
    with EventStream(server.address) as stream:
        stream.until_type("synced")
        with pytest.raises(InvalidStatus) as refused:
            open_live(server)
        assert refused.value.response.status_code == 503
        assert "Retry-After" in refused.value.response.headers
        assert json.loads(refused.value.response.body)["error"]["code"] == "limit_connections"
        answer = requests.get(f"{server.url}/events", timeout=10)
        assert answer.status_code == 503 and answer.json()["error"]["code"] == "limit_connections"
        assert requests.get(f"{server.url}/healthz", timeout=10).status_code == 200
    lives[0].socket.close()

    def opens() -> bool:
        try:
            open_live(server).socket.close()
            return True
        except InvalidStatus:
            return False

    eventually(opens, "a place is free again")


def test_subscriptions_are_bounded(serve) -> None:
    with open_live(serve("--max-subscriptions", "4")) as live:
        assert live.welcome["limits"]["subscriptions"] == 4
        assert live.subscribe("tasks", "library", "tags")[-1]["type"] == "synced"
        refused = live.subscribe("models", "log")[-1]
        assert (refused["type"], refused["code"]) == ("error", "limit_subscriptions")
        assert live.subscribe("models")[-1]["type"] == "synced", "all or nothing: neither had been taken"
        assert live.subscribe("tasks")[-1]["type"] == "synced", "a topic twice is one subscription"
        live.ask("unsubscribe", topics=["tags"])
        assert live.subscribe("log")[-1]["type"] == "synced"


@pytest.mark.parametrize("compression", [None, "deflate"])
def test_a_message_over_the_bound_is_thrown_away_and_the_connection_kept(serve, compression: "str | None") -> None:
    with open_live(serve("--max-message", "10000"), compression=compression) as live:
        assert live.welcome["limits"]["message"] == 10_000
        text = json.dumps({"type": "ping", "id": 1, "pad": ""})
        live.send_text(json.dumps({"type": "ping", "id": 1, "pad": "x" * (10_000 - len(text))}))
        assert live.until_type("pong", "error")[-1]["type"] == "pong"
        live.send_text(json.dumps({"type": "ping", "id": 2, "pad": "x" * (10_001 - len(text))}))
        answer = live.until_type("pong", "error")[-1]
        assert (answer["type"], answer["code"], answer.get("id")) == ("error", "too_large", None)
        live.send_text(json.dumps({"type": "ping", "id": 3, "pad": "x" * 5_000_000}))
        assert live.until_type("pong", "error")[-1]["code"] == "too_large"
        assert live.ask("ping")["type"] == "pong"


def test_a_message_over_32_mib_closes_with_1009(shared_server: Server) -> None:
    with RawClient(shared_server.port) as raw:
        raw.upgrade(path="/ws", host=shared_server.address)
        raw.read_frame()
        raw.send(header(TEXT, (32 << 20) + 1))
        raw.expect_close(1009)


def test_a_message_just_under_32_mib_costs_no_memory(server: Server) -> None:
    with RawClient(server.port) as raw:
        raw.upgrade(path="/ws", host=server.address)
        raw.read_frame()
        before = server.resident_bytes()
        size, block, mask = 31 << 20, b"x" * (1 << 20), b"\x01\x02\x03\x04"
        raw.send(header(TEXT, size, mask=mask))
        for _ in range(size // len(block)):
            raw.send(masked(block, mask))
        assert json.loads(raw.read_frame().payload)["code"] == "too_large"
        assert server.resident_bytes() - before < 12 << 20
        raw.send(frame(PING, b"kept"))
        assert raw.read_frame().opcode == PONG


def test_too_many_fragments_close_with_1008(shared_server: Server) -> None:
    with RawClient(shared_server.port) as raw:
        raw.upgrade(path="/ws", host=shared_server.address)
        raw.read_frame()
        raw.send(frame(TEXT, b"", flags=0) + frame(CONTINUATION, b"", flags=0) * 16_500)
        raw.expect_close(1008)


def test_a_hundred_errors_close_with_1008(shared_server: Server) -> None:
    with open_live(shared_server) as live:
        for _ in range(95):
            live.send("nonsense")
        assert live.ask("ping")["type"] == "pong"
        try:
            for _ in range(20):
                live.send("nonsense")
        except ConnectionClosed:
            pass
        live.expect_close(1008)


def test_a_flood_is_read_slower_and_nothing_is_dropped(serve) -> None:
    server = serve("--message-rate", "200")
    with open_live(server) as live, open_live(server) as other:
        started = time.monotonic()
        for n in range(2100):
            live.send("ping", id=n)
        meanwhile = other.ask("ping")
        messages = live.until(lambda m: m.get("id") == 2099, within=50)
        assert meanwhile["at"] < messages[-1]["at"], "another connection is not slowed"
        took = time.monotonic() - started
        assert [m["id"] for m in messages if m["type"] == "pong"] == list(range(2100))
        assert took > 8, "a burst of twice the rate, then the rate"
        notices = [m["code"] for m in messages if m["type"] == "error"]
        assert set(notices) == {"rate_limited"} and len(notices) <= 1 + took // 10, "one notice in ten seconds"


def test_queued_tasks_are_bounded(serve) -> None:
    server = first_scan(serve("--max-queued-tasks", "3", "--slots", "1"))
    with open_live(server) as live:
        live.subscribe("tasks")
        blocker = live.run("long_task", {"steps": 1000, "delay_ms": 60_000})["task"]
        live.started(blocker)
        for _ in range(3):
            live.run("long_task", {"steps": 1})
        assert live.ask("task.run", name="long_task", params={"steps": 1})["code"] == "limit_tasks"
        answer = requests.post(f"{server.url}/api/tasks", json={"name": "long_task"}, timeout=10)
        assert answer.status_code in (429, 503)


def test_silence_is_pinged_and_then_closed(serve) -> None:
    server = serve("--ping-interval", "200", "--ping-timeout", "300")
    with RawClient(server.port) as raw:
        raw.upgrade(path="/ws", host=server.address)
        assert json.loads(raw.read_frame().payload)["ping"] == 200
        assert raw.read_frame().opcode == PING
        raw.expect_close(4408)


def test_any_frame_counts_as_life(serve) -> None:
    server = serve("--ping-interval", "200", "--ping-timeout", "2000")
    with RawClient(server.port) as raw:
        raw.upgrade(path="/ws", host=server.address)
        raw.read_frame()
        until = time.monotonic() + 5
        while time.monotonic() < until:
            received = raw.read_frame()  # Paced by the server's own pings.
            assert received.opcode == PING, received
            raw.send(frame(PONG, b"not even its payload"))


def test_a_slow_request_head_is_closed(serve) -> None:
    server = serve("--handshake-timeout", "300")
    for beginning in (b"", b"G", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b"):
        with RawClient(server.port) as raw:
            raw.send(beginning)
            answer = raw.read_to_end()
            assert answer == b"" or answer.startswith(b"HTTP/1.1 408")


def test_a_trickle_does_not_outlive_the_handshake_timeout(serve) -> None:
    server = serve("--handshake-timeout", "700")
    with RawClient(server.port) as raw:
        raw.send(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ")
        raw.socket.settimeout(0.05)
        until = time.monotonic() + 10
        answer = None
        while time.monotonic() < until and answer is None:
            try:
                raw.send(b"a")
                answer = raw.socket.recv(4096)
            except Stalled:
                continue
            except OSError:
                answer = b""
        assert answer is not None and (answer == b"" or answer.startswith(b"HTTP/1.1 408"))
