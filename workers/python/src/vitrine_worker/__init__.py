"""A worker peer of a Vitrine server.

Your own task in five lines:

    from vitrine_worker import task

    @task("peer.size")
    def size(context):
        picture = context.picture(context.params["image"])
        return {"width": picture.width, "height": picture.height}

Run it with `vitrine-worker --server ws://host:8080 --tasks my_tasks.py`.
"""

from __future__ import annotations

from .context import TaskContext
from .errors import BadParams, Cancelled, ConfigurationError, TaskError
from .registry import task

__version__ = "0.1.0"
__all__ = ["BadParams", "Cancelled", "ConfigurationError", "TaskContext", "TaskError", "task"]
