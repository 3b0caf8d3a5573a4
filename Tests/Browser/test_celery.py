"""Celery in the list of workers: it has no connection, its tasks tell of it."""

import re

import pytest

from harness.celery_worker import CeleryWorkers
from harness.redis import Redis
from harness.waiting import eventually

from .dashboard import Dashboard
from .worker_cards import cards, facts, in_card, note, state

CELERY = "celery/celery"


@pytest.fixture
def redis(tmp_path):
    """A Redis of the test's own."""
    server = Redis(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def celery(redis, tmp_path):
    """Starts Celery workers, and ends them after the test."""
    workers = CeleryWorkers(redis, tmp_path)
    yield workers
    workers.close()


def test_celery_is_a_worker_while_tasks_run_there(tab, serve, follow, redis, celery, tmp_path):
    routes = [flag for name in ("hold", "fail")
              for flag in ("--celery", f"{name}=celery,task=harness.{name},arguments=params")]
    server = serve(flags=["--redis", redis.url, *routes])
    page = Dashboard(tab, server.address).open()
    follower = follow(server.port)
    task = follower.ask({
        "type": "task.run", "name": "hold", "params": {"folder": str(tmp_path), "name": "held"}})["task"]
    eventually(lambda: note(page, task), "why it waits: no Celery worker is there")
    assert cards(page) == []
    celery.start()
    eventually(lambda: state(page, CELERY) == "busy", "busy", within=120)
    assert in_card(page, CELERY, ".badge") == "Celery"
    eventually(lambda: in_card(page, CELERY, ".gauge-text") == "1 running", "one task")
    eventually(lambda: facts(page, task) == ["Celery"] and note(page, task) is None, "who runs it")
    page.click(f"[data-task='{task}'] .task-facts button")
    eventually(lambda: page.script("return document.activeElement.dataset.worker") == CELERY, "its card")
    (tmp_path / "held.go").touch()
    eventually(lambda: page.task_state(task) == "done", "done", within=120)
    eventually(lambda: state(page, CELERY) == "idle", "nothing runs there")
    eventually(lambda: in_card(page, CELERY, ".done") == "1 done", "counted")
    failed = follower.run("fail", why="no such luck")
    eventually(lambda: page.task_state(failed) == "failed", "failed", within=120)
    eventually(lambda: (in_card(page, CELERY, ".worker-error") or "").endswith("ValueError: no such luck"), "why")
    eventually(lambda: in_card(page, CELERY, ".failed") == "1 failed", "counted too")
    # Two in the first minute; fewer a minute when the workers took longer than that.
    eventually(lambda: re.fullmatch(r"(1|2|[01]\.\d) / min", in_card(page, CELERY, ".rate") or ""), "the rate")
