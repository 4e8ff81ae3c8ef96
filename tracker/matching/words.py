"""Normalises words of titles and names for comparison: one form per meaning, with a weight."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.resources import files
from itertools import chain
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from tracker.models.text import fold

WORD = re.compile(r"[^\W_]+")
_WEIGHTS = {"nothing": 0.0, "little": 0.25, "some": 0.6}


@dataclass(frozen=True, slots=True)
class Word:
    """A normalised word of a title."""

    text: str
    code: int
    """A hash of 31 bits that is the same in every process."""
    weight: float
    """How much a shared word counts: 0 for "the", 0.25 for "safety", 1 for a name."""
    spelled: str = field(compare=False)
    """The word in the title, if that is another one: ``seminar`` for ``talk``."""
    spelling: int = field(compare=False)
    """A hash of 63 bits of all other fields, also the same in every process."""
    is_acronym: bool = field(default=False, compare=False)
    """Whether it is written in capitals: then a letter more or less makes another word."""
    formats: int = field(default=0, compare=False)
    """Bits of the kinds of event that it names."""


@lru_cache(maxsize=65_536)
def word_of(word: str, spelled: str = "", *, is_acronym: bool = False) -> Word:
    """Return a folded word in its normalised form: singular, with its weight."""
    stem = word if word in _weights() or word in format_bits() else _singular(word)
    if not is_acronym and len(stem) >= _LONG_ENOUGH and stem not in _kinds_and_weights():
        stem = _without_typo(stem)
    # "3" may mean anything; "1047" is a name.
    weight = float(len(stem) > 2) if stem.isdigit() else _weights().get(stem, 1.0)
    code, spelled = crc32(stem.encode()) & 0x7FFF_FFFF or 1, spelled or stem
    spelling = code << 32 | crc32(f"{spelled}{is_acronym:d}".encode())
    return Word(stem, code, weight, spelled, spelling, is_acronym, format_bits().get(stem, 0))


@lru_cache(maxsize=65_536)
def normal_words(spelled: str, *, is_acronym: bool = False) -> tuple[Word, ...]:
    """Return what a folded word of a title is compared as: its translation, which may be several words."""
    return tuple(word_of(word, spelled, is_acronym=is_acronym) for word in translations().get(spelled, spelled).split())


def joined(one: str, other: str) -> tuple[str, ...]:
    """Return what two words may be written as in one: "apirally"; a conference is often shortened: "rubyconf"."""
    return (one + other, one + "conf") if other == "conference" else (one + other,)


@lru_cache(maxsize=65_536)
def plain_code(word: str) -> int:
    """Return the code of a word that is in no list: two words written as one, or an acronym."""
    return crc32(_singular(word).encode()) & 0x7FFF_FFFF or 1


def _singular(word: str) -> str:
    is_plural = word.endswith("s") and len(word) > 3 and word[-2] not in "su"
    return word[:-1] if is_plural and word[-4:-1].isalpha() and word.isascii() else word


def code(text: str) -> int:
    """Return a hash of 63 bits that is the same in every process; never 0."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1 or 1


def _without_typo(word: str) -> str:
    """Correct a misspelled kind of event ("worksohp"), because kinds decide much; return other words as they are."""
    meant = process.extract(word, _long_kinds(), scorer=OSA.distance, score_cutoff=1, limit=2)
    return meant[0][0] if len(meant) == 1 else word


_LONG_ENOUGH = 6


@cache
def _long_kinds() -> tuple[str, ...]:
    kinds = {*format_bits(), *lists()["beside"]["words"]}
    return tuple(sorted(word for word in kinds if len(word) >= _LONG_ENOUGH))


@cache
def _kinds_and_weights() -> frozenset[str]:
    return frozenset({*_weights(), *format_bits(), *lists()["beside"]["words"], *translations().values()})


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of any name, without words of weight 0."""
    found = chain.from_iterable(map(normal_words, WORD.findall(fold_title(text))))
    return tuple({word.text: word for word in found if word.weight > 0}.values())


def programme_formats() -> int:
    """Return the bits of kinds that exclude each other: a fellowship is no bootcamp."""
    data = lists()["formats"]
    return sum(1 << number for number, name in enumerate(data) if name in data["programmes"])


@cache
def programme_codes() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the codes of all words that name a kind of programme, sorted, and the bits of these kinds."""
    known = sorted((word_of(word).code, bits & programme_formats()) for word, bits in format_bits().items())
    codes, bits = zip(*((code, bits) for code, bits in known if bits), strict=True)
    return np.array(codes, dtype=np.int64), np.array(bits, dtype=np.int64)


@cache
def format_codes() -> npt.NDArray[np.int64]:
    """Return the codes of all words that name a kind of event."""
    return np.array(sorted(word_of(word).code for word in format_bits()), dtype=np.int64)


@cache
def season_codes() -> npt.NDArray[np.int64]:
    """Return the codes of the words for seasons, which stay in a title because they may be a part of the name."""
    return np.array(sorted(word_of(word).code for word in ("spring", "summer", "autumn", "winter")), dtype=np.int64)


@cache
def beside_codes() -> npt.NDArray[np.int64]:
    """Return the codes of words for side events, which take place beside another event and are named after it."""
    return np.array(sorted(word_of(word).code for word in lists()["beside"]["words"]), dtype=np.int64)


def format_bit(name: str) -> int:
    """Return the bit of one kind of event."""
    return 1 << list(lists()["formats"]).index(name)


@cache
def track_words() -> frozenset[str]:
    """Return the words that name tracks of a programme."""
    return frozenset(word_of(word).text for word in lists()["tracks"]["words"])


@cache
def part_words(place: str) -> frozenset[str]:
    """Return words for parts of a larger event, by where they stand in a title: ``kinds``, ``at`` or ``before``."""
    return frozenset(lists()["parts"][place])


@cache
def part_codes() -> npt.NDArray[np.int64]:
    """Return the codes of the words for kinds of parts."""
    return np.array(sorted(word_of(word).code for word in part_words("kinds")), dtype=np.int64)


@cache
def social_codes() -> npt.NDArray[np.int64]:
    """Return the codes of the words for parts at which one eats, drinks and talks."""
    bit = format_bit("meetup")
    return np.array(
        sorted(word_of(word).code for word in part_words("kinds") if format_bits().get(word, 0) & bit), dtype=np.int64
    )


@cache
def subject_codes() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the codes of the words for subjects of courses, sorted, and a code per subject, as some mean the same."""
    subjects = lists()["subjects"]["words"]
    known = sorted((word_of(word).code, number) for number, words in enumerate(subjects, 1) for word in words)
    codes, numbers = zip(*known, strict=True)
    return np.array(codes, dtype=np.int64), np.array(numbers, dtype=np.int64)


@cache
def node_codes() -> npt.NDArray[np.int64]:
    """Return the codes of the words for a local node of a hackathon."""
    return np.array(sorted(word_of(word).code for word in lists()["nodes"]["words"]), dtype=np.int64)


@cache
def placeholders() -> frozenset[str]:
    """Return the words of titles that stand for a missing one: "TBA", "Untitled"."""
    return frozenset(lists()["placeholders"]["words"])


_DASHES = re.compile(r"(?<=[^\W\d_])[-‐-‒](?=[^\W\d_])|(?<=[^\W\d_])[-‐-‒](?=\d)")


_GREEK_LETTER = re.compile(r"(?<=[A-Za-z])[α-ωµ]|[α-ωµ](?=[A-Za-z])")
_GREEK = {"µ": "mu", "μ": "mu", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "λ": "lambda", "π": "pi"}
"""Letters that are symbols in words of Latin letters: "Testμ" is called "TestMu", too."""


@lru_cache(maxsize=4_096)
def fold_title(text: str) -> str:
    """Fold case and accents; dashes inside words become spaces, those between numbers and around parts stay."""
    joined = _DASHES.sub(" ", text) if "-" in text or not text.isascii() else text
    if not joined.isascii():
        joined = _GREEK_LETTER.sub(lambda found: _GREEK.get(found[0], found[0]), joined)
    if joined.isascii():
        return " ".join(joined.casefold().split())
    # fold() would replace all dashes with spaces.
    return " – ".join(fold(part.replace("-", "\x00")).replace("\x00", "-") for part in re.split(r"\s[–—]\s", joined))


@cache
def lists() -> dict[str, Any]:
    """Return all lists of ``data/titles.toml``."""
    return tomllib.loads((files("tracker.matching") / "data" / "titles.toml").read_text("utf-8"))


@cache
def translations() -> dict[str, str]:
    """Return the words of other languages and spellings, each with the word it is compared as."""
    return dict(lists()["words"])


@cache
def _weights() -> dict[str, float]:
    return {word: weight for group, weight in _WEIGHTS.items() for word in lists()["weights"][group]}


@cache
def format_bits() -> dict[str, int]:
    """Return the words that name a kind of event, each with the bits of its kinds."""
    bits: dict[str, int] = {}
    for number, (name, words) in enumerate(lists()["formats"].items()):
        if name != "programmes":
            for word in words:
                bits[word] = bits.get(word, 0) | 1 << number
    return bits
