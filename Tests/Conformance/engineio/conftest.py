"""What takes ten seconds begins with the suite and ends while other tests run."""

from __future__ import annotations

from typing import List

import pytest

from harness.engineio import Polling, Unfinished
from harness.process import Server


@pytest.fixture(scope="session", autouse=True)
def unfinished(calm: Server) -> List[Unfinished]:
    """Upgrades of both versions, with and without a probe, that are never finished."""
    return [Unfinished(Polling(calm.port, version), with_probe) for version in (3, 4) for with_probe in (False, True)]
