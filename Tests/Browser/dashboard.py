"""The page as a user meets it, and what the browser tells about it."""

import base64
import io
import json

from PIL import Image
from selenium.common.exceptions import (ElementClickInterceptedException, ElementNotInteractableException,
                                        NoSuchElementException, StaleElementReferenceException)
from selenium.webdriver.common.by import By

from harness.process import ARTIFACTS
from harness.waiting import eventually

#: Why an element cannot be clicked at this moment: it is not there, not shown, drawn anew, or something moves over it.
NOT_NOW = (ElementClickInterceptedException, ElementNotInteractableException, NoSuchElementException,
           StaleElementReferenceException)
CONTROL = {"welcome", "snapshot", "synced", "resync", "ok", "pong", "ready", "error"}


class Dashboard:
    """One tab with the dashboard of the server at `address`."""

    def __init__(self, driver, address):
        self.driver = driver
        self.address = address
        self._frames = []
        self._requests = []

    def open(self, path="/", live=True):
        """Loads the page and, unless told otherwise, waits until it is live."""
        self.driver.get(self.address + path)
        if live:
            self.wait_live()
        return self

    def wait_live(self):
        """Waits until everything is subscribed and synced."""
        eventually(lambda: self.phase() == "live", "live")

    def find(self, selector):
        """The first element."""
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        """Every element."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def click(self, selector):
        """Clicks the first element, once it can be clicked, also when it is drawn anew meanwhile."""
        eventually(lambda: self.click_now(selector), f"{selector} is clicked")

    def click_now(self, selector):
        """Clicks the first element if it can be clicked; whether it could."""
        try:
            self.find(selector).click()
        except NOT_NOW:
            return False
        return True

    def shown(self, selector):
        """Whether the first element is there and shown."""
        return self.script(
            "return document.querySelector(arguments[0])"
            "?.checkVisibility({ visibilityProperty: true, opacityProperty: true }) ?? false", selector)

    def hurry(self):
        """Has it try to connect now rather than later, and waits until it is live."""
        def live():
            if self.phase() != "live":
                self.click_now("#retry")
            return self.phase() == "live"

        eventually(live, "live")

    def script(self, code, *arguments):
        """Runs JavaScript in the page."""
        return self.driver.execute_script(code, *arguments)

    def text(self, selector):
        """Text of the first element, hidden or not; empty while there is none."""
        return self.script("return document.querySelector(arguments[0])?.textContent ?? ''", selector)

    def phase(self):
        """State of the connection, by its machine-readable name."""
        return self.script("return document.querySelector('#connection').dataset.phase")

    def number(self, name):
        """One of the counts at the top; None while unknown."""
        text = self.text(f"#count-{name}").replace(",", "")
        return int(text) if text.isdigit() else None

    def known_number(self, name):
        """One of the counts at the top, once it is known."""
        eventually(lambda: self.number(name) is not None, f"how many {name}")
        return self.number(name)

    def expect_number(self, name, wanted):
        """Waits until one of the counts at the top is this."""
        eventually(lambda: self.number(name) == wanted, f"{wanted} {name}")

    def run_test_task(self, steps, delay):
        """Fills in the form, starts the test task and returns its id."""
        before = set(self.task_ids())
        for selector, value in (("#test-steps", steps), ("#test-delay", delay)):
            field = self.find(selector)
            field.clear()
            field.send_keys(str(value))
        self.click("#run-test button")
        return eventually(lambda: next(iter(set(self.task_ids()) - before), None), "the new task in a list")

    def open_task(self, task):
        """Opens details and log of a task; a list that moves under the pointer makes it click again."""
        self._toggle(task, True)

    def close_task(self, task):
        """Closes them again."""
        self._toggle(task, False)

    def is_open(self, task):
        """Whether details and log of a task are shown."""
        return self.script("return document.querySelector(`[data-task='${arguments[0]}'] .task-toggle`)"
                           "?.ariaExpanded === 'true'", task)

    def _toggle(self, task, wanted):
        def toggled():
            if self.is_open(task) != wanted:
                self.click_now(f"[data-task='{task}'] .task-toggle")
            return self.is_open(task) == wanted

        eventually(toggled, f"task {task} {'open' if wanted else 'closed'}")

    def task_ids(self):
        """Ids of all tasks shown."""
        return self.script("return [...document.querySelectorAll('.task')].map(e => e.dataset.task)")

    def task_state(self, task):
        """State of a task as shown, None when it is not."""
        return self.script("return document.querySelector(`[data-task='${arguments[0]}']`)?.dataset.state", task)

    def bar(self, task):
        """Percentage of a task's progress bar as told to screen readers; None before the first report."""
        value = self.script(
            "return document.querySelector(`[data-task='${arguments[0]}'] [role=progressbar]`)"
            "?.getAttribute('aria-valuenow')", task)
        return None if value is None else int(value)

    def log_lines(self, task):
        """The lines of an open task's log."""
        return self.script(
            "return [...document.querySelectorAll(`[data-task='${arguments[0]}'] .log-lines .line`)]"
            ".map(e => e.textContent)", task)

    def frames(self):
        """Every message the page has received over WebSocket, as the browser's network log tells."""
        self._read_network()
        return self._frames

    def events(self):
        """The events among them."""
        return [frame for frame in self.frames() if frame["type"] not in CONTROL]

    def requests(self):
        """Addresses of everything the page has asked for."""
        self._read_network()
        return self._requests

    def console(self):
        """Warnings and errors on the console."""
        return [entry for entry in self.driver.get_log("browser") if entry["level"] in ("WARNING", "SEVERE")]

    def emulate(self, **features):
        """Sets media features, such as prefers_color_scheme='dark'."""
        pairs = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": pairs})
        # Colours fade from one scheme to the other; what counts is where they arrive.
        eventually(lambda: self.script("return document.getAnimations().every(a => !(a instanceof CSSTransition)"
                                  " || a.effect.target.matches('.bar-fill'))"), "colours at rest")

    def resize(self, width, height, scale=1):
        """Sets the size of the view in CSS pixels."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        eventually(lambda: self.script("return [innerWidth, innerHeight]") == [width, height], f"{width} x {height}")

    def picture(self):
        """The whole page as a PNG."""
        width, seen, height = self.script("return [innerWidth, innerHeight, document.documentElement.scrollHeight]")
        if height <= seen:
            return self.driver.get_screenshot_as_png()
        answer = self.driver.execute_cdp_cmd("Page.captureScreenshot", {
            "captureBeyondViewport": True, "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}})
        return base64.b64decode(answer["data"])

    def keep_pictures(self, name, scheme):
        """Keeps a picture of the page on a desk and on a phone for people to look at; neither may be too narrow for it."""
        folder = ARTIFACTS / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        for end, width, height in (("-phone", 390, 844), ("", 1440, 900)):
            self.resize(width, height)
            shown = self.picture()
            (folder / f"{name}{end}-{scheme}.png").write_bytes(shown)
            assert Image.open(io.BytesIO(shown)).width == width
            assert self.script("return document.documentElement.scrollWidth <= innerWidth")

    def _read_network(self):
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            parameters = message["params"]
            if message["method"] == "Network.webSocketFrameReceived" and parameters["response"]["opcode"] == 1:
                self._frames.append(json.loads(parameters["response"]["payloadData"]))
            elif message["method"] == "Network.requestWillBeSent":
                self._requests.append(parameters["request"]["url"])
            elif message["method"] == "Network.webSocketCreated":
                self._requests.append(parameters["url"])
