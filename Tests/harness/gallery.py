"""A client of the model gallery, model files with headers, and a checker of its database and pictures."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import struct
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

import requests
from PIL import Image

from .process import Server

QUALITIES = ("high", "medium", "low")


class Gallery:
    """Calls as the gallery's clients make them; a status other than the expected one fails with the answer."""

    def __init__(self, server: Server, token: Optional[str] = None) -> None:
        self.url = server.url
        self.session = requests.Session()
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def raw(self, method: str, path: str, **options: Any) -> requests.Response:
        options.setdefault("timeout", 120)
        return self.session.request(method, self.url + path, **options)

    def call(self, method: str, path: str, expect: int = 200, **options: Any) -> Any:
        response = self.raw(method, path, **options)
        assert response.status_code == expect, f"{method} {path}: {response.status_code} {response.text[:500]}"
        assert response.headers["content-type"].startswith("application/json"), response.headers
        return response.json()

    def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        return self.call("GET", path, expect, params=query)

    def post(self, path: str, body: Any = None, expect: int = 200) -> Any:
        return self.call("POST", path, expect, json={} if body is None else body)

    def models(self, kind: str) -> List[Dict[str, Any]]:
        return self.get("/api/models", type=kind)["models"]

    def model(self, sha256: str, expect: int = 200) -> Dict[str, Any]:
        return self.get(f"/api/models/{sha256}", expect)

    def change(self, sha256: str, expect: int = 200, **members: Any) -> Dict[str, Any]:
        return self.call("PATCH", f"/api/models/{sha256}", expect, json=members)

    def scan(self, kind: Optional[str] = None) -> Dict[str, Any]:
        return self.post("/api/models/scan", {"type": kind} if kind else {})

    def pending(self) -> List[Dict[str, Any]]:
        return self.get("/api/migration/pending_models")["models"]

    def take_in(self, ids: List[Any], strategy: Optional[str] = None) -> Dict[str, Any]:
        return self.post("/api/migration/import_models", {"id": ids, "conflict_strategy": strategy}, expect=207)

    def tags(self, *names: str) -> List[int]:
        return [tag["id"] for tag in self.post("/api/tags_add", {"newtags": list(names)})["tags"]]

    def upload(self, sha256: str, picture: bytes, name: str = "picture.png") -> str:
        """Adds a sample picture; returns its base name."""
        return self.call("POST", "/api/images/upload", files={"image": (name, picture)},
                         data={"sha256": sha256})["base_name"]

    def picture(self, sha256: str, number: int = 0, quality: str = "high") -> Optional[Image.Image]:
        """A sample picture, decoded; `None` when there is none."""
        response = self.raw("GET", f"/api/images/{sha256}.webp", params={"seq": number, "quality": quality})
        if response.status_code == 404:
            assert response.text == "Image not found" and response.headers["content-type"].startswith("text/plain")
            return None
        assert response.status_code == 200 and response.headers["content-type"] == "image/webp", response.text[:200]
        return decoded(response.content)

    def count(self, sha256: str) -> int:
        return self.get("/api/images/get_img_num", sha256=sha256)["count"]

    def remove(self, sha256: str, number: int, expect: int = 200) -> Dict[str, Any]:
        return self.call("DELETE", "/api/images/delete", expect, params={"sha256": sha256, "seq": number})


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def picture(size: Tuple[int, int] = (96, 64), colour: Tuple[int, ...] = (200, 40, 40), format_: str = "PNG",
            mode: str = "RGB", **options: Any) -> bytes:
    """A picture of one colour."""
    output = io.BytesIO()
    Image.new(mode, size, colour).save(output, format_, **options)
    return output.getvalue()


def marked(number: int) -> bytes:
    """A picture that is told from others by its width, whatever encoding does to its colours: see `mark`."""
    return picture((100 + number, 64), ((number * 53) % 256, (number * 97) % 256, 128))


def mark(image: Image.Image) -> int:
    return image.size[0] - 100


def safetensors(path: Path, metadata: Optional[Mapping[str, str]] = None, body: int = 64, seed: int = 0) -> str:
    """Writes a model file with a header and `body` bytes that differ for each seed; returns its SHA-256."""
    header: Dict[str, Any] = {"w": {"dtype": "U8", "shape": [body], "data_offsets": [0, body]}}
    if metadata is not None:
        header["__metadata__"] = dict(metadata)
    text = json.dumps(header).encode()
    block = hashlib.sha256(str(seed).encode()).digest()
    data = struct.pack("<Q", len(text)) + text + (block * (body // 32 + 1))[:body]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def sparse(path: Path, size: int, seed: int = 0) -> None:
    """Writes a model file of which only the header takes room; its content differs for each seed."""
    text = json.dumps({"__metadata__": {"seed": str(seed)}}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(size)


def digest(path: Path) -> str:
    result = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            result.update(block)
    return result.hexdigest()


def check(data: Path) -> None:
    """Fails unless the gallery's database is whole and its pictures on the disk are those that it knows."""
    connection = sqlite3.connect(f"file:{data / 'vitrine.db'}?mode=ro", uri=True)
    try:
        def rows(sql: str) -> List[Tuple[Any, ...]]:
            return connection.execute(sql).fetchall()
        assert rows("PRAGMA integrity_check") == [("ok",)]
        assert rows("PRAGMA foreign_key_check") == []
        # Numbers from 0 without a gap.
        assert rows("""SELECT hex(sha256), count(*), min(position), max(position) FROM model_sample
                       WHERE position IS NOT NULL GROUP BY sha256
                       HAVING min(position) <> 0 OR max(position) <> count(*) - 1
                           OR count(DISTINCT position) <> count(*)""") == []
        names = {name for (name,) in rows("SELECT name FROM model_sample WHERE position IS NOT NULL")}
        folder = data / "media" / "model-samples"
        found = {path.stem for path in folder.glob("*.webp")} if folder.is_dir() else set()
        assert found == names, (sorted(found - names)[:5], sorted(names - found)[:5])
        assert not folder.is_dir() or [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
        # What waits is no model of this path, and no picture waits for nobody.
        named = {name for (text,) in rows("SELECT meta FROM pending_model") for name in json.loads(text).get("images", [])}
        waiting = data / "pending"
        lying = {path.name for path in waiting.iterdir()} if waiting.is_dir() else set()
        assert lying <= named, sorted(lying - named)[:5]
    finally:
        connection.close()

