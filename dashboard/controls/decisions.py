"""Makes decisions of curators: checks the permission again, makes the ruling, publishes it and shows the result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import streamlit as st

from dashboard.components.plain import plain
from dashboard.controls.address import mark_changed
from dashboard.curator import curator
from dashboard.settings import settings
from tracker.config import Settings
from tracker.curation.review_session import ReviewSession, review_session
from tracker.errors import LockHeldError, TrackerError

_SAID = "decided"
_PATIENCE = 6.0
"""Seconds to wait for the lock that another curator's decision holds."""


def decide(what: str, make: Callable[[ReviewSession, str], object]) -> None:
    """Make a decision. For use in callbacks.

    Args:
        what: the message after success: ``Hidden: Winter Social``.
        make: makes the decision, given a review session and the curator's name.
    """
    mark_changed()
    who = curator()
    if not who:
        say("Not decided: you are not logged in as a curator any more.", is_error=True)
        return
    session = None
    try:
        with _retry_while_locked(review_session) as session:
            make(session, who)
    except LockHeldError:
        say("Not decided: a crawl is running, or somebody else decides just now. Try again in a minute.", is_error=True)
    except TrackerError as error:
        if session is not None and session.is_kept:
            say(f"{what}. It shows after the next crawl: {error}", is_error=True)
        else:
            say(f"Not decided: {error}", is_error=True)
    else:
        numbers = [str(each.number) for each in session.done]
        ruling = f" Ruling {', '.join(numbers)}; Curation, “Rulings”, takes it back." if numbers else ""
        say(f"{what}.{ruling}", is_error=False)


@contextmanager
def _retry_while_locked(opened: Callable[[Settings], AbstractContextManager[ReviewSession]]) -> Iterator[ReviewSession]:
    """Open a review session; retry for some seconds while another one holds the lock."""
    until = time.monotonic() + _PATIENCE
    with ExitStack() as stack:
        while True:
            try:
                session = stack.enter_context(opened(settings()))
                break
            except LockHeldError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)
        yield session


def show_what_was_decided() -> None:
    """Show the result of the last decision, once."""
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        words, is_error = said
        (st.error if is_error else st.success)(plain(words))


def say(words: str, *, is_error: bool) -> None:
    """Keep the result of a decision, to be shown once."""
    st.session_state[_SAID] = (words, is_error)
