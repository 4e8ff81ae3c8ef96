"""Widgets of filters: each shows what the selection says, and changes it when a visitor does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.controls.address import STEP, choose
from dashboard.pieces.plain import plain
from tracker.models.selection import Selection

Words = Callable[[str], str]


def pills(selection: Selection, name: str, label: str, counts: Mapping[str, int], words: Words, *,
          options: Sequence[str] = (), hidden: bool = False) -> None:  # fmt: skip
    """Show the values of a filter as buttons with counts.

    Args:
        selection: what is chosen now.
        name: of the filter.
        label: what it is called.
        counts: how many events each value would give; those offered unless ``options`` says otherwise.
        words: value → what people read.
        options: which values are offered, in which order.
        hidden: whether the label is for screen readers alone.
    """
    chosen = chosen_of(selection, name)
    offered = list(dict.fromkeys([*(options or counts), *chosen]))
    if not offered:
        return
    key = seeded(name, chosen)
    st.pills(
        label, offered, key=key, selection_mode="multi", on_change=_choose_several, args=(name, key),
        format_func=lambda value: f"{plain(words(value))} :gray[{counts.get(value, 0)}]",
        label_visibility="collapsed" if hidden else "visible",
    )  # fmt: skip


def multiselect(selection: Selection, name: str, label: str, counts: Mapping[str, int], words: Words) -> None:
    """Show the values of a filter as a list to choose from, with counts."""
    chosen = chosen_of(selection, name)
    key = seeded(name, chosen)
    st.multiselect(
        label, list(dict.fromkeys([*counts, *chosen])), key=key, on_change=_choose_several, args=(name, key),
        format_func=lambda value: f"{words(value)} ({counts.get(value, 0)})", placeholder="Any",
    )  # fmt: skip


def selectbox(selection: Selection, name: str, label: str, options: Mapping[str, str], **look: Any) -> None:
    """Show a filter of one value as a list; ``options`` holds value → words, the empty value first."""
    written = dict(selection.to_pairs()).get(name, "")
    key = seeded(name, written)
    st.selectbox(
        label, list(dict.fromkeys([*options, written])), key=key, on_change=choose_one, args=(name, key),
        format_func=lambda value: options.get(value, value), **look,
    )  # fmt: skip


def seeded(name: str, value: Any) -> str:
    """Return the key of a filter's widget, which shows ``value`` from now on.

    After each step to another address there are new widgets: those of before may still say what was chosen then.
    """
    key = key_of(name)
    # Set only if it differs: what is set is sent, and would take away what is being typed.
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def key_of(name: str) -> str:
    """Return the key of a filter's widget."""
    step = st.session_state.get(STEP, 0)
    return f"filter_{name}_{step}" if step else f"filter_{name}"


def chosen_of(selection: Selection, name: str) -> list[str]:
    """Return the values of a filter as the address writes them."""
    return [value for key, value in selection.to_pairs() if key == name]


def _choose_several(name: str, key: str) -> None:
    if key == key_of(name):
        choose(name, st.session_state[key] or ())


def choose_one(name: str, key: str) -> None:
    """Choose what a widget of one value says. For use as a callback."""
    if key == key_of(name):
        choose(name, filter(None, (st.session_state[key],)))
