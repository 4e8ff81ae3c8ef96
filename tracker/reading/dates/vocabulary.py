"""Loads the vocabulary of dates in seven languages: months, weekdays, seasons, joining words."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cache

from tracker.reading.lookups import load


def fold_word(word: str) -> str:
    """Return ``word`` in lower case without accents, the form used for lookups.

    >>> fold_word("März"), fold_word("août")
    ('marz', 'aout')
    """
    folded = word.casefold().replace("’", "'")
    if folded.isascii():
        return folded
    return "".join(char for char in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(char))


@dataclass(frozen=True)
class DateVocabulary:
    """Meanings of words, by spelling as :func:`plain` returns it."""

    months: dict[str, int] = field(default_factory=dict)
    """1 to 12"""
    weekdays: dict[str, int] = field(default_factory=dict)
    """0 (Monday) to 6"""
    parts: dict[str, str] = field(default_factory=dict)
    """early, mid, late"""
    seasons: dict[str, int] = field(default_factory=dict)
    """First month of the season, for the northern hemisphere as is usual in the field."""
    relative: dict[str, str] = field(default_factory=dict)
    """today, tomorrow, this, next, every"""
    ordinals: dict[str, int] = field(default_factory=dict)
    """1 to 4, and -1 for "last\""""
    numbers: dict[str, int] = field(default_factory=dict)
    """one to four; "other", as in "every other week", is two"""
    frequencies: dict[str, str] = field(default_factory=dict)
    """1d, 1w, 2w, 1m"""
    fractions: dict[str, str] = field(default_factory=dict)
    """Q (quarter) and H (half) of a year"""
    units: dict[str, str] = field(default_factory=dict)
    """day, week, month, year, weekend"""
    clocks: dict[str, str] = field(default_factory=dict)
    """noon, midnight, end_of_day"""
    joins: dict[str, frozenset[str]] = field(default_factory=dict)
    """``joins["to"]``: the words between two ends of a span."""
    not_dates: dict[str, frozenset[str]] = field(default_factory=dict)
    """Words near a number or month that rule it out as a date."""
    streets: frozenset[str] = frozenset()
    """Words that make a following date the name of a street."""
    anchors: frozenset[str] = frozenset()
    """Calendar words: text without any of these and without a digit holds no date."""
    beginnings: frozenset[str] = frozenset()
    """Words with which a date may begin, other than the names of months and weekdays."""
    risky_months: frozenset[str] = frozenset()
    """Abbreviations of months that are also ordinary words: "set", "out", "ago"."""
    risky_weekdays: frozenset[str] = frozenset()
    """Abbreviations of weekdays that are also ordinary words: "do", "so", "sex"."""
    verbs: frozenset[str] = frozenset()
    """Months that are other words in lower case: "you may apply"."""


@cache
def words() -> DateVocabulary:
    """Return the words of all languages."""
    names, data = load("calendar_names"), load("calendar_words")
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for language in names.values():
        for table, rows, offset in ((months, language["months"], 1), (weekdays, language["weekdays"], 0)):
            for number, spellings in enumerate(rows):
                for spelling in spellings:
                    table.setdefault(fold_word(spelling), number + offset)
    for table, extra in ((months, data["months"]), (weekdays, data["weekdays"])):
        table.update({fold_word(spelling): int(number) for number, each in extra.items() for spelling in each})
    # "mar" is March rather than Tuesday (martes, mardi, martedì) by default: days.py checks the token after it.
    weekdays.pop("mar")
    lookups = {name: _by_spelling(data[name]) for name in ("parts", "seasons", "relative", "units", "clocks")}
    anchors = {*months, *weekdays, *lookups["relative"], *lookups["seasons"], *lookups["clocks"], "week", "weekly"}
    anchors |= {f"{weekday}s" for weekday in weekdays if len(weekday) > 4} | set(_by_spelling(data["frequencies"]))
    anchors |= set(_by_spelling(data["ordinals"])) | set(lookups["units"])
    season_months = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
    return DateVocabulary(
        months=months,
        weekdays=weekdays,
        parts=lookups["parts"],
        seasons={word: season_months[name] for word, name in lookups["seasons"].items()},
        relative=lookups["relative"],
        ordinals={word: int(number) for word, number in _by_spelling(data["ordinals"]).items()},
        numbers={word: int(number) for word, number in _by_spelling(data["numbers"]).items()},
        frequencies=_by_spelling(data["frequencies"]),
        fractions=_by_spelling(data["fractions"]),
        units=lookups["units"],
        clocks=lookups["clocks"],
        joins={name: frozenset(map(fold_word, spellings)) for name, spellings in data["joins"].items()},
        not_dates={name: frozenset(map(fold_word, spellings)) for name, spellings in data["not_dates"].items()},
        streets=frozenset(map(fold_word, data["street_words"]["words"])),
        anchors=frozenset(anchors),
        beginnings=frozenset(
            {"w", "the", *_by_spelling(data["ordinals"])}.union(
                *(lookups[name] for name in ("parts", "seasons", "relative", "units"))
            )
        ),
        risky_months=frozenset(data["risky"]["months"]),
        risky_weekdays=frozenset(data["risky"]["weekdays"]),
        verbs=frozenset(data["risky"]["verbs"]),
    )


def _by_spelling(groups: dict[str, list[str]]) -> dict[str, str]:
    return {fold_word(spelling): name for name, spellings in groups.items() for spelling in spellings}
