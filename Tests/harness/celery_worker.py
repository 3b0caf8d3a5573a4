"""Celery workers as child processes."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import List, Optional

from harness.process import ROOT, clean_environment
from harness.redis import Redis
from harness.waiting import eventually


class CeleryWorker:
    """One `celery worker` with the tasks of `harness.celery_app`, in a process group of its own."""

    def __init__(self, redis: Redis, folder: Path, name: str = "one", concurrency: int = 2,
                 queue: str = "celery", *options: str) -> None:
        self.log_path = folder / f"celery-{name}.log"
        arguments = [sys.executable, "-m", "celery", "-A", "harness.celery_app", "worker", "--loglevel", "info",
                     "--concurrency", str(concurrency), "--prefetch-multiplier", "1", "--queues", queue,
                     "--hostname", f"{name}@test", "--without-gossip", "--without-mingle", *options]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                            cwd=ROOT / "Tests", env=clean_environment({"BROKER": redis.url}),
                                            start_new_session=True)

    def wait_until_ready(self) -> "CeleryWorker":
        eventually(lambda: "ready." in self.log_text() or self.process.poll() is not None, "the worker is ready", 30)
        assert self.process.poll() is None, self.log_text()[-3000:]
        return self

    def log_text(self) -> str:
        return self.log_path.read_text(errors="replace")

    def kill(self) -> None:
        """SIGKILL to the worker and its children, as a machine that fails would end them; safe to call twice."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class CeleryWorkers:
    """Starts workers for one test, or a module's, and ends every one of them; used by the fixtures."""

    def __init__(self, redis: Redis, folder: Path) -> None:
        self.redis = redis
        self.folder = folder
        self.workers: List[CeleryWorker] = []

    def start(self, name: str = "one", concurrency: int = 2, wait: bool = True,
              queue: Optional[str] = None) -> CeleryWorker:
        worker = CeleryWorker(self.redis, self.folder, name, concurrency, queue or "celery")
        self.workers.append(worker)
        return worker.wait_until_ready() if wait else worker

    def close(self) -> None:
        for worker in self.workers:
            worker.kill()
