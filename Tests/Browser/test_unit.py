"""The page's protocol and state modules, tested without a server, inside the browser."""

import pytest

from harness.waiting import eventually

from .unit_server import UNIT

MODULES = sorted(path.name.removesuffix(".test.js") for path in UNIT.glob("*.test.js"))


@pytest.mark.parametrize("module", MODULES)
def test_every_unit_test_of_the_module_passes(tab, modules, module):
    tab.get(f"{modules}/unit/?module={module}")
    results = eventually(lambda: tab.execute_script("return window.results"), f"{module} finished")
    failures = [f"{result['name']}\n{result['error']}" for result in results if result["error"]]
    assert not failures, "\n\n".join(failures)
    declared = (UNIT / f"{module}.test.js").read_text().count("\ntest(")
    assert len(results) == declared > 0


def test_a_failing_unit_test_is_reported(tab, modules):
    """The runner itself: a module that does not exist must not look like success."""
    tab.get(f"{modules}/unit/?module=missing")
    results = eventually(lambda: tab.execute_script("return window.results"), "finished")
    assert [result["error"] is not None for result in results] == [True]
