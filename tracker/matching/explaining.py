"""Explains why two listings are one event or not: their common blocks, score terms and vetoes, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from tracker.matching.blocks import NAMES, block_keys
from tracker.matching.pairs import Pairs
from tracker.matching.popularity import measure_popularity
from tracker.matching.profiles import read_profile
from tracker.matching.scoring import PERHAPS, score_pairs
from tracker.matching.table import Table
from tracker.matching.vetoes import VETOES
from tracker.models.listing import Listing, ListingKey


@dataclass(frozen=True, slots=True)
class Explanation:
    """The evidence for and against two listings being one event."""

    met: tuple[str, ...]
    """The kinds of block that both are in; if empty, they were never compared."""
    terms: dict[str, float]
    """Points by name of the term, without terms of 0 points."""
    points: float
    """Sum of all terms."""
    asked: float
    """Minimum number of points from which these two listings are one event."""
    vetoes: tuple[str, ...]
    """Names of the vetoes that make them two events, whatever the points."""

    @property
    def verdict(self) -> str:
        """The conclusion as one sentence."""
        if self.vetoes:
            return f"Two events: {', '.join(self.vetoes)}."
        if self.points >= self.asked:
            sure = f"{self.points:.0f} of {self.asked:.0f} points"
            return f"One event, unless either belongs to something else more surely: {sure}."
        nearly = "nearly enough, a person may know better" if self.points >= PERHAPS else "too little"
        return f"Two events: {self.points:.0f} of {self.asked:.0f} points, {nearly}."

    @property
    def tipped_by(self) -> str:
        """What decided, as one sentence; empty if a veto did, or if nothing by itself would have changed the answer."""
        missing = self.asked - self.points
        if self.vetoes:
            return ""
        if missing <= 0:
            needed = [name for name, points in self.terms.items() if points > 0 and points > -missing]
            return f"Without any one of these it would be two: {_listed(needed)}." if needed else ""
        against = [name for name, points in self.terms.items() if -points >= missing]
        return f"Without any one of these it would be one: {_listed(against)}." if against else ""

    def lines(self) -> Iterator[str]:
        """Yield the explanation line by line."""
        yield "Met in: " + ("; ".join(self.met) or "no block, so they were never compared")
        by_weight = sorted(self.terms.items(), key=lambda each: -abs(each[1]))
        for heading, terms in (
            ("For one event:", [each for each in by_weight if each[1] > 0]),
            ("Against it:", [each for each in by_weight if each[1] < 0]),
        ):
            if terms:
                yield heading
                yield from (f"  {points:+6.1f}  {words_of_term(name, points)}" for name, points in terms)
        yield f"  {self.points:+6.1f}  together, {self.asked:.0f} are asked for"
        yield from (f"  veto: {name}" for name in self.vetoes)
        yield self.verdict
        if self.tipped_by:
            yield self.tipped_by


_WORDS = {
    "title": ("the names agree", "the names differ"),
    "subject": ("", "the titles differ in the very word that tells siblings apart"),
    "kind": ("", "the titles name different kinds of event"),
    "link": ("they share a link; the fewer events it leads to, the more it says", ""),
    "site": ("", "a common title, on the sites of two organisers"),
    "start": ("they start at the same time", "they start at different times"),
    "end": ("they end at the same time", "they end at different times"),
    "place": ("the same place", "another place"),
    "organiser": ("the same organiser", "other organisers"),
    "deadline": ("the same deadline", "other deadlines"),
    "description": ("the descriptions share whole sentences", "the descriptions share nothing"),
    "same source": ("", "two entries of one source, which rarely lists an event twice"),
    "same platform": ("", "two entries of one platform, which lists nothing twice"),
}


def words_of_term(name: str, points: float) -> str:
    """Return what a term with these points says, after its name."""
    words = _WORDS[name][points < 0]
    return f"{name}: {words}" if words else name


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def explain_pair(listings: Iterable[Listing], one: ListingKey, other: ListingKey) -> Explanation:
    """Return the explanation for two of ``listings``; the others are needed to count how many share a link.

    Raises:
        KeyError: a key belongs to none of the listings.
    """
    profiles = [read_profile(listing) for listing in {listing.key: listing for listing in listings}.values()]
    named = {profile.key for profile in profiles}
    if missing := {one, other} - named:
        raise KeyError(min(missing))
    table = Table(profile for profile in profiles if profile.key in (one, other))
    pairs = Pairs(table, measure_popularity(Table(profiles)), np.array([0]), np.array([1]))
    scores = score_pairs(pairs)
    blocks = block_keys(table)
    shared = np.intersect1d(blocks.keys[blocks.rows == 0], blocks.keys[blocks.rows == 1])
    kinds = sorted(set(blocks.kinds[np.isin(blocks.keys, shared) & blocks.active].tolist()))
    return Explanation(
        met=tuple(NAMES[kind] for kind in kinds),
        terms={name: float(values[0]) for name, values in scores.terms.items() if round(float(values[0]), 1)},
        points=float(scores.total[0]),
        asked=float(scores.asked[0]),
        vetoes=tuple(name for name, veto in VETOES.items() if veto(pairs)[0]),
    )
