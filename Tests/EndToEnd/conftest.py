"""Servers of the built executable, each with a data folder and a port of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Dict, Iterator

import pytest

from harness.process import Server, ServerFactory, free_port
from harness.resting import first_scan
from harness.socketio_client import PYTHONS, ClientProcess

Serve = Callable[..., Server]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        item.stash.setdefault(FAILED, True)


FAILED: pytest.StashKey[bool] = pytest.StashKey()


@pytest.fixture
def serve(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Serve]:
    """Starts `vitrine serve` with more flags. The same data folder each time in one test, unless told otherwise."""
    factory = ServerFactory(tmp_path)

    def start(*flags: str, data_dir: "Path | None" = None, port: "int | None" = None, **options: object) -> Server:
        folder = data_dir or tmp_path / "data"
        return factory.start("serve", "--data-dir", str(folder), "--port", str(port or free_port()), *flags,
                             **options)  # type: ignore[arg-type]

    yield start
    factory.close(request.node.nodeid if request.node.stash.get(FAILED, False) else None)


@pytest.fixture
def server(serve: Serve) -> Server:
    """A server with the default flags."""
    return serve()


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Server]:
    """One server for a module's tests that leave nothing behind; it has no tasks of its own any more."""
    folder = tmp_path_factory.mktemp("shared")
    factory = ServerFactory(folder)
    server = first_scan(factory.start("serve", "--data-dir", str(folder / "data"), "--port", str(free_port())))
    yield server
    survived = server.is_running()
    factory.close(request.node.nodeid if request.session.testsfailed else None)
    assert survived, f"the server died:\n{server.log_text()[-4000:]}"


@pytest.fixture(scope="session")
def client_processes() -> Iterator[Dict[str, ClientProcess]]:
    """A process of real Socket.IO clients for each version of them, shared by all tests that do not kill it."""
    processes = {version: ClientProcess(version) for version in PYTHONS}
    yield processes
    for process in processes.values():
        process.kill()
