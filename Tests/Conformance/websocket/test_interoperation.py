"""Other people's clients against `/echo`: Python's websockets and a real browser."""

from __future__ import annotations

import json
import os
import shutil

import pytest
from websockets.sync.client import connect

from harness.browser import blank_page, headless_browser
from harness.process import Server

SIZES = [0, 1, 125, 126, 65535, 65536, 1_000_000]


@pytest.mark.parametrize("compression", [None, "deflate"])
def test_python_websockets_echoes_text_and_bytes(conformance_server: Server, compression: "str | None") -> None:
    with connect(f"{conformance_server.socket_url}/echo", compression=compression, max_size=None) as client:
        assert bool(client.protocol.extensions) == (compression is not None)
        for size in SIZES:
            for message in ("é" * (size // 2) + "x" * (size % 2), os.urandom(size)):
                client.send(message)
                assert client.recv(timeout=60) == message
        client.send(["in ", "three ", "fragments"])
        assert client.recv(timeout=60) == "in three fragments"
        client.ping(b"there?").wait(15)
    assert client.close_code == 1000


SCRIPT = """
const [url, sizes, done] = [arguments[0], arguments[1], arguments[arguments.length - 1]];
const socket = new WebSocket(url);
socket.binaryType = 'arraybuffer';
const results = {extensions: null, text: [], binary: [], close: null, error: null};
let step = 0;
const next = () => {
    if (step === sizes.length * 2) { socket.close(4321, 'seen enough'); return; }
    const size = sizes[step >> 1];
    if (step % 2 === 0) { socket.send('ü'.repeat(size)); }
    else { socket.send(new Uint8Array(size).map((_, n) => n * 31 % 251)); }
};
socket.onopen = () => { results.extensions = socket.extensions; next(); };
socket.onerror = () => { results.error = 'error'; };
socket.onclose = event => {
    results.close = [event.code, event.reason, event.wasClean];
    done(JSON.stringify(results));
};
socket.onmessage = ({data}) => {
    const size = sizes[step >> 1];
    if (typeof data === 'string') { results.text.push(data === 'ü'.repeat(size)); }
    else { results.binary.push(data.byteLength === size && new Uint8Array(data).every((v, n) => v === n * 31 % 251)); }
    step += 1;
    next();
};
"""


@pytest.mark.skipif(not shutil.which("chromium") and not os.environ.get("CI"), reason="no chromium on this machine")
@pytest.mark.timeout(120)
def test_a_browser_echoes_text_and_bytes(conformance_server: Server) -> None:
    with blank_page() as page, headless_browser() as browser:
        browser.get(page)
        browser.set_script_timeout(60)
        url = f"{conformance_server.socket_url}/echo"
        results = json.loads(browser.execute_async_script(SCRIPT, url, SIZES))
    assert results["error"] is None
    assert results["extensions"].startswith("permessage-deflate")
    assert results["text"] == [True] * len(SIZES)
    assert results["binary"] == [True] * len(SIZES)
    assert results["close"] == [4321, "", True]  # The code is echoed, the reason is not.
