"""What the page shows of workers, and of the tasks that they run."""

CARDS = "return [...document.querySelectorAll('.worker')].map(e => [e.querySelector('.worker-name').textContent, " \
        "e.dataset.state])"


def cards(page):
    """Name and state of every worker shown, in order."""
    return [tuple(card) for card in page.script(CARDS)]


def in_card(page, worker, selector):
    """Text of an element of a worker's card; None while it is missing or hidden. Celery is named by its key."""
    return page.script(
        "const e = document.querySelector(`[data-worker='${arguments[0]}'] ${arguments[1]}`);"
        "return e?.checkVisibility() ? e.textContent : null", _key(worker), selector)


def state(page, worker):
    """State of a worker as shown; None when it is not."""
    return page.script("return document.querySelector(`[data-worker='${arguments[0]}']`)?.dataset.state", _key(worker))


def held_bar(page, task):
    """Percentage of a task's bar in its worker's card; None without one."""
    value = page.script(
        "const e = document.querySelector(`[data-held='${arguments[0]}'] [role=progressbar]`);"
        "return e?.checkVisibility() ? e.getAttribute('aria-valuenow') : null", task)
    return None if value is None else int(value)


def note(page, task):
    """What a task's row says of itself; None when it says nothing."""
    return page.script(
        "const e = document.querySelector(`[data-task='${arguments[0]}'] .task-note`);"
        "return e?.checkVisibility() ? e.textContent : null", task)


def facts(page, task):
    """Attempts and executor as a task's row tells them."""
    return page.script(
        "return [...document.querySelectorAll(`[data-task='${arguments[0]}'] .task-facts > *`)]"
        ".filter(e => e.checkVisibility()).map(e => e.textContent)", task)


def _key(worker):
    return worker if isinstance(worker, str) else worker.client
