"""Tells whether an announcement says that its event is cancelled or postponed, and not something beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tracker.reading.announcements.cues import find_statements, pattern, says_deadline, statements_in
from tracker.reading.announcements.surroundings import SENTENCE_END, TextSpan

_VERB_FIRST = re.compile(r"\W*(?:wird|werden|f[äa]llt|fallen|muss|m[üu]ssen|gaat|gaan)\b", re.IGNORECASE)
"""German and Dutch with the verb first are a condition: "Wird der Kurs abgesagt, erhalten Sie die Gebühr zurück"."""
_END = re.compile(r"[.!?;](?=\s|$)|\n")
_TURN = re.compile(r"[,;–-]\s*(?:but|however|so|aber|doch|mais|pero|mas|ma|maar)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;]\s|\s[–—]\s")
_FEW_WORDS = 3
"""Number of words up to which a clause does not name what is cancelled: ", is cancelled"."""


def find_cancellation(text: str, spans: Sequence[TextSpan]) -> tuple[str, TextSpan]:
    """Return the words that say that the event is cancelled, and their sentence.

    "" if they are about a condition, a part or the past: a wrong cancellation is worse than a missed one, so any sign
    that it is about something else counts, and a sentence has to name an event or a day.
    """
    for first, last in statements_in(text, "cancelled"):
        # One character more, because the end of a sentence is known by the letter after it.
        start = max((end.end() for end in SENTENCE_END.finditer(text, 0, first + 1)), default=0)
        stop = SENTENCE_END.search(text, last)
        sentence = TextSpan(start, stop.start() if stop else len(text))
        if not _is_of_something_else(text, sentence, first, last) and not _turns_to_another(
            text, sentence, last, spans
        ):
            said_of = text[start:last] + text[last : sentence.end].split(",")[0]
            names_day = any(is_within(sentence, span) for span in spans)
            if names_day or pattern("kinds_of_event").search(said_of) or pattern("any_event").search(said_of):
                return text[first:last], sentence
    return "", TextSpan(0, 0)


def is_within(sentence: TextSpan, span: TextSpan) -> bool:
    """Return whether a date stands in a sentence."""
    return sentence.start <= span.start < sentence.end


def _is_of_something_else(text: str, sentence: TextSpan, first: int, last: int) -> bool:
    before, after = text[sentence.start : first], text[last : sentence.end]
    clause = _CLAUSE_END.split(before)[-1]
    if len(clause.split()) < _FEW_WORDS:
        clause = before
    return bool(
        pattern("condition").search(after)
        or _VERB_FIRST.match(text[sentence.start : last])
        or after.endswith("?")
        or text.startswith("?", sentence.end)
        or pattern("not_cancelled_if").search(before)
        or pattern("not_cancelled").search(clause)
        or says_deadline(clause)
        or pattern("takes_place").search(f"{before} {after} {text[last : last + 120]}")
        or pattern("is_on").search(text[max(0, sentence.start - 200) : sentence.start])
        or pattern("is_on").search(text[sentence.end : sentence.end + 250])
        or pattern("denied").match(text[sentence.end : sentence.end + 40])
    )


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
    is_conditional = pattern("condition").search(before) or _VERB_FIRST.match(before)
    is_other = is_conditional or pattern("not_postponed").search(before)
    return "" if words and (is_due or is_other) else words
