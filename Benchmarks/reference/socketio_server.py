"""What the server is compared with: VFrame's socket API on python-socketio, on asyncio."""

import asyncio
import sys

import socketio
from aiohttp import web

server = socketio.AsyncServer(async_mode="aiohttp")


@server.event
async def connect(sid, environ, auth):
    await server.emit("status", {"key": "connected_user", "value": sid}, to=sid)


@server.event
async def join(sid, data):
    await server.enter_room(sid, data["room"])
    await server.emit("list_tasks", {"tasks": {}}, to=sid)


@server.event
async def task_start(sid, data):
    await server.emit("task_start", data, room="/client")


@server.event
async def task_update(sid, data):
    await server.emit("task_update", data, room="/client")


async def main(port):
    application = web.Application()
    server.attach(application)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print("ready", flush=True)
    await asyncio.get_running_loop().create_future()


asyncio.run(main(int(sys.argv[1])))
