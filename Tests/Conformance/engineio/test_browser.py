"""A page of another origin speaks Engine.IO with what a browser has: fetch and WebSocket."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any, Dict

import pytest

from harness.browser import blank_page, headless_browser
from harness.process import Server

SCRIPT = """
const [base, done] = [arguments[0], arguments[arguments.length - 1]];
const next = socket => new Promise((resolve, reject) => {
    socket.onmessage = ({data}) => resolve(data);
    socket.onclose = socket.onerror = () => reject(new Error('closed'));
});
const target = (scheme, version, transport, sid) => `${scheme}://${base}/engine.io/?EIO=${version}`
    + `&transport=${transport}` + (sid ? `&sid=${sid}` : '');
const polling = async (version, sid, body, type) => {
    const options = body === undefined ? {} : {method: 'POST', body, headers: {'Content-Type': type || 'text/plain'}};
    const answer = await fetch(target('http', version, 'polling', sid), options);
    const kind = answer.headers.get('Content-Type');
    const octets = kind.startsWith('application/octet-stream');
    return [answer.status, octets ? [...new Uint8Array(await answer.arrayBuffer())] : await answer.text()];
};
const run = async version => {
    const told = {};
    const opened = await polling(version);
    const sid = JSON.parse(opened[1].slice(opened[1].indexOf('{'))).sid;
    told.post = await polling(version, sid, version === 4 ? '4h\\u00e9\\u{1F600}' : '5:4h\\u00e9\\u{1F600}');
    told.text = await polling(version, sid);
    told.binaryPost = version === 4
        ? await polling(version, sid, 'bAQID')
        : await polling(version, sid, new Uint8Array([1, 4, 255, 4, 1, 2, 3]), 'application/octet-stream');
    told.binary = await polling(version, sid);
    const socket = new WebSocket(target('ws', version, 'websocket', sid));
    socket.binaryType = 'arraybuffer';
    await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
    socket.send('2probe');
    told.probe = await next(socket);
    socket.send('5');
    socket.send('4upgraded');
    told.upgraded = await next(socket);
    told.refused = await polling(version, sid);
    socket.send(new Uint8Array(version === 4 ? [1, 2, 3] : [4, 1, 2, 3]));
    told.frame = [...new Uint8Array(await next(socket))];
    socket.onclose = null;
    const closed = new Promise(resolve => { socket.onclose = event => resolve(event.wasClean); });
    socket.send('1');
    told.clean = await closed;
    return told;
};
Promise.all([run(3), run(4)]).then(told => done(JSON.stringify({told})),
                                   error => done(JSON.stringify({error: String(error)})));
"""


@pytest.mark.skipif(not shutil.which("chromium") and not os.environ.get("CI"), reason="no chromium on this machine")
@pytest.mark.timeout(120)
def test_a_page_of_another_origin_polls_and_upgrades(calm: Server) -> None:
    with blank_page() as page, headless_browser() as browser:
        browser.get(page)
        browser.set_script_timeout(40)
        result: Dict[str, Any] = json.loads(browser.execute_async_script(SCRIPT, calm.address))
    assert "error" not in result, result
    old, new = result["told"]
    assert new["text"] == [200, "4h\u00e9\U0001F600"] and old["text"] == [200, "5:4h\u00e9\U0001F600"]
    assert new["binary"] == [200, "bAQID"] and old["binary"] == [200, [1, 4, 255, 4, 1, 2, 3]]
    assert new["frame"] == [1, 2, 3] and old["frame"] == [4, 1, 2, 3]
    for told in (old, new):
        assert told["post"] == told["binaryPost"] == [200, "ok"]
        assert (told["probe"], told["upgraded"], told["refused"][0]) == ("3probe", "4upgraded", 400)
        assert told["clean"] is True
