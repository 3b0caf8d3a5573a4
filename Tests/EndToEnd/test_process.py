"""The process: its start, its two kinds of end, and its port."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import requests

from harness.event_stream import EventStream
from harness.process import Server, run_vitrine
from harness.realtime import Live


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_signal_ends_with_status_zero(server: Server, number: int) -> None:
    server.process.send_signal(number)
    assert server.wait() == 0


def test_sigterm_closes_sockets_with_1001_and_ends_streams(server: Server) -> None:
    lives = [Live(f"{server.socket_url}/ws") for _ in range(5)]
    with EventStream(server.address) as stream:
        stream.until_type("synced")
        server.process.send_signal(signal.SIGTERM)
        for live in lives:
            live.expect_close(1001)
        with pytest.raises(EOFError):
            stream.until(lambda event: False)
    assert server.wait() == 0


def test_sigterm_ends_though_a_reader_is_stuck_and_a_task_runs(server: Server) -> None:
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks")
        task = live.run("long_task", {"steps": 1000, "delay_ms": 60_000})["task"]
        live.started(task)
        assert server.terminate(within=20) == 0


def test_after_kill_9_the_same_port_is_bound_at_once(serve) -> None:
    server = serve()
    lives = [Live(f"{server.socket_url}/ws") for _ in range(20)]
    server.kill()
    again = serve(port=server.port)  # Fails unless it listens.
    assert again.port == server.port
    with Live(f"{again.socket_url}/ws") as live:
        assert live.welcome["epoch"] != lives[0].welcome["epoch"]


def test_epochs_never_come_again(serve) -> None:
    epochs = []
    for n in range(4):
        server = serve()
        with Live(f"{server.socket_url}/ws") as live:
            epochs.append(live.welcome["epoch"])
        server.kill() if n % 2 else server.terminate()
    assert len(set(epochs)) == len(epochs)


def test_a_port_that_is_taken_is_said_and_refused(server: Server, tmp_path: Path) -> None:
    done = run_vitrine("serve", "--data-dir", str(tmp_path / "other"), "--port", str(server.port))
    assert done.returncode > 0
    assert f"port {server.port} already" in done.stderr
    assert requests.get(f"{server.url}/healthz", timeout=10).status_code == 200


def test_a_data_folder_is_made_when_it_is_missing(serve, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "down" / "data"
    serve(data_dir=folder)
    assert folder.is_dir()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    assert run_vitrine("serve", "--data-dir", str(folder / "data")).returncode > 0


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    done = run_vitrine("serve", "--data-dir", str(tmp_path / "data"))
    assert done.returncode > 0 and "Fatal error" not in done.stderr
