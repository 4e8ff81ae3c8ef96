"""What the dashboard's process is told about a request: who asked and over which scheme, in headers of our own.

``X-Forwarded-For`` would not do: it passes unchanged, because the dashboard tells by it that a proxy is in between.
"""

from __future__ import annotations

from collections.abc import Iterable

CLIENT_HEADER = b"x-tracker-client"
SCHEME_HEADER = b"x-tracker-scheme"
_OF_ONE_CONNECTION = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
     b"trailer", b"transfer-encoding", b"upgrade"}
)  # fmt: skip
"""Hop-by-hop headers (RFC 9110 section 7.6.1)."""
_OF_A_BODY = frozenset({b"content-length", b"transfer-encoding", b"expect"})
Headers = list[tuple[bytes, bytes]]


def end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return the headers that a proxy passes on."""
    return [each for each in headers if each[0].lower() not in _OF_ONE_CONNECTION]


def without_body(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return the headers of a request whose body is not passed on."""
    return [each for each in headers if each[0].lower() not in _OF_A_BODY]


def naming_the_client(headers: Iterable[tuple[bytes, bytes]], address: str, scheme: str) -> Headers:
    """Return headers that name the client, whatever it has claimed itself."""
    ours = {CLIENT_HEADER, SCHEME_HEADER}
    kept = [each for each in headers if each[0].lower() not in ours]
    return [*kept, (CLIENT_HEADER, address.encode("latin-1", "replace")), (SCHEME_HEADER, scheme.encode())]
