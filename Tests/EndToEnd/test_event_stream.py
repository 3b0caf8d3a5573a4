"""Server-Sent Events: the same stream without a socket (contracts of the protocol, §7)."""

from __future__ import annotations

import json
from typing import List

import pytest
import requests

from harness.event_stream import EventStream
from harness.process import Server
from harness.realtime import Live, Message, is_event


def publisher(server: Server) -> Live:
    live = Live(f"{server.socket_url}/ws")
    live.hello("publisher")
    return live


def test_the_stream_begins_with_retry_and_welcome(shared_server: Server) -> None:
    with EventStream(shared_server.address, "topics=tasks,app/x") as stream:
        assert stream.response.status == 200
        assert stream.response.headers["Content-Type"].split(";")[0] == "text/event-stream"
        assert stream.response.headers["Cache-Control"] == "no-store"
        events = stream.until_type("synced")
    assert [e.type for e in events if e.type != "comment"] == ["retry", "welcome", "snapshot", "snapshot", "synced"]
    assert events[0].data == 2000
    assert [e.data["topic"] for e in events if e.type == "snapshot"] == ["tasks", "app/x"]
    synced = events[-1]
    assert synced.id == f"{synced.data['epoch']}:{synced.data['offset']}"
    assert [e.id for e in events[:-1]] == [None] * (len(events) - 1), "an id on events and `synced` only"


def test_without_topics_the_common_ones_are_sent(shared_server: Server) -> None:
    with EventStream(shared_server.address) as stream:
        assert stream.until_type("synced")[-1].data["topics"] == ["tasks", "training", "clients", "library"]


def test_the_stream_and_the_socket_tell_the_same(server: Server) -> None:
    with Live(f"{server.socket_url}/ws") as live, EventStream(server.address, "topics=tasks,app/same") as stream:
        began = [stream.until_type("synced")[-1].data, live.subscribe("tasks", "app/same")[-1]]
        live.hello()
        for n in range(50):
            live.publish("app/same", n)
        task = live.run("long_task", {"steps": 5, "delay_ms": 1, "log_every": 1})["task"]
        live.finished(task)
        live.publish("app/same", "end")
        end = live.heard(lambda m: m.get("data") == "end")["offset"]
        events = stream.until(lambda e: e.data.get("data") == "end")

    # They began one after the other, and the server's own tasks are told in between.
    first = max(synced["offset"] for synced in began)

    def lossless(messages: List[Message]) -> List[Message]:
        return [m for m in messages if is_event(m) and "key" not in m and first < m["offset"] <= end]
    told = lossless(live.seen)
    assert lossless([e.data for e in events if e.type != "comment"]) == told
    assert [m["data"] for m in told if m["type"] == "app.message"] == [*range(50), "end"]
    assert {"task.created", "task.started", "task.log", "task.finished"} <= {m["type"] for m in told}
    epoch = live.welcome["epoch"]
    assert all(e.id == f"{epoch}:{e.data['offset']}" for e in events if e.type != "comment")


@pytest.mark.parametrize("how", ["header", "query", "header over query"])
def test_a_stream_resumes_where_it_was_cut(server: Server, how: str) -> None:
    with publisher(server) as sender:
        with EventStream(server.address, "topics=app/cut") as stream:
            stream.until_type("synced")
            for n in range(5):
                sender.publish("app/cut", n)
            last = stream.until(lambda e: e.data.get("data") == 4)[-1].id
        for n in range(5, 30):
            sender.publish("app/cut", n)
        query, headers = "topics=app/cut", {}
        if how != "header":
            query += f"&since={last if how == 'query' else 'other:1'}"
        if how != "query":
            headers = {"Last-Event-ID": last}
        with EventStream(server.address, query, headers) as stream:
            events = [e for e in stream.until_type("synced") if e.type not in ("retry", "welcome", "comment")]
    assert [e.type for e in events] == ["app.message"] * 25 + ["synced"]
    assert [e.data["data"] for e in events[:-1]] == list(range(5, 30))


def test_another_epoch_gets_a_resync(server: Server) -> None:
    with EventStream(server.address, "topics=tasks&since=never:5") as stream:
        events = [e for e in stream.until_type("synced") if e.type not in ("retry", "welcome", "comment")]
    assert [e.type for e in events] == ["resync", "snapshot", "synced"]
    assert events[0].data["reason"] == "epoch"


def test_a_history_that_is_too_short_gets_a_resync(serve) -> None:
    server = serve("--history-events", "100")
    with publisher(server) as sender:
        first = sender.publish("app/h", 0)["offset"]
        for n in range(300):
            sender.publish("app/h", n)
        with EventStream(server.address, f"topics=app/h&since={sender.welcome['epoch']}:{first}") as stream:
            resync = stream.until_type("resync")[-1]
            assert resync.data["reason"] == "history"
            assert [e.type for e in stream.until_type("synced")] == ["snapshot", "synced"]


@pytest.mark.parametrize("query,status,code", [
    ("topics=nowhere", 400, "unknown_topic"), ("topics=tasks,app/", 400, "unknown_topic"),
    ("topics=tasks&since=nonsense", 400, "bad_request"), ("topics=tasks&since=e:-1", 400, "bad_request"),
    ("topics=tasks&since=e:x", 400, "bad_request"),
])
def test_what_is_wrong_is_said_before_the_stream_begins(shared_server: Server, query: str, status: int,
                                                        code: str) -> None:
    answer = requests.get(f"{shared_server.url}/events?{query}", timeout=10)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()["error"]["code"] == code


def test_head_answers_the_headers_and_ends(shared_server: Server) -> None:
    answer = requests.head(f"{shared_server.url}/events", timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].split(";")[0] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.content == b""


def test_other_methods_are_refused(shared_server: Server) -> None:
    assert requests.post(f"{shared_server.url}/events", timeout=10).status_code in (404, 405)


def test_too_many_topics_are_refused(serve) -> None:
    server = serve("--max-subscriptions", "2")
    answer = requests.get(f"{server.url}/events?topics=tasks,library,tags", timeout=10)
    assert answer.status_code >= 400 and answer.json()["error"]["code"] == "limit_subscriptions"


@pytest.mark.long
def test_a_quiet_stream_sends_a_comment_every_fifteen_seconds(shared_server: Server) -> None:
    with EventStream(shared_server.address, "topics=tags", timeout=25) as stream:
        stream.until_type("synced")
        assert stream.receive().type == "comment"


def test_text_with_line_breaks_stays_on_one_line(server: Server) -> None:
    data = "first\nsecond\r\nthird\u2028 \u0085 end"
    with publisher(server) as sender, EventStream(server.address, "topics=app/lines") as stream:
        stream.until_type("synced")
        sender.publish("app/lines", data)
        event = stream.until_type("app.message")[-1]
        assert event.data["data"] == data
        assert json.dumps(event.data)
