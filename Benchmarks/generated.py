"""Libraries of generated pictures to measure with: PNG, JPEG and WebP in nested folders, most with their prompts."""

import io
import os
import random
import struct
import zlib

from pictures import _noise

WORDS = ("masterpiece best quality detailed castle dragon forest river city street night sunset cinematic lighting portrait "
         "landscape watercolor oil painting sketch bokeh depth of field knight wizard robot spaceship ocean mountain snow "
         "desert ruins temple garden lantern fog rain neon cyberpunk baroque gothic minimal vivid pastel golden hour macro "
         "wide angle isometric aerial silhouette reflection storm harbor library clockwork steam crystal feather mask armor "
         "cloak crown mirror bridge tower window staircase marble velvet ivy moss ember smoke").split()
MODELS = [f"model_{name}_v{version}" for name in ("dream", "photon", "anything", "juggernaut", "pony") for version in range(4)]
SAMPLERS = ["Euler a", "Euler", "DPM++ 2M Karras", "DPM++ SDE Karras", "DDIM", "UniPC", "LMS", "Heun"]
SIZES = [(512, 512), (512, 768), (768, 512), (768, 1024), (1024, 1024), (1024, 576)]


def prompt(source, number):
    """A text as the web UI writes it; one in 5,000 has a word of its own."""
    phrases = [" ".join(source.choices(WORDS, k=source.randint(1, 3))) for _ in range(source.randint(10, 24))]
    if source.random() < 0.4:
        phrases.insert(0, "masterpiece")
    if source.random() < 0.3:
        phrases.append(f"<lora:style_{source.randrange(60)}:0.{source.randint(3, 9)}>")
    if number % 5000 == 7:
        phrases.append(f"quetzalcoatlus{number}")
    negative = ", ".join(source.choices(WORDS, k=12))
    width, height = source.choice(SIZES)
    return (f"{', '.join(phrases)}\nNegative prompt: {negative}\nSteps: {source.randint(15, 40)}, "
            f"Sampler: {source.choice(SAMPLERS)}, CFG scale: 7, Seed: {source.randrange(1 << 32)}, Size: {width}x{height}, "
            f"Model hash: {source.randrange(1 << 32):08x}, Model: {source.choice(MODELS)}")


def _png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _user_comment(text):
    """EXIF with one UserComment, UTF-16 big-endian, as the web UI writes it into JPEG and WebP."""
    value = b"UNICODE\0" + text.encode("utf-16-be")
    head = b"MM\0*" + struct.pack(">I", 8)
    pointer = struct.pack(">HHHIII", 1, 0x8769, 4, 1, 26, 0)
    field = struct.pack(">HHHIII", 1, 0x9286, 7, len(value), 44, 0)
    return head + pointer + field + value


def with_text(picture, kind, text):
    """The picture with the text where programs put it."""
    if kind == "png":
        return picture[:33] + _png_chunk(b"tEXt", b"parameters\0" + text.encode("latin-1")) + picture[33:]
    exif = _user_comment(text)
    if kind == "jpg":
        return picture[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif + picture[2:]
    chunk = picture[12:]
    width, height = _webp_size(picture)
    extended = b"VP8X" + struct.pack("<II", 10, 8)[:8] + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBP" + extended + chunk + b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_size(picture):
    return (struct.unpack_from("<H", picture, 26)[0] & 0x3FFF, struct.unpack_from("<H", picture, 28)[0] & 0x3FFF)


def bases(source, sizes=SIZES):
    """Encoded pictures by suffix."""
    made = {"png": [], "jpg": [], "webp": []}
    for width, height in sizes:
        picture = _noise(source, width, height)
        for kind, name, options in (("png", "PNG", {}), ("jpg", "JPEG", {"quality": 90}), ("webp", "WEBP", {"quality": 85})):
            buffer = io.BytesIO()
            (picture.quantize(64) if kind == "png" and width * height > 300_000 else picture).save(buffer, name, **options)
            made[kind].append(buffer.getvalue())
    return made


def library(folder, count, average=300_000, sparse=False, big=5031):
    """Fills `folder` with `count` files of about `average` bytes, one folder of `big` of them, the rest 40 a folder.

    Six in ten are PNG, a quarter JPEG, the rest WebP; seven in ten PNGs and half of the others have a prompt. A `sparse`
    library has small pictures with holes behind them, so that it costs little disk; nothing reads there but a hash.
    """
    source = random.Random(4)
    made = bases(source, [(64, 64), (64, 96), (96, 64)] if sparse else SIZES)
    filler = source.randbytes(1 << 20)
    begin = 1_600_000_000
    for number in range(count):
        draw = source.random()
        kind = "png" if draw < 0.6 else "jpg" if draw < 0.85 else "webp"
        picture = source.choice(made[kind])
        if source.random() < (0.7 if kind == "png" else 0.5):
            picture = with_text(picture, kind, prompt(source, number))
        if number < min(big, count // 2):
            directory = os.path.join(folder, "big")
        else:
            part = number // 40
            directory = os.path.join(folder, f"{part % 12:02d}", f"{part // 12 % 30:02d}", f"{part:05d}")
        os.makedirs(directory, exist_ok=True)
        path = os.path.join(directory, f"{number:06d}-{source.randrange(1 << 32)}.{kind}")
        length = max(0, int(average * source.uniform(0.6, 1.4)) - len(picture) - 8)
        with open(path, "wb") as file:
            file.write(picture + number.to_bytes(8, "little"))
            if sparse:
                file.truncate(len(picture) + 8 + length)
            else:
                offset = source.randrange(0, max(1, len(filler) - length))
                file.write(filler[offset:offset + length])
        moment = begin + source.randrange(90_000_000)
        os.utime(path, (moment, moment))


def large(folder, count, size=2048):
    """Fills `folder` with `count` distinct pictures of `size` pixels: PNG, JPEG and WebP in turn."""
    source = random.Random(5)
    os.makedirs(folder, exist_ok=True)
    for number in range(count):
        name, kind = (("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"))[number % 3]
        _noise(source, size, size * 3 // 4).save(os.path.join(folder, f"{number:04d}.{kind}"), name)
