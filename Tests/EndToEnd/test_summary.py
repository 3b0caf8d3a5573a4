"""The summary at the end of `make test` never calls a failure clean."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Dict, Tuple

import pytest

from harness.process import ROOT

PYTEST_GOOD = "===== 57 passed, 1 skipped in 12.30s ====="
PYTEST_BAD = "===== 2 failed, 55 passed, 1 error in 75.01s (0:01:15) ====="
SWIFT_GOOD = '➜ Test c() skipped: "why"\n✔ Test run with 5 tests in 1 suite passed after 0.001 seconds.'
SWIFT_BAD = ('✘ Test e() failed after 0.001 seconds with 1 issue.\n'
             '✘ Test "d is" with 2 test cases failed after 0.001 seconds with 1 issue.\n'
             '✘ Suite S failed after 0.001 seconds with 3 issues.\n'
             '✘ Test run with 5 tests in 1 suite failed after 0.001 seconds with 2 issues.')


def summarize(folder: Path, stages: Dict[str, Tuple[str, int, str]]) -> "subprocess.CompletedProcess[str]":
    for name, (_, _, log) in stages.items():
        (folder / f"{name}.log").write_text(log + "\n")
    rows = [f"{name}\t{kind}\t{status}\t1\n" for name, (kind, status, _) in stages.items()]
    (folder / "results.tsv").write_text("".join(rows))
    return subprocess.run([sys.executable, str(ROOT / "scripts" / "summarize-tests"), str(folder)],
                          capture_output=True, text=True, timeout=30)


@pytest.mark.parametrize("kind,status,log,last,code", [
    ("pytest", 0, PYTEST_GOOD, "57 passed, 0 failed, 1 skipped", 0),
    ("pytest", 1, PYTEST_BAD, "55 passed, 3 failed, 0 skipped", 1),
    ("pytest", 124, "killed before its end", "0 passed, 1 failed, 0 skipped", 1),
    ("pytest", 0, "===== no tests ran in 0.01s =====", "0 passed, 1 failed, 0 skipped", 1),
    ("swift", 0, SWIFT_GOOD, "4 passed, 0 failed, 1 skipped", 0),
    ("swift", 1, SWIFT_BAD, "3 passed, 2 failed, 0 skipped", 1),
    ("swift", 132, "Fatal error: crashed", "0 passed, 1 failed, 0 skipped", 1),
    ("swift", 1, SWIFT_GOOD, "4 passed, 1 failed, 1 skipped", 1),
    ("autobahn", 0, "325 passed, 0 failed", "325 passed, 0 failed, 0 skipped", 0),
    ("autobahn", 1, "324 passed, 1 failed", "324 passed, 1 failed, 0 skipped", 1),
    ("autobahn", 2, "nothing", "0 passed, 1 failed, 0 skipped", 1),
    ("autobahn", 77, "SKIPPED", "0 passed, 0 failed, 1 skipped", 0),
    ("setup", 0, "", "0 passed, 0 failed, 0 skipped", 0),
    ("setup", 1, "error: no", "0 passed, 1 failed, 0 skipped", 1),
])
def test_one_stage(tmp_path: Path, kind: str, status: int, log: str, last: str, code: int) -> None:
    done = summarize(tmp_path, {"stage": (kind, status, log)})
    assert (done.stdout.splitlines()[-1], done.returncode) == (last, code), done.stderr


def test_what_failed_is_named_behind_the_stages(tmp_path: Path) -> None:
    issue = '✘ Test "d is" recorded an issue at D.swift:5:3: Expectation failed: (a → 1) == 2'
    many = "\n".join(f"FAILED Tests/x.py::test_{number} - assert {'x' * 400}" for number in range(20))
    done = summarize(tmp_path, {"unit": ("swift", 1, f"{issue}\n{issue}\n{SWIFT_BAD}"),
                                "build": ("setup", 1, "/a/B.swift:1:2: error: no such thing\nBuilding for debugging"),
                                "clean": ("pytest", 0, "FAILED in a test's own text\n" + PYTEST_GOOD),
                                "end-to-end": ("pytest", 1, f"{many}\n{PYTEST_BAD}")})
    lines = done.stdout.splitlines()
    named = lines[max(number for number, line in enumerate(lines) if line.startswith("end-to-end")) + 2:-2]
    assert named[:2] == [issue[2:], "/a/B.swift:1:2: error: no such thing"]
    assert named[2].startswith("FAILED Tests/x.py::test_0 - assert xxx") and len(named[2]) == 300
    assert len(named) == 13 and named[-1] == "and 10 more" and not any("own text" in line for line in named)


def test_the_sums_and_the_closing_lines(tmp_path: Path) -> None:
    done = summarize(tmp_path, {"unit": ("swift", 0, SWIFT_GOOD), "end-to-end": ("pytest", 1, PYTEST_BAD),
                                "autobahn": ("autobahn", 0, "325 passed, 0 failed")})
    lines = done.stdout.splitlines()
    assert PYTEST_BAD in lines and SWIFT_GOOD.splitlines()[-1] in lines
    assert lines[-1] == "384 passed, 3 failed, 1 skipped"
    assert done.returncode == 1
