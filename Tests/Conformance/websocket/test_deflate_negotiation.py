"""What is answered to offers of permessage-deflate (RFC 7692 §5 and §7.1)."""

from __future__ import annotations

from typing import Dict, Optional

import pytest

from harness.raw_websocket import FIN, RSV1, TEXT, RawClient, deflate, frame

NAME = "permessage-deflate"


def parse(answer: str) -> Dict[str, Optional[str]]:
    """The one accepted extension's parameters."""
    name, *parameters = [part.strip() for part in answer.split(";")]
    assert name == NAME and "," not in answer, answer
    parsed: Dict[str, Optional[str]] = {}
    for parameter in parameters:
        key, equals, value = parameter.partition("=")
        assert key.strip() not in parsed, f"{key} twice in {answer}"
        parsed[key.strip()] = value.strip().strip('"') if equals else None
    assert set(parsed) <= {"server_no_context_takeover", "client_no_context_takeover",
                           "server_max_window_bits", "client_max_window_bits"}, answer
    return parsed


def negotiate(raw: RawClient, *offers: str) -> Optional[Dict[str, Optional[str]]]:
    answer = raw.upgrade(headers=[("Sec-WebSocket-Extensions", offer) for offer in offers]).headers.get(
        "sec-websocket-extensions")
    return None if answer is None else parse(answer)


def test_a_bare_offer_is_accepted_without_limits_on_the_client(raw: RawClient) -> None:
    accepted = negotiate(raw, NAME)
    assert accepted is not None
    assert "client_max_window_bits" not in accepted  # May only answer an offer of it (RFC 7692 §7.1.2.2).


def test_server_no_context_takeover_is_confirmed(raw: RawClient) -> None:
    accepted = negotiate(raw, f"{NAME}; server_no_context_takeover")
    assert accepted is not None and accepted.get("server_no_context_takeover", "absent") is None


def test_client_no_context_takeover_is_accepted(raw: RawClient) -> None:
    accepted = negotiate(raw, f"{NAME}; client_no_context_takeover")
    assert accepted is not None and accepted.get("client_no_context_takeover") is None


@pytest.mark.parametrize("bits", range(9, 16))
def test_server_max_window_bits_is_confirmed(raw: RawClient, bits: int) -> None:
    accepted = negotiate(raw, f"{NAME}; server_max_window_bits={bits}")
    assert accepted is not None
    assert 8 <= int(accepted["server_max_window_bits"] or 0) <= bits


def test_the_smallest_server_window_is_honoured_or_declined(raw: RawClient) -> None:
    accepted = negotiate(raw, f"{NAME}; server_max_window_bits=8")
    assert accepted is None or accepted["server_max_window_bits"] == "8"


@pytest.mark.parametrize("value", ["", "=15", "=12", "=9", "=8"])
def test_client_max_window_bits_is_accepted_in_every_form(raw: RawClient, value: str) -> None:
    accepted = negotiate(raw, f"{NAME}; client_max_window_bits{value}")
    assert accepted is not None
    if "client_max_window_bits" in accepted:
        assert 8 <= int(accepted["client_max_window_bits"] or 0) <= int(value[1:] or 15)


def test_the_offer_of_common_browsers_is_accepted(raw: RawClient) -> None:
    assert negotiate(raw, f"{NAME}; client_max_window_bits") is not None


def test_a_quoted_value_means_the_same(raw: RawClient) -> None:
    accepted = negotiate(raw, f'{NAME}; server_max_window_bits="10"')
    assert accepted is not None and int(accepted["server_max_window_bits"] or 0) <= 10


@pytest.mark.parametrize("parameters", [
    "server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16", "server_max_window_bits=010",
    "server_max_window_bits=abc", "server_max_window_bits=-9", "client_max_window_bits=7",
    "client_max_window_bits=16", "client_max_window_bits=x", "server_no_context_takeover=1",
    "client_no_context_takeover=true", "unknown", "unknown=1",
    "server_no_context_takeover; server_no_context_takeover",
    "client_no_context_takeover; client_no_context_takeover",
    "server_max_window_bits=10; server_max_window_bits=11",
    "client_max_window_bits; client_max_window_bits=10",
])
def test_an_offer_with_a_wrong_parameter_is_declined_and_the_socket_stands(raw: RawClient, parameters: str) -> None:
    assert negotiate(raw, f"{NAME}; {parameters}") is None
    raw.send(frame(TEXT, b"plain"))
    assert raw.read_frame().payload == b"plain"


@pytest.mark.parametrize("offers", [
    [f"{NAME}; unknown=1, {NAME}"],
    [f"{NAME}; server_max_window_bits=99", NAME],
    [f"x-webkit-deflate-frame, {NAME}"],
    [f"mux; max-channels=4; flow-control, {NAME}"],
    [f'unheard-of; quoted="a", {NAME}'],
], ids=str)
def test_the_first_offer_that_can_be_taken_is_taken(raw: RawClient, offers: list) -> None:
    assert negotiate(raw, *offers) is not None


def test_the_order_of_offers_is_the_order_of_preference(raw: RawClient) -> None:
    accepted = negotiate(raw, f"{NAME}; server_no_context_takeover, {NAME}")
    assert accepted is not None and "server_no_context_takeover" in accepted


@pytest.mark.parametrize("offer", ["x-webkit-deflate-frame", "permessage-bzip2", "PERMESSAGE", "foo; bar=1"])
def test_other_extensions_are_ignored(raw: RawClient, offer: str) -> None:
    assert negotiate(raw, offer) is None


@pytest.mark.parametrize("offer", [";", f"{NAME}; =5", f"{NAME} unexpected", f'{NAME}; a="open', "=,;",
                                   f"{NAME}; server_max_window_bits=", f'{NAME}; unknown="a, b; c"'], ids=repr)
def test_a_malformed_extension_header_is_refused_or_ignored(raw: RawClient, offer: str) -> None:
    raw.send(b"GET /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
             b"Sec-WebSocket-Extensions: " + offer.encode() + b"\r\n\r\n")
    response = raw.read_response()
    assert response.status == 400 or (response.status == 101 and "sec-websocket-extensions" not in response.headers)


def test_without_the_extension_a_compressed_message_is_a_protocol_error(echo: RawClient) -> None:
    echo.send(frame(TEXT, deflate(b"compressed"), flags=FIN | RSV1))
    echo.expect_close(1002)
