"""A redis-server of a test's own, on a free port."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Optional

from harness.process import free_port
from harness.waiting import eventually


class Redis:
    """One redis-server, which keeps what it is told when `keeps`; killed and started again on the same port."""

    def __init__(self, folder: Path, keeps: bool = False, password: Optional[str] = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.password = password
        self._arguments = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder),
                           "--appendonly", "yes" if keeps else "no", "--appendfsync", "always"]
        if password:
            self._arguments += ["--requirepass", password]
        self.process: "Optional[subprocess.Popen[bytes]]" = None
        self.start()

    @property
    def url(self) -> str:
        sign = f":{self.password}@" if self.password else ""
        return f"redis://{sign}127.0.0.1:{self.port}/0"

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is missing: scripts/install-system-packages test"
        with open(self.folder / "redis.log", "ab") as log:
            self.process = subprocess.Popen([program, *self._arguments], stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=subprocess.STDOUT)
        eventually(self._answers, "redis-server answers")

    def _answers(self) -> bool:
        assert self.process is not None and self.process.poll() is None, (self.folder / "redis.log").read_text()
        with contextlib.suppress(OSError):
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(64)[:1] in (b"+", b"-")
        return False

    def kill(self) -> None:
        """SIGKILL, as a crash would end it; safe to call twice."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def ask(self, *words: str) -> str:
        """One command by redis-cli; its answer as text."""
        sign = ["-a", self.password, "--no-auth-warning"] if self.password else []
        answer = subprocess.run(["redis-cli", "-p", str(self.port), *sign, *words], capture_output=True, text=True,
                                timeout=10, check=True)
        return answer.stdout.strip()
