"""`vitrine import-iib`: what people did in Infinite Image Browsing comes along."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from harness.iib import IIB, parameters, png
from harness.process import run_vitrine

SCHEMA = """
CREATE TABLE image (id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE, exif TEXT, size INTEGER, date TEXT,
                    exif_edited BOOLEAN DEFAULT 0);
CREATE TABLE tag (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, score INTEGER, type TEXT, count INTEGER, color TEXT);
CREATE TABLE image_tag (image_id INTEGER, tag_id INTEGER, created_at TIMESTAMP, PRIMARY KEY (image_id, tag_id));
CREATE TABLE folders (id INTEGER PRIMARY KEY, path TEXT, modified_date TEXT);
CREATE TABLE extra_path (path TEXT PRIMARY KEY, type TEXT, alias TEXT);
CREATE TABLE global_setting (setting_json TEXT, name TEXT PRIMARY KEY, created_time TIMESTAMP, modified_time TIMESTAMP);
"""


def deployment(tmp_path: Path, written: Path) -> Path:
    """A database as that server leaves it; `written` is where the pictures were when it ran."""
    path = tmp_path / "iib.db"
    database = sqlite3.connect(path)
    database.executescript(SCHEMA)
    database.executemany("INSERT INTO image (id, path, exif, size, date, exif_edited) VALUES (?, ?, ?, 1, '', ?)", [
        (1, f"{written}/a.png", "what the file says", 0), (2, f"{written}/sub/b.png", "a person's words", 1),
        (3, f"{written}/gone.png", "", 0),
    ])
    database.executemany("INSERT INTO tag VALUES (?, ?, 0, ?, 0, ?)", [
        (1, "like", "custom", ""), (2, "Model X", "Model", ""), (3, "best of 2025", "custom", "#ff8800"),
    ])
    database.executemany("INSERT INTO image_tag VALUES (?, ?, '')", [(1, 1), (1, 2), (1, 3), (2, 3), (3, 3)])
    database.execute("INSERT INTO extra_path VALUES (?, 'scanned+walk', 'My pictures')", (str(written),))
    database.execute("INSERT INTO extra_path VALUES ('/no/such/folder', 'scanned', '')")
    database.execute("INSERT INTO global_setting VALUES (?, 'global', '', '')", (json.dumps({"gridThumbnail": True}),))
    database.commit()
    database.close()
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    png(folder / "a.png", 1, parameters("first"))
    png(folder / "sub" / "b.png", 2, parameters("second"))
    return folder


def expect_imported(iib: IIB, pictures: Path) -> None:
    a, b = pictures / "a.png", pictures / "sub" / "b.png"
    assert iib.tags_of(a, b) == {str(a): ["best of 2025", "like"], str(b): ["best of 2025"]}
    tags = {tag["name"]: tag for tag in iib.get("/db/basic_info")["tags"]}
    assert tags["best of 2025"]["color"] == "#ff8800" and tags["best of 2025"]["type"] == "custom"
    assert iib.get("/image_geninfo", path=str(b)) == "a person's words"
    setting = iib.get("/global_setting")
    assert setting["app_fe_setting"]["global"] == {"gridThumbnail": True}
    assert {"path": str(pictures), "types": ["scanned", "walk"], "alias": "My pictures"} in setting["extra_paths"]


def test_tags_likes_folders_settings_and_edits_come_along(serve, tmp_path: Path, pictures: Path) -> None:
    database = deployment(tmp_path, pictures)
    before = database.read_bytes()
    result = run_vitrine("import-iib", str(database), "--data-dir", str(tmp_path / "data"), timeout=60)
    assert result.returncode == 0, result.stderr
    assert "/no/such/folder" in result.stdout and "gone.png" in result.stdout
    assert database.read_bytes() == before
    iib = IIB(serve())
    iib.update()
    expect_imported(iib, pictures)


def test_importing_again_changes_nothing(serve, tmp_path: Path, pictures: Path) -> None:
    database = deployment(tmp_path, pictures)
    for _ in range(2):
        assert run_vitrine("import-iib", str(database), "--data-dir", str(tmp_path / "data"), timeout=60).returncode == 0
    iib = IIB(serve())
    expect_imported(iib, pictures)
    assert len([tag for tag in iib.get("/db/basic_info")["tags"] if tag["type"] == "custom"]) == 2


def test_pictures_that_were_moved_are_found_by_a_mapping(serve, tmp_path: Path, pictures: Path) -> None:
    database = deployment(tmp_path, Path("/old/place"))
    result = run_vitrine("import-iib", str(database), "--data-dir", str(tmp_path / "data"),
                         "--map", f"/old/place={pictures}", timeout=60)
    assert result.returncode == 0, result.stderr
    expect_imported(IIB(serve()), pictures)


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 100])
def test_what_is_no_such_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "iib.db"
    path.write_bytes(content)
    result = run_vitrine("import-iib", str(path), "--data-dir", str(tmp_path / "data"), timeout=60)
    assert result.returncode == 1 and str(path) in result.stderr


def test_a_missing_database_and_a_bad_mapping_are_refused(tmp_path: Path) -> None:
    result = run_vitrine("import-iib", str(tmp_path / "none.db"), "--data-dir", str(tmp_path / "data"))
    assert result.returncode == 1 and "none.db" in result.stderr and not (tmp_path / "none.db").exists()
    result = run_vitrine("import-iib", "x.db", "--map", "nonsense", "--data-dir", str(tmp_path / "data"))
    assert result.returncode == 64 and "nonsense" in result.stderr
