"""The page of the library: folders, search, tags, one file large, and what happens meanwhile."""

import contextlib

import pytest

from harness.iib import IIB, parameters, png
from harness.waiting import eventually

from .dashboard import NOT_NOW, Dashboard
from .test_accessibility import audit

TILES = "return [...document.querySelectorAll('#tiles .tile')].map(e => e.title.split(' · ')[0])"


class Browse(Dashboard):
    """One tab with the page of the library."""

    def open(self, path="/library.html", live=True):
        return super().open(path, live)

    def tiles(self):
        """Names of the files shown."""
        return self.script(TILES)

    def expect(self, names, what="the tiles"):
        eventually(lambda: sorted(self.tiles()) == sorted(names), f"{what}: {names}")

    def search(self, text):
        field = self.find("#search-text")
        field.clear()
        field.send_keys(text)
        self.click("#search button[type=submit]")

    def click_text(self, selector, text):
        """Clicks the element with this text, as soon as it is there."""
        def clicked():
            with contextlib.suppress(*NOT_NOW):
                for element in self.all(selector):
                    if text in element.text:
                        element.click()
                        return True
            return False
        eventually(clicked, f"{selector} with {text}")


@pytest.fixture
def shelf(tmp_path):
    """Seven pictures with prompts in two folders."""
    root = tmp_path / "shelf"
    for number in range(4):
        png(root / "castles" / f"castle-{number}.png", number, parameters(f"a red castle, number {number}"), size=(320, 240))
    for number in range(3):
        png(root / "lakes" / "deep" / f"lake-{number}.png", 50 + number, parameters("a quiet lake", model="lake_v2"), size=(200, 260))
    return root


@pytest.fixture
def shelf_server(serve, shelf):
    server = serve(library=shelf)
    IIB(type("Address", (), {"url": server.address})).update()
    return server


@pytest.fixture
def browse(tab, shelf_server):
    return Browse(tab, shelf_server.address).open()


CASTLES = [f"castle-{number}.png" for number in range(4)]
LAKES = [f"lake-{number}.png" for number in range(3)]


def test_everything_is_shown_and_words_narrow_it(browse):
    browse.expect(CASTLES + LAKES)
    browse.search("red castle")
    browse.expect(CASTLES)
    browse.search("castle, number 2")
    browse.expect(["castle-2.png"])
    browse.search("nothing like this")
    browse.expect([])
    eventually(lambda: browse.shown("#tiles-empty"), "that there is none is said")
    browse.click("#search-clear")
    browse.expect(CASTLES + LAKES)


def test_a_regular_expression_and_its_mistakes(browse):
    browse.click("#search-regexp")
    browse.search(r"castle, number [13]\b")
    browse.expect(["castle-1.png", "castle-3.png"])
    browse.search("(unclosed")
    eventually(lambda: browse.shown("#failure"), "the mistake is told")
    browse.search("lake_v2")
    browse.expect(LAKES)
    assert not browse.shown("#failure")


def test_a_search_that_is_refused_leaves_no_tiles_of_the_one_before(browse):
    browse.expect(CASTLES + LAKES)
    browse.click("#search-regexp")
    browse.search("(unclosed")
    browse.expect([])
    eventually(lambda: browse.shown("#failure"), "the mistake is told")
    assert not browse.shown("#tiles-empty") and not browse.shown("#more")


def test_folders_lead_down_and_the_history_back(browse, shelf):
    browse.click_text(".tree-name", "shelf")
    eventually(lambda: browse.text("#results-title") == "shelf", "the folder is looked at")
    browse.click_text(".folder-card", "lakes")
    browse.expect(LAKES)
    assert "lakes" in browse.script("return decodeURIComponent(location.search)")
    browse.click_text(".folder-card", "deep")
    browse.expect(LAKES)
    browse.driver.back()
    browse.driver.back()
    browse.expect(CASTLES + LAKES)
    browse.driver.forward()
    browse.driver.forward()
    browse.driver.refresh()
    browse.wait_live()
    browse.expect(LAKES, "after a reload")
    browse.click_text(".chip", "deep")
    browse.expect(CASTLES + LAKES)


def test_tags_narrow_the_search(browse):
    browse.find("#tags-filter").send_keys("lake_v2")
    browse.click_text(".side .tag", "lake_v2")
    browse.expect(LAKES)
    browse.click_text(".chip", "lake_v2")
    browse.expect(CASTLES + LAKES)


def test_a_file_is_shown_large_with_what_it_says(browse):
    browse.expect(CASTLES + LAKES)
    browse.click(".tile[title^='castle-2']")
    eventually(lambda: "red castle, number 2" in browse.text("#item-text"), "its text")
    assert browse.text("#item-title") == "castle-2.png"
    eventually(lambda: "320 × 240" in browse.text("#item-facts"), "its facts")
    loaded = "const i = document.querySelector('#item-stage img'); return i && i.complete && i.naturalWidth"
    eventually(lambda: browse.script(loaded) == 320, "the picture itself")
    order = browse.tiles()
    place = order.index("castle-2.png")
    step = "#item-next" if place + 1 < len(order) else "#item-previous"
    browse.click(step)
    wanted = order[place + 1] if step == "#item-next" else order[place - 1]
    eventually(lambda: browse.text("#item-title") == wanted, "the next one")
    browse.click("#item-close")
    eventually(lambda: not browse.shown("#item"), "closed")


def test_a_file_that_is_removed_while_it_is_shown_large_says_so(browse, shelf, shelf_server):
    browse.expect(CASTLES + LAKES)
    order = browse.tiles()
    place = 3
    browse.click(f".tile[title^='{order[place]}']")
    eventually(lambda: browse.text("#item-title") == order[place], "it is shown")
    assert not browse.shown("#item-note")
    iib = IIB(type("Address", (), {"url": shelf_server.address}))
    gone = next(shelf.rglob(order[place]))
    iib.post("/delete_files", {"file_paths": [str(gone)]})
    eventually(lambda: "removed" in browse.text("#item-note"), "the note")
    assert browse.shown("#item-note") and browse.text("#item-title") == order[place]
    browse.click("#item-next")
    eventually(lambda: browse.text("#item-title") == order[place + 1], "the one that lay behind it")
    assert not browse.shown("#item-note")


def test_what_happens_in_the_library_shows_at_once(browse, shelf, shelf_server):
    browse.expect(CASTLES + LAKES)
    iib = IIB(type("Address", (), {"url": shelf_server.address}))
    path = shelf / "castles" / "castle-1.png"
    iib.post("/db/toggle_custom_tag_to_img", {"img_path": str(path), "tag_id": 1})
    eventually(lambda: browse.script(
        "return document.querySelector(\".tile[title^='castle-1'] .tile-tags\")?.textContent") == "like", "the tag")
    iib.post("/delete_files", {"file_paths": [str(shelf / "castles" / "castle-0.png")]})
    browse.expect(CASTLES[1:] + LAKES)
    png(shelf / "castles" / "castle-9.png", 99, parameters("a new castle"), size=(300, 200))
    eventually(lambda: browse.shown("#fresh"), "news are announced")
    browse.click("#fresh")
    browse.expect(CASTLES[1:] + LAKES + ["castle-9.png"])


def test_more_come_as_one_scrolls(tab, serve, tmp_path):
    root = tmp_path / "many"
    for number in range(150):
        png(root / f"n{number:03}.png", number, size=(32, 24))
    server = serve(library=root)
    browse = Browse(tab, server.address).open()
    eventually(lambda: len(browse.tiles()) >= 60, "a first page")

    def all_shown():
        browse.script("window.scrollTo(0, document.documentElement.scrollHeight)")
        return len(browse.tiles()) == 150
    eventually(all_shown, "all 150")
    assert len(set(browse.tiles())) == 150


@pytest.mark.parametrize("width,height", [(1440, 900), (2560, 1440), (3840, 2160)])
def test_a_window_of_any_size_is_filled_and_filled_further_but_not_without_end(tab, serve, tmp_path, width, height):
    root = tmp_path / "many"
    for number in range(500):
        png(root / f"n{number:03}.png", number, size=(32, 24))
    server = serve(library=root)
    tab.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
    browse = Browse(tab, server.address).open()
    below = "return document.querySelector('#tiles').getBoundingClientRect().bottom - innerHeight"
    eventually(lambda: browse.script(below) > 500, "more than the window holds")
    assert 60 <= len(browse.tiles()) < 500

    def all_shown():
        browse.script("window.scrollTo(0, document.documentElement.scrollHeight)")
        return len(browse.tiles()) == 500
    eventually(all_shown, "all of them")
    assert len(set(browse.tiles())) == 500


def test_without_a_token_it_asks_for_one(tab, serve, shelf):
    server = serve(library=shelf, tokens={"secret-token": "viewer"})
    browse = Browse(tab, server.address).open(live=False)
    eventually(lambda: browse.shown("#token-dialog"), "the question")
    browse.find("#token").send_keys("secret-token")
    browse.click("#token-form button")
    browse.wait_live()
    browse.expect(CASTLES + LAKES)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_contrast_and_manners_are_those_of_the_other_page(browse, scheme):
    browse.expect(CASTLES + LAKES)
    browse.click_text(".tree-name", "shelf")
    eventually(lambda: browse.all(".folder-card"), "cards")
    browse.emulate(prefers_color_scheme=scheme)
    audit(browse, 20)
    browse.keep_pictures("library", scheme)
    assert browse.console() == []
    assert {request.split("/")[2] for request in browse.requests() if request.startswith("http")} \
        == {browse.address.split("/")[2]}
