"""What would harm the server by the Infinite Image Browsing dialect: odd dates, huge lists, and paths that tell secrets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import requests

from harness.iib import BASE, IIB, parameters, png

FAR = 10_413_792_000  # 2300-01-01, past what nanoseconds in 64 bits can say


def test_files_and_folders_dated_past_2262_harm_nothing(serve, tmp_path: Path) -> None:
    library = tmp_path / "pictures"
    path = png(library / "far" / "x.png", 1, parameters("a far castle"))
    os.utime(path, (FAR, FAR))
    os.utime(path.parent, (FAR, FAR))
    if path.stat().st_mtime != FAR:
        pytest.skip("this file system keeps no such dates")
    server = serve("--library", str(library))
    iib = IIB(server)
    iib.update()
    for _ in range(2):
        assert [file["name"] for file in iib.search("far castle")["files"]] == ["x.png"]
    assert iib.raw("GET", "/file", params={"path": str(path), "t": "1"}).content == path.read_bytes()
    assert iib.get("/files", folder_path=str(path.parent))["files"][0]["date"].startswith("2")
    assert server.is_running()


def test_a_search_may_name_a_thousand_tags_and_no_more(server) -> None:
    iib = IIB(server)
    iib.post("/db/match_images_by_tags", {"or_tags": list(range(1000))})
    assert iib.post("/db/match_images_by_tags", {"or_tags": list(range(1001))}, expect=400) == {"detail": "Too many tags"}
    words = [f"w{number}" for number in range(1001)]
    assert iib.post("/db/search_by_substr", {"surstr": "", "not": words}, expect=400)["detail"]


def test_a_viewer_reads_nothing_outside_the_library(serve, tmp_path: Path) -> None:
    library = tmp_path / "pictures"
    inside = png(library / "x.png", 1)
    secret = tmp_path / "secret.yaml"
    secret.write_text("token: admin:hush")
    server = serve("--library", str(library), "--token", "viewer:look", "--token", "admin:hush")
    headers = {"Authorization": "Bearer look"}
    for path, status in ((inside, 200), (secret, 403), (library / ".." / "secret.yaml", 403)):
        answer = requests.get(f"{server.url}{BASE}/file", params={"path": str(path), "t": "1"}, headers=headers, timeout=10)
        assert answer.status_code == status
    assert "hush" not in requests.get(f"{server.url}{BASE}/image_geninfo", params={"path": str(secret)}, headers=headers,
                                      timeout=10).text
