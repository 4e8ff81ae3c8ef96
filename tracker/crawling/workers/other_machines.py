"""What all workers keep to about the sites they ask: in the database, as seen from one of them."""

from __future__ import annotations

from tracker.store import Store, turns


class OtherMachines:
    """The doors of all workers; sites that are ours until another worker takes them over.

    Args:
        delay: seconds between two requests to one site.
    """

    def __init__(self, store: Store, delay: float) -> None:
        self._store, self._delay = store, delay
        self._holds: dict[str, turns.Hold] = {}

    def take_over(self, domain: str, job: str) -> turns.Hold:
        """Take a site for a job; whoever had it until now is told so when it asks next."""
        with self._store.writing() as db:
            self._holds[domain] = turns.take_over(db, domain, job, self._delay)
        return self._holds[domain]

    def reserve(self, domain: str, delay: float) -> float:
        """Take the next moment at which a site may be asked; return how many seconds it is away.

        Raises:
            TurnLostError: another worker has taken over the site.
        """
        with self._store.writing() as db:
            return turns.reserve(db, domain, delay, self._holds.get(domain))

    def hold(self, domain: str, seconds: float) -> None:
        """Let nobody ask a site for so many seconds from now."""
        with self._store.writing() as db:
            turns.hold_off(db, domain, seconds)
