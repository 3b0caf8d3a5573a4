"""Pictures of the page at work, kept in `artifacts/screenshots/` for people to look at."""

import contextlib
import io

from PIL import Image

from harness.process import ARTIFACTS
from harness.waiting import eventually

from .dashboard import Dashboard
from .scripted_worker import ScriptedWorker

FOLDER = ARTIFACTS / "screenshots"
VIEWS = {
    "light": (1440, 900, "light", 1),
    "dark": (1440, 900, "dark", 1),
    "wide": (2200, 1200, "dark", 1),
    "tablet": (900, 1100, "light", 1),
    "phone": (390, 844, "light", 2),
    "phone-dark": (390, 844, "dark", 2),
}


def test_screenshots(tab, serve, follow, pictures):
    server = serve(library=pictures)
    with contextlib.ExitStack() as workers:
        _show(tab, server, follow(server.port), lambda *worker: workers.enter_context(
            contextlib.closing(ScriptedWorker(server.port, *worker))))


def _show(tab, server, follower, work):
    gpu, laptop = work("gpu-box", ["peer.tags", "peer.upscale"], 4), work("laptop", ["peer.tags"], 1)
    follower.run("scan")
    follower.run("thumbnails")
    follower.run("long_task", steps=5, delay_ms=20, fail_at=3)
    page = Dashboard(tab, server.address).open()
    eventually(lambda: page.number("files") == 12 and page.number("failed") == 1, "a library and a failure")
    for name in ("peer.upscale", "peer.upscale", "peer.tags"):
        follower.run(name, sha256="60303ae22b998861")
    gpu.fail(gpu.take(), "oom", "CUDA out of memory")
    gpu.progress(gpu.take(), 31, 90, "row 31")
    gpu.progress(gpu.take(), 7, 90, "row 7")
    laptop.progress(laptop.take(), 2, 5, "batch 2")
    open_task = follower.run("long_task", steps=400, delay_ms=60, log_every=5)
    follower.run("long_task", steps=300, delay_ms=150)
    follower.run("peer.depth", sha256="9f86d081884c7d65")
    eventually(lambda: page.task_state(open_task) == "running", "running")
    page.open_task(open_task)
    eventually(lambda: len(page.log_lines(open_task)) >= 4, "log lines")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, (width, height, scheme, scale) in VIEWS.items():
        page.resize(width, height, scale)
        page.emulate(prefers_color_scheme=scheme)
        shown = page.picture()
        picture = Image.open(io.BytesIO(shown))
        assert picture.width == width * scale
        assert len(picture.getcolors(picture.width * picture.height)) > 200, f"{name} is nearly empty"
        (FOLDER / f"{name}.png").write_bytes(shown)
