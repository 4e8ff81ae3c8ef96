"""Tells whether an announcement says that its event is cancelled or postponed, and not something beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.reading.announcements.cues import find_statements, pattern, says_deadline, statements_in
from tracker.reading.announcements.surroundings import SENTENCE_END, TextSpan

_END = re.compile(r"[.!?;](?=\s|$)|\n")
_TURN = re.compile(r"[,;–-]\s*(?:but|however|so|aber|doch|mais|pero|mas|ma|maar)\b", re.IGNORECASE)
_BEFORE_DATE = re.compile(r"(?!sept|thurs|tues)\b[^\W\d]{4,}\)?\.\s+(?=\d)", re.IGNORECASE)
"""The end of a sentence before one that starts with a date: "6 March: Faust. 13 March: Carmen (cancelled)."."""
_CLAUSE_END = re.compile(r"[,;]\s|\s[–—]\s")
_OBJECT = re.compile(
    r"\s(?:the|our|this|les?|la|l.|el|los|las|il|lo|gli|os?|as?|den|die|das|unsere?n?)\s([^,.;\n]{0,30})"
)
_IN_YEAR = re.compile(r"\W{0,2}(?:in|im jahr|en|nel|em)\s(20\d\d)\b", re.IGNORECASE)
_WAS = re.compile(r"(?:was|were|wurden?|fue|fueron|foi|fu|werd|a [eé]t[eé])\b", re.IGNORECASE)
_YEAR = re.compile(r"\b20\d\d\b")
_FEW_WORDS = 3
"""Number of words up to which a clause does not name what is cancelled: ", is cancelled"."""


def find_cancellation(text: str, spans: Sequence[TextSpan]) -> tuple[str, list[TextSpan]]:
    """Return the words that say that the event is cancelled, and the dates of which they say so.

    "" if they are about a condition, a part or the past: a wrong cancellation is worse than a missed one, so any sign
    that it is about something else counts, and a sentence has to name an event or a day.
    """
    for first, last in statements_in(text, "cancelled"):
        # One character more, because the end of a sentence is known by the letter after it.
        ends = (*SENTENCE_END.finditer(text, 0, first + 1), *_BEFORE_DATE.finditer(text, 0, first))
        start = max((end.end() for end in ends), default=0)
        stop = SENTENCE_END.search(text, last)
        sentence = TextSpan(start, stop.start() if stop else len(text))
        if _is_of_something_else(text, sentence, first, last) or _turns_to_another(text, sentence, last, spans):
            continue
        days = [span for span in spans if sentence.start <= span.start < sentence.end]
        days = [span for span in days if not _is_of_the_note(text, sentence, span)]
        said_of = text[start:last] + text[last : sentence.end].split(",")[0]
        if days or pattern("kinds_of_event").search(said_of) or pattern("any_event").search(said_of):
            return text[first:last], days or _in_line(text, sentence, spans)
    return "", []


def _is_of_the_note(text: str, sentence: TextSpan, day: TextSpan) -> bool:
    """Return whether a date is that of the note, or of the decision: "Update, 3 May: …", "as announced on 1 May"."""
    before = text[sentence.start : day.start]
    return bool(
        pattern("before_date_of_note").fullmatch(before)
        or pattern("before_decision").search(before)
        or pattern("after_decision").match(text[day.end : sentence.end])
    )


def _in_line(text: str, cell: TextSpan, spans: Sequence[TextSpan]) -> list[TextSpan]:
    """Return the dates in the other cells of a row: "26 January | cancelled"."""
    start, end = text.rfind("\n", 0, cell.start) + 1, text.find("\n", cell.end)
    row = text[start : end if end >= 0 else len(text)]
    return [span for span in spans if start <= span.start < start + len(row)] if "|" in row else []


def _is_of_something_else(text: str, sentence: TextSpan, first: int, last: int) -> bool:
    before, after = text[sentence.start : first], text[last : sentence.end]
    clause = _CLAUSE_END.split(before)[-1]
    if len(clause.split()) < _FEW_WORDS:
        clause = before
    return bool(
        pattern("condition").search(after)
        or pattern("only_for").match(after)
        or pattern("verb_first").match(text[sentence.start : last])
        or _is_of_an_earlier_year(text, text[first:last], after)
        or pattern("title_of_talk").match(text[sentence.start : first])
        or after.endswith("?")
        or text.startswith("?", sentence.end)
        or pattern("not_cancelled_if").search(before)
        or pattern("not_cancelled").search(clause)
        or pattern("others_cancelled").search(clause)
        or pattern("others_cancelled").search(text[sentence.start : last].rpartition(" ")[0])
        or _is_of_other_object(text[first:last], after)
        or says_deadline(clause)
        or pattern("takes_place").search(f"{before} {after} {text[last : last + 120]}")
        or pattern("is_on").search(text[max(0, sentence.start - 200) : sentence.start])
        or pattern("is_on").search(text[sentence.end : sentence.end + 250])
        or pattern("denied").match(text[sentence.end : sentence.end + 40])
    )


def _is_of_an_earlier_year(text: str, words: str, after: str) -> bool:
    """Return whether it was an earlier edition: "was cancelled in 2020. The summit of 2022 …"."""
    year = _IN_YEAR.match(after) if _WAS.match(words) else None
    return year is not None and any(later > year[1] for later in _YEAR.findall(text))


def _is_of_other_object(words: str, after: str) -> bool:
    """Return whether a verb in the active has something else for its object: "we have to call off the bus"."""
    found = [_OBJECT.search(words), _OBJECT.match(after) if pattern("takes_object").search(words) else None]
    return any(each is not None and pattern("not_cancelled").search(each[1]) for each in found)


def _turns_to_another(text: str, sentence: TextSpan, last: int, spans: Sequence[TextSpan]) -> bool:
    """Return whether the sentence goes on with another day: "Our March meetup is cancelled, but join us on 9 April"."""
    turn = _TURN.search(text, last, sentence.end)
    if turn is None:
        return False
    is_denied = pattern("denial").search(text[turn.end() : sentence.end]) is not None
    return is_denied or any(turn.end() <= span.start < sentence.end for span in spans)


def find_postponement(text: str) -> str:
    """Return the words that say that the event is postponed, not its deadline."""
    words = find_statements(text, "postponed")
    start = text.find(words)
    before = _END.split(text[max(0, start - 90) : start])[-1]
    is_due = says_deadline(f"{text[max(0, start - 90) : start + len(words) + 25]}")
    is_conditional = pattern("condition").search(before) or pattern("verb_first").match(before)
    is_other = is_conditional or pattern("not_postponed").search(before)
    return "" if words and (is_due or is_other) else words
