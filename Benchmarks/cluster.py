"""What it costs that an event goes through Redis: rates and delays from one process to a dashboard of another."""

import contextlib
import json
import socket
import subprocess
import time
import urllib.request

import socketio
from websockets.sync.client import connect

COUNT = 20_000
ALONE = 1_000


@contextlib.contextmanager
def redis_server(port, folder):
    process = subprocess.Popen(["redis-server", "--port", str(port), "--save", "", "--dir", folder],
                               stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


def wait_for_each_other(ports):
    deadline = time.monotonic() + 30
    for port in ports:
        while b"vitrine_queue_servers 1" not in urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics").read():
            if time.monotonic() > deadline:
                raise SystemExit("the servers did not find each other")
            time.sleep(0.1)


@contextlib.contextmanager
def client(port, *topics):
    with connect(f"ws://127.0.0.1:{port}/ws", compression=None) as socket:
        socket.recv()
        socket.send(json.dumps({"type": "hello", "name": "bench", "kind": "script", "id": 1}))
        socket.recv()
        if topics:
            socket.send(json.dumps({"type": "subscribe", "topics": topics, "id": 2}))
            while json.loads(socket.recv())["type"] != "synced":
                pass
        yield socket


def measure(say, hear):
    """`say(number)` has an event sent, `hear()` waits for one: first one by one, then as many as there are."""
    # Behind all that an earlier measurement has left on its way.
    say(0)
    hear()
    delays = []
    for number in range(ALONE):
        start = time.perf_counter()
        say(number)
        hear()
        delays.append((time.perf_counter() - start) * 1e6)
    delays.sort()
    start = time.perf_counter()
    said = 0
    for heard in range(COUNT):
        # As many on their way as fill a dashboard's queue half.
        while said < COUNT and said - heard < 500:
            say(said)
            said += 1
        hear()
    seconds = time.perf_counter() - start
    return {"per_second": COUNT / seconds, "p50_us": delays[len(delays) // 2], "p99_us": delays[len(delays) * 99 // 100]}


def wait_for_event(socket):
    while b'"type":"app.message"' not in socket.recv(decode=False):
        pass


def events(source, target):
    """Events published to a topic at one server, heard at another or the same."""
    topic = f"app/bench-{source}-{target}"
    with client(source) as publisher, client(target, topic) as dashboard:
        def say(number):
            publisher.send(f'{{"type":"publish","topic":"{topic}","data":{{"n":{number}}}}}')
        return measure(say, lambda: wait_for_event(dashboard))


def manager(redis):
    emitter = socketio.RedisManager(f"redis://127.0.0.1:{redis}/0", write_only=True)
    return lambda number: emitter.emit("bench", {"n": number}, room="bench")


def emits(target, emit):
    """Events that a Python process puts on the queue."""
    with client(target, "app/bench") as dashboard:
        return measure(emit, lambda: wait_for_event(dashboard))
