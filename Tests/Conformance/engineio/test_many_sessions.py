"""Many sessions at once, on all of the server's loops."""

from __future__ import annotations

import threading
from typing import List

from harness.engineio import EngineSocket, Polling, decode, upgraded
from harness.process import Server
from harness.waiting import eventually

COUNT = 120


def test_many_waiting_gets_each_get_their_own_answer(calm: Server) -> None:
    sessions = [Polling(calm.port, 3 + number % 2) for number in range(COUNT)]
    pending = [session.begin_get() for session in sessions]
    for number, session in enumerate(sessions):
        session.send(f"4for {number}", bytes([number]))
    for number, (session, raw) in enumerate(zip(sessions, pending)):
        came = decode(raw.read_response(), session.version)
        while len(came) < 2:
            came += session.poll()
        assert came == [f"4for {number}", bytes([number])]
        raw.socket.close()


def test_many_kinds_of_sessions_at_once_from_many_threads(calm: Server) -> None:
    failures: List[BaseException] = []

    def live(first: int) -> None:
        try:
            for number in range(first, first + 12):
                version = 3 + number % 2
                kind = number // 2 % 3
                if kind == 0:
                    session = Polling(calm.port, version)
                    for turn in range(5):
                        session.send(f"4{number}/{turn}")
                        assert session.receive() == f"4{number}/{turn}"
                    assert session.post("1").status == 200
                    continue
                socket = upgraded(Polling(calm.port, version)) if kind == 1 else EngineSocket(calm.port, version)
                packets = [f"4{number}/{turn}" for turn in range(50)]
                socket.send(*packets)
                assert socket.receive_many(50) == packets
                socket.end()
        except BaseException as error:  # Told on the test's own thread.
            failures.append(error)

    threads = [threading.Thread(target=live, args=(first,)) for first in range(0, 12 * 8, 12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures, failures


def test_many_sockets_hear_only_their_own(calm: Server) -> None:
    sockets = [EngineSocket(calm.port, 3 + number % 2) for number in range(COUNT)]
    for number, socket in enumerate(sockets):
        socket.send(f"4mine {number}")
    for number, socket in enumerate(sockets):
        assert socket.receive() == f"4mine {number}"
        socket.raw.socket.close()


def test_sessions_that_come_and_go_leave_no_memory_behind(patient: Server) -> None:
    def come_and_go(count: int) -> None:
        for number in range(count):
            session = Polling(patient.port, 3 + number % 2)
            session.send("4" + "x" * 200_000)
            if number % 2:
                session.post("1")  # The others end by their heartbeat.

    come_and_go(40)
    before = patient.resident_bytes()
    come_and_go(160)
    # 32 MB went by; the last sessions end soon.
    eventually(lambda: patient.resident_bytes() - before < 20 << 20, "the sessions that have ended cost nothing")
