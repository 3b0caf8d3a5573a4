"""A Vitrine server of a test's own, which may be restarted on its port."""

import signal

import requests

from harness.process import ROOT, Server as Process, free_port
from harness.waiting import eventually


class Server:
    """`vitrine serve` on a free port, with its data in `folder`."""

    def __init__(self, folder, library=None, tokens=None, flags=()):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.data = folder / "data"
        self._log = folder / "server.log"
        self._process = None
        self._headers = {"Authorization": f"Bearer {next(iter(tokens))}"} if tokens else {}
        self._arguments = ["serve", "--port", str(self.port), "--data-dir", str(self.data)]
        self._arguments += flags
        if library is not None:
            self._arguments += ["--library", str(library)]
        for token, role in (tokens or {}).items():
            self._arguments += ["--token", f"{role}:{token}"]

    def start(self):
        """Starts it and waits until it listens."""
        self._process = Process(self._arguments, self._log, cwd=ROOT).wait_until_listening()
        return self

    def settle(self):
        """Waits until what the server started by itself, such as a first scan, is over."""
        eventually(self._is_quiet, "no task of the server's own is left")
        return self

    def stop(self, how=signal.SIGTERM):
        """Ends it and waits until it is gone; safe to call twice."""
        if self._process.is_running():
            self._process.process.send_signal(how)
            self._process.wait()

    def restart(self, how=signal.SIGKILL):
        """Ends it, by default without warning, and starts it again on the same port."""
        self.stop(how)
        self.start()

    def end(self, failed_test=None):
        """Ends it for good; the log of a failed test is kept."""
        if self._process is None:
            return
        self._process.kill()
        if failed_test:
            self._process.keep_log(failed_test)

    def _is_quiet(self):
        tasks = self._get("/api/tasks")
        counts = tasks["counts"]
        if counts["queued"] + counts["running"] > 0:
            return False
        # It listens before the first scan is queued, and the scan ends before its thumbnails are.
        has_scanned = any(task["name"] == "scan" and task["params"] == {} for task in tasks["tasks"])
        newest = self._get("/api/library")["newest"]
        return has_scanned and (not newest or any(item.get("thumbnail") for item in newest))

    def _get(self, path):
        answer = requests.get(self.address + path, headers=self._headers, timeout=15)
        answer.raise_for_status()
        return answer.json()
