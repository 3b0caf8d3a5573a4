"""The two ends of VFrame's socket API: a worker's script and a front-end that follows tasks."""

from __future__ import annotations

import uuid
from typing import Any, Dict, List, Optional, Protocol

from harness.socketio_client import DEADLINE, SocketIOClient

ROOM = "/client"


class Emitter(Protocol):
    """Anything that can say an event."""

    def emit(self, event: str, *arguments: Any) -> None:
        ...


def update(task: str, kind: str, data: Any) -> Dict[str, Any]:
    return {"uuid": task, "type": kind, "data": data}


def script(task: str) -> List[Dict[str, Any]]:
    """27 updates of every kind, as a worker sends them."""
    updates = [update(task, "progress", {"current": 0, "total": 20, "message": "Starting download..."}),
               update(task, "debug", "Downloading: https://example.test/a b to /data_store/models/\u00e9.caffemodel"),
               update(task, "debug", ["data_store/media/ab/cd/one.jpg", "data_store/media/ab/cd/two.jpg"]),
               update(task, "error", "Problem fetching url https://example.test/\U0001F600")]
    updates += [update(task, "progress", {"current": n, "total": 20, "message": f"Step {n} \u2713"})
                for n in range(1, 21)]
    updates += [update(task, "debug", {"nested": [1, 2.5, None, True]}), update(task, "error", "\U0001F680 last words"),
                update(task, "progress", {"current": 20, "total": 20, "message": "Task completed!"})]
    assert len(updates) == 27
    return updates


def perform(worker: Emitter, task: str, updates: Optional[List[Dict[str, Any]]] = None) -> None:
    """`task_start` and all updates; the task ends when the worker's connection does."""
    worker.emit("task_start", {"uuid": task})
    for one in script(task) if updates is None else updates:
        worker.emit("task_update", one)


def new_task() -> str:
    return str(uuid.uuid4())


def join(client: SocketIOClient, within: float = DEADLINE) -> Dict[str, Any]:
    """Enters the front-ends' room; returns the tasks of `list_tasks`."""
    after = len(client.events)
    client.emit("join", {"room": ROOM})
    event = client.heard("list_tasks", after=after, within=within)
    assert list(event.arguments[0]) == ["tasks"], event
    return dict(event.arguments[0]["tasks"])


def story(client: SocketIOClient, task: str) -> List[Any]:
    """What a front-end has heard of one task: [event, payload] in order."""
    return [[event.name, event.arguments[0]] for event in client.events
            if event.name.startswith("task_") and event.arguments[0].get("uuid") == task]


def whole_story(task: str, updates: Optional[List[Dict[str, Any]]] = None) -> List[Any]:
    """What it has to be."""
    told = script(task) if updates is None else updates
    return [["task_start", {"uuid": task}], *[["task_update", one] for one in told], ["task_end", {"uuid": task}]]


def ended(client: SocketIOClient, task: str, within: float = DEADLINE) -> List[Any]:
    """Waits for `task_end` and returns the story."""
    client.heard("task_end", lambda body: body["uuid"] == task, within)
    return story(client, task)
