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
    eventually(lambda: page.shown("#token-dialog"), "the form")
    page.find("#token").send_keys(token)
    page.click("#token-form button")


def expect_role(page, role):
    """Waits until the page says so, which it does with everything that the role has a say in."""
    eventually(lambda: page.text("#role") == role and page.shown("#launch") != page.shown("#launch-refused"), role)


def test_asks_for_a_token_and_connects_with_it(tab, guarded):
    page = Dashboard(tab, guarded.address).open(live=False)
    sign_in(page, "may-run")
    page.wait_live()
    expect_role(page, "operator")
    assert page.shown("#launch")
    page.driver.refresh()
    page.wait_live()
    assert not page.shown("#token-dialog")


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
    expect_role(page, "viewer")
    assert page.shown("#launch-refused")
    task = follow(guarded.port, token="may-run").run("long_task", steps=500, delay_ms=50)
    eventually(lambda: page.task_state(task) == "running", "running")
    assert not page.shown(f"[data-task='{task}'] .task-head .button")


def test_a_token_in_the_address_is_used_and_taken_out(tab, guarded):
    page = Dashboard(tab, guarded.address).open("/?token=look-only")
    assert page.driver.current_url == f"{guarded.address}/"
    expect_role(page, "viewer")


def test_thumbnails_are_fetched_with_the_token(tab, serve, pictures):
    server = serve(tokens={"may-run": "operator"}, library=pictures)
    page = Dashboard(tab, server.address).open("/?token=may-run")
    page.click("#run-scan button")
    page.expect_number("files", 12)
    page.click("#run-thumbnails button")
    loaded = "return [...document.querySelectorAll('#newest img')].filter(e => e.naturalWidth > 0).length"
    eventually(lambda: page.script(loaded) > 0, "a picture")
