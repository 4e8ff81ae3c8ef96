"""Trims saved pages: removes what no reader uses, so that a person can review the case."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from tracker.sources.cases import SavedPage

_DATA = re.compile(rb"(?:ld\+json|application/json|text/json)|__NEXT_DATA__|wix-warmup-data|data-page")
_ASSIGNED = re.compile(rb"__NUXT__|(?<!_)__[A-Z]{1,40}(?:_[A-Z]{1,40}){0,5}__\s{0,9}=")
_KEPT_COMMENTS = (b"card:", b"/card", b"f:", b"/f", b"aisafety-cards")
_EMBEDDED = re.compile(rb"(?:src|srcset|style)=\"[^\"<>]{200,}\"", re.IGNORECASE)
_MAIL = re.compile(
    rb"(?<![\w.+-])[\w.+-]{1,64}@(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|proton|gmx)\w{0,10}\.\w{2,4}",
    re.IGNORECASE,
)


def trimmed(page: SavedPage) -> SavedPage:
    """Return a page without styles, images, scripts other than data, and private e-mail addresses."""
    body = without_mail(page.body)
    if "html" in page.content_type or b"<html" in body[:2_000].lower():
        for tag in (b"style", b"svg", b"noscript"):
            body = _without(body, b"<" + tag, b"</" + tag + b">", lambda _: False)
        body = _without(body, b"<script", b"</script>", _holds_data)
        body = _without(body, b"<!--", b"-->", lambda part: part[4:].startswith(_KEPT_COMMENTS))
        body = re.sub(rb"[ \t]{1,999}\n", b"\n", _EMBEDDED.sub(b"", body))
        body = b"\n".join(line for line in body.split(b"\n") if line.strip())
    return replace(page, body=body)


def without_mail(body: bytes) -> bytes:
    """Return a page with private e-mail addresses replaced by numbered ones, because some serve as ids."""
    made_up: dict[bytes, bytes] = {}

    def other(match: re.Match[bytes]) -> bytes:
        return made_up.setdefault(match[0].lower(), b"somebody%d@example.org" % (len(made_up) + 1))

    return _MAIL.sub(other, body)


def _without(body: bytes, opener: bytes, closer: bytes, is_kept: Callable[[bytes], object]) -> bytes:
    """Return a page without the parts from ``opener`` to ``closer``; a part that never ends is kept."""
    first, *parts = body.split(opener)
    kept = [first]
    for part in parts:
        inside, end, after = part.partition(closer)
        whole = opener + inside + end
        kept += [after] if end and not is_kept(whole) else [whole, after]
    return b"".join(kept)


def _holds_data(script: bytes) -> object:
    return _DATA.search(script[:300]) or _ASSIGNED.search(script[:2_000])
