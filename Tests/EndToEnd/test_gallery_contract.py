"""The model gallery's dialect against its own description: real answers, and whatever schemathesis makes up."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Iterator

import pytest

from harness.described import Described
from harness.gallery import Gallery, picture, safetensors
from harness.process import ServerFactory, free_port

NOBODY = "f" * 64


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    folder = tmp_path_factory.mktemp("contract")
    factory = ServerFactory(folder)
    for number in range(6):
        # Two files of each content.
        path = folder / "data" / "models" / "loras" / f"m{number}.safetensors"
        safetensors(path, {"modelspec.title": f"Title {number // 2}"}, seed=number // 2)
        path.with_suffix(".png").write_bytes(picture((64, 48), (number, 0, 0)))
    server = factory.start("serve", "--data-dir", str(folder / "data"), "--port", str(free_port()))
    yield Described(server, Gallery(server), "gallery")
    survived = server.is_running()
    factory.close("test_gallery_contract" if not survived else None)
    assert survived, server.log_text()[-4000:]


def test_every_call_answers_as_described(described: Described) -> None:
    call = described.call
    assert call("GET", "/api/hello").json() == {"status": "ok"}
    call("GET", "/api/models/get_types")
    ids = call("POST", "/api/models/scan", json={"type": "loras"}).json()["pending_ids"]
    assert len(ids) == 6
    listed = sorted(call("GET", "/api/migration/pending_models").json()["models"], key=lambda model: model["path"])
    ids = [model["id"] for model in listed]
    call("POST", "/api/models/scan", data=b"")
    call("POST", "/api/models/scan", 400, json={"type": "nonsense"})
    call("GET", "/api/scan")
    call("GET", "/api/migration/pending_model", params={"id": ids[0]})
    call("GET", "/api/migration/pending_model", 404, params={"id": 99999})
    call("GET", "/api/migration/pending_model", 400, params={"id": "x"})
    stem = Path(listed[0]["image"]).stem
    call("GET", f"/api/images/pending/{stem}.webp", template="/api/images/pending/{name}.webp")
    waiting = call("GET", f"/api/images/pending/{ids[0]}", template="/api/images/pending/{id}")
    call("GET", f"/api/images/pending/{ids[0]}", 304, template="/api/images/pending/{id}",
         headers={"If-None-Match": waiting.headers["etag"]})
    call("GET", "/api/images/pending/none.webp", 404, template="/api/images/pending/{name}.webp")
    call("GET", "/api/images/pending/99999", 404, template="/api/images/pending/{id}")
    sha256 = call("POST", "/api/migration/import_a_model", json={"id": ids[0]}).json()["sha256"]
    call("POST", "/api/migration/import_a_model", 404, json={"id": ids[0]})
    call("POST", "/api/migration/import_a_model", 409, json={"pending_id": ids[1]})
    call("POST", "/api/migration/import_a_model", 400, json={"id": ids[1], "conflict_strategy": "other"})
    Path(listed[-1]["path"]).unlink()
    call("POST", "/api/migration/import_a_model", 500, json={"id": listed[-1]["id"]})
    report = call("POST", "/api/migration/import_models", 207, json={"id": [*ids, "x", 99999]}).json()
    assert report["success"] and report["conflict"] and report["failed"]
    call("POST", "/api/migration/import_models", 207, json={"id": [ids[1]], "conflict_strategy": "ignore"})
    call("POST", "/api/migration/import_models", 207, json={"id": [ids[1]], "conflict_strategy": "delete"})
    call("POST", "/api/migration/import_models", 400, json={"id": []})
    call("GET", "/api/models", params={"type": "loras"})
    assert call("GET", "/api/models", params={"type": "loras", "limit": 1, "q": "t"}).json()["total"] >= 1
    call("GET", "/api/models", 400)
    call("GET", f"/api/models/{sha256}", template="/api/models/{sha256}")
    call("GET", f"/api/models/{NOBODY}", 404, template="/api/models/{sha256}")
    tags = call("POST", "/api/tags_add", json={"newtags": ["x", "y"]}).json()["tags"]
    call("POST", "/api/tags_add", 400, json={"newtags": "x"})
    call("PATCH", f"/api/models/{sha256}", template="/api/models/{sha256}",
         json={"name": "n", "type": None, "tags": [tags[0]["id"], tags[1]], "meta_json": {"description": "d"}})
    call("PATCH", f"/api/models/{sha256}", 400, template="/api/models/{sha256}", json={"tags": [99999]})
    call("PATCH", f"/api/models/{NOBODY}", 404, template="/api/models/{sha256}", json={})
    call("GET", "/api/tags")
    call("GET", "/api/tags", params={"prefix": "x", "order": "name_asc", "include_zero": "No"})
    call("GET", "/api/tags", 400, params={"limit": 0, "offset": -1})
    form = {"files": {"image": ("a.png", picture())}, "data": {"sha256": sha256}}
    base = call("POST", "/api/images/upload", **form).json()["base_name"]
    call("POST", "/api/images/upload", 400, json={})
    call("POST", "/api/images/upload", 400, files={"image": ("a.png", b"none")}, data={"sha256": sha256})
    for suffix in (".webp", ""):
        template = f"/api/images/{{hash}}{suffix}"
        response = call("GET", f"/api/images/{base}{suffix}", template=template, params={"quality": "low"})
        call("GET", f"/api/images/{base}{suffix}", 304, template=template, params={"quality": "low"},
             headers={"If-None-Match": response.headers["etag"]})
        call("GET", f"/api/images/{NOBODY}{suffix}", 404, template=template)
    call("POST", "/api/images/get_sample_imgs", json={"hash": sha256})
    call("POST", "/api/images/get_sample_imgs", 400, json={})
    for name in ("get_img_num", "get_img_count"):
        assert call("GET", f"/api/images/{name}", params={"sha256": sha256}).json()["count"] == 2
        call("GET", f"/api/images/{name}", 400)
    call("DELETE", "/api/images/delete", params={"sha256": sha256, "seq": 0})
    call("DELETE", "/api/images/delete", 404, params={"sha256": sha256, "seq": 9})
    call("DELETE", "/api/images/delete", 400, params={"sha256": sha256})
    call("POST", "/api/migration/migrate_legacy_db", 400, json={})
    call("POST", "/api/migration/migrate_legacy_db", 403, json={"legacy_db_path": "old.db"})


def test_head_is_answered_wherever_get_is(described: Described) -> None:
    for path, item in described.description["paths"].items():
        if "get" not in item or "{" in path:
            continue
        get, head = (described.client.raw(method, path, params={"type": "loras", "sha256": NOBODY, "id": 1})
                     for method in ("GET", "HEAD"))
        assert (head.status_code, head.content) == (get.status_code, b""), path


@pytest.mark.skipif(sys.version_info < (3, 10), reason="schemathesis needs Python 3.10")
@pytest.mark.timeout(600)
def test_made_up_requests_get_described_answers(described: Described, tmp_path: Path) -> None:
    described.make_up(tmp_path)
