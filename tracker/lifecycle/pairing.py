"""Pairs entries that a source no longer shows with entries that it newly shows: the same, moved, renamed or re-created.

A wrong pair gives one id to two events, which is worse than a missed pair: so a pair needs signs that only the same
event has, and must be the best of both its entries.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from tracker.lifecycle.rounds import names_other_edition
from tracker.matching.titles import Title, read_title
from tracker.models.listing import Listing
from tracker.models.text import fold
from tracker.models.vocabulary import Mode

_MOVES_BY = timedelta(days=120)
"""Maximum time by which an event moves; a later one of the same title is another."""
_MOVES_IN_SERIES = timedelta(days=3)
"""Maximum time by which one event of a series moves: less than half a week, or it could be the next."""
_ABOUT_TO_BEGIN = timedelta(days=4)
"""An event that vanishes so shortly before its begin mostly makes room for the next."""
_SAME_DAY = timedelta(hours=20)
_SIMILAR = 0.6
"""Minimum share of the weight of two titles' words that both have."""
_RELATED = 0.3
_LONG_TEXT = 80
_MOST_MET = 60
"""A sign that more new entries have says nothing; nor are more compared because of their time."""


def pair_equal(old: Mapping[str, Listing], new: Mapping[str, Listing]) -> dict[str, str]:
    """Return the old key of each new id that says the same: title, start or deadlines, and link; else no other city.

    Only what is unique on both sides is paired.
    """
    pairs: dict[str, str] = {}
    for with_link in (True, False):
        taken = set(pairs.values())
        before = _by_content({key: each for key, each in old.items() if key not in taken}, with_link=with_link)
        after = _by_content({name: each for name, each in new.items() if name not in pairs}, with_link=with_link)
        pairs |= {
            names[0]: before[content][0]
            for content, names in after.items()
            if len(names) == 1
            and len(before.get(content, ())) == 1
            and (with_link or not is_elsewhere(old[before[content][0]], new[names[0]]))
        }
    return pairs


def _by_content(listings: Mapping[str, Listing], *, with_link: bool) -> dict[tuple[object, ...], list[str]]:
    found: dict[tuple[object, ...], list[str]] = {}
    for name, each in listings.items():
        closings = tuple(deadline.at for deadline in each.deadlines)
        if not each.recurring and (each.when.start is not None or any(closings)):
            when = each.when.start or closings
            where = each.url or tuple(fold(place.raw) for place in each.places) if with_link else None
            found.setdefault((fold(each.title), when, where), []).append(name)
    return found


def pair_similar(
    old: Mapping[str, Listing],
    new: Mapping[str, Listing],
    beside: Iterable[str],
    now: datetime,
    moved: Collection[str] = frozenset(),
) -> dict[str, str]:
    """Return the old key of each new id that is the same event with another date, title or address.

    Args:
        old: entries to come that are not shown any more, by key.
        new: entries that were not shown before, by id.
        beside: titles of the source's other entries.
        now: the time of the crawl.
        moved: keys of entries that have moved before; a slot that shows the next date again and again does so.
    """
    names = Counter(_name(each) for each in beside)
    titles = names + Counter(map(_name, (each.title for each in old.values())))
    newer = names + Counter(map(_name, (each.title for each in new.values())))
    in_series = {name for counts in (titles, newer) for name, count in counts.items() if count > 1}
    shared = _repeated([*old.values()]) | _repeated([*new.values()])
    found = []
    for key, name in _candidates(old, new):
        one, other = old[key], new[name]
        is_series = key in moved or _name(one.title) in in_series
        points = _points(one, other, is_series=is_series, shared_links=shared, now=now)
        if points > 0:
            found.append((-points, abs(_shift(one, other)), key, name))
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, key, name in sorted(found):
        if name not in pairs and key not in taken:
            pairs[name] = key
            taken.add(key)
    return pairs


def _candidates(old: Mapping[str, Listing], new: Mapping[str, Listing]) -> Iterator[tuple[str, str]]:
    """Yield the pairs worth comparing: about the same time, or a link, a text or a telling word of the title in common.

    A source may replace thousands of entries at once.
    """
    signs: dict[object, list[str]] = {}
    for name, each in new.items():
        for sign in _signs(each):
            signs.setdefault(sign, []).append(name)
    dated = sorted((each.when.starts_at, name) for name, each in new.items() if each.when.start is not None)
    for key, each in old.items():
        met = dict.fromkeys(
            name for sign in _signs(each) if len(signs.get(sign, ())) <= _MOST_MET for name in signs.get(sign, ())
        )
        if each.when.start is not None:
            start = each.when.starts_at
            first = bisect_left(dated, (start - _MOVES_IN_SERIES, ""))
            last = bisect_right(dated, (start + _MOVES_IN_SERIES, "\U0010ffff"))
            near = sorted(dated[first:last], key=lambda at: (abs(at[0] - start), at[1]))
            met |= dict.fromkeys(name for _, name in near[:_MOST_MET])
        yield from ((key, name) for name in met)


def _signs(listing: Listing) -> Iterator[object]:
    yield from (word.code for word in read_title(listing.title).words)
    yield _name(listing.title)
    if listing.url:
        yield listing.url
    if len(listing.description) > _LONG_TEXT:
        yield listing.description


def _points(old: Listing, new: Listing, *, is_series: bool, shared_links: set[str], now: datetime) -> int:
    """Return how surely two entries are one event; 0 if they may be two."""
    if old.recurring != new.recurring:
        return 0
    likeness, containment = compare_titles(old.title, new.title)
    is_same_time = _is_same_time(old, new)
    is_same_link = old.url is not None and old.url == new.url and old.url not in shared_links
    is_same_place = _place(old) == _place(new) and _place(old) is not None
    elsewhere = is_elsewhere(old, new)
    says_the_same = len(old.description) > _LONG_TEXT and old.description == new.description
    is_other_edition = names_other_edition(old.title, new.title)
    if is_same_time and not (is_other_edition and is_series):
        if max(likeness, containment) >= _SIMILAR and not (elsewhere and is_series):
            return 9 + is_same_link + is_same_place + says_the_same
        if is_same_link or says_the_same or (is_same_place and likeness >= _RELATED):
            return 6 + is_same_link + says_the_same
        return 0
    if is_other_edition or elsewhere or max(likeness, containment) < _SIMILAR:
        return 0
    shift = _shift(old, new)
    is_imminent = old.when.start is not None and old.when.starts_at - now < _ABOUT_TO_BEGIN
    if is_imminent and shift > (_SAME_DAY if is_series else _MOVES_IN_SERIES):
        return 0
    if is_series and not is_same_link:
        return 4 if abs(shift) <= _MOVES_IN_SERIES else 0
    if likeness < _SIMILAR or abs(shift) > _MOVES_BY:
        return 0
    return 5 + is_same_link + says_the_same


def _is_same_time(old: Listing, new: Listing) -> bool:
    if old.when.start is None and new.when.start is None:
        closings = [{each.at for each in listing.deadlines if each.at} for listing in (old, new)]
        return bool(closings[0] & closings[1])
    is_coarse = old.when.precision is not new.when.precision
    return old.when.first_day == new.when.first_day if is_coarse else old.when.start == new.when.start


def _shift(old: Listing, new: Listing) -> timedelta:
    if old.when.start is not None and new.when.start is not None:
        return new.when.starts_at - old.when.starts_at
    if old.when.start is None and new.when.start is None:
        closings = [[each.closes_at for each in listing.deadlines if each.closes_at] for listing in (old, new)]
        return max(closings[1]) - max(closings[0]) if all(closings) else timedelta.max
    return timedelta.max  # one has a date, the other only a deadline


def _place(listing: Listing) -> object:
    if listing.places:
        return tuple((each.city, each.country) if each.city else fold(each.raw) for each in listing.places)
    return Mode.ONLINE if listing.mode is Mode.ONLINE else None


def is_elsewhere(old: Listing, new: Listing) -> bool:
    """Return whether both say where, and nothing that they say is the same."""
    here, there = _place(old), _place(new)
    return here is not None and there is not None and here != there


def _repeated(listings: Iterable[Listing]) -> set[str]:
    return {url for url, count in Counter(each.url for each in listings).items() if url and count > 1}


def _name(title: str) -> str:
    return read_title(title).text or fold(title)


def compare_titles(one: str, other: str) -> tuple[float, float]:
    """Return the weight of the words that two titles share, as a share of all their words and of the lighter title."""
    if fold(one) == fold(other):
        return 1.0, 1.0
    left, right = _weights(read_title(one)), _weights(read_title(other))
    shared = sum(left[word] for word in left.keys() & right.keys())
    total, least = sum((left | right).values()), min(sum(left.values()), sum(right.values()))
    return (shared / total, shared / least) if least else (0.0, 0.0)


def _weights(title: Title) -> dict[int, float]:
    return {word.code: word.weight for word in title.words}
