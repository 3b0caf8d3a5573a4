"""A Celery task that does nothing, and a client that waits for many of it: `celery_tasks.py DEPTH SECONDS`."""

import os
import sys
import time

from celery import Celery

app = Celery("bench", broker=os.environ["BROKER"], backend=os.environ["BROKER"])
app.conf.update(broker_connection_retry_on_startup=True, worker_send_task_events=False)


@app.task(name="bench.noop")
def noop(*args, **kwargs):
    return None


def main(depth, seconds):
    """Prints round trips a second, `depth` tasks under way."""
    done, results = 0, [noop.delay() for _ in range(depth)]
    start = time.monotonic()
    warm = start + 0.5
    while time.monotonic() < warm + seconds:
        results.pop(0).get(timeout=20)
        results.append(noop.delay())
        done += time.monotonic() > warm
    print(done / (time.monotonic() - warm))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
