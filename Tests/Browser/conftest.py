"""Fixtures of the browser tests: one Chromium for all, a tab and a server for each test."""

import colorsys
import os
import shutil

import pytest
from PIL import Image
from selenium import webdriver

from . import unit_server
from .dashboard import Dashboard
from .follower import Follower
from .proxy import CuttingProxy
from .scripted_worker import ScriptedWorker
from .server import Server

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FAILED = pytest.StashKey()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Remembers a failure, so that the server's log is kept with it."""
    outcome = yield
    if outcome.get_result().failed:
        item.stash[FAILED] = True


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    if not program or not driver:
        pytest.fail("Chromium or its driver is missing: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    options.add_argument("--headless=new")
    options.add_argument("--disable-dev-shm-usage")
    options.add_argument("--hide-scrollbars")
    options.add_argument("--window-size=1440,900")
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium refuses to run its sandbox as root.
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield browser
    browser.quit()


@pytest.fixture
def tab(chromium):
    """A fresh tab: no storage of an earlier test, no emulation, empty logs."""
    old = chromium.window_handles
    chromium.switch_to.new_window("tab")
    new = chromium.current_window_handle
    for handle in old:
        chromium.switch_to.window(handle)
        chromium.close()
    chromium.switch_to.window(new)
    chromium.get_log("browser")
    chromium.get_log("performance")
    return chromium


@pytest.fixture(scope="session")
def modules():
    """Address of the page's modules and their unit tests."""
    server = unit_server.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def serve(tmp_path, request):
    """Starts servers, `serve(library=…, tokens={token: role}, flags=[…])`, and ends them after the test."""
    servers = []

    def start(**options):
        folder = tmp_path / f"server-{len(servers)}"
        folder.mkdir()
        servers.append(Server(folder, **options))
        return servers[-1].start().settle()

    yield start
    for server in servers:
        server.end(request.node.name if request.node.stash.get(FAILED, False) else None)


@pytest.fixture
def server(serve):
    """A server with an empty library and no tokens."""
    return serve()


@pytest.fixture
def page(tab, server):
    """The dashboard of that server, live."""
    return Dashboard(tab, server.address).open()


@pytest.fixture
def follow():
    """Starts independent clients, `follow(port, …)`, and ends them after the test."""
    followers = []

    def start(*arguments, **options):
        followers.append(Follower(*arguments, **options))
        return followers[-1]

    yield start
    for follower in followers:
        follower.close()


@pytest.fixture
def work(server):
    """Connects workers to that server, `work(name, capabilities, slots=1)`, and ends them after the test."""
    workers = []

    def start(name, capabilities, slots=1):
        workers.append(ScriptedWorker(server.port, name, capabilities, slots))
        return workers[-1]

    yield start
    for worker in workers:
        worker.close()


@pytest.fixture
def proxy(server):
    """A proxy before that server, which the test may cut."""
    proxy = CuttingProxy(server.port)
    yield proxy
    proxy.close()


@pytest.fixture
def pictures(tmp_path):
    """A folder with twelve pictures of three formats, all different, one of them in a folder below."""
    folder = tmp_path / "pictures"
    (folder / "below").mkdir(parents=True)
    for number in range(12):
        dark, bright = ([round(255 * part) for part in colorsys.hsv_to_rgb((number / 12 + shift) % 1, 0.55, value)]
                        for shift, value in ((0, 0.45), (0.15, 0.95)))
        ramp = Image.linear_gradient("L").rotate(30 * number).resize((320 + number, 240))
        picture = Image.merge("RGB", [ramp.point([low + (high - low) * step // 255 for step in range(256)])
                                      for low, high in zip(dark, bright)])
        kind = ("png", "jpg", "webp")[number % 3]
        place = folder / "below" if number == 11 else folder
        picture.save(place / f"picture-{number:02}.{kind}")
    return folder
