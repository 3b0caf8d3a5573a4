"""What people said of files that no content tells of: broken ones, long ones, ones that editors put aside, hidden ones."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from harness.iib import IIB, parameters, png
from harness.waiting import eventually


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "pictures"
    for number in range(3):
        png(root / f"{number}.png", number, parameters(f"a red castle, number {number}"))
    return root


@pytest.fixture
def iib(serve, library: Path) -> IIB:
    client = IIB(serve("--library", str(library)))
    client.update()
    return client


def tag(iib: IIB, *paths: Path) -> None:
    iib.post("/db/batch_update_image_tag", {"img_paths": [str(path) for path in paths], "action": "add", "tag_id": 1})


def liked(iib: IIB) -> set:
    return {Path(file["fullpath"]).name for file in iib.every("/db/match_images_by_tags", and_tags=[1])}


def long(path: Path) -> Path:
    """A picture of 80 MiB, which is not hashed while someone waits."""
    png(path, 77)
    os.truncate(path, 80 << 20)
    return path


def test_broken_files_that_come_back_have_their_tags_again(iib: IIB, library: Path) -> None:
    broken = {"empty.jpg": b"", "text.png": b"no picture"}
    for name, data in broken.items():
        (library / name).write_bytes(data)
    tag(iib, *(library / name for name in broken))
    for again in (broken, {"empty.jpg": b"", "text.png": (library / "0.png").read_bytes()}):
        for name in broken:
            (library / name).unlink()
        iib.update()
        assert liked(iib) == set()
        (library / "other.jpg").write_bytes(b"")
        for name, data in again.items():
            (library / name).write_bytes(data)
        iib.update()
        assert liked(iib) == set(broken)


def test_a_long_file_keeps_its_tags_though_it_goes_at_once(iib: IIB, library: Path, tmp_path: Path) -> None:
    path = long(library / "long.png")
    tag(iib, path)
    away = tmp_path / "away.png"
    shutil.move(path, away)
    iib.update()
    assert liked(iib) == set()
    shutil.move(away, library / "another name.png")
    iib.update()
    eventually(lambda: liked(iib) == {"another name.png"}, "the tag is back")


def test_tags_of_files_that_went_survive_the_death_of_the_server(serve, library: Path, tmp_path: Path) -> None:
    server = serve("--library", str(library))
    iib = IIB(server)
    iib.update()
    (library / "text.png").write_bytes(b"no picture")
    tag(iib, library / "text.png", long(library / "long.png"))
    server.kill()
    for name in ("text.png", "long.png"):
        shutil.move(library / name, tmp_path / name)
    iib = IIB(serve("--library", str(library)))
    iib.update()
    assert liked(iib) == set()
    for name in ("text.png", "long.png"):
        shutil.move(tmp_path / name, library / name)
    iib.update()
    eventually(lambda: liked(iib) == {"text.png", "long.png"}, "the tags are back")


@pytest.mark.parametrize("kept", ["0.png~", "0.png.bak", "0.png_original"])
def test_a_picture_that_an_editor_puts_aside_and_writes_later_has_its_tags(iib: IIB, library: Path, kept: str) -> None:
    tag(iib, library / "0.png")
    (library / "0.png").rename(library / kept)
    iib.update()
    assert liked(iib) == {kept}
    png(library / "0.png", 99, parameters("a violet tower, edited"))
    iib.update()
    assert liked(iib) == {kept, "0.png"}
    assert iib.tags_of(library / "0.png") == {str(library / "0.png"): ["like"]}


def test_what_is_renamed_to_a_hidden_name_leaves_the_index(iib: IIB, library: Path) -> None:
    (library / "text.png").write_bytes(b"no picture")
    tag(iib, library / "0.png", library / "1.png", library / "text.png")
    (library / ".hidden").mkdir()
    iib.post("/db/rename", {"path": str(library / "0.png"), "name": ".0.png"})
    iib.post("/db/rename", {"path": str(library / "text.png"), "name": "text.dat"})
    iib.post("/move_files", {"file_paths": [str(library / "1.png")], "dest": str(library / ".hidden")})
    assert [file["name"] for file in iib.every()] == ["2.png"]
    iib.update()
    assert [file["name"] for file in iib.every()] == ["2.png"]
    iib.post("/db/rename", {"path": str(library / ".0.png"), "name": "seen.png"})
    iib.post("/db/rename", {"path": str(library / "text.dat"), "name": "text.png"})
    iib.post("/move_files", {"file_paths": [str(library / ".hidden" / "1.png")], "dest": str(library)})
    iib.update()
    eventually(lambda: liked(iib) == {"seen.png", "1.png", "text.png"}, "the tags are back")


def test_thousands_of_broken_files_come_back_with_their_tags(serve, library: Path, tmp_path: Path) -> None:
    shelf = library / "many"
    shelf.mkdir()
    for number in range(2_000):
        (shelf / f"{number}.png").write_bytes(b"no picture"[:number % 11])
    iib = IIB(serve("--library", str(library)))
    iib.update()
    tag(iib, *shelf.iterdir())
    for copy in (shelf, library / "elsewhere"):
        shutil.copytree(shelf, tmp_path / "away", dirs_exist_ok=True)
        shutil.rmtree(shelf)
        iib.update()
        assert liked(iib) == set()
        # Copied files have their times. Elsewhere an empty one is another, unless the disk gives it the former's number.
        shutil.copytree(tmp_path / "away", copy)
        iib.update()
        everyone = {f"{number}.png" for number in range(2_000)}
        lost = everyone - liked(iib)
        assert all(copy != shelf and int(Path(name).stem) % 11 == 0 for name in lost)
