"""What idle connections cost."""

from __future__ import annotations

import resource
from typing import List

import pytest

from harness.process import Server
from harness.raw_websocket import RawClient

SOCKETS, MOST_EACH = 1000, 16 * 1024


def open_sockets(server: Server, count: int) -> List[RawClient]:
    clients = []
    for _ in range(count):
        client = RawClient(server.port)
        client.upgrade(path="/ws", host=server.address,
                       headers=[("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits")])
        client.read_frame()
        clients.append(client)
    return clients


@pytest.mark.timeout(120)
def test_a_thousand_idle_sockets_cost_little(server: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    for client in open_sockets(server, 100):  # What the first connections bring up once is not theirs.
        client.socket.close()
    before = server.resident_bytes()
    clients = open_sockets(server, SOCKETS)
    each = (server.resident_bytes() - before) / SOCKETS
    print(f"{each / 1024:.1f} KB an idle socket")
    for client in clients:
        client.socket.close()
    assert each < MOST_EACH
