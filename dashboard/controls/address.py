"""Where a visitor is: filters and page, in the address, where they can be shared, and in the session.

Streamlit's own binding of widgets to the address writes labels into it, and knows no "+30d". Here the address is
written in the grammar of the feeds. It is read whenever somebody else has changed it: a link, Back, Forward.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import streamlit as st

from tracker.errors import SelectionError
from tracker.models.selection import Selection

EXTRAS = ("page", "month", "day", "id", "place")
"""What views keep in the address beside the filters: where one is within a view."""
_SELECTION, _EXTRAS, _WRITTEN, _REPLACED, _TOUCHED = "selection", "extras", "address", "replaced", "touched"
PROBLEM, MOVED, STEP = "filter_problem", "moved", "step"
_IN_FLIGHT = 2.0
"""Seconds within which a browser surely hears of a new address."""


def read_address() -> Selection:
    """Return what the visitor has chosen; the address says so afterwards. Call it once, before any widget.

    Raises:
        SelectionError: the address asks for something unknown.
    """
    state, given = st.session_state, _given()
    is_touched = state.pop(_TOUCHED, False)
    is_moved = given != state.get(_WRITTEN) and not (is_touched and _is_behind(given))
    state[MOVED] = is_moved or _SELECTION not in state
    if state[MOVED]:
        state[STEP] = state.get(STEP, -1) + 1
        # Not put into its normal form here: that would be one more step for Back.
        state[_WRITTEN] = given
        state[_EXTRAS] = {name: value for name, value in given if name in EXTRAS}
        state.pop(PROBLEM, None)
        state.pop(_SELECTION, None)
        state[_SELECTION] = Selection.from_pairs(pair for pair in given if pair[0] not in EXTRAS)
    elif is_touched:
        pairs = [*state[_SELECTION].to_pairs(), *state[_EXTRAS].items()]
        if pairs != state[_WRITTEN]:
            state[_REPLACED] = [*state.get(_REPLACED, ())[-4:], (time.monotonic(), state[_WRITTEN])]
            st.query_params.from_dict(_by_name(pairs))
            state[_WRITTEN] = pairs
    selection: Selection = state[_SELECTION]
    return selection


def _is_behind(given: list[tuple[str, str]]) -> bool:
    """Say whether the browser gives an address that we have replaced just now, and has not heard of the new one.

    Without that an address that differs is a step of the visitor's, even if widgets say that they were touched: what
    a visitor steps over quickly leaves widgets behind that still show what was chosen before.
    """
    now = time.monotonic()
    return any(now - at < _IN_FLIGHT and given == replaced for at, replaced in st.session_state.get(_REPLACED, ()))


def chosen_now() -> Selection:
    """Return what is chosen. For use in callbacks."""
    selection: Selection = st.session_state.get(_SELECTION, Selection())
    return selection


def extra(name: str) -> str:
    """Return what the address says beside the filters; empty if nothing."""
    return str(st.session_state.get(_EXTRAS, {}).get(name, ""))


def go(selection: Selection, **extras: str) -> None:
    """Choose other filters, and where to be within the view. For use in callbacks."""
    st.session_state[_SELECTION] = selection
    st.session_state[_EXTRAS] = {name: value for name, value in extras.items() if value}
    st.session_state[_TOUCHED] = True
    st.session_state.pop(PROBLEM, None)


def touch() -> None:
    """Say that a widget, not the address, has changed something. For use in callbacks of every other widget."""
    st.session_state[_TOUCHED] = True


def stay(**extras: str) -> None:
    """Be somewhere else within the view, with the same filters. For use in callbacks."""
    go(chosen_now(), **(st.session_state[_EXTRAS] | extras))


def choose(name: str, values: Iterable[Any]) -> None:
    """Choose the values of one filter. For use in callbacks; what cannot be read is said beside the filters."""
    try:
        changed = with_values(chosen_now(), {name: [str(value) for value in values]})
    except SelectionError as error:
        refuse(str(error))
    else:
        go(changed)


def with_values(selection: Selection, values: dict[str, list[str]]) -> Selection:
    """Return the selection with other values of some filters, by name; none takes a filter away.

    Raises:
        SelectionError: a value cannot be read, or filters contradict each other.
    """
    if values.get("near") == []:
        values = {**values, "within": []}
    kept = [pair for pair in selection.to_pairs() if pair[0] not in values]
    return Selection.from_pairs([*kept, *((name, value) for name, given in values.items() for value in given)])


def refuse(problem: str) -> None:
    """Say beside the filters why a choice is not taken. For use in callbacks."""
    touch()
    st.session_state[PROBLEM] = problem


def clear() -> None:
    """Take every filter away, but not the order. For use as a callback."""
    go(Selection(sort=chosen_now().sort))


def _given() -> list[tuple[str, str]]:
    """Return what of the address is ours: links that are passed on pick up other names (fbclid, utm_source)."""
    ours = {*Selection.names(), *EXTRAS}
    given = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return [(name, value) for name, value in given if name in ours and value]


def _by_name(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    return {name: [value for key, value in pairs if key == name] for name, _ in pairs}
