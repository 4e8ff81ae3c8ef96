"""Shows the week's digest of the selection as text to copy, for newsletters and chats."""

from __future__ import annotations

import streamlit as st

from dashboard.components.plain import link
from dashboard.controls.address import mark_changed
from dashboard.loading import Found, load_digest
from dashboard.visitor import base_url
from tracker.publishing.pasting import FORMS

_NAMES = {"md": "Markdown", "html": "HTML", "text": "Plain text"}


def show_digest(found: Found) -> None:
    """Show a button that opens the digest; it is made when it is opened."""
    with st.popover("This week as text", icon=":material/article:", key="digest", on_change=mark_changed) as box:
        if not box.open:
            return
        st.markdown("What closes soon, is new, comes up and changed, **of what the filters show now**.")
        form = st.segmented_control(
            "Form", list(_NAMES), format_func=_NAMES.__getitem__, default="md", required=True,
            key="digest_form", on_change=mark_changed, label_visibility="collapsed",
        )  # fmt: skip
        text = FORMS[form or "md"].render(load_digest(found))
        st.code(text, language=None, wrap_lines=True, height=320)
        st.markdown(f":small[The button at the corner copies it. {link('Digests as pages', f'{base_url()}/digest')}]")
