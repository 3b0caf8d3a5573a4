"""Events, attachments and acknowledgements (contract of Socket.IO, §3)."""

from __future__ import annotations

import json
import random
from typing import Any, List

import pytest

from harness.engineio import Polling
from harness.process import Server
from harness.socketio import joined

ARGUMENTS = ['1,"2",{"3":[true]}', "", "null", '"\u00e9\u20ac"', '{"z":1,"a":2,"m":{"y":[],"b":{}}}', "[[],[[]],{}]",
             '""', "0,-1,1.5,123456789", "true,false,null", '"quote \\" slash \\\\ line \\n"', '"' + "x" * 70_000 + '"']


def placeholders(count: int, start: int = 0) -> str:
    return ",".join(f'{{"_placeholder":true,"num":{number}}}' for number in range(start, start + count))


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda text: text[:20])
def test_arguments_come_back_to_the_byte(calm: Server, version: int, transport: str, arguments: str) -> None:
    with joined(calm.port, version, transport) as client:
        comma = "," if arguments else ""
        client.send(f'2["message"{comma}{arguments}]')
        assert client.receive() == f'2["message-back"{comma}{arguments}]'
        client.send(f'2456["message-with-ack"{comma}{arguments}]')
        assert client.receive() == f"3456[{arguments}]"


@pytest.mark.parametrize("text", ["\U0001F600", "a\U0001F600\u00e9\U0010FFFF", "\u2028\u2029", "\x7f\u0080\ufffd",
                                  "\u0000"],
                         ids=ascii)
def test_any_text_comes_back(calm: Server, version: int, transport: str, text: str) -> None:
    with joined(calm.port, version, transport) as client:
        for written in (json.dumps(text), json.dumps(text, ensure_ascii=False)):
            client.send(f'2["message",{written},{{{written}:1}}]')
            assert client.event() == ("/", ["message-back", text, {text: 1}])


@pytest.mark.parametrize("written", ['"\U0001F600"', '"\\ud83d\\ude00"'], ids=ascii)
def test_no_character_outside_the_plane_is_in_a_polling_answer_of_version_3(calm: Server, written: str) -> None:
    """Clients count the length of a packet in different ways; escaped characters count the same in all."""
    client = joined(calm.port, 3, "polling")
    assert isinstance(client.engine, Polling)
    client.send(f'2["message",{written}]', f'21["message-with-ack",{{{written}:{written}}}]')
    body = b""
    while body.count(b"ud83d") + body.count(b"uD83D") < 3:
        answer = client.engine.get()
        assert answer.status == 200
        body += answer.body
    text = body.decode("utf-8")
    assert all(ord(character) < 0x10000 for character in text), text
    assert "\\ud83d\\ude00" in text.lower()


def test_a_second_space_or_line_in_the_json_does_not_matter(calm: Server, transport: str) -> None:
    with joined(calm.port, 4, transport) as client:
        client.send('2 [ "message" ,\n 1 ]')
        assert client.receive() == '2["message-back",1]'


@pytest.mark.parametrize("count", [1, 2, 10])
def test_attachments_come_back_in_order(calm: Server, version: int, transport: str, count: int) -> None:
    blobs = [bytes([number]) * (number * 1000 + 1) for number in range(count)]
    with joined(calm.port, version, transport) as client:
        client.send(f'5{count}-["message",{placeholders(count)}]', *blobs)
        assert client.receive() == f'5{count}-["message-back",{placeholders(count)}]'
        assert client.receive_many(count) == blobs
        client.send(f'5{count}-789["message-with-ack",{placeholders(count)}]', *blobs)
        assert client.receive() == f"6{count}-789[{placeholders(count)}]"
        assert client.receive_many(count) == blobs


def test_attachments_stand_anywhere_in_the_arguments(calm: Server, version: int, transport: str) -> None:
    arguments = ('{"a":[{"_placeholder":true,"num":0},"text"],"b":{"c":{"_placeholder":true,"num":1}}},'
                 '{"_placeholder":true,"num":2}')
    blobs = [b"zero", b"", b"\x00\x1e\xff"]
    with joined(calm.port, version, transport) as client:
        client.send(f'53-["message",{arguments}]', *blobs)
        assert client.receive() == f'53-["message-back",{arguments}]'
        assert client.receive_many(3) == blobs


def test_attachments_may_come_one_by_one(calm: Server, version: int, transport: str) -> None:
    with joined(calm.port, version, transport) as client:
        for packet in (f'52-["message",{placeholders(2)}]', b"one", b"two"):
            client.send(packet)
        assert client.receive() == f'52-["message-back",{placeholders(2)}]'
        assert client.receive_many(2) == [b"one", b"two"]
        client.expect_open()


def test_an_ack_comes_only_when_there_is_something_to_acknowledge(calm: Server, version: int, transport: str) -> None:
    with joined(calm.port, version, transport) as client:
        client.send('2["message-with-ack",1]', '25["message",2]', '26["unknown event",3]', '27["message-with-ack",4]')
        assert client.receive_many(2) == ['2["message-back",2]', "37[4]"]


@pytest.mark.parametrize("number", ["0", "1", "456", "4294967296", "9007199254740991"])
def test_ack_ids_are_repeated(calm: Server, version: int, transport: str, number: str) -> None:
    with joined(calm.port, version, transport) as client:
        client.send(f'2{number}["message-with-ack","x"]')
        assert client.receive() == f'3{number}["x"]'


def test_ack_ids_belong_to_their_request(calm: Server, version: int, transport: str) -> None:
    with joined(calm.port, version, transport) as client:
        client.send(*[f'2{number}["message-with-ack",{number}]' for number in range(100)])
        assert client.receive_many(100) == [f"3{number}[{number}]" for number in range(100)]


def test_acks_nobody_waits_for_are_ignored(calm: Server, version: int, transport: str) -> None:
    with joined(calm.port, version, transport) as client:
        client.send('31["x"]', "399999[]", '61-5[{"_placeholder":true,"num":0}]', b"bytes", "30[1,2,3]")
        client.expect_open()


@pytest.mark.parametrize("text", ['2["unknown"]', '2["unknown",1,{"a":2}]', '2[1,"a numbered event"]', '2[""]',
                                  '2["__proto__"]', '2["toString",1]'])
def test_unknown_events_are_ignored(calm: Server, version: int, transport: str, text: str) -> None:
    with joined(calm.port, version, transport) as client:
        client.send(text)
        client.expect_open()


def test_messages_keep_their_order(calm: Server, version: int, transport: str) -> None:
    with joined(calm.port, version, transport) as client:
        packets: List[Any] = []
        expected: List[Any] = []
        for number in range(100):
            if number % 4 == 3:
                packets += [f'51-["message",{number},{placeholders(1)}]', bytes([number])]
                expected += [f'51-["message-back",{number},{placeholders(1)}]', bytes([number])]
            else:
                packets.append(f'2["message",{number}]')
                expected.append(f'2["message-back",{number}]')
        client.send(*packets)
        assert client.receive_many(len(expected)) == expected


def test_random_arguments_come_back(calm: Server, version: int, transport: str) -> None:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)

    def value(depth: int) -> Any:
        kind = chance.randrange(8 if depth else 6)
        if kind == 0:
            return chance.randrange(-1 << 40, 1 << 40)
        if kind == 1:
            return chance.choice([None, True, False])
        if kind == 2:
            return chance.randrange(-1000, 1000) / 8
        if kind < 6:
            return "".join(chance.choice("a\"\\/\n\u00e9\u20ac\U0001F600,[]{}") for _ in range(chance.randrange(12)))
        if kind == 6:
            return [value(depth - 1) for _ in range(chance.randrange(4))]
        return {f"k{number}\u00e9": value(depth - 1) for number in range(chance.randrange(4))}

    with joined(calm.port, version, transport) as client:
        for _ in range(40):
            arguments = [value(3) for _ in range(chance.randrange(4))]
            written = json.dumps(["message", *arguments], ensure_ascii=chance.random() < 0.5)
            client.send("2" + written)
            assert client.event() == ("/", ["message-back", *arguments])


def test_two_clients_do_not_hear_each_other(calm: Server, version: int, transport: str) -> None:
    with joined(calm.port, version, transport) as one, joined(calm.port, 7 - version, transport) as other:
        one.send('2["message","one"]')
        other.send('2["message","other"]')
        assert one.receive() == '2["message-back","one"]'
        assert other.receive() == '2["message-back","other"]'
