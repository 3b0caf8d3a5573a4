"""Changing and packing files through the calls of Infinite Image Browsing, with crashes in between."""

from __future__ import annotations

import io
import random
import subprocess
import threading
import zipfile
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest
import requests
from PIL import Image

from harness.pictures import write_picture
from harness.process import Server
from harness.waiting import eventually

BASE = "/infinite_image_browsing"


def post(server: Server, path: str, body: Dict[str, Any]) -> requests.Response:
    return requests.post(server.url + BASE + path, json=body, timeout=60)


def call(server: Server, path: str, body: Dict[str, Any]) -> Any:
    answer = post(server, path, body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def tagged(server: Server, paths: List[Path], tag: int) -> set:
    found = call(server, "/db/get_image_tags", {"paths": [str(path) for path in paths]})
    return {Path(path) for path, tags in found.items() if tag in [known["id"] for known in tags]}


def make(library: Path, folders: int, pictures: int) -> None:
    """Pictures of different contents in folders, every other one with a side-car."""
    for folder in range(folders):
        for number in range(pictures):
            path = library / f"from/{folder}/{folder}-{number}.png"
            write_picture(path, "PNG", seed=folder * 1000 + number)
            if number % 2:
                path.with_suffix(".txt").write_text(path.stem)


def test_an_avif_picture_is_known_and_has_a_thumbnail(serve: Callable[..., Server], tmp_path: Path) -> None:
    """Through ffmpeg: the image libraries here know no AVIF."""
    path = tmp_path / "library" / "sunset.avif"
    path.parent.mkdir()
    noise = Image.frombytes("RGB", (175, 125), random.Random(3).randbytes(175 * 125 * 3)).resize((1400, 1000))
    Image.blend(Image.new("RGB", (1400, 1000), (200, 30, 30)), noise, 0.3).save(path, quality=95)
    server = serve("--library", str(path.parent))
    call(server, "/db/update_image_data", {})
    found = call(server, "/db/search_by_substr", {"surstr": "sunset", "cursor": "", "regexp": "", "size": 10})["files"]
    assert [(file["fullpath"], file["bytes"]) for file in found] == [(str(path), path.stat().st_size)]
    answer = requests.get(f"{server.url}{BASE}/image-thumbnail", timeout=60,
                          params={"path": str(path), "t": "1", "size": "256x256"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp"), answer.text[:200]
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("WEBP", (256, 183))
        red, green, blue = image.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
        assert red > 150 and green < 90 and blue < 90


def test_archives_are_read_by_other_programs(serve: Callable[..., Server], tmp_path: Path) -> None:
    library = tmp_path / "library"
    contents = {"a/é name.png": b"one", "b/é name.png": b"two" * 100_000, "c/empty.bin": b""}
    for name, content in contents.items():
        (library / name).parent.mkdir(parents=True, exist_ok=True)
        (library / name).write_bytes(content)
    server = serve("--library", str(library))
    paths = [str(library / name) for name in contents]
    for compress in [False, True]:
        answer = post(server, "/zip", {"paths": paths, "compress": compress, "pack_only": False})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert archive.testzip() is None
            assert archive.namelist() == ["é name.png", "é name (2).png", "empty.bin"]
            assert [archive.read(name) for name in archive.namelist()] == list(contents.values())
        kept = tmp_path / "archive.zip"
        kept.write_bytes(answer.content)
        tested = subprocess.run(["unzip", "-t", str(kept)], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stdout + tested.stderr


def test_what_is_deleted_goes_to_the_trash_and_its_tags_come_back_with_it(
        serve: Callable[..., Server], tmp_path: Path) -> None:
    library = tmp_path / "library"
    make(library, 1, 2)
    trash = library / "trash"
    server = serve("--library", str(library), "--trash", str(trash))
    path = library / "from/0/0-1.png"
    call(server, "/db/update_image_data", {})
    # The content must be known before a file can be known again by it.
    eventually(lambda: requests.get(server.url + "/api/library", timeout=10).json()["counts"]["files"] == 2, "hashed")
    call(server, "/db/toggle_custom_tag_to_img", {"img_path": str(path), "tag_id": 1})
    assert call(server, "/delete_files", {"file_paths": [str(path)]}) == {"ok": True}
    assert not path.exists() and not path.with_suffix(".txt").exists()
    found = list(trash.glob("*/library/from/0/0-1.*"))
    assert sorted(found_path.suffix for found_path in found) == [".png", ".txt"]
    assert tagged(server, [path], 1) == set()
    call(server, "/move_files", {"file_paths": [str(found[0].with_suffix(".png"))], "dest": str(path.parent)})
    call(server, "/db/update_image_data", {})
    eventually(lambda: tagged(server, [path], 1) == {path}, "the tag is back")


@pytest.mark.parametrize("seed", range(4))
def test_after_kill_9_in_the_middle_of_operations_disk_index_and_tags_agree(
        serve: Callable[..., Server], tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    library = tmp_path / "library"
    make(library, 6, 20)
    names = {path.name for path in library.rglob("*.png")}
    contents = {path.name: path.read_bytes() for path in library.rglob("*.png")}
    (library / "to").mkdir()
    server = serve("--library", str(library))
    call(server, "/db/update_image_data", {})
    call(server, "/db/batch_update_image_tag",
         {"img_paths": [str(path) for path in library.rglob("*.png")], "action": "add", "tag_id": 1})
    everything = [path for path in library.rglob("*.png")]
    assert tagged(server, everything, 1) == set(everything)

    deleted: set = set()

    def work() -> None:
        try:
            for folder in range(3):
                paths = [str(library / f"from/{folder}/{folder}-{number}.png") for number in range(20)]
                post(server, "/move_files", {"file_paths": paths, "dest": str(library / "to")})
                post(server, "/db/rename", {"path": str(library / f"from/{folder}"), "name": f"renamed-{folder}"})
            deleted.update(f"3-{number}.png" for number in range(10))
            post(server, "/delete_files",
                 {"file_paths": [str(library / f"from/3/3-{number}.png") for number in range(10)]})
            post(server, "/flatten_folder", {"folder_path": str(library / "from"), "dry_run": False})
        except requests.RequestException:
            pass

    worker = threading.Thread(target=work)
    worker.start()
    # The end comes somewhere between the first move and the last step of flattening.
    moves = chance.randint(0, 45)
    eventually(lambda: not worker.is_alive() or len(list((library / "to").glob("*.png"))) >= moves, "moves", every=0.001)
    server.kill()
    worker.join()
    server = serve("--library", str(library))
    call(server, "/db/update_image_data", {})

    now = {path.name: path for path in library.rglob("*.png")}
    assert len(now) == len(list(library.rglob("*.png"))), "a picture is there twice"
    assert names - set(now) <= deleted, "a picture is lost"
    for name, path in now.items():
        assert path.read_bytes() == contents[name]
        number = int(path.stem.split("-")[1])
        assert path.with_suffix(".txt").exists() == (number % 2 == 1), f"{path} and its side-car are apart"
    assert len(list(library.rglob("*.txt"))) == sum(int(path.stem.split("-")[1]) % 2 for path in now.values())
    assert not [path for path in library.rglob(".*")], "something hidden is left"
    paths = list(now.values())
    assert tagged(server, paths, 1) == set(paths)
    found = call(server, "/db/search_by_substr", {"surstr": ".png", "path_only": True, "size": 1000})
    assert {Path(file["fullpath"]) for file in found["files"]} == set(paths)
