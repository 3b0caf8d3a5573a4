"""Messages, answers and errors (contracts of the protocol, §2 and §9)."""

from __future__ import annotations

import json
import time

import pytest

from harness.process import Server
from harness.realtime import Live, is_event


@pytest.fixture
def live(shared_server: Server) -> "Live":
    with Live(f"{shared_server.socket_url}/ws") as connection:
        yield connection


def error(live: Live) -> dict:
    message = live.until_type("error")[-1]
    assert isinstance(message["message"], str) and message["message"]
    return message


def still_works(live: Live) -> bool:
    return live.ask("ping")["type"] == "pong"


@pytest.mark.parametrize("text", ["", "{", "hello", "{]", '{"type":"ping"', "{'type':'ping'}", '{"a":1}{"b":2}',
                                  '{"type":"ping","id":1,}', "\ufeff{}", '{"type":"ping","a":01}', '{"type":"p\\q"}',
                                  '{"type":"ping","a":"\t"}', "NaN"])
def test_what_is_not_json_is_bad_json(live: Live, text: str) -> None:
    live.send_text(text)
    answer = error(live)
    assert answer["code"] == "bad_json" and answer.get("id") is None
    assert still_works(live)


@pytest.mark.parametrize("text", ["[]", "1", '"ping"', "null", "true", '[{"type":"ping"}]', "{}", '{"id":5}',
                                  '{"type":5}', '{"type":null}', '{"type":["ping"]}'])
def test_what_is_no_object_with_a_type_is_a_bad_message(live: Live, text: str) -> None:
    live.send_text(text)
    assert error(live)["code"] == "bad_message"
    assert still_works(live)


@pytest.mark.parametrize("type_", ["", "PING", "nonsense", "welcome", "snapshot", "task.created", "ping "])
def test_an_unknown_type_is_named(live: Live, type_: str) -> None:
    assert live.ask(type_)["code"] == "unknown_type"
    assert still_works(live)


@pytest.mark.parametrize("type_,fields,field", [
    ("subscribe", {}, "topics"), ("subscribe", {"topics": "tasks"}, "topics"), ("subscribe", {"topics": [1]}, "topics"),
    ("subscribe", {"topics": None}, "topics"), ("subscribe", {"topics": ["tasks"], "since": 5}, "since"),
    ("subscribe", {"topics": ["tasks"], "since": {"epoch": "x"}}, None),
    ("subscribe", {"topics": ["tasks"], "since": {"epoch": 1, "offset": 1}}, None),
    ("subscribe", {"topics": ["tasks"], "since": {"epoch": "x", "offset": -1}}, None),
    ("subscribe", {"topics": ["tasks"], "since": {"epoch": "x", "offset": 1.5}}, None),
    ("unsubscribe", {}, "topics"), ("hello", {}, "name"), ("hello", {"name": 5}, "name"),
    ("hello", {"name": "x" * 65, "kind": "script"}, "name"), ("hello", {"name": "x", "kind": "king"}, "kind"),
    ("hello", {"name": "x"}, None), ("hello", {"name": "x", "capabilities": ["a"], "slots": -1}, "slots"),
    ("hello", {"name": "x", "capabilities": ["a"], "slots": 1025}, "slots"),
    ("hello", {"name": "x", "capabilities": ["a"] * 65, "slots": 1}, "capabilities"),
    ("hello", {"name": "x", "capabilities": ["a" * 129], "slots": 1}, "capabilities"),
    ("task.run", {}, "name"), ("task.run", {"name": 1}, "name"),
    ("task.run", {"name": "long_task", "params": []}, "params"),
    ("task.run", {"name": "long_task", "params": {"pad": "x" * 65_537}}, "params"),
    ("task.run", {"name": "long_task", "priority": 101}, "priority"),
    ("task.run", {"name": "long_task", "priority": -101}, "priority"),
    ("task.run", {"name": "long_task", "priority": "high"}, "priority"),
    ("task.run", {"name": "long_task", "attempts": 0}, "attempts"),
    ("task.run", {"name": "long_task", "attempts": 101}, "attempts"),
    ("task.run", {"name": "long_task", "requires": "gpu"}, "requires"),
    ("task.run", {"name": "long_task", "task": ""}, "task"),
    ("task.run", {"name": "long_task", "task": "x" * 129}, "task"),
    ("task.run", {"name": "long_task", "task": "ümlaut"}, "task"),
    ("task.cancel", {}, "task"), ("task.cancel", {"task": 5}, "task"),
], ids=lambda value: json.dumps(value)[:60])
def test_a_wrong_field_is_named(live: Live, type_: str, fields: dict, field: "str | None") -> None:
    answer = live.ask(type_, **fields)
    assert (answer["type"], answer["code"]) == ("error", "bad_message")
    if field:
        assert answer["field"] == field
    assert still_works(live)


@pytest.mark.parametrize("id_", [1.5, -1, 2**53, True, [], {}, "x" * 65])
def test_a_wrong_id_is_a_bad_message(live: Live, id_: object) -> None:
    live.send("ping", id=id_)
    answer = error(live)
    assert (answer["code"], answer.get("field", "id")) == ("bad_message", "id")


@pytest.mark.parametrize("id_", [0, 1, 2**53 - 1, "", "a", "x" * 64, "ü"])
def test_an_id_comes_back_as_it_was(live: Live, id_: object) -> None:
    live.send("ping", id=id_)
    answer = live.until_type("pong")[-1]
    assert answer["id"] == id_ and type(answer["id"]) is type(id_)


def test_a_null_field_is_a_missing_field(live: Live) -> None:
    live.send("ping", id=None)
    assert live.until_type("pong")[-1].get("id") is None
    assert live.ask("subscribe", topics=["tags"], since=None)["type"] == "synced"


def test_unknown_fields_are_ignored(live: Live) -> None:
    assert live.ask("ping", colour="red", nested={"a": [1]})["type"] == "pong"


def test_the_type_may_stand_anywhere_and_a_pong_tells_the_time(live: Live) -> None:
    live.send_text('{"x":{"type":"no"},"id":3,"type":"ping"}')
    pong = live.until_type("pong")[-1]
    assert pong["id"] == 3
    assert abs(pong["at"] / 1000 - time.time()) < 60


def test_without_an_id_only_errors_and_what_is_always_answered_come_back(live: Live) -> None:
    live.send("unsubscribe", topics=["tags"])
    live.send("task.cancel", task="no-such-task")
    live.send("ping")
    messages = live.until_type("pong")
    assert [m["type"] for m in messages] == ["error", "pong"]
    assert messages[0]["code"] == "unknown_task"


def test_answers_come_in_the_order_of_the_messages(live: Live) -> None:
    kinds = ["ping", "unsubscribe", "ping", "unsubscribe", "nonsense"]  # Fewer errors than close the connection.
    for n in range(400):
        live.send(kinds[n % 5], id=n, topics=[])
    answers = live.until(lambda m: m.get("id") == 399)
    assert [m["id"] for m in answers if "id" in m] == list(range(400)), "each exactly once, and in order"


def test_depth_is_bounded(live: Live) -> None:
    deep = "[" * 31 + "]" * 31
    live.send_text('{"type":"ping","id":1,"a":%s}' % deep)  # The object itself is the 32nd level.
    assert live.until_type("pong", "error")[-1]["type"] == "pong"
    live.send_text('{"type":"ping","id":2,"a":%s}' % ("[" + deep + "]"))
    answer = error(live)
    assert answer["code"] == "too_deep" and answer.get("id") is None
    live.send_text("[" * 100_000)
    assert error(live)["code"] in ("too_deep", "bad_json")
    assert still_works(live)


def test_an_unknown_task_cannot_be_cancelled(live: Live) -> None:
    answer = live.ask("task.cancel", task="no-such-task")
    assert (answer["code"], answer["task"]) == ("unknown_task", "no-such-task")


def test_a_repeated_run_is_the_same_task_and_another_name_a_conflict(live: Live) -> None:
    live.subscribe("task/mine")
    first = live.run("long_task", {"steps": 2, "delay_ms": 0}, task="mine")
    assert first["task"] == "mine" and first["info"]["uuid"] == "mine"
    live.finished("mine")
    again = live.run("long_task", {"steps": 2, "delay_ms": 0}, task="mine")
    assert again["info"]["state"] == "done"
    conflict = live.ask("task.run", name="scan", task="mine")
    assert (conflict["code"], conflict["task"]) == ("conflict", "mine")
    assert [m["type"] for m in live.seen if is_event(m)].count("task.created") == 1


def test_publishing_needs_hello_and_hello_comes_once(live: Live) -> None:
    assert live.publish("app/a", 1)["code"] == "not_ready"
    ready = live.hello()
    assert ready["client"] == live.welcome["client"] and ready["lease"] == 15_000
    assert live.publish("app/a", 1)["type"] == "ok"
    assert live.ask("hello", name="again", kind="script")["type"] == "error"


@pytest.mark.parametrize("topic", ["tasks", "app/", "library", "app/a/b", "app/" + "x" * 65])
def test_only_app_topics_can_be_published_to(live: Live, topic: str) -> None:
    live.hello()
    assert live.publish(topic, 1)["type"] == "error"


def test_the_data_of_a_publish_is_bounded_and_may_be_any_json(live: Live) -> None:
    live.hello()
    live.subscribe("app/any")
    def messages() -> list:
        return [m for m in live.seen if m["type"] == "app.message"]

    for n, data in enumerate((None, True, 1.5, "ü😀", [1, [2]], {"a": {"b": None}}, "x" * 16_000)):
        assert live.publish("app/any", data)["type"] == "ok"
        assert len(messages()) > n or live.until_type("app.message")
        assert messages()[-1]["data"] == data
    assert live.publish("app/any", "x" * 16_400)["type"] == "error"
    assert live.publish("app/any", 1, key="x" * 65)["type"] == "error"
    assert still_works(live)


def test_worker_messages_without_a_lease_change_nothing(live: Live) -> None:
    for type_ in ("task.accept", "task.progress", "task.done", "task.fail"):
        answer = live.ask(type_, task="none", lease="none", current=1, message="", error={"code": "x", "message": "y"})
        assert answer["type"] == "error"
    assert still_works(live)
