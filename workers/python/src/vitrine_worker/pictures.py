"""Bytes to pictures."""

from __future__ import annotations

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from .errors import TaskError


def decode(data: bytes) -> Image.Image:
    """The first frame of a picture, upright, as RGB or RGBA.

    Raises TaskError `bad_picture` for what Pillow cannot read, and for pictures of more pixels than it takes for an
    attack (about 180 million).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as opened:
                opened.load()
                upright = ImageOps.exif_transpose(opened)
                return _eight_bits(upright)
    except TaskError:
        raise
    except Exception as error:  # Pillow's decoders raise nearly anything on damaged files.
        raise TaskError("bad_picture", f"not a readable picture: {error}") from error


def to_bgr(picture: Image.Image) -> np.ndarray:
    """Rows, columns, and blue, green, red from 0 to 255; transparency is left out, as OpenCV's reader does."""
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])


def on_white_square(picture: Image.Image) -> Image.Image:
    """The picture in the middle of a white square with the length of its longer side; transparency shows white."""
    side = max(picture.size)
    square = Image.new("RGB", (side, side), (255, 255, 255))
    corner = ((side - picture.width) // 2, (side - picture.height) // 2)
    square.paste(picture, corner, picture if picture.mode == "RGBA" else None)
    return square


def _eight_bits(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith(("I", "F")):
        values = np.asarray(picture, dtype=np.float64)
        # Pillow cuts off what is above 255; 16 bits (and floats of the same range) are scaled instead.
        if values.size and values.max() > 255:
            values = values / 257.0
        return Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8)).convert("RGB")
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    return picture.convert("RGBA" if has_alpha else "RGB")
