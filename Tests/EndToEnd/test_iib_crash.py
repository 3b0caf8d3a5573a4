"""The server killed in the middle of what it does to files: disk, database and tags agree when it is back."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Callable, Dict, List

import pytest

from harness.crashing import crash
from harness.iib import IIB, check, on_disk, parameters, png
from harness.process import Server
from harness.realtime import Live
from harness.waiting import eventually

SEED = 20_261_121
ROUNDS = 6


def hashed(server: Server, files: int) -> None:
    def is_hashed() -> bool:
        with Live(f"{server.socket_url}/ws") as live:
            return live.snapshot("library")["counts"]["files"] == files
    eventually(is_hashed, f"{files} files are hashed", within=60)


def pictures(root: Path, count: int, first: int = 0) -> List[Path]:
    """Pictures in four folders, each with a side-car."""
    made = []
    for number in range(first, first + count):
        path = png(root / f"f{number % 4}" / f"p{number}.png", 5000 + number, parameters(f"subject {number}"))
        path.with_suffix(".txt").write_text(f"side-car {number}")
        made.append(path)
    return made


def side_cars(root: Path) -> None:
    """Every picture still has its side-car beside it, and every side-car its picture."""
    images = {path.with_suffix("") for path in root.rglob("*.png")}
    assert {path.with_suffix("") for path in root.rglob("*.txt")} == images
    for path in root.rglob("*.png"):
        assert path.with_suffix(".txt").read_text() == f"side-car {path.stem.lstrip('rp')}"
    assert [path for path in root.rglob("*") if path.name.startswith(".")] == []


class Shelf:
    """A library of tagged pictures and the server over it, which is killed and started again."""

    def __init__(self, serve, tmp_path: Path, count: int) -> None:
        self.serve, self.root, self.data = serve, tmp_path / "shelf", tmp_path / "data"
        self.files = pictures(self.root, count)
        self.start()
        self.iib.update()
        hashed(self.server, count)
        tag = self.iib.tag("kept")
        self.iib.post("/db/batch_update_image_tag",
                      {"img_paths": [str(path) for path in self.files], "action": "add", "tag_id": tag})

    def start(self) -> None:
        self.server = self.serve("--library", str(self.root), data_dir=self.data)
        self.iib = IIB(self.server)

    def crash(self, delay: float, work: Callable[[IIB], object]) -> None:
        crash(self.server, delay, lambda: work(self.iib))
        self.start()
        self.iib.update()
        left = on_disk(self.root)
        hashed(self.server, len(left))
        assert self.server.terminate() == 0
        check(self.data, [self.root], tags={path: ["kept"] for path in left})
        side_cars(self.root)
        self.start()

    def names(self) -> List[str]:
        return sorted(Path(path).name for path in on_disk(self.root))


@pytest.fixture
def delays() -> List[float]:
    """Moments of crashes, from the first millisecond on; the seed is printed with a failure."""
    source = random.Random(SEED)
    print("seed", SEED)
    return [source.uniform(0.001, 0.15) * (1 + number / 3) for number in range(ROUNDS)]


def test_killed_while_moving_nothing_is_lost(serve, tmp_path: Path, delays: List[float]) -> None:
    shelf = Shelf(serve, tmp_path, 80)
    expected = shelf.names()
    for number, delay in enumerate(delays):
        source = [str(path) for path in sorted(shelf.root.rglob("*.png"))]
        target = shelf.root / f"target{number}"
        shelf.crash(delay, lambda iib: iib.post(
            "/move_files", {"file_paths": source, "dest": str(target), "create_dest_folder": True}))
        assert shelf.names() == expected


def test_killed_while_moving_folders_nothing_is_lost(serve, tmp_path: Path, delays: List[float]) -> None:
    shelf = Shelf(serve, tmp_path, 60)
    expected = shelf.names()
    for number, delay in enumerate(delays):
        folders = [str(path) for path in sorted(shelf.root.iterdir()) if path.is_dir()]
        target = shelf.root / f"target{number}"
        shelf.crash(delay / 5, lambda iib: iib.post(
            "/move_files", {"file_paths": folders, "dest": str(target), "create_dest_folder": True}))
        assert shelf.names() == expected


def test_killed_while_deleting_a_picture_and_its_side_car_go_together(serve, tmp_path: Path, delays: List[float]) -> None:
    shelf = Shelf(serve, tmp_path, 120)
    for number, delay in enumerate(delays):
        victims = [path for path in sorted(shelf.root.rglob("*.png"))][:20]
        rest = {str(path) for path in shelf.root.rglob("*.png")} - {str(path) for path in victims}
        shelf.crash(delay / 3, lambda iib: iib.post("/delete_files", {"file_paths": [str(path) for path in victims]}))
        assert rest <= set(on_disk(shelf.root))


def test_killed_while_flattening_nothing_is_lost(serve, tmp_path: Path, delays: List[float]) -> None:
    shelf = Shelf(serve, tmp_path, 60)
    expected = shelf.names()
    for number, delay in enumerate(delays):
        shelf.crash(delay, lambda iib: iib.post("/flatten_folder", {"folder_path": str(shelf.root), "dry_run": False}))
        assert shelf.names() == expected
        for path in sorted(shelf.root.glob("*.png"))[:40]:
            folder = shelf.root / f"again{number}-{path.stem[-1]}"
            folder.mkdir(exist_ok=True)
            shutil.move(path, folder / path.name)
            shutil.move(path.with_suffix(".txt"), folder / path.with_suffix(".txt").name)
        shelf.iib.update()


def test_killed_while_renaming_nothing_is_lost(serve, tmp_path: Path, delays: List[float]) -> None:
    shelf = Shelf(serve, tmp_path, 60)

    def rename(iib: IIB) -> None:
        for path in sorted(shelf.root.rglob("*.png")):
            name = path.name[1:] if path.name.startswith("r") else f"r{path.name}"
            iib.post("/db/rename", {"path": str(path), "name": name})
    for delay in delays:
        shelf.crash(delay, rename)
        assert len(shelf.names()) == 60


def test_killed_while_indexing_the_next_start_finishes(serve, tmp_path: Path, delays: List[float]) -> None:
    root, data = tmp_path / "shelf", tmp_path / "data"
    files = pictures(root, 600)
    tags: Dict[str, List[str]] = {}
    for number, delay in enumerate(delays):
        server = serve("--library", str(root), data_dir=data)
        iib = IIB(server)
        marked = str(files[number])
        crash(server, delay * 2, iib.update)
        server = serve("--library", str(root), data_dir=data)
        iib = IIB(server)
        # As long as nothing at all is indexed, no tag is taken.
        eventually(lambda: iib.get("/db/basic_info")["img_count"], "the index is begun")
        iib.post("/db/toggle_custom_tag_to_img", {"img_path": marked, "tag_id": 1})
        tags[marked] = ["like"]
        for path in files[number * 50 + 20:number * 50 + 30]:  # something is edited before each next round
            png(path, 9000 + number * 100 + int(path.stem[1:]), parameters(f"edited {number}"))
        crash(server, delay, iib.update)
    server = serve("--library", str(root), data_dir=data)
    IIB(server).update()
    hashed(server, 600)
    assert server.terminate() == 0
    check(data, [root], tags=tags)


def test_killed_while_hashing_the_next_start_goes_on(serve, tmp_path: Path) -> None:
    root, data = tmp_path / "shelf", tmp_path / "data"
    for number in range(6):
        path = png(root / f"large{number}.png", number)
        with open(path, "ab") as file:
            file.write(random.Random(number).randbytes(40_000_000))
    for delay in (0.02, 0.05, 0.08):
        server = serve("--library", str(root), data_dir=data)
        crash(server, delay, IIB(server).update)
    server = serve("--library", str(root), data_dir=data)
    hashed(server, 6)
    assert server.terminate() == 0
    check(data, [root], tags={})
