"""Changes in the library's folders, which the server takes in by itself."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from harness.iib import IIB, parameters, png
from harness.pictures import make_library, picture_bytes, write_picture
from harness.process import Server
from harness.realtime import Live
from harness.resting import first_scan, tasks
from harness.waiting import eventually


def files(server: Server) -> int:
    with Live(f"{server.socket_url}/ws") as live:
        return live.snapshot("library")["counts"]["files"]


def scans(server: Server) -> list:
    """The parameters of the scans that were tasks."""
    return [task["params"] for task in tasks(server) if task["name"] == "scan"]


def holds(server: Server, count: int) -> None:
    eventually(lambda: files(server) == count, f"the library holds {count} files", within=30)


def started(serve, folder: Path, *flags: str) -> Server:
    """A server of a folder with one picture, which its first scan has found."""
    write_picture(folder / "first.png", "PNG", (8, 8), 1)
    server = first_scan(serve("--library", str(folder), *flags))
    holds(server, 1)
    return server


def test_a_picture_in_new_folders_is_told_without_a_scan(serve, tmp_path: Path) -> None:
    server = started(serve, tmp_path / "lib")
    before = scans(server)
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("library")
        data = write_picture(tmp_path / "lib" / "a" / "b" / "c" / "new.png", "PNG", (9, 9), 2)
        added = live.until_type("library.added", within=30)[-1]
    assert [(item["sha256"], item["path"]) for item in added["items"]] == [
        (hashlib.sha256(data).hexdigest(), "a/b/c/new.png")]
    assert scans(server) == before


def test_a_picture_that_is_written_in_place_is_told(serve, tmp_path: Path) -> None:
    server = started(serve, tmp_path / "lib")
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("library")
        data = picture_bytes("PNG", (11, 12), 3)
        with open(tmp_path / "lib" / "first.png", "r+b") as picture:
            picture.write(data)
            picture.truncate()
        # The making of the first picture's thumbnail is told as a change, too.
        wanted = hashlib.sha256(data).hexdigest()
        live.until(lambda m: m["type"] == "library.changed" and wanted in [i["sha256"] for i in m["items"]], 30)


def test_moves_and_removals_are_noticed(serve, tmp_path: Path) -> None:
    folder = tmp_path / "lib"
    server = started(serve, folder)
    make_library(folder / "more", 20)
    holds(server, 21)
    (folder / "more").rename(tmp_path / "outside")
    holds(server, 1)
    (tmp_path / "outside").rename(folder / "back")
    holds(server, 21)
    shutil.rmtree(folder / "back")
    holds(server, 1)


def test_many_pictures_at_once_are_a_task(serve, tmp_path: Path) -> None:
    server = started(serve, tmp_path / "lib")
    make_library(tmp_path / "outside", 300)
    (tmp_path / "outside").rename(tmp_path / "lib" / "many")
    holds(server, 301)
    assert {"changed": True} in scans(server)


def test_a_scan_that_is_asked_for_needs_no_watching(serve, tmp_path: Path) -> None:
    server = started(serve, tmp_path / "lib", "--no-watch")
    write_picture(tmp_path / "lib" / "new.png", "PNG", (9, 9), 2)
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks")
        report = live.finished(live.run("scan")["task"], 30)["info"]["result"]
    assert (report["files"], report["added"]) == (2, 1)


def test_an_edit_that_leaves_size_and_time_as_they_were_is_noticed(serve, tmp_path: Path) -> None:
    path = png(tmp_path / "pictures" / "a.png", 1, parameters("a red castle"))
    server = serve("--library", str(path.parent))
    holds(server, 1)
    iib = IIB(server)
    # What is written now is told by the kernel.
    png(path.parent / "b.png", 2, parameters("a blue tower"))
    holds(server, 2)
    before = path.stat()
    path.chmod(0o600)
    png(path, 1, parameters("a red forest"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    eventually(lambda: len(iib.search("red forest")["files"]) == 1, "the edit is found")
    assert iib.search("red castle")["files"] == []
