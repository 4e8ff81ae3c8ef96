"""Words for what something is → types."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.models.vocabulary import EventType
from tracker.reading.lookups import fold, meaning_of, meanings
from tracker.reading.reading import Certainty, Reading

# These words are in many titles without being what the event is: "AI Safety Camp", "prize", "panel".
_TOO_COMMON_IN_TITLES = frozenset(
    {"camp", "challenge", "prize", "forum", "panel", "talks", "party", "march", "paid", "job", "jobs", "other",
     "social", "discussion", "remote", "funding", "intensive"}
)  # fmt: skip


def read_types(words: Iterable[str], title: str) -> Reading[tuple[EventType, ...]]:
    """Return the types that the source's own words name; without any, the one the title names.

    >>> read_types(["Hackathon"], "").value
    (<EventType.HACKATHON: 'hackathon'>,)
    """
    said = [word for word in words if word.strip()]
    known = [EventType(meaning) for word in said if (meaning := meaning_of("types", word))]
    if known:
        return Reading(tuple(dict.fromkeys(known)), Certainty.SURE, ", ".join(said))
    in_title = f" {' '.join(''.join(c if c.isalnum() else ' ' for c in fold(title)).split())} "
    for spelling, meaning in sorted(meanings("types").items(), key=lambda pair: -len(pair[0])):
        if spelling not in _TOO_COMMON_IN_TITLES and f" {spelling} " in in_title:
            return Reading((EventType(meaning),), Certainty.LIKELY, spelling)
    return Reading((EventType.OTHER,) if said else ())
