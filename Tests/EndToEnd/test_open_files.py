"""The limit of open files: connections alone can never use it up."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
from pathlib import Path

import requests

from harness.process import BINARY, clean_environment
from harness.waiting import eventually

LIMIT = 300


def test_silent_connections_leave_files_for_everything_else(tmp_path: Path) -> None:
    command = ["sh", "-c", f'ulimit -n {LIMIT}; exec "$0" "$@"', str(BINARY), "serve", "--port", "0",
               "--data-dir", str(tmp_path / "data")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                               env=clean_environment())
    idle: "list[socket.socket]" = []
    try:
        assert process.stdout is not None
        match = re.search(r":(\d+)$", process.stdout.readline().strip())
        assert match
        port = int(match.group(1))
        folder = f"/proc/{process.pid}/fd"
        for _ in range(LIMIT + 100):
            idle.append(socket.create_connection(("127.0.0.1", port), timeout=10))
        counts: "list[int]" = []

        def has_settled() -> bool:
            counts.append(len(os.listdir(folder)))
            return counts[-1] > LIMIT // 2 and len(set(counts[-10:])) == 1 and len(counts) > 10

        eventually(has_settled, "the server has taken as many as it will")
        assert counts[-1] <= LIMIT - 8, "files are left"
        for each in idle:
            each.close()
        idle = []

        def answers() -> bool:
            # It is refused until the server has noticed that the others are gone.
            with contextlib.suppress(requests.ConnectionError):
                return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=10).status_code == 200
            return False

        eventually(answers, "it answers again")
        process.terminate()
        assert process.wait(20) == 0
    finally:
        for each in idle:
            each.close()
        process.kill()
        process.wait(10)
