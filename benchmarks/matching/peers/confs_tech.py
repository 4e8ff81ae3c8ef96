"""The duplicate rule of confs.tech, whose thresholds its editors tuned on 20,000 conferences.

Source: github tech-conferences/conference-data, scripts/utils/mergedConferencesReader.ts (August 2026). A conference
repeats an earlier one of the same year if it has the same link, city and month; or if it starts within 15 days of it
in the same city (or exactly one of the two has no city) and

* their links are alike: over 0.905, or
* they stand on one host, and their names are alike (over 0.91) or name and path together are (over 0.77).

Likeness is Dice's coefficient of the bigrams, in lower case. Two things are ours: listings without a link, which that
list does not take, stay alone; and to end in time, links are only compared on one host or where their last part is
equal, which loses links that are over 90 % alike on two different hosts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tracker.models.listing import Listing

NAME = "confs.tech rule"
DAYS = 15
"""The most days between two starts."""
LIKE_LINKS, LIKE_NAMES, LIKE_KEYS = 0.905, 0.91, 0.77
"""What each likeness, a share of one, must exceed."""


@dataclass(frozen=True, slots=True)
class _Conference:
    number: int
    day: int
    year: int
    city: str
    host: str
    link: Counter[str]
    name: Counter[str]
    key: Counter[str]

    def repeats(self, other: _Conference) -> bool:
        if abs(self.day - other.day) > DAYS or self.year != other.year:
            return False
        if self.city != other.city and self.city and other.city:
            return False
        if _dice(self.link, other.link) > LIKE_LINKS:
            return True
        same_host = self.host == other.host
        return same_host and (_dice(self.name, other.name) > LIKE_NAMES or _dice(self.key, other.key) > LIKE_KEYS)


def cluster(listings: Sequence[Listing]) -> list[int]:
    """Return the cluster of each listing: that of the first kept one it repeats."""
    clusters = list(range(len(listings)))
    same: dict[tuple[str, str, str], int] = {}
    kept: dict[tuple[str, int], list[_Conference]] = defaultdict(list)
    for number, listing in enumerate(listings):
        day = listing.when.first_day
        if listing.url is None or day is None:
            continue
        parts = urlsplit(listing.url)
        host, path = (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/")
        city = listing.places[0].city if listing.places else ""
        exact = (host + path, city, f"{day:%Y-%m}")
        if exact in same:
            clusters[number] = same[exact]
            continue
        link, name = host + path, listing.title
        bags = (_bigrams(link), _bigrams(name), _bigrams(f"{name}-{path}"))
        conference = _Conference(number, day.toordinal(), day.year, city, host, *bags)
        slug = path.rpartition("/")[2]
        blocks = [host, f"/{slug}"] if slug else [host]
        month = day.toordinal() // 31
        near = (other for block in blocks for near in (-1, 0, 1) for other in kept[block, month + near])
        first = min((other.number for other in near if conference.repeats(other)), default=number)
        clusters[number] = same[exact] = first
        if first == number:
            for block in blocks:
                kept[block, month].append(conference)
    return clusters


def _bigrams(text: str) -> Counter[str]:
    text = text.lower()
    return Counter(text[at : at + 2] for at in range(len(text) - 1))


def _dice(left: Counter[str], right: Counter[str]) -> float:
    sizes = left.total() + right.total()
    return 2 * (left & right).total() / sizes if sizes else 0.0
