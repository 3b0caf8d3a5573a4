"""Who is connected: the topic `clients` and its REST twin."""

from __future__ import annotations

import time

import requests

from harness.event_stream import EventStream
from harness.process import Server
from harness.realtime import Live
from harness.waiting import eventually


def rest_clients(server: Server) -> set:
    answer = requests.get(f"{server.url}/api/v1/socket/clients/", timeout=10)
    assert answer.status_code == 200 and set(answer.json()) == {"clients"}
    return set(answer.json()["clients"])


def test_a_connection_joins_and_leaves_once(server: Server) -> None:
    with Live(f"{server.socket_url}/ws") as watcher:
        clients = watcher.snapshot("clients")["clients"]
        assert [c["id"] for c in clients] == [watcher.welcome["client"]]
        with Live(f"{server.socket_url}/ws") as other:
            id_ = other.welcome["client"]
            joined = watcher.until(lambda m: m["type"] == "client.joined" and m["client"] == id_)[-1]
            info = joined["info"]
            assert (info["id"], info["transport"], info["protocol"], info["role"]) == (id_, "websocket", "vitrine.v1",
                                                                                      "admin")
            assert info["topics"] == [] and "127.0.0.1" in info["address"]
            assert abs(info["since"] / 1000 - time.time()) < 60
            assert rest_clients(server) == {watcher.welcome["client"], id_}
        watcher.until(lambda m: m["type"] == "client.left" and m["client"] == id_)
        assert eventually(lambda: rest_clients(server) == {watcher.welcome["client"]}, "it left the list")
        watcher.ask("ping")
        kinds = [m["type"] for m in watcher.seen if m.get("client") == id_]
        assert kinds.count("client.joined") == 1 and kinds.count("client.left") == 1
        assert kinds[0] == "client.joined" and kinds[-1] == "client.left"


def test_a_cut_connection_leaves_too(server: Server) -> None:
    with Live(f"{server.socket_url}/ws") as watcher:
        watcher.subscribe("clients")
        other = Live(f"{server.socket_url}/ws")
        id_ = other.welcome["client"]
        other.socket.socket.shutdown(2)
        watcher.until(lambda m: m["type"] == "client.left" and m["client"] == id_)


def test_hello_and_subscriptions_change_the_record(server: Server) -> None:
    with Live(f"{server.socket_url}/ws") as watcher, Live(f"{server.socket_url}/ws") as other:
        watcher.subscribe("clients")
        id_ = other.welcome["client"]

        def record() -> dict:
            return next(c for c in watcher.snapshot("clients")["clients"] if c["id"] == id_)

        other.hello("my board", kind="dashboard")
        other.subscribe("tasks", "library")
        found = eventually(lambda: (r := record())["topics"] and r, "the topics show")
        assert (found["name"], found["kind"]) == ("my board", "dashboard")
        assert sorted(found["topics"]) == ["library", "tasks"]
        changed = [m for m in watcher.seen if m["type"] == "client.changed" and m["client"] == id_]
        changed = changed or watcher.until(lambda m: m["type"] == "client.changed" and m["client"] == id_)
        assert changed[-1]["key"] == f"client/{id_}" and changed[-1]["info"]["id"] == id_


def test_a_stream_is_a_client(server: Server) -> None:
    with Live(f"{server.socket_url}/ws") as watcher:
        watcher.subscribe("clients")
        with EventStream(server.address, "topics=tasks") as stream:
            welcome = stream.until_type("welcome")[-1]
            id_ = welcome.data["client"]
            joined = watcher.until(lambda m: m["type"] == "client.joined" and m["client"] == id_)[-1]
            assert (joined["info"]["transport"], joined["info"]["protocol"]) == ("sse", "sse")
            assert id_ in rest_clients(server)
        watcher.until(lambda m: m["type"] == "client.left" and m["client"] == id_)


def test_a_hundred_comings_and_goings_leave_nobody_behind(server: Server) -> None:
    with Live(f"{server.socket_url}/ws") as watcher:
        watcher.subscribe("clients")
        for _ in range(100):
            Live(f"{server.socket_url}/ws").socket.close()
        only = {watcher.welcome["client"]}
        eventually(lambda: rest_clients(server) == only, "only the watcher is left")
        watcher.until(lambda m: m["type"] == "client.left"
                      and sum(1 for s in watcher.seen if s["type"] == "client.left") == 100)
        joined = {m["client"] for m in watcher.seen if m["type"] == "client.joined"}
        left = {m["client"] for m in watcher.seen if m["type"] == "client.left"}
        assert joined == left and len(left) == 100
