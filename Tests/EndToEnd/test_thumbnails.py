"""Thumbnails: WebP of at most 256 px, the right way up."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Dict

import pytest
import requests
from PIL import Image, ImageOps

from harness.pictures import picture_bytes, write_picture
from harness.process import Server
from harness.realtime import Live


def scan_and_make(server: Server, within: float = 60) -> dict:
    """Scans, makes the thumbnails and returns the items by name, with the messages of the second task."""
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks")
        assert live.finished(live.run("scan")["task"], within)["info"]["state"] == "done"
        task = live.run("thumbnails")["task"]
        info = live.finished(task, within)["info"]
        # The server makes thumbnails after a scan by itself, so what is to be told may be told there.
        makers = [t["uuid"] for t in live.snapshot("tasks")["tasks"] if t["name"] == "thumbnails"]
        logs = [line for maker in makers for line in live.snapshot(f"task/{maker}")["log"]]
        items = {item["name"]: item for item in live.snapshot("library")["newest"]}
    return {"info": info, "logs": logs, "items": items}


def thumbnail(server: Server, item: Dict[str, str]) -> Image.Image:
    answer = requests.get(server.url + item["thumbnail"], timeout=15)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/webp"
    image = Image.open(io.BytesIO(answer.content))
    assert image.format == "WEBP"
    return image.convert("RGB")


@pytest.mark.parametrize("format_,name", [("PNG", "a.png"), ("JPEG", "b.jpg"), ("WEBP", "c.webp")])
@pytest.mark.parametrize("size,expected", [
    ((1024, 512), (256, 128)), ((300, 900), (85, 256)), ((2048, 2048), (256, 256)), ((40, 30), (40, 30)),
    ((1, 1), (1, 1)), ((5000, 3), (256, 1)),
], ids=str)
def test_every_format_and_shape(serve, tmp_path: Path, format_: str, name: str, size: tuple, expected: tuple) -> None:
    write_picture(tmp_path / "pictures" / name, format_, size)
    server = serve("--library", str(tmp_path / "pictures"))
    made = scan_and_make(server)
    assert made["info"]["state"] == "done"
    image = thumbnail(server, made["items"][name])
    assert all(abs(a - b) <= 1 for a, b in zip(image.size, expected)), image.size


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_as_its_exif_says(serve, tmp_path: Path, orientation: int) -> None:
    data = write_picture(tmp_path / "pictures" / "photo.jpg", "JPEG", (640, 320), 5, orientation)
    server = serve("--library", str(tmp_path / "pictures"))
    image = thumbnail(server, scan_and_make(server)["items"]["photo.jpg"])
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB").resize(image.size)
    assert image.size == ((256, 128) if orientation < 5 else (128, 256))
    width, height = image.size
    for x in (width // 4, 3 * width // 4):
        for y in (height // 4, 3 * height // 4):
            pairs = zip(image.getpixel((x, y)), upright.getpixel((x, y)))
            assert all(abs(a - b) < 24 for a, b in pairs), f"another colour at {x},{y}"


def test_a_corrupt_file_is_reported_and_the_others_are_made(serve, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    for n in range(5):
        write_picture(folder / f"good-{n}.png", "PNG", (400, 300), n)
    for name, format_ in (("cut.png", "PNG"), ("cut.jpg", "JPEG"), ("cut.webp", "WEBP")):
        data = picture_bytes(format_, (400, 300), 9)
        (folder / name).write_bytes(data[: max(64, len(data) // 3)])
    server = serve("--library", str(folder))
    made = scan_and_make(server)
    assert made["info"]["state"] == "done"
    for n in range(5):
        assert thumbnail(server, made["items"][f"good-{n}.png"]).size == (256, 192)
    told = " ".join(m["message"] for m in made["logs"])
    recorded = [name for name in ("cut.png", "cut.jpg", "cut.webp") if name in made["items"]]
    for name in recorded:
        answer = requests.get(server.url + (made["items"][name].get("thumbnail") or "/none"), timeout=15)
        # A decoder may save what there is of a cut JPEG; what it cannot save must be told.
        assert answer.status_code == 200 or name in told, name


def test_transparency_and_other_colour_types(serve, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for mode in ("RGBA", "LA", "L", "P", "1", "I;16"):
        Image.new(mode, (300, 200)).save(folder / f"{mode.replace(';', '')}.png")
    Image.new("L", (300, 200), 99).save(folder / "grey.jpg")
    Image.new("CMYK", (300, 200), (10, 20, 30, 40)).save(folder / "cmyk.jpg")
    server = serve("--library", str(folder))
    made = scan_and_make(server)
    for path in folder.iterdir():
        assert thumbnail(server, made["items"][path.name]).size[0] == 256, path.name


def test_an_unknown_thumbnail_is_404(serve, tmp_path: Path) -> None:
    write_picture(tmp_path / "pictures" / "a.png", "PNG")
    server = serve("--library", str(tmp_path / "pictures"))
    item = scan_and_make(server)["items"]["a.png"]
    known = item["thumbnail"]
    unknown = known.replace(item["sha256"], "0" * 64) if item["sha256"] in known else known + "-none"
    assert requests.get(server.url + unknown, timeout=15).status_code in (400, 404)
