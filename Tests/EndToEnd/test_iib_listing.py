"""A large folder's listing, which is remembered while the kernel tells of no change, is always what lies there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Callable, Dict, Optional, Tuple

import pytest
import requests

from harness.process import Server

Listing = Dict[str, Tuple[str, Optional[int], str]]


def listed(server: Server, folder: Path) -> Listing:
    answer = requests.get(f"{server.url}/infinite_image_browsing/files", timeout=60,
                          params={"folder_path": str(folder)})
    assert answer.status_code == 200, answer.text
    entries = answer.json()["files"]
    found = {entry["name"]: (entry["type"], entry.get("bytes"), entry["fullpath"]) for entry in entries}
    assert len(found) == len(entries)
    return found


def there(folder: Path) -> Listing:
    return {path.name: ("dir", None, str(path.resolve())) if path.is_dir() else
            ("file", path.stat().st_size, str(path.resolve())) for path in folder.iterdir() if path.exists()}


def is_watched(server: Server, folder: Path) -> bool:
    """Whether an inotify queue of the server has a watch of the folder."""
    inode = f" ino:{folder.stat().st_ino:x} "

    def has(file: Path) -> bool:
        try:
            return inode in file.read_text()
        except FileNotFoundError:
            # Closed since the folder was read.
            return False

    return any(has(file) for file in Path(f"/proc/{server.process.pid}/fdinfo").iterdir())


def make(folder: Path) -> Path:
    folder.mkdir()
    for number in range(400):
        (folder / f"{number}.png").write_bytes(b"x" * number)
    (folder / "sub").mkdir()
    (folder / "link.png").symlink_to(folder / "7.png")
    return folder


def test_after_every_change_the_next_listing_is_exact(serve: Callable[..., Server], tmp_path: Path) -> None:
    folder = make(tmp_path / "pictures")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    server = serve()
    assert listed(server, folder) == there(folder)

    def replace_folder() -> None:
        folder.rename(tmp_path / "old")
        shutil.copytree(tmp_path / "old", folder, symlinks=True)
        (folder / "3.png").unlink()

    with open(folder / "5.png", "ab", buffering=0) as file:
        for change in [
            lambda: (folder / "new.png").write_bytes(b"new"),
            lambda: (folder / "8.png").unlink(),
            lambda: (folder / "9.png").rename(elsewhere / "9.png"),
            lambda: (elsewhere / "9.png").rename(folder / "other.png"),
            lambda: file.write(b"more"),
            lambda: file.write(b"and more"),
            lambda: os.truncate(folder / "7.png", 3),
            lambda: (folder / "link.png").unlink(),
            lambda: requests.post(f"{server.url}/infinite_image_browsing/mkdirs", timeout=60,
                                  json={"dest_folder": str(folder / "made")}),
            replace_folder,
            lambda: shutil.rmtree(folder),
            lambda: make(folder),
        ]:
            change()
            # Twice, for the second may be the one that is remembered.
            for _ in range(2):
                assert listed(server, folder) == (there(folder) if folder.exists() else {})


def test_a_folder_is_watched_only_where_that_tells_of_all_changes_and_is_wanted(
        serve: Callable[..., Server], tmp_path: Path) -> None:
    kind = subprocess.run(["stat", "-f", "-c", "%T", str(tmp_path)], capture_output=True, text=True, check=True).stdout
    if kind.strip() not in ["ext2/ext3", "xfs", "btrfs", "f2fs", "tmpfs", "zfs"]:
        pytest.skip(f"{kind.strip()} does not tell of all changes")
    folder = make(tmp_path / "pictures")
    server = serve()
    assert not is_watched(server, folder)
    listed(server, folder)
    assert is_watched(server, folder)
    (folder / "new.png").write_bytes(b"new")
    # The watch ends with the change.
    assert not is_watched(server, folder)
    server.terminate()
    server = serve("--no-watch")
    assert listed(server, folder) == there(folder)
    assert not is_watched(server, folder)
