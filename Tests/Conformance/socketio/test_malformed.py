"""Wrong packets end the connection (contract of Socket.IO, §3 "Malformed")."""

from __future__ import annotations

import pytest

from harness.process import Server
from harness.socketio import SocketIO, joined

ONE = '{"_placeholder":true,"num":0}'

WRONG = [
    "abc", "", "7", '8["message"]', "9", "-1", " ", "{}", "\U0001F600", '\x022["message"]',  # no type
    "2", "2{}", '2"text"', "25", "2null", "2true", "2[]", "2[", '2["message"', '2["message",]', "2['message']",
    '2["message"]x', '2["message"] ["again"]', "2[{}]", "2[null]", "2[true]", '2[["message"]]',  # no event
    '2abc["message-with-ack",1,"2",{"3":[false]}]', '2-1["message-with-ack"]', '21.5["message-with-ack"]',
    '21e3["message-with-ack"]', '2+1["message-with-ack"]', '2999999999999999999999999["message-with-ack"]',  # no id
    '2["connect"]', '2["connect_error"]', '2["disconnect"]', '2["disconnecting"]', '2["newListener"]',
    '2["removeListener"]', '20["disconnect",1]',  # reserved names
    "3", "3{}", '3abc["x"]', '35{"a":1}', '35"x"',  # no ack
    '5["message"]', '5-["message"]', '5x-["message"]', '5-1-["message"]', f'51.5-["message",{ONE}]',
    f'51["message",{ONE}]', f'511-["message",{ONE}]', f'599999999999-["message",{ONE}]', "51-{}",
    "51-", '51-"text"', "51-[]", '51-["connect"]', f'61-["message",{ONE}', "6-[]", '6abc-["x"]',  # no header
]


@pytest.mark.parametrize("text", WRONG, ids=ascii)
def test_a_wrong_packet_closes(calm: Server, version: int, text: str) -> None:
    with joined(calm.port, version) as client:
        client.send(text)
        client.expect_closed()


@pytest.mark.parametrize("text", ["abc", "2{}", '2abc["message-with-ack"]', '2["disconnect"]',
                                  f'511-["message",{ONE}]'])
def test_a_wrong_packet_closes_over_polling_too(calm: Server, version: int, transport: str, text: str) -> None:
    with joined(calm.port, version, transport) as client:
        client.send(text)
        client.expect_closed()


def test_an_attachment_without_a_header_closes(calm: Server, version: int, transport: str) -> None:
    with joined(calm.port, version, transport) as client:
        client.send(b"\x01\x02\x03")
        client.expect_closed()


def test_one_attachment_too_many_closes(calm: Server, version: int, transport: str) -> None:
    with joined(calm.port, version, transport) as client:
        client.send(f'51-["nobody listens",{ONE}]', b"one", b"two")
        client.expect_closed()


@pytest.mark.parametrize("between", ['2["message",1]', f'51-["message",{ONE}]', "1", "0/custom", '31["x"]'])
def test_a_text_among_attachments_closes(calm: Server, version: int, transport: str, between: str) -> None:
    with joined(calm.port, version, transport) as client:
        client.send('52-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', b"one", between)
        client.expect_closed()


@pytest.mark.parametrize("place", ['{"_placeholder":true,"num":1}', '{"_placeholder":true,"num":-1}',
                                   '{"_placeholder":true}', '{"_placeholder":true,"num":"0"}',
                                   '{"_placeholder":true,"num":0.5}',
                                   '{"_placeholder":true,"num":99999999999999999999}'])
def test_a_placeholder_for_no_attachment_closes(calm: Server, version: int, place: str) -> None:
    with joined(calm.port, version) as client:
        client.send(f'51-["message",{place}]', b"one")
        client.expect_closed()


def test_an_event_whose_attachments_never_come_blocks_only_itself(calm: Server, version: int) -> None:
    with joined(calm.port, version) as waiting, joined(calm.port, version) as other:
        waiting.send(f'51-["message",{ONE}]')
        other.expect_open()
        waiting.send(b"at last")
        assert waiting.receive() == f'51-["message-back",{ONE}]'
        assert waiting.receive() == b"at last"


@pytest.mark.parametrize("depth", [100, 10_000, 400_000])
def test_nesting_beyond_measure_harms_nobody(calm: Server, version: int, depth: int) -> None:
    with joined(calm.port, version) as client, joined(calm.port, version) as other:
        client.send('2["message",' + "[" * depth + "]" * depth + "]")
        if depth > 10_000:
            client.expect_closed()
        other.expect_open()


def test_after_a_close_everything_else_goes_on(calm: Server, version: int, transport: str) -> None:
    with joined(calm.port, version, transport) as other:
        for text in WRONG[:12]:
            with SocketIO(calm.port, version) as client:
                client.connect()
                client.send(text)
        other.expect_open()
