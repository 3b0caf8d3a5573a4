"""The model gallery from scan to import: files, metadata, sample pictures, tags and events, as its clients see them."""

from __future__ import annotations

import io
import json
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Dict, List

import pytest
from PIL import Image

from harness.gallery import QUALITIES, Gallery, check, decoded, mark, marked, picture, safetensors
from harness.iib import IIB
from harness.process import ROOT
from harness.realtime import Live
from harness.waiting import eventually

A, B = "a" * 64, "b" * 64


def shelf(data: Path) -> Dict[str, str]:
    """Model files where the server looks for them; returns their hashes by name."""
    loras, checkpoints = data / "models" / "loras", data / "models" / "checkpoints"
    hashes = {
        "dragon": safetensors(loras / "deep" / "dragon.safetensors", {
            "modelspec.title": "Dragon of the North", "ss_base_model_version": "sdxl_base_v1-0",
            "modelspec.trigger_phrase": "norddragon"}, seed=1),
        "plain": safetensors(loras / "plain.safetensors", seed=2),
        "base": safetensors(checkpoints / "base.safetensors", seed=3),
    }
    (loras / "deep" / "dragon.png").write_bytes(picture((300, 200), (10, 200, 30)))
    (loras / "notes.txt").write_text("no model")
    return hashes


def test_from_scan_to_import_to_the_gallery(serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    hashes = shelf(data)
    gallery = Gallery(serve(data_dir=data))
    assert {"loras", "checkpoints", "vae"} <= set(gallery.get("/api/models/get_types")["types"])
    report = gallery.scan()
    assert report["status"] == "success" and (report["scanned"], report["pending_added"], report["skipped"]) == (3, 3, 0)
    assert len(report["pending_ids"]) == 3
    again = gallery.get("/api/scan")
    assert (again["scanned"], again["added"], again["pending_added"], again["skipped"], again["pending_ids"]) == (3, 0, 0, 3, [])

    waiting = {Path(model["path"]).stem: model for model in gallery.pending()}
    dragon = waiting["dragon"]
    told = json.dumps(dragon)
    assert dragon["type"] == "loras" and dragon["sha256"] == "" and dragon["id"] in report["pending_ids"]
    assert all(word in told for word in ("Dragon of the North", "norddragon", "sdxl")), told
    assert json.loads(dragon["meta_json"]) == dragon["meta"]
    original = (data / "models" / "loras" / "deep" / "dragon.png").read_bytes()
    stem = Path(dragon["image"]).stem
    for path in (f"/api/images/pending/{dragon['id']}", f"/api/images/pending/{stem}.webp"):
        response = gallery.raw("GET", path)
        assert response.status_code == 200 and response.content == original
        assert response.headers["content-type"] == "image/png"
    none = gallery.raw("GET", f"/api/images/pending/{waiting['plain']['id']}")
    assert (none.status_code, none.text) == (404, "Pending image not found")

    answer = gallery.take_in([dragon["id"], waiting["plain"]["id"]])
    assert answer["success"] == [dragon["id"], waiting["plain"]["id"]] and answer["total"] == 2
    assert [model["id"] for model in gallery.pending()] == [waiting["base"]["id"]]
    listed = {model["sha256"]: model for model in gallery.models("loras")}
    assert set(listed) == {hashes["dragon"], hashes["plain"]} and listed[hashes["dragon"]]["images_count"] == 1
    model = gallery.model(hashes["dragon"].upper())
    assert json.loads(model["meta_json"])["images_count"] == 1
    sizes = [gallery.picture(hashes["dragon"], 0, quality).size for quality in QUALITIES]
    assert sizes == [(300, 200), (198, 132), (99, 66)]
    assert gallery.raw("GET", f"/api/images/pending/{stem}.webp").status_code == 404
    assert gallery.scan("loras")["skipped"] == 2
    assert gallery.post("/api/models/scan", {"type": "nonsense"}, expect=400) == {"error": "unknown type"}


def test_conflicts_are_told_and_resolved_one_by_one(serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    sha256 = safetensors(data / "models" / "loras" / "first.safetensors", seed=9)
    gallery = Gallery(serve(data_dir=data))
    [first] = gallery.scan()["pending_ids"]
    assert gallery.take_in([first])["success"] == [first]
    [x, y] = gallery.tags("x", "y")
    gallery.change(sha256, name="kept", tags=[x], meta_json={"description": "", "prompts": {"positive": "p"}})
    for name in ("second", "third", "fourth"):
        safetensors(data / "models" / "loras" / f"{name}.safetensors", seed=9)
    ids = gallery.scan()["pending_ids"]
    answer = gallery.take_in(ids)
    assert [entry["pending"]["id"] for entry in answer["conflict"]] == ids and answer["success"] == []
    assert {entry["existing"]["id"] for entry in answer["conflict"]} == {sha256}
    assert gallery.take_in(ids[:1], "ignore")["ignored"] == ids[:1] and len(gallery.pending()) == 3
    assert gallery.take_in(ids[:1], "merge")["success"] == ids[:1]
    model = gallery.model(sha256)
    assert model["name"] == "kept" and model["path"].endswith("first.safetensors") and model["meta"]["prompts"]["positive"] == "p"
    assert gallery.post("/api/migration/import_a_model", {"id": ids[1], "conflict_strategy": None}, expect=409)["status"] == "conflict"
    assert gallery.post("/api/migration/import_a_model", {"id": ids[1], "conflict_strategy": "override"})["status"] == "success"
    model = gallery.model(sha256)
    assert model["path"].endswith((".safetensors")) and not model["path"].endswith("first.safetensors")
    assert [tag["id"] for tag in model["tags"]] == [x]
    assert gallery.take_in(ids[2:], "delete")["deleted"] == ids[2:]
    assert gallery.pending() == [] and len(gallery.models("loras")) == 1
    assert len(list((data / "models" / "loras").iterdir())) == 4  # Model files are never touched.


def test_pictures_have_the_contracts_sizes_and_forms(serve) -> None:
    gallery = Gallery(serve())
    # 3000 x 2000 has more than two million pixels; 1732 x 1154 has not.
    assert gallery.upload(A, picture((3000, 2000))) == f"{A}_0"
    assert [gallery.picture(A, 0, quality).size for quality in QUALITIES] == [(1732, 1154), (1143, 761), (571, 380)]
    gallery.upload(A, picture((301, 203)))
    assert [gallery.picture(A, 1, quality).size for quality in QUALITIES] == [(301, 203), (198, 133), (99, 66)]
    gallery.upload(A, picture((1, 1)))
    assert gallery.picture(A, 2, "low").size == (1, 1)
    # Alpha stays, in RGBA and in a palette; everything else is RGB; EXIF turns the picture and goes.
    gallery.upload(B, picture((64, 64), (255, 0, 0, 0), mode="RGBA"))
    assert gallery.picture(B).mode == "RGBA" and gallery.picture(B).getpixel((32, 32))[3] == 0
    output = io.BytesIO()
    flat = Image.new("P", (64, 64), 1)
    flat.putpalette([255, 0, 0, 0, 255, 0] + [9] * 762)
    flat.save(output, "PNG", transparency=1)
    gallery.upload(B, output.getvalue())
    assert gallery.picture(B, 1, "medium").convert("RGBA").getpixel((5, 5))[3] == 0
    gallery.upload(B, picture((64, 64), (7,), mode="L"))
    assert gallery.picture(B, 2).mode == "RGB"
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret"
    gallery.upload(B, picture((80, 40), format_="JPEG", exif=exif), "x.jpg")
    turned = gallery.raw("GET", f"/api/images/{B}_3.webp")
    assert decoded(turned.content).size == (40, 80) and b"secret" not in turned.content and b"EXIF" not in turned.content
    gallery.upload(B, picture((50, 50), format_="WEBP"), "x.webp")
    assert gallery.count(B) == 5


def test_removing_moves_the_rest_down_and_addresses_are_checked_again(serve) -> None:
    gallery = Gallery(serve())
    for number in range(12):
        assert gallery.upload(A, marked(number)) == f"{A}_{number}"
    body = gallery.post("/api/images/get_sample_imgs", {"sha256": A, "quality": "low"})
    assert body["images"] == [f"/api/images/{A}_{number}.webp?quality=low" for number in range(12)] and body["count"] == 12
    url = f"/api/images/{A}_3.webp"
    before = gallery.raw("GET", url)
    assert before.headers["cache-control"] == "no-cache"
    known = {"If-None-Match": before.headers["etag"]}
    assert gallery.raw("GET", url, headers=known).status_code == 304
    assert gallery.remove(A, 3) == {"status": "success"}
    after = gallery.raw("GET", url, headers=known)
    assert after.status_code == 200 and mark(decoded(after.content)) == 4
    assert [mark(gallery.picture(A, number)) for number in range(11)] == [0, 1, 2, *range(4, 12)]
    assert gallery.picture(A, 11) is None
    assert gallery.remove(A, 11, expect=404) == {"error": f"Image sequence 11 not found for {A}"}
    for _ in range(11):
        gallery.remove(A, 0)
    assert gallery.count(A) == 0 and gallery.picture(A) is None


READER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from harness.gallery import Gallery, decoded
class At: url = sys.argv[2]
gallery, seen = Gallery(At), 0
while True:
    response = gallery.raw("GET", f"/api/images/{sys.argv[3]}.webp", params={"quality": sys.argv[4]})
    if response.status_code == 404:
        break
    assert response.status_code == 200, response.status_code
    decoded(response.content)
    seen += 1
count = gallery.count(sys.argv[3])
assert count == 0, f"no picture 0, but {count} pictures"
print(seen)
"""
REMOVER = """
import sys
sys.path.insert(0, sys.argv[1])
from harness.gallery import Gallery
class At: url = sys.argv[2]
gallery, removed = Gallery(At), 0
for turn in range(1000):
    status = gallery.raw("DELETE", "/api/images/delete", params={"sha256": sys.argv[3], "seq": turn % 3}).status_code
    assert status in (200, 404), status
    removed += status == 200
    if status == 404 and gallery.count(sys.argv[3]) == 0:
        break
print(removed)
"""


def test_processes_that_remove_and_read_at_a_time_never_miss_number_0(serve, tmp_path: Path) -> None:
    server = serve()
    gallery = Gallery(server)
    for number in range(60):
        gallery.upload(A, marked(number))
    def start(script: str, *more: str) -> "subprocess.Popen[str]":
        return subprocess.Popen([sys.executable, "-c", script, str(ROOT / "Tests"), server.url, A, *more],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    readers = [start(READER, quality) for quality in ("high", "low")]
    removers = [start(REMOVER) for _ in range(2)]
    removed = 0
    for process in removers + readers:
        output, errors = process.communicate(timeout=50)
        assert process.returncode == 0, errors
        removed += int(output) if process in removers else 0
        assert process in removers or int(output) > 0
    assert removed == 60  # Each was removed by one of them, once.
    assert server.terminate() == 0
    check(tmp_path / "data")


def test_uploads_at_a_time_get_numbers_of_their_own(serve) -> None:
    gallery = Gallery(serve())
    bases: List[str] = []
    def upload(first: int) -> None:
        mine = Gallery.__new__(Gallery)
        mine.__dict__ = {**gallery.__dict__, "session": type(gallery.session)()}
        for number in range(first, first + 5):
            bases.append(mine.upload(A, marked(number)))
    threads = [threading.Thread(target=upload, args=(first,)) for first in (0, 5, 10, 15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bases) == sorted(f"{A}_{number}" for number in range(20))
    assert sorted(mark(gallery.picture(A, number)) for number in range(20)) == list(range(20))


def test_tags_in_both_readings(serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    sha256 = safetensors(data / "models" / "loras" / "x.safetensors")
    gallery = Gallery(serve(data_dir=data))
    gallery.take_in(gallery.scan()["pending_ids"])
    system = gallery.get("/api/tags")
    assert system["total"] == len(system["tags"]) == 24 and {tag["type"] for tag in system["tags"]} == {"system"}
    ids = gallery.tags("zebra", "Apple", "mid", "zebra")
    assert ids[0] == ids[3] and len(set(ids)) == 3
    gallery.change(sha256, tags=[ids[0]])
    everything = gallery.get("/api/tags")
    mine = [(ids[1], "Apple", 0, "user"), (ids[2], "mid", 0, "user"), (ids[0], "zebra", 1, "user")]
    assert [(tag["id"], tag["name"], tag["count"], tag["type"]) for tag in everything["tags"]] == sorted(
        mine + [(tag["id"], tag["name"], 0, "system") for tag in system["tags"]], key=lambda tag: tag[1])
    assert (everything["total"], everything["has_more"]) == (27, False)
    page = gallery.get("/api/tags", limit=2)
    assert page == {"tags": [{"name": "zebra", "count": 1, "type": "user"}, {"name": "Apple", "count": 0, "type": "user"}],
                    "total": 27, "has_more": True}
    assert [tag["name"] for tag in gallery.get("/api/tags", include_zero="false")["tags"]] == ["zebra"]
    assert gallery.get("/api/tags", 400, limit=0)["error"]["code"] == "INVALID_QUERY"


def test_what_changes_is_told_over_the_socket(serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    sha256 = safetensors(data / "models" / "loras" / "x.safetensors")
    server = serve(data_dir=data)
    gallery = Gallery(server)
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("models", "tags")
        gallery.take_in(gallery.scan()["pending_ids"])
        added = live.until(lambda message: message["type"] == "models.changed")[-1]
        assert added["action"] == "added" and added["item"]["sha256"] == sha256
        [tag] = gallery.tags("new")
        word = live.until(lambda message: message["type"] == "tags.changed")[-1]
        assert word["action"] == "added" and word["name"] == "new"
        gallery.change(sha256, name="other", tags=[tag])
        changed = live.until(lambda message: message["type"] == "models.changed" and message["action"] == "changed")[-1]
        assert changed["item"]["name"] == "other"
        gallery.upload(sha256, picture())
        live.until(lambda message: message["type"] == "models.changed" and message.get("item", {}).get("images_count") == 1)


def test_samples_are_pictures_of_the_library_for_everyone(serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    server = serve(data_dir=data)
    gallery, iib = Gallery(server), IIB(server)
    gallery.upload(A, marked(1))
    gallery.upload(A, marked(2))
    def names() -> List[str]:
        return sorted(file["name"] for file in iib.every() if "model-samples" in file["fullpath"])
    eventually(lambda: len(names()) == 2, "both pictures are in the library")
    gallery.remove(A, 0)
    eventually(lambda: len(names()) == 1, "the removed one left the library")
    # Whoever removes the file through the library removes the sample.
    [left] = [file["fullpath"] for file in iib.every() if "model-samples" in file["fullpath"]]
    iib.post("/delete_files", {"file_paths": [left]})
    eventually(lambda: gallery.count(A) == 0, "the sample went with its file")
    assert gallery.picture(A) is None
    assert gallery.upload(A, marked(3)) == f"{A}_0"


def test_without_slots_scan_and_import_run_all_the_same(serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    hashes = shelf(data)
    gallery = Gallery(serve("--slots", "0", data_dir=data))
    ids = gallery.scan()["pending_ids"]
    assert sorted(gallery.take_in(ids)["success"]) == sorted(ids)
    assert {model["sha256"] for kind in ("loras", "checkpoints") for model in gallery.models(kind)} == set(hashes.values())


def test_scan_and_import_are_tasks_with_progress(serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shelf(data)
    server = serve(data_dir=data)
    gallery = Gallery(server)
    ids = gallery.scan("loras")["pending_ids"]
    gallery.take_in(ids)
    tasks = {task["name"]: task for task in gallery.get("/api/tasks")["tasks"]}
    assert tasks["model_scan"]["state"] == "done" and tasks["model_scan"]["params"] == {"type": "loras"}
    assert tasks["model_import"]["state"] == "done" and tasks["model_import"]["params"]["ids"] == ids


def test_model_folders_and_the_form_of_meta_json_are_settings(serve, tmp_path: Path) -> None:
    extra = tmp_path / "extra"
    sha256 = safetensors(extra / "x.safetensors")
    gallery = Gallery(serve("--model-dir", f"loras={extra}", "--model-dir", f"motion={tmp_path / 'none'}",
                            "--gallery-meta", "object"))
    assert "motion" in gallery.get("/api/models/get_types")["types"]
    report = gallery.scan("loras")
    assert report["pending_added"] == 1
    assert gallery.pending()[0]["meta_json"]["images"] == []
    gallery.take_in(report["pending_ids"])
    assert gallery.model(sha256)["meta_json"]["images_count"] == 0
    assert gallery.change(sha256, meta_json={"description": "d"})["meta_json"]["description"] == "d"


def test_an_older_gallery_is_taken_over_from_the_named_folder_alone(serve, tmp_path: Path) -> None:
    old = tmp_path / "old"
    (old / "images").mkdir(parents=True)
    (old / "images" / "one.png").write_bytes(marked(7))
    for path in (old / "old.db", tmp_path / "beside.db"):
        database = sqlite3.connect(path)
        database.executescript(f"""
            CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE model_tags (model_id INTEGER, tag_id INTEGER);
            CREATE TABLE models (id INTEGER PRIMARY KEY, hash_hex TEXT, path TEXT, name TEXT, type TEXT,
                size_bytes INTEGER, created_at INTEGER, extra_json TEXT);
            INSERT INTO tags VALUES (3, 'kept');
            INSERT INTO model_tags VALUES (1, 3), (8, 3);
            INSERT INTO models VALUES (1, '{A.upper()}', '/m/one.pt', 'one', 'loras', 5, 6, '{{"images": ["one.png"]}}');
            INSERT INTO models VALUES (8, '', '/m/two.pt', 'two', 'loras', 5, 6, '{{}}');""")
        database.close()
    gallery = Gallery(serve("--legacy-dir", str(old)))
    migrate = "/api/migration/migrate_legacy_db"
    for path in (tmp_path / "beside.db", old / ".." / "beside.db"):
        assert gallery.post(migrate, {"legacy_db_path": str(path)}, expect=403)["error"]
    report = gallery.post(migrate, {"legacy_db_path": str(old / "old.db"), "legacy_images_dir": str(old / "images")})
    assert report == {"status": "success", "db_migration": {
        "migrated": 1, "pending": 1, "errors": 0, "images_processed": 1, "image_errors": 0}}
    assert [tag["name"] for tag in gallery.model(A)["tags"]] == ["kept"] and mark(gallery.picture(A)) == 7
    assert [(model["id"], model["name"]) for model in gallery.pending()] == [(8, "two")]
    again = gallery.post(migrate, {"legacy_db_path": "old.db", "legacy_images_dir": "images"})
    assert again["status"] == "success" and gallery.count(A) == 1 and len(gallery.pending()) == 1


@pytest.mark.parametrize("strategy", ["Override", "", 3])
def test_unknown_strategies_are_refused(shared_server, strategy: Any) -> None:
    gallery = Gallery(shared_server)
    assert gallery.post("/api/migration/import_models", {"id": [1], "conflict_strategy": strategy}, expect=400) \
        == {"error": "Invalid conflict_strategy"}
