"""Fixtures: a server of the protocol in this process, and folders with models."""

from __future__ import annotations

from typing import Iterator

import pytest

from fake_server import FakeServer


@pytest.fixture
def fake_server() -> Iterator[FakeServer]:
    server = FakeServer()
    yield server
    server.close()
