"""Who may decide: somebody who has logged in and is on the list, or the person at this machine."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from dashboard.settings import settings

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
_PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def curator() -> str:
    """Return who decides here: a mail address, or the name that the server was started with; empty for visitors."""
    known = settings()
    if st.context.is_embedded:
        return ""
    if known.local_curator and is_at_this_machine(st.context.headers.to_dict(), st.context.ip_address):
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


def is_at_this_machine(headers: Mapping[str, str], came_from: str | None) -> bool:
    """Say whether a visitor sits at this machine: nobody stands between, and the page is our own.

    What counts are the headers of the handshake, which a browser does not let a page choose. A page that has made its
    name mean this machine (DNS rebinding) gives itself away by ``Host``, one of another server here by ``Origin``, and
    a proxy by either.
    """
    given = {name.casefold(): value for name, value in headers.items()}
    host = given.get("host", "")
    try:
        asked = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    is_passed_on = any(name.casefold() in given for name in _PROXY_HEADERS)
    is_ours = asked in _THIS_MACHINE and given.get("origin") == f"http://{host}"
    return is_ours and not is_passed_on and (came_from is None or came_from in _THIS_MACHINE)
