"""The event inspector: what came, filtered, paused, opened."""

import json

from selenium.webdriver.support.select import Select

from harness.waiting import eventually

SHOWN = "return [...document.querySelectorAll('#entries > li')].map(e => [e.dataset.type, Number(e.dataset.number)])"


def shown(page):
    """Types of the messages shown, newest first."""
    return [kind for kind, _ in page.script(SHOWN)]


def test_every_message_received_is_shown_newest_first(page):
    eventually(lambda: "synced" in shown(page), "the first messages")
    eventually(lambda: shown(page) == [frame["type"] for frame in reversed(page.frames())], "all that came")
    numbers = [number for _, number in page.script(SHOWN)]
    assert numbers == sorted(numbers, reverse=True)


def test_epoch_and_offset_are_those_of_the_stream(page, server, follow):
    follower = follow(server.port)
    task = follower.run("long_task", steps=2, delay_ms=10)
    end = eventually(lambda: follower.events_of("task.finished", task), "finished")[0]["offset"]
    eventually(lambda: int(page.find("#offset").get_attribute("data-offset")) >= end, "the offset follows")
    eventually(lambda: page.text("#epoch") == follower.epoch, "the same epoch")


def test_filters_by_text_and_by_type(page, server, follow):
    task = follow(server.port).run("long_task", steps=3, delay_ms=10, log_every=1)
    eventually(lambda: page.task_state(task) == "done", "done")
    Select(page.find("#filter-family")).select_by_value("task")
    eventually(lambda: shown(page) and all(kind.startswith("task.") for kind in shown(page)), "tasks only")
    page.find("#filter-text").send_keys("TASK.FINISHED")
    eventually(lambda: shown(page) == ["task.finished"], "one")
    page.find("#filter-text").clear()
    page.find("#filter-text").send_keys("no such text")
    eventually(lambda: shown(page) == [], "none")
    assert page.shown("#entries-empty")
    page.find("#filter-text").clear()
    page.find("#filter-text").send_keys(" ")
    Select(page.find("#filter-family")).select_by_value("")
    eventually(lambda: "welcome" in shown(page), "all again")


def test_pausing_freezes_what_is_shown_and_loses_nothing(page, server, follow):
    follower = follow(server.port)
    page.click("#pause")
    before = page.script(SHOWN)
    task = follower.run("long_task", steps=3, delay_ms=10, log_every=1)
    eventually(lambda: page.task_state(task) == "done", "done")
    assert page.script(SHOWN) == before
    assert page.find("#pause").get_attribute("aria-pressed") == "true"
    assert page.text("#inspector-foot").startswith("Paused")
    page.click("#pause")
    eventually(lambda: "task.finished" in shown(page), "what came meanwhile")
    assert page.find("#pause").get_attribute("aria-pressed") == "false"


def test_clearing_empties_the_list_and_new_messages_appear(page, server, follow):
    eventually(lambda: "synced" in shown(page), "the first messages")
    page.click("#clear")
    eventually(lambda: "welcome" not in shown(page), "cleared")
    task = follow(server.port).run("long_task", steps=1, delay_ms=0)
    eventually(lambda: "task.finished" in shown(page), f"{task} finished")


def test_a_message_opens_as_readable_json(page):
    eventually(lambda: "welcome" in shown(page), "the welcome")
    page.click("#entries li[data-type='welcome'] summary")
    text = eventually(lambda: page.text("#entries li[data-type='welcome'] pre"), "its JSON")
    assert json.loads(text)["type"] == "welcome"
    assert "\n  " in text


def test_the_list_stays_bounded_under_many_events(page, server, follow):
    follower = follow(server.port)
    done = page.known_number("done")
    for _ in range(7):
        follower.run("long_task", steps=100, delay_ms=0, log_every=1)
    page.expect_number("done", done + 7)
    eventually(lambda: "last 500 kept" in page.text("#inspector-foot"), "five hundred kept")
    assert len(shown(page)) == 150
