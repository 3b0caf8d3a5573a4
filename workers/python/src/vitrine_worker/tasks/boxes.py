"""Detectors' outputs as boxes.

| `output` | rows of | box | confidence |
|---|---|---|---|
| `ssd` | picture, class, confidence, left, top, right, bottom | 0…1 | as it is |
| `darknet` | x, y, width, height, objectness, a score a class | middle, 0…1 | the best score, objectness and all |
| `yolov5` | the same | middle, pixels of the input | objectness times the best score |
| `yolov8` | x, y, width, height, a score a class; one column a box | middle, pixels of the input | the best score |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Sequence, Tuple

import numpy as np

NMS_THRESHOLD = 0.4


@dataclass(frozen=True)
class Box:
    """A found thing; corners relative to the picture's sides."""

    index: int
    confidence: float
    x1: float
    y1: float
    x2: float
    y2: float

    @property
    def rect(self) -> Dict[str, float]:
        return {"x1": self.x1, "y1": self.y1, "x2": self.x2, "y2": self.y2}

    def overlap(self, other: "Box") -> float:
        """Intersection over union, 0 to 1."""
        width = min(self.x2, other.x2) - max(self.x1, other.x1)
        height = min(self.y2, other.y2) - max(self.y1, other.y1)
        if width <= 0 or height <= 0:
            return 0.0
        common = width * height
        return common / (self._area + other._area - common)

    @property
    def _area(self) -> float:
        return (self.x2 - self.x1) * (self.y2 - self.y1)


def read_boxes(outputs: Sequence[np.ndarray], layout: str, threshold: float, size: Tuple[int, int]) -> List[Box]:
    """The boxes whose confidence is above 0 and at least `threshold`, surest first.

    `size` is the network's input, width and height. Raises ValueError for an output that has another layout.
    """
    boxes: List[Box] = []
    for output in outputs:
        boxes += _ssd(output, threshold) if layout == "ssd" else _yolo(output, layout, threshold, size)
    return sorted(boxes, key=lambda box: -box.confidence)


def suppress(boxes: Sequence[Box], threshold: float) -> List[Box]:
    """Leaves out boxes that overlap a surer one of the same class by more than `threshold`; `boxes` is surest first."""
    kept: List[Box] = []
    for box in boxes:
        if all(box.index != other.index or box.overlap(other) <= threshold for other in kept):
            kept.append(box)
    return kept


def _ssd(output: np.ndarray, threshold: float) -> List[Box]:
    if output.size == 0:
        return []
    if output.shape[-1] != 7:
        raise ValueError(f"an SSD output has rows of 7, not the shape {output.shape}")
    rows = output.reshape(-1, 7).astype(np.float64)
    return [Box(int(row[1]), float(row[2]), *map(float, row[3:]))
            for row in rows if row[0] >= 0 and row[2] > 0 and row[2] >= threshold and np.isfinite(row).all()]


def _yolo(output: np.ndarray, layout: str, threshold: float, size: Tuple[int, int]) -> List[Box]:
    rows = output.reshape(output.shape[-2], output.shape[-1]) if _is_one_table(output) else None
    if rows is not None and layout == "yolov8":
        rows = rows.T
    first_class = 4 if layout == "yolov8" else 5
    if rows is None or rows.shape[1] <= first_class:
        raise ValueError(f"not an output of the layout {layout}: the shape {output.shape}")
    rows = rows.astype(np.float64)
    scores = rows[:, first_class:]
    if layout == "yolov5":
        scores = scores * rows[:, 4:5]
    classes = scores.argmax(axis=1)
    confidences = scores.max(axis=1)
    width, height = (1, 1) if layout == "darknet" else size
    boxes = []
    for row, index, confidence in zip(rows, classes, confidences):
        if confidence > 0 and confidence >= threshold and np.isfinite(row).all():
            x, y, half_width, half_height = row[0] / width, row[1] / height, row[2] / width / 2, row[3] / height / 2
            boxes.append(Box(int(index), float(confidence), float(x - half_width), float(y - half_height),
                             float(x + half_width), float(y + half_height)))
    return boxes


def _is_one_table(output: np.ndarray) -> bool:
    """Two dimensions, and before them only ones."""
    return output.ndim >= 2 and all(length == 1 for length in output.shape[:-2])
