"""Reads a task's params."""

from __future__ import annotations

import math
from typing import Any, List, Mapping, Sequence

from ..context import ImageReference
from ..errors import BadParams

MAX_IMAGES = 10_000


def images(params: Mapping[str, Any]) -> List[ImageReference]:
    """The list `images`. Raises BadParams when it is none, empty or very long."""
    value = params.get("images")
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_IMAGES:
        raise BadParams(f"`images` is needed: a list of 1 to {MAX_IMAGES} images")
    return value


def number(params: Mapping[str, Any], name: str, default: float) -> float:
    """A number from 0 to 1."""
    value = params.get(name)
    if value is None:
        return default
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value) \
            or not 0 <= value <= 1:
        raise BadParams(f"`{name}` is a number from 0 to 1")
    return float(value)


def integer(params: Mapping[str, Any], name: str, default: int, least: int, greatest: int) -> int:
    value = params.get(name)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= greatest:
        raise BadParams(f"`{name}` is a whole number from {least} to {greatest}")
    return value


def choice(params: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
    """One of the choices; the first when it is missing."""
    value = params.get(name)
    if value is None:
        return choices[0]
    if value not in choices:
        raise BadParams(f"`{name}` is one of {', '.join(choices)}")
    return str(value)
