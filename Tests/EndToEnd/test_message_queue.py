"""Events from other processes, over the message queue of python-socketio on a real Redis."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Iterator

import pytest
import requests
import socketio

from harness.event_stream import EventStream
from harness.message_queue import Client, PythonServer, client_record, connected, metric, publish
from harness.process import Server, ServerFactory, free_port, run_vitrine
from harness.realtime import Live
from harness.redis import Redis
from harness.resting import first_scan
from harness.waiting import eventually


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    made = Redis(tmp_path_factory.mktemp("redis"))
    yield made
    made.kill()


@pytest.fixture(scope="module")
def queued(tmp_path_factory: pytest.TempPathFactory, redis: Redis) -> Iterator[Server]:
    """A server on the queue, for all tests that leave nothing behind."""
    folder = tmp_path_factory.mktemp("queued")
    factory = ServerFactory(folder)
    server = factory.start("serve", "--data-dir", str(folder / "data"), "--port", str(free_port()), "--redis", redis.url)
    yield connected(first_scan(server))
    survived = server.is_running()
    factory.close()
    assert survived, server.log_text()[-4000:]


@pytest.fixture
def manager(redis: Redis) -> socketio.RedisManager:
    """What a Python process uses that only emits."""
    return socketio.RedisManager(redis.url, write_only=True)


@pytest.mark.parametrize("version,transport", [(3, "polling"), (3, "websocket"), (4, "polling"), (4, "upgraded")])
def test_a_python_process_reaches_socket_io_clients(queued: Server, manager: socketio.RedisManager, version: int,
                                                    transport: str) -> None:
    with Client(queued, "r", version=version, transport=transport) as ann, Client(queued, "r", "s") as bob:
        manager.emit("one", {"a": 1, "e": "\U0001F600"}, room="r")
        manager.emit("two", (1, "x"), room=["r", "s", bob.sid])
        manager.emit("three", "y", skip_sid=ann.sid)
        manager.emit("four", None, to=ann.sid)
        manager.emit("five", 5, to=ann.userid)
        manager.emit("six", [1, 2], room=["s"], skip_sid=[bob.sid])
        manager.emit("seven", {"last": True})
        assert [event for event in ann.socket.until("seven")] == [
            ["one", {"a": 1, "e": "\U0001F600"}], ["two", 1, "x"], ["four"], ["five", 5], ["seven", {"last": True}]]
        assert [event for event in bob.socket.until("seven")] == [
            ["one", {"a": 1, "e": "\U0001F600"}], ["two", 1, "x"], ["three", "y"], ["seven", {"last": True}]]


def test_binary_data_reaches_every_kind_of_client(queued: Server, manager: socketio.RedisManager) -> None:
    with Client(queued, "bin") as ann, Live(f"{queued.socket_url}/ws") as live:
        live.subscribe("app/bin")
        manager.emit("b", {"data": b"\x00\x01\xff"}, room="bin")
        packet = ann.socket.receive()
        assert packet == '51-["b",{"data":{"_placeholder":true,"num":0}}]'
        assert ann.socket.receive() == b"\x00\x01\xff"
        message = live.until_type("app.message")[-1]
        assert message["data"] == {"event": "b", "args": [{"data": {"base64": "AAH/"}}]}


def test_a_python_process_reaches_native_clients(queued: Server, manager: socketio.RedisManager) -> None:
    with Live(f"{queued.socket_url}/ws") as live, EventStream(queued.address, "topics=app/r") as stream:
        stream.until_type("synced")
        live.subscribe("app/r")
        id_ = live.welcome["client"]
        manager.emit("everyone", {"n": 1})
        manager.emit("room", {"n": 2}, room="r")
        manager.emit("single", {"n": 3}, to=id_)
        manager.emit("both", {"n": 4}, to=["r", id_])
        manager.emit("left", {"n": 5}, skip_sid=id_)
        manager.emit("end", 6)
        came = live.until(lambda m: m["type"] == "client.event" and m["event"] == "end")
        # A message to clients comes behind a topic's events from before it; those from after it may come first.
        assert [m["data"] for m in came if m["type"] == "client.event"] == [{"n": 1}, {"n": 3}, {"n": 4}, 6]
        topic = [m for m in came if m["type"] == "app.message"]
        assert [m["data"]["args"] for m in topic] == [[{"n": 2}], [{"n": 4}]] and len(came) == 6
        assert topic[0]["topic"] == "app/r" and len(topic[0]["from"]) == 32
        blocks = stream.until(lambda block: block.type == "client.event" and block.data["event"] == "end")
        assert [block.data["event"] for block in blocks if block.type == "client.event"] == ["everyone", "left", "end"]


def test_the_channel_of_flask_socketio_is_heard_and_others_are_not(queued: Server, redis: Redis) -> None:
    with Client(queued) as ann:
        socketio.RedisManager(redis.url, channel="elsewhere", write_only=True).emit("no", 1)
        socketio.RedisManager(redis.url, channel="flask-socketio", write_only=True).emit("flask", 2)
        assert ann.socket.until("flask") == [["flask", 2]]


def test_messages_that_cannot_be_read_are_passed_over(queued: Server, redis: Redis, manager: socketio.RedisManager) -> None:
    class Boom:
        def __reduce__(self) -> object:
            return (print, ("unpickled",))

    before = metric(queued, "vitrine_queue_ignored_total")
    bad = [pickle.dumps({"method": "emit", "event": "p", "data": [1]}), pickle.dumps(Boom()), b"", b"\xff\xfe", b"[1]",
           {"method": "emit"}, {"method": "emit", "event": "e", "data": 1}, {"method": "boom"}, b"[" * 100_000,
           {"method": "emit", "event": "b", "data": [[], "***"], "binary": True}, b"x" * (17 << 20),
           {"method": "emit", "event": "state", "data": [{"v": 1}], "namespace": "/vitrine", "host_id": "x"}]
    with Client(queued) as ann:
        for message in bad:
            assert publish(redis, message) == 1
        manager.emit("after", 1)
        assert ann.socket.until("after") == [["after", 1]]
    assert metric(queued, "vitrine_queue_ignored_total") == before + len(bad)
    assert "unpickled" not in queued.log_text()
    assert "cannot be read" in queued.log_text()


def test_a_python_server_and_ours_share_rooms(queued: Server, redis: Redis) -> None:
    with PythonServer(redis) as python, python.client("/client", "app/x") as theirs, Client(queued, "/client") as ours:
        # Theirs to ours.
        theirs.ask("say", "/client", "hello", {"n": 1})
        ours.expect("hello", {"n": 1})
        # Ours to theirs: a worker's own words, and tasks of the server.
        ours.socket.emit("task_start", {"uuid": "w-1"})
        ours.socket.emit("task_update", {"uuid": "w-1", "type": "debug", "data": ["x"]})
        assert theirs.socket.until("task_update") == [["task_start", {"uuid": "w-1"}],
                                                      ["task_update", {"uuid": "w-1", "type": "debug", "data": ["x"]}]]
        task = requests.post(f"{queued.url}/api/tasks", timeout=10, json={
            "name": "long_task", "params": {"steps": 2, "delay_ms": 10, "log_every": 1}}).json()["uuid"]
        came = theirs.socket.until("task_end", lambda body: body["uuid"] == task)
        assert came[0] == ["task_start", {"uuid": task}]
        updates = [event[1] for event in came if event[0] == "task_update"]
        assert updates[-1]["data"]["message"] == "Task completed!"
        assert ["debug", "progress"] == sorted({update["type"] for update in updates})
        # What is published to a topic.
        with Live(f"{queued.socket_url}/ws") as live:
            live.hello()
            live.publish("app/x", {"k": "v"})
            message = theirs.socket.until("app.message")[-1][1]
            assert (message["topic"], message["data"], message["from"]) == ("app/x", {"k": "v"}, live.welcome["client"])


def test_a_python_server_acts_on_our_clients(queued: Server, redis: Redis) -> None:
    with PythonServer(redis) as python, python.client() as theirs, Client(queued) as ours:
        theirs.ask("put", ours.sid, "den")
        theirs.ask("say", "den", "in", 1)
        ours.expect("in", 1)
        theirs.ask("take", ours.sid, "den")
        theirs.ask("say", "den", "out", 1)
        theirs.ask("say", ours.sid, "mark", 1)
        assert ours.socket.until("mark") == [["mark", 1]]
        # An acknowledgement finds its way back.
        theirs.socket.send('21["ask","%s","question",{"q":1}]' % ours.sid)
        packet = ours.socket.receive()
        assert isinstance(packet, str) and packet.endswith('["question",{"q":1}]') and packet[1].isdigit(), packet
        ours.socket.send("3" + packet[1:packet.index("[")] + '["answer",2]')
        assert theirs.socket.receive() == '31["answer",2]'
        theirs.ask("put", ours.sid, "den")
        theirs.ask("clear", "den")
        theirs.ask("say", "den", "out", 2)
        theirs.ask("throw_out", ours.sid)
        assert ours.socket.receive() == "1"
        eventually(lambda: client_record(queued, ours.userid) is None, "the client has left")


def test_settings_are_checked(tmp_path: Path) -> None:
    for flag, value in (("--redis-channels", "a b"), ("--redis-publish-channel", ""), ("--server-name", "a/b")):
        ended = run_vitrine("serve", "--data-dir", str(tmp_path / "data"), "--redis", "redis://127.0.0.1:1", flag, value)
        assert ended.returncode != 0 and flag in ended.stderr, ended.stderr


def test_other_channels_may_be_chosen(tmp_path: Path, redis: Redis, queued: Server) -> None:
    factory = ServerFactory(tmp_path)
    try:
        server = factory.start("serve", "--data-dir", str(tmp_path / "data"), "--port", str(free_port()), "--redis",
                               redis.url, "--redis-channels", "mine", "--redis-publish-channel", "mine")
        connected(server)
        assert metric(queued, "vitrine_queue_servers") == 0
        with Client(server) as ann, Client(queued) as bob:
            socketio.RedisManager(redis.url, channel="mine", write_only=True).emit("mine", 1)
            socketio.RedisManager(redis.url, write_only=True).emit("theirs", 1)
            assert ann.socket.until("mine") == [["mine", 1]]
            assert bob.socket.until("theirs") == [["theirs", 1]]
            assert ann.settle() == [] and bob.settle() == []
    finally:
        factory.close()
