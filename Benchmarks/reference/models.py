#!/usr/bin/env python3
"""What a plain program does to list model files: walk, stat, read the header of each, and put all into SQLite.

    models.py FOLDER
"""

import json
import os
import sqlite3
import struct
import sys
import tempfile


def said(path):
    with open(path, "rb") as file:
        start = file.read(8)
        if len(start) < 8 or start[:4] == b"GGUF":
            return {}
        length = struct.unpack("<Q", start)[0]
        if not 2 <= length <= 100_000_000:
            return {}
        return json.loads(file.read(length)).get("__metadata__", {})


def main():
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(os.path.join(folder, "models.db"))
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE pending (id INTEGER PRIMARY KEY, path TEXT UNIQUE, name TEXT, size, created, meta)")
        for directory, folders, names in os.walk(sys.argv[1], followlinks=True):
            for name in names:
                path = os.path.join(directory, name)
                if database.execute("SELECT 1 FROM pending WHERE path = ?", [path]).fetchone():
                    continue
                status = os.stat(path)
                meta = {"title": said(path).get("modelspec.title", "")}
                database.execute("INSERT INTO pending (path, name, size, created, meta) VALUES (?, ?, ?, ?, ?)",
                                 [path, name, status.st_size, int(status.st_mtime * 1000), json.dumps(meta)])
        database.commit()


main()
