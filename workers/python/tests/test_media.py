from __future__ import annotations

import socket
import threading
import time
from typing import List

import pytest

from fake_server import FakeServer
from vitrine_worker import TaskContext, TaskError
from vitrine_worker.address import ServerAddress
from vitrine_worker.errors import BadParams
from vitrine_worker.media import MediaClient
from vitrine_worker.protocol import Offer


@pytest.fixture
def media(fake_server: FakeServer) -> MediaClient:
    fake_server.token = "secret"
    return MediaClient(ServerAddress.parse(fake_server.url), "secret", max_bytes=1000, timeout=60)


def code_of(call: object, *arguments: object) -> "tuple[str, bool]":
    with pytest.raises(TaskError) as raised:
        call(*arguments)  # type: ignore[operator]
    return raised.value.code, raised.value.retry


def test_a_content_comes_by_its_digest_with_the_token(fake_server: FakeServer, media: MediaClient) -> None:
    digest = fake_server.add_content(b"bytes")
    assert media.content(digest) == b"bytes"
    method, target, headers = fake_server.requests[0]
    assert (method, target) == ("GET", f"/api/contents/{digest}") and headers["authorization"] == "Bearer secret"


def test_other_bytes_than_asked_for_are_not_taken(fake_server: FakeServer, media: MediaClient) -> None:
    digest = fake_server.add_content(b"bytes")
    fake_server.files[f"/api/contents/{digest}"] = b"other"
    assert code_of(media.content, digest) == ("media_damaged", True)


@pytest.mark.parametrize("digest", ["", "0" * 63, "G" * 64, "A" * 64, "../../x", 5])
def test_what_is_no_digest_is_never_asked_for(fake_server: FakeServer, media: MediaClient, digest: object) -> None:
    with pytest.raises(BadParams):
        media.content(digest)  # type: ignore[arg-type]
    assert fake_server.requests == []


@pytest.mark.parametrize("status, expected", [(404, ("not_found", False)), (410, ("not_found", False)),
                                              (403, ("media_unavailable", False)), (500, ("media_unavailable", True)),
                                              (503, ("media_unavailable", True)), (429, ("media_unavailable", True))])
def test_refusals_say_whether_another_try_makes_sense(fake_server: FakeServer, media: MediaClient, status: int,
                                                      expected: "tuple[str, bool]") -> None:
    fake_server.statuses["/x"] = [status]
    assert code_of(media.get, "/x") == expected


def test_a_server_that_is_away_is_worth_another_try() -> None:
    assert code_of(MediaClient(ServerAddress.parse("ws://127.0.0.1:9"), None, 10).get, "/x") == (
        "media_unavailable", True)


def test_a_file_beyond_the_bound_is_not_read(fake_server: FakeServer, media: MediaClient) -> None:
    fake_server.files["/large"], fake_server.files["/fits"] = b"x" * 1001, b"x" * 1000
    assert code_of(media.get, "/large") == ("too_large", False)
    assert len(media.get("/fits")) == 1000


def test_no_redirect_is_followed(fake_server: FakeServer, media: MediaClient) -> None:
    other = FakeServer()
    fake_server.redirects["/x"] = other.http + "/secret"
    assert code_of(media.get, "/x") == ("media_unavailable", False)
    assert other.requests == []
    other.close()


def test_addresses_elsewhere_are_refused_before_anything_is_sent(media: MediaClient) -> None:
    other = FakeServer()
    assert code_of(media.get, other.http + "/x") == ("bad_params", False)
    assert other.requests == []
    other.close()


def test_a_netrc_entry_does_not_replace_the_token(fake_server: FakeServer, media: MediaClient, tmp_path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password wrong\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fake_server.files["/x"] = b"1"
    assert media.get("/x") == b"1"


def test_threads_may_fetch_at_once(fake_server: FakeServer, media: MediaClient) -> None:
    digests = [fake_server.add_content(bytes([n]) * 10) for n in range(8)]
    came: List[bytes] = []
    threads = [threading.Thread(target=lambda d=digest: came.extend(media.content(d) for _ in range(5)))
               for digest in digests]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(came) == 40


def context_of(media: MediaClient) -> TaskContext:
    return TaskContext(Offer("t", "l", "n", {}, 1, 1, 5), media, None, lambda _: None, lambda *_: None)


def test_the_forms_of_an_image(fake_server: FakeServer, media: MediaClient) -> None:
    digest = fake_server.add_content(b"bytes")
    fake_server.files["/files/1"] = b"file"
    context = context_of(media)
    assert context.fetch(digest) == context.fetch({"sha256": digest}) == b"bytes"
    assert context.fetch("/files/1") == context.fetch({"url": "/files/1"}) == b"file"
    assert context.fetch(fake_server.http + "/files/1") == b"file"


@pytest.mark.parametrize("image", [None, 5, "", [], {}, {"sha256": 5}, {"url": None}, {"path": "/etc/passwd"}])
def test_what_is_no_image_is_a_bad_param(media: MediaClient, image: object) -> None:
    with pytest.raises(BadParams):
        context_of(media).fetch(image)  # type: ignore[arg-type]


def test_an_upload_may_take_longer_than_the_timeout_as_long_as_it_goes_on() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    size = 16 << 20

    def read_slowly() -> None:
        connection, _ = listener.accept()
        data = connection.recv(65536)
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        left = size - len(data.split(b"\r\n\r\n", 1)[1])
        while left > 0:
            part = connection.recv(65536)
            if not part:
                return
            left -= len(part)
            time.sleep(len(part) / (2 << 20))
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    threading.Thread(target=read_slowly, daemon=True).start()
    address = ServerAddress.parse(f"http://127.0.0.1:{listener.getsockname()[1]}")
    before = time.monotonic()
    MediaClient(address, None, max_bytes=1000, timeout=5).put_result("t", "l", b"x" * size)
    assert time.monotonic() - before > 5
    listener.close()
