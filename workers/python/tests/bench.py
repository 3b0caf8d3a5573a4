"""Runs a model task as the worker would, on pictures that the fake server has."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Tuple

from PIL import Image

from fake_server import FakeServer
from vitrine_worker import TaskContext
from vitrine_worker.address import ServerAddress
from vitrine_worker.media import MediaClient
from vitrine_worker.modelzoo.zoo import ModelZoo
from vitrine_worker.protocol import Offer
from vitrine_worker.registry import Registry
from vitrine_worker.tasks import add_model_tasks


class TaskBench:
    """A modelzoo folder, pictures, and a call."""

    def __init__(self, server: FakeServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.progress: List[Mapping[str, Any]] = []
        self.stop_at: Optional[int] = None
        """Cancels the task when it reports this."""
        self.context: Optional[TaskContext] = None
        self._zoo: Optional[ModelZoo] = None

    def picture(self, colour: Tuple[int, ...], size: Tuple[int, int] = (4, 4)) -> str:
        """The digest of a picture of one colour (red, green, blue)."""
        output = io.BytesIO()
        Image.new("RGBA" if len(colour) == 4 else "RGB", size, colour).save(output, "PNG")
        return self.server.add_content(output.getvalue())

    def run(self, name: str, **params: Any) -> Dict[str, Any]:
        self._zoo = self._zoo or ModelZoo.read(self.folder)
        registry = Registry()
        add_model_tasks(registry, self._zoo)
        function = registry.get(name)
        assert function is not None, registry.names
        media = MediaClient(ServerAddress.parse(self.server.url), None, 1 << 20)
        self.context = TaskContext(Offer("t", "l", name, params, 1, 1, 5.0), media, self._zoo, self._report,
                                   lambda *_: None)
        return function(self.context)

    def _report(self, progress: Mapping[str, Any]) -> None:
        self.progress.append(progress)
        if progress["current"] == self.stop_at and self.context is not None:
            self.context.stop()
