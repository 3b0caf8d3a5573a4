"""Worker peers over `/ws`, as contracts fix them: offers, leases, losses, results, and what the others see of it."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time
from typing import Any, Callable, Iterator, List

import pytest
import requests

from harness.peer import Peer
from harness.pictures import picture_bytes
from harness.process import Server
from harness.realtime import Live, Message, assert_growing
from harness.waiting import eventually

Serve = Callable[..., Server]


@pytest.fixture
def live(server: Server) -> Iterator[Live]:
    with Live(f"{server.socket_url}/ws") as client:
        client.subscribe("tasks", "clients")
        yield client


def task(server: Server, id_: str) -> Message:
    return requests.get(f"{server.url}/api/tasks/{id_}", timeout=30).json()


def kinds(client: Live, id_: str) -> List[str]:
    """The types of the events of one task, in order."""
    return [m["type"].removeprefix("task.") for m in client.seen if m["type"].startswith("task.") and m.get("task") == id_
            and "offset" in m]


def test_a_worker_is_offered_accepts_reports_and_ends_a_task(server: Server, live: Live) -> None:
    with Peer(server, "peer.depth") as worker:
        run = live.run("peer.depth", {"x": [1, "ü"]}, attempts=2)
        offer = worker.offer()
        assert {key: offer[key] for key in ("task", "name", "params", "attempt", "attempts", "accept_within")} == {
            "task": run["task"], "name": "peer.depth", "params": {"x": [1, "ü"]}, "attempt": 1, "attempts": 2,
            "accept_within": 5000}
        assert task(server, run["task"])["state"] == "queued"
        assert worker.say("progress", offer, current=1, message="too early")["code"] == "lease_lost"
        assert worker.say("accept", offer)["type"] == "ok"
        started = live.started(run["task"])
        assert started["attempt"] == 1
        assert started["executor"] == {"kind": "peer", "client": worker.welcome["client"], "name": "worker"}
        worker.send("task.progress", task=offer["task"], lease=offer["lease"], current=3, total=10, message="tile 3")
        worker.send("task.log", task=offer["task"], lease=offer["lease"], level="info", message="a line")
        # Without an `id` the end is answered all the same.
        worker.send("task.done", task=offer["task"], lease=offer["lease"], result={"depth": 7})
        assert worker.until_type("ok")[-1] == {"type": "ok", "task": run["task"]}
        end = live.finished(run["task"])["info"]
        assert (end["state"], end["result"], end["progress"]["current"]) == ("done", {"depth": 7}, 3)
        assert kinds(live, run["task"]) == ["created", "started", "progress", "log", "finished"]
        assert task(server, run["task"])["result"] == {"depth": 7}
        assert worker.finish(offer)["code"] == "lease_lost"
        assert_growing(live.seen)


def test_bad_words_are_refused_and_the_task_goes_on(server: Server, live: Live) -> None:
    with Peer(server, "x") as worker:
        run = live.run("x")
        offer = worker.begin()
        for type_, fields, field in (
                ("progress", {"current": -1, "message": ""}, "current"), ("progress", {"current": 1}, "message"),
                ("log", {"level": "loud", "message": ""}, "level"), ("log", {"level": "info"}, "message"),
                ("log", {"level": "info", "message": "x" * 8193}, "message"), ("fail", {}, "error"),
                ("fail", {"error": {"code": "x"}}, "error")):
            answer = worker.say(type_, offer, **fields)
            assert (answer["type"], answer["code"], answer["field"]) == ("error", "bad_message", field)
        for wrong in ({"lease": "guess"}, {"task": "another"}):
            answer = worker.ask("task.done", **{"task": offer["task"], "lease": offer["lease"], **wrong})
            assert answer["code"] == "lease_lost"
            assert (answer["task"], answer["lease"]) == (wrong.get("task", offer["task"]),
                                                         wrong.get("lease", offer["lease"]))
        with Peer(server, "y") as stranger:
            assert stranger.finish(offer)["code"] == "lease_lost"
        assert worker.finish(offer, 1)["type"] == "ok"
        live.finished(run["task"])


def test_a_rejected_offer_goes_to_another_and_counts_no_attempt(server: Server, live: Live) -> None:
    with Peer(server, "x") as first, Peer(server, "x", "more") as second:
        run = live.run("x", attempts=1)
        assert first.say("reject", first.offer(), reason="no model")["type"] == "ok"
        offer = second.begin()
        assert offer["attempt"] == 1
        second.finish(offer)
        assert live.finished(run["task"])["info"]["executor"]["client"] == second.welcome["client"]
        assert kinds(live, run["task"]) == ["created", "started", "finished"]


def test_an_offer_without_an_answer_goes_to_another(serve: Serve) -> None:
    server = serve("--offer-timeout", "2000")
    with Live(f"{server.socket_url}/ws") as live, Peer(server, "x") as first, Peer(server, "x", "more") as second:
        run = live.run("x", attempts=1)
        stale = first.offer()
        assert stale["accept_within"] == 2000
        offer = second.begin()
        assert offer["task"] == run["task"] and offer["lease"] != stale["lease"]
        assert first.say("accept", stale)["code"] == "lease_lost"
        assert second.finish(offer)["type"] == "ok"


def test_silence_past_the_lease_requeues_and_a_heartbeat_prevents_it(serve: Serve) -> None:
    server = serve("--lease", "2000")
    with Live(f"{server.socket_url}/ws") as live, Peer(server, "x", slots=2) as worker:
        live.subscribe("tasks")
        assert worker.ready["lease"] == 2000
        run = live.run("x", attempts=2)
        kept = worker.begin()
        until = time.monotonic() + 5
        while time.monotonic() < until:
            worker.send("heartbeat")
            time.sleep(0.1)
        assert worker.say("progress", kept, current=1, message="")["type"] == "ok"
        requeued = live.until(lambda m: m["type"] == "task.requeued")[-1]
        assert (requeued["reason"], requeued["attempt"]) == ("lease_expired", 1)
        late = worker.finish(kept, 1)
        assert (late["code"], late["task"], late["lease"]) == ("lease_lost", kept["task"], kept["lease"])
        again = worker.begin()
        assert again["attempt"] == 2
        end = live.finished(run["task"])["info"]
        assert (end["state"], end["error"]["code"]) == ("failed", "lease_expired")


def work_until_killed(url: str, started: Any) -> None:
    """A process of its own that accepts a task and then computes for ever."""
    with Live(url) as worker:
        worker.ask("hello", name="doomed", kind="worker", capabilities=["x"], slots=1)
        offer = worker.until_type("task.offer")[-1]
        worker.ask("task.accept", task=offer["task"], lease=offer["lease"])
        started.set()
        threading.Event().wait()


def test_a_worker_killed_in_the_middle_of_a_task_loses_it_at_once(server: Server, live: Live) -> None:
    context = multiprocessing.get_context("spawn")
    started = context.Event()
    doomed = context.Process(target=work_until_killed, args=(f"{server.socket_url}/ws", started), daemon=True)
    doomed.start()
    try:
        run = live.run("x")
        assert started.wait(30)
        assert doomed.pid is not None
        os.kill(doomed.pid, signal.SIGKILL)
        killed = time.monotonic()
        requeued = live.until(lambda m: m["type"] == "task.requeued")[-1]
        assert (requeued["reason"], requeued["task"], requeued["attempt"]) == ("worker_gone", run["task"], 1)
        assert time.monotonic() - killed < 10, "the lease alone would last fifteen seconds"
        with Peer(server, "x") as other:
            offer = other.begin()
            assert offer["attempt"] == 2
            other.finish(offer, "by another")
            assert live.finished(run["task"])["info"]["result"] == "by another"
    finally:
        doomed.kill()
        doomed.join()


def test_a_lost_connection_after_the_last_attempt_fails_the_task(server: Server, live: Live) -> None:
    with Peer(server, "x") as worker:
        run = live.run("x", attempts=1)
        worker.begin()
    end = live.finished(run["task"])["info"]
    assert (end["state"], end["error"]["code"]) == ("failed", "worker_lost")


def test_failures_are_tried_again_unless_the_worker_says_no(server: Server, live: Live) -> None:
    with Peer(server, "x") as worker:
        run = live.run("x", attempts=2)
        assert worker.fail(worker.begin())["type"] == "ok"
        assert worker.fail(worker.begin(), "oom")["type"] == "ok"
        end = live.finished(run["task"])["info"]
        assert (end["state"], end["error"], end["attempt"]) == ("failed", {"code": "oom", "message": "it is oom"}, 2)
        assert kinds(live, run["task"]) == ["created", "started", "requeued", "started", "finished"]
        strict = live.run("x")
        worker.fail(worker.begin(), retry=False)
        assert live.finished(strict["task"])["info"]["attempt"] == 1


def test_cancelling_ends_the_task_at_once_and_frees_the_slot_when_the_worker_says_so(server: Server, live: Live) -> None:
    with Peer(server, "x") as worker:
        first, second = live.run("x"), live.run("x")
        offer = worker.begin()
        assert offer["task"] == first["task"]
        assert live.ask("task.cancel", task=first["task"])["type"] == "ok"
        assert live.finished(first["task"])["info"]["state"] == "cancelled"
        cancel = worker.until_type("task.cancel")[-1]
        assert (cancel["task"], cancel["lease"]) == (offer["task"], offer["lease"])
        # The slot is taken until the worker has stopped.
        assert worker.ask("ping")["type"] == "pong" and len(worker.offers) == 1
        assert worker.fail(offer, "cancelled")["type"] == "ok"
        assert worker.begin()["task"] == second["task"]
        live.ask("task.cancel", task=second["task"])
        worker.until_type("task.cancel")
        assert worker.finish(worker.offers[1])["code"] == "lease_lost"
        assert task(server, second["task"])["state"] == "cancelled"


def test_slots_bound_what_a_worker_has(server: Server, live: Live) -> None:
    with Peer(server, "x", slots=2) as worker:
        runs = [live.run("x")["task"] for _ in range(4)]
        offers = [worker.begin(), worker.begin()]
        assert worker.ask("ping")["type"] == "pong" and len(worker.offers) == 2
        worker.finish(offers[1])
        assert worker.begin()["task"] == runs[2]
        assert worker.ask("ping")["type"] == "pong" and len(worker.offers) == 3


def test_two_workers_share_the_work(server: Server, live: Live) -> None:
    with Peer(server, "x", slots=2) as first, Peer(server, "x", slots=2) as second:
        runs = [live.run("x")["task"] for _ in range(4)]
        mine, theirs = [[w.begin(), w.begin()] for w in (first, second)]
        assert sorted(o["task"] for o in mine + theirs) == sorted(runs)
        for worker, offers in ((first, mine), (second, theirs)):
            for offer in offers:
                assert worker.finish(offer)["type"] == "ok"


def test_priority_goes_first_and_kinds_take_turns(server: Server, live: Live) -> None:
    bulk = [live.run("bulk", requires=["gpu"])["task"] for _ in range(4)]
    small = [live.run("small", requires=["gpu"])["task"] for _ in range(2)]
    urgent = live.run("bulk", requires=["gpu"], priority=5)["task"]
    with Peer(server, "gpu") as worker:
        order = []
        for _ in range(7):
            offer = worker.begin()
            order.append(offer["task"])
            worker.finish(offer)
    assert order == [urgent, small[0], bulk[0], small[1], bulk[1], bulk[2], bulk[3]]


def test_why_a_task_waits_is_shown_live(server: Server, live: Live) -> None:
    def reason(count: int) -> Any:
        """The newest reason told for `x`, once so many have been told."""
        def told() -> List[Message]:
            return [m for m in live.seen if m["type"] == "tasks.waiting" and m["requires"] == ["x"]]
        while len(told()) < count:
            live.until_type("tasks.waiting")
        assert told()[-1]["key"] == 'demand/["x"]'
        return told()[-1]["waiting"]

    run = live.run("x")
    assert run["info"]["waiting"] == "no worker offers x"
    other = live.run("x")
    with Peer(server, "x") as worker:
        offer = worker.begin()
        assert reason(1) == "every worker that offers x is busy"
        assert task(server, other["task"])["waiting"] == "every worker that offers x is busy"
        assert "waiting" not in task(server, run["task"])
        with Peer(server, "x") as second:
            assert second.offer()["task"] == other["task"]
            assert reason(2) is None
        worker.finish(offer)
    eventually(lambda: task(server, other["task"]).get("waiting") == "no worker offers x", "the reason by REST")
    live.ask("ping")
    assert reason(3) in ("no worker offers x", None)
    fresh = live.snapshot("tasks")
    assert next(t for t in fresh["tasks"] if t["uuid"] == other["task"])["waiting"] == "no worker offers x"


def test_a_workers_figures_are_in_its_record(server: Server, live: Live) -> None:
    with Peer(server, "x", slots=3) as worker:
        id_ = worker.welcome["client"]

        def figures() -> Message:
            clients = requests.get(f"{server.url}/api/clients", timeout=10).json()["clients"]
            return next(c["worker"] for c in clients if c["id"] == id_)

        assert figures() == {"capabilities": ["x"], "slots": 3, "busy": 0, "tasks": [], "done": 0, "failed": 0}
        runs = [live.run("x", attempts=1)["task"] for _ in range(3)]
        offers = [worker.begin() for _ in range(3)]
        eventually(lambda: figures()["busy"] == 3 and figures()["tasks"] == sorted(runs), "three tasks")
        worker.finish(offers[0])
        worker.fail(offers[1], "oom")
        after = eventually(lambda: figures() if figures()["failed"] else None, "a failure")
        assert (after["done"], after["failed"], after["last_error"], after["busy"]) == (1, 1, "it is oom", 1)
        live.until(lambda m: m["type"] == "client.changed" and m["client"] == id_ and m["info"]["worker"]["failed"] == 1)


def test_a_result_over_16_mib_is_uploaded_first(serve: Serve) -> None:
    server = serve("--token", "worker:w", "--token", "operator:o", "--token", "viewer:v")
    with Live(f"{server.socket_url}/ws", token="o") as live, Peer(server, "x", token="w") as worker:
        live.subscribe("tasks")
        run = live.run("x")
        offer = worker.begin()
        result = ["y" * 1000] * 17_500
        inline = worker.finish(offer, ["y" * 1000] * 16_900)
        assert (inline["type"], inline["code"], inline["task"]) == ("error", "too_large", run["task"])
        address = f"{server.url}/api/tasks/{run['task']}/result"

        def put(lease: str, token: str, body: str) -> requests.Response:
            return requests.put(address, params={"lease": lease}, data=body, timeout=60,
                                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})

        body = json.dumps(result)
        assert len(body) > 16 * 1024 * 1024
        for token in ("o", "v"):
            assert put(offer["lease"], token, "1").status_code == 403
        refused = put("guess", "w", "1")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "lease_lost")
        assert put(offer["lease"], "w", "[1").json()["error"]["code"] == "bad_json"
        assert put(offer["lease"], "w", body).status_code == 204
        assert worker.say("done", offer)["type"] == "ok"
        end = live.finished(run["task"])["info"]
        assert end["result"] is None and end["result_size"] == len(body)
        answer = requests.get(f"{server.url}/api/tasks/{run['task']}", headers={"Authorization": "Bearer v"}, timeout=60)
        assert answer.json()["result"] == result
        assert put(offer["lease"], "w", "1").status_code == 409


def test_a_worker_fetches_media_with_its_token(serve: Serve, tmp_path: Any) -> None:
    pictures = tmp_path / "data" / "input"
    pictures.mkdir(parents=True)
    (pictures / "a.png").write_bytes(picture_bytes("PNG"))
    server = serve("--token", "worker:w", "--token", "viewer:v")
    headers = {"Authorization": "Bearer w"}

    def newest() -> Any:
        return requests.get(f"{server.url}/api/library", headers=headers, timeout=10).json()["newest"]

    item = eventually(newest, "the scan")[0]
    address = f"{server.url}/api/contents/{item['sha256']}"
    whole = requests.get(address, headers=headers, timeout=10)
    assert whole.content == (pictures / "a.png").read_bytes() and whole.headers["Content-Type"] == "image/png"
    part = requests.get(address, headers={**headers, "Range": "bytes=1-3"}, timeout=10)
    assert (part.status_code, part.content) == (206, b"PNG")
    assert requests.get(address, headers={**headers, "If-None-Match": whole.headers["ETag"]}, timeout=10).status_code == 304
    assert requests.get(address, timeout=10).status_code == 401
    (pictures / "a.png").write_bytes(b"other")
    assert requests.get(address, headers=headers, timeout=10).status_code == 404


def test_a_crash_of_the_server_requeues_and_a_shutdown_costs_nothing(serve: Serve) -> None:
    server = serve()
    with Live(f"{server.socket_url}/ws") as live, Peer(server, "x") as worker:
        run = live.run("x")
        old = worker.begin()
        server.kill()
    server = serve()
    with Live(f"{server.socket_url}/ws") as live, Peer(server, "x") as worker:
        live.subscribe("tasks")
        late = worker.finish(old)
        assert late["code"] == "lease_lost"
        offer = worker.begin()
        assert (offer["task"], offer["attempt"]) == (run["task"], 2), "the crash cost an attempt"
        assert server.terminate() == 0
    server = serve()
    assert task(server, run["task"])["state"] == "queued"
    with Peer(server, "x") as worker:
        offer = worker.begin()
        assert offer["attempt"] == 2, "the shutdown cost none"
        assert worker.finish(offer, "at last")["type"] == "ok"
    assert task(server, run["task"])["result"] == "at last"


def test_a_worker_may_neither_run_nor_cancel_and_others_may_not_work(serve: Serve) -> None:
    server = serve("--token", "worker:w", "--token", "operator:o")
    with Peer(server, "x", token="w") as worker:
        assert worker.ask("task.run", name="x")["code"] == "forbidden"
        assert worker.ask("task.cancel", task="x")["code"] == "forbidden"
    with Live(f"{server.socket_url}/ws", token="o") as live:
        assert live.ask("hello", name="o", kind="worker", capabilities=["x"], slots=1)["code"] == "forbidden"
        assert live.ask("task.accept", task="x", lease="y")["code"] == "forbidden"
