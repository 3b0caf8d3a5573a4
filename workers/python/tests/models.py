"""Small networks whose outputs are known exactly, as files of each framework."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, Dict, List, Sequence

import numpy as np
import onnx
import yaml
from onnx import TensorProto, helper, numpy_helper

MIX = (1.0, 2.0, 3.0)
"""The weights of the convolution: how much of the first, second and third channel each pixel becomes."""


def mixed(values: np.ndarray) -> np.ndarray:
    """What the convolution makes of rows × columns × 3."""
    return values @ np.array(MIX)


def _save(path: Path, nodes: List[onnx.NodeProto], input_shape: Sequence[Any], outputs: Dict[str, Sequence[Any]],
          weights: Dict[str, np.ndarray]) -> None:
    graph = helper.make_graph(
        nodes, "test", [helper.make_tensor_value_info("picture", TensorProto.FLOAT, list(input_shape))],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)) for name, shape in outputs.items()],
        [numpy_helper.from_array(np.asarray(values, np.float32), name) for name, values in weights.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def convolution_onnx(path: Path, side: int = 4) -> None:
    """A 1 × 1 convolution with `MIX` (node `mix`, output `mixed`), and its double (node `twice`, output `doubled`)."""
    _save(path, [helper.make_node("Conv", ["picture", "w"], ["mixed"], name="mix", kernel_shape=[1, 1]),
                 helper.make_node("Mul", ["mixed", "two"], ["doubled"], name="twice")],
          [1, 3, side, side], {"mixed": [1, 1, side, side], "doubled": [1, 1, side, side]},
          {"w": np.reshape(MIX, (1, 3, 1, 1)), "two": np.array([2.0])})


def classifier_onnx(path: Path, weights: np.ndarray, bias: Sequence[float], side: int = 2) -> None:
    """The mean of each channel, times `weights` (3 × classes), plus `bias`."""
    classes = len(bias)
    _save(path, [helper.make_node("ReduceMean", ["picture"], ["means"], axes=[2, 3], keepdims=0),
                 helper.make_node("MatMul", ["means", "w"], ["product"]),
                 helper.make_node("Add", ["product", "b"], ["scores"])],
          [1, 3, side, side], {"scores": [1, classes]}, {"w": weights, "b": np.asarray(bias)})


def constant_onnx(path: Path, output: np.ndarray, side: int = 8) -> None:
    """Whatever comes in, `output` comes out: for detectors."""
    _save(path, [helper.make_node("ReduceMean", ["picture"], ["mean"], axes=[0, 1, 2, 3], keepdims=0),
                 helper.make_node("Mul", ["mean", "zero"], ["nothing"]),
                 helper.make_node("Add", ["constant", "nothing"], ["found"])],
          [1, 3, side, side], {"found": output.shape}, {"constant": output, "zero": np.zeros(())})


def tagger_onnx(path: Path, weights: np.ndarray, side: Any = 8, batch: Any = "batch") -> None:
    """WD14's input (channels last): the mean of each channel from 0 to 1, times `weights` (3 × tags)."""
    _save(path, [helper.make_node("ReduceMean", ["picture"], ["means"], axes=[1, 2], keepdims=0),
                 helper.make_node("Mul", ["means", "scale"], ["fractions"]),
                 helper.make_node("MatMul", ["fractions", "w"], ["probabilities"])],
          [batch, side, side, 3], {"probabilities": [batch, weights.shape[1]]},
          {"scale": np.array([1 / 255]), "w": weights})


TAGS = """tag_id,name,category,count
9999999,general,9,100
9999998,explicit,9,50
1,1girl,0,500
2,"smile, wide",0,300
3,hatsune_miku,4,200
4,signature,5,20
"""


def tagger_folder(folder: Path, weights: np.ndarray, tags: str = TAGS, side: Any = 8) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tagger_onnx(folder / "model.onnx", weights, side)
    (folder / "selected_tags.csv").write_text(tags, encoding="utf-8")


def write_yaml(folder: Path, entries: Dict[str, Any], name: str = "modelzoo.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(yaml.safe_dump(entries), encoding="utf-8")
    return folder


def darknet(folder: Path, name: str, sections: str, bias: Sequence[float], weights: Sequence[float],
            side: int = 4) -> None:
    """A Darknet description and its weights: header, biases, kernels."""
    (folder / f"{name}.cfg").write_text(f"[net]\nbatch=1\nwidth={side}\nheight={side}\nchannels=3\n\n{sections}\n")
    header = struct.pack("<iiiq", 0, 2, 5, 0)
    (folder / f"{name}.weights").write_bytes(header + np.asarray([*bias, *weights], "<f4").tobytes())


# The two below write Protocol Buffers by hand: the schemas' packages are many times larger than this.

def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, data: "bytes | str") -> bytes:
    data = data.encode() if isinstance(data, str) else data
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def caffe_convolution(folder: Path, side: int = 4) -> None:
    """The convolution with `MIX` as `mix.prototxt` and `mix.caffemodel`; the layer is called `mix`."""
    (folder / "mix.prototxt").write_text(
        f'name: "net"\ninput: "data"\ninput_dim: 1\ninput_dim: 3\ninput_dim: {side}\ninput_dim: {side}\n'
        'layer {\n name: "mix"\n type: "Convolution"\n bottom: "data"\n top: "mix"\n'
        ' convolution_param { num_output: 1 kernel_size: 1 bias_term: false }\n}\n')
    shape = _bytes(1, b"".join(map(_varint, (1, 3, 1, 1))))
    blob = _bytes(5, np.asarray(MIX, "<f4").tobytes()) + _bytes(7, shape)
    layer = _bytes(1, "mix") + _bytes(2, "Convolution") + _bytes(3, "data") + _bytes(4, "mix") + _bytes(7, blob)
    (folder / "mix.caffemodel").write_bytes(_bytes(1, "net") + _bytes(100, layer))


def tensorflow_convolution(folder: Path) -> None:
    """The convolution with `MIX` as a frozen graph `mix.pb`; the node is called `mix`."""
    def attribute(key: str, value: bytes) -> bytes:
        return _bytes(5, _bytes(1, key) + _bytes(2, value))

    def node(name: str, operation: str, inputs: Sequence[str], *attributes: bytes) -> bytes:
        return _bytes(1, _bytes(1, name) + _bytes(2, operation) + b"".join(_bytes(3, i) for i in inputs)
                      + b"".join(attributes))

    float_type = _number(6, 1)
    dimensions = b"".join(_bytes(2, _number(1, size)) for size in (1, 1, 3, 1))
    tensor = _number(1, 1) + _bytes(2, dimensions) + _bytes(4, np.asarray(MIX, "<f4").tobytes())
    ones = _bytes(1, _bytes(3, b"\x01\x01\x01\x01"))
    (folder / "mix.pb").write_bytes(
        node("picture", "Placeholder", [], attribute("dtype", float_type))
        + node("weights", "Const", [], attribute("dtype", float_type), attribute("value", _bytes(8, tensor)))
        + node("mix", "Conv2D", ["picture", "weights"], attribute("T", float_type), attribute("strides", ones),
               attribute("padding", _bytes(2, "VALID")), attribute("data_format", _bytes(2, "NHWC"))))
