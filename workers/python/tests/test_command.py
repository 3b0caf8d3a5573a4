"""The command as a process of its own, against the fake server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Optional

import pytest

import models
from fake_server import FakeServer
from vitrine_worker.command import main
from vitrine_worker.protocol import MAX_INLINE_RESULT_BYTES
from vitrine_worker.registry import OWN

TASKS = textwrap.dedent("""
    import time
    from vitrine_worker import task

    @task("peer.echo")
    def echo(context):
        context.progress(1, 2, "half")
        context.log("a line")
        return {"echo": context.params}

    @task("peer.steps")
    def steps(context):
        for n in range(10_000):
            context.progress(n, 10_000, str(time.monotonic()))
            context.wait(0.02)

    @task("peer.blocks")
    def blocks(context):
        # Holds the interpreter's lock between its bytecodes, and never looks whether it should stop.
        end = time.monotonic() + context.params["seconds"]
        while time.monotonic() < end:
            sum(range(1000))
        return "done"

    @task("peer.large")
    def large(context):
        return "x" * context.params["bytes"]
""")


class Process:
    """A running `vitrine-worker`; its log is read along."""

    def __init__(self, *arguments: str, environment: Optional[Dict[str, str]] = None) -> None:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("VITRINE_")}
        self.process = subprocess.Popen([sys.executable, "-m", "vitrine_worker", *arguments], stderr=subprocess.PIPE,
                                        stdout=subprocess.DEVNULL, text=True, env={**kept, **(environment or {})})
        self.lines: List[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)

    def wait(self, within: float = 60) -> int:
        status = self.process.wait(within)
        self._reader.join(within)
        return status

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def until_logged(self, text: str, within: float = 60) -> None:
        deadline = time.monotonic() + within
        while text not in self.log:
            assert time.monotonic() < deadline, self.log
            time.sleep(0.01)

    def signal(self, number: int = signal.SIGTERM) -> None:
        self.process.send_signal(number)


Start = Callable[..., Process]


@pytest.fixture
def start(fake_server: FakeServer, tmp_path: Path) -> Iterator[Start]:
    """Starts the worker with the tasks above."""
    tasks = tmp_path / "my_tasks.py"
    tasks.write_text(TASKS)
    processes: List[Process] = []

    def run(*arguments: str, environment: Optional[Dict[str, str]] = None, server: Optional[str] = None) -> Process:
        processes.append(Process("--server", server or fake_server.url, "--tasks", str(tasks), *arguments,
                                 environment=environment))
        return processes[-1]

    yield run
    for process in processes:
        if process.process.poll() is None:
            process.process.kill()
        process.wait()


def test_it_introduces_itself_as_told_and_runs_an_own_task(fake_server: FakeServer, start: Start) -> None:
    fake_server.token = "from.environment"
    start("--name", "box", "--slots", "3", "--capability", "gpu", environment={"VITRINE_TOKEN": "from.environment"})
    session = fake_server.session()
    assert session.hello["name"] == "box" and session.hello["slots"] == 3 and session.hello["kind"] == "worker"
    assert session.hello["capabilities"] == ["peer.echo", "peer.steps", "peer.blocks", "peer.large", "gpu"]
    names = session.offer("peer.echo", {"n": 1})
    done = session.until_type("task.done")
    assert done["result"] == {"echo": {"n": 1}} and done["lease"] == names["lease"]
    assert [message["type"] for message in session.seen] == ["task.accept", "task.progress", "task.log", "task.done"]
    assert session.seen[1]["current"] == 1 and session.seen[1]["total"] == 2


def test_heartbeats_come_while_a_task_blocks(fake_server: FakeServer, start: Start) -> None:
    fake_server.lease_ms = 4500
    start()
    session = fake_server.session()
    session.offer("peer.blocks", {"seconds": 6.0})
    session.until_type("task.done")
    types = [message["type"] for message in session.seen]
    times = session.times[types.index("task.accept"):types.index("task.done") + 1]
    gaps = [after - before for before, after in zip(times, times[1:])]
    assert max(gaps) < 4.5, gaps  # Never silent for a whole lease.


def test_progress_is_thinned(fake_server: FakeServer, start: Start) -> None:
    start()
    session = fake_server.session()
    names = session.offer("peer.steps")
    session.until(lambda message: message["type"] == "task.progress" and message["current"] >= 40)
    session.send("task.cancel", **names)
    failed = session.until_type("task.fail")
    assert failed["error"]["code"] == "cancelled" and failed["retry"] is False and failed["lease"] == names["lease"]
    # By the worker's own clock: what waits on the way here may come all at once.
    times = [float(message["message"]) for message in session.seen if message["type"] == "task.progress"]
    assert len(times) <= (times[-1] - times[0]) / 0.1 + 2


def test_it_comes_back_after_the_connection_breaks_and_drops_the_work(fake_server: FakeServer, start: Start) -> None:
    process = start()
    first = fake_server.session()
    first.offer("peer.steps")
    first.until_type("task.progress")
    first.cut()
    second = fake_server.session()
    second.offer("peer.echo")
    assert second.until_type("task.done")["result"] == {"echo": {}}
    assert [message["type"] for message in second.seen] == ["task.accept", "task.progress", "task.log", "task.done"]
    process.until_logged("1 unfinished tasks are dropped")


def test_a_long_result_is_uploaded(fake_server: FakeServer, start: Start) -> None:
    fake_server.token = "t"
    start(environment={"VITRINE_TOKEN": "t"})
    session = fake_server.session()
    names = session.offer("peer.large", {"bytes": MAX_INLINE_RESULT_BYTES})
    done = session.until_type("task.done")
    assert "result" not in done
    lease, data = fake_server.uploads[names["task"]]
    assert lease == names["lease"] and len(json.loads(data)) == MAX_INLINE_RESULT_BYTES


def test_a_result_that_is_just_short_enough_goes_inline(fake_server: FakeServer, start: Start) -> None:
    start()
    session = fake_server.session()
    session.offer("peer.large", {"bytes": MAX_INLINE_RESULT_BYTES - 2})
    assert len(session.until_type("task.done")["result"]) == MAX_INLINE_RESULT_BYTES - 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_when_idle_ends_it_at_once_with_status_0(fake_server: FakeServer, start: Start, number: int) -> None:
    process = start()
    session = fake_server.session()
    process.signal(number)
    assert process.wait() == 0 and session.until_closed() == 1000


def test_on_sigterm_a_running_task_may_end(fake_server: FakeServer, start: Start) -> None:
    process = start()
    session = fake_server.session()
    session.offer("peer.blocks", {"seconds": 0.6})
    session.until_type("task.accept")
    process.signal()
    done = session.until_type("task.done")
    assert process.process.poll() is None
    session.ok(done)
    assert process.wait() == 0 and session.until_closed() == 1000


def test_after_the_grace_time_the_task_is_given_back(fake_server: FakeServer, start: Start) -> None:
    process = start("--grace", "0")
    session = fake_server.session()
    names = session.offer("peer.blocks", {"seconds": 120})
    session.until_type("task.accept")
    process.signal()
    failed = session.until_type("task.fail")
    assert failed["error"]["code"] == "shutdown" and failed["retry"] is True and failed["lease"] == names["lease"]
    session.ok(failed)
    before = time.monotonic()
    assert process.wait() == 0 and time.monotonic() - before < 30  # The code still runs, and does not keep the process.


def test_a_wrong_token_ends_it_with_status_3(fake_server: FakeServer, start: Start) -> None:
    fake_server.token = "right"
    process = start("--token", "wrong")
    assert process.wait() == 3
    assert "401" in process.log and "--token, VITRINE_TOKEN" in process.log and "wrong" not in process.log
    assert fake_server.handshakes == 1


def test_a_token_without_the_role_ends_it_with_status_3(fake_server: FakeServer, start: Start) -> None:
    fake_server.hello_errors = ["forbidden"]
    process = start()
    assert process.wait() == 3 and "may not work" in process.log


def test_a_protocol_error_ends_it_with_status_4(fake_server: FakeServer, start: Start) -> None:
    process = start()
    fake_server.session().close(1008)
    assert process.wait() == 4 and "1008" in process.log


def test_it_offers_the_modelzoo(fake_server: FakeServer, start: Start, tmp_path: Path) -> None:
    zoo = tmp_path / "zoo"
    entry = {"framework": "onnx", "model": "mix.onnx", "task_type": "feature_extraction", "features": "mixed",
             "width": 4, "height": 4}
    models.write_yaml(zoo, {"mix": entry, "away": {**entry, "model": "away.onnx"}})
    models.convolution_onnx(zoo / "mix.onnx")
    process = start("--modelzoo", str(zoo), "--capability", "gpu")
    session = fake_server.session()
    assert session.hello["capabilities"] == ["model.features", "peer.echo", "peer.steps", "peer.blocks", "peer.large",
                                             "gpu", "model:mix"]
    process.until_logged("away.onnx")


def test_no_more_capabilities_than_the_protocol_has_room_for(fake_server: FakeServer, start: Start,
                                                             tmp_path: Path) -> None:
    zoo = tmp_path / "zoo"
    entry = {"framework": "onnx", "model": "mix.onnx", "task_type": "feature_extraction", "features": "mixed",
             "width": 4, "height": 4}
    models.write_yaml(zoo, {f"mix-{n:02}": entry for n in range(70)})
    models.convolution_onnx(zoo / "mix.onnx")
    process = start("--modelzoo", str(zoo))
    capabilities = fake_server.session().hello["capabilities"]
    assert len(capabilities) == 64 and capabilities[0] == "model.features" and capabilities[-1] == "model:mix-58"
    process.until_logged("left out: model:mix-59")


@pytest.mark.parametrize("arguments, said", [
    (["--token", "has space"], "the token is not one"), (["--name", ""], "--name"), (["--slots", "0"], "--slots"),
    (["--slots", "two"], "--slots"), (["--capability", "two words"], "--capability 'two words'"),
    (["--modelzoo", "/no/such/folder"], "no such folder"), (["--tasks", "/no/such/file.py"], "no such task file"),
    (["--ca", "/no/such.pem"], "--ca is for wss"),
    (["--server", "wss://h", "--ca", "/no/such.pem"], "--ca /no/such.pem"),
    (["--log-level", "loud"], "--log-level"), (["--grace", "-1"], "--grace"),
])
def test_a_wrong_command_line_ends_it_with_status_2(tmp_path: Path, capsys: pytest.CaptureFixture, arguments: List[str],
                                                    said: str) -> None:
    (tmp_path / "tasks.py").write_text("from vitrine_worker import task\n"
                                       f"task('command.test.{len(OWN.names)}')(lambda context: None)\n")
    assert status_of("--server", "ws://127.0.0.1:9", "--tasks", str(tmp_path / "tasks.py"), *arguments) == 2
    assert said in capsys.readouterr().err


def status_of(*arguments: str) -> object:
    """The exit status of a command line that starts nothing."""
    try:
        return main(arguments)
    except SystemExit as exit:
        return exit.code


def test_a_server_that_is_no_url_ends_it_with_status_2(capsys: pytest.CaptureFixture) -> None:
    assert status_of("--server", "localhost:8080") == 2
    assert "ws://host:8080" in capsys.readouterr().err


def test_nothing_to_offer_ends_it_with_status_2(fake_server: FakeServer) -> None:
    process = Process("--server", fake_server.url)
    assert process.wait() == 2 and "nothing to offer" in process.log
