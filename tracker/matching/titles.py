"""A title → what can be compared: words with weights, the kind of thing it names, and which edition."""

from __future__ import annotations

import re
import tomllib
from dataclasses import astuple, dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA

from tracker.matching.editions import Edition, read_edition
from tracker.reading.lookups import fold

MOST_WORDS = 12
"""Words of a title that are compared."""
_WEIGHTS = {"nothing": 0.0, "little": 0.25, "some": 0.6}
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<![su])s$")
_WORD = re.compile(r"[^\W_]+")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{0,80})[)\]]")
_LAST_PARTS = (re.compile(r"\s*[|·•]\s*([^|·•]*)$"), re.compile(r"\s+[-–—]\s+([^-–—]*)$"))
_EAGX = re.compile(r"\b(?:eagx|eaxg|egax|aegx) ?([a-z]{3,})")
_CUT = ("…", "...")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a title, as it is compared."""

    text: str
    code: int
    """A hash of 31 bits that is the same in every process."""
    weight: float
    """How much sharing it says: 0 for "the", 0.25 for "safety", 1 for a name."""
    spelled: str = field(compare=False)
    """As it stands in the title, where that is another word: ``seminar`` for ``talk``."""
    spelling: int = field(compare=False)
    """A hash of 63 bits of both, likewise."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title, taken apart."""

    text: str
    """Without site names, status words and edition; folded; words in English where the word is a common one."""
    words: tuple[Word, ...]
    """Its words in order, each once, those that say nothing left out."""
    formats: int
    """One bit per kind of thing it names: hackathon, talk…"""
    edition: Edition
    """Which one of a series it names."""
    edition_code: str
    """That as text; equal editions have equal texts."""
    spelled: tuple[str, ...]
    """All its words, small ones too: what an abbreviation may stand for."""
    tracks: tuple[int, ...]
    """Codes of the tracks of a programme that it ends with: ``– Policy Track``, ``(Undergraduate)``."""
    is_cut: bool
    """True if the source cut it off: ``AI Safety Hackathon for Emb…``"""
    codes: tuple[int, ...]
    """Codes of its first ``MOST_WORDS`` words."""
    spellings: tuple[int, ...]
    """Codes of their spellings."""
    weights: tuple[float, ...]
    """Their weights."""
    initials: str
    """First letters of ``spelled``, then those of its words that say something: what may be abbreviated."""


_NO_EDITION = Edition()
MOST_TRACKS = 2
_TRACK = re.compile(r"\(([^()]+)\)[^\w(]*$|[–—:|-]\s+([^–—:|()-]+)$|\b(\w+) track\b")


def _tracks_in(text: str) -> tuple[int, ...]:
    named = {
        word.text: word.code
        for part in _TRACK.findall(text)
        for spelled in _WORD.findall(" ".join(part))
        for word in (word_of(each) for each in _translations().get(spelled, spelled).split())
        if word.text in _track_words()
    }
    return tuple(named.values())[:MOST_TRACKS]


@cache
def _track_words() -> frozenset[str]:
    return frozenset(word_of(word).text for word in _data()["tracks"]["words"])


@lru_cache(maxsize=65_536)
def read_title(title: str) -> Title:
    """Take a title apart."""
    plain = _WORD_MARKS.sub(" ", title)
    folded = _fold(plain)
    text = _with_phrases(_without_noise(folded))
    is_cut = title.rstrip().endswith(_CUT)
    edition, rest = read_edition(text, plain, folded)
    words: dict[str, Word] = {}
    formats = 0
    all_words = tuple(_WORD.findall(rest))
    for spelled in all_words:
        for word in _translations().get(spelled, spelled).split():
            each = word_of(word, spelled)
            formats |= _format_bits().get(each.text, 0)
            if each.weight > 0 and each.text not in words:
                words[each.text] = each
    if is_cut and len(words) > 1 and not text.endswith(" "):
        last = _WORD.findall(rest)[-1:]
        if last and last[0] in words:
            del words[last[0]]  # half a word says nothing
    initials = "".join(word[0] for word in all_words)
    initials += " " + "".join(word[0] for word in all_words if word_of(word).weight > 0)
    found = tuple(words.values())
    compared = found[:MOST_WORDS]
    return Title(
        text=" ".join(words),
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


@lru_cache(maxsize=65_536)
def word_of(word: str, spelled: str = "") -> Word:
    """Return a folded word as it is compared: in the singular, with its weight."""
    stem = word if word in _weights() or word in _format_bits() else _PLURAL.sub("", word)
    if len(stem) >= _LONG_ENOUGH and stem not in _kinds_and_weights():
        stem = _without_typo(stem)
    # "3" may be anything; "1047" is a name.
    weight = float(len(stem) > 2) if stem.isdigit() else _weights().get(stem, 1.0)
    code, spelled = crc32(stem.encode()) & 0x7FFF_FFFF or 1, spelled or stem
    return Word(stem, code, weight, spelled, code << 32 | crc32(spelled.encode()))


def _without_typo(word: str) -> str:
    """Return the kind of thing that a misspelled word means ("worksohp"), or the word: kinds decide too much."""
    meant = [known for known in _long_kinds() if OSA.distance(word, known, score_cutoff=1) <= 1]
    return meant[0] if len(meant) == 1 else word


_LONG_ENOUGH = 6


@cache
def _long_kinds() -> tuple[str, ...]:
    kinds = {*_format_bits(), *_data()["beside"]["words"]}
    return tuple(sorted(word for word in kinds if len(word) >= _LONG_ENOUGH))


@cache
def _kinds_and_weights() -> frozenset[str]:
    return frozenset({*_weights(), *_format_bits(), *_data()["beside"]["words"], *_translations().values()})


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of any name, those that say nothing left out."""
    found = (
        word_of(word)
        for spelled in _WORD.findall(_fold(text))
        for word in _translations().get(spelled, spelled).split()
    )
    return tuple({word.text: word for word in found if word.weight > 0}.values())


def programme_formats() -> int:
    """Return the bits of kinds that are never one and the same: a fellowship is no bootcamp."""
    data = _data()["formats"]
    return sum(1 << number for number, name in enumerate(data) if name in data["programmes"])


def format_of(word: str) -> int:
    """Return the bits of the kinds that a word names, or 0."""
    return _format_bits().get(word, 0)


@cache
def format_codes() -> npt.NDArray[np.int64]:
    """Return the codes of all words that name a kind of thing."""
    return np.array(sorted(word_of(word).code for word in _format_bits()), dtype=np.int64)


@cache
def beside_codes() -> npt.NDArray[np.int64]:
    """Return the codes of words for what takes place beside something else and is named after it."""
    return np.array(sorted(word_of(word).code for word in _data()["beside"]["words"]), dtype=np.int64)


def format_bit(name: str) -> int:
    """Return the bit of one kind of thing."""
    return 1 << list(_data()["formats"]).index(name)


_WORD_MARKS = re.compile('[\u200d\ufe0f\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff*_"“”„«»`´]')
_DASHES = re.compile(r"(?<=[^\W\d_])[-‐-‒](?=[^\W\d_])|(?<=[^\W\d_])[-‐-‒](?=\d)")


@lru_cache(maxsize=4_096)
def _fold(text: str) -> str:
    """Fold case and accents; dashes inside words become spaces, those between numbers and around parts stay."""
    joined = _DASHES.sub(" ", text)
    if joined.isascii():
        return " ".join(joined.casefold().split())
    # fold() would make spaces of all dashes.
    return " – ".join(fold(part.replace("-", "\x00")).replace("\x00", "-") for part in re.split(r"\s[–—]\s", joined))


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
    return part in _data()["sites"] or part in _data()["modes"] or _noise().fullmatch(part) is not None


def _with_phrases(text: str) -> str:
    text = _EAGX.sub(r"eagx \1", text)
    if _phrase_words().isdisjoint(text.replace(":", " ").split()):
        return text
    return _phrases().sub(lambda found: _data()["phrases"][found[0]], text)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("tracker.matching") / "data" / "titles.toml").read_text("utf-8"))


@cache
def _noise() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(_data()["noise"]) + r")[!. ]*")


@cache
def _may_be_noise() -> re.Pattern[str]:
    """A quick look before the slow one: most titles hold none of these words."""
    return re.compile("|".join(_data()["noise"]))


@cache
def _noise_at_edges() -> re.Pattern[str]:
    words = "|".join(_data()["noise"])
    return re.compile(rf"^\W*(?:{words})\s*[!:|–—-]+\s*|\s*[!:|–—,-]+\s*(?:{words})[!. ]*$")


@cache
def _phrases() -> re.Pattern[str]:
    longest_first = sorted(_data()["phrases"], key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b")


@cache
def _phrase_words() -> frozenset[str]:
    return frozenset(phrase.split()[0] for phrase in _data()["phrases"])


@cache
def _translations() -> dict[str, str]:
    return dict(_data()["words"])


@cache
def _weights() -> dict[str, float]:
    return {word: weight for group, weight in _WEIGHTS.items() for word in _data()["weights"][group]}


@cache
def _format_bits() -> dict[str, int]:
    bits: dict[str, int] = {}
    for number, (name, words) in enumerate(_data()["formats"].items()):
        if name != "programmes":
            for word in words:
                bits[word] = bits.get(word, 0) | 1 << number
    return bits
