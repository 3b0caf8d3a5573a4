"""Folders of model files to measure with: headers as trainers write them, bodies that are holes of realistic sizes."""

import json
import os
import random
import struct

GIB = 1 << 30


def _tensors(count, width):
    offset, members = 0, {}
    for number in range(count):
        members[f"lora_unet_down_blocks_{number}_attentions_0_transformer_blocks_0_attn1_to_q.lora_up.weight"] = {
            "dtype": "F16", "shape": [width, 16], "data_offsets": [offset, offset + 32 * width]}
        offset += 32 * width
    return members


def _safetensors(metadata, tensors):
    header = json.dumps({"__metadata__": metadata, **tensors} if metadata else tensors, separators=(",", ":")).encode()
    return struct.pack("<Q", len(header)) + header


def _trained(source, number, tensors):
    """A LoRA of Kohya's trainer: its settings, and how often which tag stood in the captions."""
    tags = {f"tag {word}": source.randint(1, 40) for word in range(300)} | {f"ohwx{number}": 40}
    metadata = {f"ss_setting_{name}": str(source.random()) for name in range(60)}
    metadata |= {"ss_output_name": f"style {number}", "ss_base_model_version": "sdxl_base_v1-0",
                 "ss_tag_frequency": json.dumps({f"10_ohwx{number}": tags}),
                 "modelspec.title": f"Style {number}", "modelspec.architecture": "stable-diffusion-xl-v1-base/lora"}
    if number % 2:
        metadata["modelspec.trigger_phrase"] = f"ohwx{number}, style"
    return _safetensors(metadata, tensors)


def _gguf(number):
    def text(value):
        return struct.pack("<Q", len(value)) + value
    values = [(b"general.architecture", b"flux"), (b"general.name", b"Flux %d" % number), (b"general.license", b"other")]
    return b"GGUF" + struct.pack("<IQQ", 3, 780, len(values)) + b"".join(
        text(key) + struct.pack("<I", 8) + text(value) for key, value in values)


def library(folder, count):
    """Fills `folder` with `count` sparse files in folders of 100: LoRAs, checkpoints, old checkpoints and GGUF."""
    source = random.Random(3)
    small, large = _tensors(250, 640), _tensors(700, 1280)
    for number in range(count):
        kind = number % 10
        if kind < 5:
            place, suffix, head, size = "loras", "safetensors", _trained(source, number, small), source.randint(20, 800) << 20
        elif kind < 7:
            place, suffix, head, size = "checkpoints", "safetensors", _safetensors({}, large), source.randint(2, 7) * GIB
        elif kind < 9:
            place, suffix, head, size = "checkpoints", "ckpt", b"", source.randint(2, 7) * GIB
        else:
            place, suffix, head, size = "unet", "gguf", _gguf(number), source.randint(4, 12) * GIB
        directory = os.path.join(folder, place, f"{number // 100:04d}")
        os.makedirs(directory, exist_ok=True)
        with open(os.path.join(directory, f"{number:06d}.{suffix}"), "wb") as file:
            file.write(head)
            file.truncate(size + number)


def bodies(folder, count, size):
    """Fills `folder` with `count` files of about `size` bytes, holes but for a few bytes of their own; answers the bytes."""
    os.makedirs(folder, exist_ok=True)
    for number in range(count):
        with open(os.path.join(folder, f"{number}.ckpt"), "wb") as file:
            file.write(os.urandom(16))
            file.truncate(size + number)
    return sum(entry.stat().st_size for entry in os.scandir(folder))
