"""Tokens and roles."""

import pytest

from harness.waiting import eventually

from .dashboard import Dashboard


@pytest.fixture
def guarded(serve):
    """A server that asks for a token."""
    return serve(tokens={"look-only": "viewer", "may-run": "operator"})


def sign_in(page, token):
    """Types the token into the form."""
    eventually(lambda: page.find("#token-dialog").is_displayed(), "the form")
    page.find("#token").send_keys(token)
    page.click("#token-form button")


def test_asks_for_a_token_and_connects_with_it(tab, guarded):
    page = Dashboard(tab, guarded.address).open(live=False)
    sign_in(page, "may-run")
    page.wait_live()
    assert page.text("#role") == "operator"
    assert page.find("#launch").is_displayed()
    page.driver.refresh()
    page.wait_live()
    assert not page.find("#token-dialog").is_displayed()


def test_a_wrong_token_is_asked_for_again(tab, guarded):
    page = Dashboard(tab, guarded.address).open(live=False)
    sign_in(page, "wrong")
    eventually(lambda: "not accepted" in page.text("#token-text"), "refused")
    sign_in(page, "look-only")
    page.wait_live()


def test_a_viewer_looks_and_finds_no_way_to_run_or_cancel(tab, guarded, follow):
    page = Dashboard(tab, guarded.address).open(live=False)
    sign_in(page, "look-only")
    page.wait_live()
    assert page.text("#role") == "viewer"
    assert not page.find("#launch").is_displayed()
    assert page.find("#launch-refused").is_displayed()
    task = follow(guarded.port, token="may-run").run("long_task", steps=500, delay_ms=50)
    eventually(lambda: page.task_state(task) == "running", "running")
    assert not page.find(f"[data-task='{task}'] .task-head .button").is_displayed()


def test_a_token_in_the_address_is_used_and_taken_out(tab, guarded):
    page = Dashboard(tab, guarded.address).open("/?token=look-only")
    assert page.driver.current_url == f"{guarded.address}/"
    assert page.text("#role") == "viewer"


def test_thumbnails_are_fetched_with_the_token(tab, serve, pictures):
    server = serve(tokens={"may-run": "operator"}, library=pictures)
    page = Dashboard(tab, server.address).open("/?token=may-run")
    page.click("#run-scan button")
    eventually(lambda: page.number("files") == 12, "12 files")
    page.click("#run-thumbnails button")
    loaded = "return [...document.querySelectorAll('#newest img')].filter(e => e.naturalWidth > 0).length"
    eventually(lambda: page.script(loaded) > 0, "a picture")
