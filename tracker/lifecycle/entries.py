"""Follows the entries of a source from crawl to crawl, so that one entry keeps one key for life.

A source identifies its entries by ids of its own, which change: a calendar makes new ones at each fetch, a redesign
replaces all, an id holds the title or the date. And one id may stand for another event later: the page of the next
cohort has the address of the last. So an entry's key is assigned once, and ``shown_as`` says under which id the source
shows it now. The transitions of an entry are listed in ``docs/lifecycle.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from tracker.lifecycle.pairing import is_elsewhere, pair_equal, pair_similar
from tracker.lifecycle.rounds import is_another_round
from tracker.models.crawl_result import CrawlResult, KnownListing, Withdrawal
from tracker.models.listing import Listing
from tracker.models.raw_listing import RawListing, bounded_id
from tracker.models.record import content_hash_of

_USUALLY = Withdrawal()
_IF_EMPTY = Withdrawal(missing_for=timedelta(days=3))
"""If the source shows nothing at all, as a broken page does."""
_AT_ONCE = Withdrawal(1, timedelta())
_NUMBERED = "~"
"""Stands between an id and a number in the keys of the further entries that the id has stood for."""
_JUST_SEEN = timedelta(days=3)
_MAY_COME_BACK = timedelta(days=60)

_T = TypeVar("_T", RawListing, Listing)
Load = Callable[[Collection[str]], Mapping[str, Listing]]
"""Loads stored listings of the source by key."""


class Transition(StrEnum):
    """What happened to an entry in a crawl."""

    APPEARED = "appeared"
    CHANGED = "changed"
    MOVED = "moved"
    """It has another date."""
    RENAMED = "renamed"
    RECREATED = "re-created"
    """It says the same under another id."""
    NEXT_ROUND = "next round"
    """Its id stood for an earlier round, which keeps its own key."""
    BACK = "back"
    """It was missing or withdrawn."""


@dataclass(slots=True)
class Followed:
    """What became of the entries of a source in one crawl."""

    transitions: dict[str, Transition] = field(default_factory=dict)
    """By key; entries that have not changed are left out."""
    shown_as: dict[str, str] = field(default_factory=dict)
    """The id under which the source shows an entry now, by key; empty if that id stands for another entry now. Only
    entries for which that has changed."""
    moved_from: dict[str, date | datetime] = field(default_factory=dict)
    """The earlier start of entries that have moved, by key: other sources may still say it."""
    relocated: set[str] = field(default_factory=set)
    """Keys of entries that have another place than before: other sources may still say the earlier one."""
    withheld: set[str] = field(default_factory=set)
    """Keys of entries that are over and get another date in the past: what is over does not move."""


def follow_entries(result: CrawlResult, known: Mapping[str, KnownListing], load: Load, now: datetime) -> Followed:
    """Give each reading of ``result`` the key of the known entry that it is, or a new key.

    Args:
        result: the crawl result; its readings have the source's ids, and have keys afterwards.
        known: all entries of the source, by key.
        load: loads stored listings.
        now: the time of the crawl.
    """
    follower = _Follower(result, known, now)
    if follower.fresh or follower.changed:
        follower.follow(load)
    return follower.finish()


class _Follower:
    """Assigns keys to the readings of one crawl."""

    def __init__(self, result: CrawlResult, known: Mapping[str, KnownListing], now: datetime) -> None:
        self._result, self._known, self._now = result, known, now
        self._listings = {name: listing for name, (_, listing) in result.readings.items()}
        self._key_of = _holders(known, self._listings)
        self._followed = Followed()
        self.fresh = [name for name in self._listings if name not in self._key_of]
        self.changed = [name for name, key in self._key_of.items() if not self._is_unchanged(name, key)]

    def _is_unchanged(self, name: str, key: str) -> bool:
        # The stored texts name the key, so only entries shown under it can be compared by hash.
        raw, listing = self._result.readings[name]
        if name != key:
            raw, listing = _renamed(raw, key), _renamed(listing, key)
        return self._known[key].content_hash == content_hash_of(raw.canonical_bytes(), listing.canonical_bytes())

    def follow(self, load: Load) -> None:
        """Assign keys to new and changed readings."""
        vanished = self._vanished()
        earlier_rounds = self._earlier_rounds()
        before = load({*vanished, *earlier_rounds, *(self._key_of[name] for name in self.changed)})
        other = {name: self._key_of[name] for name in self.changed}
        new = {name: self._listings[name] for name in [*self.fresh, *other]}
        earlier = {key: before[key] for key in [*vanished, *earlier_rounds, *other.values()] if key in before}
        pairs = pair_equal(earlier, new)
        taken = set(pairs.values())
        for name, key in other.items():  # without an equal partner, the source's own id decides
            if name not in pairs and key not in taken:
                pairs[name] = key
        taken |= set(pairs.values())
        open_old = {key: each for key, each in earlier.items() if key not in taken and self._may_move(key, each)}
        open_new = {name: each for name, each in new.items() if name not in pairs}
        # What an incomplete result does not show may stand on a page that failed.
        if open_old and open_new and self._result.is_complete:
            pairs |= pair_similar(open_old, open_new, self._titles_beside(load, pairs), self._now, self._moved())
        for name in new:
            if name in pairs:
                self._key_of[name] = pairs[name]
            else:
                self._key_of.pop(name, None)
        self._part_rounds(before)
        for name, key in self._key_of.items():
            self._note(name, key, before.get(key))

    def _vanished(self) -> list[str]:
        """Return the keys of entries that are not shown, but were until lately or are still to come."""
        unchanged = set(self._result.unchanged_pages)
        held = set(self._key_of.values())
        latest = max((each.last_seen for each in self._known.values()), default=self._now)
        gone = [
            key
            for key, each in self._known.items()
            if key not in held
            and each.page_url not in unchanged
            and (each.last_seen >= latest - _JUST_SEEN or each.expected_until > self._now)
            and (each.withdrawn_at is None or each.withdrawn_at > self._now - _MAY_COME_BACK)
        ]
        return self._result.not_rejected({key: self._known[key].shown_as for key in gone})

    def _earlier_rounds(self) -> dict[str, str]:
        """Return the entries that changed ids have stood for before, with the id: a page may show an old copy."""
        changed = set(self.changed)
        return {
            key: name for key, each in self._known.items() if not each.shown_as and (name := _id_of(key)) in changed
        }

    def _may_move(self, key: str, listing: Listing) -> bool:
        """Return whether a vanished entry is still to come; that applications have closed does not matter."""
        begins = listing.when.starts_at if listing.when.start is not None else listing.ends_at
        return begins > self._now and self._known[key].withdrawn_at is None

    def _titles_beside(self, load: Load, pairs: Mapping[str, str]) -> list[str]:
        """Return the titles of the source's other entries, past and coming: a title that occurs often is a series."""
        taken = {*pairs.values(), *self._key_of.values()}
        shown = [each.title for name, each in self._listings.items() if name in self._key_of or name in pairs]
        return shown + [
            each.title for key, each in load(self._known.keys() - taken).items() if not self._may_move(key, each)
        ]

    def _moved(self) -> set[str]:
        return {key for key, each in self._known.items() if each.has_moved}

    def _part_rounds(self, before: Mapping[str, Listing]) -> None:
        """Take the key from readings whose id stood for an earlier round, which keeps it."""
        for name, key in list(self._key_of.items()):
            old, new = before.get(key), self._listings[name]
            if old is None:
                continue
            first_seen = self._known[key].first_seen
            if first_seen < old.ends_at <= self._now and new.ends_at <= self._now and old.when != new.when:
                self._followed.withheld.add(key)
            if is_another_round(old, new, first_seen=first_seen, now=self._now):
                del self._key_of[name]
                self._followed.shown_as[key] = ""
                self._followed.transitions[key] = Transition.NEXT_ROUND

    def _note(self, name: str, key: str, old: Listing | None) -> None:
        new, known = self._listings[name], self._known[key]
        if old is None:
            return
        if is_elsewhere(old, new):
            self._followed.relocated.add(key)
        has_moved = old.when.start != new.when.start
        if has_moved and old.when.start is not None and old.when.is_exact_to_the_day:
            self._followed.moved_from[key] = old.when.start
        if known.missed or known.withdrawn_at is not None:
            transition = Transition.BACK
        elif has_moved:
            transition = Transition.MOVED
        elif old.title != new.title:
            transition = Transition.RENAMED
        else:
            transition = Transition.RECREATED if known.shown_as != name else Transition.CHANGED
        self._followed.transitions[key] = transition

    def finish(self) -> Followed:
        """Rename the readings, and return what became of the entries."""
        followed, readings = self._followed, self._result.readings
        taken = {*self._known, *self._key_of.values()}
        renamed = {}
        for name, (raw, listing) in readings.items():
            key = self._key_of.get(name)
            if key is None:
                key = _unused(name, taken)
                taken.add(key)
                followed.transitions[key] = Transition.APPEARED
            if name != (self._known[key].shown_as if key in self._known else key):
                followed.shown_as[key] = name
            renamed[key] = (raw, listing) if name == key else (_renamed(raw, key), _renamed(listing, key))
        self._result.readings = renamed
        for key in _holders(self._known, self._listings).values():
            if key not in renamed and key not in followed.shown_as:
                followed.shown_as[key] = ""  # its id stands for another entry now
        return followed


def withdrawal_rule(result: CrawlResult, *, is_accepted: bool) -> Withdrawal:
    """Return when the entries that ``result`` does not show are withdrawn: at once if a person accepts the result."""
    if is_accepted:
        return _AT_ONCE
    return _USUALLY if result.readings else _IF_EMPTY


def _holders(known: Mapping[str, KnownListing], shown: Collection[str]) -> dict[str, str]:
    """Return the key of the entry that each shown id stands for."""
    return {each.shown_as: key for key, each in known.items() if each.shown_as in shown}


def _renamed(record: _T, key: str) -> _T:
    return record.model_copy(update={"source_id": key})


def _unused(name: str, taken: Collection[str]) -> str:
    key, number = name, 1
    while key in taken:
        number += 1
        key = f"{bounded_id(name)}{_NUMBERED}{number}"
    return key


def _id_of(key: str) -> str:
    """Return the id that an entry was first shown under."""
    name, tilde, number = key.rpartition(_NUMBERED)
    return name if tilde and number.isdigit() else key
