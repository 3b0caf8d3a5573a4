"""What a task function gets: its params, a way to report, and the server's media."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Callable, Mapping, Optional, Union

from .errors import BadParams, Cancelled
from .media import MediaClient
from .protocol import Offer, clip

if TYPE_CHECKING:
    from PIL.Image import Image

    from .modelzoo.model import LoadedModel
    from .modelzoo.zoo import ModelZoo

ImageReference = Union[str, Mapping[str, str]]
LEVELS = ("debug", "info", "warning", "error")


class TaskContext:
    """One attempt at one task. Any thread of the task may use it."""

    def __init__(self, offer: Offer, media: MediaClient, zoo: "Optional[ModelZoo]",
                 report: Callable[[Mapping[str, Any]], None], write_log: Callable[[str, str], None]) -> None:
        self._offer = offer
        self._media = media
        self._zoo = zoo
        self._report = report
        self._write_log = write_log
        self._stop = threading.Event()

    @property
    def task(self) -> str:
        """The task's id."""
        return self._offer.task

    @property
    def name(self) -> str:
        return self._offer.name

    @property
    def attempt(self) -> int:
        """Which attempt this is, from 1."""
        return self._offer.attempt

    @property
    def params(self) -> Mapping[str, Any]:
        return self._offer.params

    @property
    def cancelled(self) -> bool:
        """True once the task should stop: it was cancelled, the worker stops, or its lease has ended."""
        return self._stop.is_set()

    def check(self) -> None:
        """Raises Cancelled once the task should stop. Call it now and then in long loops."""
        if self._stop.is_set():
            raise Cancelled()

    def wait(self, seconds: float) -> None:
        """Sleeps, but not past the moment at which the task should stop; then it raises Cancelled."""
        self.pause(seconds)
        self.check()

    def progress(self, current: int, total: Optional[int] = None, message: str = "") -> None:
        """Says how far the task is. May be called as often as one likes: at most ten a second are sent, and the last.

        Raises Cancelled once the task should stop.
        """
        self.check()
        fields = {"current": max(0, int(current)), "message": clip(message)}
        if total is not None:
            fields["total"] = max(0, int(total))
        self._report(fields)

    def log(self, message: str, level: str = "info") -> None:
        """Writes a line to the task's log: `debug`, `info`, `warning` or `error`.

        Fifty lines go out at once; a task that goes on writing is slowed to fifty a second.
        """
        if level not in LEVELS:
            raise ValueError(f"a log line's level is one of {', '.join(LEVELS)}, not {level}")
        self._write_log(level, clip(message))

    def fetch(self, image: ImageReference) -> bytes:
        """The bytes of a media file of the server.

        `image` is a content's SHA-256 digest, a path of the server, or an object with `sha256` or `url`. Raises
        TaskError when it cannot be had, BadParams when it is something else or lies elsewhere.
        """
        self.check()
        if isinstance(image, Mapping):
            if isinstance(image.get("sha256"), str):
                return self._media.content(image["sha256"])
            image = image.get("url", "")
        if not isinstance(image, str) or not image:
            raise BadParams("an image is a SHA-256 digest, a path of the server, or an object with `sha256` or `url`")
        if "/" in image:
            return self._media.get(image)
        return self._media.content(image)

    def picture(self, image: ImageReference) -> "Image":
        """As `fetch`, decoded: upright, RGB or RGBA. Raises TaskError `bad_picture` when it is none."""
        from .pictures import decode

        return decode(self.fetch(image))

    def model(self, key: object) -> "LoadedModel":
        """A model of the modelzoo, loaded when first asked for.

        Raises TaskError `unknown_model` or `bad_model`, and BadParams for what is not a key.
        """
        if self._zoo is None:
            raise BadParams("this worker has no modelzoo")
        return self._zoo.model(key)

    def pause(self, seconds: float) -> None:
        """As `wait`, but only returns early when the task should stop."""
        if seconds > 0:
            self._stop.wait(seconds)

    def stop(self) -> None:
        """Makes `cancelled` true; called by the worker."""
        self._stop.set()
