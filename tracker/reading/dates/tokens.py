"""Splits text into tokens: the words, numbers, times and zones that may make up a date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import IntEnum, auto
from functools import cache, lru_cache

from tracker.reading.dates.bare_clocks import bare_day, is_dotted_time, is_hour
from tracker.reading.dates.clocks import CLOCK, Clock, read_clock
from tracker.reading.dates.vocabulary import fold_word, words
from tracker.reading.dates.windows import windows
from tracker.reading.time_zones import zone_phrases
from tracker.reading.word_patterns import alternation

_DASH = r"[-–—−‑‒―~〜]+>?|→|⟶"


MOST_TOKENS = 1_400
"""Maximum number of tokens read; only tables of numbers have more."""
_CHARACTERS_PER_TOKEN = 6
_PLAIN_WORD = re.compile(r"[^\S\n]*([^\W\d_]++)(?![\d'’]|/m|-feira)")
"""A word that is a token by itself, unless it begins a phrase."""


class Kind(IntEnum):
    """Kind of a token."""

    NUMBER = auto()
    """A day or a year: up to four digits, possibly an ordinal."""
    DATE = auto()
    """A complete numeric date."""
    DAY_MONTH = auto()
    """Day and month in digits, without a year: ``16.11.``"""
    TIME = auto()
    MONTH = auto()
    WEEKDAY = auto()
    ZONE = auto()
    OFFSET = auto()
    DASH = auto()
    COMMA = auto()
    DOT = auto()
    COLON = auto()
    OPEN = auto()
    CLOSE = auto()
    SLASH = auto()
    MARK = auto()
    """A bullet, bar, ``@``, ``&`` or ``+`` between parts of a line."""
    BREAK = auto()
    QUARTER = auto()
    WORD = auto()
    OTHER = auto()


@dataclass(slots=True)
class Token:
    """One token with its position in the normalised text."""

    kind: Kind
    text: str
    start: int
    end: int
    word: str = ""
    """Lookup spelling (see :func:`plain`) of a word; the separator or order (``ymd``) of a numeric date."""
    number: int = 0
    """Value of a number, month (1–12) or weekday (0–6, from Monday)."""
    date: tuple[int, int, int] | None = None
    """(year, first number, second number) of a numeric date; year 0 if none is written."""
    clock: Clock | None = None
    has_suffix: bool = False
    """True for an ordinal ("3rd") and for a year with an apostrophe."""


@cache
def _pattern() -> re.Pattern[str]:
    phrases = alternation(_as_pattern(phrase) for phrase in zone_phrases())
    return re.compile(
        rf"""[^\S\n]*(?:
        (?P<break>\n)
        |(?P<datetime>(?<![\w-])\d{{4}}-\d\d-\d\dT\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?Z?)
        |(?P<year_first>(?<![\w.-])(?P<y>\d{{4}})(?P<s1>[-/.])(?P<m>\d{{1,2}})(?P=s1)(?P<d>\d{{1,2}})(?!\w|[-.]\d))
        |(?P<cjk>(?P<cy>\d{{4}})[年년]\s?(?P<cm>\d{{1,2}})[月월]\s?(?P<cd>\d{{1,2}})[日일])
        |(?P<year_last>(?<![\w./])(?:(?<!\d-)|(?=\d\d?[./]))(?P<a>\d{{1,2}})(?P<s2>[-/.])(?P<b>\d{{1,2}})(?P=s2)(?P<y2>\d{{4}}|\d{{2}})(?!\w|[/.-]\d))
        |(?P<year_month>(?<![\w./-])(?:(?P<ym_y>20\d\d)-(?P<ym_m>0[1-9]|1[0-2])|(?P<my_m>0?[1-9]|1[0-2])/(?P<my_y>20\d\d))(?![\w-]|/\d))
        |(?P<day_month>(?<![\w./])(?P<dm1>\d{{1,2}})(?:\.(?P<dm2>0?[1-9]|1[0-2])\.(?!\d)|/(?P<dm3>\d{{1,2}})(?![\w/]|\.\d)))
        |(?P<offset>(?:UTC|GMT)\s?(?:[+−]\s?|[–-])\d{{1,2}}(?::?\d{{2}})?(?!\d|\s?[ap]m)|(?:(?<=\d)|(?<=\d\s))[+−-]\d{{2}}:?\d{{2}}(?!\d))
        |(?P<clock>(?<![\w.,/$€£#+])\d{{1,2}}(?=[\s:.h–—−‑‒―~aputbPAUTB-]))
        |(?P<short_year>['’]\d{{2}}(?!\w))
        |(?P<number>(?<![\w$€£¥#+])\d+(?:[.,:]\d+)*(?:\s?%)?)
        |(?P<zone>(?<!\w)(?:{phrases})(?!\w))
        |(?P<city_zone>[A-Z][\w.]{{2,20}}(?:[ ][A-Z]\w{{2,20}})?[ ][Tt]ime\b)
        |(?P<quarter>[QHqh][1-4]\b)
        |(?P<word>t/m\b|day\ after\ tomorrow\b|(?i:end\ of\ (?:the\ )?day\b|close\ of\ business\b)
            |tot\ en\ met\b|(?:segunda|ter[çc]a|quarta|quinta|sexta)-feira
            |[^\W\d_]+(?:['’][^\W\d_]+)?)
        |(?P<dash>{_DASH})
        |(?P<comma>[,;])|(?P<dot>\.)|(?P<colon>:)|(?P<open>[(\[])|(?P<close>[)\]])|(?P<slash>/)|(?P<mark>[|·•∙‧@&+⋅])
        |(?P<other>\d+(?:[.,:/]\d+)*|\S)
        )""",
        re.VERBOSE,
    )


def _as_pattern(phrase: str) -> str:
    """Return a pattern that matches abbreviations in capitals only ("EAT", not "eat") and full names in any case."""
    first, rest = re.escape(phrase[0]), re.escape(phrase[1:]).replace(r"\ ", "[ -]")
    if not (" " in phrase or phrase.lower() == "aoe"):
        return first + rest
    # The first letter apart: "re" skips alternatives by it.
    return f"[{phrase[0].lower()}{phrase[0].upper()}](?i:{rest})"


@lru_cache(maxsize=8192)
def _begins_phrase(word: str) -> bool:
    """Return whether a token may begin with this word and go on: "end of day", "Pacific Time"."""
    exactly, in_any_case = _first_words()
    return word in exactly or word.lower() in in_any_case


@cache
def _first_words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the first words of phrases of several words, and of those that are written in capitals only."""
    firsts = [(phrase, _LETTERS.match(phrase)) for phrase in zone_phrases()]
    in_any_case = {first[0].lower() for phrase, first in firsts if first and (" " in phrase or phrase.lower() == "aoe")}
    return frozenset(first[0] for _, first in firsts if first), frozenset({*in_any_case, "day", "end", "close", "tot"})


_LETTERS = re.compile(r"[^\W\d_]+")
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|ère|re|º|ª|°)(?!\w)", re.IGNORECASE)
_SIMPLE = {
    name: Kind[name.upper()] for name in ("dash", "comma", "dot", "colon", "open", "close", "slash", "mark", "break")
} | {"zone": Kind.ZONE, "city_zone": Kind.ZONE, "offset": Kind.OFFSET, "quarter": Kind.QUARTER}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*(?:\s?%)?")
_DATES = frozenset({Kind.MONTH, Kind.NUMBER, Kind.DATE, Kind.DAY_MONTH, Kind.WEEKDAY, Kind.CLOSE})
_NOON, _FIVE, _MIDNIGHT, _LAST_MINUTE = time(12), time(17), time(0), time(23, 59)


def tokenize(text: str) -> list[Token]:
    """Return the tokens of a normalised text around possible dates; a BREAK token replaces the text left out."""
    tokens: list[Token] = []
    for start, end in windows(text, MOST_TOKENS * _CHARACTERS_PER_TOKEN):
        if tokens:
            tokens.append(Token(Kind.BREAK, "", start, start))
        _tokenize(text, start, end, tokens)
        if len(tokens) > MOST_TOKENS:
            break
    return tokens


def _tokenize(text: str, position: int, end_of_window: int, tokens: list[Token]) -> None:
    pattern, plain = _pattern(), _PLAIN_WORD.match
    may_name_zone = any(word in text for word in (" time", " Time"))
    while position < end_of_window:
        word = plain(text, position)
        if word is not None and not _begins_phrase(word[1]) and not (may_name_zone and word[1][0].isupper()):
            position = word.end()
            _add_word(word[1], word.start(1), position, tokens)
            if len(tokens) > MOST_TOKENS:
                return
            continue
        match = pattern.match(text, position)
        if match is None:
            return
        name = match.lastgroup or "other"
        # lastgroup names the outermost group that closed last.
        start, position = match.start(name), match.end()
        said = match[name]
        if name == "word":
            _add_word(said, start, position, tokens)
        elif name in _SIMPLE:
            tokens.append(Token(_SIMPLE[name], said, start, position))
        elif name == "clock":
            token = _clock(text, start, tokens)
            tokens.append(token)
            position = token.end
        elif name == "number":
            after_hour = bool(tokens) and is_hour(text, start, tokens[-1].word)
            token = _clock(text, start, tokens) if after_hour else _number(text, start, position)
            tokens.append(token)
            position = token.end
        elif name == "short_year":
            tokens.append(Token(Kind.NUMBER, said, start, position, number=2000 + int(said[1:]), has_suffix=True))
        elif name == "year_month":
            month, year = int(match["ym_m"] or match["my_m"]), int(match["ym_y"] or match["my_y"])
            tokens.append(Token(Kind.MONTH, said, start, position, number=month))
            tokens.append(Token(Kind.NUMBER, str(year), position, position, number=year))
        elif name == "datetime":
            tokens += _datetime(said, start)
        elif name in {"year_first", "cjk"}:
            prefix = "c" if name == "cjk" else ""
            when = (int(match[prefix + "y"]), int(match[prefix + "m"]), int(match[prefix + "d"]))
            tokens.append(Token(Kind.DATE, said, start, position, date=when, word="ymd"))
        elif name == "year_last":
            year = int(match["y2"])
            when = (year if year > 99 else 2000 + year, int(match["a"]), int(match["b"]))
            tokens.append(Token(Kind.DATE, said, start, position, date=when, word=match["s2"]))
        elif name == "day_month":
            slashed = match["dm3"]
            when = (0, int(match["dm1"]), int(slashed or match["dm2"]))
            tokens.append(Token(Kind.DAY_MONTH, said, start, position, date=when, word="/" if slashed else "."))
        else:
            tokens.append(Token(Kind.OTHER, said, start, position))
        if len(tokens) > MOST_TOKENS:
            return


def _add_word(said: str, start: int, end: int, tokens: list[Token]) -> None:
    kind, word, number, clock = _meaning(said)
    if kind is Kind.TIME and tokens and tokens[-1].text == "12":  # "12 noon"
        start = tokens.pop().start
    tokens.append(Token(kind, said, start, end, word, number, clock=clock))


@lru_cache(maxsize=8192)
def _meaning(said: str) -> tuple[Kind, str, int, Clock | None]:
    """Return (kind, lookup spelling, month or weekday, time of day) of a word."""
    word = fold_word(said)
    table = words()
    if word in table.months and not (word in table.risky_months and said.isupper()):
        return Kind.MONTH, word, table.months[word], None
    if word in table.weekdays:
        return Kind.WEEKDAY, word, table.weekdays[word], None
    if word in table.clocks:
        meaning = table.clocks[word]
        at = {"noon": _NOON, "midnight": _MIDNIGHT, "business": _FIVE}.get(meaning, _LAST_MINUTE)
        return Kind.TIME, word, 0, Clock(at, midnight=meaning == "midnight", end_of_day=meaning == "end_of_day")
    return Kind.WORD, word, 0, None


def _clock(text: str, start: int, tokens: list[Token]) -> Token:
    match = CLOCK.match(text, start)
    after_month = bool(tokens) and tokens[-1].kind is Kind.MONTH
    before = tokens[-1].word if tokens else ""
    after_date = bool(tokens) and tokens[-1].kind in {Kind.DATE, Kind.DAY_MONTH}
    after_comma = len(tokens) > 1 and tokens[-1].kind is Kind.COMMA and tokens[-2].kind in _DATES
    is_dotted = after_date or is_dotted_time(text, start, before, is_after_day=after_comma)
    read = (
        read_clock(
            match, may_be_span=not after_month, dot_is_enough=is_dotted, hour_is_enough=is_hour(text, start, before)
        )
        if match
        else None
    )
    if read is not None:
        return Token(Kind.TIME, text[start : read[1]], start, read[1], clock=read[0])
    # The end of a span comes after its dash or its word: "29.10 a 20.11".
    if (day := bare_day(text, start, "am" if _ends_span(tokens) else before)) is not None:
        return Token(Kind.DAY_MONTH, day[0], start, day.end(), ".", date=(0, int(day[1]), int(day[2])))
    number = _NUMBER.match(text, start)
    return _number(text, start, number.end() if number else start + 1)


def _ends_span(tokens: Sequence[Token]) -> bool:
    """Return whether a day and month without a year, and a word or dash, stand before what follows."""
    return len(tokens) > 1 and tokens[-2].kind is Kind.DAY_MONTH and len(tokens[-1].text) <= 3


def _number(text: str, start: int, end: int) -> Token:
    said = text[start:end]
    figures = said
    if not figures.isdecimal():
        # "16.11" may be a day and its month, "3.5" a number: neither is a day here, but "16." before a word is one.
        return Token(Kind.OTHER, said, start, end)
    ordinal = _ORDINAL.match(text, end)
    if ordinal is not None:
        end = ordinal.end()
    elif end < len(text) and (text[end].isalpha() or text[end] in "%€$£"):
        return Token(Kind.OTHER, said, start, end)
    if len(figures) > 4:
        return Token(Kind.OTHER, said, start, end)
    return Token(Kind.NUMBER, text[start:end], start, end, number=int(figures), has_suffix=ordinal is not None)


def _datetime(said: str, start: int) -> list[Token]:
    """Return the day, time and offset tokens of ``2026-11-16T18:00Z``."""
    day, clock = said[:10], said[11:].replace(":", "")
    end = start + len(said)
    when = (int(day[:4]), int(day[5:7]), int(day[8:10]))
    tokens = [Token(Kind.DATE, day, start, start + 10, date=when, word="ymd")]
    hour, minute = int(clock[:2]), int(clock[2:4])
    if hour <= 24 and minute < 60:
        at = Clock(time(hour % 24, minute), ends_next_day=hour == 24)
        tokens.append(Token(Kind.TIME, said[11:], start + 11, end, clock=at))
        if clock.endswith("Z"):
            tokens.append(Token(Kind.OFFSET, "UTC+0", end - 1, end))
    return tokens


def is_day(year: int, month: int, day: int) -> bool:
    """Return whether the calendar has this day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
