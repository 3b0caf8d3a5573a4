"""Small generated pictures on disk."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Dict, Optional, Tuple

from PIL import Image


def picture_bytes(format_: str, size: Tuple[int, int] = (40, 30), seed: int = 0,
                  orientation: Optional[int] = None) -> bytes:
    """A picture whose bytes differ for each `seed`: its colours come from the seed's digest."""
    digest = hashlib.sha256(str(seed).encode()).digest()
    image = Image.new("RGB", size, tuple(digest[:3]))
    # The upper left quarter has another colour, so that a wrong orientation shows.
    image.paste(tuple(255 - value for value in digest[:3]), (0, 0, size[0] // 2, size[1] // 2))
    image.putpixel((size[0] - 1, size[1] - 1), tuple(digest[3:6]))
    options: Dict[str, object] = {}
    if format_ == "JPEG":
        options["comment"] = str(seed).encode()  # Lossy: two seeds' colours could come out the same.
    if format_ == "WEBP":
        options["lossless"] = True
    if orientation is not None:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    output = io.BytesIO()
    image.save(output, format_, **options)
    return output.getvalue()


def write_picture(path: Path, format_: str, size: Tuple[int, int] = (40, 30), seed: int = 0,
                  orientation: Optional[int] = None) -> bytes:
    """Writes a picture, makes its folders, and returns its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = picture_bytes(format_, size, seed, orientation)
    path.write_bytes(data)
    return data


def make_library(folder: Path, count: int, first: int = 0) -> int:
    """`count` distinct pictures in PNG, JPEG and WebP over a few folders; returns the sum of their sizes."""
    total = 0
    for n in range(first, first + count):
        format_, suffix = (("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"))[n % 3]
        data = write_picture(folder / f"{n % 7}" / f"picture-{n:05}.{suffix}", format_, (16 + n % 5, 12), n)
        total += len(data)
    return total
