"""No gap and no repeat across random disconnects under load (G1, G3, G5)."""

from __future__ import annotations

import asyncio
import json
import os
import random
from typing import Any, Dict, List, Optional

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from harness.process import Server

READERS, MESSAGES = 12, 3000


class Reader:
    """A dashboard as it should be written: it remembers the offset of the last `synced` or live event, no other."""

    def __init__(self, server: Server, generator: random.Random) -> None:
        self.url, self.generator = f"{server.socket_url}/ws", generator
        self.since: Optional[Dict[str, Any]] = None
        self.heard: List[int] = []
        self.offsets: List[int] = []
        self.cuts = self.resyncs = 0
        self.ready = asyncio.Event()

    async def run(self) -> None:
        while not self.heard or self.heard[-1] != MESSAGES - 1:
            try:
                await self.connection()
            except ConnectionClosed:
                pass

    async def connection(self) -> None:
        async with connect(self.url, subprotocols=["vitrine.v1"], max_queue=None) as socket:
            ask: Dict[str, Any] = {"type": "subscribe", "topics": ["app/load", "tasks"]}
            if self.since:
                ask["since"] = self.since
            await socket.send(json.dumps(ask))
            # Some connections are cut amid the replay, most when they are live; messages are counted, not seconds.
            amid_replay = self.generator.random() < 0.3
            left = self.generator.randrange(1, 20) if amid_replay else self.generator.randrange(1, 300)
            replayed: List[Dict[str, Any]] = []
            synced = False
            async for text in socket:
                message = json.loads(text)
                if message["type"] == "resync":
                    self.resyncs += 1
                elif message["type"] == "synced":
                    for earlier in replayed:
                        self.take(earlier)
                    self.since = {"epoch": message["epoch"], "offset": message["offset"]}
                    synced = True
                    self.ready.set()
                elif "at" in message and "offset" in message:
                    if synced:
                        self.take(message)
                        self.since = {"epoch": self.since["epoch"], "offset": message["offset"]}
                    else:
                        replayed.append(message)
                left -= synced or amid_replay
                if self.heard and self.heard[-1] == MESSAGES - 1:
                    return
                if left <= 0 and self.ready.is_set():
                    self.cuts += 1
                    socket.transport.abort()
                    return

    def take(self, message: Dict[str, Any]) -> None:
        self.offsets.append(message["offset"])
        if message["type"] == "app.message":
            self.heard.append(message["data"])


async def scenario(server: Server, generator: random.Random) -> List[Reader]:
    readers = [Reader(server, random.Random(generator.randrange(1 << 32))) for _ in range(READERS)]
    runs = [asyncio.ensure_future(reader.run()) for reader in readers]
    await asyncio.gather(*(reader.ready.wait() for reader in readers))
    async with connect(f"{server.socket_url}/ws", subprotocols=["vitrine.v1"]) as sender:
        await sender.send('{"type":"hello","name":"load","kind":"script"}')
        for n in range(MESSAGES):
            await sender.send(json.dumps({"type": "publish", "topic": "app/load", "data": n}))
            if n % 100 == 0:
                run = {"type": "task.run", "name": "long_task", "params": {"steps": 5, "delay_ms": 20}}
                await sender.send(json.dumps(run))
            if n % 20 == 0:  # Paced by the server's answers.
                await sender.send(json.dumps({"type": "ping", "id": n}))
                async for text in sender:
                    if json.loads(text).get("id") == n:
                        break
        await asyncio.wait_for(asyncio.gather(*runs), 60)
    return readers


@pytest.mark.timeout(150)
def test_readers_that_are_cut_at_random_hear_everything_once(server: Server) -> None:
    seed = int(os.environ.get("VITRINE_SEED", random.randrange(1 << 32)))
    print(f"seed {seed}")
    readers = asyncio.run(scenario(server, random.Random(seed)))
    for reader in readers:
        assert reader.resyncs == 0, "the history reaches back far enough"
        assert reader.heard == list(range(MESSAGES)), "a gap or a repeat"
        assert all(a < b for a, b in zip(reader.offsets, reader.offsets[1:]))
    print(f"cuts: {[reader.cuts for reader in readers]}")
    assert sum(reader.cuts for reader in readers) > READERS * 3
