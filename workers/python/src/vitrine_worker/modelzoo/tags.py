"""`selected_tags.csv` of the WD14 layout: `tag_id,name,category,count`, a row for each output of the network."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import List

CATEGORIES = {0: "general", 1: "artist", 3: "copyright", 4: "character", 5: "meta", 9: "rating"}
TAGS_FILE, TAGGER_MODEL = "selected_tags.csv", "model.onnx"


@dataclass(frozen=True)
class Tag:
    name: str
    category: str
    """`general`, `character`, `rating`, …; the number as text when it is not a known one."""


def is_tagger(folder: Path) -> bool:
    """Whether a folder holds a tagger."""
    return (folder / TAGS_FILE).is_file() and (folder / TAGGER_MODEL).is_file()


def read_tags(path: Path) -> List[Tag]:
    """The tags in the order of the network's outputs. Raises ValueError, with the line, when the file is not so."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        missing = {"name", "category"} - set(rows.fieldnames or [])
        if missing:
            raise ValueError(f"{path.name} has no column {' and no column '.join(sorted(missing))}")
        tags = []
        for row in rows:
            name, category = row["name"], row["category"]
            if not name or category is None or not category.strip().isdigit():
                raise ValueError(f"{path.name}, line {rows.line_num}: a name and a category number are needed")
            tags.append(Tag(name, CATEGORIES.get(int(category), category.strip())))
    if not tags:
        raise ValueError(f"{path.name} has no tags")
    return tags
