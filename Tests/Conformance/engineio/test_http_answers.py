"""Headers and bodies of polling answers (contract of Socket.IO, §1)."""

from __future__ import annotations

import pytest

from harness.engineio import BINARY_TYPE, TEXT_TYPE, Polling, encode, exchange
from harness.process import Server
from harness.raw_websocket import RawClient, Response

TEXT_ANSWER = "text/plain; charset=UTF-8"


def assert_not_stored(answer: Response) -> None:
    assert answer.headers["cache-control"] == "no-store"


def test_answers_to_get_are_text_and_not_stored(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    session.send("4hello")
    for answer in (exchange(steady.port, "GET", f"/engine.io/?EIO={version}&transport=polling"), session.get()):
        assert (answer.status, answer.headers["content-type"]) == (200, TEXT_ANSWER)
        assert_not_stored(answer)


def test_a_post_is_answered_ok(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    answer = session.post("4hello")
    assert (answer.status, answer.body) == (200, b"ok")
    assert answer.headers["content-type"].split(";")[0] == "text/html"
    assert_not_stored(answer)


def test_a_binary_body_of_version_3_has_its_type(steady: Server) -> None:
    session = Polling(steady.port, 3)
    session.send(b"\x01\x02")
    answer = session.get()
    assert (answer.status, answer.headers["content-type"]) == (200, BINARY_TYPE)
    assert_not_stored(answer)


@pytest.mark.parametrize("origin", ["http://example.test", "https://example.test:8443", "null"])
def test_an_answer_names_the_origin_that_may_read_it(steady: Server, version: int, origin: str) -> None:
    session = Polling(steady.port, version, headers={"Origin": origin})
    for answer in (session.post("4hello"), session.get(), exchange(
            steady.port, "GET", f"/engine.io/?EIO={version}&transport=polling", headers={"Origin": origin})):
        assert answer.status == 200
        assert answer.headers["access-control-allow-origin"] in (origin, "*")
        if answer.headers["access-control-allow-origin"] == origin:
            assert "origin" in answer.headers.get("vary", "").lower(), "a cache must not mix origins up"


def test_a_refusal_may_be_read_across_origins_too(steady: Server) -> None:
    answer = exchange(steady.port, "GET", "/engine.io/?EIO=9&transport=polling", headers={"Origin": "http://a.test"})
    assert answer.status == 400 and answer.headers["access-control-allow-origin"] in ("http://a.test", "*")


def test_without_an_origin_nothing_is_said_of_origins_or_everything_allowed(steady: Server) -> None:
    answer = exchange(steady.port, "GET", "/engine.io/?EIO=4&transport=polling")
    assert answer.headers.get("access-control-allow-origin", "*") == "*"


def test_a_preflight_is_answered(steady: Server, version: int) -> None:
    headers = {"Origin": "http://example.test", "Access-Control-Request-Method": "POST",
               "Access-Control-Request-Headers": "content-type"}
    answer = exchange(steady.port, "OPTIONS", f"/engine.io/?EIO={version}&transport=polling", headers=headers)
    assert answer.status == 204 and answer.body == b""
    assert answer.headers["access-control-allow-origin"] in ("http://example.test", "*")
    allowed = {method.strip() for method in answer.headers["access-control-allow-methods"].split(",")}
    assert {"GET", "POST"} <= allowed
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()


def test_a_preflight_does_not_touch_the_session(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    with session.begin_get() as pending:
        assert exchange(steady.port, "OPTIONS", session.target(), headers={"Origin": "http://a.test"}).status == 204
        session.send("4hello")
        assert b"4hello" in pending.read_response().body


def test_one_connection_carries_a_whole_session(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    body = encode(["4again"], version)
    post = (f"POST {session.target()} HTTP/1.1\r\nHost: {steady.address}\r\nContent-Type: {TEXT_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body
    get = f"GET {session.target()} HTTP/1.1\r\nHost: {steady.address}\r\n\r\n".encode()
    with RawClient(steady.port) as raw:
        for _ in range(20):
            raw.send(post + get)  # Pipelined: both answers come, in order.
            assert raw.read_response().body == b"ok"
            answer = raw.read_response()
            assert (answer.status, b"4again" in answer.body) == (200, True)
            if b"2" == answer.body[:1] and version == 4:
                session.send("3")


def test_a_chunked_post_is_read(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    body = encode(["4in chunks"], version)
    chunks = b"".join(b"%x\r\n%b\r\n" % (1, body[n:n + 1]) for n in range(len(body))) + b"0\r\n\r\n"
    headers = {"Content-Type": TEXT_TYPE, "Transfer-Encoding": "chunked"}
    with RawClient(steady.port) as raw:
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        raw.send(f"POST {session.target()} HTTP/1.1\r\nHost: {steady.address}\r\n{fields}\r\n".encode() + chunks)
        assert raw.read_response().body == b"ok"
    assert session.receive() == "4in chunks"


def test_the_content_type_of_a_text_post_does_not_matter(steady: Server, version: int) -> None:
    session = Polling(steady.port, version)
    for content_type in ("text/plain", "text/plain;charset=UTF-8", "application/json"):
        answer = session.post_body(encode(["4hello"], version), content_type)
        assert (answer.status, answer.body) == (200, b"ok")
        assert session.receive() == "4hello"
