"""The Python worker as a child process."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import List, Optional

from .process import Server, clean_environment


class Worker:
    """One running `vitrine-worker`; its log goes to a file."""

    def __init__(self, server: Server, log: Path, *arguments: str, token: Optional[str] = None) -> None:
        self.log_path = log
        environment = clean_environment({"VITRINE_TOKEN": token} if token else None)
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vitrine_worker", "--server", server.socket_url, *arguments], env=environment,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)

    def log_text(self) -> str:
        return self.log_path.read_text(errors="replace")

    def terminate(self, within: float = 15) -> int:
        """SIGTERM; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)

    def kill(self) -> None:
        """SIGKILL, as a crash would end it; safe to call twice."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait(15)


class WorkerFactory:
    """Starts workers for one test and ends every one of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: List[Worker] = []

    def start(self, server: Server, *arguments: str, token: Optional[str] = None) -> Worker:
        log = self.folder / f"worker-{len(self.workers)}.log"
        self.workers.append(Worker(server, log, *arguments, token=token))
        return self.workers[-1]

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
