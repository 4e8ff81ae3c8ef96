"""Parses a title into values that can be compared: words with weights, the kind of event, and the edition."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape
from itertools import pairwise

from tracker.matching.acronyms import initials_of, is_acronym
from tracker.matching.editions import Edition, read_edition
from tracker.matching.words import (
    WORD,
    Word,
    code,
    fold_title,
    format_bits,
    joined,
    lists,
    normal_words,
    part_words,
    placeholders,
    plain_code,
    track_words,
    word_of,
    words_of,
)

MOST_WORDS, MOST_JOINS, MOST_INITIALS = 12, 8, 6
"""Maximum number of words of a title, of pairs of neighbouring words, and of its acronyms that are compared."""
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{0,80})[)\]]")
_LAST_PARTS = (re.compile(r"\s*[|·•]\s*([^|·•]*)$"), re.compile(r"\s+[-–—]\s+([^-–—]*)$"))
_EAGX = re.compile(r"\b(?:eagx|eaxg|egax|aegx) ?([a-z]{3,})")
_CUT = ("…", "...")


@dataclass(frozen=True, slots=True)
class Title:
    """A parsed title."""

    written: str
    """As the source gives it."""
    text: str
    """Its words, folded, without site names, status words and edition; common words translated to English."""
    words: tuple[Word, ...]
    """Its words in order, each once, without words of weight 0."""
    formats: int
    """One bit per kind of event that it names: hackathon, talk…"""
    edition: Edition
    """The edition that it names within a series."""
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
    initials: tuple[int, ...]
    """Codes of the acronyms that its first letters form."""
    letters: str
    """First letters of ``spelled``, then of those with a weight above 0, to find abbreviations."""
    squeezed: int
    """Hash of ``spelled`` without spaces: "JS Heroes" and "JSHeroes" have the same; 0 if it names hardly anything."""
    joins: tuple[int, ...]
    """Codes of two neighbouring words written as one: "vuejs" of "vue js"."""
    whole: tuple[int, ...]
    """Codes of the words for what the title names a part of: ``Rust devroom at FOSDEM``."""
    is_kind_of_part: bool
    """Whether it says what kind of part: a workshop, track, dinner."""
    core: int
    """Hash of all words in any order; 0 if they are too common. Equal for events of one series."""
    is_telling: bool
    """Whether the words are so distinctive that events of one source with the same words are a series."""
    is_generic: bool
    """Whether none of the words is a name: "AI Safety Social"."""


MOST_TRACKS = 2
_TRACK = re.compile(r"\(([^()]+)\)[^\w(]*$|[–—:|-]\s+([^–—:|()-]+)$|\b(\w+) track\b")


def _tracks_in(text: str) -> tuple[int, ...]:
    named = {
        word.text: word.code
        for part in _TRACK.findall(text)
        for spelled in WORD.findall(" ".join(part))
        for word in normal_words(spelled)
        if word.text in track_words()
    }
    return tuple(named.values())[:MOST_TRACKS]


@lru_cache(maxsize=65_536)
def read_title(title: str) -> Title:
    """Parse a title."""
    plain = _WORD_MARKS.sub(" ", unescape(title) if "&" in title else title)
    folded = fold_title(plain)
    text = _with_phrases(_without_noise(folded))
    is_cut = title.rstrip().endswith(_CUT)
    edition, rest = read_edition(text, plain, folded)
    words: dict[str, Word] = {}
    is_shouted = plain.isupper() and plain.count(" ") > _MOST_SPACES
    capitals = frozenset() if is_shouted else frozenset(map(str.casefold, _ACRONYM.findall(plain)))
    formats = 0
    all_words = tuple(WORD.findall(rest))
    for spelled in all_words:
        for word in normal_words(spelled, is_acronym=True) if spelled in capitals else normal_words(spelled):
            formats |= word.formats
            if word.weight > 0:
                words.setdefault(word.text, word)
    if is_cut and len(words) > 1 and not text.endswith(" "):
        last = WORD.findall(rest)[-1:]
        if last and last[0] in words:
            del words[last[0]]  # the last word of a truncated title may be incomplete
    letters = "".join([word[0] for word in all_words])
    letters += " " + "".join([word[0] for word in all_words if word_of(word).weight > 0])
    found = _without_placeholders(tuple(words.values()))
    for pair in pairwise(words):
        formats |= format_bits().get(" ".join(pair), 0)
    compared = found[:MOST_WORDS]
    weight = sum(word.weight for word in found)
    whole, is_kind_of_part = _whole(text)
    return Title(
        written=title,
        text=" ".join(word.text for word in found),
        words=found,
        formats=formats,
        edition=edition,
        spelled=all_words,
        tracks=() if track_words().isdisjoint(words) else _tracks_in(rest),
        is_cut=is_cut,
        codes=tuple(word.code for word in compared),
        spellings=tuple(word.spelling for word in compared),
        weights=tuple(word.weight for word in compared),
        letters=letters,
        initials=_initials(rest),
        squeezed=code("".join(all_words)) if weight >= _LEAST_WEIGHT else 0,
        joins=tuple(plain_code(each) for pair in pairwise(all_words) for each in joined(*pair))[:MOST_JOINS],
        whole=whole,
        is_kind_of_part=is_kind_of_part,
        core=code(" ".join(sorted(word.text for word in found))) if weight >= _LEAST_WEIGHT else 0,
        is_telling=weight >= _TELLING_WEIGHT,
        is_generic=all(word.weight < 1 for word in found),
    )


_LEAST_WEIGHT, _TELLING_WEIGHT = 0.5, 1.5
"""Minimum total weights of a title's words: to be compared as a whole, and to be distinctive."""
_MOST_SPACES = 2
"""Maximum number of spaces in a title of capitals that may be an acronym with its year."""
_ACRONYM = re.compile(r"\b[A-Z]{3,9}\b")
_PART_AT = re.compile(r"(\S[^|:–—(]*?)(?: at | @ ?|,? colocated with )([^|:–—(]+)")
_PART_BRACKETS = re.compile(r"(\S[^()]*?) *\(([^()]+)\)")
_TWO_PARTS = re.compile(r"(\S[^:–—|·•]*?)(?:: | ?[|·•] ?| [–—-] )(.+)$")
_AFTER_YEAR = re.compile(r"(\S.*? 20\d\d) (\w.*)$")
_YEARS = re.compile(r"\b20\d\d\b")
_SUBJECT = re.compile(r"\b(?:workshop|conference|symposium|tutorial) on (\w+(?: \w+){2,})$")
_SURE_INITIALS = 4
"""Minimum number of letters of initials that hardly agree by chance."""
_SEPARATOR = re.compile(r"[:,(|–—]| - ")


def _initials(text: str) -> tuple[int, ...]:
    """Return the codes of the acronyms of the longest part of a title: "IWAI: Workshop on Agents, Berlin"."""
    longest = max(_SEPARATOR.split(text), key=len)
    found = initials_of(WORD.findall(longest))
    if named := _SUBJECT.search(longest):  # of "ICML Workshop on Technical AI Governance", also TAIG
        found = (*[each for each in initials_of(WORD.findall(named[1]))[:2] if len(each) >= _SURE_INITIALS], *found)
    return tuple(map(plain_code, dict.fromkeys(found)))[:MOST_INITIALS]


def _whole(text: str) -> tuple[tuple[int, ...], bool]:
    """Return the words for what a title names a part of, and whether it says what kind of part.

    "X at Y", "X Workshop (Y)", "Y: X Workshop", "Y 2027 Workshop on X", "X Summit: Y".
    """
    may_be_at = " at " in text or "@" in text or "colocated" in text
    if may_be_at and (found := _PART_AT.match(text) or _kind_at().match(text)):
        return _codes(found[2]), not _parts_at().isdisjoint(WORD.findall(found[1]))
    if found := _TWO_PARTS.match(text):
        before, after = (WORD.findall(each) for each in found.groups())
        if is_acronym(found[1], found[2]) or is_acronym(found[2], found[1]):
            return (), False
        if not part_words("before").isdisjoint(before[-1:]):
            return _codes(found[2]), True
        if part_words("kinds").isdisjoint(before) and not part_words("kinds").isdisjoint(after):
            return _codes(found[1]), True
        if not part_words("kinds").isdisjoint(after[:1]):
            return _codes(found[1]), True
    if (found := _AFTER_YEAR.match(text)) and not part_words("kinds").isdisjoint(WORD.findall(found[2])):
        return _codes(found[1]), True
    found = _PART_BRACKETS.match(text)
    if found is None or _parts_at().isdisjoint(WORD.findall(found[1])) or is_acronym(found[2], found[1]):
        return (), False
    if set(WORD.findall(_YEARS.sub("", found[2]))) == set(WORD.findall(_YEARS.sub("", found[1]))):
        return (), False  # "World Summit AI (World Summit AI 2026)"
    return _codes(found[2]), True


@cache
def _kind_at() -> re.Pattern[str]:
    """Return what finds "X – workshop at Y"."""
    return re.compile(rf"(\S.*?\b(?:{'|'.join(sorted(part_words('kinds')))})) (?:at|@) ([^|:–—(]+)")


@cache
def _parts_at() -> frozenset[str]:
    return part_words("kinds") | part_words("at")


def _codes(text: str) -> tuple[int, ...]:
    return tuple(word.code for word in words_of(text))[:MOST_WORDS]


_LITTLE = 0.25
"""Weight up to which the other words of a title do not make it one: "Private meetup"."""


def _without_placeholders(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Return the words without those of a placeholder, if there is no title beside it: "TBA", "Kein Titel"."""
    others = tuple([word for word in words if word.text not in placeholders() and word.spelled not in placeholders()])
    return others if len(others) < len(words) and sum(word.weight for word in others) <= _LITTLE else words


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
    if "x" in text:
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
