"""How sources write the title of one event differently."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from random import Random

from benchmarks.matching.truth import Truth
from benchmarks.matching.words import City, lists

_YEAR = re.compile(r"[ ,–-]*\b(19|20|21)\d\d\b")
_PARTS = re.compile(r": | – | — ")
_LANGUAGES = {"de": 1, "fr": 2, "es": 3}
_CUT = 42


def edited_title(truth: Truth, rng: Random, edits: int, language: str = "") -> str:
    """Return the title of ``truth`` after so many ``edits``, in ``language`` (``de``, ``fr``, ``es``) if given."""
    title = truth.title
    if language:
        title = translated(title, language)
    drawn = rng.choices(_EDITS, cum_weights=_WEIGHTS, k=edits)
    for edit in sorted(drawn, key=_is_outside):  # a prefix is never taken for the title
        title = edit(title, truth, rng)
    return title.strip(" :–—-") or truth.title


def translated(title: str, language: str) -> str:
    """Return ``title`` with the usual words of events put into ``language``; names and rarer topics stay.

    >>> translated("AI Safety Hackathon", "de")
    'Hackathon zu KI-Sicherheit'
    """
    pattern, table = _dictionary(language)
    title = pattern.sub(lambda found: table[found[0].lower()], title)
    return title[0].upper() + title[1:]


@cache
def _dictionary(language: str) -> tuple[re.Pattern[str], dict[str, str]]:
    rows = lists()["translations"]["words"]
    table = {row[0].lower(): row[_LANGUAGES[language]] for row in rows}
    return re.compile(r"\b(" + "|".join(re.escape(row[0]) for row in rows) + r")\b", re.IGNORECASE), table


def _prefix(title: str, truth: Truth, rng: Random) -> str:
    body = truth.cohost if truth.cohost and rng.random() < 0.3 else truth.organizer
    name = body.short if rng.random() < 0.5 else body.name
    return title if title.startswith(name) else f"{name}{rng.choice((': ', ': ', ' | ', ' – '))}{title}"


def _site_suffix(title: str, truth: Truth, rng: Random) -> str:
    del truth
    return f"{title}{rng.choice(lists()['edits']['site_suffix'])}"


def _call(title: str, truth: Truth, rng: Random) -> str:
    del truth
    return f"{title}{rng.choice(lists()['edits']['call'])}"


def _mark(title: str, truth: Truth, rng: Random) -> str:
    mark: str = rng.choice(lists()["edits"]["mark"])
    if truth.city is not None and "Online" in mark:
        mark = "Event: "
    return f"{title} {mark.strip()}" if mark.startswith("[") and rng.random() < 0.3 else mark + title


def _emoji(title: str, truth: Truth, rng: Random) -> str:
    del truth
    emoji: str = rng.choice(lists()["edits"]["emoji"])
    return emoji + title if rng.random() < 0.6 else f"{title} {emoji.strip()}"


def _year(title: str, truth: Truth, rng: Random) -> str:
    if _YEAR.search(title):
        return _YEAR.sub("", title, count=1)
    return f"{title} {truth.day.year}" if rng.random() < 0.8 else f"{title} ({truth.day.year})"


def _abbreviate(title: str, truth: Truth, rng: Random) -> str:
    if truth.organizer.name in title and rng.random() < 0.5:
        return title.replace(truth.organizer.name, truth.organizer.short)
    lowered = title.lower()
    rows = [row for row in lists()["abbreviations"] if row["long"].lower() in lowered]
    if not rows:
        return _typo(title, truth, rng)
    row = rng.choice(rows)
    at = lowered.index(row["long"].lower())
    return f"{title[:at]}{row['short']}{title[at + len(row['long']) :]}"


def _expand(title: str, truth: Truth, rng: Random) -> str:
    if truth.organizer.short in title and truth.organizer.name not in title and rng.random() < 0.5:
        return title.replace(truth.organizer.short, truth.organizer.name)
    words = title.split(" ")
    rows = [row for row in lists()["expansions"] if row["short"] in words]
    if not rows:
        return _case(title, truth, rng)
    row = rng.choice(rows)
    return " ".join(row["long"] if word == row["short"] else word for word in words)


def _typo(title: str, truth: Truth, rng: Random) -> str:
    del truth
    words = title.split(" ")
    long_ones = [index for index, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    if not long_ones:
        return title
    index = rng.choice(long_ones)
    word = words[index]
    at = rng.randrange(1, len(word) - 1)
    kind = rng.random()
    if kind < 0.4:
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    elif kind < 0.75:
        word = word[:at] + word[at + 1 :]
    else:
        word = word[:at] + word[at] + word[at:]
    words[index] = word
    return " ".join(words)


def _case(title: str, truth: Truth, rng: Random) -> str:
    del truth
    return rng.choice((title.upper(), title.lower(), title.title()))


def _cut(title: str, truth: Truth, rng: Random) -> str:
    if len(title) <= _CUT + 3 or truth.keeps_subtitle:
        return title
    return title[: _CUT - rng.randrange(4)].rstrip() + "…"


def _in_city(title: str, truth: Truth, rng: Random) -> str:
    city: City | None = truth.city
    if city is None:
        return f"{title} (online)"
    name = city.name if rng.random() < 0.75 else rng.choice(city.aliases)
    return title if city.name in title else title + rng.choice((" in {}", " – {}", " ({})", ", {}")).format(name)


def _reorder(title: str, truth: Truth, rng: Random) -> str:
    del truth
    found = _PARTS.search(title)
    if not found:
        return title
    return f"{title[found.end() :]}{rng.choice((': ', ' – ', ' | '))}{title[: found.start()]}"


def _subtitle(title: str, truth: Truth, rng: Random) -> str:
    found = _PARTS.search(title)
    if found and not truth.keeps_subtitle and not _says_nothing(title[: found.start()]):
        return title[: found.start()]
    return f"{title}{rng.choice((': ', ' – '))}{rng.choice(lists()['edits']['added'])}"


def _says_nothing(head: str) -> bool:
    heads: list[str] = lists()["edits"]["empty_heads"]
    return len(head) <= 8 or head.lower().startswith(tuple(heads))


def _speaker(title: str, truth: Truth, rng: Random) -> str:
    if not truth.speaker or truth.speaker in title:
        return _prefix(title, truth, rng)
    return f"{truth.speaker}: {title}" if rng.random() < 0.5 else f"{title} with {truth.speaker}"


_TABLE: dict[Callable[[str, Truth, Random], str], int] = {
    _prefix: 14,
    _site_suffix: 12,
    _call: 8,
    _mark: 8,
    _emoji: 6,
    _year: 8,
    _abbreviate: 11,
    _expand: 5,
    _typo: 8,
    _case: 6,
    _cut: 6,
    _in_city: 8,
    _reorder: 6,
    _subtitle: 8,
    _speaker: 4,
}
_OUTSIDE = frozenset({_prefix, _site_suffix, _call, _mark, _emoji})


def _is_outside(edit: Callable[[str, Truth, Random], str]) -> bool:
    """Say whether ``edit`` puts something around the title; such edits come last."""
    return edit in _OUTSIDE


_EDITS = tuple(_TABLE)
_WEIGHTS = tuple(sum(list(_TABLE.values())[: index + 1]) for index in range(len(_TABLE)))
_LIGHT = (_site_suffix, _emoji, _prefix, _mark, _typo)


def lightly_edited_title(truth: Truth, rng: Random) -> str:
    """Return the title as the first source writes it: mostly untouched."""
    if rng.random() < 0.86:
        return truth.title
    return rng.choice(_LIGHT)(truth.title, truth, rng)
