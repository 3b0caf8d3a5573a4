from __future__ import annotations

from pathlib import Path

import pytest

from vitrine_worker.errors import ConfigurationError
from vitrine_worker.registry import OWN, Registry, load_task_file


def test_the_decorator_adds_a_function_and_leaves_it_as_it_is() -> None:
    registry = Registry()

    @registry.task("peer.a")
    def work(context: object) -> object:
        return context

    assert registry.names == ["peer.a"] and registry.get("peer.a") is work and work(5) == 5
    assert registry.get("peer.b") is None


@pytest.mark.parametrize("name", ["", "two words", "ü", "x" * 129, 5, None, lambda: None])
def test_what_cannot_be_a_capability_is_refused(name: object) -> None:
    with pytest.raises(ConfigurationError, match="printable ASCII"):
        Registry().task(name)  # type: ignore[arg-type]


def test_a_name_is_given_once() -> None:
    registry = Registry()
    registry.add("a", lambda context: None)
    with pytest.raises(ConfigurationError, match="two tasks"):
        registry.add("a", lambda context: None)


def test_a_task_file_is_run_and_may_import_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "neighbour_of_tasks.py").write_text("ANSWER = 42\n")
    (tmp_path / "mine.py").write_text("from neighbour_of_tasks import ANSWER\nfrom vitrine_worker import task\n"
                                      "@task('registry.test.mine')\ndef mine(context):\n    return ANSWER\n")
    assert load_task_file(tmp_path / "mine.py") == ["registry.test.mine"]
    function = OWN.get("registry.test.mine")
    assert function is not None and function(None) == 42  # type: ignore[arg-type]


@pytest.mark.parametrize("text, problem", [
    ("x = 1\n", "no function has the decorator"),
    ("import no_such_module_at_all\n", "no_such_module_at_all"),
    ("def broken(:\n", "SyntaxError"),
    ("from vitrine_worker import task\n@task\ndef f(c): pass\n", "printable ASCII"),
])
def test_a_bad_task_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "bad.py"
    path.write_text(text)
    with pytest.raises(ConfigurationError) as raised:
        load_task_file(path)
    assert problem in str(raised.value) and str(path) in str(raised.value)


def test_a_task_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such task file"):
        load_task_file(tmp_path / "none.py")
    (tmp_path / "tasks.txt").write_text("")
    with pytest.raises(ConfigurationError, match=r"\.py"):
        load_task_file(tmp_path / "tasks.txt")
