"""Servers for the suites of Engine.IO and Socket.IO: one with the short times that conformance suites ask for, one with
a longer patience, and two whose heartbeat never gets into a test's way."""

from __future__ import annotations

from typing import Iterator

import pytest

from harness.process import Server, ServerFactory, free_port

PING_INTERVAL, PING_TIMEOUT, PATIENCE = 300, 200, 1500
MAX_PAYLOAD, CONNECT_TIMEOUT = 1_000_000, 1000


def conformance(tmp_path_factory: pytest.TempPathFactory, name: str, *flags: str) -> Iterator[Server]:
    factory = ServerFactory(tmp_path_factory.mktemp(name))
    if "--connect-timeout" not in flags:
        flags += ("--connect-timeout", str(CONNECT_TIMEOUT))
    server = factory.start("conformance", "--port", str(free_port()), "--max-payload", str(MAX_PAYLOAD), *flags)
    yield server
    survived = server.is_running()
    factory.close(None if survived else name)
    assert survived, f"the server died during the run:\n{server.log_text()[-4000:]}"


@pytest.fixture(scope="session")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Pings every 300 ms and waits 200 ms for their answer: for sessions that are to end by it, or are short."""
    flags = ("--ping-interval", str(PING_INTERVAL), "--ping-timeout", str(PING_TIMEOUT))
    yield from conformance(tmp_path_factory, "quick", *flags)


@pytest.fixture(scope="session")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Pings every 300 ms and waits 1.5 s for their answer: for sessions that are to live by it on a busy machine."""
    flags = ("--ping-interval", str(PING_INTERVAL), "--ping-timeout", str(PATIENCE))
    yield from conformance(tmp_path_factory, "patient", *flags)


@pytest.fixture(scope="session")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Pings after 25 s, gives 20 s for a CONNECT, and has one loop, so that what comes later is seen later."""
    flags = ("--ping-interval", "25000", "--ping-timeout", "20000", "--connect-timeout", "20000", "--loops", "1")
    yield from conformance(tmp_path_factory, "steady", *flags)


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Pings after 25 s; sessions and their connections are on different loops."""
    flags = ("--ping-interval", "25000", "--ping-timeout", "20000", "--loops", "2")
    yield from conformance(tmp_path_factory, "calm", *flags)


@pytest.fixture(params=[3, 4], ids=["v3", "v4"])
def version(request: pytest.FixtureRequest) -> int:
    """The version of Engine.IO."""
    return int(request.param)
