from __future__ import annotations

from pathlib import Path
from typing import Any, Dict

import numpy as np
import pytest

import models
from bench import TaskBench
from fake_server import FakeServer
from vitrine_worker import TaskError

# Ratings general and explicit, 1girl, "smile, wide", hatsune_miku, signature: from blue, green, red as fractions.
WEIGHTS = np.array([[0.9, 0.0, 0.5, 0.0, 0.9, 0.0],
                    [0.0, 0.2, 0.0, 0.4, 0.0, 0.0],
                    [0.0, 0.0, 0.0, 0.0, 0.0, 0.6]])


@pytest.fixture
def bench(fake_server: FakeServer, tmp_path: Path) -> TaskBench:
    models.tagger_folder(tmp_path / "wd", WEIGHTS)
    models.tagger_folder(tmp_path / "wd-any", WEIGHTS, side="side")
    models.tagger_folder(tmp_path / "wd-short", WEIGHTS, models.TAGS.rsplit("\n", 2)[0] + "\n")
    models.write_yaml(tmp_path, {"careful": {
        "task_type": "tagging", "framework": "onnx", "model": "wd-any/model.onnx", "labels": "wd-any/selected_tags.csv",
        "width": 16, "height": 16, "general_threshold": 0.45, "character_threshold": 0.95}})
    return TaskBench(fake_server, tmp_path)


def tags(bench: TaskBench, image: str, **params: Any) -> Dict[str, Any]:
    [result] = bench.run("model.tag", images=[image], **{"model": "wd", **params})["results"]
    assert result["task_type"] == "tagging"
    names = [(found["name"], found["category"], round(found["confidence"], 4)) for found in result["tags"]]
    return {"tags": names, "rating": {name: round(value, 4) for name, value in result["rating"].items()}}


def test_tags_above_their_thresholds_and_all_ratings(bench: TaskBench) -> None:
    assert tags(bench, bench.picture((0, 255, 255), (8, 8))) == {
        "tags": [("hatsune_miku", "character", 0.9), ("1girl", "general", 0.5), ("smile, wide", "general", 0.4)],
        "rating": {"general": 0.9, "explicit": 0.2}}


def test_blue_comes_first_and_values_reach_255(bench: TaskBench) -> None:
    assert tags(bench, bench.picture((255, 0, 0), (8, 8)))["tags"] == [("signature", "meta", 0.6)]


def test_a_wide_picture_is_padded_with_white(bench: TaskBench) -> None:
    # Half of the square is the black picture, half is white.
    assert tags(bench, bench.picture((0, 0, 0), (8, 4)), general_threshold=0.1, character_threshold=0.1) == {
        "tags": [("hatsune_miku", "character", 0.45), ("signature", "meta", 0.3), ("1girl", "general", 0.25),
                 ("smile, wide", "general", 0.2)],
        "rating": {"general": 0.45, "explicit": 0.1}}


def test_transparency_is_white(bench: TaskBench) -> None:
    assert tags(bench, bench.picture((0, 0, 0, 0), (8, 8)))["rating"] == {"general": 0.9, "explicit": 0.2}


def test_thresholds_may_be_asked_for_each_kind(bench: TaskBench) -> None:
    image = bench.picture((0, 255, 255), (8, 8))
    assert [name for name, *_ in tags(bench, image, general_threshold=0.45)["tags"]] == ["hatsune_miku", "1girl"]
    assert [name for name, *_ in tags(bench, image, character_threshold=0.91)["tags"]] == ["1girl", "smile, wide"]


def test_thresholds_and_size_may_be_configured(bench: TaskBench) -> None:
    image = bench.picture((0, 255, 255), (8, 8))
    assert tags(bench, image, model="careful")["tags"] == [("1girl", "general", 0.5)]
    assert len(tags(bench, image, model="careful", character_threshold=0.5)["tags"]) == 2


def test_a_tagger_without_a_fixed_size_gets_448_pixels(bench: TaskBench, monkeypatch: pytest.MonkeyPatch) -> None:
    from vitrine_worker.tasks import tagging

    sizes = []
    original = tagging.to_tagger_blob
    monkeypatch.setattr(tagging, "to_tagger_blob", lambda picture, size: sizes.append(size) or original(picture, size))
    models.tagger_folder(bench.folder / "free", WEIGHTS, side="side")
    tags(bench, bench.picture((0, 255, 255)), model="free")
    assert sizes == [(448, 448)]


def test_a_tags_file_that_does_not_fit_the_network_is_the_models_fault(bench: TaskBench) -> None:
    with pytest.raises(TaskError, match="6 outputs, and its tags file 5 rows") as raised:
        tags(bench, bench.picture((1, 1, 1)), model="wd-short")
    assert raised.value.code == "bad_model"


@pytest.mark.parametrize("params", [{"general_threshold": -0.1}, {"character_threshold": "high"}])
def test_bad_thresholds_fail_the_task(bench: TaskBench, params: Dict[str, Any]) -> None:
    with pytest.raises(TaskError) as raised:
        tags(bench, bench.picture((1, 1, 1)), **params)
    assert raised.value.code == "bad_params"
