"""Reads single fields of a YAML map and writes down what is wrong with each."""

from __future__ import annotations

import math
from pathlib import Path, PurePosixPath
from typing import Any, List, Mapping, Optional, Sequence, Tuple, cast

Triple = Tuple[float, float, float]


class FieldReader:
    """Each method gives the field's value, or its default when it is missing, null or an empty text.

    A wrong value, or none where one is needed, becomes a line in `problems` (`file: key: field: …`) and the default.
    """

    def __init__(self, entry: Mapping[str, Any], where: str, models: Path, problems: List[str]) -> None:
        self._entry = entry
        self._where = where
        self._models = models
        self._problems = problems

    def problem(self, name: str, text: str) -> None:
        self._problems.append(f"{self._where}: {name}: {text}")

    def text(self, name: str, default: str) -> str:
        value = self._value(name)
        if value is None or isinstance(value, str):
            return value or default
        self.problem(name, f"a text is needed, not {value!r}")
        return default

    def choice(self, name: str, choices: Sequence[str], default: Optional[str] = None) -> Optional[str]:
        value = self._value(name)
        if value is None:
            if default is None:
                self.problem(name, f"is needed: one of {', '.join(choices)}")
            return default
        if value not in choices:
            self.problem(name, f"one of {', '.join(choices)} is needed, not {value!r}")
            return default
        return str(value)

    def path(self, name: str, required: bool) -> Optional[Path]:
        """A path below the models folder."""
        value = self._value(name)
        if value is None:
            if required:
                self.problem(name, "a path below the models folder is needed")
            return None
        if not isinstance(value, str):
            self.problem(name, f"a path below the models folder is needed, not {value!r}")
            return None
        path = PurePosixPath(value)
        if path.is_absolute() or ".." in path.parts:
            self.problem(name, f"{value} leads out of the models folder")
            return None
        return self._models / path

    def integer(self, name: str, default: Optional[int], least: int, greatest: int) -> int:
        value = self._value(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= greatest:
            said = "" if value is None else f", not {value!r}"
            self.problem(name, f"a whole number from {least} to {greatest} is needed{said}")
            return default or 0
        return value

    def number(self, name: str, default: float) -> float:
        value = self._value(name)
        if value is None:
            return default
        if not _is_number(value):
            self.problem(name, f"a number is needed, not {value!r}")
            return default
        return float(value)

    def fraction(self, name: str, default: float) -> float:
        value = self.number(name, default)
        if not 0 <= value <= 1:
            self.problem(name, f"a number from 0 to 1 is needed, not {value:g}")
            return default
        return value

    def triple(self, name: str, default: Triple) -> Triple:
        value = self._value(name)
        if value is None:
            return default
        if not isinstance(value, list) or len(value) != 3 or not all(_is_number(part) for part in value):
            self.problem(name, f"three numbers (blue, green, red) are needed, not {value!r}")
            return default
        return cast(Triple, tuple(float(part) for part in value))

    def flag(self, name: str) -> bool:
        value = self._value(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.problem(name, f"true or false is needed, not {value!r}")
        return False

    def _value(self, name: str) -> Any:
        value = self._entry.get(name)
        return None if value == "" else value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
