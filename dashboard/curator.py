"""Authorizes curators: logged-in users on the list of curators, or the local user if the server was started so."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest
from urllib.parse import unquote, urlsplit

import streamlit as st

from dashboard.curator_key import COOKIE
from dashboard.settings import settings

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
_PROXY_HEADERS = frozenset(
    {"forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "x-original-host", "x-request-id", "cdn-loop"}
)
_PROXY_PREFIXES = ("x-forwarded-", "x-envoy-", "x-amzn-", "x-azure-", "cf-", "fly-", "fastly-", "tailscale-", "ngrok-")


def curator() -> str:
    """Return the curator: an e-mail address, or the name the server was started with; empty for other visitors."""
    known = settings()
    if st.context.is_embedded:
        return ""
    is_here = bool(known.local_curator) and is_at_this_machine(st.context.headers.to_dict(), st.context.ip_address)
    if is_here and opens(known.local_curator_key, unquote(str(st.context.cookies.get(COOKIE, "")))):
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


def opens(key: str, given: str) -> bool:
    """Return whether a visitor has given the key, or none is set."""
    return not key or compare_digest(key.encode(), given.encode())


def is_at_this_machine(headers: Mapping[str, str], came_from: str | None) -> bool:
    """Return whether a request comes from this machine, without a proxy and from the dashboard's own page.

    It is decided by the headers of the WebSocket handshake, which a browser does not let a page set. ``Host`` gives
    away a page whose domain resolves to this machine (DNS rebinding), ``Origin`` a page of another server on this
    machine, and either of them most proxies. Not all: one that adds no headers and writes its own ``Host`` passes on
    what a program sends that is no browser and invents ``Origin``; against that, there is the key.
    """
    given = {name.casefold(): value for name, value in headers.items()}
    host = given.get("host", "")
    try:
        asked = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    is_passed_on = any(name in _PROXY_HEADERS or name.startswith(_PROXY_PREFIXES) for name in given)
    is_ours = asked in _THIS_MACHINE and given.get("origin") == f"http://{host}"
    return is_ours and not is_passed_on and (came_from is None or came_from in _THIS_MACHINE)
