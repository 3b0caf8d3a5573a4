"""The server killed in the middle of one call for hundreds of files: each is done as a whole or not at all."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Callable, Dict, List, Set

import pytest

from harness.crashing import crash
from harness.iib import IIB, check, on_disk, png
from harness.process import Server
from harness.realtime import Live
from harness.waiting import eventually

SEED = 20_261_122
COUNT = 700
"""More than two batches of files that are done together."""
ROUNDS = 4


def pictures(root: Path) -> Dict[str, bytes]:
    """Small pictures of distinct contents, every fifth with a side-car: their names and what they hold."""
    held = {}
    for number in range(COUNT):
        path = png(root / "all" / f"p{number}.png", 40_000 + number)
        held[path.name] = path.read_bytes()
        if number % 5 == 0:
            path.with_suffix(".txt").write_text(f"side-car {path.stem}")
    return held


class Many:
    """A library of hundreds of tagged pictures and the server over it, which is killed and started again."""

    def __init__(self, serve, tmp_path: Path, *options: str) -> None:
        self.serve, self.root, self.data, self.options = serve, tmp_path / "many", tmp_path / "data", options
        self.held = pictures(self.root)
        self.start()
        self.settle(COUNT)
        self.tag()

    def start(self) -> None:
        self.server: Server = self.serve("--library", str(self.root), *self.options, data_dir=self.data)
        self.iib = IIB(self.server)

    def settle(self, files: int) -> None:
        """Waits until so many files are indexed and hashed."""
        self.iib.update()

        def is_hashed() -> bool:
            with Live(f"{self.server.socket_url}/ws") as live:
                return live.snapshot("library")["counts"]["files"] == files
        eventually(is_hashed, f"{files} files are hashed", within=60)

    def tag(self) -> None:
        tag = self.iib.tag("kept")
        paths = [str(path) for path in self.paths()]
        self.iib.post("/db/batch_update_image_tag", {"img_paths": paths, "action": "add", "tag_id": tag})

    def paths(self) -> List[Path]:
        return sorted(self.root.rglob("*.png"))

    def crash(self, delay: float, work: Callable[[IIB], object]) -> Set[str]:
        """Kills the server in the middle of the work; answers the names that are left when it is back."""
        crash(self.server, delay, lambda: work(self.iib))
        self.start()
        left = on_disk(self.root)
        self.settle(len(left))
        for path in self.root.rglob("*"):
            assert not path.name.startswith("."), path
        for path in self.paths():
            assert path.read_bytes() == self.held[path.name]
            if int(path.stem[1:]) % 5 == 0:
                assert path.with_suffix(".txt").read_text() == f"side-car {path.stem}"
        assert len(list(self.root.rglob("*.txt"))) == sum(int(path.stem[1:]) % 5 == 0 for path in self.paths())
        return {path.name for path in self.paths()}

    def end(self, tagged: List[str]) -> None:
        assert self.server.terminate() == 0
        check(self.data, [self.root], tags={path: ["kept"] for path in tagged})


@pytest.fixture
def delays() -> List[float]:
    """Moments of crashes; the seed is printed with a failure."""
    source = random.Random(SEED)
    print("seed", SEED)
    return [source.uniform(0.01, 0.25) for _ in range(ROUNDS)]


@pytest.mark.long
@pytest.mark.parametrize("has_trash", [False, True])
def test_killed_while_deleting_hundreds(serve, tmp_path: Path, delays: List[float], has_trash: bool) -> None:
    trash = tmp_path / "trash"
    trash.mkdir()
    many = Many(serve, tmp_path, *(["--trash", str(trash)] if has_trash else []))
    left = {path.name for path in many.paths()}
    for delay in delays:
        if not left:
            break
        victims = [str(path) for path in many.paths()]
        now = many.crash(delay, lambda iib: iib.post("/delete_files", {"file_paths": victims}))
        assert now <= left
        if has_trash:
            kept = [path.name for path in trash.rglob("*.png")]
            assert len(kept) == len(set(kept)) and set(kept) | now == set(many.held) and not set(kept) & now
        left = now
    many.end(on_disk(many.root))


@pytest.mark.long
def test_killed_while_moving_hundreds(serve, tmp_path: Path, delays: List[float]) -> None:
    many = Many(serve, tmp_path)
    for number, delay in enumerate(delays):
        source = [str(path) for path in many.paths()]
        body = {"file_paths": source, "dest": str(many.root / f"to{number}"), "create_dest_folder": True}
        assert many.crash(delay, lambda iib: iib.post("/move_files", body)) == set(many.held)
    many.end(on_disk(many.root))


@pytest.mark.long
def test_killed_while_copying_hundreds(serve, tmp_path: Path, delays: List[float]) -> None:
    many = Many(serve, tmp_path)
    source = [str(path) for path in many.paths()]
    for number, delay in enumerate(delays[:2]):
        body = {"file_paths": source, "dest": str(many.root / f"copy{number}"), "create_dest_folder": True}
        assert many.crash(delay, lambda iib: iib.post("/copy_files", body)) == set(many.held)
        assert all(Path(path).exists() for path in source)
    many.end(source)
