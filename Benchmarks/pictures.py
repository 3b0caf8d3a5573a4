"""Picture libraries to measure with: real pictures, made distinct cheaply."""

import io
import os
import random

from PIL import Image

FORMATS = [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")]


def _noise(random_source, width, height):
    small = Image.frombytes("RGB", (width // 8, height // 8), random_source.randbytes(width // 8 * (height // 8) * 3))
    return small.resize((width, height), Image.BICUBIC)


def library(folder, count, average=100_000):
    """Fills `folder` with `count` files of `average` bytes on the whole, all distinct, 200 a directory.

    A few pictures are encoded; each file is one of them with its own bytes behind the end, which decoders ignore.
    """
    source = random.Random(1)
    bases = []
    for kind, suffix in FORMATS:
        for size in ((320, 240), (512, 512), (640, 384)):
            buffer = io.BytesIO()
            _noise(source, *size).save(buffer, kind)
            bases.append((buffer.getvalue(), suffix))
    filler = source.randbytes(1 << 20)
    for number in range(count):
        directory = os.path.join(folder, f"{number // 200:04d}")
        if number % 200 == 0:
            os.makedirs(directory, exist_ok=True)
        picture, suffix = bases[number % len(bases)]
        length = max(0, int(average * source.uniform(0.5, 1.5)) - len(picture) - 8)
        offset = source.randrange(0, len(filler) - length) if length < len(filler) else 0
        with open(os.path.join(directory, f"{number:06d}.{suffix}"), "wb") as file:
            file.write(picture + number.to_bytes(8, "little") + filler[offset:offset + length])


def photographs(folder, count, size=2048):
    """Fills `folder` with `count` distinct JPEGs of `size` x `size` * 3/4 pixels."""
    source = random.Random(2)
    os.makedirs(folder, exist_ok=True)
    for number in range(count):
        _noise(source, size, size * 3 // 4).save(os.path.join(folder, f"{number:04d}.jpg"), quality=90)
