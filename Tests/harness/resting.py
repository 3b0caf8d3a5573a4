"""Waiting until a server has done what it does by itself, so that a test sees its own doings only."""

from __future__ import annotations

from typing import Any, Dict, List

import requests

from harness.process import Server
from harness.realtime import Live
from harness.waiting import eventually


def tasks(server: Server) -> List[Dict[str, Any]]:
    """The unfinished tasks and the last finished ones."""
    return list(requests.get(f"{server.url}/api/tasks", params={"limit": 200}, timeout=15).json()["tasks"])


def first_scan(server: Server, within: float = 30) -> Server:
    """Waits until the scan that every start begins with is over; a server listens before it is queued."""
    def is_over() -> bool:
        # Scans of what has changed may come before it.
        scans = [(task["params"], task["state"]) for task in tasks(server) if task["name"] == "scan"]
        return ({}, "done") in scans and all(state not in ("queued", "running") for _, state in scans)
    eventually(is_over, "the scan of the start is over", within)
    return server


def rested(server: Server, within: float = 60) -> Server:
    """Waits until the scan of the start is over and the thumbnails after it are made."""
    first_scan(server, within)
    # They are queued after the scan's end. One such task runs at a time, and it makes all that are wanted.
    with Live(f"{server.socket_url}/ws") as live:
        live.subscribe("tasks")
        assert live.finished(live.run("thumbnails")["task"], within)["info"]["state"] == "done"
    return server
