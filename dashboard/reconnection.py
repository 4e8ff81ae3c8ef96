"""Keeps the first click after a restart of the server.

A browser that finds the server again has a new session, and sends what its widgets hold only with the visitor's next
click. Streamlit calls no callbacks then, because the new session does not know these widgets yet, and the click would
be lost. So the page is first made as its URL says, which makes the widgets known, and then the click is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData, RerunException, get_script_run_ctx

from dashboard.controls.address import SHOW_AGAIN, STEP

_IS_KNOWN = "session_is_known"
_STEP_IN_KEY = re.compile(r"-filter_[a-z_]+_(\d+)$")


@contextmanager
def first_click_kept() -> Iterator[None]:
    """Run the block once more with the widgets of the browser, if it is the first of a session that they outlived."""
    held = _widgets_of_the_browser()
    if held:
        # Keys of filter widgets have the number of navigations in them: the same widgets have to be made.
        steps = [int(found[1]) for each in held if (found := _STEP_IN_KEY.search(each.id))]
        st.session_state[STEP] = max(steps, default=0) - 1
    yield
    st.session_state.pop(SHOW_AGAIN, None)
    context = get_script_run_ctx()
    if held and context is not None:
        st.session_state[SHOW_AGAIN] = True
        raise RerunException(
            RerunData(
                query_string=context.query_string,
                page_script_hash=context.page_script_hash,
                widget_states=WidgetStates(widgets=held),
                cached_message_hashes=context.cached_message_hashes,
                context_info=context.context_info,
            )
        )


def _widgets_of_the_browser() -> list[WidgetState]:
    """Return the states of widgets that the browser has sent to a session that has made none; empty otherwise."""
    if _IS_KNOWN in st.session_state:
        return []
    st.session_state[_IS_KNOWN] = True
    context = get_script_run_ctx()
    return [] if context is None else list(context.session_state.get_widget_states())
