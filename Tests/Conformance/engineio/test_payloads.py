"""What a polling body looks like, both ways (contract of Socket.IO, §2 "Polling payloads")."""

from __future__ import annotations

import base64
import json
import random
from typing import List
from urllib.parse import quote, urlencode

import pytest

from harness.engineio import BINARY_TYPE, TEXT_TYPE, Packet, Polling, decode, encode_v3_binary, encode_v3_text, exchange
from harness.process import Server
from harness.raw_websocket import Response

TEXTS = ["4", "4hello", "4é", "4€", "4\U0001F600", "4a\U0001F600b\U0001F680", "4\x00", "4\n\r\t\"\\", "4b64",
         "4:1:2", "4\u2028\u2029", "4\ufeff", "4" + "x" * 10_000, "4" + "\U0001F600" * 3000]
BLOBS = [b"", b"\x00", b"\xff" * 3, bytes(range(256)), b"\x1e\x1e", b"4hello", b"x" * 100_000]


def test_one_packet_stands_alone_in_version_4(steady: Server) -> None:
    session = Polling(steady.port, 4)
    assert session.post_body(b"4hello").body == b"ok"
    assert session.get().body == b"4hello"


def test_several_packets_are_separated_in_version_4(steady: Server) -> None:
    session = Polling(steady.port, 4)
    assert session.post_body(b"4test1\x1e4test2\x1e4test3").body == b"ok"
    assert session.get().body == b"4test1\x1e4test2\x1e4test3"


def test_binary_is_base64_with_a_b_in_version_4(steady: Server) -> None:
    session = Polling(steady.port, 4)
    assert session.post_body(b"4hello\x1ebAQIDBA==\x1e4bye").body == b"ok"
    assert session.get().body == b"4hello\x1ebAQIDBA==\x1e4bye"


def test_packets_have_their_lengths_in_version_3(steady: Server) -> None:
    session = Polling(steady.port, 3)
    assert session.post_body(b"6:4hello").body == b"ok"
    assert session.get().body == b"6:4hello"
    assert session.post_body(b"6:4test16:4test26:4test3").body == b"ok"
    assert session.get().body == b"6:4test16:4test26:4test3"


@pytest.mark.parametrize("text,body", [("é", "2:4é"), ("€uro", "5:4€uro"), ("\U0001F600", "3:4\U0001F600"),
                                       ("a\U0001F600\U0001F680z", "7:4a\U0001F600\U0001F680z")])
def test_lengths_of_version_3_count_utf16_units(steady: Server, text: str, body: str) -> None:
    session = Polling(steady.port, 3)
    twice = (body + "2:4x").encode()
    assert session.post_body(twice).body == b"ok"
    assert session.get().body == twice


def test_binary_is_base64_with_b4_in_version_3_when_asked(steady: Server) -> None:
    session = Polling(steady.port, 3, query={"b64": "1"})
    assert session.post_body(b"6:4hello10:b4AQIDBA==").body == b"ok"
    answer = session.get()
    assert answer.body == b"6:4hello10:b4AQIDBA=="
    assert answer.headers["content-type"].startswith("text/plain")


def test_a_binary_body_of_version_3_byte_for_byte(steady: Server) -> None:
    session = Polling(steady.port, 3)
    body = b"\x00\x06\xff4hello" + b"\x01\x05\xff\x04\x01\x02\x03\x04" + b"\x00\x04\xff4\xe2\x82\xac"
    assert session.post_body(body, BINARY_TYPE).body == b"ok"
    answer = session.get()
    assert answer.headers["content-type"] == BINARY_TYPE
    assert answer.body == body


def test_a_binary_body_of_texts_alone_is_answered_as_text(steady: Server) -> None:
    """python-socketio 4 posts the binary form always."""
    session = Polling(steady.port, 3)
    assert session.post_body(b"\x00\x06\xff4hello\x00\x01\x02\xff4" + b"y" * 11, BINARY_TYPE).body == b"ok"
    answer = session.get()
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.body == b"6:4hello12:4" + b"y" * 11


def test_base64_within_a_text_body_of_version_3_is_binary(steady: Server) -> None:
    session = Polling(steady.port, 3)
    assert session.post_body(b"10:b4AQIDBA==2:4x").body == b"ok"
    assert session.get().body == b"\x01\x05\xff\x04\x01\x02\x03\x04\x00\x02\xff4x"


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_texts_come_back_whole(calm: Server, version: int, text: str) -> None:
    session = Polling(calm.port, version)
    session.send(text)
    assert session.receive() == text
    session.send(text, "4next", text)
    assert session.receive_many(3) == [text, "4next", text]


@pytest.mark.parametrize("blob", BLOBS, ids=lambda blob: f"{len(blob)} bytes {blob[:2].hex()}")
@pytest.mark.parametrize("query", [{}, {"b64": "1"}], ids=["", "b64"])
def test_bytes_come_back_whole(calm: Server, version: int, blob: bytes, query: dict) -> None:
    session = Polling(calm.port, version, query=query)
    session.send(blob)
    assert session.receive() == blob
    session.send("4before", blob, "4after")
    assert session.receive_many(3) == ["4before", blob, "4after"]
    if version == 3:
        assert session.post_body(encode_v3_binary(["4é", blob, "4\U0001F600"]), BINARY_TYPE).body == b"ok"
        answer = session.get()
        assert answer.headers["content-type"].startswith("text/plain") == bool(query)
        assert decode(answer, 3) == ["4é", blob, "4\U0001F600"]


def random_packets(chance: random.Random) -> List[Packet]:
    alphabet = "a4b0:9\"\\\n\té€\U0001F600\U00010FFF\u2028 "

    def one() -> Packet:
        if chance.random() < 0.3:
            return bytes(chance.randrange(256) for _ in range(chance.randrange(40)))
        return "4" + "".join(chance.choice(alphabet) for _ in range(chance.randrange(40)))

    return [one() for _ in range(chance.randrange(1, 12))]


def test_random_packets_come_back_in_order(calm: Server, version: int) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    sessions = [Polling(calm.port, version), Polling(calm.port, version, query={"b64": "1"})]
    for _ in range(60):
        session, packets = chance.choice(sessions), random_packets(chance)
        if version == 3 and chance.random() < 0.5:
            assert session.post_body(encode_v3_binary(packets), BINARY_TYPE).body == b"ok"
        else:
            session.send(*packets)
        assert session.receive_many(len(packets)) == packets


MALFORMED_4 = [b"abc", b"", b"7x", b"9", b"-4hello", b"4a\x1e", b"\x1e4a", b"4a\x1e\x1e4b", b"4a\x1eabc", b"b!!!!",
               b"bA", b"b A==", b"{}"]
MALFORMED_3 = [b"abc", b"", b":4hello", b"6:", b"7:4hello", b"99999999999999999999999:4hello", b"-1:4hello",
               b"5:4hello", b"6:4hello:", b"6:4helloabc", b"6;4hello", b"3:abc", b"1:9", b" 6:4hello", b"6:b4!!!!",
               b"+6:4hello", b"6.0:4hello", b"2:4\xf0\x9f\x98\x80", b"6:4hello6"]
MALFORMED_3_BINARY = [b"", b"\x00", b"\x00\x06", b"\x00\xff", b"\x00\x06\xff4hell", b"\x02\x06\xff4hello",
                      b"\x00\x0a\xff4hello", b"\x00\x06\xff4hello\x00", b"\x01\x02\xff\x09\x01", b"\x00\x03\xffabc",
                      b"\x00\x00\xff", b"6:4hello",
                      b"\x00" + b"\x09" * 30 + b"\xff4hello", b"\x00\x03\xff4\xff\xfe"]


def assert_ends_the_session(session: Polling, body: bytes, content_type: str) -> None:
    """An undecodable body: 400, and the session is gone."""
    answer = session.post_body(body, content_type)
    assert answer.status == 400, (answer.status, answer.body)
    session.expect_gone()


@pytest.mark.parametrize("body", MALFORMED_4, ids=ascii)
def test_a_malformed_body_ends_a_session_of_version_4(calm: Server, body: bytes) -> None:
    assert_ends_the_session(Polling(calm.port, 4), body, TEXT_TYPE)


@pytest.mark.parametrize("body", MALFORMED_3, ids=ascii)
def test_a_malformed_body_ends_a_session_of_version_3(calm: Server, body: bytes) -> None:
    assert_ends_the_session(Polling(calm.port, 3), body, TEXT_TYPE)


@pytest.mark.parametrize("body", MALFORMED_3_BINARY, ids=ascii)
def test_a_malformed_binary_body_ends_a_session_of_version_3(calm: Server, body: bytes) -> None:
    assert_ends_the_session(Polling(calm.port, 3), body, BINARY_TYPE)


@pytest.mark.parametrize("bad", [b"\xff\xfe", b"4\xff", b"4\xc3", b"4\xed\xa0\x80"], ids=ascii)
def test_a_body_that_is_not_utf8_is_never_echoed(calm: Server, version: int, bad: bytes) -> None:
    session = Polling(calm.port, version)
    body = bad if version == 4 else b"%d:" % len(bad.decode("utf-8", "replace")) + bad
    answer = session.post_body(body)
    assert answer.status == 400
    session.expect_gone()


def test_a_malformed_body_harms_no_other_session(calm: Server, version: int) -> None:
    other = Polling(calm.port, version)
    with other.begin_get() as pending:
        for _ in range(10):
            assert Polling(calm.port, version).post_body(b"abc").status == 400
        other.send("4mine")
        assert b"4mine" in pending.read_response().body


def test_what_came_before_the_malformed_packet_does_not_matter(calm: Server, version: int) -> None:
    """The body is one: nothing of a half-read body stays behind in another session's answer."""
    session = Polling(calm.port, version)
    body = b"4good\x1eabc" if version == 4 else encode_v3_text(["4good"]) + b"3:abc"
    assert session.post_body(body).status == 400
    session.expect_gone()


def assert_js(answer: Response, index: int) -> str:
    """The text of a JSONP answer, read as JavaScript reads a string literal of these escapes."""
    assert answer.status == 200
    assert answer.headers["content-type"].split(";")[0] in ("text/javascript", "application/javascript")
    text = answer.body.decode("utf-8")
    head, tail = f'___eio[{index}]("', '");'
    assert text.startswith(head) and text.endswith(tail), text
    literal = text[len(head):-len(tail)]
    assert "\u2028" not in literal and "\u2029" not in literal, "no line end may stand in a literal (old JavaScript)"
    return str(json.loads(f'"{literal}"'))


def post_form(session: Polling, index: int, payload: str) -> Response:
    form = urlencode({"d": payload.replace("\\n", "\\\\n").replace("\n", "\\n")}).encode()
    return exchange(session.port, "POST", session.target(j=str(index)), form,
                    {"Content-Type": "application/x-www-form-urlencoded"})


def test_jsonp_of_version_3(calm: Server) -> None:
    opened = assert_js(exchange(calm.port, "GET", "/engine.io/?EIO=3&transport=polling&j=0&b64=1"), 0)
    assert opened.split(":", 1)[1].startswith('0{"sid":"')
    session = Polling(calm.port, 3, query={"b64": "1"})
    texts = ["4hello", "4\"quotes\" and \\slashes\\", "4line\nend", "4literal \\n", "4\u2028\u2029",
             "4\U0001F600é</script>"]
    for index, text in enumerate(texts):
        answer = post_form(session, index, encode_v3_text([text]).decode())
        assert (answer.status, answer.body) == (200, b"ok")
        answer = exchange(calm.port, "GET", session.target(j=str(index)))
        assert assert_js(answer, index) == encode_v3_text([text]).decode()


def test_jsonp_carries_bytes_as_base64(calm: Server) -> None:
    session = Polling(calm.port, 3, query={"b64": "1"})
    payload = "10:b4" + base64.b64encode(b"\x01\x02\x03\x04").decode()
    assert post_form(session, 7, payload).body == b"ok"
    assert assert_js(exchange(calm.port, "GET", session.target(j="7")), 7) == payload


@pytest.mark.parametrize("j", ["alert(1)", "0];alert(1);//", "%22", "<script>", "1e5", "-1", " 1", ""])
def test_the_index_of_jsonp_is_a_number_and_nothing_else(calm: Server, j: str) -> None:
    answer = exchange(calm.port, "GET", f"/engine.io/?EIO=3&transport=polling&b64=1&j={quote(j)}")
    assert b"alert" not in answer.body and b"<script" not in answer.body and b'%22' not in answer.body
    if answer.status == 200 and answer.body.startswith(b"___eio"):
        index = answer.body[7:answer.body.index(b"]")]
        assert index == b"" or index.isdigit(), answer.body


@pytest.mark.parametrize("form", [b"", b"d=", b"x=1", b"d=abc", b"d=6%3A4hell", b"d=%ZZ", b"d=6%3A4hello&d=abc"],
                         ids=ascii)
def test_a_malformed_form_is_refused(calm: Server, form: bytes) -> None:
    session = Polling(calm.port, 3, query={"b64": "1"})
    answer = exchange(calm.port, "POST", session.target(j="0"), form,
                      {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == (400 if form != b"d=6%3A4hello&d=abc" else answer.status)
    assert answer.status in (200, 400)
