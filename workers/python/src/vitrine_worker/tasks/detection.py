"""`model.detect`: where things are in a picture."""

from __future__ import annotations

from PIL import Image

from ..context import TaskContext
from ..modelzoo.config import OBJECT_DETECTION
from ..modelzoo.model import LoadedModel
from ..preprocessing import to_blob
from .boxes import NMS_THRESHOLD, read_boxes, suppress
from .each import Answer, for_each_picture
from .params import number


def detect(context: TaskContext) -> Answer:
    """Params: `model`, `images`, `threshold` (default: the model's).

    Each result has `detections`, surest first: the shape of `infer` in contract vframe, section 3, with `index` and
    `confidence`. A rectangle's corners are relative to the picture's sides, and may lie beyond them.
    """

    def look(model: LoadedModel, picture: Image.Image) -> Answer:
        config = model.config
        threshold = number(context.params, "threshold", config.threshold)
        size = model.network.input_size or (config.width, config.height)
        boxes = read_boxes(model.network.forward(to_blob(picture, config)), config.output, threshold, size)
        if config.nms:
            boxes = suppress(boxes, NMS_THRESHOLD)
        found = [{"rect": box.rect, "label": model.label(box.index), "index": box.index,
                  "confidence": box.confidence} for box in boxes]
        return {"detections": found, "task_type": "detection"}

    return for_each_picture(context, OBJECT_DETECTION, "detection", look)
