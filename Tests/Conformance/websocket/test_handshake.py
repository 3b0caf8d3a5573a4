"""The opening handshake (RFC 6455 §4.2): what is taken and what is refused."""

from __future__ import annotations

import base64

import pytest

from harness.process import Server
from harness.raw_websocket import TEXT, RawClient, accept_key, frame, request


def test_the_example_key_of_the_rfc_gets_its_answer(raw: RawClient) -> None:
    raw.send(request(key="dGhlIHNhbXBsZSBub25jZQ=="))
    response = raw.read_response()
    assert response.status == 101
    assert response.headers["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert response.headers["upgrade"].lower() == "websocket"
    assert response.headers["connection"].lower() == "upgrade"
    assert "sec-websocket-protocol" not in response.headers
    assert "sec-websocket-extensions" not in response.headers


@pytest.mark.parametrize("fields", [
    [("Upgrade", "WebSocket")],
    [("Upgrade", "WEBSOCKET")],
    [("Upgrade", "h2c, websocket")],
    [("Connection", "upgrade")],
    [("Connection", "keep-alive, Upgrade")],
    [("Connection", "keep-alive"), ("Connection", "Upgrade")],
    [("Sec-WebSocket-Version", " 13 ")],
    [("Origin", "http://elsewhere.example")],
], ids=str)
def test_a_right_handshake_in_an_unusual_spelling_is_taken(raw: RawClient, fields: list) -> None:
    raw.upgrade(headers=fields)
    raw.send(frame(TEXT, b"here"))
    assert raw.read_frame().payload == b"here"


def test_header_names_in_any_case_are_taken(raw: RawClient) -> None:
    key = base64.b64encode(bytes(16)).decode()
    raw.send((f"GET /echo HTTP/1.1\r\nhOST: 127.0.0.1\r\nuPGRADE: websocket\r\ncONNECTION: uPGRADE\r\n"
              f"SEC-WEBSOCKET-VERSION: 13\r\nsec-websocket-key: {key}\r\n\r\n").encode())
    response = raw.read_response()
    assert response.status == 101
    assert response.headers["sec-websocket-accept"] == accept_key(key)


@pytest.mark.parametrize("version", ["8", "0", "12", "14", "13, 8", "013", "", "x"])
def test_another_version_is_answered_with_the_supported_one(raw: RawClient, version: str) -> None:
    raw.send(request(headers=[("Sec-WebSocket-Version", version)]))
    response = raw.read_response()
    assert response.status == 426
    assert response.headers["sec-websocket-version"] == "13"
    assert response.headers["upgrade"].lower() == "websocket"


def test_a_missing_version_is_refused(raw: RawClient) -> None:
    raw.send(request(drop=["Sec-WebSocket-Version"]))
    response = raw.read_response()
    assert response.status == 426
    assert response.headers["sec-websocket-version"] == "13"


@pytest.mark.parametrize("drop", [["Upgrade"], ["Connection"], ["Upgrade", "Connection"]], ids=str)
def test_no_upgrade_asked_for_is_answered_upgrade_required(raw: RawClient, drop: list) -> None:
    raw.send(request(drop=drop))
    response = raw.read_response()
    assert response.status == 426
    assert response.headers["upgrade"].lower() == "websocket"
    assert response.headers["sec-websocket-version"] == "13"


@pytest.mark.parametrize("key", [
    "",
    "short",
    base64.b64encode(bytes(15)).decode(),
    base64.b64encode(bytes(17)).decode(),
    "dGhlIHNhbXBsZSBub25jZQ",
    "dGhlIHNhbXBsZSBub25jZQ=!",
    "dGhlIHNhbXBsZSBub25j ZQ=",
    "!" * 24,
], ids=repr)
def test_a_key_that_is_not_sixteen_bytes_in_base64_is_refused(raw: RawClient, key: str) -> None:
    raw.send(request(key=key))
    assert raw.read_response().status == 400


def test_a_missing_key_is_refused(raw: RawClient) -> None:
    raw.send(request(key=None))
    assert raw.read_response().status == 400


def test_two_keys_are_refused(raw: RawClient) -> None:
    keys = [("Sec-WebSocket-Key", base64.b64encode(bytes([n] * 16)).decode()) for n in (1, 2)]
    raw.send(request(headers=keys))
    assert raw.read_response().status == 400


def test_a_missing_host_is_refused(raw: RawClient) -> None:
    raw.send(request(drop=["Host"]))
    assert raw.read_response().status in (400, 403)


def test_two_hosts_are_refused(raw: RawClient) -> None:
    raw.send(request(headers=[("Host", "127.0.0.1"), ("Host", "localhost")]))
    assert raw.read_response().status in (400, 403)


@pytest.mark.parametrize("fields,body", [
    ([("Content-Length", "5")], b"hello"),
    ([("Transfer-Encoding", "chunked")], b"5\r\nhello\r\n0\r\n\r\n"),
], ids=["length", "chunked"])
def test_a_body_on_the_request_is_refused(raw: RawClient, fields: list, body: bytes) -> None:
    raw.send(request(headers=fields, body=body))
    assert raw.read_response().status == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "OPTIONS", "DELETE"])
def test_another_method_never_upgrades(conformance_server: Server, method: str) -> None:
    with RawClient(conformance_server.port) as raw:
        raw.send(request(method=method, headers=[("Content-Length", "0")] if method in ("POST", "PUT") else []))
        if method == "HEAD":
            assert raw.read_to_end()[:12] in (b"HTTP/1.1 400", b"HTTP/1.1 405", b"HTTP/1.1 426")
        else:
            assert raw.read_response().status in (400, 405, 426)


def test_http_1_0_never_upgrades(raw: RawClient) -> None:
    raw.send(request(version="HTTP/1.0"))
    assert raw.read_response().status in (400, 426, 505)


def test_an_unknown_path_never_upgrades(raw: RawClient) -> None:
    raw.send(request(path="/nowhere"))
    assert raw.read_response().status == 404


@pytest.mark.parametrize("blob", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"hello\r\n\r\n",
                                  b"GET\r\n\r\n", b"GET /echo HTTP/9.9.9\r\n\r\n"],
                         ids=["tls", "word", "get", "version"])
def test_what_is_not_http_is_refused_or_dropped(raw: RawClient, blob: bytes) -> None:
    raw.send(blob + b"\r\n\r\n")
    answer = raw.read_to_end()
    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 505", b"HTTP/1.0 4")), answer


def test_an_oversized_header_is_refused(raw: RawClient) -> None:
    blob = request(headers=[("X-Long", "a" * 1_000_000)])
    try:
        raw.send(blob)
    except OSError:
        pass  # Refused before all of it was sent, which is the better answer.
    answer = raw.read_to_end()
    assert answer[:12] in (b"", b"HTTP/1.1 431", b"HTTP/1.1 400"), answer[:200]


def test_too_many_header_fields_are_refused(raw: RawClient) -> None:
    try:
        raw.send(request(headers=[(f"X-{n}", "v") for n in range(50_000)]))
    except OSError:
        pass
    answer = raw.read_to_end()
    assert answer[:12] in (b"", b"HTTP/1.1 431", b"HTTP/1.1 400"), answer[:200]
