"""A process of real python-socketio clients, old or new, that a test steers by lines of JSON.

It runs under the Python whose packages it is to use and imports nothing of ours. A line on its input is a command:
`{"id": 1, "client": "a", "do": "emit", "event": "join", "arguments": [{"room": "/client"}]}`. Each command is answered
by `{"id": 1, "client": "a", "result": …}` or `{…, "error": "…"}`; what a client hears is told as
`{"client": "a", "event": "status", "arguments": […]}`. Commands of one client run in order, clients side by side.
"""

import base64
import json
import queue
import sys
import threading
import time

sys.path.pop(0)  # This folder has modules of ours with the same names.

import engineio  # noqa: E402
import socketio  # noqa: E402

OUTPUT = threading.Lock()


def plain(value):
    """A value that JSON can carry; bytes are wrapped."""
    if isinstance(value, (bytes, bytearray)):
        return {"base64": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


def restored(value):
    """The value that `plain` has wrapped."""
    if isinstance(value, dict):
        if set(value) == {"base64"}:
            return base64.b64decode(value["base64"])
        return {key: restored(item) for key, item in value.items()}
    return [restored(item) for item in value] if isinstance(value, list) else value


def tell(**fields):
    with OUTPUT:
        sys.stdout.write(json.dumps(fields) + "\n")
        sys.stdout.flush()


class OrderedEngine(engineio.Client):
    """Handles messages where they are read: the original gives each a thread, which mixes their order up."""

    def _trigger_event(self, event, *arguments, **options):
        if event == "message" and (isinstance(arguments[0], bytes) or str(arguments[0])[:1] in "0256"):
            options["run_async"] = False
        return super()._trigger_event(event, *arguments, **options)


class Recorder(socketio.Client):
    """Tells every event, whatever its name."""

    def __init__(self, name):
        super().__init__(reconnection=False)
        self.name = name

    def _engineio_client_class(self):
        return OrderedEngine

    def _trigger_event(self, event, namespace, *arguments):
        if not event.startswith("__"):
            tell(client=self.name, event=event, namespace=namespace or "/", arguments=plain(arguments))


class Client(threading.Thread):
    """One client and the queue of its commands."""

    def __init__(self, name):
        super().__init__(daemon=True)
        self.name = name
        self.client = Recorder(name)
        self.commands = queue.Queue()

    def run(self):
        while True:
            command = self.commands.get()
            try:
                result = getattr(self, "do_" + command["do"])(command)
                tell(id=command["id"], client=self.name, result=plain(result))
            except Exception as error:  # Whatever it is, the test wants to know.
                tell(id=command["id"], client=self.name, error="{}: {}".format(type(error).__name__, error))

    def do_connect(self, command):
        options = {"transports": command.get("transports"), "headers": command.get("headers") or {}}
        if command.get("namespaces"):
            options["namespaces"] = command["namespaces"]
        if "auth" in command:
            options["auth"] = command["auth"]
        self.client.connect(command["url"], **options)
        return {"transport": self.client.transport(), "sid": self.client.eio.sid}

    def do_emit(self, command):
        arguments = restored(command["arguments"])
        data = None if not arguments else arguments[0] if len(arguments) == 1 else tuple(arguments)
        for _ in range(command.get("times", 1)):
            self.client.emit(command["event"], data, namespace=command.get("namespace"))

    def do_transport(self, command):
        return self.client.transport()

    def do_disconnect(self, command):
        # While a POST is under way the library leaves without a word and then waits for its poll: VFrame's workers
        # sleep before they leave.
        engine, patience = self.client.eio, time.monotonic() + 1
        while engine.state == "connected" and engine.queue.unfinished_tasks and time.monotonic() < patience:
            time.sleep(0.005)
        time.sleep(0.03)
        self.client.disconnect()

    def do_wait(self, command):
        self.client.wait()


def main():
    clients = {}
    tell(ready=socketio.__name__)
    for line in sys.stdin:
        command = json.loads(line)
        name = command["client"]
        if name not in clients:
            clients[name] = Client(name)
            clients[name].start()
        clients[name].commands.put(command)


main()
