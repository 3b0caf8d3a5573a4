from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Tuple

import cv2
import numpy as np
import pytest
from PIL import Image

from vitrine_worker import TaskError
from vitrine_worker.modelzoo.config import ModelConfig
from vitrine_worker.pictures import decode, on_white_square, to_bgr
from vitrine_worker.preprocessing import to_blob, to_tagger_blob


def config_of(**fields: Any) -> ModelConfig:
    return ModelConfig(**{"key": "m", "name": "m", "task_type": "classification", "framework": "onnx",
                          "engine": "onnxruntime", "model": Path("m"), "width": 4, "height": 4, **fields})


def encoded(image: Image.Image, format_: str = "PNG", **options: Any) -> bytes:
    output = io.BytesIO()
    image.save(output, format_, **options)
    return output.getvalue()


def plain(colour: Tuple[int, ...], size: Tuple[int, int] = (6, 6), mode: str = "RGB") -> Image.Image:
    return Image.new(mode, size, colour)


def test_minus_mean_times_scale_in_the_order_blue_green_red() -> None:
    blob = to_blob(plain((30, 20, 10)), config_of(mean=(1.0, 2.0, 3.0), scale=0.5))
    assert blob.shape == (1, 3, 4, 4) and blob.dtype == np.float32 and blob.flags["C_CONTIGUOUS"]
    assert [float(blob[0, channel].min()) for channel in range(3)] == [4.5, 9.0, 13.5]
    assert [float(blob[0, channel].max()) for channel in range(3)] == [4.5, 9.0, 13.5]


def test_the_mean_keeps_its_order_when_the_network_wants_red_first() -> None:
    blob = to_blob(plain((30, 20, 10)), config_of(mean=(1.0, 2.0, 3.0), scale=0.5, rgb=True))
    assert [float(blob[0, channel, 0, 0]) for channel in range(3)] == [13.5, 9.0, 4.5]


def test_it_is_stretched_with_the_cubic_filter_to_width_and_height() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (9, 5, 3), np.uint8)
    blob = to_blob(Image.fromarray(noise), config_of(width=7, height=3))
    expected = cv2.resize(noise[:, :, ::-1], (7, 3), interpolation=cv2.INTER_CUBIC)
    assert blob.shape == (1, 3, 3, 7)
    np.testing.assert_array_equal(blob[0].transpose(1, 2, 0), expected)


def test_crop_keeps_the_ratio_and_cuts_the_middle_out() -> None:
    picture = Image.new("RGB", (12, 4), (255, 0, 0))
    picture.paste((0, 0, 255), (4, 0, 8, 4))
    blob = to_blob(picture, config_of(crop=True))
    assert (blob[0, 0] == 255).all() and (blob[0, 2] == 0).all()
    tall = to_blob(picture.transpose(Image.Transpose.ROTATE_90), config_of(crop=True))
    assert (tall[0, 0] == 255).all() and (tall[0, 2] == 0).all()


def test_a_tagger_sees_the_picture_in_a_white_square() -> None:
    blob = to_tagger_blob(plain((30, 20, 10), (8, 4)), (8, 8))
    assert blob.shape == (1, 3, 8, 8)
    assert (blob[0, :, :2] == 255).all() and (blob[0, :, 6:] == 255).all()
    assert [float(value) for value in blob[0, :, 3, 3]] == [10, 20, 30]


def test_transparency_is_white_for_taggers_and_left_out_for_others() -> None:
    picture = decode(encoded(plain((30, 20, 10, 0), mode="RGBA")))
    assert picture.mode == "RGBA"
    assert (to_bgr(on_white_square(picture)) == 255).all()
    assert to_bgr(picture)[0, 0].tolist() == [10, 20, 30]


def test_half_transparent_pixels_are_mixed_with_white() -> None:
    assert to_bgr(on_white_square(plain((0, 0, 0, 128), mode="RGBA")))[0, 0, 0] == pytest.approx(127, abs=1)


def test_orientation_is_applied() -> None:
    picture = Image.new("RGB", (4, 2), (255, 0, 0))
    picture.paste((0, 0, 255), (0, 0, 2, 2))
    exif = Image.Exif()
    exif[0x0112] = 6  # Turn clockwise to see it upright: the left side comes up.
    upright = decode(encoded(picture, exif=exif))
    assert upright.size == (2, 4)
    assert upright.getpixel((0, 0)) == (0, 0, 255) and upright.getpixel((0, 3)) == (255, 0, 0)


@pytest.mark.parametrize("image, expected", [
    (Image.new("L", (2, 2), 77), (77, 77, 77)),
    (Image.new("1", (2, 2), 1), (255, 255, 255)),
    (Image.new("P", (2, 2), 0), (0, 0, 0)),
    (Image.fromarray(np.full((2, 2), 257 * 100, np.uint16)), (100, 100, 100)),
])
def test_every_kind_of_pixel_becomes_eight_bits_of_red_green_blue(image: Image.Image,
                                                                  expected: Tuple[int, ...]) -> None:
    decoded = decode(encoded(image))
    assert decoded.mode == "RGB" and decoded.getpixel((0, 0)) == expected


def test_the_first_frame_of_an_animation_is_taken() -> None:
    frames = [plain((255, 0, 0)), plain((0, 0, 255))]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode(data).convert("RGB").getpixel((0, 0)) == (255, 0, 0)


PNG = encoded(plain((1, 2, 3), (50, 50)))


@pytest.mark.parametrize("data", [b"", b"no picture", PNG[:60], PNG[:20] + b"\xff" * 40, b"<svg></svg>"])
def test_what_is_no_picture_is_a_bad_picture(data: bytes) -> None:
    with pytest.raises(TaskError) as raised:
        decode(data)
    assert raised.value.code == "bad_picture" and not raised.value.retry


def test_a_picture_of_far_too_many_pixels_is_a_bad_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(TaskError, match="pixels"):
        decode(PNG)
