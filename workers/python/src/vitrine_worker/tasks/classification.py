"""`model.classify`: what a picture shows."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ..context import TaskContext
from ..modelzoo.config import CLASSIFICATION
from ..modelzoo.model import LoadedModel
from ..preprocessing import to_blob
from .each import Answer, for_each_picture
from .params import integer, number


def classify(context: TaskContext) -> Answer:
    """Params: `model`, `images`, `top` (default 1), `threshold` (default: the model's).

    Each result has `classifications`, surest first: the shape of `infer` in contract vframe, section 3, with `index`
    and `confidence`.
    """
    top = integer(context.params, "top", 1, 1, 1000)

    def look(model: LoadedModel, picture: Image.Image) -> Answer:
        threshold = number(context.params, "threshold", model.config.threshold)
        scores = probabilities(model, picture)
        order = np.argsort(-scores, kind="stable")[:top]
        found = [{"label": model.label(int(index)), "index": int(index), "confidence": float(scores[index])}
                 for index in order if scores[index] >= threshold]
        return {"classifications": found, "task_type": "classification"}

    return for_each_picture(context, CLASSIFICATION, "classification", look)


def probabilities(model: LoadedModel, picture: Image.Image) -> np.ndarray:
    """The classifier's output, one number a class, after the configured `activation`."""
    scores = model.network.forward(to_blob(picture, model.config))[0].astype(np.float64).ravel()
    if not np.isfinite(scores).all():
        raise ValueError("its output has values that are not numbers")
    if model.config.activation == "softmax":
        powers = np.exp(scores - scores.max())
        return powers / powers.sum()
    if model.config.activation == "sigmoid":
        return 1.0 / (1.0 + np.exp(-np.clip(scores, -500, 500)))
    return scores
