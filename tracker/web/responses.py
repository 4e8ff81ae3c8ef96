"""Answers with their validators, and whether a client has them already (RFC 9110 section 13)."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.types import Scope, Send

from tracker.publishing.feeds import Feed

SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'",
}
_FRESH = {"Cache-Control": "public, max-age=3600, stale-if-error=86400", "Vary": "Accept-Encoding"}
_OPEN = {"Access-Control-Allow-Origin": "*"}
_IN_304 = (b"etag", b"last-modified", b"cache-control", b"vary", b"access-control-allow-origin")
_WORTH_ZIPPING = 1_000  # bytes
_ZIP_LEVEL = 5

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """One answer, rendered once and sent many times."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    etag: bytes = b""
    changed_at: datetime | None = None
    reminders: tuple[tuple[bytes, bytes], ...] = ()
    """What a 304 says: the validators and how long they hold (RFC 9110 section 15.4.5)."""

    @property
    def size(self) -> int:
        """About how many bytes it takes to keep."""
        return len(self.body) + 2_000

    def zipped(self) -> CachedResponse:
        """Return the same answer compressed; itself where that is not worth it."""
        if len(self.body) < _WORTH_ZIPPING:
            return self
        body = gzip.compress(self.body, _ZIP_LEVEL, mtime=0)
        headers = [each for each in self.headers if each[0] != b"content-length"]
        headers += _encode({"Content-Encoding": "gzip", "Content-Length": str(len(body))})
        return replace(self, headers=tuple(headers), body=body)

    def is_known_to(self, scope: Scope) -> bool:
        """Say whether the client has this very answer."""
        if not self.etag:
            return False
        asked = dict(scope["headers"])
        tags = asked.get(b"if-none-match")
        if tags == self.etag:
            return True
        if tags is not None:
            # If-Modified-Since does not count beside it.
            known = {tag.strip().removeprefix(b"W/") for tag in tags.split(b",")}
            return b"*" in known or self.etag.removeprefix(b"W/") in known
        since = asked.get(b"if-modified-since")
        if since is None or self.changed_at is None:
            return False
        try:
            moment = parsedate_to_datetime(since.decode("latin-1"))
        except (ValueError, OverflowError):
            return False
        return moment.tzinfo is not None and self.changed_at <= moment

    async def send(self, scope: Scope, send: Send) -> None:
        """Send it, or 304 to who has it already; to HEAD without its body."""
        known = self.is_known_to(scope)
        status, headers = (304, self.reminders) if known else (self.status, self.headers)
        # A list of its own: what stands around us, such as Streamlit's compression, writes into it.
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": b"" if known or scope["method"] == "HEAD" else self.body})


def feed_response(feed: Feed, filename: str = "", extra: dict[str, str] | None = None) -> CachedResponse:
    """Return the answer that a feed is sent as."""
    # Weak, since it is the same for the body as it is and compressed.
    etag = f'W/"{hashlib.sha256(feed.body).hexdigest()[:32]}"'
    headers = SECURITY | _FRESH | _OPEN | {"Content-Type": feed.media_type, "ETag": etag}
    if filename:
        headers["Content-Disposition"] = f'inline; filename="{filename}"'
    if feed.changed_at is not None:
        headers["Last-Modified"] = format_datetime(feed.changed_at.astimezone(UTC), usegmt=True)
    headers |= {"Content-Length": str(len(feed.body))} | (extra or {})
    encoded = tuple(_encode(headers))
    reminders = tuple(each for each in encoded if each[0] in _IN_304)
    return CachedResponse(200, encoded, feed.body, etag.encode(), feed.changed_at, reminders)


def text_response(status: int, text: str, extra: dict[str, str] | None = None) -> CachedResponse:
    """Return an answer in words: what was wrong and what to do."""
    body = f"{text}\n".encode()
    headers = SECURITY | _OPEN | {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body))}
    return CachedResponse(status, tuple(_encode(headers | (extra or {}))), body)


def takes_gzip(scope: Scope) -> bool:
    """Say whether the client reads gzip."""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            return any(
                each.strip().split(b";")[0] == b"gzip" and not each.replace(b" ", b"").endswith((b";q=0", b";q=0.0"))
                for each in value.split(b",")
            )
    return False


def _encode(headers: dict[str, str]) -> Headers:
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
