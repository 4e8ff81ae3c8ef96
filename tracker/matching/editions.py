"""Parses the edition within a series that a title names: session 4 of 7, cohort 7, #12, 6.0, 2027, autumn."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

MOST_NUMBERS, MOST_YEARS = 3, 2
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero janeiro gennaio januari",
            "february feb februar fevrier febrero fevereiro febbraio februari",
            "march mar marz mars marzo marco maart",
            "april apr avril abril aprile",
            "may mai mayo maio maggio mei",
            "june jun juni juin junio junho giugno",
            "july jul juli juillet julio julho luglio",
            "august aug aout agosto augustus",
            "september sep sept septembre septiembre setembro settembre",
            "october oct oktober okt octobre octubre outubro ottobre",
            "november nov novembre noviembre novembro",
            "december dec dezember dez decembre diciembre dezembro dicembre",
        ),
        1,
    )
    for name in names.split()
}
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "winter": 4}
_NUMBER_WORDS = {
    word: number
    for number, words in enumerate(
        (
            "one first 1st inaugural", "two second", "three third", "four fourth", "five fifth", "six sixth",
            "seven seventh", "eight eighth", "nine ninth", "ten tenth", "eleven eleventh", "twelve twelfth",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip
_ROMAN_NUMERALS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
_ROMAN = {roman: number for number, roman in enumerate(_ROMAN_NUMERALS.split(" "), 1)}

_NAMED_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_NUMBER_WORDS)}|{'|'.join(sorted(_ROMAN, key=len, reverse=True))})"
_SESSION = re.compile(
    r"\b(?:session|week|woche|semaine|semana|part|teil|partie|parte|module|unit|class|chapter|episode|ep|day|tag|lecture|"
    r"meeting|evening)"
    rf" ?#?({_COUNT})\b(?! ?(?:h|hour|hours|days|weeks|stunden)\b)"
)
_EDITION = re.compile(
    rf"\b(?:cohort|kohorte|cohorte|batch|round|runde|intake|"
    rf"edition|iteration|season|vol|volume|ausgabe|wave|gen) ?#?({_COUNT})\b"
)
_BEFORE = re.compile(
    r"\b(\d{1,3})(?:st|nd|rd|th|te|eme|a|o)\b|\b(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)\b"
)
_FRACTION = re.compile(r"(?<![\d./])(\d{1,2}) ?(?:/|of|von|de|sur) ?(\d{1,2})(?![\d/.]|st|nd|rd|th)")
_VERSION = re.compile(r"(?<![\d.])v?(\d{1,4})\.(\d{1,2})(?![\d.%])")
_HASH = re.compile(r"(?:#|\bno\.? ?|\bnr\.? ?|\bn° ?)(\d{1,4})\b")
_BARE = re.compile(
    r"(?<![\d.,:/$€£#-])\b(\d{1,3})\b(?=\s*(?:$|[:)|(\[\]–—-]\s|[:)|]))(?!\s*[-–]?\s*(?:h|hours?|hrs?|min|days?|weeks?)\b)"
)
_ROMAN_END = re.compile(r"\b([IVX]{1,5})\b(?=\s*(?:$|[:)|–—-]))")
_YEAR_SPAN = re.compile(r"\b(20\d\d) ?[-/–] ?(?:20)?(\d\d)\b(?![-/.]\d)")
_YEAR = re.compile(r"(?<![\d.])(20[12345]\d)(?![\d]|\.\d)|['’](2\d)\b")
_HALF_YEAR = re.compile(r"\b(20\d\d)-([12])\b(?![-/.]?\d)")
"""The semester in names of Latin America: "2027-1"."""
_PART_OF_YEAR = re.compile(r"\b(?:q([1-4])|h([12])|(spring|summer|autumn|winter)|(?:t|term) ?([1-4]))\b")
_DATE = re.compile(
    rf"\b\d{{4}}-\d\d?-\d\d?\b|\b\d{{1,2}}[./]\d{{1,2}}[./](?:\d{{4}}|\d\d)?(?!\d)|"
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)?(?: ?[-–] ?\d{{1,2}}(?:st|nd|rd|th|\.)?)?"
    rf" ?(?:of |de )?(?P<after>{_NAMED_MONTH})\b\.?|"
    rf"\b(?P<before>{_NAMED_MONTH})\b\.? \d{{1,2}}(?:st|nd|rd|th)?(?: ?[-–] ?\d{{1,2}}(?:st|nd|rd|th)?)?(?![\d.])"
)
# "mars" (March) needs a number after it, because MARS is a fellowship. Other months also count at the end of the title
# or before punctuation, but not in running text, where "may" is a verb.
_MONTH = re.compile(rf"\b((?!mars\b){_NAMED_MONTH})\b(?= ?['’]?\d|\s*$|\s*[:)|,–—-])|\b(mars)\b(?= ?['’]?\d)")
_CLOCK = re.compile(
    r"\b\d{1,2}(?::\d\d ?(?:am|pm|h|uhr)?| ?(?:am|pm|uhr)|h\d\d)\b|"
    r"\b\d+ ?(?:h|hours?|hrs?|min|minutes|days?|weeks?|months?|k|%)\b"
)


@dataclass(frozen=True, slots=True)
class Edition:
    """The edition that a title names; 0 or empty where the title does not say."""

    session: int = 0
    """Session, week or part: 4 of ``4/7``."""
    of: int = 0
    """Number of sessions: 7 of ``4/7``. If ``4/7`` is a date, it names no session; see ``without_date``."""
    number: tuple[int, ...] = ()
    """Cohort, round, edition, ``#12``, version, in hundredths: 600 for ``6.0``, so that 6 and 6.0 are equal."""
    years: tuple[int, ...] = ()
    """2027; both years of ``2026/27``."""
    part_of_year: int = 0
    """1–4 spring to winter, 11–14 quarters, 21–22 halves, 31–34 terms."""
    month: int = 0
    """The month in its name or date: 1 for January."""
    setting: int = 0
    """Variant of a course: 1 online, 2 in person."""
    pace: int = 0
    """1 part-time, 2 full-time or intensive."""

    @property
    def code(self) -> str:
        """The edition as text; equal editions have equal texts, and no edition an empty one."""
        return repr(self) if self != _NOTHING else ""

    def without_date(self, month: int, day: int) -> Edition:
        """Return the edition without a session that is in fact the event's date: "[2/15] Social" on 15 February."""
        is_date = self.of and (self.session, self.of) in {(month, day), (day, month)}
        return replace(self, session=0, of=0) if is_date else self


_NOTHING = Edition()
_LETTER = re.compile(r"\b(?:session|slot|group|gruppe|grupo|cohort|edition) ([a-h])\b")
_PART_OF_DAY = re.compile(r"\b(morning|afternoon|evening) (?:session|slot|edition|cohort)\b")
_LETTERED, _PARTS_OF_DAY = 1_000, {"morning": 2_001, "afternoon": 2_002, "evening": 2_003}
"""Codes of sessions with a letter or a part of the day instead of a number."""
_SETTINGS = (
    (re.compile(r"\b(?:online|virtual|remote)\b"), 1),
    (re.compile(r"\b(?:in person|irl|on site|onsite|local (?:sites?|nodes?|hubs?))\b"), 2),
)
_PACES = ((re.compile(r"\bpart time\b"), 1), (re.compile(r"\b(?:full time|intensive)\b"), 2))
_ANY_DIGIT = re.compile(r"\d")
_ANY_VARIANT = re.compile(r"\b(?:online|virtual|remote|in person|irl|on ?site|(?:part|full) time|intensive)\b")
_ANY_WORD = re.compile(
    rf"\b(?:{'|'.join([*_MONTHS, *_SEASONS, *_NUMBER_WORDS, *_ROMAN])}|session|slot|group|cohort|edition)\b"
)
"""Fast pre-filter: a title without any of these words, a digit or a final roman numeral names no edition."""


def read_edition(title: str, original: str, whole: str = "") -> tuple[Edition, str]:
    """Return the edition that a folded title names, and the title without it.

    Args:
        title: folded, see ``fold_title``: no accents, no case, dashes inside words as spaces.
        original: as written, for roman numerals, which count only in capitals.
        whole: folded, with additions such as "(online)".
    """
    variant = _NOTHING
    if _ANY_VARIANT.search(whole):
        variant = Edition(setting=_variant(whole, _SETTINGS), pace=_variant(whole, _PACES))
    if not (_ANY_DIGIT.search(title) or _ANY_WORD.search(title) or _ROMAN_END.search(original)):
        return variant, title
    has_digit, rest = _ANY_DIGIT.search(title) is not None, title
    months: list[int] = []
    years: list[int] = []
    if has_digit:
        months = [_MONTHS[found] for match in _DATE.finditer(title) if (found := match["after"] or match["before"])]
        rest = _CLOCK.sub(" ", _DATE.sub(" ", title))
    months += [_MONTHS[match[1] or match[2]] for match in _MONTH.finditer(rest)]
    if has_digit:
        rest = _HALF_YEAR.sub(r"\1 h\2", rest)
        years, rest = _years(rest)
    part, rest = _part_of_year(rest)
    session = of = 0
    if has_digit and (fraction := _FRACTION.search(rest)):
        if int(fraction[1]) <= int(fraction[2]):
            session, of = int(fraction[1]), int(fraction[2])
        rest = rest[: fraction.start()] + " " + rest[fraction.end() :]
    if named := _SESSION.search(rest):
        session = session or _count(named[1])
        rest = rest[: named.start()] + " " + rest[named.end() :]
    if not session and (lettered := _LETTER.search(rest) or _PART_OF_DAY.search(rest)):
        session = _PARTS_OF_DAY.get(lettered[1]) or _LETTERED + ord(lettered[1])
        rest = rest[: lettered.start()] + " " + rest[lettered.end() :]
    numbers: list[int] = []
    for pattern in (_VERSION, _EDITION, _HASH, _BEFORE, _BARE) if has_digit else (_EDITION, _BEFORE):
        if found := list(pattern.finditer(rest)):
            numbers += [_hundredths(each, pattern) for each in found]
            rest = pattern.sub(" ", rest)
    if not numbers and (roman := _ROMAN_END.search(original)) and roman[1].casefold() in _ROMAN:
        numbers.append(_ROMAN[roman[1].casefold()] * 100)
        rest = re.sub(rf"\b{roman[1].casefold()}\b", " ", rest)
    found_months = sorted(set(months))
    return Edition(
        session=session,
        of=of,
        number=tuple(sorted({number for number in numbers if number})[:MOST_NUMBERS]),
        years=tuple(years),
        part_of_year=part,
        month=found_months[0] if len(found_months) == 1 else 0,
        setting=variant.setting,
        pace=variant.pace,
    ), rest


@cache
def part_of_year_words() -> frozenset[str]:
    """Return the words for months and seasons."""
    return frozenset({*_MONTHS, *_SEASONS})


def _variant(title: str, named: tuple[tuple[re.Pattern[str], int], ...]) -> int:
    """Return the variant that a title names, or 0 if it names none or both."""
    found = [number for pattern, number in named if pattern.search(title)]
    return found[0] if len(found) == 1 else 0


def _years(text: str) -> tuple[list[int], str]:
    years: set[int] = set()
    if (span := _YEAR_SPAN.search(text)) and int(span[1]) % 100 + 1 == int(span[2]):
        years = {int(span[1]), int(span[1]) + 1}
        text = text[: span.start()] + " " + text[span.end() :]
    for found in _YEAR.finditer(text):
        years.add(int(found[1]) if found[1] else 2000 + int(found[2]))
    return sorted(years)[:MOST_YEARS], _YEAR.sub(" ", text)


def _part_of_year(text: str) -> tuple[int, str]:
    found = _PART_OF_YEAR.search(text)
    if not found:
        return 0, text
    quarter, half, season, term = found.groups()
    if season and text[found.end() : found.end() + 7] == " school":
        return _SEASONS[season], text  # "summer school" is a kind of event, so "summer" stays in the title
    if season:
        return _SEASONS[season], text  # the season may be part of the name: "Winter Social"
    rest = text[: found.start()] + " " + text[found.end() :]
    return (10 + int(quarter) if quarter else 20 + int(half) if half else 30 + int(term)), rest


def _hundredths(found: re.Match[str], pattern: re.Pattern[str]) -> int:
    if pattern is _VERSION:
        return int(found[1]) * 100 + (
            int(found[2]) if len(found[2]) == 2 else int(found[2]) * 10 if found[2] != "0" else 0
        )
    return _count(next(group for group in found.groups() if group)) * 100


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBER_WORDS.get(word) or _ROMAN[word]
