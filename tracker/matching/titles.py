"""Parses a title into values that can be compared: words with weights, the kind of event, and the edition."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from functools import cache, lru_cache

from tracker.matching.editions import Edition, read_edition
from tracker.matching.words import (
    WORD,
    Word,
    fold_title,
    format_bits,
    lists,
    placeholders,
    track_words,
    translations,
    word_of,
)

MOST_WORDS = 12
"""Maximum number of words of a title that are compared."""
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{0,80})[)\]]")
_LAST_PARTS = (re.compile(r"\s*[|·•]\s*([^|·•]*)$"), re.compile(r"\s+[-–—]\s+([^-–—]*)$"))
_EAGX = re.compile(r"\b(?:eagx|eaxg|egax|aegx) ?([a-z]{3,})")
_CUT = ("…", "...")


@dataclass(frozen=True, slots=True)
class Title:
    """A parsed title."""

    text: str
    """Its words, folded, without site names, status words and edition; common words translated to English."""
    words: tuple[Word, ...]
    """Its words in order, each once, without words of weight 0."""
    formats: int
    """One bit per kind of event that it names: hackathon, talk…"""
    edition: Edition
    """The edition that it names within a series."""
    edition_code: str
    """The edition as text; equal editions have equal texts."""
    spelled: tuple[str, ...]
    """All its words, including small ones, to match abbreviations."""
    tracks: tuple[int, ...]
    """Codes of the tracks of a programme that it ends with: ``– Policy Track``, ``(Undergraduate)``."""
    is_cut: bool
    """True if the source truncated it: ``AI Safety Hackathon for Emb…``"""
    codes: tuple[int, ...]
    """Codes of its first ``MOST_WORDS`` words."""
    spellings: tuple[int, ...]
    """Codes of the spellings of these words."""
    weights: tuple[float, ...]
    """Weights of these words."""
    initials: str
    """First letters of ``spelled``, then of those with a weight above 0, to find abbreviations."""


_NO_EDITION = Edition()
MOST_TRACKS = 2
_TRACK = re.compile(r"\(([^()]+)\)[^\w(]*$|[–—:|-]\s+([^–—:|()-]+)$|\b(\w+) track\b")


def _tracks_in(text: str) -> tuple[int, ...]:
    named = {
        word.text: word.code
        for part in _TRACK.findall(text)
        for spelled in WORD.findall(" ".join(part))
        for word in (word_of(each) for each in translations().get(spelled, spelled).split())
        if word.text in track_words()
    }
    return tuple(named.values())[:MOST_TRACKS]


@lru_cache(maxsize=65_536)
def read_title(title: str) -> Title:
    """Parse a title."""
    plain = _WORD_MARKS.sub(" ", title)
    folded = fold_title(plain)
    text = _with_phrases(_without_noise(folded))
    is_cut = title.rstrip().endswith(_CUT)
    edition, rest = read_edition(text, plain, folded)
    words: dict[str, Word] = {}
    formats = 0
    all_words = tuple(WORD.findall(rest))
    for spelled in all_words:
        for word in translations().get(spelled, spelled).split():
            each = word_of(word, spelled)
            formats |= format_bits().get(each.text, 0)
            if each.weight > 0 and each.text not in words:
                words[each.text] = each
    if is_cut and len(words) > 1 and not text.endswith(" "):
        last = WORD.findall(rest)[-1:]
        if last and last[0] in words:
            del words[last[0]]  # the last word of a truncated title may be incomplete
    initials = "".join(word[0] for word in all_words)
    initials += " " + "".join(word[0] for word in all_words if word_of(word).weight > 0)
    found = _without_placeholders(tuple(words.values()))
    compared = found[:MOST_WORDS]
    return Title(
        text=" ".join(word.text for word in found),
        words=found,
        formats=formats,
        edition=edition,
        edition_code=str(astuple(edition)) if edition != _NO_EDITION else "",
        spelled=all_words,
        tracks=_tracks_in(rest),
        is_cut=is_cut,
        codes=tuple(word.code for word in compared),
        spellings=tuple(word.spelling for word in compared),
        weights=tuple(word.weight for word in compared),
        initials=initials,
    )


_LITTLE = 0.25
"""Weight up to which the other words of a title do not make it one: "Private meetup"."""


def _without_placeholders(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words without those of a placeholder, if there is no title beside it: "TBA", "Kein Titel"."""
    others = tuple(word for word in words if not {word.text, word.spelled} & placeholders())
    return others if sum(word.weight for word in others) <= _LITTLE else words


_WORD_MARKS = re.compile('[\u200d\ufe0f\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff*_"“”„«»`´]')


def _without_noise(text: str) -> str:
    text = _BRACKETS.sub(_bracket, text).strip()
    for part in _LAST_PARTS:
        while (found := part.search(text)) and _is_noise(found[1].strip()):
            text = text[: found.start()]
    for _ in range(2 if _may_be_noise().search(text) else 0):
        stripped = _noise_at_edges().sub(" ", text).strip(" !–—-:|·•,")
        if not stripped:
            break
        text = stripped
    return text


def _bracket(found: re.Match[str]) -> str:
    inner = found[1].strip()
    return " " if _is_noise(inner) else f" ({inner}) "


def _is_noise(part: str) -> bool:
    return part in lists()["sites"] or part in lists()["modes"] or _noise().fullmatch(part) is not None


def _with_phrases(text: str) -> str:
    text = _EAGX.sub(r"eagx \1", text)
    if _phrase_words().isdisjoint(text.replace(":", " ").split()):
        return text
    return _phrases().sub(lambda found: lists()["phrases"][found[0]], text)


@cache
def _noise() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(lists()["noise"]) + r")[!. ]*")


@cache
def _may_be_noise() -> re.Pattern[str]:
    """Return a fast pre-filter for the slower patterns: most titles contain none of these words."""
    return re.compile("|".join(lists()["noise"]))


@cache
def _noise_at_edges() -> re.Pattern[str]:
    words = "|".join(lists()["noise"])
    return re.compile(rf"^\W*(?:{words})\s*[!:|–—-]+\s*|\s*[!:|–—,-]+\s*(?:{words})[!. ]*$")


@cache
def _phrases() -> re.Pattern[str]:
    longest_first = sorted(lists()["phrases"], key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")


@cache
def _phrase_words() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in lists()["phrases"])
