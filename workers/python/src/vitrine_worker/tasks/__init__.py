"""The tasks that come with the worker: one for each thing that a model of the modelzoo can be used for."""

from __future__ import annotations

from typing import Dict, Tuple

from ..modelzoo.config import CLASSIFICATION, FEATURE_EXTRACTION, OBJECT_DETECTION, TAGGING
from ..modelzoo.zoo import ModelZoo
from ..registry import Registry, TaskFunction
from .classification import classify
from .detection import detect
from .features import extract_features
from .tagging import tag

MODEL_TASKS: Dict[str, Tuple[str, TaskFunction]] = {
    FEATURE_EXTRACTION: ("model.features", extract_features),
    CLASSIFICATION: ("model.classify", classify),
    OBJECT_DETECTION: ("model.detect", detect),
    TAGGING: ("model.tag", tag),
}


def add_model_tasks(registry: Registry, zoo: ModelZoo) -> None:
    """Adds the tasks for which the modelzoo has a model."""
    for task_type, (name, function) in MODEL_TASKS.items():
        if zoo.offers(task_type):
            registry.add(name, function)
