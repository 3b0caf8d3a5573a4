"""The built executable as a child process."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "artifacts"
BINARY = Path(os.environ.get("VITRINE_BIN", ROOT / ".build" / "release" / "vitrine"))
LISTENING = re.compile(r"listening on (https?)://(\[[^\]]+\]|[^:/\s]+):(\d+)")


def free_port() -> int:
    """A port on which nobody listens, below those that systems give to outgoing connections.

    Such a connection would take the port before the server does, or while a killed server is not back; and whoever
    tries again and again to connect to such a port in the meantime ends up connected to itself.
    """
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port


def clean_environment(extra: Optional[Mapping[str, str]] = None) -> Dict[str, str]:
    """Our environment without any VITRINE_ or IIB_ variable of the caller's, plus `extra`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("VITRINE_", "IIB_"))}
    return {**kept, **(extra or {})}


def run_vitrine(*arguments: str, environment: Optional[Mapping[str, str]] = None, timeout: float = 30,
                cwd: Optional[Path] = None) -> "subprocess.CompletedProcess[str]":
    """Runs the executable to its end, with nothing on its standard input."""
    return subprocess.run([str(BINARY), *arguments], capture_output=True, text=True, timeout=timeout,
                          stdin=subprocess.DEVNULL, env=clean_environment(environment), cwd=cwd)


class Server:
    """One running `vitrine serve` or `vitrine conformance`, its address and its log."""

    def __init__(self, arguments: Sequence[str], log: Path, environment: Optional[Mapping[str, str]] = None,
                 cwd: Optional[Path] = None) -> None:
        self.arguments = list(arguments)
        self.log_path = log
        self.port = 0
        self.scheme = "http"
        self._ready = threading.Event()
        self._log = open(log, "ab")
        self.process = subprocess.Popen([str(BINARY), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, env=clean_environment(environment), cwd=cwd)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._log.write(line)
            self._log.flush()
            match = None if self._ready.is_set() else LISTENING.search(line.decode(errors="replace"))
            if match:
                self.scheme, self.port = match.group(1), int(match.group(3))
                self._ready.set()
        self._log.close()
        self._ready.set()

    def wait_until_listening(self, within: float = 30) -> "Server":
        if not self._ready.wait(within) or self.port == 0:
            self.kill()
            raise AssertionError(f"the server did not say that it listens:\n{self.log_text()[-4000:]}")
        return self

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.address}"

    @property
    def socket_url(self) -> str:
        return f"{'wss' if self.scheme == 'https' else 'ws'}://{self.address}"

    def log_text(self) -> str:
        return self.log_path.read_text(errors="replace")

    def is_running(self) -> bool:
        return self.process.poll() is None

    def resident_bytes(self) -> int:
        """The resident memory of the process, from the kernel."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise AssertionError("no VmRSS: the process has gone")

    def terminate(self, within: float = 20) -> int:
        """SIGTERM; returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait(within)

    def wait(self, within: float = 20) -> int:
        status = self.process.wait(within)
        self._reader.join(within)
        return status

    def kill(self) -> None:
        """SIGKILL, as a crash would end it; safe to call twice."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.wait()

    def keep_log(self, name: str) -> None:
        """Copies the log to the artefacts, for the reader of a failed run."""
        folder = ARTIFACTS / "server-logs"
        folder.mkdir(parents=True, exist_ok=True)
        safe = re.sub(r"[^A-Za-z0-9._-]+", "_", name)[-150:]
        shutil.copy(self.log_path, folder / f"{safe}.log")


class ServerFactory:
    """Starts servers for one test and ends every one of them; used by the fixtures."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.servers: List[Server] = []

    def start(self, *arguments: str, environment: Optional[Mapping[str, str]] = None,
              cwd: Optional[Path] = None, wait: bool = True) -> Server:
        log = self.folder / f"server-{len(self.servers)}.log"
        server = Server(arguments, log, environment, cwd)
        self.servers.append(server)
        return server.wait_until_listening() if wait else server

    def close(self, failed_test: Optional[str] = None) -> None:
        for index, server in enumerate(self.servers):
            server.kill()
            if failed_test:
                server.keep_log(f"{failed_test}-{index}")
