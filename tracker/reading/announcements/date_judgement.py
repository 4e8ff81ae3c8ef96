"""Judges what each date of an announcement is for, from all the evidence for it together.

The rules of ``roles.py`` go by the nearest cue, which is right in short texts. In longer ones their answer is one piece
of evidence among others (``date_evidence.py``); the weights are those of three logistic regressions, fitted by
``benchmarks/announcements/fit_dates.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from tracker.models.vocabulary import DeadlineKind
from tracker.reading.announcements.cues import kind_in
from tracker.reading.announcements.date_role import DateRole, Role
from tracker.reading.announcements.event_choice import is_byline, preferred
from tracker.reading.announcements.parts import Mention
from tracker.reading.lookups import load

EVENT, DUE, OPENS = "event", "due", "opens"
LONG = 120
"""Characters from which a text is an announcement, whose dates are judged by all the evidence."""
LEAST = {EVENT: -0.2, DUE: 0.2, OPENS: 0.4}
"""Scores (logarithms of the odds) from which a date is taken for one."""


class _Weights(dict[str, float]):
    """The weights of the pieces of evidence; those never learned weigh nothing."""

    def __missing__(self, piece: str) -> float:
        """Return the weight of a piece that has none."""
        return 0.0


@cache
def _weights(name: str) -> _Weights:
    return _Weights(load("date_weights")[name])


def score(name: str, evidence: frozenset[str]) -> float:
    """Return the logarithm of the odds that a date is for ``name``."""
    weights = _weights(name)
    # The order of a set must not decide about the last bit of the sum.
    return round(weights["bias"] + sum(map(weights.__getitem__, evidence)), 2)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the dates of an announcement are for."""

    roles: list[DateRole]
    event: int | None
    """Number of the date that is the event's; None if none is, or if it is not clear."""
    doubts: list[str]


def judge_dates(mentions: Sequence[Mention], evidence: Sequence[frozenset[str]], published: date | None) -> Judgement:
    """Judge what each date is for.

    At most one date is the event's; a date that may be so, but not likely enough, becomes a doubt. Of dates that are
    about equally likely, as in a list of meetings, the rules of precedence choose.
    """
    scores = [
        score(EVENT, each) if mention.dated and not is_byline(mention, published) else _NEVER
        for mention, each in zip(mentions, evidence, strict=True)
    ]
    dues = [score(DUE, each) for each in evidence]
    for number, mention in enumerate(mentions):
        if mention.purpose.is_listed and dues[number - 1] >= LEAST[DUE] > scores[number - 1]:
            scores[number], dues[number] = _NEVER, dues[number - 1]  # of a list of deadlines, none is the event's
    best = max(scores, default=_NEVER)
    likely = [mention for mention, each in zip(mentions, scores, strict=True) if each >= best - _EQUAL]
    doubts, event = [], None
    favoured = _favoured(mentions, scores, evidence) if best < LEAST[EVENT] else []
    likely = favoured or likely
    if favoured or best >= LEAST[EVENT]:
        known = [mention for mention in mentions if mention.dated is not None]
        event = mentions.index(preferred(likely, known, published))
    elif best >= _DOUBTFUL and likely[0].role is not Role.OTHER:
        doubts.append(f"{likely[0].words!r} may be the date of the event, but it is not clear")
    roles = [
        _role(mention, each, published, dues[number], is_event=number == event)
        for number, (mention, each) in enumerate(zip(mentions, evidence, strict=True))
    ]
    return Judgement(roles, event, doubts + (_late(mentions, roles, mentions[event]) if event is not None else []))


def _favoured(
    mentions: Sequence[Mention], scores: Sequence[float], evidence: Sequence[frozenset[str]]
) -> list[Mention]:
    """Return dates that need a lower score: those with a clock time in the title, or the only one said to be it."""
    judged = list(zip(mentions, scores, evidence, strict=True))
    titled = [mention for mention, each, pieces in judged if each >= _LEAST_IN_TITLE and pieces >= _IN_TITLE]
    cued = [
        (mention, each) for mention, each, _ in judged if mention.role in _OF_EVENTS and not mention.purpose.is_weak
    ]
    return titled or [mention for mention, each in cued if len(cued) == 1 and each >= _LEAST_IF_ONLY]


def _late(mentions: Sequence[Mention], roles: Sequence[DateRole], event: Mention) -> list[str]:
    """Return a doubt for each date that a word makes a deadline, and that is none because it lies after the event."""
    over = event.dated and (event.dated.last or event.dated.first)
    return [
        f"the deadline {mention.words!r} lies after the event"
        for mention, role in zip(mentions, roles, strict=True)
        if mention.role is Role.DEADLINE and role.role is Role.OTHER and mention.dated and over
        if mention.dated.first > over
    ]


_IN_TITLE, _LEAST_IN_TITLE = frozenset({"first line", "clock"}), -1.0
"""Evidence of a day with its clock time in the title, and the score from which that is the event's."""
_LEAST_IF_ONLY = -0.6
"""Score from which the only date that its words make the event's is that."""
_LEAST_AGAINST_CUE = 1.0
"""Score from which a date is taken for something else than the words beside it say."""
_LEAST_IF_SAID = -0.3
"""Score from which a date is a deadline that its words make one."""
_EQUAL = 0.7
"""Difference of scores up to which two dates are about equally likely."""
_NEVER, _DOUBTFUL = -99.0, -1.4
_LEAST_IF_CUED = -2.5
"""Score from which a date that the nearest cue makes an opening is one; few announcements have any to learn from."""
_OF_EVENTS = frozenset({Role.EVENT, Role.STARTS})
_OF_APPLYING = frozenset({Role.DEADLINE, Role.WINDOW, Role.OPENS})


def _role(
    mention: Mention, evidence: frozenset[str], published: date | None, due: float, *, is_event: bool
) -> DateRole:
    purpose = mention.purpose
    if is_event:
        return purpose if purpose.role in _OF_EVENTS else replace(purpose, role=Role.EVENT)
    if purpose.role is Role.NOTIFICATION and not purpose.is_weak:
        is_past = mention.dated is not None and published is not None and mention.dated.first <= published
        return replace(purpose, role=Role.OTHER) if is_past else purpose  # "today named the winners"
    is_cued = purpose.role in {*_OF_EVENTS, Role.OTHER, Role.SUPERSEDED} and not purpose.is_weak
    is_said = purpose.role is Role.DEADLINE and not purpose.is_weak
    if due >= (_LEAST_AGAINST_CUE if is_cued else _LEAST_IF_SAID if is_said else LEAST[DUE]):
        is_window = mention.dated is not None and mention.dated.last is not None
        return replace(purpose, role=Role.WINDOW if is_window else Role.DEADLINE, deadline=_kind(purpose))
    is_exact = mention.dated is not None and mention.dated.precision.is_exact_to_the_day
    least = _LEAST_IF_CUED if purpose.role is Role.OPENS else LEAST[OPENS]
    if score(OPENS, evidence) >= least and is_exact:
        return replace(purpose, role=Role.OPENS)
    return replace(purpose, role=Role.OTHER) if purpose.role in _OF_APPLYING else purpose


_OUTRANKING = frozenset({DeadlineKind.NOTIFICATION, DeadlineKind.OTHER, DeadlineKind.EARLY_BIRD})


def _kind(purpose: DateRole) -> DeadlineKind | None:
    """Return the kind of a deadline: by the words beside it, else by those of its sentence."""
    around = purpose.around
    beside, sentence = f"{around.before[-90:]} … {around.after[:60]}", f"{around.sentence} {around.rest} {around.label}"
    said = kind_in(beside, "said_kinds")
    if said in _OUTRANKING or purpose.deadline is None:
        return said or kind_in(sentence)
    return purpose.deadline
