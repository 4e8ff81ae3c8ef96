"""Splits text into tokens: the words, numbers, times and zones that may make up a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time
from enum import IntEnum, auto
from functools import cache

from tracker.reading.dates.bare_clocks import is_dotted_time, is_hour
from tracker.reading.dates.clocks import CLOCK, Clock, read_clock
from tracker.reading.dates.vocabulary import fold_word, words
from tracker.reading.time_zones import zone_phrases
from tracker.reading.word_patterns import alternation

_DASH = r"[-–—−‑‒―~〜]+>?|→|⟶"


MOST_TOKENS = 1_400
"""Maximum number of tokens read; only tables of numbers have more."""
_REACH = 80
"""Number of characters around a digit or calendar word that may belong to the same date."""
_CHARACTERS_PER_TOKEN = 6
_ANY_WORD = re.compile(r"[^\W\d_]+|\d+")


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
        |(?P<year_last>(?<![\w./])(?:(?<!\d-)|(?=\d\d?\.))(?P<a>\d{{1,2}})(?P<s2>[-/.])(?P<b>\d{{1,2}})(?P=s2)(?P<y2>\d{{4}}|\d{{2}})(?!\w|[/.-]\d))
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
    for start, end in _windows(text):
        if tokens:
            tokens.append(Token(Kind.BREAK, "", start, start))
        _tokenize(text, start, end, tokens)
        if len(tokens) > MOST_TOKENS:
            break
    return tokens


def _windows(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) windows of ``text`` within reach of a digit or calendar word."""
    if len(text) <= 2 * _REACH:
        return [(0, len(text))]
    anchors = words().anchors
    windows: list[tuple[int, int]] = []
    covered = 0
    for match in _ANY_WORD.finditer(text):
        word = match[0]
        if word[0].isdigit() or (word.lower() if word.isascii() else fold_word(word)) in anchors:
            start, end = max(0, match.start() - _REACH), min(len(text), match.end() + _REACH)
            if windows and start <= windows[-1][1]:
                covered += end - windows[-1][1]
                windows[-1] = (windows[-1][0], end)
            else:
                covered += end - start
                windows.append((start, end))
            if covered > MOST_TOKENS * _CHARACTERS_PER_TOKEN:
                break
    return [(_word_start(text, start), _word_start(text, end)) for start, end in windows]


def _word_start(text: str, position: int) -> int:
    """Return the nearest position, not before ``position``, that is not inside a word."""
    while 0 < position < len(text) and text[position - 1].isalnum() and text[position].isalnum():
        position += 1
    return position


def _tokenize(text: str, position: int, end_of_window: int, tokens: list[Token]) -> None:
    pattern = _pattern()
    while position < end_of_window and (match := pattern.match(text, position)) is not None:
        name = match.lastgroup or "other"
        # lastgroup names the outermost group that closed last.
        start, position = match.start(name), match.end()
        said = match[name]
        if name == "word":
            token = _word(said, start, position)
            if token.kind is Kind.TIME and tokens and tokens[-1].text == "12":  # "12 noon"
                token.start = tokens.pop().start
            tokens.append(token)
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


def _word(said: str, start: int, end: int) -> Token:
    word = fold_word(said)
    table = words()
    if word in table.months and not (word in table.risky_months and said.isupper()):
        return Token(Kind.MONTH, said, start, end, word, table.months[word])
    if word in table.weekdays:
        return Token(Kind.WEEKDAY, said, start, end, word, table.weekdays[word])
    if word in table.clocks:
        meaning = table.clocks[word]
        at = {"noon": _NOON, "midnight": _MIDNIGHT, "business": _FIVE}.get(meaning, _LAST_MINUTE)
        clock = Clock(at, midnight=meaning == "midnight", end_of_day=meaning == "end_of_day")
        return Token(Kind.TIME, said, start, end, word, clock=clock)
    return Token(Kind.WORD, said, start, end, word)


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
    number = _NUMBER.match(text, start)
    return _number(text, start, number.end() if number else start + 1)


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
