"""https and wss on the same code."""

from __future__ import annotations

import json
import ssl
import subprocess
from pathlib import Path
from typing import Tuple

import pytest
import requests

from harness.process import Server, free_port, run_vitrine
from harness.raw_websocket import TEXT, RawClient, frame, request
from harness.realtime import Live


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", str(key),
                    "-out", str(certificate)], check=True, capture_output=True, timeout=60)
    return certificate, key


@pytest.fixture
def secure(serve, certificate: Tuple[Path, Path]) -> Server:
    server = serve("--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1]), "--max-message", "2000000")
    assert server.scheme == "https"
    return server


def test_https_answers(secure: Server, certificate: Tuple[Path, Path]) -> None:
    assert requests.get(f"{secure.url}/healthz", verify=str(certificate[0]), timeout=15).status_code == 200


def test_wss_takes_messages_of_many_records(secure: Server, certificate: Tuple[Path, Path]) -> None:
    context = ssl.create_default_context(cafile=str(certificate[0]))
    for compression in (None, "deflate"):
        with Live(f"{secure.socket_url}/ws", ssl=context, compression=compression) as live:
            for size in (1, 16_384, 16_385, 1 << 20):
                assert live.ask("ping", pad="x" * size)["type"] == "pong"
            assert live.subscribe("tasks", "library", "clients", "log")[-1]["type"] == "synced"


def test_wss_sends_much_too(secure: Server, certificate: Tuple[Path, Path]) -> None:
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with Live(f"{secure.socket_url}/ws", ssl=context) as live:
        live.hello()
        live.subscribe("app/big")
        for n in range(200):
            live.send("publish", topic="app/big", data={"n": n, "pad": "x" * 15_000})
        messages = live.until(lambda m: (m.get("data") or {}).get("n") == 199)
        assert [m["data"]["n"] for m in messages if m["type"] == "app.message"] == list(range(200))


def test_the_first_message_may_come_with_the_handshake(secure: Server, certificate: Tuple[Path, Path]) -> None:
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with RawClient(secure.port) as plain:
        wrapped = context.wrap_socket(plain.socket, server_hostname="localhost")
        with RawClient(secure.port, sock=wrapped) as raw:
            raw.send(request(path="/ws", host=secure.address) + frame(TEXT, b'{"type":"ping","id":1}'))
            assert raw.read_response().status == 101
            assert json.loads(raw.read_frame().payload)["type"] == "welcome"
            assert json.loads(raw.read_frame().payload)["type"] == "pong"


def test_plain_http_on_the_tls_port_harms_nobody(secure: Server, certificate: Tuple[Path, Path]) -> None:
    with RawClient(secure.port) as raw:
        raw.send(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert not raw.read_to_end().startswith(b"HTTP/1.1 200")
    test_https_answers(secure, certificate)


def test_a_stop_closes_wss_with_1001(secure: Server, certificate: Tuple[Path, Path]) -> None:
    context = ssl.create_default_context(cafile=str(certificate[0]))
    live = Live(f"{secure.socket_url}/ws", ssl=context)
    assert secure.terminate() == 0
    live.expect_close(1001)


@pytest.mark.parametrize("which", ["missing", "garbage", "only one", "no match"])
def test_a_wrong_certificate_or_key_is_said(tmp_path: Path, certificate: Tuple[Path, Path], which: str) -> None:
    (tmp_path / "garbage.pem").write_text("-----BEGIN NONSENSE-----\n")
    other = tmp_path / "other.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(other), "2048"], check=True, capture_output=True, timeout=60)
    flags = {
        "missing": ["--tls-cert", str(tmp_path / "none.pem"), "--tls-key", str(certificate[1])],
        "garbage": ["--tls-cert", str(tmp_path / "garbage.pem"), "--tls-key", str(certificate[1])],
        "only one": ["--tls-cert", str(certificate[0])],
        "no match": ["--tls-cert", str(certificate[0]), "--tls-key", str(other)],
    }[which]
    done = run_vitrine("serve", "--data-dir", str(tmp_path / "data"), "--port", str(free_port()), *flags)
    assert done.returncode > 0 and done.stderr + done.stdout
    assert "Fatal error" not in done.stderr
