from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List

import numpy as np
import pytest

import models
from bench import TaskBench
from fake_server import FakeServer
from vitrine_worker import TaskError
from vitrine_worker.tasks.boxes import Box, read_boxes, suppress

SSD = np.array([[[[0, 1, 0.95, 0.1, 0.2, 0.5, 0.6],
                  [0, 2, 0.85, 0.0, 0.0, 1.1, 1.0],
                  [0, 1, 0.50, 0.3, 0.3, 0.4, 0.4],
                  [-1, 0, 0.99, 0.0, 0.0, 0.0, 0.0]]]], np.float32)
# Middle, size, objectness, two classes; the input has 8 × 8 pixels.
YOLO5 = np.array([[[4, 4, 4, 2, 0.9, 0.2, 1.0], [2, 2, 2, 2, 0.5, 0.6, 0.1], [4, 4, 4, 2, 0.8, 0.1, 1.0]]], np.float32)
YOLO8 = np.array([[[4, 2], [4, 2], [4, 2], [2, 2], [0.2, 0.6], [0.9, 0.1]]], np.float32)


@pytest.fixture
def bench(fake_server: FakeServer, tmp_path: Path) -> TaskBench:
    entries: Dict[str, Any] = {}
    for name, output, layout in (("ssd", SSD, "ssd"), ("yolo5", YOLO5, "yolov5"), ("yolo8", YOLO8, "yolov8")):
        models.constant_onnx(tmp_path / f"{name}.onnx", output)
        entries[name] = {"framework": "onnx", "model": f"{name}.onnx", "task_type": "object_detection",
                         "output": layout, "width": 8, "height": 8, "labels": "labels.txt"}
    (tmp_path / "labels.txt").write_text("nothing\nface\n")
    # One box a cell of 2 × 2 cells: x and y by sigmoid(0), the anchor times exp(0), objectness and class by sigmoid.
    models.darknet(tmp_path, "yolo", "[convolutional]\nfilters=7\nsize=2\nstride=2\npad=0\nactivation=linear\n\n"
                   "[yolo]\nmask=0\nanchors=1,2\nclasses=2\nnum=1", [0, 0, 0, 0, 4.0, -4.0, 2.0], [0.0] * 84)
    entries["yolo"] = {"framework": "darknet", "model": "yolo.weights", "config": "yolo.cfg", "threshold": 0.5,
                       "task_type": "object_detection", "width": 4, "height": 4, "labels": "labels.txt"}
    entries["yolo5-nms"] = {**entries["yolo5"], "nms": True, "threshold": 0.25}
    entries["ssd-as-yolo"] = {**entries["ssd"], "output": "yolov8", "model": "odd.onnx"}
    models.constant_onnx(tmp_path / "odd.onnx", np.zeros((1, 3, 5), np.float32))
    models.write_yaml(tmp_path, entries)
    return TaskBench(fake_server, tmp_path)


def found(bench: TaskBench, **params: Any) -> List[Any]:
    """Label, index, confidence and corners of each detection."""
    [result] = bench.run("model.detect", images=[bench.picture((1, 2, 3))], **params)["results"]
    assert result["task_type"] == "detection"
    return [(d["label"], d["index"], round(d["confidence"], 4),
             [round(d["rect"][corner], 4) for corner in ("x1", "y1", "x2", "y2")]) for d in result["detections"]]


def test_an_ssd_answers_what_is_above_eight_tenths(bench: TaskBench) -> None:
    assert found(bench, model="ssd") == [("face", 1, 0.95, [0.1, 0.2, 0.5, 0.6]), ("2", 2, 0.85, [0, 0, 1.1, 1])]


def test_the_threshold_may_be_asked_for(bench: TaskBench) -> None:
    assert [entry[2] for entry in found(bench, model="ssd", threshold=0.5)] == [0.95, 0.85, 0.5]
    assert found(bench, model="ssd", threshold=0.96) == []


def test_yolo5_multiplies_with_the_objectness_and_divides_by_the_inputs_size(bench: TaskBench) -> None:
    box = [0.25, 0.375, 0.75, 0.625]
    assert found(bench, model="yolo5", threshold=0.25) == [
        ("face", 1, 0.9, box), ("face", 1, 0.8, box), ("nothing", 0, 0.3, [0.125, 0.125, 0.375, 0.375])]


def test_nms_leaves_one_of_two_that_overlap(bench: TaskBench) -> None:
    assert [entry[2] for entry in found(bench, model="yolo5-nms")] == [0.9, 0.3]


def test_yolo8_has_a_column_a_box_and_no_objectness(bench: TaskBench) -> None:
    assert found(bench, model="yolo8", threshold=0.5) == [
        ("face", 1, 0.9, [0.25, 0.375, 0.75, 0.625]), ("nothing", 0, 0.6, [0.125, 0.125, 0.375, 0.375])]


def test_darknets_yolo_layer(bench: TaskBench) -> None:
    def sigmoid(x: float) -> float:
        return 1 / (1 + np.exp(-x))

    detections = found(bench, model="yolo")
    assert len(detections) == 4  # One a cell.
    assert {entry[:3] for entry in detections} == {("face", 1, round(sigmoid(4) * sigmoid(2), 4))}
    # Cells are half the picture; the anchor of 1 × 2 pixels is a quarter by a half of it.
    assert sorted(entry[3] for entry in detections) == [
        [0.125, 0.0, 0.375, 0.5], [0.125, 0.5, 0.375, 1.0], [0.625, 0.0, 0.875, 0.5], [0.625, 0.5, 0.875, 1.0]]


def test_an_output_of_another_layout_is_the_models_fault(bench: TaskBench) -> None:
    with pytest.raises(TaskError) as raised:
        found(bench, model="ssd-as-yolo")
    assert raised.value.code == "bad_model" and "yolov8" in raised.value.message


@pytest.mark.parametrize("layout, shape", [("ssd", (1, 6)), ("darknet", (3, 5)), ("yolov5", (2, 3, 7)),
                                           ("yolov8", (7,)), ("yolov8", (1, 4, 3))])
def test_shapes_that_do_not_fit_are_refused(layout: str, shape: "tuple[int, ...]") -> None:
    with pytest.raises(ValueError, match="shape"):
        read_boxes([np.ones(shape, np.float32)], layout, 0.5, (8, 8))


def test_an_output_without_rows_is_no_detection() -> None:
    assert read_boxes([np.zeros((1, 1, 0, 7), np.float32)], "ssd", 0.5, (8, 8)) == []
    assert read_boxes([np.zeros((0, 7), np.float32)], "darknet", 0.5, (8, 8)) == []


def test_values_that_are_not_numbers_are_no_detection() -> None:
    nan = np.nan
    rows = [[0, 1, 0.9, nan, 0, 1, 1], [0, 1, nan, 0, 0, 1, 1], [0, 1, 0.9, 0, 0, np.inf, 1]]
    assert read_boxes([np.array(rows, np.float32)], "ssd", 0.5, (8, 8)) == []


def test_several_outputs_are_put_together_surest_first() -> None:
    outputs = [np.array([[0.5, 0.5, 0.1, 0.1, 1, score]], np.float32) for score in (0.5, 0.9, 0.7)]
    assert [round(box.confidence, 3) for box in read_boxes(outputs, "darknet", 0.1, (8, 8))] == [0.9, 0.7, 0.5]


def box(confidence: float, x1: float, x2: float, index: int = 0) -> Box:
    return Box(index, confidence, x1, 0.0, x2, 1.0)


def test_overlap_is_intersection_over_union() -> None:
    assert box(1, 0, 4).overlap(box(1, 2, 6)) == pytest.approx(1 / 3)
    assert box(1, 0, 1).overlap(box(1, 1, 2)) == 0 and box(1, 0, 1).overlap(box(1, 0, 1)) == 1
    assert box(1, 0, 0).overlap(box(1, 0, 0)) == 0  # Of no size.


def test_suppression_is_within_a_class_and_only_beyond_the_threshold() -> None:
    first, overlapping, other_class = box(0.9, 0, 10), box(0.8, 1, 10), box(0.7, 0, 10, index=1)
    at_the_threshold = box(0.6, 0, 4)
    assert suppress([first, overlapping, other_class, at_the_threshold], 0.4) == [first, other_class, at_the_threshold]


def test_a_suppressed_box_suppresses_nothing_itself() -> None:
    chain = [box(0.9, 0, 10), box(0.8, 4, 14), box(0.7, 8, 18)]
    assert suppress(chain, 0.4) == [chain[0], chain[2]] or chain[0].overlap(chain[1]) <= 0.4
    tight = [box(0.9, 0, 10), box(0.8, 3, 13), box(0.7, 6, 16)]
    assert suppress(tight, 0.4) == [tight[0], tight[2]]
