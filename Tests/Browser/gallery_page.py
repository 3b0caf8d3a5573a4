"""The page of the models as a user meets it."""

import base64

from selenium.webdriver.common.action_chains import ActionChains

from harness.waiting import eventually

from .dashboard import Dashboard

DROP = """
const [selector, name, type, data] = arguments;
const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
const transfer = new DataTransfer();
transfer.items.add(new File([bytes], name, { type }));
const target = document.querySelector(selector);
const accepted = !target.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer: transfer }));
target.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
return accepted;
"""
CORNER = """
const image = document.querySelector(arguments[0]);
if (!image || !image.complete || image.naturalWidth === 0) return null;
const canvas = document.createElement('canvas');
const context = canvas.getContext('2d');
context.drawImage(image, 0, 0);
return [...context.getImageData(2, 2, 1, 1).data].slice(0, 3);
"""


class GalleryPage(Dashboard):
    """One tab with the page of the models."""

    def open(self, path="/gallery.html", live=True):
        return super().open(path, live)

    def names(self):
        """Of the models shown, in order."""
        return self.script("return [...document.querySelectorAll('#cards .card-name')].map(e => e.textContent)")

    def expect(self, names, what="the models"):
        """Waits until exactly these are shown, in any order."""
        eventually(lambda: sorted(self.names()) == sorted(names), f"{what}: {names}")

    def choose_tab(self, name):
        """Clicks a tab: a type, or `waiting`."""
        key = name if name == "waiting" else f"type:{name}"
        eventually(lambda: self.all(f"[data-tab='{key}']"), f"tab {name}")
        self.click(f"[data-tab='{key}']")

    def chosen_tab(self):
        """The tab that is chosen, as `choose_tab` names it."""
        key = self.script("return document.querySelector('#types [aria-selected=true]')?.dataset.tab")
        return key and key.removeprefix("type:")

    def card(self, name):
        """Text of a model's card; empty while there is none."""
        return self.script(
            "return [...document.querySelectorAll('#cards .card')]"
            ".find(e => e.querySelector('.card-name').textContent === arguments[0])?.textContent ?? ''", name)

    def click_card(self, name):
        """Clicks the card of a model, once it can be clicked."""
        model = eventually(lambda: self.script(
            "return [...document.querySelectorAll('#cards .card')]"
            ".find(e => e.querySelector('.card-name').textContent === arguments[0])?.dataset.model", name), f"card {name}")
        self.click(f"#cards [data-model='{model}']")

    def open_model(self, name):
        """Clicks the card of a model and waits until the panel shows it."""
        self.click_card(name)
        self.expect_open(name)

    def expect_open(self, name):
        """Waits until the panel shows this model."""
        eventually(lambda: self.shown("#model") and self.text("#model-title") == name, f"{name} is open")

    def expect_field(self, name, text):
        """Waits until a field of the panel says this."""
        eventually(lambda: self.field(name) == text, f"{name} says {text!r}")

    def field(self, name):
        """What a field of the panel says."""
        return self.script("return document.querySelector(`#field-${arguments[0]}`).value", name)

    def write(self, name, text):
        """Puts another text into a field."""
        field = self.find(f"#field-{name}")
        field.clear()
        field.send_keys(text)

    def save(self):
        """Saves what was written and waits until it is."""
        eventually(lambda: self.find("#save").is_enabled(), "something to save")
        self.click("#save")
        eventually(lambda: self.text("#save-status") == "Saved.", "saved")

    def tags(self):
        """Tags of the model that is open."""
        return self.script("return [...document.querySelectorAll('#model-tags .chip span:first-child')].map(e => e.textContent)")

    def samples(self):
        """How many pictures the panel shows."""
        return len(self.all("#sample-list .sample-open"))

    def corner(self, selector):
        """Colour of a picture near its corner; None until it is there."""
        return self.script(CORNER, selector)

    def drop(self, selector, name, data, kind="image/png"):
        """Drops a file onto an element; whether it was taken."""
        return self.script(DROP, selector, name, kind, base64.b64encode(data).decode())

    def answer(self, yes):
        """Answers the question whether something is really wanted."""
        eventually(lambda: self.shown("#confirm"), "the question")
        self.click("#confirm-yes" if yes else "#confirm-no")
        eventually(lambda: not self.shown("#confirm"), "answered")

    def waiting(self):
        """Names of the models that wait, in order."""
        return self.script("return [...document.querySelectorAll('#waiting .waiting-name')].map(e => e.textContent)")

    def choose_waiting(self, name):
        """Ticks, or unticks, a model that waits."""
        row = eventually(lambda: self.script(
            "return [...document.querySelectorAll('#waiting .waiting-row')]"
            ".find(e => e.querySelector('.waiting-name').textContent === arguments[0])?.dataset.waiting", name), f"{name} waits")
        self.click(f"#waiting [data-waiting='{row}'] input")

    def import_chosen(self):
        """Imports what is ticked, waits for the end and returns what is said of it."""
        eventually(lambda: self.find("#import").is_enabled(), "something is chosen")
        # In one step: a drawing between the two would bring back what was said of the import before.
        self.script("document.querySelector('#import').click(); document.querySelector('#import-status').textContent = ''")

        def said():
            words = self.text("#import-status")
            return None if words.endswith("…") else words
        return eventually(said, "the import has ended")

    def conflicts(self):
        """File names of the conflicts, in order."""
        return self.script("return [...document.querySelectorAll('.conflict .conflict-side:first-child .waiting-name')]"
                           ".map(e => e.textContent)")

    def expect_text(self, selector, text):
        """Waits until an element says this."""
        eventually(lambda: self.text(selector) == text, f"{selector} says {text!r}")

    def focused(self, member="textContent"):
        """A member of what has the focus."""
        return self.script("return document.activeElement[arguments[0]]", member)

    def press(self, *keys):
        """Types keys to whatever has the focus."""
        ActionChains(self.driver).send_keys(*keys).perform()
