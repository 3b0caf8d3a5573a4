"""Thumbnails of pictures that move or are stored turned, and of a cache that takes nothing."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any, Callable, Dict

import pytest
import requests
from PIL import Image

from harness.process import Server

BASE = "/infinite_image_browsing"

# What must be done to an upright picture so that it is stored as the orientation says.
STORED = {
    1: [], 2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM], 5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90],
    7: [Image.Transpose.TRANSVERSE], 8: [Image.Transpose.ROTATE_270],
}
CORNERS = {(0.1, 0.1): (200, 40, 40), (0.9, 0.1): (40, 200, 40), (0.1, 0.9): (40, 40, 200), (0.9, 0.9): (200, 200, 40)}


def picture(width: int = 600, height: int = 400) -> Image.Image:
    """Another colour in each quarter, with noise so that the file is not small."""
    upright = Image.new("RGB", (width, height))
    for (x, y), colour in CORNERS.items():
        upright.paste(colour, (int(x > 0.5) * width // 2, int(y > 0.5) * height // 2,
                               (1 + int(x > 0.5)) * width // 2, (1 + int(y > 0.5)) * height // 2))
    noise = Image.frombytes("RGB", (width, height), random.Random(7).randbytes(width * height * 3))
    return Image.blend(upright, noise, 0.2)


def thumbnail(server: Server, path: Path, version: str = "1") -> Image.Image:
    answer = requests.get(f"{server.url}{BASE}/image-thumbnail", timeout=60,
                          params={"path": str(path), "t": version, "size": "256x256"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp"), answer.text[:200]
    return Image.open(io.BytesIO(answer.content))


def folder(tmp_path: Path) -> Path:
    library = tmp_path / "library"
    library.mkdir()
    return library


def assert_upright(image: Image.Image, size: tuple) -> None:
    assert image.size == size
    for (x, y), colour in CORNERS.items():
        box = (int(x * image.width) - 5, int(y * image.height) - 5, int(x * image.width) + 5, int(y * image.height) + 5)
        found = image.convert("RGB").crop(box).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
        wanted = [0.8 * part + 0.2 * 128 for part in colour]
        assert all(abs(a - b) < 40 for a, b in zip(found, wanted)), f"{found} at {x}, {y}, not {wanted}"


@pytest.mark.parametrize("options", [{"quality": 90}, {"lossless": True}, {"quality": 90, "alpha": True}], ids=str)
def test_an_animated_webp_is_shown_by_its_first_frame(serve: Callable[..., Server], tmp_path: Path,
                                                      options: Dict[str, Any]) -> None:
    frames = [picture(), Image.new("RGB", (600, 400), (0, 0, 0))]
    if options.pop("alpha", False):
        for frame in frames:
            frame.putalpha(128)
    path = folder(tmp_path) / "moving.webp"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100, **options)
    assert path.stat().st_size > 65_536
    image = thumbnail(serve("--library", str(path.parent)), path)
    if frames[0].mode == "RGBA":
        assert image.mode == "RGBA"
        assert image.getextrema()[3] == (128, 128)
    assert_upright(image, (256, 171))


@pytest.mark.parametrize("suffix", ["png", "webp", "jpg", "avif"])
def test_a_picture_that_is_stored_turned_is_shown_upright(serve: Callable[..., Server], tmp_path: Path,
                                                          suffix: str) -> None:
    library = folder(tmp_path)
    server = serve("--library", str(library))
    for orientation, steps in STORED.items():
        stored = picture()
        for step in steps:
            stored = stored.transpose(step)
        exif = Image.Exif()
        exif[0x0112] = orientation
        path = library / f"{orientation}.{suffix}"
        stored.save(path, exif=exif, quality=95)
        assert path.stat().st_size > 65_536
        assert_upright(thumbnail(server, path), (256, 171))


def test_pictures_are_shown_though_nothing_can_be_kept(serve: Callable[..., Server], tmp_path: Path) -> None:
    path, cache = folder(tmp_path) / "a.png", tmp_path / "cache"
    picture().save(path)
    cache.write_text("a file, not a folder")
    server = serve("--library", str(path.parent), environment={"IIB_CACHE_DIR": str(cache)})
    for version in ["1", "2", "3"]:
        assert_upright(thumbnail(server, path, version), (256, 171))
    assert server.log_text().count("are not kept in") == 1
