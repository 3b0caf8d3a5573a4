"""Reading a modelzoo folder."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Dict, List

import numpy as np
import pytest

import models
from vitrine_worker import BadParams, ConfigurationError, TaskError
from vitrine_worker.modelzoo.cache import LoadedCache
from vitrine_worker.modelzoo.tags import read_tags
from vitrine_worker.modelzoo.zoo import ModelZoo

CONVOLUTION: Dict[str, Any] = {
    "name": "Mix", "task_type": "classification", "framework": "onnx", "model": "onnx/mix.onnx", "config": "",
    "labels": None, "mean": [104, 117.5, 123], "scale": 0.5, "width": 4, "height": 4, "rgb": True, "crop": False,
    "features": "mixed", "dimensions": 16, "backend": "DEFAULT", "target": "CPU", "threshold": 0.3, "nms": False,
    "active": True, "tested": True, "notes": "n", "classes": 3, "description": "d", "license": "l",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "onnx").mkdir()
    models.convolution_onnx(tmp_path / "onnx" / "mix.onnx")
    return tmp_path


def test_an_entry_with_every_field_is_read(folder: Path) -> None:
    zoo = ModelZoo.read(models.write_yaml(folder, {"mix": CONVOLUTION}))
    config = zoo.config("mix")
    assert (config.name, config.framework, config.engine, config.width, config.rgb) == (
        "Mix", "onnx", "onnxruntime", 4, True)
    assert config.mean == (104.0, 117.5, 123.0) and config.scale == 0.5 and config.threshold == 0.3
    assert config.model == (folder / "onnx" / "mix.onnx").resolve() and config.config is None
    assert config.task_types == ("classification", "feature_extraction")
    assert zoo.capabilities == ["model:mix"] and zoo.offers("classification") and not zoo.offers("tagging")


def test_what_an_entry_leaves_out_has_defaults(folder: Path) -> None:
    entry = {"task_type": "object_detection", "framework": "onnx", "model": "onnx/mix.onnx", "width": 4, "height": 4}
    config = ModelZoo.read(models.write_yaml(folder, {"d": entry})).config("d")
    assert (config.name, config.threshold, config.nms, config.output, config.scale) == ("d", 0.8, False, "ssd", 1.0)
    assert config.task_types == ("object_detection",)


@pytest.mark.parametrize("change, problem", [
    ({"framework": "torch"}, "framework: one of caffe, darknet, tensorflow, onnx is needed, not 'torch'"),
    ({"framework": None}, "framework: is needed"),
    ({"task_type": "segmentation"}, "task_type: one of"),
    ({"model": None}, "model: a path below the models folder is needed"),
    ({"model": 5}, "model: a path below the models folder is needed, not 5"),
    ({"model": "/etc/passwd"}, "model: /etc/passwd leads out of the models folder"),
    ({"labels": "../../x"}, "labels: ../../x leads out of the models folder"),
    ({"framework": "caffe"}, "config: a path below the models folder is needed"),
    ({"width": None}, "width: a whole number from 1 to 8192 is needed"),
    ({"width": 0}, "width: a whole number"), ({"height": "4"}, "height: a whole number"),
    ({"height": True}, "height: a whole number"),
    ({"mean": [1, 2]}, "mean: three numbers"), ({"mean": 5}, "mean: three numbers"),
    ({"mean": [1, 2, "x"]}, "mean: three numbers"),
    ({"scale": "1/255"}, "scale: a number is needed, not '1/255'"), ({"scale": float("nan")}, "scale: a number"),
    ({"rgb": "yes"}, "rgb: true or false is needed"), ({"threshold": 1.5}, "threshold: a number from 0 to 1"),
    ({"backend": "FAST"}, "backend: one of"), ({"target": "cpu"}, "target: one of"),
    ({"features": 5}, "features: a text is needed"), ({"dimensions": -1}, "dimensions: a whole number"),
    ({"task_type": "feature_extraction", "features": ""}, "features: the layer to read is needed"),
    ({"task_type": "object_detection", "crop": True}, "crop: detectors see the whole picture"),
    ({"framework": "tensorflow", "engine": "onnxruntime"}, "engine: onnxruntime reads onnx models only"),
    ({"task_type": "tagging", "labels": "x.csv", "engine": "opencv"}, "engine: taggers run in onnxruntime"),
    ({"task_type": "tagging"}, "labels: a path below the models folder is needed"),
])
def test_a_wrong_field_is_named_with_file_and_key(folder: Path, change: Dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        ModelZoo.read(models.write_yaml(folder, {"mix": {**CONVOLUTION, **change}}))
    assert any(line.startswith(f"modelzoo.yaml: mix: {problem}") for line in raised.value.problems), str(raised.value)


def test_every_problem_is_told_at_once(folder: Path) -> None:
    models.write_yaml(folder, {"a": {**CONVOLUTION, "scale": "x", "width": 0}, "b": 5})
    models.write_yaml(folder, {"c": {**CONVOLUTION, "rgb": 1}}, "more.yml")
    (folder / "list.yaml").write_text("- 1\n")
    (folder / "broken.yaml").write_text("a: [1\n")
    with pytest.raises(ConfigurationError) as raised:
        ModelZoo.read(folder)
    assert sorted(line.split(": ")[0] for line in raised.value.problems) == [
        "broken.yaml", "list.yaml", "modelzoo.yaml", "modelzoo.yaml", "modelzoo.yaml", "more.yml"]


def test_entries_that_are_not_active_are_neither_offered_nor_checked(folder: Path) -> None:
    zoo = ModelZoo.read(models.write_yaml(folder, {"mix": CONVOLUTION, "old": {"active": False, "framework": "x"}}))
    assert list(zoo.configs) == ["mix"]


def test_models_whose_files_are_missing_are_not_offered(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    models.write_yaml(folder, {"mix": CONVOLUTION, "away": {**CONVOLUTION, "model": "onnx/away.onnx"},
                               "unlabelled": {**CONVOLUTION, "labels": "labels.txt"}})
    assert list(ModelZoo.read(folder).configs) == ["mix"]
    assert "away.onnx" in caplog.text and "labels.txt" in caplog.text


def test_the_models_may_lie_in_another_folder(folder: Path, tmp_path: Path) -> None:
    zoo = ModelZoo.read(models.write_yaml(tmp_path / "zoo", {"mix": CONVOLUTION}), folder)
    assert zoo.config("mix").model == (folder / "onnx" / "mix.onnx").resolve()


def test_folders_of_taggers_are_found_by_themselves(tmp_path: Path) -> None:
    models.tagger_folder(tmp_path / "wd-small", np.zeros((3, 6)))
    (tmp_path / "other").mkdir()
    assert ModelZoo.read(tmp_path).capabilities == ["model:wd-small"]
    alone = ModelZoo.read(tmp_path / "wd-small")
    assert alone.capabilities == ["model:wd-small"] and alone.offers("tagging")


def test_a_tagger_that_the_yaml_describes_is_offered_once(tmp_path: Path) -> None:
    models.tagger_folder(tmp_path / "wd", np.zeros((3, 6)))
    models.write_yaml(tmp_path, {"better": {"task_type": "tagging", "framework": "onnx", "model": "wd/model.onnx",
                                            "labels": "wd/selected_tags.csv", "general_threshold": 0.5}})
    zoo = ModelZoo.read(tmp_path)
    assert zoo.capabilities == ["model:better"] and zoo.config("better").general_threshold == 0.5


def test_two_models_with_one_key_are_a_problem(folder: Path) -> None:
    models.write_yaml(folder, {"mix": CONVOLUTION})
    models.write_yaml(folder, {"mix": CONVOLUTION}, "other.yaml")
    with pytest.raises(ConfigurationError, match="two models have the key mix"):
        ModelZoo.read(folder)


def test_a_key_must_fit_into_a_capability(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="'my model' cannot be a key"):
        ModelZoo.read(models.write_yaml(folder, {"my model": CONVOLUTION}))


def test_a_folder_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such folder"):
        ModelZoo.read(tmp_path / "none")


def test_an_unknown_key_says_what_a_task_should_require(folder: Path) -> None:
    zoo = ModelZoo.read(models.write_yaml(folder, {"mix": CONVOLUTION}))
    with pytest.raises(TaskError, match="model:other") as raised:
        zoo.model("other")
    assert raised.value.code == "unknown_model"
    for key in (None, 5, ["mix"]):
        with pytest.raises(BadParams):
            zoo.model(key)
    assert zoo.model("mix") is zoo.model("mix")


@pytest.mark.parametrize("text, problem", [
    ("tag_id,name\n1,a\n", "no column category"), ("a,b\n", "no column category and no column name"),
    ("tag_id,name,category\n", "has no tags"), ("", "no column"),
    ("name,category\nok,0\n,0\n", "line 3"), ("name,category\nx,general\n", "line 2"), ("name,category\nx\n", "line 2"),
])
def test_a_damaged_tags_file_is_named_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "selected_tags.csv"
    path.write_text(text)
    with pytest.raises(ValueError, match=problem):
        read_tags(path)


def test_the_least_recently_used_model_leaves_first() -> None:
    loads: List[str] = []
    cache: LoadedCache[str] = LoadedCache(2, lambda key: loads.append(key) or key.upper())  # type: ignore
    assert [cache.get(key) for key in "abacab"] == ["A", "B", "A", "C", "A", "B"]
    assert loads == ["a", "b", "c", "b"] and cache.keys == ["a", "b"]


def test_two_that_ask_at_once_cause_one_load() -> None:
    loads: List[str] = []
    begun, go = threading.Event(), threading.Event()

    def load(key: str) -> str:
        loads.append(key)
        begun.set()
        go.wait(60)
        return key

    cache: LoadedCache[str] = LoadedCache(2, load)
    came: List[str] = []
    threads = [threading.Thread(target=lambda: came.append(cache.get("a"))) for _ in range(3)]
    [thread.start() for thread in threads]
    assert begun.wait(60)
    go.set()
    [thread.join() for thread in threads]
    assert loads == ["a"] and came == ["a"] * 3


def test_a_load_that_fails_is_tried_again() -> None:
    answers = iter([ValueError("first"), "second"])

    def load(_: str) -> str:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    cache: LoadedCache[str] = LoadedCache(1, load)
    with pytest.raises(ValueError):
        cache.get("a")
    assert cache.get("a") == "second"
