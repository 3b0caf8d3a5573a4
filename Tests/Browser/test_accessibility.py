"""Keyboard, names, contrast, motion; and the manners of the page: no errors, no other origin."""

import contextlib
import pathlib

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from harness.waiting import eventually

from .dashboard import Dashboard
from .worker_cards import facts

AUDIT = (pathlib.Path(__file__).parent / "audit.js").read_text()
CONTROLS = {"button", "textbox", "searchbox", "spinbutton", "combobox", "checkbox", "link", "DisclosureTriangle",
            "progressbar", "meter", "image", "region", "dialog", "form", "log"}


@pytest.fixture
def busy(page, server, follow, work):
    """A page with a task of every state, one of them open, workers of every state, and messages opened."""
    follower = follow(server.port)
    full, gone = work("gpu-box", [f"kind.{number}" for number in range(12)]), work("lost", ["depth"])
    work("spare", ["depth"], slots=4)
    follower.run("kind.1")
    full.fail(full.take(), "oom", "CUDA out of memory")
    full.progress(full.take(), 3, 10)
    gone.cut()
    eventually(lambda: page.script("return [...document.querySelectorAll('.worker')].map(e => e.dataset.state)")
               == ["full", "gone", "idle"], "all states of workers")
    tasks = [
        follower.run("long_task", steps=2, delay_ms=10),
        follower.run("long_task", steps=5, delay_ms=10, fail_at=1),
        # Slow enough for the welcome to stay among the messages shown.
        follower.run("long_task", steps=5000, delay_ms=1000, log_every=1),
        follower.run("nobody.offers"),
    ]
    states = ["done", "failed", "running", "queued"]
    eventually(lambda: [page.task_state(task) for task in tasks] == states, "all states")
    page.open_task(tasks[2])
    eventually(lambda: page.log_lines(tasks[2]), "a log line")
    page.click("#entries li[data-type='welcome'] summary")
    eventually(lambda: page.text("#entries li[data-type='welcome'] pre"), "a message opened")
    return page


def press(page, *keys):
    """Types keys to whatever has the focus."""
    ActionChains(page.driver).send_keys(*keys).perform()


def focused(page):
    """What has the focus: its id or class, and whether it shows it."""
    return page.script(
        "const e = document.activeElement; return [e.id || e.className, getComputedStyle(e).outlineStyle !== 'none']")


def expect_focus(page, expression, wanted):
    """Waits until what has the focus is this, by an expression of `document.activeElement`."""
    eventually(lambda: page.script(f"return document.activeElement{expression}") == wanted, f"the focus on {wanted}")


def tab_to(page, name, limit=60):
    """Presses Tab until the element of this id or class has the focus; each stop on the way must be visible."""
    for _ in range(limit):
        press(page, Keys.TAB)
        reached, visible = focused(page)
        assert visible, f"focus on {reached} cannot be seen"
        if name in reached.split():
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_a_task_is_run_opened_and_cancelled_by_keyboard_alone(page):
    press(page, Keys.TAB)
    expect_focus(page, ".className", "skip")
    press(page, Keys.ENTER)
    tab_to(page, "test-steps")
    press(page, Keys.CONTROL, "a")
    press(page, "900", Keys.TAB)
    expect_focus(page, ".id", "test-delay")
    before = set(page.task_ids())
    press(page, Keys.TAB, Keys.ENTER)
    task = eventually(lambda: next(iter(set(page.task_ids()) - before), None), "the task")
    eventually(lambda: page.task_state(task) == "running", "running")
    tab_to(page, "task-toggle")
    press(page, Keys.ENTER)
    eventually(lambda: page.is_open(task), "open")
    controls = page.find(f"[data-task='{task}'] .task-toggle").get_attribute("aria-controls")
    assert page.shown(f"[id='{controls}']")
    press(page, Keys.TAB)
    expect_focus(page, ".ariaLabel", f"Cancel long_task {task[:8]}")
    press(page, Keys.SPACE)
    eventually(lambda: page.task_state(task) == "cancelled", "cancelled")


def test_from_a_task_to_its_worker_and_back_by_keyboard_alone(page, server, follow, work):
    worker = work("gpu-box", ["depth"])
    task = follow(server.port).run("depth")
    worker.take()
    eventually(lambda: facts(page, task) == ["worker gpu-box"], "running there")
    eventually(lambda: page.all(f"[data-held='{task}'] button"), "the task is on the card")
    press(page, Keys.TAB, Keys.ENTER)
    tab_to(page, "task-toggle")
    press(page, Keys.TAB)
    expect_focus(page, ".textContent", "worker gpu-box")
    press(page, Keys.ENTER)
    expect_focus(page, ".dataset.worker", worker.client)
    press(page, Keys.TAB)
    expect_focus(page, ".ariaLabel", f"Show depth {task[:8]}")
    press(page, Keys.SPACE)
    expect_focus(page, ".closest('[data-task]')?.dataset.task", task)


def test_the_focus_follows_a_task_from_list_to_list(page, server, follow, work):
    worker = work("gpu-box", ["depth"])
    task = follow(server.port).run("depth")
    offer = worker.take()
    eventually(lambda: page.task_state(task) == "running", "running")
    page.script("document.querySelector(`[data-task='${arguments[0]}'] .task-toggle`).focus()", task)
    worker.done(offer)
    eventually(lambda: page.task_state(task) == "done", "done")
    expect_focus(page, ".closest('.task')?.dataset.task", task)


def audit(page, least):
    """Looks at more than `least` texts, each of which must have contrast enough once its colours are at rest."""
    def passes():
        nonlocal result
        result = page.script(AUDIT)
        return result["looked"] > least and result["low"] == []

    result = None
    with contextlib.suppress(AssertionError):
        eventually(passes, "contrast enough", every=0.2)
    assert result["looked"] > least
    assert result["low"] == []


def names_of_controls(page):
    """How many things that can be used have a name for screen readers, and those that have none."""
    nodes = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named, nameless = 0, []
    for node in nodes:
        role = node.get("role", {}).get("value")
        focusable = any(p["name"] == "focusable" and p["value"].get("value") for p in node.get("properties", []))
        if node.get("ignored") or (role not in CONTROLS and not focusable) or role == "RootWebArea":
            continue
        if node.get("name", {}).get("value", "").strip():
            named += 1
        elif role == "image" or focusable or role in CONTROLS:
            nameless.append((role, node.get("backendDOMNodeId")))
    return named, nameless


def test_everything_that_can_be_used_has_a_name(busy):
    # The logo is decoration: its empty alternative makes it ignored, so it is not among these.
    named, nameless = names_of_controls(busy)
    assert nameless == []
    assert named > 35


def test_landmarks_headings_and_language_are_there(busy):
    assert busy.script("return document.documentElement.lang") == "en"
    assert busy.script("return document.querySelectorAll('main').length") == 1
    assert busy.script("return document.querySelectorAll('h1').length") == 1
    levels = busy.script("return [...document.querySelectorAll('h1, h2, h3')].filter(e => e.checkVisibility())"
                         ".map(e => Number(e.tagName[1]))")
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:])), levels
    ids = busy.script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_contrast_enough(busy, scheme):
    busy.emulate(prefers_color_scheme=scheme)
    audit(busy, 100)
    ground = busy.script("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) > 384) == (scheme == "light")


def test_who_wants_no_motion_gets_none(busy):
    moving = "return document.getAnimations().length"
    eventually(lambda: busy.script(moving) > 0, "something moves")
    busy.emulate(prefers_reduced_motion="reduce")
    eventually(lambda: busy.script(moving) == 0, "still")


@pytest.mark.parametrize("width", [320, 390, 768, 1180, 1440, 2200])
def test_nothing_is_wider_than_the_view(busy, width):
    busy.resize(width, 800)
    assert busy.script("return document.documentElement.scrollWidth") <= width
    cut = busy.script(
        "return [...document.querySelectorAll('.button, input, select')].filter(e => e.checkVisibility())"
        ".filter(e => { const b = e.getBoundingClientRect(); return b.left < 0 || b.right > innerWidth })"
        ".map(e => e.id || e.textContent)")
    assert cut == []


def test_on_a_wide_screen_the_panels_scroll_and_the_page_does_not(busy, server, follow):
    follower = follow(server.port)
    waiting = [follower.run("nobody.offers") for _ in range(30)]
    eventually(lambda: set(waiting) <= set(busy.task_ids()), "a long list")
    busy.resize(1440, 900)
    assert busy.script("return document.documentElement.scrollHeight") == 900
    assert busy.script("const s = document.querySelector('.tasks .scroll'); return s.scrollHeight > s.clientHeight")


def test_no_error_on_the_console_and_no_request_to_another_origin(busy, server):
    busy.click("#drop")
    eventually(lambda: busy.text("#recovery").startswith("Resumed"), "resumed")
    # A server without the optional list of folders answers 404, which the browser notes.
    errors = [entry for entry in busy.console() if "/api/library/roots" not in entry["message"]]
    assert errors == []
    origins = (server.address, server.address.replace("http:", "ws:"))
    requested = [address for address in busy.requests() if not address.startswith("data:")]
    assert len(requested) > 10
    assert [address for address in requested if not address.startswith(origins)] == []


def test_the_page_needs_nothing_inline(tab, server):
    """What a strict content security policy would refuse: inline scripts, styles and handlers."""
    page = Dashboard(tab, server.address).open()
    found = page.script(
        "return fetch('/').then(r => r.text()).then(t => { const d = new DOMParser().parseFromString(t, 'text/html');"
        "return [...d.querySelectorAll('script:not([src]), style, [style]')].map(e => e.outerHTML).concat("
        "[...d.querySelectorAll('*')].flatMap(e => e.getAttributeNames().filter(n => n.startsWith('on')))) })")
    assert found == []
