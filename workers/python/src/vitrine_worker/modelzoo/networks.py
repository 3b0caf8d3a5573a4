"""Networks behind one call: OpenCV's DNN module and onnxruntime."""

from __future__ import annotations

import difflib
import threading
from typing import TYPE_CHECKING, List, Optional, Sequence, Tuple

import numpy as np

from .config import ModelConfig

if TYPE_CHECKING:
    import cv2
    import onnxruntime


PROVIDERS = ("CUDAExecutionProvider", "ROCMExecutionProvider", "MIGraphXExecutionProvider", "DmlExecutionProvider",
             "CoreMLExecutionProvider", "OpenVINOExecutionProvider", "CPUExecutionProvider")
"""What onnxruntime may compute on, best first, as far as its package has it. TensorRT is left out: it spends minutes
on each model before the first picture."""


class Network:
    """Computes outputs from a picture. Any thread may call it."""

    input_size: Optional[Tuple[int, int]] = None
    """Width and height, when the network fixes them."""

    def forward(self, blob: np.ndarray, layer: str = "") -> List[np.ndarray]:
        """The values of `layer`, or of all outputs. `blob` is 1 × channels × rows × columns (for networks that want
        channels last it is turned). Raises ValueError when there is no such layer."""
        raise NotImplementedError


class OpenCVNetwork(Network):
    """A network in `cv2.dnn`. A `Net` holds its input, so calls take turns."""

    def __init__(self, config: ModelConfig) -> None:
        import cv2

        self._lock = threading.Lock()
        self._net = _read(config)
        if self._net.empty():
            raise ValueError("OpenCV finds no layers in it")
        self._net.setPreferableBackend(getattr(cv2.dnn, f"DNN_BACKEND_{config.backend}"))
        self._net.setPreferableTarget(getattr(cv2.dnn, f"DNN_TARGET_{config.target}"))
        self._outputs = list(self._net.getUnconnectedOutLayersNames())

    def forward(self, blob: np.ndarray, layer: str = "") -> List[np.ndarray]:
        names = [self._layer(layer)] if layer else self._outputs
        with self._lock:
            self._net.setInput(blob)
            return list(self._net.forward(names))

    def _layer(self, name: str) -> str:
        """The layer as OpenCV calls it: a node `name` of an ONNX model has the layer name `onnx_node!name`."""
        names = list(self._net.getLayerNames())
        for candidate in (name, f"onnx_node!{name}", f"onnx_node_output_0!{name}"):
            if candidate in names:
                return candidate
        raise ValueError(no_such("layer", name, names))


class OnnxNetwork(Network):
    """A network in onnxruntime, with one input; channels first or last, as the model says."""

    def __init__(self, config: ModelConfig) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        available = onnxruntime.get_available_providers()
        self._session: onnxruntime.InferenceSession = onnxruntime.InferenceSession(
            str(config.model), options, providers=[name for name in PROVIDERS if name in available])
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or len(inputs[0].shape) != 4:
            raise ValueError(f"one input of four dimensions is needed, not {[entry.shape for entry in inputs]}")
        self._input = inputs[0].name
        self._type = np.float16 if inputs[0].type == "tensor(float16)" else np.float32
        shape = inputs[0].shape
        self._channels_last = shape[3] == 3 and shape[1] != 3
        rows, columns = (shape[1], shape[2]) if self._channels_last else (shape[2], shape[3])
        if isinstance(rows, int) and isinstance(columns, int):
            self.input_size = (columns, rows)
        self._outputs = [output.name for output in self._session.get_outputs()]

    def forward(self, blob: np.ndarray, layer: str = "") -> List[np.ndarray]:
        if layer and layer not in self._outputs:
            raise ValueError(no_such("output", layer, self._outputs)
                             + "; with `engine: opencv` inner layers can be read too")
        if self._channels_last:
            blob = np.ascontiguousarray(blob.transpose(0, 2, 3, 1))
        values = self._session.run([layer] if layer else self._outputs, {self._input: blob.astype(self._type)})
        return [np.asarray(value, dtype=np.float32) for value in values]


def open_network(config: ModelConfig) -> Network:
    """Loads the model's files. Whatever the libraries raise comes through."""
    return OnnxNetwork(config) if config.engine == "onnxruntime" else OpenCVNetwork(config)


def no_such(kind: str, name: str, names: Sequence[str]) -> str:
    """`there is no layer x`, with the names that are most like it."""
    near = difflib.get_close_matches(name, names, 3, 0.4) or list(names)[-3:]
    return f"there is no {kind} {name}; there is {', '.join(near)}"


def _read(config: ModelConfig) -> "cv2.dnn.Net":
    import cv2

    model = str(config.model)
    described = str(config.config) if config.config else ""
    if config.framework == "caffe":
        return cv2.dnn.readNetFromCaffe(described, model)
    if config.framework == "darknet":
        return cv2.dnn.readNetFromDarknet(described, model)
    if config.framework == "tensorflow":
        return cv2.dnn.readNetFromTensorflow(model, described)
    return cv2.dnn.readNetFromONNX(model)
