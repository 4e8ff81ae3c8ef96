"""Filter widgets: each shows its filter's values in the selection, and changes the selection."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import streamlit as st

from dashboard.components.plain import plain
from dashboard.controls.address import SHOW_AGAIN, STEP, choose
from tracker.models.selection import Selection

Words = Callable[[str], str]
_COUNT = re.compile(r" \([\d,]+\)$")
SHEET = "_sheet"
"""Distinguishes the widgets of the sheet, in which a narrow screen has all filters, from those beside it."""


def pills(selection: Selection, name: str, label: str, counts: Mapping[str, int], words: Words, *,
          options: Sequence[str] = (), hidden: bool = False, twin: str = "") -> None:  # fmt: skip
    """Show the values of a filter as buttons with counts.

    Args:
        selection: the current selection.
        name: name of the filter.
        label: label of the widget.
        counts: number of events by value; values without any are not offered.
        words: returns the label of a value.
        options: the values in the order in which they are offered; else the most frequent first.
        hidden: whether the label is for screen readers only.
        twin: ``SHEET`` for the widget of the sheet, if there is another one beside it.
    """
    chosen = chosen_of(selection, name)
    offered = list(dict.fromkeys([*(each for each in options or counts if counts.get(each)), *chosen]))
    if not offered:
        return
    key = sync_widget(name, chosen, twin)
    st.pills(
        label, offered, key=key, selection_mode="multi", on_change=_choose_several, args=(name, key),
        format_func=lambda value: f"{plain(words(value))} :gray[{counts.get(value, 0)}]",
        label_visibility="collapsed" if hidden else "visible",
    )  # fmt: skip


def multiselect(
    selection: Selection, name: str, label: str, counts: Mapping[str, int], words: Words, twin: str = ""
) -> None:
    """Show the values of a filter as a multiselect list with counts."""
    chosen = chosen_of(selection, name)
    key = sync_widget(name, chosen, twin)
    offered = list(dict.fromkeys([*counts, *chosen]))
    st.multiselect(
        label, offered, key=key, on_change=_choose_several, args=(name, key, {words(each): each for each in offered}),
        format_func=lambda value: f"{words(value)} ({counts.get(value, 0)})", placeholder="Any",
    )  # fmt: skip


def selectbox(
    selection: Selection, name: str, label: str, options: Mapping[str, str], twin: str = "", **look: Any
) -> None:
    """Show a filter of one value as a list; ``options`` maps values to labels, the empty value first."""
    written = dict(selection.to_pairs()).get(name, "")
    key = sync_widget(name, written, twin)
    st.selectbox(
        label, list(dict.fromkeys([*options, written])), key=key, on_change=choose_one, args=(name, key),
        format_func=lambda value: options.get(value, value), **look,
    )  # fmt: skip


def sync_widget(name: str, value: Any, twin: str = "") -> str:
    """Set the widget of a filter to ``value`` and return its key.

    Each navigation to another URL makes new widgets, because the earlier ones may still show an earlier selection.
    """
    key = widget_key(name, twin)
    # Set only if it differs: a value that is set is sent to the browser, and would replace what is being typed.
    if st.session_state.get(key) != value or SHOW_AGAIN in st.session_state:
        st.session_state[key] = value
    return key


def widget_key(name: str, twin: str = "") -> str:
    """Return the key of a filter's widget."""
    step = st.session_state.get(STEP, 0)
    return f"filter_{name}{twin}_{step}" if step else f"filter_{name}{twin}"


def is_current(name: str, key: str) -> bool:
    """Return whether a widget is of this step: earlier ones may still show an earlier selection."""
    return key in {widget_key(name), widget_key(name, SHEET)}


def chosen_of(selection: Selection, name: str) -> list[str]:
    """Return the values of a filter as written in the URL."""
    return [value for key, value in selection.to_pairs() if key == name]


def _choose_several(name: str, key: str, labels: Mapping[str, str] = MappingProxyType({})) -> None:
    if is_current(name, key):
        choose(name, [meant_by(each, labels) for each in st.session_state[key] or ()])


def meant_by(chosen: str, labels: Mapping[str, str]) -> str:
    """Return the value that a choice stands for, given the values by their labels.

    A browser sends the label that it shows, and Streamlit hands on a label that is not shown any more, such as
    "Berlin (5)" after another filter has left one of the five, as if it were a value.

    >>> meant_by("Germany (5)", {"Germany": "DE"}), meant_by("DE", {"Germany": "DE"})
    ('DE', 'DE')
    """
    plainly = _COUNT.sub("", chosen)
    return labels.get(plainly, plainly)


def choose_one(name: str, key: str) -> None:
    """Set a filter to the value of its widget. For use as a callback."""
    if is_current(name, key):
        choose(name, filter(None, (st.session_state[key],)))
