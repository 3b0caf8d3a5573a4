"""Tasks: started, watched, opened and cancelled from the page."""

from harness.waiting import eventually

from .worker_cards import note


def test_a_started_task_shows_a_bar_that_moves_and_ends_as_done(page):
    # As long as it takes to see it move; then it need not go on.
    moving = page.run_test_task(steps=1000, delay=100)
    eventually(lambda: page.task_state(moving) == "running", "running")
    seen = set()

    def watched():
        seen.add(page.bar(moving))
        return len(seen - {None, 0, 100}) >= 3

    eventually(watched, "three places of the bar")
    page.click(f"[data-task='{moving}'] .task-head .button")
    page.expect_number("running", 0)
    done = page.known_number("done")
    task = page.run_test_task(steps=12, delay=20)
    eventually(lambda: page.task_state(task) == "done", "done")
    page.expect_number("done", done + 1)
    page.expect_number("running", 0)
    eventually(lambda: page.text("#launch-status") == f"long_task {task[:8]} is done.", "its end is told")
    assert page.find("#launch-status").get_attribute("role") == "status"
    assert not page.shown(f"[data-task='{task}'] .progress")


def test_the_bar_is_as_wide_as_it_says(page, server, follow, work):
    worker = work("gpu-box", ["depth"])
    task = follow(server.port).run("depth")
    worker.progress(worker.take(), 1, 4)
    eventually(lambda: page.bar(task) == 25, "a quarter done")
    shares = "return [...document.querySelectorAll(`[data-task='${arguments[0]}'] :is(.bar, .bar-fill)`)]" \
             ".map(e => e.getBoundingClientRect().width)"

    def quarter():
        whole, filled = page.script(shares, task)
        return whole > 0 and abs(filled / whole - 0.25) < 0.02

    eventually(quarter, "a quarter filled")
    text = page.text(f"[data-task='{task}'] .progress-amount")
    assert text == "1 / 4 · 25 %"


def test_cancelling_ends_the_task_as_cancelled(page, server, follow):
    follower = follow(server.port)
    task = page.run_test_task(steps=1000, delay=200)
    eventually(lambda: page.task_state(task) == "running", "running")
    page.click(f"[data-task='{task}'] .task-head .button")
    eventually(lambda: page.task_state(task) == "cancelled", "cancelled in the page")
    ended = eventually(lambda: follower.events_of("task.finished", task), "cancelled on the server")
    assert ended[0]["info"]["state"] == "cancelled"
    page.expect_number("cancelled", 1)
    assert not page.shown(f"[data-task='{task}'] .task-head .button")


def test_an_open_task_shows_its_facts_and_its_log_as_it_grows(page, server, follow):
    task = follow(server.port).run("long_task", steps=8, delay_ms=150, log_every=1)
    eventually(lambda: page.task_state(task), "the task in a list")
    page.open_task(task)
    eventually(lambda: len(page.log_lines(task)) >= 2, "lines while it runs")
    eventually(lambda: page.task_state(task) == "done", "done")
    numbers = lambda: [int(line.removeprefix("step ")) for line in page.log_lines(task) if line.startswith("step ")]
    eventually(lambda: numbers() and numbers()[-1] >= 7, "the last lines")
    assert numbers() == sorted(set(numbers()))
    eventually(lambda: '{"status":"done"}' in page.text(f"[data-task='{task}'] .task-table"), "the result")
    assert task in page.text(f"[data-task='{task}'] .task-table")


def test_closing_a_task_leaves_its_topic(page, server, follow):
    follower = follow(server.port)
    task = follower.run("long_task", steps=500, delay_ms=100)
    topic = f"task/{task}"
    own = lambda: next((event["info"]["topics"] for event in reversed(follower.events_of("client.changed"))
                        if event["info"]["kind"] == "dashboard"), [])
    eventually(lambda: page.task_state(task), "the task in a list")
    page.open_task(task)
    eventually(lambda: topic in own(), "subscribed")
    page.close_task(task)
    eventually(lambda: topic not in own(), "unsubscribed")


def test_a_failed_task_shows_why(page, server, follow):
    task = follow(server.port).run("long_task", steps=5, delay_ms=10, fail_at=2)
    eventually(lambda: page.task_state(task) == "failed", "failed")
    eventually(lambda: "2" in (note(page, task) or ""), "why")
    page.expect_number("failed", 1)


def test_queued_tasks_wait_in_the_order_they_will_run(page, server, follow):
    follower = follow(server.port)
    answers = [
        follower.ask({"type": "task.run", "name": "nobody.offers", "priority": priority})["task"]
        for priority in (0, 5, -5)
    ]
    wanted = [answers[1], answers[0], answers[2]]
    ids = "return [...document.querySelectorAll('#queued .task')].map(e => e.dataset.task)"
    eventually(lambda: page.script(ids) == wanted, f"{wanted}")
    eventually(lambda: page.text("#queued-count") == "3", "counted")


def test_a_bad_number_is_not_sent(page):
    field = page.find("#test-steps")
    field.clear()
    field.send_keys("0")
    before = page.task_ids()
    page.click("#run-test button")
    assert page.script("return document.querySelector('#test-steps').validity.rangeUnderflow")
    # A task sent in spite of it would have been created before the one that is sent now.
    field.clear()
    field.send_keys("1")
    page.click("#run-test button")
    eventually(lambda: len(page.task_ids()) > len(before), "the second one")
    assert len(page.task_ids()) == len(before) + 1


def test_panels_stay_where_they_are_while_tasks_come_and_go(page, server, follow):
    boxes = "return [...document.querySelectorAll('.panel, .masthead, .overview')].map(e => {" \
            "const b = e.getBoundingClientRect(); return [b.x, b.y, b.width, b.height].map(Math.round)})"
    before = page.script(boxes)
    follower = follow(server.port)
    tasks = [follower.run("long_task", steps=3, delay_ms=60, log_every=1) for _ in range(8)]
    eventually(lambda: all(page.task_state(task) == "done" for task in tasks), "all done")
    assert page.script(boxes) == before


def test_connected_clients_come_and_go_with_our_own_marked(page, server, follow):
    rows = lambda: page.script(
        "return [...document.querySelectorAll('#clients tr')].map(e => "
        "[e.textContent, e.querySelector('.badge')?.checkVisibility() ?? false])")
    eventually(lambda: [marked for _, marked in rows()] == [True], "our own connection")
    other = follow(server.port)
    other.ask({"type": "hello", "name": "night script", "kind": "script"})
    eventually(lambda: "night script" in page.text("#clients"), "the script by its name")
    assert [marked for _, marked in rows()] == [True, False]
    assert "vitrine.v1" in rows()[1][0] and "admin" in rows()[1][0]
    other.close()
    eventually(lambda: len(rows()) == 1, "gone again")
    page.expect_number("clients", 1)
