"""Imports of models that are cancelled, or cut short by the end of the server, while their callers wait."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Dict, List, Tuple

import requests

from harness.gallery import Gallery, check, safetensors, sparse
from harness.process import Server
from harness.waiting import eventually


def running(gallery: Gallery, name: str) -> List[Dict[str, Any]]:
    return [task for task in gallery.get("/api/tasks")["tasks"] if task["name"] == name and task["state"] == "running"]


def importing(server: Server, ids: List[int]) -> Tuple[threading.Thread, List[requests.Response]]:
    """A caller that has begun to import these, and the list that its answer will stand in."""
    answers: List[requests.Response] = []
    caller = threading.Thread(target=lambda: answers.append(
        Gallery(server).raw("POST", "/api/migration/import_models", json={"id": ids})))
    caller.start()
    return caller, answers


def test_a_cancelled_import_answers_its_caller(serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    sparse(data / "models" / "checkpoints" / "large.safetensors", 30 << 30)
    server = serve(data_dir=data)
    gallery = Gallery(server)
    ids = gallery.scan()["pending_ids"]
    caller, answers = importing(server, ids)
    [task] = eventually(lambda: running(gallery, "model_import"), "the import runs", within=30)
    gallery.call("POST", f"/api/tasks/{task['uuid']}/cancel", expect=202)
    caller.join(30)
    assert answers and answers[0].status_code == 503 and answers[0].json()["error"]
    assert [model["id"] for model in gallery.pending()] == ids


def test_the_end_of_the_server_ends_a_waiting_import_and_the_next_start_goes_on(serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    folder = data / "models" / "checkpoints"
    small = safetensors(folder / "small.safetensors", seed=5)
    sparse(folder / "large.safetensors", 12 << 30)
    server = serve(data_dir=data)
    gallery = Gallery(server)
    ids = gallery.scan()["pending_ids"]
    caller, answers = importing(server, ids)
    eventually(lambda: running(gallery, "model_import"), "the import runs", within=30)
    assert server.terminate() == 0
    caller.join(10)
    assert answers and answers[0].status_code == 503 and answers[0].json()["error"]
    check(data)
    (folder / "large.safetensors").unlink()  # What is left of the work is short now.
    gallery = Gallery(serve(data_dir=data))
    eventually(lambda: gallery.raw("GET", f"/api/models/{small}").status_code == 200, "the import went on", within=30)
