"""`workers/python` against the real server: real models on the demo library, own tasks, and workers that die."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
import textwrap
import time
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List

import numpy as np
import onnx
import pytest
import requests
import yaml
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from harness.process import ROOT, Server
from harness.realtime import Live
from harness.waiting import eventually
from harness.worker import Worker, WorkerFactory

DEMO = ROOT / "seeds" / "demo"
WORKER, OPERATOR, VIEWER = "worker.token", "operator.token", "viewer.token"
TOKENS = ("--token", f"worker:{WORKER}", "--token", f"operator:{OPERATOR}", "--token", f"viewer:{VIEWER}")
MIX = np.array([1.0, 2.0, 3.0])
SIDE = 8

TASKS = textwrap.dedent("""
    import os
    from vitrine_worker import task

    @task("peer.average")
    def average(context):
        picture = context.picture(context.params["image"]).convert("RGB").resize((1, 1), 4)
        return {"colour": list(picture.getpixel((0, 0)))}

    @task("peer.slow")
    def slow(context):
        for n in range(context.params["steps"]):
            context.progress(n, context.params["steps"], f"by {os.getpid()}")
            context.wait(0.05)
        return {"pid": os.getpid()}

    @task("peer.blocks")
    def blocks(context):
        import time
        end = time.monotonic() + context.params["seconds"]
        while time.monotonic() < end:
            sum(range(1000))
        return "done"

    @task("peer.large")
    def large(context):
        return "x" * context.params["bytes"]

    @task("peer.fails")
    def fails(context):
        context.log("about to fail", "warning")
        raise ValueError("as asked")
""")

Start = Callable[..., Worker]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts workers with the tasks above."""
    tasks = tmp_path / "my_tasks.py"
    tasks.write_text(TASKS)
    factory = WorkerFactory(tmp_path)

    def run(server: Server, *arguments: str, **options: Any) -> Worker:
        return factory.start(server, "--tasks", str(tasks), *arguments, **options)

    yield run
    factory.close()


def open_live(server: Server, token: str = "") -> Live:
    live = Live(f"{server.socket_url}/ws", token=token or None)
    live.subscribe("tasks", "clients")
    return live


def of_task(live: Live, task: str, type_: str) -> List[Dict[str, Any]]:
    return [m for m in live.seen if m["type"] == type_ and m.get("task") == task]


def convolution(path: Path) -> None:
    """Channels mixed by `MIX`, pixel by pixel: its output is known exactly."""
    graph = helper.make_graph(
        [helper.make_node("Conv", ["picture", "weights"], ["mixed"], kernel_shape=[1, 1])], "test",
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("mixed", TensorProto.FLOAT, [1, 1, SIDE, SIDE])],
        [numpy_helper.from_array(MIX.astype(np.float32).reshape(1, 3, 1, 1), "weights")])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=8), str(path))


def expected_vector(picture: Path) -> np.ndarray:
    """The vector of a picture by another way than the worker's: PIL's pixels, OpenCV's cubic filter, and a product."""
    import cv2

    rgb = np.asarray(Image.open(picture).convert("RGB"))
    small = cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).astype(np.float64)
    values = (small[:, :, ::-1] @ MIX).ravel()  # Blue, green, red.
    return values / np.linalg.norm(values)


def test_a_real_model_runs_on_pictures_of_the_demo_library(serve, start: Start, tmp_path: Path) -> None:
    zoo = tmp_path / "zoo"
    zoo.mkdir()
    convolution(zoo / "mix.onnx")
    (zoo / "modelzoo.yaml").write_text(yaml.safe_dump({"mix": {
        "task_type": "feature_extraction", "framework": "onnx", "model": "mix.onnx", "features": "mixed",
        "width": SIDE, "height": SIDE, "dimensions": SIDE * SIDE}}))
    server = serve("--library", str(DEMO), *TOKENS)
    start(server, "--modelzoo", str(zoo), "--name", "gpu box", token=WORKER)
    pictures = sorted(DEMO.iterdir())[:6]
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in pictures]
    with open_live(server, OPERATOR) as live:
        live.finished(live.run("scan")["task"], within=60)
        ran = live.run("model.features", {"model": "mix", "images": digests}, requires=["model.features", "model:mix"])
        info = live.finished(ran["task"], within=60)["info"]
    assert info["state"] == "done", info
    assert info["executor"]["kind"] == "peer" and info["executor"]["name"] == "gpu box"
    result = requests.get(f"{server.url}/api/tasks/{ran['task']}", timeout=15,
                          headers={"Authorization": f"Bearer {VIEWER}"}).json()["result"]
    assert [entry["image"] for entry in result["results"]] == digests
    for entry, picture in zip(result["results"], pictures):
        # Decoders of JPEG may differ in a bit or two.
        np.testing.assert_allclose(entry["vector"], expected_vector(picture), atol=2e-3, err_msg=picture.name)
    assert len({tuple(entry["vector"]) for entry in result["results"]}) == len(pictures)


def test_a_task_of_ones_own_by_the_decorator(serve, start: Start) -> None:
    server = serve("--library", str(DEMO))
    start(server)
    picture = sorted(DEMO.glob("*.png"))[0]
    digest = hashlib.sha256(picture.read_bytes()).hexdigest()
    with open_live(server) as live:
        live.finished(live.run("scan")["task"], within=60)
        info = live.finished(live.run("peer.average", {"image": digest})["task"], within=30)["info"]
    assert info["result"] == {"colour": list(Image.open(picture).convert("RGB").resize((1, 1), 4).getpixel((0, 0)))}


def test_a_worker_killed_in_the_middle_of_a_task_and_another_finishes_it(serve, start: Start) -> None:
    server = serve()
    workers = [start(server, "--name", name) for name in ("one", "two")]
    with open_live(server) as live:
        while worker_names(live) != {"one", "two"}:
            live.receive()
        task = live.run("peer.slow", {"steps": 120})["task"]
        live.until(lambda m: m["type"] == "task.progress" and m["task"] == task and m["progress"]["current"] >= 3)
        victim = next(worker for worker in workers if f"by {worker.process.pid}" in progress_message(live, task))
        survivor = next(worker for worker in workers if worker is not victim)
        killed = time.monotonic()
        victim.kill()
        requeued = live.until(lambda m: m["type"] == "task.requeued" and m["task"] == task)[-1]
        assert time.monotonic() - killed < 10, "requeued at the lease's end, not when the connection closed"
        assert requeued["reason"] == "worker_gone" and requeued["attempt"] == 1
        info = live.finished(task, within=50)["info"]
    assert info["state"] == "done" and info["attempt"] == 2 and info["result"] == {"pid": survivor.process.pid}
    assert len(of_task(live, task, "task.started")) == 2 and len(of_task(live, task, "task.finished")) == 1


def progress_message(live: Live, task: str) -> str:
    return str(of_task(live, task, "task.progress")[-1]["progress"]["message"])


def worker_names(live: Live) -> "set[str]":
    """The workers that the dashboard would show, from the snapshot and the events since."""
    names = set()
    for message in live.seen:
        clients = []
        if message["type"] == "snapshot" and message["topic"] == "clients":
            clients = message["state"]["clients"]
        elif message["type"] in ("client.joined", "client.changed"):
            clients = [message["info"]]
        names |= {client["name"] for client in clients if client.get("worker") and client.get("name")}
    return names


def test_a_long_computation_keeps_its_lease(serve, start: Start) -> None:
    server = serve("--lease", "3000")
    start(server)
    with open_live(server) as live:
        task = live.run("peer.blocks", {"seconds": 7})["task"]
        info = live.finished(task, within=30)["info"]
    assert info["state"] == "done" and info["attempt"] == 1 and of_task(live, task, "task.requeued") == []


def test_a_cancelled_task_stops_and_its_slot_is_free_again(serve, start: Start) -> None:
    server = serve()
    start(server)
    with open_live(server) as live:
        task = live.run("peer.slow", {"steps": 10_000})["task"]
        live.until(lambda m: m["type"] == "task.progress" and m["task"] == task)
        assert live.ask("task.cancel", task=task)["type"] == "ok"
        assert live.finished(task)["info"]["state"] == "cancelled"
        assert live.finished(live.run("peer.slow", {"steps": 1})["task"])["info"]["state"] == "done"


def test_a_result_over_16_mib_is_uploaded(serve, start: Start) -> None:
    server = serve(*TOKENS)
    start(server, token=WORKER)
    size = 16 * 1024 * 1024
    with open_live(server, OPERATOR) as live:
        task = live.run("peer.large", {"bytes": size})["task"]
        info = live.finished(task, within=60)["info"]
    assert info["state"] == "done" and info["result"] is None and info["result_size"] == size + 2
    answer = requests.get(f"{server.url}/api/tasks/{task}", headers={"Authorization": f"Bearer {VIEWER}"}, timeout=30)
    assert answer.json()["result"] == "x" * size


def test_the_worker_trusts_the_certificate_it_is_given(serve, start: Start, tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
                   check=True, capture_output=True, timeout=60)
    server = serve("--tls-cert", str(certificate), "--tls-key", str(key), "--library", str(DEMO))
    stranger = start(server)
    eventually(lambda: "CERTIFICATE_VERIFY_FAILED" in stranger.log_text(), "the worker says what is wrong")
    start(server, "--ca", str(certificate))
    digest = hashlib.sha256(sorted(DEMO.glob("*.png"))[0].read_bytes()).hexdigest()
    with Live(f"{server.socket_url}/ws", ssl=ssl.create_default_context(cafile=str(certificate))) as live:
        live.subscribe("tasks")
        live.finished(live.run("scan")["task"], within=60)
        assert "colour" in live.finished(live.run("peer.average", {"image": digest})["task"])["info"]["result"]


def test_a_failing_task_is_tried_again_and_its_trace_is_in_the_log(serve, start: Start) -> None:
    server = serve()
    start(server)
    with open_live(server) as live:
        task = live.run("peer.fails", attempts=2)["task"]
        info = live.finished(task, within=30)["info"]
        log = live.snapshot(f"task/{task}")["log"]
    assert info["state"] == "failed" and info["attempt"] == 2
    assert info["error"] == {"code": "exception", "message": "ValueError: as asked"}
    assert [m["reason"] for m in of_task(live, task, "task.requeued")] == ["worker_failed"]
    assert sum("Traceback" in line["message"] for line in log) == 2
    assert sum(line["message"] == "about to fail" for line in log) == 2


def test_the_worker_comes_back_to_a_server_that_was_started_again(serve, start: Start) -> None:
    server = serve()
    worker = start(server)
    eventually(lambda: "connected as" in worker.log_text(), "the worker connects")
    server.kill()
    eventually(lambda: "connecting again" in worker.log_text(), "the worker notices")
    again = serve(port=server.port)
    with open_live(again) as live:
        assert live.finished(live.run("peer.slow", {"steps": 1})["task"], within=30)["info"]["state"] == "done"


def test_on_sigterm_the_worker_gives_back_what_it_cannot_end(serve, start: Start) -> None:
    server = serve()
    first = start(server, "--grace", "1", "--name", "first")
    with open_live(server) as live:
        task = live.run("peer.slow", {"steps": 150})["task"]
        live.until(lambda m: m["type"] == "task.progress" and m["task"] == task)
        second = start(server, "--name", "second")
        assert first.terminate() == 0
        live.until(lambda m: m["type"] == "task.requeued" and m["task"] == task and m["reason"] == "worker_failed")
        info = live.finished(task, within=50)["info"]
    assert info["state"] == "done" and info["result"] == {"pid": second.process.pid}


@pytest.mark.parametrize("token, said", [("wrong", "401"), (VIEWER, "may not work")])
def test_a_worker_that_may_not_work_says_so_and_ends(serve, start: Start, token: str, said: str) -> None:
    server = serve(*TOKENS)
    worker = start(server, token=token)
    assert worker.process.wait(40) == 3
    assert said in worker.log_text() and token not in worker.log_text()
