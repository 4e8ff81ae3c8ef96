"""Caches rendered HTTP responses and sends them, with conditional requests (RFC 9110 section 13) and gzip.

Compression is part of the cached response: Starlette's ``GZipMiddleware`` would compress a calendar of 8 MB again for
every request.
"""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property

from starlette.types import Scope, Send

from tracker.publishing.feeds import Feed

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'",
}
MAX_CACHED = 256
MAX_CACHED_BYTES = 64 * 2**20
_CACHING = {"Cache-Control": "public, max-age=3600, stale-if-error=86400", "Vary": "Accept-Encoding"}
_CORS = {"Access-Control-Allow-Origin": "*"}
_IN_304 = frozenset({"etag", "last-modified", "cache-control", "vary", "access-control-allow-origin"})
"""Headers of a 304 (RFC 9110 section 15.4.5)."""
_MIN_GZIP_BYTES = 1_000
_GZIP_LEVEL = 5


@dataclass(frozen=True)
class CachedResponse:
    """A rendered response."""

    status: int
    headers: dict[str, str]
    body: bytes
    etag: bytes = b""
    changed_at: datetime | None = None

    @cached_property
    def gzipped(self) -> bytes | None:
        """The compressed body, computed once; None if compressing is not worth it."""
        return gzip.compress(self.body, _GZIP_LEVEL, mtime=0) if len(self.body) >= _MIN_GZIP_BYTES else None

    @property
    def size(self) -> int:
        """Approximate number of bytes in memory, with the compressed body."""
        return len(self.body) * 5 // 4 + 2_000

    def is_known_to(self, scope: Scope) -> bool:
        """Return whether the client already has this response, according to the request's validators."""
        if not self.etag:
            return False
        request = dict(scope["headers"])
        tags = request.get(b"if-none-match")
        if tags is not None:  # takes precedence over If-Modified-Since
            known = {tag.strip().removeprefix(b"W/") for tag in tags.split(b",")}
            return b"*" in known or self.etag.removeprefix(b"W/") in known
        since = request.get(b"if-modified-since")
        if since is None or self.changed_at is None:
            return False
        try:
            moment = parsedate_to_datetime(since.decode("latin-1"))
        except (ValueError, OverflowError):
            return False
        return moment.tzinfo is not None and self.changed_at <= moment

    async def send(self, scope: Scope, send: Send) -> None:
        """Send the response, or 304 if the client has it; without the body for HEAD."""
        if self.is_known_to(scope):
            headers = {name: value for name, value in self.headers.items() if name.lower() in _IN_304}
            await send({"type": "http.response.start", "status": 304, "headers": _encode(headers)})
            await send({"type": "http.response.body", "body": b""})
            return
        body, headers = self.body, self.headers
        if accepts_gzip(scope) and self.gzipped is not None:
            body, headers = self.gzipped, headers | {"Content-Encoding": "gzip"}
        encoded = _encode(headers | {"Content-Length": str(len(body))})
        await send({"type": "http.response.start", "status": self.status, "headers": encoded})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class ResponseCache:
    """Least-recently-used cache of the responses of one generation of the data, limited in number and bytes."""

    def __init__(self) -> None:
        self._generation: Hashable = None
        self._responses: OrderedDict[Hashable, CachedResponse] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        """Return the number of cached responses."""
        return len(self._responses)

    def begin(self, generation: Hashable) -> None:
        """Clear the cache if the data have changed."""
        if generation != self._generation:
            self._responses.clear()
            self._bytes = 0
            self._generation = generation

    def get(self, key: Hashable) -> CachedResponse | None:
        """Return the cached response of a key, or None."""
        response = self._responses.get(key)
        if response is not None:
            self._responses.move_to_end(key)
        return response

    def add(self, key: Hashable, response: CachedResponse, generation: Hashable) -> None:
        """Cache a response, unless it is of another generation or larger than half the cache."""
        if generation != self._generation or response.size > MAX_CACHED_BYTES // 2 or key in self._responses:
            return
        self._responses[key] = response
        self._bytes += response.size
        while len(self._responses) > MAX_CACHED or self._bytes > MAX_CACHED_BYTES:
            self._bytes -= self._responses.popitem(last=False)[1].size


def feed_response(feed: Feed, filename: str = "", extra: dict[str, str] | None = None) -> CachedResponse:
    """Return the response of a feed."""
    # A weak validator, because it is the same for the plain and the compressed body.
    etag = f'W/"{hashlib.sha256(feed.body).hexdigest()[:32]}"'
    headers = SECURITY | _CACHING | _CORS | {"Content-Type": feed.media_type, "ETag": etag}
    if filename:
        headers["Content-Disposition"] = f'inline; filename="{filename}"'
    if feed.changed_at is not None:
        headers["Last-Modified"] = format_datetime(feed.changed_at.astimezone(UTC), usegmt=True)
    return CachedResponse(200, headers | (extra or {}), feed.body, etag.encode(), feed.changed_at)


def text_response(status: int, text: str, extra: dict[str, str] | None = None) -> CachedResponse:
    """Return a plain-text response that says what was wrong and what to do."""
    headers = SECURITY | _CORS | {"Content-Type": "text/plain; charset=utf-8", "Vary": "Accept-Encoding"}
    return CachedResponse(status, headers | (extra or {}), f"{text}\n".encode())


def accepts_gzip(scope: Scope) -> bool:
    """Return whether the client accepts gzip."""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            return any(
                each.strip().split(b";")[0] == b"gzip" and not each.replace(b" ", b"").endswith((b";q=0", b";q=0.0"))
                for each in value.split(b",")
            )
    return False


def _encode(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
