"""Shows errors to visitors: what is wrong, without file paths, and what to do."""

from __future__ import annotations

import logging

import streamlit as st

from tracker.errors import NoStoreError, StoreError, StoreTooNewError, StoreUnreadableError

_log = logging.getLogger(__name__)
_STATES: dict[type[StoreError], tuple[str, str]] = {
    NoStoreError: (
        "There is no data to show yet",
        "Nothing has been crawled here so far. Fill it with `tracker crawl`, or try the practice data: `tracker demo`.",
    ),
    StoreTooNewError: (
        "This page is being updated",
        (
            "A newer version of the tracker wrote the data than the one that serves this page. Come back soon; "
            "whoever runs it: update and start `tracker serve` again."
        ),
    ),
    StoreUnreadableError: (
        "The data cannot be read",
        "The database is damaged, or none of ours. Whoever runs this: `tracker status` says more; restore a backup.",
    ),
}
_OTHER = (
    "The data cannot be read just now",
    (
        "The database is busy, or is waiting for `tracker db upgrade`. Try again in a minute; whoever runs this: "
        "`tracker status` says more."
    ),
)


def show_store_problem(error: StoreError) -> None:
    """Show why there are no data; log the full message, which names files, on the server."""
    _log.error("%s", error)
    title, words = next((state for kind, state in _STATES.items() if isinstance(error, kind)), _OTHER)
    st.title(title, anchor=False)
    st.info(words)
    st.button("Try again")
