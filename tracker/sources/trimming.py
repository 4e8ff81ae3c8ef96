"""Making a saved page small: what no reader looks at is left out, so that cases stay fit to be looked at."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.sources.cases import SavedPage

_DATA = rb"(?:ld\+json|application/json|text/json)"
_DATA_IDS = rb"(?:__NEXT_DATA__|wix-warmup-data|data-page)"
_SCRIPT = re.compile(rb"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_USELESS = re.compile(
    rb"<style\b[^>]*>.*?</style>|<svg\b[^>]*>.*?</svg>|<noscript\b[^>]*>.*?</noscript>"
    rb"|<!--(?!card:|/?f:|/card|/f|aisafety-cards).*?-->",
    re.DOTALL | re.IGNORECASE,
)
_EMBEDDED = re.compile(rb"(?:src|srcset|style)=\"(?:data:)?[^\"]{200,}\"", re.IGNORECASE)
_MAIL = re.compile(rb"[\w.+-]+@(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|proton|gmx)\w*\.\w{2,4}", re.IGNORECASE)


def trimmed(page: SavedPage) -> SavedPage:
    """Return a page without styles, pictures and scripts other than data, and without private mail addresses."""
    body = _MAIL.sub(b"somebody@example.org", page.body)
    if "html" in page.content_type or b"<html" in body[:2_000].lower():
        body = _SCRIPT.sub(_kept_script, body)
        body = _EMBEDDED.sub(b"", _USELESS.sub(b"", body))
        body = re.sub(rb"[ \t]+\n|\n\s*\n+", b"\n", body)
    return replace(page, body=body)


def _kept_script(match: re.Match[bytes]) -> bytes:
    attributes, text = match[1], match[2]
    holds_data = re.search(_DATA, attributes) or re.search(_DATA_IDS, attributes) or b"__NUXT__" in text[:200]
    return match[0] if holds_data or re.search(rb"__[A-Z_]+__\s*=\s*[{\[]", text[:2_000]) else b""
