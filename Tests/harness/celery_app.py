"""The Celery tasks that the tests run; workers are told by their environment where Redis is."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, Dict

from celery import Celery

app = Celery("harness", broker=os.environ["BROKER"], backend=os.environ["BROKER"])
app.conf.update(broker_connection_retry_on_startup=True, worker_send_task_events=False, task_track_started=False)


def note(path: str, line: str) -> None:
    with open(path, "a") as file:
        file.write(line + "\n")


def hold(folder: str, name: str) -> None:
    """Notes that it began, then waits until the test lets it go on."""
    note(f"{folder}/{name}.began", str(os.getpid()))
    while not Path(f"{folder}/{name}.go").exists():
        time.sleep(0.02)
    note(f"{folder}/{name}.ended", str(os.getpid()))


@app.task(name="harness.add")
def add(a: int = 0, b: int = 0) -> Dict[str, int]:
    return {"sum": a + b}


@app.task(name="harness.fail")
def fail(why: str = "boom") -> None:
    raise ValueError(why)


@app.task(name="harness.large")
def large(size: int) -> str:
    return "x" * size


@app.task(name="harness.odd")
def odd() -> float:
    return float("nan")


@app.task(name="harness.show")
def show(*args: Any, **kwargs: Any) -> Dict[str, Any]:
    return {"args": list(args), "kwargs": kwargs}


@app.task(name="harness.hold")
def hold_task(folder: str, name: str) -> str:
    hold(folder, name)
    return name


@app.task(name="harness.note")
def note_task(path: str, line: str) -> None:
    note(path, line)


@app.task(name="harness.steps", bind=True)
def steps(self: Any, folder: str, name: str) -> str:
    self.update_state(state="PROGRESS", meta={"current": 2, "total": 5, "message": "halfway"})
    hold(folder, name)
    return "all"


@app.task(name="harness.again", bind=True, max_retries=2)
def again(self: Any, path: str) -> str:
    """Fails once and has Celery itself try again."""
    note(path, "tried")
    if self.request.retries == 0:
        raise self.retry(countdown=0.2)
    return "second"


@app.task(name="harness.report")
def report(uuid: str, callback_url: str, params: Dict[str, Any]) -> Dict[str, str]:
    """Reports what it does over Socket.IO, as VFrame's tasks do, and waits for the test in the middle."""
    import socketio

    client = socketio.Client()
    client.connect(callback_url)

    def update(kind: str, data: Any) -> None:
        client.emit("task_update", {"uuid": uuid, "type": kind, "data": data})

    client.emit("task_start", {"uuid": uuid})
    update("progress", {"current": 1, "total": 3, "message": "Downloading"})
    update("debug", "Using model: caffe_bvlc_googlenet_imagenet")
    hold(params["folder"], params["name"])
    update("progress", {"current": 3, "total": 3, "message": "Done"})
    client.sleep(0.3)
    client.disconnect()
    return {"status": "done"}
