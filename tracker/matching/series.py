"""Events that belong to one series: the same meetup next week, the next cohort, the conference of another year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tracker.matching.grouping import Group
from tracker.matching.profiles import Profile, read_profile

_LEAST_WEIGHT, _TELLING_WEIGHT = 0.5, 1.5
"""Of the title's words: below the first it says nothing; from the second on, one source's equal titles are a series."""


def link_series(groups: Sequence[Group]) -> list[int | None]:
    """Return for each group the number of its series, or None where it stands alone.

    Two events are of one series if they have the same title, edition and date left out, and share an organiser, an
    address or a city; they are never one event for that.
    """
    sharing: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for number, group in enumerate(groups):
        for key in {key for listing in group.listings for key in _keys(read_profile(listing))}:
            sharing[key].append(number)
    leader = list(range(len(groups)))

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for numbers in sharing.values():
        for other in numbers[1:]:
            one, two = sorted((find(numbers[0]), find(other)))
            leader[two] = one
    sizes: dict[int, int] = defaultdict(int)
    for number in range(len(groups)):
        sizes[find(number)] += 1
    return [find(number) if sizes[find(number)] > 1 else None for number in range(len(groups))]


def _keys(profile: Profile) -> Iterator[tuple[str, str, int]]:
    weight = sum(word.weight for word in profile.title.words)
    if weight < _LEAST_WEIGHT:
        return
    core = " ".join(sorted(word.text for word in profile.title.words))
    yield from ((core, "organiser", name) for name in profile.names)
    yield from ((core, "link", link) for link in profile.links)
    yield from ((core, "city", spot.city) for spot in profile.spots if spot.city)
    if weight >= _TELLING_WEIGHT:
        yield (core, "source", profile.source)
