"""The examples of docs/realtime.md and docs/workers.md run as they stand there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import List

import pytest

from harness.browser import headless_browser
from harness.process import ROOT, Server, clean_environment
from harness.realtime import Live

def examples(language: str, page: str = "realtime.md") -> List[str]:
    text = (ROOT / "docs" / page).read_text()
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found, f"no {language} example in {page}"
    return found


def test_the_python_example_runs_to_its_end(server: Server) -> None:
    done = subprocess.run([sys.executable, "-c", examples("python")[0]], capture_output=True, text=True, timeout=40,
                          env=clean_environment({"VITRINE_URL": server.url}))
    assert done.returncode == 0, done.stderr
    assert "Task completed!" in done.stdout and "done" in done.stdout.splitlines()[-1]


def test_the_worker_example_adds_numbers(server: Server) -> None:
    worker = subprocess.Popen([sys.executable, "-c", examples("python", "workers.md")[0]],
                              env=clean_environment({"VITRINE_URL": server.url}))
    try:
        with Live(f"{server.socket_url}/ws") as live:
            live.subscribe("tasks")
            good = live.run("math.add", {"numbers": [1, 2, 3]})["task"]
            bad = live.run("math.add", {"numbers": "many"})["task"]
            assert live.finished(good, within=40)["info"]["result"] == 6
            assert live.finished(bad)["info"]["error"]["code"] == "bad_params"
    finally:
        worker.kill()
        worker.wait()


def test_the_curl_example_shows_the_stream(server: Server) -> None:
    command = next(example for example in examples("sh") if "curl -N" in example)
    shell = subprocess.Popen(["bash", "-c", "exec " + command.strip()], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True, env=clean_environment({"VITRINE_URL": server.url}))
    try:
        assert shell.stdout is not None
        kinds = []
        for line in shell.stdout:
            if line.startswith("event:"):
                kinds.append(line.split(":", 1)[1].strip())
            if kinds and kinds[-1] == "synced":
                break
        assert kinds[0] == "welcome" and kinds[-1] == "synced"
    finally:
        shell.kill()
        shell.wait()


@pytest.mark.timeout(120)
def test_the_javascript_example_runs_in_a_browser(server: Server) -> None:
    script = examples("javascript")[0]
    with headless_browser() as browser:
        browser.get(server.url + "/healthz")  # A page of the server without scripts of its own.
        browser.set_script_timeout(40)
        told = browser.execute_async_script(
            "const done = arguments[arguments.length - 1]; const told = [];"
            "console.log = (...parts) => { told.push(parts.map(String).join(' ').trim());"
            "  if (told.some(t => t.startsWith('synced'))) { done(JSON.stringify(told)); } };"
            + "(0, eval)(" + json.dumps(script) + ");")
    kinds = [line.split()[0] for line in json.loads(told)]
    assert kinds[0] == "welcome" and "synced" in kinds
