"""The page of the models with others: what they do, cuts, tokens and roles, keyboard, phones, manners."""

import pytest
from selenium.webdriver.common.keys import Keys

from harness.waiting import eventually

from .gallery_page import GalleryPage
from .model_files import GalleryClient, model_file, picture
from .proxy import CuttingProxy
from .test_accessibility import audit, names_of_controls
from .test_gallery import LORAS, client, fill, gallery  # noqa: F401 (fixtures)


def test_what_other_clients_do_shows_at_once(gallery, client):
    gallery.expect(LORAS)
    moss = client.models("loras")["Moss"]["sha256"]
    client.tag(moss, "green")
    eventually(lambda: "green" in gallery.card("Moss"), "the tag on the card")
    eventually(lambda: "green1" in gallery.script("return document.querySelector('#tags').textContent"), "and at the side")
    place = "return document.querySelector(`[data-model='${arguments[0]}'] .card-place`).textContent"
    client.add_sample(moss, picture(1))
    eventually(lambda: gallery.script(place, moss).endswith("/ 2"), "a second picture")
    model_file(client.folder / "loras" / "Harvest.safetensors", 77)
    ids = client.scan()
    eventually(lambda: gallery.text("[data-tab=waiting] .type-count") == "1", "one waits")
    client.take_in(ids)
    eventually(lambda: "Harvest.safetensors" in gallery.names(), "it is in the gallery")
    eventually(lambda: gallery.text("[data-tab=waiting] .type-count") == "0", "none waits")


def test_nothing_is_missed_while_the_connection_is_cut(tab, client):
    proxy = CuttingProxy(int(client.address.rsplit(":", 1)[1]))
    try:
        gallery = GalleryPage(tab, proxy.address).open()
        gallery.open_model("Fog")
        proxy.cut()
        eventually(lambda: gallery.phase() == "waiting", "cut")
        models = client.models("loras")
        client.change(models["Moss"]["sha256"], name="Moss and stone")
        client.change(models["Fog"]["sha256"], meta_json={"description": "written meanwhile"})
        proxy.mend()
        gallery.hurry()
        gallery.expect(["Fog", "Lantern District", "Moss and stone"])
        eventually(lambda: gallery.field("description") == "written meanwhile", "the open one too")
    finally:
        proxy.close()


def test_without_a_token_it_asks_for_one_and_pictures_come_with_it(tab, serve):
    server = serve(tokens={"may-run": "operator", "look-only": "viewer"})
    fill(GalleryClient(server, "may-run"))
    gallery = GalleryPage(tab, server.address).open(live=False)
    eventually(lambda: gallery.shown("#token-dialog"), "the question")
    gallery.find("#token").send_keys("look-only")
    gallery.click("#token-form button")
    gallery.wait_live()
    gallery.expect(LORAS)
    loaded = "return [...document.querySelectorAll('#cards img')].filter(e => e.naturalWidth > 0).length"
    eventually(lambda: gallery.script(loaded) == 2, "pictures")


def test_who_may_only_look_finds_nothing_to_change(tab, serve):
    server = serve(tokens={"may-run": "operator", "look-only": "viewer"})
    client = fill(GalleryClient(server, "may-run"))
    model_file(client.folder / "loras" / "Harvest.safetensors", 77)
    client.scan()
    gallery = GalleryPage(tab, server.address).open("/gallery.html?token=look-only")
    gallery.open_model("Fog")
    eventually(lambda: gallery.text("#role") == "viewer", "the role")
    hidden = ["#scan", "#sample-add", "#tag-form", "#field-actions"]
    eventually(lambda: not any(gallery.shown(name) for name in hidden), "nothing to change it with")
    assert gallery.all(".sample-remove") == [] and gallery.all("#model-tags button") == []
    assert gallery.script("return [...document.querySelectorAll('#fields :is(input, textarea)')].every(e => e.readOnly)")
    assert gallery.script("return document.querySelector('#field-type').disabled")
    assert not gallery.drop("#model", "third.png", picture(2))
    gallery.choose_tab("waiting")
    eventually(lambda: gallery.waiting() == ["Harvest.safetensors"], "what waits can be seen")
    eventually(lambda: not gallery.shown("#import"), "no way to import it")
    assert not gallery.find("#waiting input").is_enabled()
    operator = GalleryPage(tab, server.address).open("/gallery.html?token=may-run")
    operator.open_model("Fog")
    eventually(lambda: all(operator.shown(name) for name in hidden), "an operator may do all of it")


def test_types_and_models_are_reached_by_keyboard_alone(gallery):
    gallery.expect(LORAS)
    gallery.press(Keys.TAB)
    eventually(lambda: gallery.focused("className") == "skip", "the way past the masthead")
    for _ in range(30):
        if gallery.focused("id") == "scan":
            break
        gallery.press(Keys.TAB)
    gallery.press(Keys.TAB)
    eventually(lambda: gallery.script("return document.activeElement.dataset.tab") == "type:loras", "the tab that is chosen")
    gallery.press(Keys.END)
    eventually(lambda: gallery.chosen_tab() == "waiting", "the last tab")
    gallery.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    second = gallery.script("return document.querySelectorAll('.type')[1].dataset.tab.slice(5)")
    assert second == "loras"
    eventually(lambda: gallery.chosen_tab() == second, "round the end to the second")
    gallery.expect(LORAS)
    gallery.find("#models").send_keys(Keys.TAB)
    eventually(lambda: gallery.focused().endswith("Fog" + "landscape, night"), "the first card")
    gallery.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT, Keys.ENTER)
    eventually(lambda: gallery.text("#model-title") == "Lantern District", "opened")
    gallery.press(Keys.TAB)
    eventually(lambda: gallery.focused("id") == "model-close", "one step leads from the card to the panel")
    gallery.press(Keys.ESCAPE)
    eventually(lambda: not gallery.shown("#model"), "closed")
    eventually(lambda: "Lantern District" in gallery.focused(), "back on the card")
    gallery.press(Keys.HOME)
    eventually(lambda: "Fog" in gallery.focused(), "the first card")


def test_on_a_phone_the_model_covers_the_page_and_nothing_is_too_wide(gallery, client):
    client.tag(client.models("loras")["Moss"]["sha256"], "a tag whose name is far longer than a phone is wide " * 3)
    gallery.resize(360, 740)
    wide = lambda: gallery.script("return document.documentElement.scrollWidth")
    eventually(lambda: "a tag" in gallery.text("#tags"), "the long tag")
    assert wide() <= 360
    gallery.open_model("Moss")
    box = gallery.script("const b = document.querySelector('#model').getBoundingClientRect(); return [b.left, b.top, b.width, b.height]")
    assert box == [0, 0, 360, 740]
    eventually(lambda: gallery.focused("id") == "model-title", "the panel has the focus")
    assert gallery.script("return ['masthead', 'shelves', 'side', 'models'].every(id => document.getElementById(id).inert)")
    assert wide() <= 360
    assert gallery.script("const m = document.querySelector('#model'); return m.scrollWidth <= m.clientWidth")
    gallery.click("#model-close")
    eventually(lambda: not gallery.script("return document.querySelector('#models').inert"), "the page is back")
    gallery.choose_tab("waiting")
    assert wide() <= 360


def test_everything_that_can_be_used_has_a_name(gallery):
    gallery.open_model("Fog")
    named, nameless = names_of_controls(gallery)
    assert nameless == [] and named > 30
    ids = gallery.script("return [...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    assert gallery.script("return document.querySelectorAll('h1').length") == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_manners_and_pictures_of_the_page(gallery, client, scheme):
    model_file(client.folder / "loras" / "Harvest.safetensors", 77)
    model_file(client.folder / "loras" / "copy" / "Fog again.safetensors", 0, **{
        "ss_base_model_version": "sdxl_base_v1-0", "modelspec.trigger_phrase": "fogbank, harbour"})
    client.scan()
    gallery.emulate(prefers_color_scheme=scheme)
    gallery.open_model("Fog")
    audit(gallery, 40)
    gallery.keep_pictures("gallery", scheme)
    gallery.choose_tab("waiting")
    eventually(lambda: len(gallery.waiting()) == 2, "two wait")
    gallery.click("#choose-all")
    assert "1 in the gallery already" in gallery.import_chosen()
    gallery.emulate(prefers_color_scheme=scheme)
    audit(gallery, 30)
    gallery.keep_pictures("gallery-waiting", scheme)
    assert gallery.console() == []
    requested = {address for address in gallery.requests() if not address.startswith("data:")}
    assert {address.split("/")[2] for address in requested} == {gallery.address.split("/")[2]}


def test_the_page_needs_nothing_inline(gallery):
    """What a strict content security policy would refuse: inline scripts, styles and handlers."""
    found = gallery.script(
        "return fetch('/gallery.html').then(r => r.text()).then(t => { const d = new DOMParser().parseFromString(t, 'text/html');"
        "return [...d.querySelectorAll('script:not([src]), style, [style]')].map(e => e.outerHTML).concat("
        "[...d.querySelectorAll('*')].flatMap(e => e.getAttributeNames().filter(n => n.startsWith('on')))) })")
    assert found == []
