"""Measures the Infinite Image Browsing dialect in the shape of its own requests: index, searches, tags, folders, pictures."""

import concurrent.futures
import contextlib
import http.client
import json
import multiprocessing
import os
import random
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.parse

from reference import thumbnails

BASE = "/infinite_image_browsing"

# What Infinite Image Browsing v1.9.0 does on such a machine, by its own measurement: the figures to hold ours against.
THEIRS = {
    "index": 2680, "no change": 34, "common": 77, "rare": 114, "regexp": 1355, "searches": 80, "and": 123, "or-not": 376,
    "files": 109, "cold mixed": 129, "cold large": 51, "warm": 1180, "resident": 76,
}


class Client:
    """One kept connection that speaks JSON."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def send(self, method, path, body=None):
        data = None if body is None else json.dumps(body)
        self.connection.request(method, BASE + path, data, {"Content-Type": "application/json"} if data else {})
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content

    def get(self, path, **query):
        return self.send("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def post(self, path, body):
        return json.loads(self.send("POST", path, body))


def milliseconds(call, times):
    """The median of `times` calls, each given its number."""
    taken = []
    for number in range(times):
        begin = time.perf_counter()
        call(number)
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken)


@contextlib.contextmanager
def probes(port, path="/hello"):
    """Asks for `path` a hundred times a second while the body runs; gives a list that holds the milliseconds."""
    taken, ended = [], threading.Event()

    def ask():
        client = Client(port)
        while not ended.is_set():
            begin = time.perf_counter()
            client.get(path)
            taken.append((time.perf_counter() - begin) * 1000)
            ended.wait(0.01)
    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield taken
    finally:
        ended.set()
        thread.join()


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


def files(folder):
    for parent, _, names in os.walk(folder):
        for name in names:
            yield os.path.join(parent, name)


def forget(folder):
    """Has the system drop the contents of all files below from memory, so that the next reader waits for the disk."""
    os.sync()
    for path in files(folder):
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def fetch(folder):
    """Reads all files below, as whoever has just made them would have them in memory."""
    for path in files(folder):
        with open(path, "rb", buffering=0) as file:
            while file.read(1 << 20):
                pass


def index(port, folder):
    """Adds the folder and has it indexed; answers files, seconds and the 99th percentile of /hello meanwhile."""
    client = Client(port)
    before = json.loads(client.get("/db/basic_info"))["img_count"]
    client.post("/db/extra_paths", {"path": folder, "types": ["scanned"]})
    with probes(port) as taken:
        begin = time.perf_counter()
        client.post("/db/update_image_data", {})
        seconds = time.perf_counter() - begin
    files = json.loads(client.get("/db/basic_info"))["img_count"] - before
    return files, seconds, percentile(taken, 0.99)


def searches(port):
    """Median milliseconds of common, rare and regular expression searches, first pages of 200."""
    client = Client(port)
    common = ["masterpiece", "best quality", "castle", "river", "steps: 2"]
    search = lambda **body: client.post("/db/search_by_substr", body)
    return {
        "common": milliseconds(lambda n: search(surstr=common[n % len(common)]), 25),
        "rare": milliseconds(lambda n: search(surstr=f"quetzalcoatlus{n * 5000 + 7}"), 25),
        "regexp": milliseconds(lambda n: search(surstr="", regexp=rf"quetzal\w+{n % 4}7\b.*steps: \d+"), 9),
    }


def tags(port):
    client = Client(port)
    known = json.loads(client.get("/db/basic_info"))["tags"]
    by_type = {}
    for tag in known:
        by_type.setdefault(tag["type"], []).append(tag["id"])
    models, samplers, words = by_type["Model"], by_type["Sampler"], by_type["pos"]
    source = random.Random(3)
    match = lambda **body: client.post("/db/match_images_by_tags", body)
    return {
        "and": milliseconds(lambda n: match(and_tags=[source.choice(models), source.choice(samplers)]), 100),
        "or-not": milliseconds(
            lambda n: match(or_tags=source.sample(words, 3) + [source.choice(models)], not_tags=[source.choice(samplers)]), 100),
    }


def wrk(port, script, seconds=6):
    """Requests a second of 16 connections that run a wrk script."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        output = subprocess.run(
            ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", file.name, f"http://127.0.0.1:{port}"],
            capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise SystemExit(output)
    return float(next(line.split()[1] for line in output.splitlines() if line.startswith("Requests/sec")))


def search_throughput(port):
    bodies = [json.dumps({"surstr": word}) for word in ("masterpiece", "castle", "river", "neon", "crystal feather", "knight")]
    return wrk(port, f"""
local bodies = {{{", ".join(f"[[{body}]]" for body in bodies)}}}
local number = 0
request = function()
  number = number + 1
  return wrk.format("POST", "{BASE}/db/search_by_substr", {{["Content-Type"] = "application/json"}},
    bodies[number % #bodies + 1])
end
""")


def thumbnail_paths(paths, moment, side):
    return [f"{BASE}/image-thumbnail?" + urllib.parse.urlencode({"path": path, "t": moment, "size": f"{side}x{side}"})
            for path in paths]


def cold_thumbnails(port, paths, side=256, connections=4):
    """Thumbnails a second, each of another picture; of `side` 256 the library itself has made them before."""
    requests = thumbnail_paths(paths, "cold", side)

    def fetch(part):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for path in part:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200 or answer.getheader("content-type") != "image/webp":
                raise SystemExit(f"{path}: {answer.status} {answer.getheader('content-type')}")
    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(connections) as pool:
        list(pool.map(fetch, [requests[start::connections] for start in range(connections)]))
    return len(requests) / (time.perf_counter() - begin)


def pillow_thumbnails(paths):
    """What Pillow alone, which makes the original's thumbnails, makes of the same pictures a second on two processes."""
    with tempfile.TemporaryDirectory() as folder:
        jobs = [(path, os.path.join(folder, f"{number}.webp")) for number, path in enumerate(paths)]
        with multiprocessing.Pool(2) as pool:
            pool.map(thumbnails.make, jobs[:2], chunksize=1)  # Both have begun.
            begin = time.perf_counter()
            pool.map(thumbnails.make, jobs, chunksize=4)
            return len(jobs) / (time.perf_counter() - begin)


def warm_thumbnails(port, paths):
    requests = thumbnail_paths(paths, "cold", 256)
    return wrk(port, f"""
local paths = {{{", ".join(f"[[{path}]]" for path in requests)}}}
local number = 0
request = function()
  number = number + 1
  return wrk.format("GET", paths[number % #paths + 1])
end
""")


def pictures(folder, limit, smallest=66_000):
    """Paths of the first pictures that are too large to be sent as they are."""
    found = []
    for directory, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(directory, name)
            if os.path.getsize(path) > smallest:
                found.append(path)
                if len(found) == limit:
                    return found
    return found
