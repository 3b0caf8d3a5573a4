"""Tasks on Celery, with a real redis-server and real Celery workers."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, List

import pytest
import requests
import socketio

from harness.celery_worker import CeleryWorkers
from harness.process import Server, ServerFactory, free_port, run_vitrine
from harness.realtime import Live
from harness.redis import Redis
from harness.waiting import eventually

ROUTES = [
    "--celery", "add=celery,task=harness.add,arguments=params",
    "--celery", "fail=celery,task=harness.fail,arguments=params",
    "--celery", "large=celery,task=harness.large,arguments=params",
    "--celery", "odd=celery,task=harness.odd,arguments=params",
    "--celery", "show=celery,task=harness.show",
    "--celery", "hold=celery,task=harness.hold,arguments=params",
    "--celery", "note=celery,task=harness.note,arguments=params",
    "--celery", "steps=celery,task=harness.steps,arguments=params",
    "--celery", "again=celery,task=harness.again,arguments=params",
    "--celery", "report=celery,task=harness.report",
    "--celery", "long_task=celery,task=harness.add,arguments=params",
]


def flags(redis: Redis, lost_after: int = 1_000) -> List[str]:
    return ["--redis", redis.url, *ROUTES, "--celery-lost-after", str(lost_after)]


def open_live(server: Server) -> Live:
    live = Live(f"{server.socket_url}/ws")
    live.subscribe("tasks")
    return live


def task(server: Server, id_: str) -> dict:
    answer = requests.get(f"{server.url}/api/tasks/{id_}", timeout=15)
    assert answer.status_code == 200, answer.text
    return answer.json()


def began(folder: Path, name: str) -> List[str]:
    """The processes that began the task."""
    path = folder / f"{name}.began"
    return path.read_text().split() if path.exists() else []


def go_on(folder: Path, name: str) -> None:
    (folder / f"{name}.go").touch()


def hold(live: Live, folder: Path, name: str, **fields: object) -> str:
    """A task that waits until `go_on`; returns its id when it has begun."""
    id_ = live.run("hold", {"folder": str(folder), "name": name}, **fields)["task"]
    eventually(lambda: began(folder, name), f"{name} has begun")
    return id_


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server with a Redis and a worker, for tests that leave them as they are."""
    folder = tmp_path_factory.mktemp("celery")
    redis = Redis(folder)
    workers = CeleryWorkers(redis, folder)
    factory = ServerFactory(folder)
    try:
        workers.start(concurrency=3)
        server = factory.start("serve", "--data-dir", str(folder / "data"), "--port", str(free_port()),
                               "--task-endpoint", "http://api.example:5000/worker", *flags(redis, 60_000))
        yield server
        assert server.is_running(), server.log_text()[-4000:]
    finally:
        factory.close(request.node.nodeid if request.session.testsfailed else None)
        workers.close()
        redis.kill()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A Redis that keeps what it holds when it is killed."""
    server = Redis(tmp_path, keeps=True)
    yield server
    server.kill()


@pytest.fixture
def workers(redis: Redis, tmp_path: Path) -> Iterator[CeleryWorkers]:
    """Workers of one test."""
    some = CeleryWorkers(redis, tmp_path)
    yield some
    some.close()


def test_a_task_from_its_posting_to_its_result(shared: Server) -> None:
    with open_live(shared) as live:
        id_ = live.run("add", {"a": 2, "b": 40})["task"]
        end = live.finished(id_)
        kinds = [m["type"] for m in live.seen if m.get("task") == id_ and m["type"].startswith("task.")]
    assert end["info"]["state"] == "done" and end["info"]["result"] == {"sum": 42}
    assert end["info"]["executor"]["kind"] == "celery" and end["info"]["attempt"] == 1
    assert kinds.count("task.created") == kinds.count("task.started") == kinds.count("task.finished") == 1
    assert kinds.index("task.created") < kinds.index("task.started") < kinds.index("task.finished")


def test_vframe_tasks_get_uuid_callback_url_and_params(shared: Server) -> None:
    with open_live(shared) as live:
        id_ = live.run("show", {"name": "all"})["task"]
        result = live.finished(id_)["info"]["result"]
    assert result == {"args": [id_, "http://api.example:5000/worker", {"name": "all"}], "kwargs": {}}


def test_a_failure_has_its_type_message_and_traceback(shared: Server) -> None:
    with open_live(shared) as live:
        id_ = live.run("fail", {"why": "no such luck"})["task"]
        info = live.finished(id_)["info"]
    assert info["state"] == "failed" and info["attempt"] == 1
    assert info["error"] == {"code": "ValueError", "message": "no such luck"}
    log = requests.get(f"{shared.url}/api/tasks/{id_}/log", timeout=15).json()["log"]
    assert log[-1]["level"] == "error" and "Traceback" in log[-1]["message"] and "no such luck" in log[-1]["message"]


def test_large_and_odd_results(shared: Server) -> None:
    with open_live(shared) as live:
        large = live.run("large", {"size": 3_000_000})["task"]
        too_large = live.run("large", {"size": 17_000_000})["task"]
        odd = live.run("odd")["task"]
        live.finished(large, 30)
        assert live.finished(too_large, 30)["info"]["error"]["code"] == "result_too_large"
        assert live.finished(odd, 30)["info"]["error"]["code"] == "bad_result"
    assert task(shared, large)["result"] == "x" * 3_000_000


def test_what_celery_tries_again_itself_is_one_attempt(shared: Server, tmp_path: Path) -> None:
    with open_live(shared) as live:
        id_ = live.run("again", {"path": str(tmp_path / "tries")})["task"]
        info = live.finished(id_)["info"]
    assert info["state"] == "done" and info["result"] == "second" and info["attempt"] == 1
    assert (tmp_path / "tries").read_text().split() == ["tried", "tried"]


def test_a_task_is_seen_to_run_and_tells_its_progress(shared: Server, tmp_path: Path) -> None:
    with open_live(shared) as live:
        quiet = hold(live, tmp_path, "quiet")
        live.started(quiet)
        steps = live.run("steps", {"folder": str(tmp_path), "name": "steps"})["task"]
        progress = live.until(lambda m: m["type"] == "task.progress" and m["task"] == steps)[-1]
        assert progress["progress"] == {"current": 2, "total": 5, "message": "halfway"}
        for name in ("quiet", "steps"):
            go_on(tmp_path, name)
        assert live.finished(steps)["info"]["result"] == "all"
        assert live.finished(quiet)["info"]["state"] == "done"


def test_a_running_task_is_revoked(shared: Server, tmp_path: Path) -> None:
    with open_live(shared) as live:
        id_ = hold(live, tmp_path, "victim")
        live.started(id_)
        assert live.ask("task.cancel", task=id_)["type"] == "ok"
        assert live.finished(id_)["info"]["state"] == "cancelled"
    pid = int(began(tmp_path, "victim")[0])
    eventually(lambda: not Path(f"/proc/{pid}").exists(), "the process that ran it has gone")
    assert not (tmp_path / "victim.ended").exists()


def test_task_info_merges_our_tasks_with_celerys(shared: Server, tmp_path: Path) -> None:
    with open_live(shared) as live:
        id_ = hold(live, tmp_path, "shown")
        live.started(id_)
        info = requests.get(f"{shared.url}/api/v1/task/info/", timeout=15).json()
        assert set(info) == {"active", "queued", "scheduled"}
        ours = next(name for name in info["active"] if name.startswith("vitrine@"))
        for lists in info.values():
            assert set(lists) == {ours, "one@test"}
        theirs = [entry for entry in info["active"]["one@test"] if entry["kwargs"].get("name") == "shown"]
        assert len(theirs) == 1 and theirs[0]["name"] == "harness.hold"
        assert all(entry["id"] != id_ for entry in info["active"][ours]), "listed twice"
        go_on(tmp_path, "shown")
        live.finished(id_)


def test_vframe_runs_routed_names_and_lists_them(shared: Server) -> None:
    index = requests.get(f"{shared.url}/api/v1/task/", timeout=15).json()
    assert index["add"] == {"key": "add", "title": "add", "params": []} and "long_task" in index
    answer = requests.post(f"{shared.url}/api/v1/task/run/", json={"task_name": "add", "params": {"a": 1}}, timeout=15)
    assert answer.status_code == 202 and answer.json()["task_name"] == "add"
    # A built-in name that is routed runs there too, and its parameters are the route's business.
    test = requests.post(f"{shared.url}/api/v1/task/test/", json={"params": {"a": 5}}, timeout=15)
    assert test.status_code == 202
    for uuid, result in ((answer.json()["uuid"], {"sum": 1}), (test.json()["uuid"], {"sum": 5})):
        eventually(lambda: task(shared, uuid)["state"] == "done", "it is done")
        assert task(shared, uuid)["result"] == result and task(shared, uuid)["executor"]["kind"] == "celery"


def test_health_and_metrics_speak_of_redis(shared: Server) -> None:
    assert requests.get(f"{shared.url}/healthz", timeout=15).json()["redis"] == "connected"
    assert "\nvitrine_redis_connected 1" in requests.get(f"{shared.url}/metrics", timeout=15).text


def test_priorities_and_a_task_that_is_cancelled_before_a_worker_comes(
        serve, redis: Redis, workers: CeleryWorkers, tmp_path: Path) -> None:
    server = serve(*flags(redis))
    with open_live(server) as live:
        def note(line: str, priority: int) -> str:
            return live.run("note", {"path": str(tmp_path / "order"), "line": line}, priority=priority)["task"]
        ids = [note("last", -100), note("third", -50), note("second", -1), note("first", 0), note("also first", 100)]
        cancelled = note("never", 0)
        eventually(lambda: redis.ask("LLEN", "celery") == "3", "all are in Redis")
        eventually(lambda: task(server, ids[0]).get("waiting") == "no Celery worker is connected", "it says why it waits")
        assert live.ask("task.cancel", task=cancelled)["type"] == "ok"
        live.finished(cancelled)
        eventually(lambda: redis.ask("LLEN", "celery") == "2", "it was taken out of the queue")
        workers.start(concurrency=1)
        for id_ in ids:
            assert live.finished(id_, 20)["info"]["state"] == "done"
    assert (tmp_path / "order").read_text().splitlines() == ["first", "also first", "second", "third", "last"]
    assert redis.ask("KEYS", "vitrine-*") == "", "marks are left behind"


def test_a_worker_that_is_killed_loses_its_task_to_another(
        serve, redis: Redis, workers: CeleryWorkers, tmp_path: Path) -> None:
    server = serve(*flags(redis))
    first = workers.start("first", concurrency=1)
    with open_live(server) as live:
        id_ = hold(live, tmp_path, "hostage")
        live.started(id_)
        first.kill()
        workers.start("second", concurrency=1, wait=False)
        back = live.until(lambda m: m["type"] == "task.requeued" and m["task"] == id_, 20)[-1]
        assert back["reason"] == "worker_gone"
        eventually(lambda: len(began(tmp_path, "hostage")) == 2, "it has begun again", 20)
        go_on(tmp_path, "hostage")
        info = live.finished(id_, 20)["info"]
    assert info["state"] == "done" and info["attempt"] == 2


def test_a_task_reports_over_socketio_as_vframes_do(
        serve, redis: Redis, workers: CeleryWorkers, tmp_path: Path) -> None:
    server = serve(*flags(redis, 60_000))
    workers.start(concurrency=1)
    heard: List[list] = []
    front_end = socketio.Client()
    for event in ("list_tasks", "task_start", "task_update", "task_end"):
        front_end.on(event, lambda data, event=event: heard.append([event, data]))
    front_end.connect(server.url)
    front_end.emit("join", {"room": "/client"})
    eventually(lambda: heard, "it is in the room")
    try:
        with open_live(server) as live:
            id_ = live.run("report", {"folder": str(tmp_path), "name": "report"})["task"]
            live.started(id_)
            progress = live.until(lambda m: m["type"] == "task.progress" and m["task"] == id_)[-1]["progress"]
            assert progress == {"current": 1, "total": 3, "message": "Downloading"}
            go_on(tmp_path, "report")
            info = live.finished(id_)["info"]
            names = {m["info"]["name"] for m in live.seen if m["type"] == "task.created"}
        assert info["state"] == "done" and info["result"] == {"status": "done"} and info["attempt"] == 1
        assert info["executor"]["kind"] == "celery" and "vframe" not in names
        log = requests.get(f"{server.url}/api/tasks/{id_}/log", timeout=15).json()["log"]
        assert [line["message"] for line in log] == ["Using model: caffe_bvlc_googlenet_imagenet"]
        eventually(lambda: ["task_end", {"uuid": id_}] in heard, "the front-end hears of the end")
    finally:
        front_end.disconnect()
    said = [[event, data.get("type")] for event, data in heard if data.get("uuid") == id_]
    # It may have been seen to run before it spoke.
    starts = said.index(["task_update", "progress"])
    assert said[:starts] in ([["task_start", None]], [["task_start", None]] * 2)
    assert said[starts:] == [["task_update", "progress"], ["task_update", "debug"], ["task_update", "progress"],
                             ["task_end", None]]


@pytest.mark.timeout(120)
def test_a_reporting_task_whose_worker_is_killed_is_tried_again_at_once(
        serve, redis: Redis, workers: CeleryWorkers, tmp_path: Path) -> None:
    server = serve(*flags(redis, 12_000))
    first = workers.start("first", concurrency=1)
    with open_live(server) as live:
        id_ = live.run("report", {"folder": str(tmp_path), "name": "report"})["task"]
        live.until(lambda m: m["type"] == "task.progress" and m["task"] == id_)
        eventually(lambda: began(tmp_path, "report"), "it has begun")
        first.kill()
        back = live.until(lambda m: m["type"] == "task.requeued" and m["task"] == id_, 10)[-1]
        assert back["reason"] == "worker_gone"
        workers.start("second", concurrency=1)
        go_on(tmp_path, "report")
        info = live.finished(id_, 60)["info"]
    # Redis may hand the second attempt's message to the dead worker before it notices, and it is lost with it.
    assert info["state"] == "done" and info["attempt"] in (2, 3)


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_a_task_outlives_the_server(serve, redis: Redis, workers: CeleryWorkers, tmp_path: Path, end: str) -> None:
    server = serve(*flags(redis))
    workers.start(concurrency=2)
    with open_live(server) as live:
        short, long = (hold(live, tmp_path, name) for name in ("short", "long"))
        waiting = live.run("note", {"path": str(tmp_path / "notes"), "line": "once"}, task="waits")["task"]
        live.started(short)
        live.started(long)
        eventually(lambda: redis.ask("HLEN", "unacked") == "1" or redis.ask("LLEN", "celery") == "1",
                   "the third is in Redis")
    getattr(server, end)()
    go_on(tmp_path, "short")
    eventually(lambda: (tmp_path / "short.ended").exists(), "the short one has ended while the server was away")
    again = serve(*flags(redis))
    with open_live(again) as live:
        assert task(again, long)["state"] == "running" and task(again, long)["attempt"] == 1
        eventually(lambda: task(again, short)["state"] == "done", "its result was found")
        go_on(tmp_path, "long")
        for id_ in (long, waiting):
            eventually(lambda: task(again, id_)["state"] == "done", "it is done")
        events = [m["type"] for m in live.seen]
    assert "task.requeued" not in events
    assert [task(again, id_)["attempt"] for id_ in (short, long, waiting)] == [1, 1, 1]
    assert len(began(tmp_path, "short")) == len(began(tmp_path, "long")) == 1
    assert (tmp_path / "notes").read_text() == "once\n"


def test_nothing_is_lost_while_redis_is_away(serve, redis: Redis, workers: CeleryWorkers, tmp_path: Path) -> None:
    server = serve(*flags(redis))
    workers.start(concurrency=1)
    with open_live(server) as live:
        running = hold(live, tmp_path, "running")
        live.started(running)
        redis.kill()
        eventually(lambda: requests.get(f"{server.url}/healthz", timeout=15).json()["redis"] == "away", "it is noticed")
        assert requests.get(f"{server.url}/healthz", timeout=15).status_code == 200
        assert "\nvitrine_redis_connected 0" in requests.get(f"{server.url}/metrics", timeout=15).text
        waiting = live.run("add", {"a": 1, "b": 1})["task"]
        eventually(lambda: task(server, waiting).get("waiting") == "Redis is away", "it says why it waits")
        # Everything else goes on, and task/info tells what we know.
        scan = live.run("scan")["task"]
        assert live.finished(scan)["info"]["state"] == "done"
        info = requests.get(f"{server.url}/api/v1/task/info/", timeout=15).json()
        assert {entry["id"] for lists in info["queued"].values() for entry in lists} == {waiting}
        assert {entry["id"] for lists in info["active"].values() for entry in lists} == {running}
        redis.start()
        go_on(tmp_path, "running")
        for id_ in (waiting, running):
            assert live.finished(id_, 30)["info"]["state"] == "done"
        assert task(server, running)["attempt"] == 1
    assert "Redis is away" in server.log_text() and "Redis is connected" in server.log_text()


def test_a_redis_that_forgets_costs_an_attempt(serve, tmp_path: Path) -> None:
    redis = Redis(tmp_path, password="hush-hush")
    workers = CeleryWorkers(redis, tmp_path)
    try:
        server = serve(*flags(redis, 400))
        with open_live(server) as live:
            id_ = live.run("add", {"a": 3, "b": 4})["task"]
            eventually(lambda: redis.ask("LLEN", "celery") == "1", "it is in Redis")
            redis.kill()
            redis.start()
            assert redis.ask("LLEN", "celery") == "0"
            workers.start(concurrency=1, wait=False)
            info = live.finished(id_, 30)["info"]
        assert info["state"] == "done" and info["result"] == {"sum": 7} and info["attempt"] == 2
        assert "hush" not in server.log_text()
    finally:
        workers.close()
        redis.kill()


@pytest.mark.parametrize("arguments, what", [
    (["--redis", "rediss://:hush@h"], "TLS to Redis"), (["--redis", "redis://:hush@"], "host"),
    (["--celery", "a=b"], "--celery is set without --redis"),
    (["--redis", "redis://h", "--celery", "a"], "NAME=QUEUE"),
    (["--redis", "redis://h", "--celery", "a=b", "--port", "0"], "--task-endpoint"),
])
def test_settings_that_cannot_be_used(arguments: List[str], what: str, tmp_path: Path) -> None:
    ended = run_vitrine("serve", "--data-dir", str(tmp_path / "data"), *arguments)
    assert ended.returncode == 64 and what in ended.stderr and "hush" not in ended.stderr
