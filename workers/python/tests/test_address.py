from __future__ import annotations

import pytest

from vitrine_worker.address import ServerAddress
from vitrine_worker.errors import ConfigurationError


@pytest.mark.parametrize("text, socket, http", [
    ("ws://host:8080", "ws://host:8080/ws", "http://host:8080"),
    ("ws://host:8080/ws", "ws://host:8080/ws", "http://host:8080"),
    ("wss://host/", "wss://host/ws", "https://host"),
    ("https://host/pictures/ws/", "wss://host/pictures/ws", "https://host/pictures"),
    ("http://[::1]:80", "ws://[::1]:80/ws", "http://[::1]:80"),
])
def test_the_two_sides_of_an_address(text: str, socket: str, http: str) -> None:
    assert ServerAddress.parse(text) == ServerAddress(socket, http)


@pytest.mark.parametrize("text", ["host:8080", "ftp://host", "ws://", "ws://host:x", "ws://host:0", "ws://me:pw@host",
                                  "ws://host/?token=a", "ws://host/#x", "", "ws://[::1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="URL"):
        ServerAddress.parse(text)


@pytest.mark.parametrize("reference, url", [
    ("/files/1.png?x=1", "http://host:8080/files/1.png?x=1"),
    ("files/1.png", "http://host:8080/files/1.png"),
    ("http://HOST:8080/a", "http://HOST:8080/a"),
])
def test_references_to_the_server_are_resolved(reference: str, url: str) -> None:
    assert ServerAddress.parse("ws://host:8080").resolve(reference) == url


@pytest.mark.parametrize("reference", [
    "http://other:8080/a", "//other/a", "http://host/a", "https://host:8080/a", "file:///etc/passwd",
    "http://host:8080@other/a", "http://host:bad/a", "http://host:8080\\@other/",
])
def test_references_to_elsewhere_are_refused(reference: str) -> None:
    with pytest.raises(ValueError):
        ServerAddress.parse("ws://host:8080").resolve(reference)


def test_a_default_port_is_the_same_server_as_none() -> None:
    assert ServerAddress.parse("ws://host").resolve("http://host:80/a") == "http://host:80/a"
