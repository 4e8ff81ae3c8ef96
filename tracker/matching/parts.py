"""Tells a part of a larger event from the whole: the devroom of a conference, its party, the session of a course."""

from __future__ import annotations

import numpy as np

from tracker.matching.columns import Flags, among, any_shared
from tracker.matching.pairs import Pairs
from tracker.matching.table import Rows
from tracker.matching.words import beside_codes, part_codes, social_codes


def stands_beside(pairs: Pairs) -> Flags:
    """Return whether only one is a side event: the afterparty, devroom or satellite of something.

    "Opening Drinks – RLC side event" and "RLC Opening Drinks" are two words for one thing.
    """
    one, other = (np.isin(each.words, beside_codes()).any(axis=1) for each in (pairs.one, pairs.other))
    socials, others = (
        np.where(np.isin(each.words, social_codes()), each.words, 0) for each in (pairs.one, pairs.other)
    )
    answer: Flags = (one != other) & ~any_shared(socials, others)
    return answer


_NAMED = 0.5
"""Minimum weight of words that name something."""
_LITTLE = 0.3
"""Maximum weight of words that one title has more, such as its season."""
_COMMON = 0.5
"""Minimum share of the words of two parts that they have in common if they are one: "Safe Agents", "Safe Models"."""
_AN_HOUR = 60
"""Maximum number of minutes between two starts at once, as one may be that of the doors."""


def is_part(pairs: Pairs) -> Flags:
    """Return whether one is a part of the other: "Rust devroom at FOSDEM", a session of a course."""
    one, other = pairs.one, pairs.other
    # "AI Safety Berlin: Winter Drinks" and "AI Safety Berlin" of one evening: the latter is the group.
    at_once = pairs.dated & ((pairs.days_apart == 0) | (np.abs(one.start_minute - other.start_minute) <= _AN_HOUR))
    answer: Flags = (names_part(one, other) | _adds_kind_of_part(one, other)) & (other.is_long | ~at_once)
    answer |= (names_part(other, one) | _adds_kind_of_part(other, one)) & (one.is_long | ~at_once)
    answer &= ~any_shared(one.whole, other.whole)
    answer |= _is_session(one, other) | _is_session(other, one)
    return answer & ~pairs.share_entry


def names_part(part: Rows, whole: Rows) -> Flags:
    """Return whether the title of ``part`` is "X at Y", and Y but nothing of X is the title of ``whole``.

    "Hack Day (JSNext)" is no part of "JSNext | Hack Day", though "hack day" is no name.
    """
    answer: Flags = part.whole[:, 0] > 0
    some = np.flatnonzero(answer)
    part, whole = part.part(some), whole.part(some)
    enough = np.minimum(_NAMED, whole.weights.max(axis=1, initial=0.0))[:, None]
    named = (whole.words > 0) & (whole.weights >= enough)
    # Its organiser is often added to the name of a course, but not to those of its tracks.
    name = named & ~among(whole.words, whole.around)
    name = np.where(name.any(axis=1)[:, None], name, named)
    is_whole = name.any(axis=1) & ~(name & ~among(whole.words, part.whole)).any(axis=1)
    is_whole |= any_shared(part.whole, whole.initials)
    own = (part.words > 0) & ~among(part.words, part.whole)
    is_own = part.is_kind_of_part | ((part.weights * (own & ~among(part.words, part.around))).sum(axis=1) >= _NAMED)
    is_named = any_shared(np.where(own, part.words, 0), np.where(named, whole.words, 0))
    missing = (part.weights * (own & ~among(part.words, whole.words))).sum(axis=1)
    is_named |= own.any(axis=1) & (missing <= _LITTLE)
    answer[some] = is_whole & is_own & ~is_named
    return answer


def _adds_kind_of_part(part: Rows, whole: Rows) -> Flags:
    """Return whether one title is the other with a kind of part behind it: "Alignment Days Porto Evals Social"."""
    length = (whole.words > 0).sum(axis=1)
    place = np.arange(whole.words.shape[1])
    answer: Flags = ((part.words == whole.words) | (place >= length[:, None])).all(axis=1) & (length >= _FEWEST_WORDS)
    some = np.flatnonzero(answer)
    added = np.where(place >= length[some, None], part.words[some], 0)
    answer[some] = np.isin(added, part_codes()).any(axis=1)
    return answer


_FEWEST_WORDS = 2
"""Minimum number of words of a title that another adds to."""


def _is_session(one: Rows, other: Rows) -> Flags:
    """Return whether one is a session of the other, a course or anything of several days: "Evals Workshop – Day 2"."""
    answer: Flags = (one.session > 0) & (other.session == 0) & other.is_long & ~one.is_long
    return answer


def are_two_parts(pairs: Pairs) -> Flags:
    """Return whether the titles name two parts of one event: "Rust devroom at FOSDEM" and "Go devroom at FOSDEM"."""
    one, other = pairs.one, pairs.other
    answer: Flags = any_shared(one.whole, other.whole)
    some = np.flatnonzero(answer)
    one, other = one.part(some), other.part(some)
    own = [(each.words > 0) & ~among(each.words, each.whole) for each in (one, other)]
    weights = [(each.weights * words).sum(axis=1) for each, words in zip((one, other), own, strict=True)]
    common = (one.weights * (own[0] & among(one.words, np.where(own[1], other.words, 0)))).sum(axis=1)
    least = np.minimum(*weights)
    answer[some] = (least >= _NAMED) & (common < _COMMON * least)
    return answer
