"""Pictures to the arrays that networks take."""

from __future__ import annotations

from typing import Tuple

import cv2
import numpy as np
from PIL import Image

from .modelzoo.config import ModelConfig
from .pictures import on_white_square, to_bgr


def to_blob(picture: Image.Image, config: ModelConfig) -> np.ndarray:
    """1 × 3 × rows × columns: resized (cubic), minus mean, times scale, red first if the network wants that.

    Contract vframe, section 3 (Feature vector). The mean is of blue, green, red, whatever order the network wants.
    """
    image = _resize(to_bgr(picture), config.width, config.height, config.crop)
    values = (image.astype(np.float32) - np.array(config.mean, np.float32)) * np.float32(config.scale)
    if config.rgb:
        values = values[:, :, ::-1]
    return np.ascontiguousarray(values.transpose(2, 0, 1)[np.newaxis])


def to_tagger_blob(picture: Image.Image, size: Tuple[int, int]) -> np.ndarray:
    """1 × 3 × rows × columns of blue, green, red from 0 to 255: in a white square, resized (bicubic)."""
    square = on_white_square(picture)
    if square.size != size:
        square = square.resize(size, Image.Resampling.BICUBIC)
    return np.ascontiguousarray(to_bgr(square).astype(np.float32).transpose(2, 0, 1)[np.newaxis])


def _resize(image: np.ndarray, width: int, height: int, crop: bool) -> np.ndarray:
    if not crop:
        return cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC)
    rows, columns = image.shape[:2]
    ratio = max(width / columns, height / rows)
    scaled = (max(width, round(columns * ratio)), max(height, round(rows * ratio)))
    image = cv2.resize(image, scaled, interpolation=cv2.INTER_CUBIC)
    left, top = (scaled[0] - width) // 2, (scaled[1] - height) // 2
    return image[top:top + height, left:left + width]
