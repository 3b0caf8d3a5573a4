"""Scanning folders of pictures."""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
from pathlib import Path

import pytest
import requests

from harness.pictures import make_library, picture_bytes, write_picture
from harness.process import Server
from harness.realtime import Live
from harness.resting import first_scan, rested
from harness.waiting import eventually


@pytest.fixture
def serve(serve):
    """Servers that look for changes only when they are asked to."""
    return functools.partial(serve, "--no-watch")


def counts(server: Server) -> dict:
    with Live(f"{server.socket_url}/ws") as live:
        return live.snapshot("library")["counts"]


def scan(server: Server, path: "Path | None" = None, within: float = 60) -> dict:
    """Runs a scan of our own to its end, so that none is to come; returns the finished task."""
    first_scan(server, within)
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks")
        task = live.run("scan", {"path": str(path)} if path else {})["task"]
        return live.finished(task, within)["info"]


def expect(server: Server, contents: int, files: int, bytes_: int) -> None:
    wanted = {"contents": contents, "files": files, "bytes": bytes_}
    eventually(lambda: counts(server) == wanted or None, f"the counts are {wanted}, not {counts(server)}")


def test_a_mixed_folder_is_recognised_by_content(serve, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    png = write_picture(folder / "a.png", "PNG", (31, 17), 1)
    jpeg = write_picture(folder / "deep" / "er" / "b.jpg", "JPEG", (64, 48), 2)
    webp = write_picture(folder / "c c ü.webp", "WEBP", (10, 20), 3)
    misnamed = write_picture(folder / "really-a-jpeg.png", "JPEG", (21, 22), 4)
    (folder / "picture.txt").write_bytes(picture_bytes("PNG", (5, 6), 5))
    shutil.copy(folder / "a.png", folder / "copy of a.png")
    (folder / "garbage.png").write_bytes(os.urandom(3000))
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("not a picture")
    (folder / "dangling.png").symlink_to(folder / "nowhere.png")

    server = serve("--library", str(folder))
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks", "library")
        task = live.run("scan")["task"]
        assert live.finished(task)["info"]["state"] == "done"
    text = (folder / "picture.txt").read_bytes()
    expect(server, 5, 6, len(png) * 2 + len(jpeg) + len(webp) + len(misnamed) + len(text))

    with Live(f"{server.socket_url}/ws") as live:
        newest = {item["sha256"]: item for item in live.snapshot("library")["newest"]}
    assert set(newest) == {hashlib.sha256(data).hexdigest() for data in (png, jpeg, webp, misnamed, text)}
    for data, mime, size in ((png, "image/png", (31, 17)), (jpeg, "image/jpeg", (64, 48)),
                             (webp, "image/webp", (10, 20)), (misnamed, "image/jpeg", (21, 22)),
                             (text, "image/png", (5, 6))):
        item = newest[hashlib.sha256(data).hexdigest()]
        assert (item["mime"], item["width"], item["height"], item["size"]) == (mime, *size, len(data))
    found = newest[hashlib.sha256(jpeg).hexdigest()]
    assert (found["name"], found["path"]) == ("b.jpg", "deep/er/b.jpg")


def test_a_scan_tells_what_it_adds(serve, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    server = serve("--library", str(folder))
    scan(server)
    make_library(folder, 250)
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks", "library")
        task = live.run("scan")["task"]
        live.finished(task)
        live.heard(lambda m: m["type"] == "library.counts" and m["counts"]["files"] == 250)
        added = [m for m in live.seen if m["type"] == "library.added"]
        progress = [m for m in live.seen if m["type"] == "task.progress" and m["task"] == task]
    assert all(len(m["items"]) <= 100 for m in added)
    assert len({item["id"] for m in added for item in m["items"]}) == 250
    assert progress and progress[-1]["progress"]["current"] >= 250


def test_a_rescan_without_changes_changes_nothing(serve, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    total = make_library(folder, 60)
    server = serve("--library", str(folder))
    scan(server)
    expect(server, 60, 60, total)
    rested(server)
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks", "library")
        live.finished(live.run("scan")["task"])
        live.ask("ping")
        assert not [m for m in live.seen if m["type"] in ("library.added", "library.changed", "library.removed")]
    expect(server, 60, 60, total)


def test_changes_and_removals_are_noticed(serve, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    make_library(folder, 30)
    first, second, third, *_ = sorted(path for path in folder.rglob("*") if path.is_file())
    server = serve("--library", str(folder))
    scan(server)
    removed = hashlib.sha256(first.read_bytes()).hexdigest()
    first.unlink()
    second.write_bytes(picture_bytes("PNG", (50, 50), 999))
    third.rename(folder / "moved.bin")
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks", "library")
        live.finished(live.run("scan")["task"])
        live.heard(lambda m: m["type"] == "library.removed" and removed in [item["sha256"] for item in m["items"]])
    files = [path for path in folder.rglob("*") if path.is_file()]
    expect(server, 29, 29, sum(path.stat().st_size for path in files))
    shutil.rmtree(folder)
    folder.mkdir()
    scan(server)
    expect(server, 0, 0, 0)


def test_a_root_that_vanished_does_not_empty_the_library(serve, tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    total = make_library(folder, 9)
    server = serve("--library", str(folder))
    scan(server)
    folder.rename(tmp_path / "unmounted")
    scan(server)
    expect(server, 9, 9, total)


def test_a_folder_outside_every_root_is_refused(serve, tmp_path: Path) -> None:
    folder, outside = tmp_path / "pictures", tmp_path / "outside"
    make_library(folder, 3)
    make_library(outside, 3)
    (folder / "escape").symlink_to(outside)
    server = serve("--library", str(folder))
    scan(server)
    before = counts(server)
    for path in (outside, folder / ".." / "outside", folder / "escape", Path("/etc"), Path("relative")):
        with Live(f"{server.socket_url}/ws") as live:
            live.subscribe("tasks")
            answer = live.ask("task.run", name="scan", params={"path": str(path)})
            if answer["type"] == "ok":
                assert live.finished(answer["task"])["info"]["state"] == "failed", path
    assert counts(server) == before and before["files"] == 3


def test_two_roots_are_both_scanned(serve, tmp_path: Path) -> None:
    total = make_library(tmp_path / "one", 10) + make_library(tmp_path / "two", 10, first=100)
    server = serve("--library", str(tmp_path / "one"), "--library", str(tmp_path / "two"))
    scan(server)
    expect(server, 20, 20, total)


@pytest.mark.timeout(180)
def test_kill_9_in_the_middle_of_a_scan_ends_with_the_right_counts(serve, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    total = make_library(folder, 4000)
    flags = ("--library", str(folder))
    amid = 0
    for _ in range(3):
        server = serve(*flags)
        requests.post(f"{server.url}/api/tasks", json={"name": "scan"}, timeout=15)
        with Live(f"{server.socket_url}/ws") as live:
            live.subscribe("library")
            live.until(lambda m: m["type"] in ("library.added", "library.counts", "synced"))
            server.kill()  # With its hands full.
        amid += 1
    server = serve(*flags)
    assert scan(server, within=90)["state"] == "done"
    expect(server, 4000, 4000, total)
    assert amid == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_cannot_be_read_is_skipped(serve, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    total = make_library(folder, 6)
    write_picture(folder / "locked.png", "PNG", seed=77)
    (folder / "locked.png").chmod(0)
    server = serve("--library", str(folder))
    scan(server)
    expect(server, 6, 6, total)
