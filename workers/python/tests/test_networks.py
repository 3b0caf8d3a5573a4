"""The same convolution in all four frameworks and both engines: its output is known exactly."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Dict, List

import numpy as np
import pytest

import models
from vitrine_worker import TaskError
from vitrine_worker.modelzoo.config import ModelConfig, parse_entry
from vitrine_worker.modelzoo.model import load

PICTURE = np.arange(48, dtype=np.float32).reshape(4, 4, 3)
BLOB = np.ascontiguousarray(PICTURE.transpose(2, 0, 1)[np.newaxis])
EXPECTED = models.mixed(PICTURE)

ENTRIES: Dict[str, Dict[str, Any]] = {
    "caffe": {"framework": "caffe", "model": "mix.caffemodel", "config": "mix.prototxt"},
    "darknet": {"framework": "darknet", "model": "mix.weights", "config": "mix.cfg"},
    "tensorflow": {"framework": "tensorflow", "model": "mix.pb"},
    "onnx": {"framework": "onnx", "model": "mix.onnx"},
    "onnx in opencv": {"framework": "onnx", "model": "mix.onnx", "engine": "opencv", "backend": "OPENCV"},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    models.caffe_convolution(tmp_path)
    models.tensorflow_convolution(tmp_path)
    models.convolution_onnx(tmp_path / "mix.onnx")
    models.darknet(tmp_path, "mix", "[convolutional]\nfilters=1\nsize=1\nstride=1\npad=0\nactivation=linear",
                   [0.0], models.MIX)
    return tmp_path


def config_of(folder: Path, **entry: Any) -> ModelConfig:
    problems: List[str] = []
    config = parse_entry("mix", {"task_type": "classification", "width": 4, "height": 4, **entry}, folder, problems,
                         "test")
    assert config is not None, problems
    return config


@pytest.mark.parametrize("name, factors", [("caffe", [1]), ("darknet", [1]), ("tensorflow", [1]), ("onnx", [1, 2]),
                                           ("onnx in opencv", [1, 2])])
def test_the_convolution_is_computed(folder: Path, name: str, factors: List[int]) -> None:
    outputs = sorted(load(config_of(folder, **ENTRIES[name])).network.forward(BLOB), key=np.sum)
    assert len(outputs) == len(factors)
    for output, factor in zip(outputs, factors):
        np.testing.assert_allclose(output.reshape(4, 4), EXPECTED * factor, rtol=1e-6)


@pytest.mark.parametrize("name, layer, factor", [
    ("caffe", "mix", 1), ("darknet", "conv_0", 1), ("tensorflow", "mix", 1), ("onnx", "mixed", 1),
    ("onnx", "doubled", 2), ("onnx in opencv", "mix", 1), ("onnx in opencv", "twice", 2),
    ("onnx in opencv", "onnx_node!mix", 1),
])
def test_a_layer_is_read_by_its_name(folder: Path, name: str, layer: str, factor: int) -> None:
    [values] = load(config_of(folder, **ENTRIES[name])).network.forward(BLOB, layer)
    np.testing.assert_allclose(values.reshape(4, 4), EXPECTED * factor, rtol=1e-6)


@pytest.mark.parametrize("name, kind", [("caffe", "layer"), ("onnx", "output")])
def test_a_layer_that_is_not_there_is_named_with_the_nearest(folder: Path, name: str, kind: str) -> None:
    network = load(config_of(folder, **ENTRIES[name])).network
    with pytest.raises(ValueError, match=rf"no {kind} mixt; there is .*mix"):
        network.forward(BLOB, "mixt")


@pytest.mark.parametrize("name", ENTRIES)
def test_a_file_that_is_no_model_is_a_bad_model(folder: Path, name: str) -> None:
    config = config_of(folder, **ENTRIES[name])
    config.model.write_bytes(b"this is no model, whatever its name says")
    if config.config:
        config.config.write_text("nor is this")
    with pytest.raises(TaskError) as raised:
        load(config)
    assert raised.value.code == "bad_model" and "mix" in raised.value.message and not raised.value.retry


def test_a_model_that_is_not_made_for_pictures_is_a_bad_model(folder: Path) -> None:
    models._save(folder / "flat.onnx", [models.helper.make_node("Relu", ["picture"], ["y"])], [1, 5], {"y": [1, 5]}, {})
    with pytest.raises(TaskError, match="four dimensions"):
        load(config_of(folder, framework="onnx", model="flat.onnx"))


@pytest.mark.parametrize("name", ["caffe", "onnx"])
def test_threads_may_use_a_network_at_once(folder: Path, name: str) -> None:
    network = load(config_of(folder, **ENTRIES[name])).network
    wrong: List[int] = []

    def work(number: int) -> None:
        for n in range(50):
            values = network.forward(BLOB + np.float32(number * 100 + n))[0].reshape(4, 4)
            if not np.allclose(values, EXPECTED + 6 * (number * 100 + n)):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert wrong == []


def test_labels_are_read_by_line_and_numbers_stand_in_for_the_rest(folder: Path) -> None:
    (folder / "labels.txt").write_text("cat\r\ntea cup\n")
    model = load(config_of(folder, **ENTRIES["onnx"], labels="labels.txt"))
    assert [model.label(index) for index in (0, 1, 2, -1)] == ["cat", "tea cup", "2", "-1"]
