"""A TCP proxy that can cut every connection through it, as a broken network does."""

import contextlib
import socket
import struct
import threading

#: Linger for zero seconds: closing resets the connection instead of ending it politely.
RESET = struct.pack("ii", 1, 0)


class CuttingProxy:
    """Listens on `port` and carries bytes to and from `target`."""

    def __init__(self, target):
        self._target = target
        self._lock = threading.Lock()
        self._pairs = set()
        self._held = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Resets every connection, and every new one until `mend`."""
        with self._lock:
            self._held = True
            pairs, self._pairs = self._pairs, set()
        for pair in pairs:
            for end in pair:
                _reset(end)

    def mend(self):
        """Lets connections through again."""
        with self._lock:
            self._held = False

    def close(self):
        """Ends everything. The thread closes its socket: closed here it would still be waited on, by a number that the
        next socket may get."""
        self.cut()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                self._listener.close()
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target), timeout=5)
                server.settimeout(None)
            except OSError:
                _reset(client)
                continue
            pair = (client, server)
            with self._lock:
                held = self._held
                if not held:
                    self._pairs.add(pair)
            if held:
                _reset(client)
                _reset(server)
                continue
            for source, sink in (pair, pair[::-1]):
                threading.Thread(target=self._carry, args=(source, sink, pair), daemon=True).start()

    def _carry(self, source, sink, pair):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
        with self._lock:
            self._pairs.discard(pair)


def _reset(end):
    with contextlib.suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        end.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        end.close()
