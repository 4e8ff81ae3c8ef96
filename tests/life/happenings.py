"""What happens to events: they appear, change, are called off, made anew, and copied; by seeded rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from tests.life.names import OTHER_CITIES
from tests.life.outlets import Entry, Outlet
from tests.life.truths import Truth, Values
from tests.life.world import World

_SPACING = 9
"""Minimum days between two changes of one event: what a reader never saw, it cannot follow."""
_FATES = (
    ("rename", 8), ("hour", 7), ("day", 7), ("week", 5), ("place", 4), ("extend", 14), ("cancel", 6), ("remove", 6),
    ("recreate", 5), ("recreate_moved", 2),
)  # fmt: skip
"""What may happen to an event, and to how many of a hundred."""
_HAPPENED_TWICE = 0.15


class Happenings:
    """Applies the general rules to a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rng = world.rng
        self.counts: dict[str, int] = {}
        """How often each kind of thing has happened."""
        self._actions: dict[str, Callable[[Outlet, Entry], bool]] = {
            "rename": self._rename,
            "hour": lambda outlet, entry: self._shift(outlet, entry, timedelta(hours=self.rng.choice((-1, 1, 2)))),
            "day": lambda outlet, entry: self._shift(outlet, entry, timedelta(days=self.rng.choice((-2, -1, 1, 2, 3)))),
            "week": lambda outlet, entry: self._shift(outlet, entry, timedelta(days=self.rng.choice((7, 14)))),
            "place": self._relocate,
            "extend": self._extend,
            "cancel": self._cancel,
            "remove": self._remove,
            "recreate": self._recreate,
            "recreate_moved": self._recreate_moved,
        }

    def count(self, name: str) -> None:
        """Count that something has happened."""
        self.counts[name] = self.counts.get(name, 0) + 1

    def announce(self, outlet: Outlet, days_ahead: int | None = None) -> Entry:
        """Let an outlet announce an event of its own, and decide what will happen to it."""
        kind = self.rng.choice(outlet.kinds)
        ahead = days_ahead or self.rng.randint(14, 70) + (30 if kind in {"fellowship", "course"} else 0)
        truth = self.world.truth(outlet, kind, self.world.invent(outlet, kind, ahead))
        entry = self.world.entry(outlet, truth)
        self.count("appear")
        if outlet.shares_links and (others := list(outlet.coming(self.world.now))[:-1]) and self.rng.random() < 0.4:
            entry.url = others[-1].url
            self.count("shared link")
        if not outlet.restful:
            self._decide(outlet, entry)
        self.copy(outlet, entry)
        return entry

    def _decide(self, outlet: Outlet, entry: Entry) -> None:
        left = (entry.truth.starts_at - self.world.now).days - 3
        at, chosen = self.rng.uniform(3, max(4, left)), self.rng.random() * 100
        while at < left:
            for fate, share in _FATES:
                chosen -= share
                if chosen < 0:
                    self.world.plan(at, lambda fate=fate: self.befall(outlet, entry, fate))  # type: ignore[misc]
                    break
            if self.rng.random() > _HAPPENED_TWICE:
                return
            at, chosen = at + self.rng.uniform(_SPACING, 30), self.rng.random() * 100

    def befall(self, outlet: Outlet, entry: Entry, fate: str) -> None:
        """Let something happen to an event, if it still can."""
        truth, now = entry.truth, self.world.now
        if truth.called_off is not None or truth.starts_at < now + timedelta(days=2):
            return
        if outlet.fault(now) and not outlet.stable_ids:
            return  # nobody could tell what has become of it
        present = self._present(outlet, truth)
        if present not in outlet.shown(now):
            return  # nobody could see it
        if self._actions[fate](outlet, present):
            self.count(fate)

    def _present(self, outlet: Outlet, truth: Truth) -> Entry:
        return next(each for each in reversed(outlet.entries) if each.truth is truth)

    def _rename(self, outlet: Outlet, entry: Entry) -> bool:
        entry.truth.change(self.world.now, title=self.world.names.renamed(entry.truth.values.title))
        return True

    def _shift(self, outlet: Outlet, entry: Entry, by: timedelta) -> bool:
        truth, now = entry.truth, self.world.now
        old = truth.values
        if not isinstance(old.start, datetime) and abs(by) < timedelta(days=1):
            return False
        new = old.shifted(by)
        others = {each.truth.values.first_day for each in outlet.entries if each.truth is not truth}
        too_soon = replace(truth, versions=[new]).starts_at < now + timedelta(days=4)
        if too_soon or new.first_day in others or (new.deadline and new.deadline >= new.first_day):
            return False
        self._freeze_copies(truth, old)
        truth.set(now, new)
        return True

    def _freeze_copies(self, truth: Truth, old: Values) -> None:
        for _, copy in self.world.entries_of(truth):
            if copy.goes_stale:
                copy.goes_stale, copy.frozen = False, old
                self.count("stale copy")

    def _relocate(self, outlet: Outlet, entry: Entry) -> bool:
        truth = entry.truth
        if not truth.values.place or truth.zone not in OTHER_CITIES:
            return False
        truth.change(self.world.now, place=OTHER_CITIES[truth.zone])
        return True

    def _extend(self, outlet: Outlet, entry: Entry) -> bool:
        old = entry.truth.values
        if old.deadline is None or old.deadline < self.world.now.date() + timedelta(days=2):
            return False
        later = old.deadline + timedelta(days=self.rng.choice((7, 10, 14, 21)))
        if later >= old.first_day:
            return False
        entry.truth.change(self.world.now, deadline=later)
        return True

    def _cancel(self, outlet: Outlet, entry: Entry) -> bool:
        if not outlet.cancel_words:
            return self._remove(outlet, entry)
        entry.says_cancelled = True
        entry.truth.called_off = self.world.now
        self._copies_follow(entry.truth)
        return True

    def _remove(self, outlet: Outlet, entry: Entry) -> bool:
        entry.gone_from = entry.truth.called_off = self.world.now
        self._copies_follow(entry.truth)
        return True

    def _copies_follow(self, truth: Truth) -> None:
        """Let copies say that an event is off, or vanish, some days after the organiser."""
        for outlet, copy in self.world.entries_of(truth):
            if outlet.id != truth.owner:
                words = outlet.cancel_words and self.rng.random() < 0.4
                self.world.plan(self.rng.uniform(1, 8), lambda copy=copy, words=words: self._end_copy(copy, words))  # type: ignore[misc]

    def _end_copy(self, copy: Entry, words: bool) -> None:
        if words:
            copy.says_cancelled = True
        else:
            copy.gone_from = self.world.now

    def _recreate(self, outlet: Outlet, entry: Entry) -> bool:
        """Let an organiser delete an entry and make it anew: another id, another page, sometimes a day later."""
        if not outlet.stable_ids or entry.series:
            return False
        entry.gone_from = self.world.now
        later = self.world.now + timedelta(days=self.rng.choice((0, 0, 1, 2)))
        self.world.entry(outlet, entry.truth, shown_from=later)
        return True

    def _recreate_moved(self, outlet: Outlet, entry: Entry) -> bool:
        by = timedelta(hours=1) if self.rng.random() < 0.5 else timedelta(days=1)
        return outlet.stable_ids and self._shift(outlet, entry, by) and self._recreate(outlet, entry)

    def copy(self, owner: Outlet, entry: Entry) -> None:
        """Let other outlets copy an entry some days later."""
        for outlet in self.world.outlets.values():
            is_open = owner.tier in outlet.copies_from and outlet is not owner and not owner.dateless
            if outlet.copies and is_open and self.rng.random() < outlet.copies:
                if self.world.now == self.world.begins:  # the world has been going on before
                    self._copy(outlet, entry)
                else:
                    self.world.plan(self.rng.uniform(1, 6), lambda outlet=outlet: self._copy(outlet, entry))  # type: ignore[misc]

    def _copy(self, outlet: Outlet, entry: Entry) -> None:
        truth, now = entry.truth, self.world.now
        is_timed = isinstance(truth.values.start, datetime)
        if truth.called_off or truth.starts_at < now + timedelta(days=5) or (outlet.id == "forum" and not is_timed):
            return
        lag = timedelta(days=self.rng.choice((0, 1, 2, 4)))
        url = entry.url or f"https://{outlet.host}/e/{self.world.key()}"
        goes_stale, is_vague = self.rng.random() < 0.1, outlet.id == "round_up"
        copied = self.world.entry(outlet, truth, url=url, lag=lag, goes_stale=goes_stale, is_vague=is_vague)
        self.count("copy")
        if self.rng.random() < 0.025:
            self.world.plan(self.rng.uniform(2, 10), lambda: self._mislead(copied))

    def _mislead(self, copied: Entry) -> None:
        """Let a copy say wrongly that an event is cancelled."""
        if copied.frozen or copied.truth.called_off or copied.truth.starts_at < self.world.now:
            return  # "the 9th is cancelled" would be right of an event that has moved from there
        owner = self.world.outlets[copied.truth.owner]
        if self._present(owner, copied.truth) in owner.shown(self.world.now):
            copied.says_cancelled, copied.goes_stale, copied.lag = True, False, timedelta()
            self.count("wrongly said cancelled")
