"""The page of the models: types, search and tags, cards and their pictures, one model with all that is known of it."""

import pytest
from selenium.webdriver.common.keys import Keys

from harness.waiting import eventually

from .gallery_page import GalleryPage
from .model_files import GalleryClient, colour, model_file, picture

LORAS = ["Fog", "Lantern District", "Moss"]
NUMBERS = ("return Object.fromEntries([...document.querySelectorAll('.card')].map(e => [e.querySelector('.card-name')"
           ".textContent, e.querySelector('.card-picture img:last-child')?.dataset.number]))")

#: Whether more time has passed since it was first asked than a picture stays.
LONGER = "const now = performance.now(); window.since ??= now; return now - window.since > 6500"


@pytest.fixture
def client(serve):
    """A server with three LoRAs and a VAE; Fog has three pictures, Moss one."""
    server = serve()
    return fill(GalleryClient(server))


def fill(client):
    """Puts the models of these tests into a gallery."""
    trained = {"ss_base_model_version": "sdxl_base_v1-0", "modelspec.trigger_phrase": "fogbank, harbour"}
    for seed, name in enumerate(LORAS):
        model_file(client.folder / "loras" / f"{name}.safetensors", seed, **(trained if name == "Fog" else {}))
    model_file(client.folder / "vae" / "sharp.safetensors", 9)
    client.take_in(client.scan())
    for model in [*client.models("loras").values(), *client.models("vae").values()]:
        client.change(model["sha256"], name=model["path"].split("/")[-1].removesuffix(".safetensors"))
    loras = client.models("loras")
    for number in range(3):
        client.add_sample(loras["Fog"]["sha256"], picture(number))
    client.add_sample(loras["Moss"]["sha256"], picture(9))
    client.tag(loras["Fog"]["sha256"], "landscape", "night")
    client.tag(loras["Lantern District"]["sha256"], "night")
    return client


@pytest.fixture
def gallery(tab, client):
    """The page of that gallery, live."""
    return GalleryPage(tab, client.address).open()


# Types, search, tags


def test_types_are_tabs_and_the_first_that_has_models_is_chosen(gallery, client):
    gallery.expect(LORAS)
    assert gallery.chosen_tab() == "loras"
    types = client.ask("GET", "/api/models/get_types")["types"]
    tabs = gallery.script("return [...document.querySelectorAll('#types [role=tab]')].map(e => e.dataset.tab)")
    assert tabs == [f"type:{name}" for name in [*types, "others"]] + ["waiting"]
    gallery.choose_tab("vae")
    gallery.expect(["sharp"])
    gallery.driver.refresh()
    gallery.wait_live()
    gallery.expect(["sharp"], "after a reload")
    gallery.driver.back()
    gallery.expect(LORAS, "back")
    gallery.choose_tab("clip")
    eventually(lambda: "No models of this type" in gallery.text("#cards-empty"), "an empty type says so")


def test_models_of_no_known_type_are_among_the_others(gallery, client):
    client.change(client.models("vae")["sharp"]["sha256"], type="something else")
    gallery.choose_tab("others")
    gallery.expect(["sharp"])


def test_words_and_tags_narrow_what_is_shown(gallery):
    gallery.expect(LORAS)
    search = gallery.find("#search-text")
    search.send_keys("DISTRICT lantern")
    gallery.expect(["Lantern District"])
    gallery.expect_text("#models-count", "1 of 3")
    search.clear()
    search.send_keys("landscape")
    gallery.expect(["Fog"], "by a tag's name")
    search.clear()
    search.send_keys("nothing like this")
    gallery.expect([])
    gallery.expect_text("#cards-empty", "No model matches.")
    gallery.click("#search-clear")
    gallery.expect(LORAS)

    tags = "return [...document.querySelectorAll('#tags .tag')].map(e => e.textContent)"
    eventually(lambda: gallery.script(tags) == ["night2", "landscape1"], "both tags, counted")
    gallery.click("#tags .tag")
    gallery.expect(["Fog", "Lantern District"])
    gallery.click("#tags li:nth-child(2) .tag")
    gallery.expect(["Fog"], "both tags")
    gallery.driver.refresh()
    gallery.wait_live()
    gallery.expect(["Fog"], "the address keeps them")
    gallery.click("#filters .chip")
    eventually(lambda: len(gallery.all("#filters .chip")) == 1, "one is left")
    gallery.click("#filters .chip")
    gallery.expect(LORAS)


# Cards


def test_pictures_take_turns_unless_they_are_held(gallery):
    gallery.expect(LORAS)
    numbers = lambda: gallery.script(NUMBERS)
    eventually(lambda: numbers() == {"Fog": "0", "Lantern District": None, "Moss": "0"}, "the first ones")
    eventually(lambda: numbers()["Fog"] == "1", "the second picture")
    # The picture before it has faded by then.
    eventually(lambda: near(gallery.corner("#cards .card img:only-child"), colour(1)), "its colours")
    gallery.click("#still")
    held = numbers()["Fog"]
    eventually(lambda: gallery.script(LONGER), "longer than a picture stays")
    assert numbers()["Fog"] == held
    gallery.click("#still")
    eventually(lambda: numbers()["Fog"] != held, "they go on")


def test_who_wants_no_motion_sees_still_pictures(gallery):
    gallery.emulate(prefers_reduced_motion="reduce")
    gallery.driver.refresh()
    gallery.wait_live()
    gallery.expect(LORAS)
    assert not gallery.shown("#still")
    eventually(lambda: gallery.script(LONGER), "longer than a picture stays")
    assert gallery.script(NUMBERS)["Fog"] == "0"
    gallery.emulate(prefers_reduced_motion="no-preference")
    eventually(lambda: gallery.script(NUMBERS)["Fog"] == "1", "and now they move")


def test_pictures_are_loaded_when_they_are_looked_at_and_in_small_sizes(tab, serve):
    client = GalleryClient(serve())
    for number in range(90):
        model_file(client.folder / "loras" / f"m{number:02}.safetensors", number)
        (client.folder / "loras" / f"m{number:02}.png").write_bytes(picture(number))
    client.take_in(client.scan())
    gallery = GalleryPage(tab, client.address).open()
    eventually(lambda: len(gallery.names()) == 60, "as many as are made at first")
    loaded = lambda: {address for address in gallery.requests() if "/api/images/" in address}
    eventually(lambda: len(loaded()) > 4, "the first pictures")
    assert len(loaded()) < 60
    assert all("quality=medium" in address for address in loaded())

    def all_shown():
        gallery.script("window.scrollTo(0, document.documentElement.scrollHeight)")
        return len(gallery.names()) == 90
    eventually(all_shown, "all 90")
    assert len(set(gallery.names())) == 90
    gallery.click("#cards .card")
    eventually(lambda: any("quality=low" in address for address in loaded()), "small ones in the panel")
    assert not any("quality=high" in address for address in loaded())
    gallery.click(".sample-open")
    eventually(lambda: any("quality=high" in address for address in loaded()), "the large one when it is asked for")


# One model


def test_a_model_is_shown_with_all_that_is_known_of_it(gallery, client):
    gallery.open_model("Fog")
    model = client.record(client.models("loras")["Fog"]["sha256"])
    gallery.expect_field("base", "sdxl_base_v1-0")
    gallery.expect_field("trigger", "fogbank, harbour")
    assert [gallery.field("name"), gallery.field("type")] == ["Fog", "loras"]
    facts = gallery.text("#model-facts")
    assert model["sha256"] in facts and model["path"] in facts and "4,096 bytes" in facts
    assert gallery.tags() == ["landscape", "night"]
    assert gallery.samples() == 3
    assert model["sha256"] in gallery.driver.current_url
    gallery.driver.refresh()
    eventually(lambda: gallery.text("#model-title") == "Fog", "the address keeps it")


def test_what_is_written_is_saved_and_the_rest_stays(gallery, client):
    sha = client.models("loras")["Fog"]["sha256"]
    client.change(sha, meta_json={**client.record(sha)["meta"], "mine": {"kept": [1]}})
    gallery.open_model("Fog")
    assert not gallery.find("#save").is_enabled()
    gallery.write("name", "Fog bank")
    gallery.write("description", "Soft edges,\nlong shadows.")
    gallery.write("links", "https://example.org/fog\njavascript:alert(1)")
    gallery.write("positive", "harbour, <lora:fog:0.7>")
    gallery.write("negative", "blurry")
    gallery.write("base", "SDXL 1.0")
    gallery.write("trigger", "fogbank, pier")
    gallery.save()
    record = client.record(sha)
    meta = record["meta"]
    assert record["name"] == "Fog bank" and record["type"] == "loras"
    assert meta["description"] == "Soft edges,\nlong shadows."
    assert meta["prompts"] == {"positive": "harbour, <lora:fog:0.7>", "negative": "blurry"}
    assert meta["base_model"] == "SDXL 1.0" and meta["trigger_words"] == ["fogbank", "pier"]
    assert meta["mine"] == {"kept": [1]}
    assert [tag["name"] for tag in record["tags"]] == ["landscape", "night"]
    links = "return [...document.querySelectorAll('#links a')].map(e => [e.href, e.rel])"
    eventually(lambda: gallery.script(links) == [["https://example.org/fog", "noopener noreferrer"]], "the link")
    gallery.expect(["Fog bank", *LORAS[1:]], "the card says so too")
    gallery.script("const s = document.querySelector('#field-type'); s.value = 'vae';"
                   "s.dispatchEvent(new Event('input', { bubbles: true }))")
    gallery.save()
    gallery.expect(LORAS[1:], "another type, another tab")


def test_what_was_saved_shows_as_it_was_saved(gallery, client):
    gallery.open_model("Fog")
    gallery.write("name", "Fog bank ")
    gallery.write("description", "hello\n")
    gallery.write("trigger", "cat,dog")
    gallery.save()
    assert [gallery.field(name) for name in ("name", "description", "trigger")] == ["Fog bank", "hello", "cat, dog"]
    assert not gallery.find("#save").is_enabled() and not gallery.find("#revert").is_enabled()
    gallery.open_model("Moss")  # Nothing is left to be asked about.


def test_changes_are_undone_and_not_left_without_a_question(gallery):
    gallery.open_model("Fog")
    gallery.write("description", "half a thou")
    gallery.click_card("Moss")
    gallery.answer(False)
    assert gallery.text("#model-title") == "Fog" and gallery.field("description") == "half a thou"
    gallery.click("#revert")
    gallery.expect_field("description", "")
    assert not gallery.find("#save").is_enabled()
    gallery.write("description", "again")
    gallery.click_card("Moss")
    gallery.answer(True)
    gallery.expect_open("Moss")
    gallery.expect_field("description", "")


def test_what_others_change_shows_but_where_one_is_writing(gallery, client):
    sha = client.models("loras")["Fog"]["sha256"]
    gallery.open_model("Fog")
    gallery.write("description", "mine")
    client.change(sha, name="Fog of others", meta_json={"description": "theirs", "base_model": "theirs too"})
    eventually(lambda: gallery.field("base") == "theirs too", "the field nobody writes in")
    assert gallery.field("description") == "mine"
    gallery.expect(["Fog of others", *LORAS[1:]])
    gallery.save()
    meta = client.record(sha)["meta"]
    assert [meta["description"], meta["base_model"]] == ["mine", "theirs too"]


def test_a_change_that_fails_says_why_and_keeps_what_was_written(tab, serve):
    server = serve()
    gallery = GalleryPage(tab, fill(GalleryClient(server)).address).open()
    gallery.open_model("Fog")
    gallery.write("description", "not lost")
    server.stop()
    gallery.click("#save")
    eventually(lambda: gallery.text("#save-status") == "Not saved: The server does not answer.", "the reason")
    assert gallery.field("description") == "not lost" and gallery.find("#save").is_enabled()
    gallery.click("[data-tab='type:vae']")
    gallery.answer(True)
    eventually(lambda: gallery.text("#failure") == "The server does not answer.", "the list says so too")
    server.start()
    gallery.hurry()
    gallery.expect(["sharp"], "by itself, once the server is back")
    eventually(lambda: not gallery.shown("#failure"), "no failure any more")


def test_tags_are_added_and_removed(gallery, client):
    sha = client.models("loras")["Moss"]["sha256"]
    gallery.open_model("Moss")
    gallery.find("#tag-name").send_keys("  night ", Keys.ENTER)
    eventually(lambda: gallery.tags() == ["night"], "a known tag")
    gallery.find("#tag-name").send_keys("<b>new & old</b>", Keys.ENTER)
    eventually(lambda: sorted(gallery.tags()) == ["<b>new & old</b>", "night"], "a new one")
    offered = "return [...document.querySelectorAll('#tag-names option')].map(e => e.value)"
    eventually(lambda: "<b>new & old</b>" in gallery.script(offered), "it is offered from now on")
    eventually(lambda: "night3" in gallery.script("return [...document.querySelectorAll('#tags .tag')].map(e => e.textContent)"),
               "it is counted")
    gallery.click("#model-tags .chip[aria-label='Remove tag night']")
    eventually(lambda: gallery.tags() == ["<b>new & old</b>"], "one is gone")
    assert [tag["name"] for tag in client.record(sha)["tags"]] == ["<b>new & old</b>"]


# Pictures of a model


def test_pictures_are_added_by_button_and_by_drop(gallery, client, tmp_path):
    sha = client.models("loras")["Lantern District"]["sha256"]
    gallery.open_model("Lantern District")
    assert gallery.shown("#samples-empty")
    files = [tmp_path / f"new-{number}.png" for number in range(2)]
    for number, file in enumerate(files):
        file.write_bytes(picture(number))
    gallery.find("#sample-file").send_keys("\n".join(map(str, files)))
    eventually(lambda: gallery.text("#sample-status") == "2 pictures added.", "added")
    eventually(lambda: gallery.samples() == 2, "shown")
    assert gallery.drop("#model", "third.png", picture(2))
    eventually(lambda: gallery.samples() == 3 and near(gallery.corner("#sample-list li:nth-child(3) img"), colour(2)), "dropped")
    assert client.samples(sha) == 3
    eventually(lambda: gallery.script(NUMBERS)["Lantern District"] is not None, "the card has a picture now")
    gallery.drop("#model", "notes.png", b"no picture at all")
    eventually(lambda: gallery.text("#sample-status").startswith("notes.png: "), "what is no picture is refused with a reason")
    assert client.samples(sha) == 3


def test_a_picture_is_deleted_after_a_question_and_the_others_move_up(gallery, client):
    sha = client.models("loras")["Fog"]["sha256"]
    gallery.open_model("Fog")
    eventually(lambda: near(gallery.corner("#sample-list li:nth-child(1) img"), colour(0)), "the first picture")
    remove = "#sample-list [aria-label='Delete picture 1']"
    gallery.click(remove)
    eventually(lambda: gallery.focused("id") == "confirm-no", "the safe answer")
    gallery.answer(False)
    assert client.samples(sha) == 3
    gallery.click(remove)
    gallery.answer(True)
    eventually(lambda: gallery.samples() == 2, "two are left")
    assert client.samples(sha) == 2
    eventually(lambda: near(gallery.corner("#sample-list li:nth-child(1) img"), colour(1)), "the second is the first now")
    eventually(lambda: near(gallery.corner("#cards .card img:only-child"), colour(1))
               or near(gallery.corner("#cards .card img:only-child"), colour(2)), "on the card as well")


def test_a_picture_is_shown_large_and_arrows_lead_on(gallery):
    gallery.open_model("Fog")
    gallery.click("#sample-list li:nth-child(2) .sample-open")
    eventually(lambda: near(gallery.corner("#sample-stage img"), colour(1)), "the picture")
    gallery.expect_text("#sample-title", "Fog, picture 2 of 3")
    gallery.press(Keys.ARROW_RIGHT)
    eventually(lambda: near(gallery.corner("#sample-stage img"), colour(2)), "the next")
    eventually(lambda: not gallery.find("#sample-next").is_enabled(), "there is no further one")
    gallery.press(Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    gallery.expect_text("#sample-title", "Fog, picture 1 of 3")
    gallery.press(Keys.ESCAPE)
    eventually(lambda: not gallery.shown("#sample"), "closed")
    assert gallery.shown("#model")


def near(seen, wanted):
    """Whether a colour is one of `colour`, as far as lossy compression lets it be."""
    return seen is not None and all(abs(a - b) < 16 for a, b in zip(seen, wanted))
