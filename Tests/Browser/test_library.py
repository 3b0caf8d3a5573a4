"""The library: a scan is watched, pictures appear."""

from harness.waiting import eventually

from .dashboard import Dashboard

LOADED = "return [...document.querySelectorAll('#newest img')].filter(e => e.complete && e.naturalWidth > 0).length"


def test_a_scan_of_a_folder_brings_counts_and_pictures(tab, serve, pictures):
    page = Dashboard(tab, serve(library=pictures).address).open()
    page.find("#scan-path").send_keys(str(pictures))
    page.click("#run-scan button")
    page.expect_number("files", 12)
    page.expect_number("contents", 12)
    eventually(lambda: page.text("#count-bytes").endswith("kB"), "their size")
    names = "return [...document.querySelectorAll('#newest .filled')].map(e => e.title.split(' · ')[0]).sort()"
    wanted = sorted(path.name for path in pictures.rglob("*.*"))
    eventually(lambda: page.script(names) == wanted, f"{wanted}")
    if page.script("return document.querySelectorAll('#newest img').length") < 12:
        page.click("#run-thumbnails button")
    scroll = "document.querySelector('.library .scroll').scrollTo(0, 10_000)"
    eventually(lambda: (page.script(scroll), page.script(LOADED))[1] == 12, "twelve pictures loaded")
    alternatives = page.script("return [...document.querySelectorAll('#newest img')].map(e => e.alt).sort()")
    assert alternatives == wanted


def test_pictures_take_places_that_were_there_before(tab, serve, pictures):
    places = "return [...document.querySelectorAll('#newest .place')].map(e => {" \
             "const b = e.getBoundingClientRect(); return [b.x, b.y, b.width, b.height].map(Math.round)})"
    empty = pictures.parent / "empty"
    empty.mkdir()
    page = Dashboard(tab, serve(library=empty).address).open()
    before = page.script(places)
    assert len(before) == 24
    for path in pictures.glob("*.*"):
        path.rename(empty / path.name)
    page.click("#run-scan button")
    page.expect_number("files", 11)
    eventually(lambda: len(page.all("#newest .filled")) == 11, "11 pictures")
    assert page.script(places) == before
