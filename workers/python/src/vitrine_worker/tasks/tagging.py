"""`model.tag`: tags and a rating for each picture, by taggers in the WD14 layout."""

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
from PIL import Image

from ..context import TaskContext
from ..modelzoo.config import TAGGING
from ..modelzoo.model import LoadedModel
from ..preprocessing import to_tagger_blob
from .each import Answer, for_each_picture
from .params import number

DEFAULT_SIZE = (448, 448)


def tag(context: TaskContext) -> Answer:
    """Params: `model`, `images`, `general_threshold`, `character_threshold` (defaults: the model's, 0.35 and 0.85).

    Each result has `tags` (`name`, `category`, `confidence`; surest first) and `rating` (every rating with its
    confidence). The network's outputs are probabilities already.
    """

    def look(model: LoadedModel, picture: Image.Image) -> Answer:
        general = number(context.params, "general_threshold", model.config.general_threshold)
        character = number(context.params, "character_threshold", model.config.character_threshold)
        tags: List[Dict[str, Any]] = []
        rating: Dict[str, float] = {}
        for entry, confidence in zip(model.tags, confidences(model, picture)):
            if entry.category == "rating":
                rating[entry.name] = confidence
            elif confidence >= (character if entry.category == "character" else general):
                tags.append({"name": entry.name, "category": entry.category, "confidence": confidence})
        tags.sort(key=lambda found: -found["confidence"])
        return {"tags": tags, "rating": rating, "task_type": "tagging"}

    return for_each_picture(context, TAGGING, "tagging", look)


def confidences(model: LoadedModel, picture: Image.Image) -> List[float]:
    """A number for each tag. Raises ValueError when the network has not an output for each of them."""
    config = model.config
    size = model.network.input_size or ((config.width, config.height) if config.width else DEFAULT_SIZE)
    values = model.network.forward(to_tagger_blob(picture, size))[0].astype(np.float64).ravel()
    if len(values) != len(model.tags):
        raise ValueError(f"it has {len(values)} outputs, and its tags file {len(model.tags)} rows")
    if not np.isfinite(values).all():
        raise ValueError("its output has values that are not numbers")
    return [float(value) for value in values]
