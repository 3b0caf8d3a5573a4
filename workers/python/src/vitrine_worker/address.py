"""Where the server is: its socket, and its HTTP side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from .errors import ConfigurationError

TOKEN = re.compile(r"[A-Za-z0-9._~-]{1,128}")
_SCHEMES = {"ws": "http", "wss": "https", "http": "http", "https": "https"}
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class ServerAddress:
    """The server as `--server` names it: `ws://host:8080`, with or without the path `/ws`; http is as good as ws.

    A path before `/ws` (behind a reverse proxy) is kept for both sides.
    """

    socket: str
    """The address of the protocol: `ws://host:8080/ws`."""
    http: str
    """What HTTP paths are put behind: `http://host:8080`."""

    @classmethod
    def parse(cls, text: str) -> "ServerAddress":
        """Raises ConfigurationError for what is not a ws, wss, http or https URL with a host."""
        try:
            parts = urlsplit(text)
            usable = parts.scheme in _SCHEMES and bool(parts.hostname) and parts.port != 0
        except ValueError:
            usable = False
        if not usable or parts.username is not None or parts.query or parts.fragment:
            raise ConfigurationError([f"--server {text}: a URL such as ws://host:8080 is needed"])
        path = parts.path.rstrip("/")
        prefix = path[:-len("/ws")] if path.endswith("/ws") else path
        scheme = _SCHEMES[parts.scheme]
        socket_scheme = "wss" if scheme == "https" else "ws"
        return cls(f"{socket_scheme}://{parts.netloc}{prefix}/ws", f"{scheme}://{parts.netloc}{prefix}")

    def url(self, path: str) -> str:
        """The URL of an HTTP path of ours, such as `/api/contents/…`."""
        return self.http + path

    def resolve(self, reference: str) -> str:
        """A URL or path that came with a task, as a URL of this server.

        Raises ValueError when it leads to another scheme, host or port: the token goes nowhere else.
        """
        absolute = urljoin(self.http + "/", reference)
        if _origin(urlsplit(absolute)) != _origin(urlsplit(self.http)):
            raise ValueError(f"{reference} is not an address of the server")
        return absolute


def _origin(parts: SplitResult) -> "tuple[str, str, int]":
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme, 0)
