"""`model.features`: a vector for each picture, for search by likeness."""

from __future__ import annotations

import base64

import numpy as np
from PIL import Image

from ..context import TaskContext
from ..modelzoo.config import FEATURE_EXTRACTION
from ..modelzoo.model import LoadedModel
from ..preprocessing import to_blob
from .each import Answer, for_each_picture
from .params import choice

ENCODINGS = ("list", "base64")


def extract_features(context: TaskContext) -> Answer:
    """Params: `model`, `images`, `encoding` `list` (default) or `base64` (32-bit floats, little-endian).

    Each result has `vector`, L2-normalised, and `dimensions`. Contract vframe, section 3 (Feature vector).
    """
    encoding = choice(context.params, "encoding", ENCODINGS)

    def look(model: LoadedModel, picture: Image.Image) -> Answer:
        values = vector(model, picture)
        return {"vector": _encode(values, encoding), "dimensions": len(values)}

    return for_each_picture(context, FEATURE_EXTRACTION, "features", look)


def vector(model: LoadedModel, picture: Image.Image) -> np.ndarray:
    """The flattened layer, at length 1; all zeros stay so. Raises ValueError for a length that is not configured."""
    values = model.network.forward(to_blob(picture, model.config), model.config.features)[0].astype(np.float32).ravel()
    expected = model.config.dimensions
    if expected not in (0, len(values)):
        raise ValueError(f"its vector has {len(values)} values, `dimensions` says {expected}")
    length = float(np.linalg.norm(values.astype(np.float64)))
    if not np.isfinite(length):
        raise ValueError("its vector has values that are not numbers")
    return values / np.float32(length) if length > 0 else values


def _encode(values: np.ndarray, encoding: str) -> object:
    if encoding == "base64":
        return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")
    return [float(value) for value in values]
