"""What the server is compared with: echo and fan-out on the usual Python WebSocket library."""

import asyncio
import sys

from websockets.asyncio.server import broadcast, serve

CLIENTS = set()


async def handle(socket):
    if socket.request.path == "/echo":
        async for message in socket:
            await socket.send(message)
        return
    CLIENTS.add(socket)
    try:
        async for message in socket:
            broadcast(CLIENTS - {socket}, message)
    finally:
        CLIENTS.discard(socket)


async def main(port):
    async with serve(handle, "127.0.0.1", port, compression=None, max_size=None, ping_interval=None):
        print("ready", flush=True)
        await asyncio.get_running_loop().create_future()


asyncio.run(main(int(sys.argv[1])))
