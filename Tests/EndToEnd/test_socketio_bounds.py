"""Bursts, slow readers and the end of the server, as Socket.IO clients see them."""

from __future__ import annotations

import json
import time
from typing import Any, Dict, List

import pytest
import requests

from harness.engineio import Polling, attempt_socket, decode, exchange
from harness.process import Server
from harness.realtime import Live
from harness.socketio import SocketIO
from harness.socketio_client import PYTHONS, TRANSPORTS, ClientProcess
from harness.vframe import ROOM, ended, join, new_task, story, update
from harness.waiting import eventually

KINDS = [(version, transport) for version in PYTHONS for transport in TRANSPORTS]
PAD = "x" * 15_000


def raw_worker(server: Server, task: str) -> SocketIO:
    """A worker that is as fast as a socket."""
    worker = SocketIO(server.port)
    worker.connect()
    worker.until("status")
    worker.emit("task_start", {"uuid": task})
    return worker


def test_a_burst_of_40_events_and_an_emoji_reach_polling_clients_whole(client_processes: Dict[str, ClientProcess],
                                                                       shared_server: Server) -> None:
    """Python's clients give up at more than 16 packets in an answer, old ones at an emoji."""
    task = new_task()
    clients = [client_processes[version].client(shared_server, "polling") for version in PYTHONS for _ in range(3)]
    for client in clients:
        join(client)
    worker = raw_worker(shared_server, task)
    updates = [update(task, "debug", f"{number} \U0001F600\u00e9\u2028\U0010FFFF") for number in range(40)]
    for _ in range(3):
        worker.send(*["2" + _event("task_update", one) for one in updates])
    worker.emit("pingpong")
    worker.until("pingpong")
    worker.engine.end()
    for client in clients:
        told = ended(client, task)
        assert [body for name, body in told if name == "task_update"] == updates * 3
        client.settle()
        assert "disconnect" not in client.names()
        client.disconnect()


def _event(name: str, *arguments: Any) -> str:
    return json.dumps([name, *arguments], ensure_ascii=False)


@pytest.mark.parametrize("version", PYTHONS)
def test_polling_clients_may_post_a_burst_and_an_emoji(client_processes: Dict[str, ClientProcess], version: str,
                                                       shared_server: Server) -> None:
    task = new_task()
    with client_processes["5"].client(shared_server, "websocket") as audience:
        join(audience)
        worker = client_processes[version].client(shared_server, "polling")
        worker.emit("task_start", {"uuid": task})
        payload = update(task, "debug", "\U0001F680 \u00e9\u2713 \U0001F600")
        worker.emit("task_update", payload, times=60)
        worker.settle()
        worker.disconnect()
        assert [body for name, body in ended(audience, task) if name == "task_update"] == [payload] * 60


@pytest.mark.parametrize("version", [3, 4])
def test_no_polling_answer_holds_more_than_16_packets(shared_server: Server, version: int) -> None:
    client = SocketIO(shared_server.port, version, "polling")
    assert isinstance(client.engine, Polling)
    client.connect()
    client.emit("join", {"room": ROOM})
    client.until("list_tasks")
    task = new_task()
    worker = raw_worker(shared_server, task)
    for number in range(100):
        worker.emit("task_update", update(task, "debug", number))
    worker.emit("pingpong")
    worker.until("pingpong")
    numbers: List[int] = []
    while len(numbers) < 100:
        answer = client.engine.get()
        packets = decode(answer, version)
        assert 1 <= len(packets) <= 16
        numbers += [number for packet in packets if '"debug"' in packet
                    for number in [int(str(packet).split('"data":')[1].split("}")[0].split(",")[0])]]
    assert numbers == list(range(100))
    worker.engine.end()


def is_update(event, task: str, start: str) -> bool:
    """Whether it is the update of a task that begins so; the server's own tasks have their updates too."""
    return event.name == "task_update" and event.arguments[0]["uuid"] == task and event.arguments[0]["data"].startswith(start)


def test_a_slow_reader_delays_nobody_and_gets_the_list_again(client_processes: Dict[str, ClientProcess], serve) -> None:
    server = serve("--message-rate", "1000000", "--history-bytes", "1000000")
    stuck = [SocketIO(server.port, version, receive_buffer=4096) for version in (3, 4)]
    idle = SocketIO(server.port, 4, "polling")
    for client in [*stuck, idle]:
        client.connect()
        client.emit("join", {"room": ROOM})
        client.until("list_tasks")
    task = new_task()
    worker = raw_worker(server, task)
    with client_processes["5"].client(server, "websocket") as reader:
        join(reader)
        before, slowest, count = server.resident_bytes(), 0.0, 1200
        for number in range(count):
            sent = time.monotonic()
            worker.emit("task_update", update(task, "debug", f"{number} {PAD}"))
            reader.wait(lambda events: any(is_update(event, task, f"{number} ") for event in list(events)[-8:]),
                        f"update {number}")
            slowest = max(slowest, time.monotonic() - sent)
        print(f"slowest delivery {slowest * 1000:.1f} ms")
        assert slowest < 5.0
        assert server.resident_bytes() - before < 48 << 20, "18 MB went by three readers that do not read"
        worker.emit("task_update", update(task, "debug", "the last"))
        worker.emit("pingpong")
        worker.until("pingpong")
        for client in [*stuck, idle]:
            came = client.until("list_tasks")
            numbers = [int(body[1]["data"].split()[0]) for body in came[:-1]
                       if body[0] == "task_update" and body[1]["uuid"] == task]
            assert numbers == list(range(len(numbers))) and len(numbers) < count, "no hole before the new list"
            assert came[-1][1]["tasks"][task] == {"debug": "the last"}
        worker.engine.end()
        for client in [*stuck, idle]:
            assert client.until("task_end")[-1] == ["task_end", {"uuid": task}]
        assert story(reader, task)[-2:] == [["task_update", update(task, "debug", "the last")],
                                            ["task_end", {"uuid": task}]] or ended(reader, task)


def test_a_stop_ends_every_connection_and_costs_no_time(client_processes: Dict[str, ClientProcess], serve) -> None:
    server = serve()
    clients = [client_processes[version].client(server, transport) for version, transport in KINDS]
    for client in clients:
        join(client)
    raw, polling = [SocketIO(server.port, version) for version in (3, 4)], SocketIO(server.port, 4, "polling")
    for client in [*raw, polling]:
        client.connect()
        client.until("status")
    assert isinstance(polling.engine, Polling)
    with polling.engine.begin_get() as pending:
        started = time.monotonic()
        assert server.terminate(within=20) == 0
        assert time.monotonic() - started < 10
        pending.read_response()  # Answered, not cut.
    for heard in clients:
        heard.heard("disconnect")
    for one in raw:
        one.expect_closed()


def test_a_stop_ends_running_vframe_tasks(serve) -> None:
    server = serve()
    task = new_task()
    worker = raw_worker(server, task)
    worker.emit("pingpong")
    worker.until("pingpong")
    assert server.terminate(within=20) == 0
    server = serve()
    record = requests.get(f"{server.url}/api/tasks/{task}", timeout=10).json()
    assert record["state"] == "failed" and record["error"]["code"] == "worker_lost"


def test_after_kill_9_a_vframe_task_has_failed(serve) -> None:
    server = serve()
    task = new_task()
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks")
        worker = raw_worker(server, task)
        live.started(task)
    server.kill()
    worker.engine.raw.socket.close()  # type: ignore[union-attr]
    server = serve()
    record = eventually(lambda: (r := requests.get(f"{server.url}/api/tasks/{task}", timeout=10).json())["state"]
                        == "failed" and r, "its worker is gone")
    assert record["error"]["code"] == "worker_lost"


def test_connections_beyond_the_bound_are_refused(serve) -> None:
    server = serve("--max-connections", "5")
    held = [SocketIO(server.port, 4, transport) for transport in ("websocket", "polling", "upgraded", "websocket")]
    with Live(f"{server.socket_url}/ws"):
        target = "/socket.io/?EIO=4&transport=polling"
        answer = exchange(server.port, "GET", target)
        assert answer.status == 503 and "retry-after" in answer.headers
        with attempt_socket(server.port, target.replace("polling", "websocket")) as raw:
            assert raw.read_response().status == 503
        held[0].engine.end()  # type: ignore[union-attr]
        eventually(lambda: exchange(server.port, "GET", target).status == 200, "there is room again")


def test_five_hundred_sockets_hear_one_worker(shared_server: Server) -> None:
    clients = [SocketIO(shared_server.port, 3 + number % 2) for number in range(500)]
    for client in clients:
        client.connect()
        client.emit("join", {"room": ROOM})
    for client in clients:
        client.until("list_tasks")
    task = new_task()
    worker = raw_worker(shared_server, task)
    for number in range(20):
        worker.emit("task_update", update(task, "debug", number))
    worker.emit("pingpong")
    worker.until("pingpong")
    worker.engine.end()  # type: ignore[union-attr]
    expected = [["task_start", {"uuid": task}], *[["task_update", update(task, "debug", n)] for n in range(20)],
                ["task_end", {"uuid": task}]]
    for client in clients:
        came = [body for body in client.until("task_end", lambda body: body["uuid"] == task)
                if body[1].get("uuid") == task]
        assert came == expected
        client.engine.raw.socket.close()  # type: ignore[union-attr]
