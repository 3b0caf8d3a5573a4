"""The tasks that a worker offers, by name; `@task` adds one's own."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Optional

from .errors import ConfigurationError
from .protocol import MAX_CAPABILITY_LENGTH

if TYPE_CHECKING:
    from .context import TaskContext

TaskFunction = Callable[["TaskContext"], Any]
CAPABILITY = re.compile(r"[!-~]{1,%d}" % MAX_CAPABILITY_LENGTH)
"""Printable ASCII without spaces."""


class Registry:
    """Task functions by name."""

    def __init__(self) -> None:
        self._functions: Dict[str, TaskFunction] = {}

    @property
    def names(self) -> List[str]:
        """In the order in which they were added."""
        return list(self._functions)

    def get(self, name: str) -> Optional[TaskFunction]:
        return self._functions.get(name)

    def add(self, name: str, function: TaskFunction) -> None:
        """Raises ConfigurationError for a name that is taken or cannot be a capability."""
        self._check(name)
        if name in self._functions:
            raise ConfigurationError([f"two tasks have the name {name}"])
        self._functions[name] = function

    def task(self, name: str) -> Callable[[TaskFunction], TaskFunction]:
        """A decorator: the function runs the tasks of this name, gets their `TaskContext`, and returns the result."""
        self._check(name)  # Here already: `@task` without a name would otherwise replace the function silently.

        def register(function: TaskFunction) -> TaskFunction:
            self.add(name, function)
            return function

        return register

    @staticmethod
    def _check(name: object) -> None:
        if not isinstance(name, str) or not CAPABILITY.fullmatch(name):
            raise ConfigurationError([f"{name!r} cannot be a task's name: 1 to {MAX_CAPABILITY_LENGTH} characters of "
                                      "printable ASCII are needed, without spaces"])


OWN = Registry()
"""What `@task` has collected in this process."""
task = OWN.task


def load_task_file(path: Path) -> List[str]:
    """Runs a Python file whose `@task` functions are then in `OWN`; returns their names.

    Raises ConfigurationError when the file is missing, fails, or adds no task.
    """
    if not path.is_file():
        raise ConfigurationError([f"{path}: there is no such task file"])
    before = set(OWN.names)
    name = f"vitrine_worker_tasks_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ConfigurationError([f"{path}: a task file's name ends in .py"])
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.resolve().parent))  # So that a task file can be split in two.
    try:
        spec.loader.exec_module(module)
    except ConfigurationError as error:
        raise ConfigurationError([f"{path}: {problem}" for problem in error.problems]) from error
    except Exception as error:
        raise ConfigurationError([f"{path}: {type(error).__name__}: {error}"]) from error
    finally:
        sys.path.pop(0)
    added = [name for name in OWN.names if name not in before]
    if not added:
        raise ConfigurationError([f"{path}: no function has the decorator @task(\"name\")"])
    return added
