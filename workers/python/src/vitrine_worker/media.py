"""The server's HTTP side as a task sees it: contents come from it, large results go to it."""

from __future__ import annotations

import hashlib
import io
import re
import threading
from pathlib import Path
from typing import Optional
from urllib.parse import quote

import requests
from requests.auth import AuthBase

from .address import ServerAddress
from .errors import BadParams, TaskError

SHA256 = re.compile(r"[0-9a-f]{64}")
CHUNK_BYTES = 256 * 1024


class _Bearer(AuthBase):
    """The worker's token. As `auth`, because a header of that name would lose against a `.netrc` entry."""

    def __init__(self, token: Optional[str]) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class MediaClient:
    """Requests with the worker's token to the worker's own server, and to no other: redirects are not followed.

    Any thread may call it; each has a session, and so connections, of its own.
    """

    def __init__(self, address: ServerAddress, token: Optional[str], max_bytes: int, timeout: float = 30.0,
                 ca: Optional[Path] = None) -> None:
        self._address = address
        self._auth = _Bearer(token)
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._verify = str(ca) if ca else True
        self._local = threading.local()

    def content(self, sha256: str) -> bytes:
        """The bytes of a content of the library, checked against their digest.

        Raises TaskError: `not_found`, `too_large`, `media_unavailable` (worth a retry), `media_damaged`.
        """
        if not isinstance(sha256, str) or not SHA256.fullmatch(sha256):
            raise BadParams(f"{sha256!r} is not a SHA-256 digest in lower-case hex")
        data = self._get(self._address.url(f"/api/contents/{sha256}"))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise TaskError("media_damaged", f"the bytes that came for {sha256} have another digest", retry=True)
        return data

    def get(self, reference: str) -> bytes:
        """What a path or URL of the worker's own server answers. Raises as `content`, and BadParams for elsewhere."""
        try:
            url = self._address.resolve(reference)
        except ValueError as error:
            raise BadParams(str(error)) from error
        return self._get(url)

    def put_result(self, task: str, lease: str, result: bytes) -> None:
        """Uploads a result that is too large for `task.done`. Raises TaskError `upload_failed` (worth a retry)."""
        url = self._address.url(f"/api/tasks/{quote(task, safe='')}/result")
        try:
            # As a file it goes out in pieces, each with the timeout to itself; bytes would have it once for the whole.
            answer = self._session.put(url, params={"lease": lease}, data=io.BytesIO(result), auth=self._auth,
                                       headers={"Content-Type": "application/json"}, timeout=self._timeout,
                                       allow_redirects=False, verify=self._verify)
        except requests.RequestException as error:
            raise TaskError("upload_failed", f"the result could not be uploaded: {error}", retry=True) from error
        if not 200 <= answer.status_code < 300:
            raise TaskError("upload_failed", f"the server answered the result's upload with {answer.status_code}: "
                            f"{answer.text[:500]}", retry=True)

    @property
    def _session(self) -> requests.Session:
        session = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
        return session

    def _get(self, url: str) -> bytes:
        try:
            with self._session.get(url, auth=self._auth, timeout=self._timeout, stream=True,
                                   allow_redirects=False, verify=self._verify) as answer:
                if answer.status_code != 200:
                    raise _refusal(url, answer.status_code)
                return self._read(url, answer)
        except requests.RequestException as error:
            raise TaskError("media_unavailable", f"{url}: {error}", retry=True) from error

    def _read(self, url: str, answer: requests.Response) -> bytes:
        data = bytearray()
        for chunk in answer.iter_content(CHUNK_BYTES):
            data += chunk
            if len(data) > self._max_bytes:
                raise TaskError("too_large", f"{url} has more than {self._max_bytes} bytes")
        return bytes(data)


def _refusal(url: str, status: int) -> TaskError:
    if status in (404, 410):
        return TaskError("not_found", f"{url}: there is no such content")
    retry = status >= 500 or status in (408, 429)
    return TaskError("media_unavailable", f"{url}: the server answered {status}", retry=retry)
