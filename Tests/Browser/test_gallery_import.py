"""From a model file to a model of the gallery: the scan, what waits, the import and its conflicts."""

import pytest

from harness.waiting import eventually

from .gallery_page import GalleryPage
from .model_files import GalleryClient, colour, model_file, picture
from .test_gallery import near

#: Keeps what is said of each task that is shown, since a short one comes and goes between two looks.
WATCH = """
window.seen = [];
new MutationObserver(() => {
  for (const row of document.querySelectorAll('#work .work-row')) {
    const value = row.querySelector('[role=progressbar]').getAttribute('aria-valuenow');
    window.seen.push([row.dataset.work, value === null ? null : Number(value)]);
  }
}).observe(document.querySelector('#work'), { childList: true, subtree: true, attributes: true, characterData: true });
"""


@pytest.fixture
def client(serve):
    """A server with four model files that nobody has scanned."""
    client = GalleryClient(serve())
    about = {"ss_base_model_version": "sd_v1", "modelspec.trigger_phrase": "reedbed", "modelspec.description": "Reeds.",
             "modelspec.title": "Reed Bed"}
    for seed, name in enumerate(["copper", "marble", "reed", "silk"]):
        model_file(client.folder / "loras" / f"{name}.safetensors", seed, **(about if name == "reed" else {}))
    (client.folder / "loras" / "copper.png").write_bytes(picture(3))
    return client


@pytest.fixture
def gallery(tab, client):
    """The page, looking at what waits."""
    gallery = GalleryPage(tab, client.address).open()
    gallery.choose_tab("waiting")
    return gallery


def names(*stems):
    """File names of models."""
    return [f"{stem}.safetensors" for stem in stems]


def scan(gallery, waiting):
    """Scans by the button until so many wait."""
    gallery.click("#scan")
    eventually(lambda: len(gallery.waiting()) == waiting, f"{waiting} wait")
    eventually(lambda: gallery.find("#scan").is_enabled() and gallery.text("#scan") == "Scan folders", "the scan has ended")


def test_a_scan_finds_what_is_new_and_says_how_much(gallery, client):
    eventually(lambda: "Nothing waits" in gallery.text("#waiting-empty"), "nothing waits")
    scan(gallery, 4)
    assert sorted(gallery.waiting()) == names("copper", "marble", "reed", "silk")
    gallery.expect_text("#work-status", "4 files looked at: 4 new, 0 known already.")
    gallery.expect_text("[data-tab=waiting] .type-count", "4")
    gallery.click("#scan")
    eventually(lambda: gallery.text("#work-status") == "4 files looked at: 0 new, 4 known already.", "nothing new")


def test_the_progress_of_a_scan_shows_while_it_runs(gallery, client):
    gallery.script(WATCH)
    seen, known = [], 4
    # A browser that is held up for as long as a scan takes has nothing to draw of it.
    while not seen and known < 20_000:
        for number in range(known, known + 3000):
            model_file(client.folder / "checkpoints" / f"{number:05}.safetensors", 100 + number, size=0)
        known += 3000
        gallery.click("#scan")
        eventually(lambda: f"{known:,} files looked at" in gallery.text("#work-status"), "the end")
        seen = gallery.script("return window.seen")
    assert {name for name, _ in seen} == {"model_scan"}
    eventually(lambda: gallery.all("#work .work-row") == [], "over")


def test_what_waits_shows_its_picture_and_what_the_file_says(gallery, client):
    scan(gallery, 4)
    copper, reed = (gallery.waiting().index(name) + 1 for name in names("copper", "reed"))
    eventually(lambda: near(gallery.corner(f"#waiting li:nth-child({copper}) img"), colour(3)), "the picture beside the file")
    assert gallery.text(f"#waiting > li:nth-child({reed}) .waiting-about").startswith("Reed Bed · loras · ")
    assert gallery.text(f"#waiting > li:nth-child({copper}) .waiting-about").startswith("loras · ")
    gallery.click(f"#waiting > li:nth-child({reed}) summary")
    facts = lambda: gallery.text(f"#waiting > li:nth-child({reed}) .facts")
    eventually(lambda: "sd_v1" in facts(), "its facts")
    assert "reedbed" in facts() and "Reeds." in facts() and "/loras/reed.safetensors" in facts()


def test_what_is_chosen_is_imported_and_nothing_else(gallery, client):
    scan(gallery, 4)
    assert not gallery.find("#import").is_enabled()
    gallery.choose_waiting("copper.safetensors")
    gallery.choose_waiting("reed.safetensors")
    gallery.choose_waiting("reed.safetensors")
    gallery.choose_waiting("silk.safetensors")
    gallery.expect_text("#import", "Import 2")
    assert gallery.import_chosen() == "2 imported."
    eventually(lambda: sorted(gallery.waiting()) == names("marble", "reed"), "the others wait on")
    assert [model["path"].split("/")[-1] for model in client.models("loras").values()] == names("copper", "silk")
    gallery.choose_tab("loras")
    gallery.expect(names("copper", "silk"))
    eventually(lambda: near(gallery.corner("#cards .card img"), colour(3)), "the picture came along")


def test_all_that_match_are_chosen_at_once(gallery, client):
    scan(gallery, 4)
    for number, word in enumerate(["copper", "marble"]):
        gallery.find("#search-text").send_keys(word)
        eventually(lambda: gallery.waiting() == names(word), "the one that is looked for")
        gallery.click("#choose-all")
        gallery.expect_text("#import", f"Import {number + 1}")
        gallery.click("#search-clear")
        eventually(lambda: len(gallery.waiting()) == 4, "all")
    eventually(lambda: gallery.script("return document.querySelector('#choose-all').indeterminate"), "some are chosen")
    gallery.click("#choose-all")
    gallery.expect_text("#import", "Import 4")
    gallery.choose_waiting("silk.safetensors")
    assert gallery.import_chosen() == "3 imported."
    eventually(lambda: gallery.waiting() == names("silk"), "the last one")


def test_a_file_that_is_gone_is_told_and_the_others_are_imported(gallery, client):
    scan(gallery, 4)
    (client.folder / "loras" / "marble.safetensors").unlink()
    gallery.click("#choose-all")
    assert gallery.import_chosen() == "3 imported, 1 failed."
    gallery.expect_text("#failures", "marble.safetensors: SHA256 calculation failed")
    eventually(lambda: gallery.waiting() == names("marble"), "it waits on")


def test_the_progress_of_an_import_shows_and_it_can_be_stopped(gallery, client):
    scan(gallery, 4)
    model_file(client.folder / "loras" / "huge.safetensors", 50, size=24 << 30)
    scan(gallery, 5)
    gallery.choose_waiting("huge.safetensors")
    gallery.script(WATCH)
    gallery.click("#import")
    eventually(lambda: any(0 < (value or 0) < 100 for _, value in gallery.script("return window.seen")), "some of it is hashed")
    assert {name for name, _ in gallery.script("return window.seen")} == {"model_import"}
    assert not gallery.find("#import").is_enabled()
    gallery.click("#work .work-row button")
    eventually(lambda: gallery.text("#import-status").startswith("The import did not end"), "stopped")
    eventually(lambda: gallery.all("#work .work-row") == [], "nothing runs")
    eventually(lambda: "huge.safetensors" in gallery.waiting(), "it waits on")


@pytest.fixture
def twice(gallery, client):
    """Four models, and copies of all of them that wait, in conflict after a first import."""
    scan(gallery, 4)
    gallery.click("#choose-all")
    gallery.import_chosen()
    for seed, name in enumerate(["copper", "marble", "reed", "silk"]):
        original = client.folder / "loras" / f"{name}.safetensors"
        copy = client.folder / "loras" / "copies" / f"{name}-2.safetensors"
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(original.read_bytes())
    scan(gallery, 4)
    gallery.click("#choose-all")
    assert gallery.import_chosen() == "4 in the gallery already."
    eventually(lambda: sorted(gallery.conflicts()) == names("copper-2", "marble-2", "reed-2", "silk-2"), "four conflicts")
    return gallery


def test_a_conflict_shows_both_sides(twice, client):
    place = twice.conflicts().index("copper-2.safetensors") + 1
    row = f"#conflict-list > li:nth-child({place})"
    for path in ("copies/copper-2.safetensors", "loras/copper.safetensors"):
        eventually(lambda: path in twice.text(row), path)
    eventually(lambda: near(twice.corner(f"{row} .conflict-side:nth-child(2) img"), colour(3)), "the picture that is there")


def test_each_conflict_is_decided_for_itself(twice, client):
    def decide(name, strategy, left):
        place = twice.conflicts().index(f"{name}.safetensors") + 1
        twice.click(f"#conflict-list > li:nth-child({place}) [data-strategy={strategy}]")
        eventually(lambda: sorted(twice.conflicts()) == names(*left) and not twice.text("#import-status").endswith("…"),
                   f"{name} is decided")

    decide("copper-2", "override", ["marble-2", "reed-2", "silk-2"])
    twice.expect_text("#import-status", "1 imported.")
    decide("marble-2", "merge", ["reed-2", "silk-2"])
    decide("reed-2", "ignore", ["silk-2"])
    twice.expect_text("#import-status", "1 left waiting.")
    decide("silk-2", "delete", [])
    eventually(lambda: not twice.shown("#conflicts"), "nothing to decide")
    eventually(lambda: twice.waiting() == names("reed-2"), "the ignored one waits on")
    paths = sorted(model["path"].split("/loras/")[1] for model in client.models("loras").values())
    assert paths == ["copies/copper-2.safetensors", *names("marble", "reed", "silk")]
    assert (client.folder / "loras" / "copies" / "silk-2.safetensors").exists()


@pytest.mark.parametrize("strategy, waiting", [("override", 0), ("merge", 0), ("ignore", 4), ("delete", 0)])
def test_all_conflicts_are_decided_at_once(twice, client, strategy, waiting):
    twice.click(f"#decisions-all [data-strategy={strategy}]")
    eventually(lambda: twice.conflicts() == [], "no conflict is left")
    eventually(lambda: len(twice.waiting()) == waiting, f"{waiting} wait")
    copies = [model for model in client.models("loras").values() if "/copies/" in model["path"]]
    assert len(copies) == (4 if strategy == "override" else 0)
    assert len(client.models("loras")) == 4
