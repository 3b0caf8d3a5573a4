"""A model in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import List

from ..errors import TaskError
from .config import TAGGING, ModelConfig
from .networks import Network, open_network
from .tags import Tag, read_tags


@dataclass(frozen=True)
class LoadedModel:
    """A network with the names of its outputs. Any thread may use it."""

    config: ModelConfig
    network: Network
    labels: List[str]
    """By index; empty when the model has none."""
    tags: List[Tag]
    """Of taggers, by output."""

    def label(self, index: int) -> str:
        """The label of an output; its number as text when the labels do not reach so far."""
        return self.labels[index] if 0 <= index < len(self.labels) else str(index)


def load(config: ModelConfig) -> LoadedModel:
    """Reads a model's files. Raises TaskError `bad_model` when they cannot be used."""
    try:
        network = open_network(config)
        tags = read_tags(config.labels) if config.labels and config.task_type == TAGGING else []
        labels = []
        if config.labels and config.task_type != TAGGING:
            labels = config.labels.read_text(encoding="utf-8-sig").rstrip().split("\n")
    except MemoryError:
        raise
    except Exception as error:
        raise TaskError("bad_model", f"the model {config.key} cannot be loaded: {error}") from error
    return LoadedModel(config, network, [label.strip() for label in labels], tags)
