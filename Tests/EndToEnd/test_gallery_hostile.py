"""What would harm the server by the model gallery: names that lead away, forms that never end, files that lie."""

from __future__ import annotations

import json
import os
import socket
import struct
import zlib
from pathlib import Path
from typing import Iterable

import pytest

from harness.gallery import Gallery, picture, safetensors
from harness.process import Server

A = "a" * 64


def send(server: Server, head: Iterable[str], body: bytes = b"", end: bool = True) -> bytes:
    """Sends a request as it stands and reads to the end of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as link:
        link.sendall("\r\n".join([*head, f"Host: {server.address}", "Connection: close", "", ""]).encode("latin-1") + body)
        if end:
            link.shutdown(socket.SHUT_WR)
        answer = b""
        while part := link.recv(65536):
            answer += part
        return answer


def form(*parts: bytes, boundary: bytes = b"xyz") -> bytes:
    return b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts) + b"--" + boundary + b"--\r\n"


def field(name: str, content: bytes, more: str = "") -> bytes:
    return f"Content-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n".encode() + content


def upload(gallery: Gallery, body: bytes, kind: str = "multipart/form-data; boundary=xyz") -> "tuple[int, str]":
    response = gallery.raw("POST", "/api/images/upload", data=body, headers={"Content-Type": kind})
    return response.status_code, response.text


PATHS = (
    "/api/images/../../vitrine.db", "/api/images/%2e%2e%2f%2e%2e%2fvitrine.db", "/api/images/..%2f..%2fvitrine.db.webp",
    f"/api/images/{A}%2f..%2f..%2fvitrine.db", f"/api/images/{A}_0%00.webp", "/api/images/pending/..%2f..%2fvitrine.db",
    "/api/images/pending/%2e%2e%2fvitrine.webp", "/api/images/pending/%2fetc%2fpasswd", "/api/images/pending/%00.webp",
    "/api/images/pending/.webp", "/api/images/pending/..", f"/api/images/{'a' * 5000}.webp", "/api/images/%ff%fe",
    f"/api/images/pending/{'9' * 400}", "/api/images/pending/-1", "/api/models/..%2f..%2fvitrine.db",
)


@pytest.mark.parametrize("path", PATHS)
def test_no_name_leads_out_of_the_folders(shared_server: Server, path: str) -> None:
    answer = send(shared_server, [f"GET {path} HTTP/1.1"])
    status = int(answer.split(b" ", 2)[1])
    assert status in (400, 404), answer[:200]
    assert b"SQLite" not in answer and b"root:" not in answer


def test_forms_that_lie_are_refused_and_the_server_goes_on(server: Server) -> None:
    gallery = Gallery(server)
    image = field("image", picture(), "; filename=\"x.png\"\r\nContent-Type: image/png")
    sha256 = field("sha256", A.encode())
    assert upload(gallery, form(image, sha256))[0] == 200
    cases = [
        form(image), form(sha256), b"", b"--xyz--", form(image, sha256)[:-10], form(image, sha256, boundary=b"other"),
        form(field("image", b""), sha256), form(b"no head", sha256), form(image, sha256).replace(b"\r\n", b"\n"),
        form(field("image", picture()), field("sha256", b"\xff" * 64)), form(image, field("sha256", b"../" * 21)),
        form(image, field("sha256", A.encode() + b"0")), form(*[sha256] * 200), form(b"X: " + b"y" * 100_000, sha256),
        b"--xyz\r\n" * 10_000, form(image, sha256, b"Content-Disposition: form-data; name=\"\r\n\r\nx"),
    ]
    for body in cases:
        status, text = upload(gallery, body)
        assert status == 400 and json.loads(text)["error"], (body[:80], status, text[:200])
    for kind in ("multipart/form-data", "multipart/form-data; boundary=\"", "multipart/form-data; boundary=" + "x" * 300,
                 "multipart/form-data; boundary=a; boundary=b", "text/plain", "multipart/form-data; boundary=ä"):
        status, text = upload(gallery, form(image, sha256), kind.encode())
        assert status == 400 and json.loads(text)["error"], (kind, status)
    assert gallery.count(A) == 1


def test_uploads_past_the_bound_end_early_and_take_no_memory(serve) -> None:
    server = serve("--max-body", "4MiB")
    gallery = Gallery(server)
    gallery.upload(A, picture())
    before = server.resident_bytes()
    head = ["POST /api/images/upload HTTP/1.1", "Content-Type: multipart/form-data; boundary=xyz"]
    announced = send(server, [*head, "Content-Length: 100000000000"], b"--xyz\r\n", end=False)
    assert b" 413 " in announced.split(b"\r\n")[0]
    chunk = b"100000\r\n" + b"\r\n--xy" * (0x100000 // 6) + b"\r\n--" + b"\r\n"
    part = b"--xyz\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\n"
    endless = f"{len(part):x}\r\n".encode() + part + b"\r\n" + chunk * 8
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as link:
        link.sendall("\r\n".join([*head, f"Host: {server.address}", "Transfer-Encoding: chunked", "", ""]).encode())
        try:
            link.sendall(endless)
        except OSError:
            pass  # It may be cut off before all is sent.
        answer = link.recv(65536)
    assert b" 413 " in answer.split(b"\r\n")[0], answer[:100]
    assert server.resident_bytes() < before + (64 << 20)
    assert gallery.count(A) == 1


def bomb(width: int, height: int) -> bytes:
    """A PNG that unpacks to far more than its size."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    packer = zlib.compressobj(9)
    row = b"\0" * (width // 8 + 1)
    body = b"".join(packer.compress(row) for _ in range(min(height, 60_000))) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)) \
        + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.timeout(120)
def test_pictures_that_are_none_or_far_too_large_are_refused(server: Server) -> None:
    gallery = Gallery(server)
    good = picture((400, 300))
    bad = [
        bomb(60_000, 60_000), bomb(2_000_000_000, 2), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html></html>",
        good[:200], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0" + b"\0" * 100, b"RIFF\xff\xff\xff\xffWEBPVP8L" + b"\0" * 50,
        b"GIF89a" + b"\xff" * 20, os.urandom(10_000),
    ]
    for data in bad:
        response = gallery.raw("POST", "/api/images/upload", files={"image": ("x.png", data)}, data={"sha256": A})
        assert response.status_code == 400 and response.json()["error"], (data[:20], response.status_code)
    assert gallery.count(A) == 0 and gallery.upload(A, good) == f"{A}_0"


def test_model_files_that_lie_are_scanned_all_the_same(serve, tmp_path: Path) -> None:
    data = tmp_path / "data"
    folder = data / "models" / "loras"
    safetensors(folder / "good.safetensors", {"modelspec.title": "Good"})
    def model(name: str, content: bytes) -> None:
        (folder / name).write_bytes(content)
    model("empty.safetensors", b"")
    model("short.safetensors", b"\x10")
    model("huge.safetensors", struct.pack("<Q", 2**63) + b"{}")
    model("long.safetensors", struct.pack("<Q", 90_000_000) + b"{")
    model("deep.safetensors", struct.pack("<Q", 100_000) + b"[" * 100_000)
    model("bad-utf8.safetensors", struct.pack("<Q", 4) + b"{\"\xff\xfe")
    model("markup.safetensors", struct.pack("<Q", 75)
          + json.dumps({"__metadata__": {"modelspec.title": "<script>alert(1)</script>"}}).encode().ljust(75))
    model("many.gguf", b"GGUF" + struct.pack("<IQQ", 3, 2**62, 2**62))
    model("str.gguf", b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 2**60) + b"x")
    (folder / "page.png").write_text("<html><script>alert(1)</script></html>")
    model("page.safetensors", b"x")
    model("strange \n\" <b>.pt", b"x")
    (folder / "loop").symlink_to(folder)
    (folder / "gone.safetensors").symlink_to(tmp_path / "nothing")
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture())
    os.mkfifo(folder / "pipe.safetensors")
    os.mkdir(folder / "folder.safetensors")
    server = serve(data_dir=data)
    gallery = Gallery(server)
    report = gallery.scan()
    assert report["scanned"] == report["pending_added"] + report["skipped"]
    names = {Path(model["path"]).name for model in gallery.pending()}
    assert {"good.safetensors", "huge.safetensors", "many.gguf", "strange \n\" <b>.pt"} <= names
    assert not names & {"pipe.safetensors", "folder.safetensors"}
    page = next(model for model in gallery.pending() if model["path"].endswith("page.safetensors"))
    response = gallery.raw("GET", f"/api/images/pending/{page['id']}")
    assert response.status_code == 404 or "html" not in response.headers["content-type"]
    ids = [model["id"] for model in gallery.pending()]
    answer = gallery.take_in(ids, "merge")
    assert sorted(answer["success"] + [entry["id"] for entry in answer["failed"]]) == sorted(ids)
    assert server.is_running()


def test_numbers_and_texts_of_any_size_are_answered(server: Server) -> None:
    gallery = Gallery(server)
    huge = "9" * 4000
    assert gallery.raw("GET", f"/api/images/{A}.webp", params={"seq": huge}).status_code == 404
    assert gallery.remove(A, huge, expect=404)["error"]  # type: ignore[arg-type]
    assert gallery.get("/api/migration/pending_model", 404, id=huge)["error"] == "Pending model not found"
    assert gallery.get("/api/models", type="x" * 8000)["models"] == []
    assert gallery.get("/api/models", type="loras", tags=",".join(["1"] * 5000))["models"] == []
    assert gallery.get("/api/models", type="loras", limit=huge, offset=huge)["models"] == []
    assert gallery.take_in([2**63 - 1, -(2**63), 2**64, "9" * 400])["total"] == 4
    assert gallery.tags("x" * 100_000, "\0", "\u202e\0name")
    deep = json.loads("[" * 20 + "]" * 20)
    assert gallery.change(A, expect=404, meta_json={"deep": deep})["error"] == "Model not found"
    assert gallery.raw("POST", "/api/tags_add", data=b"[" * 900_000).status_code == 400
    assert gallery.raw("POST", "/api/tags_add", data=b"{" + b" " * (2 << 20) + b"}").status_code == 413


def test_another_sites_page_cannot_begin_a_scan_or_read_anything(server: Server) -> None:
    gallery = Gallery(server)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        response = gallery.raw("GET", "/api/scan", headers=headers)
        assert response.status_code == 403 and response.json()["error"], headers
        assert "Sec-Fetch-Site" in headers or "access-control-allow-origin" not in response.headers
    assert gallery.get("/api/scan")["status"] == "success"
