"""What all model tasks share: they go through pictures one by one."""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Callable, Dict, List

from PIL import Image

from ..background import Background
from ..context import TaskContext
from ..errors import BadParams, TaskError
from ..modelzoo.model import LoadedModel
from . import params as read

Answer = Dict[str, Any]
Look = Callable[[LoadedModel, Image.Image], Answer]


def for_each_picture(context: TaskContext, task_type: str, word: str, look: Look) -> Answer:
    """`{"model", "task_type", "results"}`: of each image, in order, what `look` answers, with `image` and `duration`
    (milliseconds in the model). The next image is fetched while the model looks at one.

    An image that cannot be read has `error` instead, and the task goes on; if that is so for all of them the task
    fails with the first one's error. What is worth a retry (the server does not answer) fails the task at once.
    """
    wanted = read.images(context.params)
    model = context.model(context.params.get("model"))
    config = model.config
    if task_type not in config.task_types:
        raise BadParams(f"the model {config.key} is for {' and '.join(config.task_types)}, not for {task_type}")
    results: List[Answer] = []
    errors: List[TaskError] = []
    with Background("fetch") as background:
        pictures = [background.submit(partial(context.picture, wanted[0]))]
        for number, image in enumerate(wanted):
            context.progress(number, len(wanted), f"{config.name}: {number + 1} of {len(wanted)}")
            if number + 1 < len(wanted):
                pictures.append(background.submit(partial(context.picture, wanted[number + 1])))
            try:
                picture = pictures.pop(0).result()
            except TaskError as error:
                if error.retry:
                    raise
                errors.append(error)
                results.append({"image": image, "error": {"code": error.code, "message": error.message}})
                continue
            context.check()
            started = time.perf_counter()
            answer = _look(look, model, picture)
            results.append({"image": image, **answer, "duration": round((time.perf_counter() - started) * 1000, 3)})
    if len(errors) == len(wanted):
        raise errors[0]
    context.progress(len(wanted), len(wanted), "done")
    return {"model": config.key, "task_type": word, "results": results}


def _look(look: Look, model: LoadedModel, picture: Image.Image) -> Answer:
    """Runs the model; what a library or an unexpected output raises is the model's fault, and would be so again."""
    try:
        return look(model, picture)
    except (TaskError, MemoryError):
        raise
    except Exception as error:
        raise TaskError("bad_model", f"the model {model.config.key} cannot be used: {error}") from error
