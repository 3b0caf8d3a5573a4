"""HTTP itself: bodies past their bound, health, metrics, descriptions."""

from __future__ import annotations

import json
import re

import pytest
import requests
import yaml
from openapi_spec_validator import validate

from harness.process import ROOT, Server
from harness.raw_websocket import RawClient
from harness.realtime import Live
from harness.waiting import eventually

DESCRIPTIONS = ["native.openapi.yaml", "vframe.openapi.yaml"]


def head(server: Server, *lines: str, path: str = "/api/tasks") -> bytes:
    fields = [f"POST {path} HTTP/1.1", f"Host: {server.address}", "Content-Type: application/json", *lines]
    return "".join(f"{line}\r\n" for line in fields).encode() + b"\r\n"


@pytest.mark.parametrize("expect", [[], ["Expect: 100-continue"]], ids=["plain", "expect"])
@pytest.mark.parametrize("path", ["/api/tasks", "/api/v1/task/run/"])
def test_a_body_past_its_bound_is_refused_before_it_is_read(shared_server: Server, expect: list, path: str) -> None:
    with RawClient(shared_server.port) as raw:
        raw.send(head(shared_server, "Content-Length: 1073741824", *expect, path=path))  # And no byte of it.
        response = raw.read_response()
        assert response.status == 413, "with no 100 before it"


def test_a_chunked_body_past_its_bound_is_refused(shared_server: Server) -> None:
    with RawClient(shared_server.port) as raw:
        raw.send(head(shared_server, "Transfer-Encoding: chunked"))
        chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
        try:
            for _ in range(1024):  # 64 MiB, if the server lets us.
                raw.send(chunk)
        except OSError:
            pass
        assert raw.read_response().status == 413


def test_a_body_within_its_bound_is_continued_and_read(shared_server: Server) -> None:
    body = json.dumps({"name": "long_task", "params": {"steps": 1, "delay_ms": 0}}).encode()
    with RawClient(shared_server.port) as raw:
        raw.send(head(shared_server, f"Content-Length: {len(body)}", "Expect: 100-continue"))
        first = raw._take(12)
        assert first == b"HTTP/1.1 100"
        while not raw.buffer.endswith(b"\r\n\r\n"):
            raw._fill()
        raw.buffer.clear()
        raw.send(body)
        assert raw.read_response().status in (201, 202)


def test_bodies_of_any_garbage_are_refused(shared_server: Server) -> None:
    for body in (b"\0" * 1000, b"\xff\xfe", b"[" * 50_000, b'{"name":"\xff"}', b'{"name":' + b"9" * 5000 + b"}"):
        answer = requests.post(f"{shared_server.url}/api/tasks", data=body, timeout=15,
                               headers={"Content-Type": "application/json"})
        assert 400 <= answer.status_code < 500


def test_health(shared_server: Server) -> None:
    assert requests.get(f"{shared_server.url}/healthz", timeout=10).status_code == 200


def test_metrics_are_prometheus_text_and_move(server: Server) -> None:
    def metrics() -> str:
        answer = requests.get(f"{server.url}/metrics", timeout=10)
        assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain")
        return answer.text

    first = metrics()
    sample = re.compile(r'^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^}]*\})? -?[0-9.eE+-]+(Inf|NaN)?( \d+)?$')
    for line in first.splitlines():
        assert line == "" or line.startswith("# ") or sample.match(line), line
    assert "# TYPE vitrine_" in first
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks")
        eventually(lambda: metrics() != first, "a connection changes them")


def test_the_dashboard_is_at_the_root(shared_server: Server) -> None:
    answer = requests.get(shared_server.url + "/", timeout=10)
    assert answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]
    assert "http://" not in re.sub(r"http://www\.w3\.org", "", answer.text), "no third-party request"


@pytest.mark.parametrize("path", ["/../Package.swift", "/..%2fPackage.swift", "/%2e%2e/Package.swift", "/.git/config",
                                  "/protocol/../../Package.swift", "//etc/passwd", "/%00", "/app.js%00.html"])
def test_no_path_leads_out_of_the_dashboard(shared_server: Server, path: str) -> None:
    with RawClient(shared_server.port) as raw:
        raw.send(f"GET {path} HTTP/1.1\r\nHost: {shared_server.address}\r\n\r\n".encode())
        response = raw.read_response()
    assert b"swift-tools-version" not in response.body and b"root:" not in response.body
    assert b"[core]" not in response.body and response.status < 500


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_the_descriptions_are_served_and_valid(shared_server: Server, name: str) -> None:
    answer = requests.get(f"{shared_server.url}/openapi/{name}", timeout=10)
    assert answer.status_code == 200
    assert answer.text == (ROOT / "seeds" / name).read_text()
    description = yaml.safe_load(answer.text)
    assert description["openapi"].startswith("3.1")
    validate(description)


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_every_described_operation_answers_as_described(shared_server: Server, name: str) -> None:
    description = yaml.safe_load((ROOT / "seeds" / name).read_text())
    base = (description.get("servers") or [{"url": ""}])[0]["url"].rstrip("/")
    base = "" if "://" in base else base
    assert description["paths"]
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            if method not in ("get", "post", "put", "delete", "patch", "head"):
                continue
            url = shared_server.url + base + re.sub(r"\{[^}]+\}", "none", path)
            answer = requests.request(method, url, json={} if method in ("post", "put", "patch") else None,
                                      timeout=15, stream=True, allow_redirects=False)
            described = set(map(str, operation["responses"]))
            wildcard = f"{answer.status_code // 100}XX"
            assert described & {str(answer.status_code), wildcard, "default"}, \
                f"{method} {path} answered {answer.status_code}, described are {sorted(described)}"
            assert answer.status_code != 404 or "{" in path or "404" in described
            answer.close()


def test_many_requests_on_one_connection(shared_server: Server) -> None:
    with RawClient(shared_server.port) as raw:
        one = f"GET /healthz HTTP/1.1\r\nHost: {shared_server.address}\r\n\r\n".encode()
        raw.send(one * 100)
        assert [raw.read_response().status for _ in range(100)] == [200] * 100
