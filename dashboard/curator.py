"""Who may decide: somebody who has logged in and is on the list, or the person at this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from dashboard.settings import settings

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
_PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def curator() -> str:
    """Return who decides here: a mail address, or the name that the server was started with; empty for visitors."""
    known = settings()
    if known.local_curator and _is_at_this_machine():
        return known.local_curator
    if not (known.login and st.user.get("is_logged_in", False)):
        return ""
    mail = str(st.user.get("email") or "").casefold()
    # Providers let anybody write any address into an account; only what they have checked counts.
    is_checked = st.user.get("email_verified", False) is True
    return mail if is_checked and mail in {each.casefold() for each in known.curators} else ""


def is_curator() -> bool:
    """Say whether the visitor may decide."""
    return bool(curator())


def _is_at_this_machine() -> bool:
    """Say whether nobody stands between the visitor and us, and the browser means this machine, not a name of it."""
    came_from, asked = st.context.ip_address, urlsplit(st.context.url or "").hostname or ""
    is_passed_on = any(st.context.headers.get(name) for name in _PROXY_HEADERS)
    return not is_passed_on and (came_from is None or came_from in _THIS_MACHINE) and asked in _THIS_MACHINE
