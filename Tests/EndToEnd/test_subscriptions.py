"""Snapshot, order, replay and resync: G1 to G5 (contracts of the protocol, §3 and §4)."""

from __future__ import annotations

import pytest
import requests

from harness.process import Server
from harness.realtime import Live, assert_growing, is_event

TOPICS = ["tasks", "training", "clients", "library", "models", "tags", "collections", "log", "app/room.1_a-B"]
STATES = {
    "tasks": {"tasks", "counts"}, "training": {"runs"}, "clients": {"clients"}, "library": {"counts", "newest"},
    "models": {"counts"}, "tags": {"counts"}, "collections": {"counts"}, "log": {"lines"}, "app/room.1_a-B": {"values"},
}


def open_live(server: Server) -> Live:
    return Live(f"{server.socket_url}/ws")


def publisher(server: Server) -> Live:
    live = open_live(server)
    live.hello("publisher")
    return live


def test_snapshots_come_in_the_order_asked_and_then_synced(shared_server: Server) -> None:
    with open_live(shared_server) as live:
        messages = live.subscribe(*TOPICS)
        assert [m["topic"] for m in messages if m["type"] == "snapshot"] == TOPICS
        assert [m["type"] for m in messages] == ["snapshot"] * len(TOPICS) + ["synced"], "no event before synced"
        synced = messages[-1]
        assert (synced["topics"], synced["epoch"]) == (TOPICS, live.welcome["epoch"])
        assert synced["offset"] == max(m["offset"] for m in messages[:-1])


@pytest.mark.parametrize("topic", TOPICS)
def test_a_snapshot_has_the_state_of_its_topic(shared_server: Server, topic: str) -> None:
    with open_live(shared_server) as live:
        assert set(live.snapshot(topic)) >= STATES[topic]


def test_the_topic_of_a_task_that_does_not_exist_yet(server: Server) -> None:
    with open_live(server) as live:
        assert live.snapshot("task/not-there-yet") == {"task": None, "log": []}
        live.run("long_task", {"steps": 1, "delay_ms": 0}, task="not-there-yet")
        live.finished("not-there-yet")
        assert [m["type"] for m in live.seen if is_event(m)][0] == "task.created"
        state = live.snapshot("task/not-there-yet")
        assert state["task"]["state"] == "done"


def test_what_happened_before_is_in_the_snapshot_and_what_comes_after_is_an_event(server: Server) -> None:
    with publisher(server) as sender, open_live(server) as live:
        sender.publish("app/g1", "old", key="k")
        state = live.snapshot("app/g1")
        assert state["values"] == {"k": "old"}
        synced = live.seen[-1]
        offset = sender.publish("app/g1", "new", key="k")["offset"]
        event = live.until_type("app.message")[-1]
        assert (event["offset"], event["data"], event["topic"]) == (offset, "new", "app/g1")
        assert event["from"] == sender.welcome["client"]
        assert offset > synced["offset"]
        assert [m for m in live.seen if m["type"] == "app.message"] == [event]


def test_subscribing_amid_a_stream_neither_loses_nor_repeats(server: Server) -> None:
    with publisher(server) as sender:
        for n in range(30):
            for index in range(20):
                sender.send("publish", topic="app/amid", data=n * 20 + index, key="n")
            with open_live(server) as live:
                live.send("subscribe", topics=["app/amid"])
                for index in range(20):
                    sender.send("publish", topic="app/amid", data=100_000 + index)
                # The subscription may be answered after all of these; the last message comes after its answer.
                messages = live.until_type("synced")
                sender.send("publish", topic="app/amid", data=100_020)
                messages += live.until(lambda m: m.get("data") == 100_020)
                snapshot = next(m for m in messages if m["type"] == "snapshot")
                live_values = [m["data"] for m in messages if m["type"] == "app.message" and m["data"] >= 100_000]
                assert live_values == list(range(live_values[0], 100_021)), "a hole or a repeat in what is lossless"
                assert all(m["offset"] > snapshot["offset"] for m in messages if m["type"] == "app.message")
                assert_growing(messages)


def test_an_event_of_two_subscribed_topics_comes_once(server: Server) -> None:
    with open_live(server) as live:
        live.subscribe("tasks", "task/both")
        live.run("long_task", {"steps": 3, "delay_ms": 0, "log_every": 1}, task="both")
        live.finished("both")
        assert_growing(live.seen)
        types = [m["type"] for m in live.seen if is_event(m) and m.get("task") == "both"]
        assert types.count("task.created") == types.count("task.started") == types.count("task.finished") == 1


def test_a_replay_sends_what_was_missed_and_no_snapshot(server: Server) -> None:
    with publisher(server) as sender, open_live(server) as first:
        since = {k: first.subscribe("app/r")[-1][k] for k in ("epoch", "offset")}
        for n in range(50):
            sender.publish("app/r", n)
            sender.publish("app/other", n)
        with open_live(server) as second:
            messages = second.subscribe("app/r", since=since)
            assert [m["type"] for m in messages] == ["app.message"] * 50 + ["synced"]
            assert [m["data"] for m in messages[:-1]] == list(range(50))
            assert_growing(messages)
            sender.publish("app/r", "live")
            assert second.until_type("app.message")[-1]["data"] == "live"


def test_a_replay_may_thin_keyed_events_but_keeps_the_newest_and_all_lossless(server: Server) -> None:
    with publisher(server) as sender, open_live(server) as first:
        since = {k: first.subscribe("app/thin")[-1][k] for k in ("epoch", "offset")}
        for n in range(100):
            sender.publish("app/thin", n, key="bar")
            sender.publish("app/thin", {"lossless": n})
        with open_live(server) as second:
            messages = second.subscribe("app/thin", since=since)
    keyed = [m["data"] for m in messages if m.get("key") == "bar"]
    assert keyed[-1] == 99 and keyed == sorted(keyed)
    assert [m["data"]["lossless"] for m in messages if is_event(m) and "key" not in m] == list(range(100))
    assert_growing(messages)


def test_a_replay_of_nothing_is_synced_alone(server: Server) -> None:
    with open_live(server) as live:
        synced = live.subscribe("app/quiet")[-1]
        again = live.subscribe("app/quiet", since={"epoch": synced["epoch"], "offset": synced["offset"]})
        assert [m["type"] for m in again] == ["synced"]


def test_the_answer_of_rest_may_be_used_as_since(server: Server) -> None:
    listing = requests.get(f"{server.url}/api/tasks", timeout=10).json()
    with open_live(server) as live:
        live.run("long_task", {"steps": 1, "delay_ms": 0}, task="after-rest")
        messages = live.subscribe("tasks", since={"epoch": listing["epoch"], "offset": listing["offset"]})
        assert not [m for m in messages if m["type"] in ("snapshot", "resync")]
        live.finished("after-rest")
        created = [m for m in live.seen if m["type"] == "task.created" and m["task"] == "after-rest"]
        assert len(created) == 1


@pytest.mark.parametrize("epoch,ahead", [("never", 0), ("", 0), (None, 1_000_000)], ids=["other", "empty", "future"])
def test_another_epoch_or_a_future_offset_gets_a_resync(server: Server, epoch: "str | None", ahead: int) -> None:
    with open_live(server) as live:
        known = live.welcome["epoch"] if epoch is None else epoch
        messages = live.subscribe("tasks", "app/x", since={"epoch": known, "offset": live.welcome["offset"] + ahead})
        assert [m["type"] for m in messages] == ["resync", "snapshot", "snapshot", "synced"]
        assert messages[0]["reason"] == "epoch"
        assert sorted(messages[0]["topics"]) == ["app/x", "tasks"]


def test_a_history_that_no_longer_reaches_back_gets_a_resync(serve) -> None:
    server = serve("--history-events", "100")
    with publisher(server) as sender, open_live(server) as live:
        since = {k: live.subscribe("app/h")[-1][k] for k in ("epoch", "offset")}
        offsets = [sender.publish("app/h", n)["offset"] for n in range(300)]
        with open_live(server) as late:
            messages = late.subscribe("app/h", since=since)
            assert [m["type"] for m in messages] == ["resync", "snapshot", "synced"]
            assert messages[0]["reason"] == "history" and messages[0]["topics"] == ["app/h"]
            near = late.subscribe("app/h", since={"epoch": since["epoch"], "offset": offsets[-51]})
            assert [m.get("data") for m in near[:-1]] == list(range(250, 300))


def test_the_history_is_bounded_by_bytes_too(serve) -> None:
    server = serve("--history-bytes", "100000")
    with publisher(server) as sender, open_live(server) as live:
        since = {k: live.subscribe("app/h")[-1][k] for k in ("epoch", "offset")}
        for n in range(30):
            sender.publish("app/h", "x" * 10_000)
        assert live.subscribe("app/h", since=since)[0]["type"] == "resync" or \
            [m for m in live.seen if m["type"] == "resync"]


def test_a_restart_is_another_epoch(serve) -> None:
    server = serve()
    with open_live(server) as live:
        synced = live.subscribe("tasks")[-1]
    server.kill()
    with open_live(serve()) as live:
        messages = live.subscribe("tasks", since={"epoch": synced["epoch"], "offset": synced["offset"]})
        assert [m["type"] for m in messages] == ["resync", "snapshot", "synced"]
        assert messages[0]["reason"] == "epoch"


def test_subscribing_again_refreshes(server: Server) -> None:
    with publisher(server) as sender, open_live(server) as live:
        live.subscribe("app/again")
        sender.publish("app/again", 1, key="k")
        messages = live.subscribe("app/again")
        assert next(m for m in messages if m["type"] == "snapshot")["state"]["values"] == {"k": 1}
        sender.publish("app/again", 2, key="k")
        live.until(lambda m: m.get("data") == 2)
        live.ask("ping")
        assert len([m for m in live.seen if m.get("data") == 2]) == 1, "subscribed once, however often"


def test_after_unsubscribe_no_event_comes(server: Server) -> None:
    with publisher(server) as sender, open_live(server) as live:
        live.subscribe("app/a", "app/b")
        assert live.ask("unsubscribe", topics=["app/a", "app/never"])["type"] == "ok"
        mark = len(live.seen)
        sender.publish("app/a", "unheard")
        sender.publish("app/b", "heard")
        live.until_type("app.message")
        assert [m["data"] for m in live.seen[mark:] if m["type"] == "app.message"] == ["heard"]


@pytest.mark.parametrize("bad", ["nowhere", "task/", "app/", "app/a b", "app/" + "x" * 65, "tasks/*", "*", "", "Tasks",
                                 "app/ü"])
def test_one_bad_topic_and_nothing_is_subscribed(server: Server, bad: str) -> None:
    with publisher(server) as sender, open_live(server) as live:
        answer = live.subscribe("app/good", bad)[-1]
        assert (answer["type"], answer["code"], answer["topic"]) == ("error", "unknown_topic", bad)
        sender.publish("app/good", 1)
        assert live.ask("ping")["type"] == "pong"
        assert not [m for m in live.seen if m["type"] in ("app.message", "snapshot")]


def test_subscribe_without_an_id_is_answered_too(server: Server) -> None:
    with open_live(server) as live:
        live.send("subscribe", topics=["tags"])
        messages = live.until_type("synced")
        assert "id" not in messages[-1] or messages[-1]["id"] is None
