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
        # Workers of these tests act at the test's word, on a machine that may be busy.
        self._arguments = ["serve", "--port", str(self.port), "--data-dir", str(self.data),
                           "--offer-timeout", "60000", "--lease", "60000"]
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
        eventually(self._is_quiet, "the first scan has ended, and what came of it")
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
        answer = requests.get(f"{self.address}/api/tasks", headers=self._headers, timeout=60)
        answer.raise_for_status()
        counts = answer.json()["counts"]
        ended = {task["name"]: task["result"] for task in answer.json()["tasks"] if task["state"] == "done"}
        # The scan begins a little after the server listens, and the thumbnails a little after the scan.
        followed = "scan" in ended and ("thumbnails" in ended or ended["scan"]["added"] == 0)
        return followed and counts["queued"] + counts["running"] == 0
