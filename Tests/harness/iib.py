"""A client of the Infinite Image Browsing dialect, pictures with prompts, and a checker of disk against database."""

from __future__ import annotations

import io
import json
import os
import sqlite3
from pathlib import Path
from typing import Any, Dict, Iterable, List, Optional, Tuple

import requests
from PIL import Image, PngImagePlugin

from .process import Server

BASE = "/infinite_image_browsing"


class IIB:
    """Calls as that dialect's clients make them; a status other than the expected one fails with the answer."""

    def __init__(self, server: Server, base: str = BASE) -> None:
        self.url = server.url + base
        self.session = requests.Session()

    def get(self, path: str, /, expect: int = 200, **query: Any) -> Any:
        return self._answer(self.session.get(self.url + path, params=query, timeout=120), expect)

    def post(self, path: str, body: Any = None, expect: int = 200) -> Any:
        return self._answer(self.session.post(self.url + path, json={} if body is None else body, timeout=300), expect)

    def delete(self, path: str, body: Any, expect: int = 200) -> Any:
        return self._answer(self.session.delete(self.url + path, json=body, timeout=120), expect)

    def raw(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, self.url + path, timeout=120, **options)

    @staticmethod
    def _answer(response: requests.Response, expect: int) -> Any:
        assert response.status_code == expect, f"{response.request.url}: {response.status_code} {response.text[:500]}"
        assert response.headers["content-type"].startswith("application/json"), response.headers
        return response.json()

    def update(self) -> None:
        assert self.post("/db/update_image_data") is None

    def search(self, text: str = "", **body: Any) -> Dict[str, Any]:
        return self.post("/db/search_by_substr", {"surstr": text, **body})

    def every(self, endpoint: str = "/db/search_by_substr", **body: Any) -> List[Dict[str, Any]]:
        """All files of a search, page by page."""
        if endpoint.endswith("substr"):
            body.setdefault("surstr", "")
        found: List[Dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.post(endpoint, {**body, "cursor": cursor})
            found += page["files"]
            cursor = page["cursor"]["next"]
            if not page["cursor"]["has_next"]:
                return found

    def tag(self, name: str) -> int:
        return self.post("/db/add_custom_tag", {"tag_name": name})["id"]

    def tags_of(self, *paths: Path) -> Dict[str, List[str]]:
        answer = self.post("/db/get_image_tags", {"paths": [str(path) for path in paths]})
        return {path: sorted(tag["name"] for tag in tags) for path, tags in answer.items()}


def parameters(prompt: str, negative: str = "blurry", model: str = "dream_v1", seed: int = 1, sampler: str = "Euler a",
               size: Tuple[int, int] = (64, 48)) -> str:
    """A text as the web UI writes it into pictures."""
    return (f"{prompt}\nNegative prompt: {negative}\nSteps: 20, Sampler: {sampler}, CFG scale: 7, Seed: {seed}, "
            f"Size: {size[0]}x{size[1]}, Model hash: 0123abcd, Model: {model}")


def png(path: Path, seed: int = 0, text: Optional[str] = None, size: Tuple[int, int] = (64, 48), **texts: str) -> Path:
    """Writes a PNG whose pixels differ for each seed, with `parameters` and further texts."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, ((seed * 37) % 256, (seed // 7) % 256, seed % 251))
    image.putpixel((0, 0), (seed % 256, seed // 256 % 256, seed // 65536 % 256))
    info = PngImagePlugin.PngInfo()
    if text is not None:
        info.add_text("parameters", text)
    for key, value in texts.items():
        info.add_text(key, value)
    return _write(path, image, "PNG", pnginfo=info)


def with_user_comment(path: Path, format_: str, text: str, seed: int = 0, little: bool = False) -> Path:
    """Writes a JPEG or WebP whose EXIF has a UserComment in UTF-16."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + text.encode("utf-16-le" if little else "utf-16-be")
    return _write(path, Image.new("RGB", (48, 64), ((seed * 37) % 256, 80, 90)), format_, exif=exif)


def _write(path: Path, image: Image.Image, format_: str, **options: Any) -> Path:
    """Writes the file in one piece: who watches the folder sees it empty or whole."""
    output = io.BytesIO()
    image.save(output, format_, **options)
    path.write_bytes(output.getvalue())
    return path


def as_bytes(format_: str = "PNG", size: Tuple[int, int] = (64, 48)) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", size, (1, 2, 3)).save(output, format_)
    return output.getvalue()


MEDIA = {".png", ".jpg", ".jpeg", ".webp"}


def on_disk(*roots: Path) -> Dict[str, int]:
    """The pictures below the roots by path, with their sizes; hidden ones left out."""
    found = {}
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                path = os.path.join(folder, name)
                if not name.startswith(".") and Path(name).suffix.lower() in MEDIA and not os.path.islink(path):
                    found[path] = os.path.getsize(path)
    return found


class Database:
    """The server's database, read from outside."""

    def __init__(self, data: Path) -> None:
        self.connection = sqlite3.connect(f"file:{data / 'vitrine.db'}?mode=ro", uri=True)

    def rows(self, sql: str, *values: Any) -> List[Tuple[Any, ...]]:
        return self.connection.execute(sql, values).fetchall()

    def files(self) -> Dict[str, Tuple[int, int]]:
        """Indexed files by absolute path: id and size."""
        return {path: (number, size) for path, number, size in self.rows(
            """SELECT library_root.path || CASE directory.path WHEN '' THEN '' ELSE '/' || directory.path END
                      || '/' || media.name, media.file, media.size
               FROM media JOIN directory ON directory.id = media.directory
               JOIN library_root ON library_root.id = directory.root""")}

    def custom_tags(self) -> Dict[int, List[str]]:
        tags: Dict[int, List[str]] = {}
        for file, name in self.rows("SELECT file, tag.name FROM custom_tag JOIN tag ON tag.id = tag ORDER BY tag.name"):
            tags.setdefault(file, []).append(name)
        return tags

    def close(self) -> None:
        self.connection.close()


def check(data: Path, roots: Iterable[Path], tags: Optional[Dict[str, List[str]]] = None) -> None:
    """Fails unless disk, files, index, tags and counts agree; `tags` are the custom ones expected by path."""
    database = Database(data)
    try:
        assert database.rows("PRAGMA integrity_check") == [("ok",)]
        assert database.rows("PRAGMA foreign_key_check") == []
        disk, indexed = on_disk(*roots), database.files()
        below = tuple(f"{root}/" for root in roots)
        ours = {path: entry for path, entry in indexed.items() if path.startswith(below)}
        assert set(ours) == set(disk), (sorted(set(disk) - set(ours))[:5], sorted(set(ours) - set(disk))[:5])
        assert {path: size for path, (_, size) in ours.items()} == disk
        assert database.rows(
            """SELECT media.file FROM media JOIN file ON file.id = media.file
               WHERE media.directory <> file.directory OR media.name <> file.name OR media.size <> file.size
                  OR media.date <> file.mtime_ns / 1000000000""") == []
        links = {(tag, date, file) for tag, date, file in database.rows("SELECT tag, date, file FROM file_tag")}
        wanted = set()
        for file, date, text in database.rows("SELECT file, date, tags FROM media"):
            wanted |= {(tag, date, file) for tag in json.loads(text)}
        wanted |= set(database.rows(
            "SELECT custom_tag.tag, media.date, media.file FROM custom_tag JOIN media ON media.file = custom_tag.file"))
        assert links == wanted, (sorted(links - wanted)[:5], sorted(wanted - links)[:5])
        assert database.rows(
            """SELECT tag.id, count, (SELECT count(*) FROM media, json_each(media.tags) WHERE value = tag.id) AS real
               FROM tag WHERE count <> real AND type <> 'custom'""") == []
        assert database.rows("SELECT count(*) FROM custom_tag WHERE file NOT IN (SELECT id FROM file)") == [(0,)]
        counted = database.rows("SELECT contents, files, bytes FROM library_count")[0]
        assert counted == database.rows(
            "SELECT count(DISTINCT content), count(content), coalesce(sum(size), 0) FROM file WHERE content IS NOT NULL")[0]
        if tags is not None:
            custom = database.custom_tags()
            assert {path: custom[file] for path, (file, _) in ours.items() if file in custom} == tags
    finally:
        database.close()
