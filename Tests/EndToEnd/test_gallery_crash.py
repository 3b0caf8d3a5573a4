"""The server killed while it looks for models, imports them, and while pictures come and go: the next start goes on."""

from __future__ import annotations

import random
from pathlib import Path
from typing import List

import pytest

from harness.crashing import crash
from harness.gallery import Gallery, check, mark, marked, picture, safetensors
from harness.waiting import eventually

SEED = 20_261_121
ROUNDS = 5


@pytest.fixture
def delays() -> List[float]:
    """Moments of crashes; the seed is printed with a failure."""
    source = random.Random(SEED)
    print("seed", SEED)
    return [source.uniform(0.002, 0.25) * (1 + number / 3) for number in range(ROUNDS)]


def idle(gallery: Gallery) -> bool:
    return all(task["state"] not in ("queued", "running") for task in gallery.get("/api/tasks")["tasks"]
               if task["name"].startswith("model_"))


@pytest.mark.timeout(180)
def test_killed_while_scanning_each_file_waits_once(serve, tmp_path: Path, delays: List[float]) -> None:
    data = tmp_path / "data"
    folder = data / "models" / "loras"
    for number in range(300):
        safetensors(folder / f"f{number % 7}" / f"m{number}.safetensors", {"modelspec.title": f"M {number}"}, seed=number)
        if number % 3 == 0:
            (folder / f"f{number % 7}" / f"m{number}.png").write_bytes(marked(number % 50))
    for delay in delays:
        server = serve(data_dir=data)
        gallery = Gallery(server)
        crash(server, delay, gallery.scan)
    server = serve(data_dir=data)
    gallery = Gallery(server)
    eventually(lambda: idle(gallery), "the scan of before has ended", within=60)
    report = gallery.scan()
    assert report["scanned"] == 300
    waiting = gallery.pending()
    assert len({model["path"] for model in waiting}) == len(waiting) == 300
    assert sum(1 for model in waiting if model["image"]) == 100
    for model in waiting:
        if model["image"]:
            assert gallery.raw("GET", f"/api/images/pending/{model['id']}").status_code == 200
    assert server.terminate() == 0
    check(data)


@pytest.mark.timeout(240)
def test_killed_while_importing_every_model_ends_up_in_the_gallery_once(serve, tmp_path: Path,
                                                                       delays: List[float]) -> None:
    data = tmp_path / "data"
    folder = data / "models" / "loras"
    hashes = {}
    for number in range(60):
        path = folder / f"m{number}.safetensors"
        hashes[str(path)] = safetensors(path, body=3_000_000, seed=number)
        if number % 2 == 0:
            path.with_suffix(".png").write_bytes(picture((90, 60), (number * 4, 9, 9)))
    server = serve(data_dir=data)
    ids = Gallery(server).scan()["pending_ids"]
    assert len(ids) == 60
    for delay in delays:
        gallery = Gallery(server)
        crash(server, delay * 2, lambda: gallery.take_in(ids))
        server = serve(data_dir=data)
    gallery = Gallery(server)
    eventually(lambda: idle(gallery), "the import of before has ended", within=120)
    left = [model["id"] for model in gallery.pending()]
    if left:
        assert sorted(gallery.take_in(left)["success"]) == sorted(left)
    models = gallery.models("loras")
    assert {model["path"]: model["sha256"] for model in models} == hashes and len(models) == 60
    for model in models:
        number = int(Path(model["path"]).stem[1:])
        assert model["images_count"] == (1 if number % 2 == 0 else 0), model
        assert (gallery.picture(model["sha256"], 0, "low") is None) == (number % 2 == 1)
    assert server.terminate() == 0
    check(data)


@pytest.mark.timeout(180)
def test_killed_while_pictures_come_and_go_the_order_has_no_gap(serve, tmp_path: Path, delays: List[float]) -> None:
    data, sha256 = tmp_path / "data", "c" * 64
    number = 0
    for delay in delays:
        server = serve(data_dir=data)
        gallery = Gallery(server)
        count = gallery.count(sha256)
        marks = [mark(gallery.picture(sha256, position)) for position in range(count)]
        assert marks == sorted(marks) and len(set(marks)) == count

        def come_and_go() -> None:
            nonlocal number
            while True:
                gallery.upload(sha256, marked(number))
                number += 1
                if number % 3 == 0:
                    gallery.remove(sha256, 0)
        crash(server, delay + 0.2, come_and_go)
        number += 1  # The one that was under way may be there or not.
    server = serve(data_dir=data)
    gallery = Gallery(server)
    for position in range(gallery.count(sha256)):
        assert gallery.picture(sha256, position, "low") is not None
    assert server.terminate() == 0
    check(data)
