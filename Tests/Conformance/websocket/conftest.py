"""The server under test: `vitrine conformance`, one for the session and more where a test needs other flags."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Iterator

import pytest

from harness.process import Server, ServerFactory, free_port
from harness.raw_websocket import RawClient


@pytest.fixture(scope="session")
def conformance_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    factory = ServerFactory(tmp_path_factory.mktemp("conformance"))
    yield factory.start("conformance", "--port", str(free_port()), "--loops", "2")
    server = factory.servers[0]
    survived = server.is_running()
    factory.close(None if survived else "conformance")
    assert survived, f"the server died during the run:\n{server.log_text()[-4000:]}"


@pytest.fixture
def start_server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Server]]:
    """Starts a server with more flags: `start_server("--max-message", "65536")`."""
    factory = ServerFactory(tmp_path)

    def start(*flags: str) -> Server:
        return factory.start("conformance", "--port", str(free_port()), *flags)

    yield start
    factory.close(request.node.nodeid if request.session.testsfailed else None)


@pytest.fixture
def raw(conformance_server: Server) -> Iterator[RawClient]:
    """A connection on which nothing has been sent."""
    with RawClient(conformance_server.port) as client:
        yield client


@pytest.fixture
def echo(raw: RawClient) -> RawClient:
    """A connection upgraded on `/echo`, without extensions."""
    raw.upgrade()
    return raw


@pytest.fixture
def deflate_echo(raw: RawClient) -> RawClient:
    """A connection upgraded on `/echo` with permessage-deflate and both context takeovers."""
    response = raw.upgrade(headers=[("Sec-WebSocket-Extensions", "permessage-deflate")])
    assert response.headers["sec-websocket-extensions"].startswith("permessage-deflate")
    return raw
