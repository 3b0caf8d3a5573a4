"""Indexing, searching and tagging by the Infinite Image Browsing dialect, on real files."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from pathlib import Path

import pytest
import requests

from harness.iib import IIB, check, parameters, png, with_user_comment
from harness.realtime import Live
from harness.waiting import eventually


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Twelve pictures in nested folders, most with prompts, dated a day apart."""
    root = tmp_path / "pictures"
    for number in range(8):
        png(root / f"set{number % 2}" / f"img_{number}.png", number,
            parameters(f"a red castle, number {number}, <lora:add_detail:0.5>", model=f"model_{number % 3}", seed=number))
    png(root / "plain.png", 100)
    with_user_comment(root / "deep" / "er" / "photo.jpg", "JPEG", parameters("green dragon, forest"), 1)
    with_user_comment(root / "deep" / "little.webp", "WEBP", parameters("blue dragon, lake"), 2, little=True)
    png(root / "deep" / "side.png", 200)
    (root / "deep" / "side.txt").write_text(parameters("only beside the picture"))
    for number, path in enumerate(sorted(root.rglob("*.*"))):
        os.utime(path, (1_700_000_000 + number * 86_400,) * 2)
    return root


@pytest.fixture
def iib(serve, library: Path) -> IIB:
    client = IIB(serve("--library", str(library)))
    client.update()
    return client


def names(page: dict) -> list:
    return [file["name"] for file in page["files"]]


def test_library_folders_are_indexed_at_start_without_being_asked(serve, library: Path) -> None:
    iib = IIB(serve("--library", str(library)))

    def indexed() -> dict:
        # The last picture is there a moment before its folder is known to be up to date.
        info = iib.get("/db/basic_info")
        return info if info["img_count"] == 12 and not info["expired"] else {}
    info = eventually(indexed, "all pictures are indexed")
    assert info["expired"] is False and info["expired_dirs"] == []
    assert info["tags"][0] == {"name": "like", "score": 0, "type": "custom", "count": 0, "id": 1, "color": "",
                               "display_name": None}


def test_texts_are_found_in_every_container(iib: IIB, library: Path) -> None:
    assert names(iib.search("RED CASTLE")) == [f"img_{n}.png" for n in (7, 5, 3, 1, 6, 4, 2, 0)]
    assert names(iib.search("green dragon")) == ["photo.jpg"]
    assert names(iib.search("blue dragon")) == ["little.webp"]
    assert names(iib.search("beside the picture")) == ["side.png"]
    assert names(iib.search("", regexp=r"(red|blue)\s+(castle|dragon), number [67]")) == ["img_7.png", "img_6.png"]
    assert names(iib.search("re")) == names(iib.search("", regexp="re"))  # under three characters
    assert iib.post("/db/search_by_substr", {"surstr": "", "regexp": "(unclosed"}, expect=400)["detail"]


def test_paths_are_found_and_can_be_searched_alone(iib: IIB, library: Path) -> None:
    assert sorted(names(iib.search("deep/er"))) == ["photo.jpg"]
    assert names(iib.search("castle", path_only=True)) == []
    assert names(iib.search("set1/img", path_only=True)) == [f"img_{n}.png" for n in (7, 5, 3, 1)]
    below = iib.search("", folder_paths=[str(library / "deep")])
    assert sorted(names(below)) == ["little.webp", "photo.jpg", "side.png"]
    assert iib.search("", folder_paths=[str(library / "nowhere")])["files"] == []


def test_a_found_file_says_what_clients_read(iib: IIB, library: Path) -> None:
    path = library / "deep" / "er" / "photo.jpg"
    file = iib.search("green dragon")["files"][0]
    assert file == {
        "type": "file", "id": file["id"], "name": "photo.jpg", "fullpath": str(path), "bytes": path.stat().st_size,
        "size": file["size"], "is_under_scanned_path": True,
        "date": time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(path.stat().st_mtime)), "created_date": file["date"],
    }
    assert file["size"].endswith(" B") or file["size"].endswith(" KB")


def test_pages_neither_repeat_nor_miss(iib: IIB) -> None:
    whole = [file["fullpath"] for file in iib.every(size=200)]
    assert len(whole) == 12
    for size in (1, 2, 5, 12):
        assert [file["fullpath"] for file in iib.every(size=size)] == whole
    tagged = [file["fullpath"] for file in iib.every("/db/match_images_by_tags", size=3)]
    assert tagged == whole
    shuffled = [file["fullpath"] for file in iib.every("/db/match_images_by_tags", size=5, random_sort=True)]
    assert sorted(shuffled) == sorted(whole)


def test_automatic_tags_are_those_of_the_contract(iib: IIB) -> None:
    tags = {(tag["type"], tag["name"]): tag for tag in iib.get("/db/basic_info")["tags"]}
    for wanted in (("size", "64 × 48"), ("size", "48 × 64"), ("Media Type", "Image"), ("Model", "model_1"),
                   ("Sampler", "Euler a"), ("Source Identifier", "Stable Diffusion web UI"), ("pos", "a red castle"),
                   ("lora", "add_detail"), ("pos", "green dragon")):
        assert wanted in tags, sorted(tags)
    assert tags["lora", "add_detail"]["count"] == 8
    both = iib.every("/db/match_images_by_tags", and_tags=[tags["Model", "model_1"]["id"], tags["lora", "add_detail"]["id"]])
    assert sorted(file["name"] for file in both) == ["img_1.png", "img_4.png", "img_7.png"]
    rest = iib.every("/db/match_images_by_tags", or_tags=[tags["Media Type", "Image"]["id"]],
                     not_tags=[tags["lora", "add_detail"]["id"]])
    assert sorted(file["name"] for file in rest) == ["little.webp", "photo.jpg", "plain.png", "side.png"]


def test_the_generation_text_is_answered_and_can_be_edited(iib: IIB, library: Path) -> None:
    path = library / "set0" / "img_0.png"
    text = iib.get("/image_geninfo", path=str(path))
    assert text == parameters("a red castle, number 0, <lora:add_detail:0.5>", model="model_0", seed=0) \
        + ", Source Identifier: Stable Diffusion web UI"
    assert iib.get("/image_geninfo", path=str(library / "plain.png")) == ""
    assert iib.get("/image_geninfo", path=str(library / "nothing.png")) == ""
    assert iib.get("/image_exif", path=str(path))["parameters"].startswith("a red castle")
    assert iib.post("/update_exif", {"path": str(path), "exif": "my own words"})["success"] is True
    assert iib.get("/image_geninfo", path=str(path)) == "my own words"
    assert names(iib.search("my own words")) == ["img_0.png"]
    iib.post("/db/rebuild_index")
    assert iib.get("/image_geninfo", path=str(path)) == "my own words"


def test_an_edit_in_place_is_noticed_and_custom_tags_stay(iib: IIB, library: Path) -> None:
    path = library / "set0" / "img_2.png"
    tag = iib.tag("keeper")
    assert iib.post("/db/toggle_custom_tag_to_img", {"img_path": str(path), "tag_id": tag}) == {"is_remove": 0}
    before = iib.search("number 2")["files"][0]["id"]
    png(path, 2, parameters("a violet tower, edited"))
    iib.update()
    found = iib.search("violet tower")["files"]
    assert [file["id"] for file in found] == [before]
    assert names(iib.search("number 2,")) == []
    assert iib.tags_of(path) == {str(path): ["keeper"]}


def test_moves_outside_the_server_keep_id_and_tags(iib: IIB, library: Path) -> None:
    old, new = library / "set1" / "img_3.png", library / "elsewhere" / "renamed.png"
    tag = iib.tag("mover")
    iib.post("/db/batch_update_image_tag", {"img_paths": [str(old)], "action": "add", "tag_id": tag})
    before = iib.search("number 3,")["files"][0]["id"]
    new.parent.mkdir()
    shutil.move(old, new)
    iib.update()
    assert [(file["id"], file["fullpath"]) for file in iib.search("number 3,")["files"]] == [(before, str(new))]
    assert iib.tags_of(old, new) == {str(new): ["mover"]}


def test_a_file_that_comes_back_has_its_tags_again(iib: IIB, library: Path, tmp_path: Path) -> None:
    path, away = library / "plain.png", tmp_path / "away.png"
    iib.post("/db/toggle_custom_tag_to_img", {"img_path": str(path), "tag_id": 1})

    def hashed() -> bool:
        with Live(f"{iib.url.replace('http', 'ws').rsplit('/', 1)[0]}/ws") as live:
            return live.snapshot("library")["counts"]["files"] == 12
    eventually(hashed, "every file is hashed")
    shutil.copyfile(path, away)
    path.unlink()
    iib.update()
    assert iib.search("plain.png")["files"] == []
    shutil.copyfile(away, library / "deep" / "back.png")
    iib.update()
    back = library / "deep" / "back.png"
    eventually(lambda: iib.tags_of(back) == {str(back): ["like"]}, "the tag is back")


def test_a_rebuild_is_not_noticed_by_readers(iib: IIB, library: Path) -> None:
    iib.post("/db/toggle_custom_tag_to_img", {"img_path": str(library / "plain.png"), "tag_id": 1})
    whole = {(file["id"], file["fullpath"]) for file in iib.every()}
    ended = threading.Event()
    wrong = []

    def read() -> None:
        other = IIB.__new__(IIB)
        other.url, other.session = iib.url, requests.Session()
        while not ended.is_set():
            seen = {(file["id"], file["fullpath"]) for file in other.every(size=5)}
            castles = len(other.search("red castle")["files"])
            if seen != whole or castles != 8:
                wrong.append((seen ^ whole, castles))
    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(3):
            assert iib.post("/db/rebuild_index") is None
    finally:
        ended.set()
        reader.join()
    assert not wrong, wrong[:3]
    assert iib.tags_of(library / "plain.png") == {str(library / "plain.png"): ["like"]}


def test_changes_are_noticed_without_being_asked(iib: IIB, library: Path) -> None:
    added = png(library / "new" / "folder" / "fresh.png", 300, parameters("an orange comet"))
    eventually(lambda: names(iib.search("orange comet")) == ["fresh.png"], "the new file is found", within=20)
    added.unlink()
    eventually(lambda: names(iib.search("orange comet")) == [], "the deleted file is gone", within=20)


def test_a_tag_is_seen_by_every_dialect(serve, library: Path) -> None:
    server = serve("--library", str(library))
    iib = IIB(server)
    iib.update()
    path = library / "set0" / "img_0.png"

    def native() -> list:
        found = requests.get(f"{server.url}/api/library/search", params={"text": "img_0"}, timeout=10).json()
        return found["items"][0].get("tags", [])
    eventually(lambda: requests.get(f"{server.url}/api/library/search", params={"text": "img_0"}, timeout=10)
               .json()["items"][0].get("sha256"), "the file is hashed")
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("library")
        iib.post("/db/toggle_custom_tag_to_img", {"img_path": str(path), "tag_id": 1})
        live.until(lambda message: message["type"] == "library.changed" and
                   any(item["name"] == "img_0.png" and item.get("tags") == ["like"] for item in message["items"]))
    assert native() == ["like"]


def test_changes_of_the_tags_are_told_over_the_socket(serve, library: Path) -> None:
    server = serve("--library", str(library))
    iib = IIB(server)
    iib.update()
    with Live(f"{server.socket_url}/ws") as live:
        before = live.snapshot("tags")["counts"]
        assert before["custom"] == 1

        def told() -> dict:
            return live.until(lambda message: message.get("type") == "tags.changed")[-1]
        tag = iib.tag("sunset")
        added = told()
        assert (added["action"], added["name"]) == ("added", "sunset") and "key" not in added
        assert added["item"] == {"id": tag, "name": "sunset", "type": "custom", "count": 0, "color": ""}
        iib.post("/db/update_tag", {"id": tag, "color": "#ff0000"})
        changed = told()
        assert (changed["action"], changed["item"]["color"]) == ("changed", "#ff0000")
        assert live.snapshot("tags")["counts"] == {**before, "custom": 2}
        iib.post("/db/remove_custom_tag", {"tag_id": tag})
        removed = told()
        assert (removed["action"], removed["name"], removed["item"]["id"]) == ("removed", "sunset", tag)
        assert removed["offset"] > changed["offset"] > added["offset"]
        assert live.snapshot("tags")["counts"] == before

        rule = {"tag": "castles", "filters": [{"field": "pos_prompt", "operator": "contains", "value": "castle"}]}
        iib.post("/app_fe_setting", {"name": "auto_tag_rules", "value": json.dumps([rule])})
        live.subscribe("library")
        png(library / "new.png", 400, parameters("a castle of sand"))
        iib.update()
        added = told()
        assert (added["action"], added["name"], live.snapshot("tags")["counts"]["custom"]) == ("added", "castles", 2)
        # Its content is known, and told, at any time after the tag.
        live.heard(lambda message: message["type"] == "library.added" and
                   any(item["name"] == "new.png" and item.get("tags") == ["castles"] for item in message["items"]))
    found = requests.get(f"{server.url}/api/library/search", params={"text": "new.png"}, timeout=10).json()["items"]
    assert [item["tags"] for item in found] == [["castles"]]


def test_broken_files_are_found_and_tagged_until_they_are_whole(serve, library: Path) -> None:
    whole = png(library / "whole.png", 500).read_bytes()
    broken = {"empty.jpg": b"", "text.png": b"no picture", "cut.png": whole[:20]}
    for name, data in broken.items():
        (library / "broken" / name).parent.mkdir(exist_ok=True)
        (library / "broken" / name).write_bytes(data)
    server = serve("--library", str(library))
    iib = IIB(server)
    iib.update()
    found = iib.every(folder_paths=[str(library / "broken")])
    assert sorted(file["name"] for file in found) == sorted(broken)
    ids = {file["name"]: file["id"] for file in found}
    unknown = [tag["id"] for tag in iib.get("/db/basic_info")["tags"] if tag["name"] == "Unknown Size"]
    assert len(iib.every("/db/match_images_by_tags", and_tags=unknown)) == 3
    paths = [str(library / "broken" / name) for name in broken]
    late = library / "broken" / "late.webp"
    late.write_bytes(b"RIFF")
    iib.post("/db/batch_update_image_tag", {"img_paths": [*paths, str(late)], "action": "add", "tag_id": 1})
    assert iib.tags_of(*map(Path, paths), late) == {path: ["like"] for path in [*paths, str(late)]}

    def counts() -> dict:
        with Live(f"{server.socket_url}/ws") as live:
            return live.snapshot("library")["counts"]
    eventually(lambda: counts()["files"] == 13, "only whole files are counted")
    (library / "broken" / "text.png").write_bytes(png(library / "other.png", 501).read_bytes())
    iib.update()
    eventually(lambda: counts()["files"] == 15, "the file that is whole now is counted")
    [file] = iib.search("text.png")["files"]
    assert file["id"] == ids["text.png"] and iib.tags_of(library / "broken" / "text.png")


def test_seeds_of_64_bits_are_found_and_follow_an_edited_text(serve, library: Path) -> None:
    graph = {"3": {"class_type": "KSampler", "inputs": {"seed": 2**64 - 1, "steps": 20, "sampler_name": "euler",
                   "model": ["4", 0], "positive": ["6", 0], "negative": ["6", 0]}},
             "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "m.safetensors"}},
             "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox", "clip": ["4", 1]}}}
    png(library / "comfy.png", 600, prompt=json.dumps(graph))
    path = png(library / "web.png", 601, parameters("a wolf", seed=2**64 - 2))
    iib = IIB(serve("--library", str(library)))
    iib.update()
    assert names(iib.search(seed=2**64 - 1)) == ["comfy.png"]
    assert names(iib.search(seed=2**64 - 2)) == ["web.png"]
    assert sorted(names(iib.search(min_seed=2**63))) == ["comfy.png", "web.png"]
    iib.post("/update_exif", {"path": str(path), "exif": parameters("a bear", seed=77, model="night")})
    assert names(iib.search(seed=77)) == names(iib.search(model="NIGHT")) == ["web.png"]
    assert names(iib.search(seed=2**64 - 2)) == []


def test_everything_agrees_after_index_search_move_and_tag_at_once(serve, library: Path, tmp_path: Path) -> None:
    for number in range(300):
        png(library / "many" / f"{number % 10}" / f"m{number}.png", 1000 + number, parameters(f"crowd {number}"))
    server = serve("--library", str(library))
    setup = IIB(server)
    setup.update()
    tag = setup.tag("busy")
    failures = []
    tagged = sorted((library / "many").rglob("m*0.png"))

    def run(work) -> None:
        try:
            work(IIB(server))
        except BaseException as error:  # noqa: BLE001: told at the end
            failures.append(error)

    def search(iib: IIB) -> None:
        for _ in range(25):
            seen = [file["fullpath"] for file in iib.every(surstr="crowd", size=70)]
            assert len(seen) == len(set(seen))

    def update(iib: IIB) -> None:
        for _ in range(10):
            iib.update()

    def label(iib: IIB) -> None:
        for path in tagged:
            iib.post("/db/batch_update_image_tag", {"img_paths": [str(path)], "action": "add", "tag_id": tag})

    def move(iib: IIB) -> None:
        for number in range(1, 10):
            files = [str(path) for path in sorted((library / "many" / str(number)).glob("*.png"))]
            iib.post("/move_files", {"file_paths": files, "dest": str(library / "moved"), "create_dest_folder": True,
                                     "continue_on_error": True})
    threads = [threading.Thread(target=run, args=(work,)) for work in (search, update, label, move, search)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    setup.update()
    wanted = {str(path): ["busy"] for path in library.rglob("m*0.png")}
    assert len(wanted) == 30
    eventually(lambda: setup.get("/db/basic_info")["img_count"] == 312, "every file is indexed")
    data = tmp_path / "data"

    def hashed() -> bool:
        with Live(f"{server.socket_url}/ws") as live:
            return live.snapshot("library")["counts"]["files"] == 312
    eventually(hashed, "every file is hashed", within=60)
    assert server.terminate() == 0
    check(data, [library], tags=wanted)
