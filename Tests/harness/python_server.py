"""A Socket.IO server of python-socketio on Redis, as a process of its own: -m harness.python_server REDIS_URL [CHANNEL]

Prints its port. Clients say `join ROOM`; `say ROOM EVENT DATA` emits; `ask SID EVENT DATA` answers with what the client
of any server on the queue acknowledges.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import socketio
from aiohttp import web


async def serve(url: str, channel: str) -> None:
    server = socketio.AsyncServer(async_mode="aiohttp", client_manager=socketio.AsyncRedisManager(url, channel=channel))

    @server.event
    async def join(sid: str, room: str) -> str:
        await server.enter_room(sid, room)
        return "joined"

    @server.event
    async def say(sid: str, room: Any, event: str, data: Any) -> None:
        await server.emit(event, data, room=room, skip_sid=sid)

    @server.event
    async def ask(sid: str, to: str, event: str, data: Any) -> Any:
        return await server.call(event, data, to=to, timeout=10)

    @server.event
    async def throw_out(sid: str, other: str) -> None:
        await server.disconnect(other)

    @server.event
    async def put(sid: str, other: str, room: str) -> None:
        await server.enter_room(other, room)

    @server.event
    async def take(sid: str, other: str, room: str) -> None:
        await server.leave_room(other, room)

    @server.event
    async def clear(sid: str, room: str) -> None:
        await server.close_room(room)

    application = web.Application()
    server.attach(application)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "socketio"))
