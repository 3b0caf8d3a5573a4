"""Why a connection was lost or never stood, and whether it makes sense to come back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Optional

from websockets.exceptions import ConnectionClosed, InvalidStatus, InvalidURI

GIVE_UP_CODES = frozenset({1002, 1003, 1004, 1007, 1008, 1009})
"""Close codes after which the same would happen again. 1005 and 1006 never travel: they stand for no code at all."""
GIVE_UP_STATUSES = {
    400: "the server refused the handshake; is it a Vitrine server that speaks vitrine.v1?",
    401: "the server wants a token, or another one (--token, VITRINE_TOKEN)",
    403: "the server does not let this worker in; see its --allow-host",
    426: "the server refused the handshake; is it a Vitrine server that speaks vitrine.v1?",
}
SERVER_STOPS = 1001
MAX_RETRY_AFTER = 300.0


@dataclass(frozen=True)
class Loss:
    """The end of a connection. `final`: there is no use in connecting again."""

    reason: str
    final: bool = False
    refused: bool = False
    """With `final`: it was our token, role or address, not the protocol, that was wrong."""
    server_stops: bool = False
    least_delay: float = 0.0
    """Seconds that the server asked to be left alone."""


def loss_of(error: BaseException) -> Loss:
    """What an exception of connecting or receiving means."""
    if isinstance(error, InvalidStatus):
        return _refusal(error)
    if isinstance(error, ConnectionClosed):
        return _closing(error)
    if isinstance(error, InvalidURI):
        return Loss(str(error), final=True, refused=True)
    if isinstance(error, TimeoutError):
        return Loss(str(error) or "the server did not answer in time")
    return Loss(f"{type(error).__name__}: {error}")


def _refusal(error: InvalidStatus) -> Loss:
    status = error.response.status_code
    said = _message(error.response.body)
    meaning = GIVE_UP_STATUSES.get(status)
    reason = f"HTTP {status}{f' ({said})' if said else ''}"
    if meaning:
        return Loss(f"{reason}: {meaning}", final=True, refused=True)
    return Loss(reason, least_delay=_seconds(error.response.headers.get("Retry-After")))


def _closing(error: ConnectionClosed) -> Loss:
    for close, side in ((error.rcvd, "the server"), (error.sent, "this worker")):
        if close is not None and close.code in GIVE_UP_CODES:
            return Loss(f"{side} closed with {close.code} {close.reason}".rstrip(), final=True)
    code = error.rcvd.code if error.rcvd else None
    if code == SERVER_STOPS:
        return Loss("the server stops", server_stops=True)
    return Loss(f"closed with {code} {error.rcvd.reason}".rstrip() if error.rcvd else "the connection broke")


def _message(body: Optional[bytes]) -> str:
    """What the error body `{"error":{"code","message"}}` says; empty when it is something else."""
    try:
        return str(json.loads(body or b"")["error"]["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return ""


def _seconds(header: Optional[str]) -> float:
    try:
        return min(max(0.0, float(header or 0)), MAX_RETRY_AFTER)
    except ValueError:
        return 0.0
