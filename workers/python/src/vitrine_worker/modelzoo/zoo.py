"""The models of a folder."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Dict, List, Optional

import yaml

from ..errors import BadParams, ConfigurationError, TaskError
from ..registry import CAPABILITY
from .cache import LoadedCache
from .config import TAGGING, ModelConfig, is_active, parse_entry, with_task_types
from .model import LoadedModel, load
from .tags import TAGGER_MODEL, TAGS_FILE, is_tagger

log = logging.getLogger(__name__)
CAPABILITY_PREFIX = "model:"


class ModelZoo:
    """Models by key, loaded when first used. Any thread may ask."""

    def __init__(self, configs: Dict[str, ModelConfig], loaded_models: int = 2) -> None:
        self.configs = configs
        self._loaded: LoadedCache[LoadedModel] = LoadedCache(loaded_models, lambda key: load(configs[key]))

    @classmethod
    def read(cls, folder: Path, models: Optional[Path] = None, loaded_models: int = 2) -> "ModelZoo":
        """Reads every `*.yaml` and `*.yml` of the folder, and takes the folder itself and those in it for taggers
        where they hold `model.onnx` and `selected_tags.csv`.

        The paths in the YAML files are below `models`, or the folder itself. Models whose files are missing are not
        offered, with a line in the log. Raises ConfigurationError with every problem that there is.
        """
        if not folder.is_dir():
            raise ConfigurationError([f"{folder}: there is no such folder"])
        problems: List[str] = []
        configs: Dict[str, ModelConfig] = {}
        for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
            for config in _read_file(path, (models or folder).resolve(), problems):
                _add(configs, config, problems, path.name)
        described = {config.model for config in configs.values()}
        for path in [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]:
            if is_tagger(path) and path.resolve() / TAGGER_MODEL not in described:
                _add(configs, _tagger(path.resolve()), problems, path.name)
        if problems:
            raise ConfigurationError(problems)
        return cls({key: config for key, config in configs.items() if _has_files(config)}, loaded_models)

    @property
    def capabilities(self) -> List[str]:
        """`model:<key>` of each model."""
        return [CAPABILITY_PREFIX + key for key in self.configs]

    def offers(self, task_type: str) -> bool:
        """Whether any model can be used so."""
        return any(task_type in config.task_types for config in self.configs.values())

    def config(self, key: object) -> ModelConfig:
        """Raises BadParams for what is not a key, and TaskError `unknown_model` for a key that is not here."""
        if not isinstance(key, str):
            raise BadParams("`model` is needed: the key of a model in the modelzoo")
        if key not in self.configs:
            raise TaskError("unknown_model", f"this worker has no model {key}; where workers have different models, "
                                             f"a task should require {CAPABILITY_PREFIX}{key}")
        return self.configs[key]

    def model(self, key: object) -> LoadedModel:
        """Raises as `config`, and TaskError `bad_model`."""
        return self._loaded.get(self.config(key).key)


def _read_file(path: Path, models: Path, problems: List[str]) -> List[ModelConfig]:
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        problems.append(f"{path.name}: not a readable YAML file: {' '.join(str(error).split())}")
        return []
    if not isinstance(entries, dict):
        problems.append(f"{path.name}: a map from model keys to their settings is needed")
        return []
    parsed = [parse_entry(str(key), entry, models, problems, path.name)
              for key, entry in entries.items() if is_active(entry)]
    return [config for config in parsed if config is not None]


def _add(configs: Dict[str, ModelConfig], config: ModelConfig, problems: List[str], where: str) -> None:
    if not CAPABILITY.fullmatch(CAPABILITY_PREFIX + config.key):
        problems.append(f"{where}: {config.key!r} cannot be a key: printable ASCII without spaces is needed")
    elif config.key in configs:
        problems.append(f"{where}: two models have the key {config.key}")
    else:
        configs[config.key] = config


def _tagger(folder: Path) -> ModelConfig:
    """A tagger that no YAML file describes; its key is the folder's name."""
    return with_task_types(ModelConfig(
        key=folder.name, name=folder.name, task_type=TAGGING, framework="onnx", engine="onnxruntime",
        model=folder / TAGGER_MODEL, labels=folder / TAGS_FILE))


def _has_files(config: ModelConfig) -> bool:
    missing = config.missing_files()
    if missing:
        log.warning("the model %s is not offered, missing: %s", config.key, ", ".join(map(str, missing)))
    return not missing
