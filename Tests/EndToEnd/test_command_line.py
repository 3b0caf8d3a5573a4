"""The command line, its environment and its configuration file."""

from __future__ import annotations

import hashlib
import random
import re
import time
from pathlib import Path

import pytest
import requests
import yaml
from PIL import Image

from harness.process import Server, free_port, run_vitrine
from harness.realtime import Live
from harness.waiting import eventually

# contracts: every bound has a flag of its name.
BOUNDS = ["max-connections", "max-subscriptions", "max-message", "message-rate", "max-queued-tasks", "history-events",
          "history-bytes", "queue-events", "queue-bytes", "ping-interval", "ping-timeout", "handshake-timeout", "lease",
          "offer-timeout", "slots"]
OTHERS = ["host", "port", "data-dir", "library", "token", "allow-host", "allow-origin", "insecure", "tls-cert",
          "tls-key", "config"]


def test_help_names_every_subcommand() -> None:
    done = run_vitrine("--help")
    assert done.returncode == 0
    for command in ("serve", "conformance", "seed", "scan", "version"):
        assert re.search(rf"^\s+{command}\b", done.stdout, re.MULTILINE), command


@pytest.mark.parametrize("flag", BOUNDS + OTHERS)
def test_help_of_serve_names_every_flag(flag: str) -> None:
    done = run_vitrine("serve", "--help")
    assert done.returncode == 0
    assert re.search(rf"--{flag}\b", done.stdout)


@pytest.mark.parametrize("flag", BOUNDS)
def test_help_of_serve_names_the_variable_of_every_bound(flag: str) -> None:
    assert f"VITRINE_{flag.upper().replace('-', '_')}" in run_vitrine("serve", "--help").stdout


@pytest.mark.parametrize("flag", ["port", "max-payload", "ping-interval", "ping-timeout", "connect-timeout"])
def test_help_of_conformance_names_every_flag(flag: str) -> None:
    assert re.search(rf"--{flag}\b", run_vitrine("conformance", "--help").stdout)


def test_version_prints_one_line() -> None:
    done = run_vitrine("version")
    assert done.returncode == 0
    assert re.fullmatch(r"(vitrine[ /])?\d+\.\d+\.\d+\S*\n", done.stdout)


@pytest.mark.parametrize("arguments", [
    ["--nonsense"], ["serve", "--nonsense"], ["nonsense"], ["serve", "--port"], ["serve", "--port", "x"],
    ["serve", "--port", "70000"], ["serve", "--max-subscriptions", "-1"], ["serve", "--token", "nocolon"],
    ["serve", "--token", "king:abc"], ["serve", "--token", "admin:bad token"], ["serve", "--token", "admin:"],
    ["serve", "--slots", "-1"], ["serve", "--config", "/nonexistent/vitrine.yaml"],
], ids=" ".join)
def test_wrong_usage_ends_with_a_status_and_a_message(arguments: list, tmp_path: Path) -> None:
    if arguments[0] == "serve":
        arguments = [*arguments, "--data-dir", str(tmp_path / "data")] if arguments[-1] != "--port" else arguments
    done = run_vitrine(*arguments)
    assert done.returncode not in (0, None) and done.returncode > 0
    assert done.stderr.strip() != ""
    assert "Fatal error" not in done.stderr


def test_the_same_bound_by_flag_by_variable_and_by_file(serve, tmp_path: Path) -> None:
    config = tmp_path / "vitrine.yaml"
    config.write_text(yaml.safe_dump({"max-subscriptions": 5, "max-message": 100_000}))

    def limits(server: Server) -> dict:
        with Live(f"{server.socket_url}/ws") as live:
            return live.welcome["limits"]

    assert limits(serve("--max-subscriptions", "3"))["subscriptions"] == 3
    assert limits(serve(environment={"VITRINE_MAX_SUBSCRIPTIONS": "4"}, data_dir=tmp_path / "b"))["subscriptions"] == 4
    both = serve("--config", str(config), data_dir=tmp_path / "c")
    assert limits(both)["subscriptions"] == 5 and limits(both)["message"] == 100_000
    # What stands nearer wins: the flag over the variable over the file.
    nearest = serve("--config", str(config), "--max-subscriptions", "3", data_dir=tmp_path / "d",
                    environment={"VITRINE_MAX_SUBSCRIPTIONS": "4", "VITRINE_MAX_MESSAGE": "90000"})
    assert limits(nearest)["subscriptions"] == 3 and limits(nearest)["message"] == 90_000


@pytest.mark.parametrize("content", ["max-subscriptions: many\n", "no-such-setting: 1\n", "- a list\n", "a: [1\n"])
def test_a_wrong_configuration_file_is_named_and_refused(tmp_path: Path, content: str) -> None:
    config = tmp_path / "vitrine.yaml"
    config.write_text(content)
    done = run_vitrine("serve", "--config", str(config), "--data-dir", str(tmp_path / "data"),
                       "--port", str(free_port()))
    assert done.returncode > 0
    assert done.stderr.strip() != "" and "Fatal error" not in done.stderr


@pytest.mark.parametrize("variable,value", [("VITRINE_MAX_SUBSCRIPTIONS", "many"), ("VITRINE_PING_INTERVAL", "-5")])
def test_a_wrong_variable_is_named_and_refused(tmp_path: Path, variable: str, value: str) -> None:
    done = run_vitrine("serve", "--data-dir", str(tmp_path / "data"), "--port", str(free_port()),
                       environment={variable: value})
    assert done.returncode > 0
    assert variable in done.stderr or variable[8:].lower().replace("_", "-") in done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_another_address_than_loopback_needs_a_token(tmp_path: Path, host: str) -> None:
    done = run_vitrine("serve", "--host", host, "--port", str(free_port()), "--data-dir", str(tmp_path / "data"))
    assert done.returncode > 0
    assert "token" in done.stderr.lower()


@pytest.mark.parametrize("flags", [["--token", "viewer:look"], ["--insecure"]], ids=str)
def test_another_address_is_served_with_a_token_or_on_demand(serve, flags: list) -> None:
    server = serve("--host", "0.0.0.0", *flags)
    assert requests.get(f"http://127.0.0.1:{server.port}/healthz", timeout=10).status_code == 200


def test_a_folder_that_cannot_be_used_is_refused_with_where_it_was_named(tmp_path: Path) -> None:
    data = ["--data-dir", str(tmp_path / "data"), "--port", str(free_port())]
    config = tmp_path / "vitrine.yaml"
    config.write_text("# mine\nlibrary: [/nonexistent]\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    for flags, environment, words in [
        (["--trash", "/proc/nope"], None, ["--trash: /proc/nope"]),
        ([], {"VITRINE_TRASH": "/proc/nope"}, ["VITRINE_TRASH: /proc/nope"]),
        (["--config", str(config)], None, [f"library ({config}, line 2): /nonexistent is not a folder"]),
        ([], {"VITRINE_LIBRARY": "/nonexistent"}, ["VITRINE_LIBRARY: /nonexistent is not a folder"]),
        (["--iib-client", str(empty)], None, [f"--iib-client: {empty}", "index.html"]),
    ]:
        done = run_vitrine("serve", *data, *flags, environment=environment)
        assert done.returncode == 64, (flags, environment, done.stderr)
        for word in words:
            assert word in done.stderr


def test_seed_loads_the_demo_library(serve, tmp_path: Path) -> None:
    done = run_vitrine("seed", "--data-dir", str(tmp_path / "data"), timeout=60)
    assert done.returncode == 0, done.stderr
    with Live(f"{serve().socket_url}/ws") as live:
        eventually(lambda: live.snapshot("library")["counts"]["contents"] > 0, "the demo library's contents")


def test_seed_from_a_folder_that_is_not_there_fails(tmp_path: Path) -> None:
    done = run_vitrine("seed", "--data-dir", str(tmp_path / "data"), "--from", str(tmp_path / "nothing"))
    assert done.returncode > 0 and done.stderr.strip() != ""


def test_thumbnails_indexes_libraries_and_makes_their_thumbnails_beforehand(tmp_path: Path) -> None:
    library, cache = tmp_path / "library", tmp_path / "cache"
    (library / "deep er").mkdir(parents=True)
    for number, name in enumerate(("one.png", "deep er/two.png")):
        noise = random.Random(number).randbytes(300 * 200 * 3)
        Image.frombytes("RGB", (300, 200), noise).save(library / name)
    arguments = ["thumbnails", "--size", "128x128", "--data-dir", str(tmp_path / "data"), "--library", str(library)]
    for made in ("made 2, present 0, failed 0", "made 0, present 2, failed 0"):
        done = run_vitrine(*arguments, environment={"IIB_CACHE_DIR": str(cache)})
        assert done.returncode == 0, done.stderr
        assert made in done.stdout + done.stderr
    for name in ("one.png", "deep er/two.png"):
        path = library / name
        date = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(path.stat().st_mtime))
        key = hashlib.md5(f"{path}{date}".encode()).hexdigest()
        with Image.open(cache / "iib_cache" / key / "128x128.webp") as thumbnail:
            assert (thumbnail.format, thumbnail.size) == ("WEBP", (128, 85))
    missing = run_vitrine("thumbnails", "--data-dir", str(tmp_path / "data"), "--library", str(tmp_path / "none"))
    assert missing.returncode != 0 and "is not a folder" in missing.stderr
