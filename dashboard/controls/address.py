"""Synchronizes the selection and the position within a view between the session and the URL, which can be shared.

Streamlit's own binding of widgets to the URL writes labels into it, and does not support "+30d". Here the URL has the
query parameters of the feeds. It is read whenever something else has changed it: a link, Back or Forward.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import streamlit as st

from dashboard.loading import Found, find
from tracker.errors import SelectionError
from tracker.models.filters import FILTERS
from tracker.models.selection import Selection

EXTRAS = ("page", "month", "day", "id", "place")
"""Query parameters that are no filters: the position within a view."""
_SELECTION, _EXTRAS, _WRITTEN, _REPLACED, _TOUCHED = "selection", "extras", "address", "replaced", "touched"
PROBLEM, MOVED, STEP, SHOW_AGAIN = "filter_problem", "moved", "step", "show_again"
_LOOKED_UP = ("near", "city", "country", "source")
"""Filters whose values may be well-formed and still name nothing."""
_IN_FLIGHT = 2.0
"""Seconds within which a new URL certainly arrives at the browser."""


def read_address() -> Selection:
    """Return the visitor's selection and update the URL to it. Call it once per run, before any widget.

    What cannot be read is left out, and reported beside the filters; the URL loses it with the visitor's next choice,
    because a change of its own would be one more step on the way back.
    """
    state, given = st.session_state, _given()
    is_touched = state.pop(_TOUCHED, False)
    is_moved = given != state.get(_WRITTEN) and not (is_touched and _is_behind(given))
    state[MOVED] = is_moved or _SELECTION not in state
    if state[MOVED]:
        state[STEP] = state.get(STEP, -1) + 1
        # The URL is not normalized here: that would add an entry to the browser's history.
        state[_WRITTEN] = given
        state[_EXTRAS] = {name: value for name, value in given if name in EXTRAS}
        state.pop(PROBLEM, None)
        state.pop(_SELECTION, None)
        state[_SELECTION], unread = _readable([pair for pair in given if pair[0] not in EXTRAS])
        if unread:
            state[PROBLEM] = _left_out(unread)
    elif is_touched:
        pairs = [*state[_SELECTION].to_pairs(), *state[_EXTRAS].items()]
        if pairs != state[_WRITTEN]:
            state[_REPLACED] = [*state.get(_REPLACED, ())[-4:], (time.monotonic(), state[_WRITTEN])]
            st.query_params.from_dict(_by_name(pairs))
            state[_WRITTEN] = pairs
    selection: Selection = state[_SELECTION]
    return selection


def _is_behind(given: list[tuple[str, str]]) -> bool:
    """Return whether the browser sends a URL that was replaced just now, because the new one has not arrived yet.

    Any other URL that differs is a navigation by the visitor, even if widgets were touched: navigating quickly leaves
    widgets behind that still show the earlier selection.
    """
    now = time.monotonic()
    return any(now - at < _IN_FLIGHT and given == replaced for at, replaced in st.session_state.get(_REPLACED, ()))


def chosen_now() -> Selection:
    """Return the current selection. For use in callbacks."""
    selection: Selection = st.session_state.get(_SELECTION, Selection())
    return selection


def extra_param(name: str) -> str:
    """Return the value of one of the ``EXTRAS`` in the URL; empty if it is not there."""
    return str(st.session_state.get(_EXTRAS, {}).get(name, ""))


def set_selection(selection: Selection, **extras: str) -> None:
    """Set the selection and the extras of the URL. For use in callbacks."""
    st.session_state[_SELECTION] = selection
    st.session_state[_EXTRAS] = {name: value for name, value in extras.items() if value}
    st.session_state[_TOUCHED] = True
    st.session_state.pop(PROBLEM, None)


def mark_changed() -> None:
    """Record that a widget, not the URL, has changed. For use in callbacks of widgets that are no filters."""
    st.session_state[_TOUCHED] = True


def set_extras(**extras: str) -> None:
    """Change extras of the URL and keep the selection. For use in callbacks."""
    set_selection(chosen_now(), **(st.session_state[_EXTRAS] | extras))


def choose(name: str, values: Iterable[Any]) -> None:
    """Set the values of one filter. For use in callbacks; an invalid value is reported beside the filters."""
    try:
        changed = with_values(chosen_now(), {name: [str(value) for value in values]})
    except SelectionError as error:
        report_problem(str(error))
    else:
        # The place within the view stays if nothing has changed.
        set_selection(changed, **({} if changed != chosen_now() else st.session_state.get(_EXTRAS, {})))


def find_what_is_known(selection: Selection) -> Found:
    """Return the events of a selection; a place or source that nobody knows is left out, and reported.

    Raises:
        StoreError: there is no database, or it cannot be read.
    """
    unknown: list[tuple[str, str]] = []
    for name, value in selection.to_pairs():
        if name in _LOOKED_UP:
            try:
                find(Selection.from_pairs([(name, value)]))
            except SelectionError:
                unknown.append((name, value))
    if unknown:
        for name in dict.fromkeys(name for name, _ in unknown):
            known = [each for key, each in selection.to_pairs() if key == name and (key, each) not in unknown]
            selection = with_values(selection, {name: known})
        st.session_state[_SELECTION] = selection
        st.session_state[PROBLEM] = _left_out(unknown)
    return find(selection)


def _readable(pairs: list[tuple[str, str]]) -> tuple[Selection, list[tuple[str, str]]]:
    """Return the selection of an address, and what of it has to be left out because it cannot be read."""
    kept: list[tuple[str, str]] = []
    unread: list[tuple[str, str]] = []
    for pair in sorted(pairs, key=lambda pair: pair[0] == "within"):  # which needs a place
        try:
            Selection.from_pairs([*kept, pair])
        except SelectionError:
            unread.append(pair)
        else:
            kept.append(pair)
    return Selection.from_pairs(kept), unread


def _left_out(pairs: list[tuple[str, str]]) -> str:
    said = " and ".join(f"{FILTERS[name].label.lower()} “{value[:100]}”" for name, value in pairs)
    hint = " Write a larger city nearby, or a city with its country: Cambridge, United Kingdom."
    is_place = any(name in {"near", "city"} for name, _ in pairs)
    return f"This address asks for {said}, which we do not know. It is left out here.{hint if is_place else ''}"


def with_values(selection: Selection, values: dict[str, list[str]]) -> Selection:
    """Return the selection with other values of some filters by name; an empty list removes a filter.

    Raises:
        SelectionError: a value cannot be read, or filters contradict each other.
    """
    if values.get("near") == []:
        values = {**values, "within": []}
    kept = [pair for pair in selection.to_pairs() if pair[0] not in values]
    return Selection.from_pairs([*kept, *((name, value) for name, given in values.items() for value in given)])


def report_problem(problem: str) -> None:
    """Report beside the filters why a choice is invalid. For use in callbacks."""
    mark_changed()
    st.session_state[PROBLEM] = problem


def clear() -> None:
    """Remove all filters, but keep the sort order. For use as a callback."""
    set_selection(Selection(sort=chosen_now().sort))


def _given() -> list[tuple[str, str]]:
    """Return the known query parameters of the URL; shared links collect others (fbclid, utm_source)."""
    ours = {*Selection.names(), *EXTRAS}
    given = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return [(name, value) for name, value in given if name in ours and value]


def _by_name(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    return {name: [value for key, value in pairs if key == name] for name, _ in pairs}
