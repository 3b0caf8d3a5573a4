"""One entry of a modelzoo file: contract vframe, section 2 (modelzoo), and what a worker needs beyond it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from .fields import FieldReader

CLASSIFICATION, OBJECT_DETECTION = "classification", "object_detection"
FEATURE_EXTRACTION, TAGGING = "feature_extraction", "tagging"
TASK_TYPES = (CLASSIFICATION, OBJECT_DETECTION, FEATURE_EXTRACTION, TAGGING)
FRAMEWORKS = ("caffe", "darknet", "tensorflow", "onnx")
NEEDS_CONFIG = ("caffe", "darknet")
ENGINES = ("opencv", "onnxruntime")
OUTPUTS = ("ssd", "darknet", "yolov5", "yolov8")
ACTIVATIONS = ("none", "softmax", "sigmoid")
BACKENDS = ("DEFAULT", "HALIDE", "INFERENCE_ENGINE", "OPENCV", "VKCOM", "CUDA", "WEBNN", "TIMVX", "CANN")
TARGETS = ("CPU", "OPENCL", "OPENCL_FP16", "MYRIAD", "VULKAN", "FPGA", "CUDA", "CUDA_FP16", "HDDL", "NPU", "CPU_FP16")
SSD_THRESHOLD = 0.8
GENERAL_THRESHOLD, CHARACTER_THRESHOLD = 0.35, 0.85


@dataclass(frozen=True)
class ModelConfig:
    """A model and how pictures are made ready for it. Paths are absolute."""

    key: str
    name: str
    task_type: str
    framework: str
    engine: str
    """What computes: `opencv`, or `onnxruntime` (the default for onnx)."""
    model: Path
    config: Optional[Path] = None
    labels: Optional[Path] = None
    """A label a line; for taggers `selected_tags.csv`."""
    mean: Tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Of blue, green, red; subtracted before scaling."""
    scale: float = 1.0
    width: int = 0
    height: int = 0
    rgb: bool = False
    """The network wants red first."""
    crop: bool = False
    """Keep the sides' ratio and cut the middle out, instead of stretching."""
    features: str = ""
    """The layer (for onnxruntime: the output) whose values are the picture's vector."""
    dimensions: int = 0
    """The vector's length, checked when given; 0: any."""
    backend: str = "DEFAULT"
    target: str = "CPU"
    threshold: float = 0.0
    nms: bool = False
    output: str = "ssd"
    """How a detector's output is laid out: see `detection`."""
    activation: str = "none"
    """What a classifier's output still needs to be probabilities."""
    general_threshold: float = GENERAL_THRESHOLD
    character_threshold: float = CHARACTER_THRESHOLD
    task_types: Tuple[str, ...] = field(default=())
    """What the model can be used for: its own type, and feature extraction when it has a vector layer."""

    def missing_files(self) -> List[Path]:
        """Which of its files are not there (yet)."""
        files = (self.model, self.config, self.labels)
        return [path for path in files if path is not None and not path.is_file()]


def is_active(entry: Any) -> bool:
    """Entries with `active: false` are not offered, and not checked either. Missing means active."""
    return not isinstance(entry, Mapping) or entry.get("active", True) is not False


def parse_entry(key: str, entry: Any, models: Path, problems: List[str], where: str) -> Optional[ModelConfig]:
    """Reads one entry; unknown fields are passed over. None, and a line in `problems` for each reason, if it is bad."""
    if not isinstance(entry, Mapping):
        problems.append(f"{where}: {key}: a map of settings is needed")
        return None
    before = len(problems)
    reader = FieldReader(entry, f"{where}: {key}", models, problems)
    values: Dict[str, Any] = {"key": key, "name": reader.text("name", key)}
    values["framework"] = framework = reader.choice("framework", FRAMEWORKS)
    values["task_type"] = task_type = reader.choice("task_type", TASK_TYPES)
    values["engine"] = reader.choice("engine", ENGINES, "onnxruntime" if framework == "onnx" else "opencv")
    values["model"] = reader.path("model", required=True)
    values["config"] = reader.path("config", required=framework in NEEDS_CONFIG)
    values["labels"] = reader.path("labels", required=task_type == TAGGING)
    is_tagger = task_type == TAGGING
    values["width"] = reader.integer("width", 0 if is_tagger else None, least=0 if is_tagger else 1, greatest=8192)
    values["height"] = reader.integer("height", 0 if is_tagger else None, least=0 if is_tagger else 1, greatest=8192)
    values["mean"] = reader.triple("mean", (0.0, 0.0, 0.0))
    values["scale"] = reader.number("scale", 1.0)
    values["features"] = reader.text("features", "")
    values["dimensions"] = reader.integer("dimensions", 0, least=0, greatest=10_000_000)
    for name in ("rgb", "crop", "nms"):
        values[name] = reader.flag(name)
    values["backend"] = reader.choice("backend", BACKENDS, "DEFAULT")
    values["target"] = reader.choice("target", TARGETS, "CPU")
    values["output"] = reader.choice("output", OUTPUTS, "darknet" if framework == "darknet" else "ssd")
    default_threshold = SSD_THRESHOLD if task_type == OBJECT_DETECTION and values["output"] == "ssd" else 0.0
    values["threshold"] = reader.fraction("threshold", default_threshold)
    values["activation"] = reader.choice("activation", ACTIVATIONS, "none")
    values["general_threshold"] = reader.fraction("general_threshold", GENERAL_THRESHOLD)
    values["character_threshold"] = reader.fraction("character_threshold", CHARACTER_THRESHOLD)
    _check_together(values, reader)
    if len(problems) > before:
        return None
    return with_task_types(ModelConfig(**values))


def with_task_types(config: ModelConfig) -> ModelConfig:
    """Fills `task_types`."""
    types = [config.task_type]
    if config.features and FEATURE_EXTRACTION not in types and config.task_type != TAGGING:
        types.append(FEATURE_EXTRACTION)
    return ModelConfig(**{**config.__dict__, "task_types": tuple(types)})


def _check_together(values: Mapping[str, Any], reader: FieldReader) -> None:
    """What is wrong only in combination."""
    if values["engine"] == "onnxruntime" and values["framework"] not in ("onnx", None):
        reader.problem("engine", "onnxruntime reads onnx models only")
    if values["task_type"] == TAGGING and values["engine"] == "opencv":
        reader.problem("engine", "taggers run in onnxruntime")
    if values["task_type"] == FEATURE_EXTRACTION and not values["features"]:
        reader.problem("features", "the layer to read is needed")
    if values["task_type"] == OBJECT_DETECTION and values["crop"]:
        reader.problem("crop", "detectors see the whole picture: their rectangles are relative to it")
