"""The Infinite Image Browsing dialect against its own description: real answers, and whatever schemathesis makes up."""

from __future__ import annotations

import base64
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, Tuple

import pytest

from harness.described import Described
from harness.iib import BASE, IIB, as_bytes, parameters, png, with_user_comment
from harness.process import Server, ServerFactory, free_port


class DescribedIIB(Described):
    """The dialect's server, and the folder of its library."""

    def __init__(self, server: Server, library: Path) -> None:
        super().__init__(server, IIB(server), "iib", BASE)
        self.library = library


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DescribedIIB]:
    folder = tmp_path_factory.mktemp("contract")
    library = folder / "pictures"
    for number in range(6):
        png(library / f"s{number % 2}" / f"i{number}.png", number, parameters(f"castle {number}", seed=number), size=(700, 500))
    with_user_comment(library / "photo.jpg", "JPEG", parameters("dragon"), 1)
    factory = ServerFactory(folder)
    server = factory.start("serve", "--data-dir", str(folder / "data"), "--port", str(free_port()),
                           "--library", str(library))
    target = DescribedIIB(server, library)
    target.client.update()
    yield target
    survived = server.is_running()
    factory.close("test_iib_contract" if not survived else None)
    assert survived, server.log_text()[-4000:]


def test_every_good_call_answers_as_described(described: DescribedIIB, tmp_path: Path) -> None:
    call, library = described.call, described.library
    first, photo = library / "s0" / "i0.png", library / "photo.jpg"
    path = {"params": {"path": str(first)}}
    assert call("GET", "/hello").json() == "hello"
    call("GET", "/version")
    call("GET", "/global_setting")
    call("POST", "/app_fe_setting", json={"name": "global", "value": '{"a": 1}'})
    call("DELETE", "/app_fe_setting", json={"name": "global"})
    call("GET", "/files", params={"folder_path": str(library)})
    call("POST", "/batch_get_files_info", json={"paths": [str(first), str(library)]})
    call("POST", "/check_path_exists", json={"paths": [str(first), "/no/such"]})
    call("POST", "/mkdirs", json={"dest_folder": str(library / "made" / "deep")})
    call("POST", "/copy_files", json={"file_paths": [str(first)], "dest": str(library / "made")})
    call("POST", "/move_files", json={"file_paths": [str(library / "made" / "i0.png")], "dest": str(library / "made" / "deep")})
    call("POST", "/db/rename", json={"path": str(library / "made" / "deep" / "i0.png"), "name": "other.png"})
    call("POST", "/flatten_folder", json={"folder_path": str(library / "made")})
    call("POST", "/flatten_folder", json={"folder_path": str(library / "made"), "dry_run": False})
    call("POST", "/delete_files", json={"file_paths": [str(library / "made" / "other.png")]})
    call("POST", "/zip", json={"paths": [str(first)], "compress": True, "pack_only": False})
    call("POST", "/zip", json={"paths": [str(first)], "compress": False, "pack_only": True})
    call("GET", "/image-thumbnail", params={"path": str(first), "t": "x", "size": "64x64"})
    call("GET", "/file", params={"path": str(first), "t": "x"})
    call("GET", "/file", 206, params={"path": str(first), "t": "x"}, headers={"Range": "bytes=0-9"})
    call("GET", "/img/i0.png", template="/img/{filename}", params={"path": str(first), "t": "x"})
    call("GET", "/stream_video", params={"path": str(photo)})
    call("GET", "/image_geninfo", **path)
    call("POST", "/image_geninfo_batch", json={"paths": [str(first), str(photo)]})
    call("GET", "/image_exif", **path)
    call("POST", "/update_exif", json={"path": str(photo), "exif": "words"})
    call("GET", "/db/basic_info")
    call("GET", "/db/expired_dirs")
    call("GET", "/db/stats/trend")
    call("GET", "/db/random_images")
    call("POST", "/db/update_image_data")
    call("POST", "/db/rebuild_index")
    assert call("POST", "/db/search_by_substr", json={"surstr": "castle"}).json()["files"]
    call("POST", "/db/match_images_by_tags", json={})
    tag = call("POST", "/db/add_custom_tag", json={"tag_name": "fine"}).json()
    call("POST", "/db/update_tag", json={**tag, "color": "#112233"})
    assert call("POST", "/db/toggle_custom_tag_to_img", json={"img_path": str(first), "tag_id": tag["id"]}).json() \
        == {"is_remove": 0}
    assert [each["name"] for each in call("GET", "/db/img_selected_custom_tag", **path).json()] == ["fine"]
    assert list(call("POST", "/db/get_image_tags", json={"paths": [str(first), str(photo)]}).json()) == [str(first)]
    call("POST", "/db/batch_update_image_tag", json={"img_paths": [str(photo)], "action": "add", "tag_id": tag["id"]})
    found = described.client.search("photo.jpg")["files"][0]
    call("POST", "/db/remove_custom_tag_from_img", json={"img_id": found["id"], "tag_id": str(tag["id"])})
    call("POST", "/db/remove_custom_tag", json={"tag_id": tag["id"]})
    call("GET", "/db/extra_paths")
    extra = tmp_path / "extra"
    png(extra / "x.png", 77)
    call("POST", "/db/extra_paths", json={"path": str(extra), "types": ["scanned"]})
    call("POST", "/db/alias_extra_path", json={"path": str(extra), "alias": "Extra"})
    call("DELETE", "/db/extra_paths", json={"path": str(extra), "types": ["scanned"]})
    call("POST", "/batch_top_4_media_info", json={"paths": [str(library)]})
    cover = "data:image/png;base64," + base64.b64encode(as_bytes()).decode()
    call("POST", "/set_target_frame_as_video_cover", json={"path": str(first), "base64_img": cover, "updated_time": "now"})


MISSING: Tuple[Tuple[str, str, Dict[str, Any], str], ...] = (
    ("GET", "/files", {}, "folder_path"),
    ("GET", "/image-thumbnail", {"params": {"path": "/x"}}, "t"),
    ("GET", "/file", {"params": {"t": "1"}}, "path"),
    ("GET", "/stream_video", {}, "path"),
    ("GET", "/video_cover", {"params": {"path": "/x"}}, "mt"),
    ("GET", "/image_geninfo", {}, "path"),
    ("GET", "/image_exif", {}, "path"),
    ("GET", "/db/img_selected_custom_tag", {}, "path"),
    ("POST", "/batch_get_files_info", {"json": {}}, "paths"),
    ("POST", "/check_path_exists", {"json": {}}, "paths"),
    ("POST", "/mkdirs", {"json": {}}, "dest_folder"),
    ("POST", "/delete_files", {"json": {}}, "file_paths"),
    ("POST", "/copy_files", {"json": {"file_paths": []}}, "dest"),
    ("POST", "/move_files", {"json": {"dest": "/x"}}, "file_paths"),
    ("POST", "/db/rename", {"json": {"path": "/x"}}, "name"),
    ("POST", "/flatten_folder", {"json": {}}, "folder_path"),
    ("POST", "/zip", {"json": {"paths": [], "compress": True}}, "pack_only"),
    ("POST", "/image_geninfo_batch", {"json": {}}, "paths"),
    ("POST", "/db/search_by_substr", {"json": {}}, "surstr"),
    ("POST", "/db/add_custom_tag", {"json": {}}, "tag_name"),
    ("POST", "/db/toggle_custom_tag_to_img", {"json": {"img_path": "/x"}}, "tag_id"),
    ("POST", "/db/batch_update_image_tag", {"json": {"img_paths": [], "tag_id": 1}}, "action"),
    ("POST", "/db/remove_custom_tag", {"json": {}}, "tag_id"),
    ("POST", "/db/update_tag", {"json": {"id": 1}}, "color"),
    ("POST", "/db/extra_paths", {"json": {"path": "/x"}}, "types"),
    ("DELETE", "/db/extra_paths", {"json": {"types": []}}, "path"),
    ("POST", "/db/alias_extra_path", {"json": {"path": "/x"}}, "alias"),
    ("POST", "/app_fe_setting", {"json": {"name": "x"}}, "value"),
    ("POST", "/update_exif", {"json": {"path": "/x"}}, "exif"),
    ("POST", "/batch_top_4_media_info", {"json": {}}, "paths"),
)


@pytest.mark.parametrize(("method", "path", "options", "field"), MISSING, ids=[f"{row[0]} {row[1]}" for row in MISSING])
def test_a_missing_field_is_named(described: DescribedIIB, method: str, path: str, options: Dict[str, Any], field: str) -> None:
    detail = described.call(method, path, 422, **options).json()["detail"]
    place = "body" if "json" in options else "query"
    assert [(entry["type"], entry["loc"], entry["msg"]) for entry in detail] == [("missing", [place, field], "Field required")]


def test_wrong_types_and_broken_json_are_told_as_fastapi_does(described: DescribedIIB) -> None:
    detail = described.call("POST", "/db/remove_custom_tag", 422, json={"tag_id": "seven"}).json()["detail"]
    assert detail[0]["type"] == "int_parsing" and detail[0]["loc"] == ["body", "tag_id"] and detail[0]["input"] == "seven"
    detail = described.call("POST", "/delete_files", 422, json={"file_paths": "one"}).json()["detail"]
    assert detail[0]["type"] == "list_type" and detail[0]["loc"] == ["body", "file_paths"]
    detail = described.call("POST", "/mkdirs", 422, json={"dest_folder": 7}).json()["detail"]
    assert detail[0]["type"] == "string_type"
    detail = described.call("POST", "/mkdirs", 422, data='{"dest_folder": ', headers={"Content-Type": "application/json"})
    assert detail.json()["detail"][0]["type"] == "json_invalid" and detail.json()["detail"][0]["loc"][0] == "body"


def test_unknown_routes_and_methods_are_refused_in_the_dialects_shape(described: DescribedIIB) -> None:
    for method, path, status, text in (("GET", "/nothing", 404, "Not Found"), ("POST", "/hello", 405, "Method Not Allowed"),
                                       ("GET", "/delete_files", 405, "Method Not Allowed")):
        response = described.client.raw(method, path)
        assert (response.status_code, response.json()) == (status, {"detail": text})


def test_paths_outside_the_library_are_never_changed(described: DescribedIIB, tmp_path: Path) -> None:
    outside = png(tmp_path / "outside.png", 500)
    link = described.library / "way-out"
    if not link.is_symlink():
        link.symlink_to(tmp_path)
    inside = described.library / "s0" / "i0.png"
    for path in (outside, link / "outside.png", described.library / "s0" / ".." / ".." / ".." / "outside.png"):
        described.client.post("/delete_files", {"file_paths": [str(path)]}, expect=403)
        described.client.post("/move_files", {"file_paths": [str(path)], "dest": str(described.library / "s0")}, expect=403)
    for folder in (tmp_path, link):
        described.client.post("/copy_files", {"file_paths": [str(inside)], "dest": str(folder)}, expect=403)
        described.client.post("/mkdirs", {"dest_folder": str(folder / "new")}, expect=403)
    assert described.client.raw("POST", "/db/rename", json={"path": str(inside), "name": "../x.png"}).status_code in (400, 403)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside.png"] and inside.exists()
    link.unlink()


@pytest.mark.skipif(sys.version_info < (3, 10), reason="schemathesis needs Python 3.10")
@pytest.mark.timeout(600)
def test_made_up_requests_get_described_answers(described: DescribedIIB, tmp_path: Path) -> None:
    described.make_up(tmp_path, "--exclude-path-regex", "shutdown|open_folder|open_with")
