from __future__ import annotations

import json
import random

import numpy as np
import pytest

from vitrine_worker.errors import TaskError
from vitrine_worker.protocol import (MAX_DEPTH, Failure, Offer, Profile, clip, encode, encode_done, encode_result,
                                     nesting)

OFFER = {"type": "task.offer", "task": "t1", "lease": "L1", "name": "peer.x", "params": {"a": 1}, "attempt": 2,
         "attempts": 3, "accept_within": 5000}


def test_an_offer_is_read_and_its_words_carry_task_and_lease() -> None:
    offer = Offer.parse(OFFER)
    assert (offer.name, offer.params, offer.attempt, offer.attempts, offer.accept_within) == (
        "peer.x", {"a": 1}, 2, 3, 5.0)
    assert offer.word("task.log", level="info") == {"type": "task.log", "task": "t1", "lease": "L1", "level": "info"}


def test_what_an_offer_may_leave_out_has_defaults() -> None:
    offer = Offer.parse({"task": "t", "lease": "l", "name": "n", "params": None})
    assert offer.params == {} and offer.attempt == 1 and offer.accept_within == 5.0


@pytest.mark.parametrize("field, value", [("task", None), ("lease", 5), ("name", None), ("params", []),
                                          ("attempt", True), ("accept_within", "5")])
def test_an_offer_with_a_wrong_field_is_refused_by_its_name(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        Offer.parse({**OFFER, field: value})


def test_hello_says_what_the_worker_can_do() -> None:
    assert Profile("box", ["a", "b"], 3).hello("h") == {
        "type": "hello", "id": "h", "name": "box", "kind": "worker", "capabilities": ["a", "b"], "slots": 3}


def test_a_failure_is_cut_to_what_the_server_takes() -> None:
    word = Failure("c" * 100, "ü" * 5000, retry=True).word(Offer.parse(OFFER))
    assert word["error"] == {"code": "c" * 64, "message": "ü" * 4096} and word["retry"] is True


def test_clip_cuts_at_a_character_and_replaces_lone_surrogates() -> None:
    assert clip("aü", 2) == "a" and clip("ok\ud800") == "ok?" and clip("x", 8) == "x"


def test_a_result_may_hold_numpy_values() -> None:
    value = {"f": np.float32(0.5), "i": np.int64(7), "a": np.array([[1, 2]], np.uint8), "b": np.bool_(True)}
    assert json.loads(encode_result(value)) == {"f": 0.5, "i": 7, "a": [[1, 2]], "b": True}


@pytest.mark.parametrize("value", [float("nan"), {"a": np.array([np.inf])}, {1, 2}, object(), "\ud800", b"bytes"])
def test_what_is_not_json_is_a_bad_result(value: object) -> None:
    with pytest.raises(TaskError) as raised:
        encode_result(value)
    assert raised.value.code == "bad_result" and not raised.value.retry


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


def test_a_result_as_deep_as_the_server_reads_passes_and_one_deeper_does_not() -> None:
    text = encode_result(nested(MAX_DEPTH - 1))
    assert nesting(encode_done(Offer.parse(OFFER), 1, text)) == MAX_DEPTH
    with pytest.raises(TaskError, match="deeper"):
        encode_result(nested(MAX_DEPTH))


def test_done_is_one_message_around_the_result() -> None:
    text = encode_done(Offer.parse(OFFER), 4, encode_result({"x": [1, "}"]}))
    assert json.loads(text) == {"type": "task.done", "task": "t1", "lease": "L1", "id": 4, "result": {"x": [1, "}"]}}


def test_messages_are_compact_and_not_escaped() -> None:
    assert encode({"type": "task.log", "message": "größer 🎉"}) == '{"type":"task.log","message":"größer 🎉"}'


def test_nesting_agrees_with_a_walk_over_the_values() -> None:
    seed = random.randrange(1 << 32)
    print("seed", seed)
    generator = random.Random(seed)

    def make(depth: int) -> object:
        kind = generator.randrange(4) if depth < 6 else 3
        if kind == 0:
            return [make(depth + 1) for _ in range(generator.randrange(4))]
        if kind == 1:
            return {generator.choice(['"', "\\", "[", "a}"]) + str(n): make(depth + 1)
                    for n in range(generator.randrange(4))}
        return "".join(generator.choice('[]{}"\\ax') for _ in range(8))

    def walk(value: object) -> int:
        if isinstance(value, dict):
            return 1 + max(map(walk, value.values()), default=0)
        return 1 + max(map(walk, value), default=0) if isinstance(value, list) else 0

    for _ in range(300):
        value = make(0)
        assert nesting(json.dumps(value)) == walk(value)
