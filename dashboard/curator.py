"""Authorizes curators: logged-in users on the list of curators, or the local user if the server was started so."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import streamlit as st

from dashboard.settings import settings

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
_PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def curator() -> str:
    """Return the curator: an e-mail address, or the name the server was started with; empty for other visitors."""
    known = settings()
    if st.context.is_embedded:
        return ""
    if known.local_curator and is_at_this_machine(st.context.headers.to_dict(), st.context.ip_address):
        return known.local_curator
    if not (known.login and st.user.get("is_logged_in", False)):
        return ""
    mail = str(st.user.get("email") or "").casefold()
    # Providers accept any e-mail address in an account; only verified ones count.
    is_checked = st.user.get("email_verified", False) is True
    return mail if is_checked and mail in {each.casefold() for each in known.curators} else ""


def is_curator() -> bool:
    """Return whether the visitor is a curator."""
    return bool(curator())


def is_at_this_machine(headers: Mapping[str, str], came_from: str | None) -> bool:
    """Return whether a request comes from this machine, without a proxy and from the dashboard's own page.

    It is decided by the headers of the WebSocket handshake, which a browser does not let a page set. ``Host`` gives
    away a page whose domain resolves to this machine (DNS rebinding), ``Origin`` a page of another server on this
    machine, and either of them a proxy.
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
