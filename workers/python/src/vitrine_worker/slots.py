"""What a worker has in hand: offers that wait, tasks that run, outcomes that the server has not confirmed yet."""

from __future__ import annotations

from typing import Dict, List, Optional, Set

from .protocol import Offer
from .run import Run


class Slots:
    """Counts what computes. Values in, values out; confined to the worker's thread.

    A run whose lease has ended *lingers* until its code has stopped: it has no lease, but it keeps its slot, because
    the machine is still busy with it.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.waiting: Dict[str, Offer] = {}
        """Offers, by lease, that came while lingering runs took their slot."""
        self.running: Dict[str, Run] = {}
        """By lease."""
        self.reporting: Dict[str, Run] = {}
        """By lease: the outcome is sent, the answer is awaited."""
        self.lingering: Set[Run] = set()

    @property
    def free(self) -> int:
        return self.count - len(self.running) - len(self.lingering)

    @property
    def is_idle(self) -> bool:
        """Nothing is owed to the server."""
        return not self.running and not self.reporting

    def can_wait(self) -> bool:
        """Whether an offer beyond the free slots could still get one: a lingering run will end."""
        return len(self.running) + len(self.waiting) < self.count

    def next_waiting(self) -> Optional[Offer]:
        """The oldest waiting offer, if there is a slot for it; it waits no more."""
        if not self.waiting or self.free <= 0:
            return None
        return self.waiting.pop(next(iter(self.waiting)))

    def owed(self, lease: str) -> Optional[Run]:
        """The run of this lease, running or reporting."""
        return self.running.get(lease) or self.reporting.get(lease)

    def finished(self, run: Run) -> bool:
        """The run's code has ended. True if it was running, so that its outcome counts and is now reported."""
        self.lingering.discard(run)
        if self.running.pop(run.offer.lease, None) is None:
            return False
        self.reporting[run.offer.lease] = run
        return True

    def confirmed(self, lease: str) -> None:
        """The server has answered the outcome."""
        self.reporting.pop(lease, None)

    def give_back(self, run: Run) -> None:
        """The run's failure is reported although its code still runs."""
        if self.running.pop(run.offer.lease, None) is not None:
            self.lingering.add(run)
            self.reporting[run.offer.lease] = run

    def drop(self, run: Run) -> None:
        """The run's lease has ended: nothing more is said about it."""
        if self.running.pop(run.offer.lease, None) is not None:
            self.lingering.add(run)
        self.reporting.pop(run.offer.lease, None)

    def drop_all(self) -> List[Run]:
        """All leases have ended. The runs that were running or reporting."""
        runs = [*self.running.values(), *self.reporting.values()]
        for run in runs:
            self.drop(run)
        self.waiting.clear()
        return runs
