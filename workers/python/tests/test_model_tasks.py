"""What all model tasks share, shown on feature extraction; then features and classification."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any, Dict

import numpy as np
import pytest

import models
from bench import TaskBench
from fake_server import FakeServer
from vitrine_worker import BadParams, Cancelled, TaskError
from vitrine_worker.modelzoo.zoo import ModelZoo
from vitrine_worker.registry import Registry
from vitrine_worker.tasks import add_model_tasks, features

WEIGHTS = np.array([[1.0, 0, 0, 0.5], [0, 1.0, 0, 0.5], [0, 0, 1.0, 0.5]])
"""Four classes: how blue, how green, how red, and half of their sum."""


@pytest.fixture
def bench(fake_server: FakeServer, tmp_path: Path) -> TaskBench:
    models.convolution_onnx(tmp_path / "mix.onnx")
    models.classifier_onnx(tmp_path / "linear.onnx", WEIGHTS, [0, 0, 0, -0.25])
    (tmp_path / "labels.txt").write_text("blue\ngreen\nred\n")
    mix = {"framework": "onnx", "model": "mix.onnx", "task_type": "feature_extraction", "features": "mixed",
           "width": 4, "height": 4}
    linear = {"framework": "onnx", "model": "linear.onnx", "task_type": "classification", "labels": "labels.txt",
              "width": 2, "height": 2, "scale": 1 / 255}
    models.write_yaml(tmp_path, {
        "mix": {**mix, "name": "Mix"}, "mix-mean": {**mix, "mean": [10, 20, 30]}, "mix-rgb": {**mix, "rgb": True},
        "mix-opencv": {**mix, "engine": "opencv", "features": "mix"}, "mix-long": {**mix, "dimensions": 17},
        "linear": linear, "linear-both": {**linear, "features": "scores"}, "linear-sure": {**linear, "threshold": 0.9},
        "linear-softmax": {**linear, "activation": "softmax"}, "linear-sigmoid": {**linear, "activation": "sigmoid"},
    })
    return TaskBench(fake_server, tmp_path)


def code_of(bench: TaskBench, name: str, **params: Any) -> str:
    with pytest.raises(TaskError) as raised:
        bench.run(name, **params)
    assert not raised.value.retry
    return raised.value.code


def test_only_tasks_with_a_model_are_offered(tmp_path: Path) -> None:
    models.tagger_folder(tmp_path / "wd", np.zeros((3, 6)))
    registry = Registry()
    add_model_tasks(registry, ModelZoo.read(tmp_path))
    assert registry.names == ["model.tag"]


def test_each_image_is_answered_in_order_with_progress(bench: TaskBench) -> None:
    images = [bench.picture((n, n, n)) for n in (1, 2, 3)]
    answer = bench.run("model.features", model="mix", images=images)
    assert answer["model"] == "mix" and answer["task_type"] == "features"
    assert [result["image"] for result in answer["results"]] == images
    assert all(result["duration"] > 0 for result in answer["results"])
    assert [(entry["current"], entry["total"]) for entry in bench.progress] == [(0, 3), (1, 3), (2, 3), (3, 3)]
    assert bench.progress[0]["message"] == "Mix: 1 of 3"


def test_an_image_may_be_an_address_of_the_server(bench: TaskBench) -> None:
    digest = bench.picture((5, 5, 5))
    images = [{"url": f"/api/contents/{digest}"}, f"/api/contents/{digest}", {"sha256": digest}]
    results = bench.run("model.features", model="mix", images=images)["results"]
    assert [result["image"] for result in results] == images and "error" not in str(results)


def test_an_image_that_cannot_be_read_does_not_spoil_the_others(bench: TaskBench) -> None:
    broken = bench.server.add_content(b"no picture")
    good = bench.picture((9, 9, 9))
    results = bench.run("model.features", model="mix", images=[broken, "0" * 64, "nonsense", good])["results"]
    codes = [result.get("error", {}).get("code") for result in results]
    assert codes == ["bad_picture", "not_found", "bad_params", None]
    assert "vector" in results[3] and "vector" not in results[0]


def test_a_task_without_a_readable_image_fails(bench: TaskBench) -> None:
    broken = bench.server.add_content(b"no picture")
    assert code_of(bench, "model.features", model="mix", images=[broken, "0" * 64]) == "bad_picture"


def test_a_server_that_is_away_fails_the_task_for_another_attempt(bench: TaskBench) -> None:
    images = [bench.picture((1, 1, 1)), bench.picture((2, 2, 2))]
    bench.server.statuses[f"/api/contents/{images[1]}"] = [503]
    with pytest.raises(TaskError) as raised:
        bench.run("model.features", model="mix", images=images)
    assert raised.value.code == "media_unavailable" and raised.value.retry


@pytest.mark.parametrize("params, code", [
    ({"images": ["x"]}, "bad_params"), ({"model": 5, "images": ["x"]}, "bad_params"),
    ({"model": "none", "images": ["x"]}, "unknown_model"), ({"model": "mix"}, "bad_params"),
    ({"model": "mix", "images": []}, "bad_params"), ({"model": "mix", "images": "x"}, "bad_params"),
    ({"model": "mix", "images": ["x"] * 10_001}, "bad_params"), ({"model": "linear", "images": ["x"]}, "bad_params"),
    ({"model": "mix", "images": ["x"], "encoding": "hex"}, "bad_params"),
])
def test_bad_params_fail_the_task(bench: TaskBench, params: Dict[str, Any], code: str) -> None:
    assert code_of(bench, "model.features", **params) == code


def test_a_cancelled_task_stops_between_two_images(bench: TaskBench) -> None:
    digest = bench.picture((1, 1, 1))
    bench.stop_at = 2
    with pytest.raises(Cancelled):
        bench.run("model.features", model="mix", images=[digest] * 10)
    assert [entry["current"] for entry in bench.progress] == [0, 1, 2]


def test_the_next_image_is_fetched_while_the_model_looks_at_one(bench: TaskBench,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    images = [bench.picture((n, n, n)) for n in (1, 2, 3)]
    original = features.vector
    fetched = []

    def look(*arguments: Any) -> Any:
        wanted = min(len(fetched) + 2, 3)
        deadline = time.monotonic() + 60
        while len(bench.server.requests) < wanted and time.monotonic() < deadline:
            time.sleep(0.005)
        fetched.append(len(bench.server.requests))
        return original(*arguments)

    monkeypatch.setattr(features, "vector", look)
    bench.run("model.features", model="mix", images=images)
    assert fetched == [2, 3, 3]


def unit(value: float, count: int = 16) -> np.ndarray:
    return np.full(count, np.sign(value) / np.sqrt(count))


def test_the_vector_is_the_flattened_layer_at_length_one(bench: TaskBench) -> None:
    [result] = bench.run("model.features", model="mix", images=[bench.picture((30, 20, 10))])["results"]
    assert result["dimensions"] == 16
    np.testing.assert_allclose(result["vector"], unit(1), rtol=1e-6)


def stripes(bench: TaskBench) -> str:
    """Blue, green, red and black rows: they tell channels, order and flattening apart."""
    import io

    from PIL import Image

    image = Image.new("RGB", (4, 4))
    for row, colour in enumerate([(0, 0, 100), (0, 100, 0), (100, 0, 0), (0, 0, 0)]):
        image.paste(colour, (0, row, 4, row + 1))
    output = io.BytesIO()
    image.save(output, "PNG")
    return bench.server.add_content(output.getvalue())


def rows(*values: float) -> np.ndarray:
    vector = np.repeat(np.array(values, np.float64), 4)
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("model, expected", [
    ("mix", rows(100, 200, 300, 0)), ("mix-opencv", rows(100, 200, 300, 0)), ("mix-rgb", rows(300, 200, 100, 0)),
    ("mix-mean", rows(*(value - 10 - 40 - 90 for value in (100, 200, 300, 0)))),
])
def test_channels_mean_and_order_come_out_in_the_vector(bench: TaskBench, model: str, expected: np.ndarray) -> None:
    [result] = bench.run("model.features", model=model, images=[stripes(bench)])["results"]
    np.testing.assert_allclose(result["vector"], expected, rtol=1e-5, atol=1e-7)


def test_a_vector_may_be_asked_for_in_base64(bench: TaskBench) -> None:
    image = stripes(bench)
    [listed] = bench.run("model.features", model="mix", images=[image])["results"]
    [packed] = bench.run("model.features", model="mix", images=[image], encoding="base64")["results"]
    assert np.frombuffer(base64.b64decode(packed["vector"]), "<f4").tolist() == listed["vector"]


def test_a_vector_of_zeros_stays_one(bench: TaskBench) -> None:
    [result] = bench.run("model.features", model="mix", images=[bench.picture((0, 0, 0))])["results"]
    assert result["vector"] == [0.0] * 16


def test_a_vector_of_another_length_than_configured_is_the_models_fault(bench: TaskBench) -> None:
    assert code_of(bench, "model.features", model="mix-long", images=[bench.picture((1, 1, 1))]) == "bad_model"


def test_a_classifier_with_a_vector_layer_can_do_both(bench: TaskBench) -> None:
    image = bench.picture((0, 255, 0))
    assert "vector" in bench.run("model.features", model="linear-both", images=[image])["results"][0]
    assert "classifications" in bench.run("model.classify", model="linear-both", images=[image])["results"][0]


def labels(bench: TaskBench, **params: Any) -> "list[tuple[str, int, float]]":
    image = bench.picture((0, 51, 255))
    [result] = bench.run("model.classify", images=[image], **params)["results"]
    assert result["task_type"] == "classification"
    return [(found["label"], found["index"], round(found["confidence"], 5)) for found in result["classifications"]]


def test_the_surest_class_is_the_answer(bench: TaskBench) -> None:
    assert labels(bench, model="linear") == [("blue", 0, 1.0)]


def test_more_classes_are_ordered_and_a_class_without_a_label_is_its_number(bench: TaskBench) -> None:
    assert labels(bench, model="linear", top=3) == [("blue", 0, 1.0), ("3", 3, 0.35), ("green", 1, 0.2)]
    assert len(labels(bench, model="linear", top=1000)) == 4


def test_what_is_below_the_threshold_is_left_out(bench: TaskBench) -> None:
    assert labels(bench, model="linear", top=4, threshold=0.3) == [("blue", 0, 1.0), ("3", 3, 0.35)]
    assert labels(bench, model="linear-sure", top=4) == [("blue", 0, 1.0)]
    assert len(labels(bench, model="linear-sure", top=4, threshold=0)) == 4


def test_scores_become_probabilities_where_that_is_configured(bench: TaskBench) -> None:
    powers = np.exp([1.0, 0.2, 0.0, 0.35])
    assert labels(bench, model="linear-softmax") == [("blue", 0, round(float(powers[0] / powers.sum()), 5))]
    assert labels(bench, model="linear-sigmoid") == [("blue", 0, round(float(1 / (1 + np.exp(-1))), 5))]


@pytest.mark.parametrize("params", [{"top": 0}, {"top": 1.5}, {"top": True}, {"threshold": 2}, {"threshold": "x"},
                                    {"threshold": float("nan")}])
def test_bad_classification_params(bench: TaskBench, params: Dict[str, Any]) -> None:
    assert code_of(bench, "model.classify", model="linear", images=[bench.picture((1, 1, 1))], **params) == "bad_params"
