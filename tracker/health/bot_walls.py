"""Recognises the challenges of bot walls, which ask for a proof of being human instead of answering."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Cloudflare: developers.cloudflare.com/cloudflare-challenges; Vercel answers 429, AWS WAF 202 or 405.
CHALLENGE_HEADERS = ("cf-mitigated", "x-vercel-mitigated", "x-amzn-waf-action")
# Matches the bot checks of Cloudflare, Vercel, AWS, DDoS-Guard and Anubis themselves; scripts of theirs occur in normal
# pages too.
_BOT_CHECK = re.compile(
    rb"<title[^<>]{0,200}>\s{0,50}(?:just a moment\.\.\.|attention required! \| cloudflare|vercel security checkpoint"
    rb"|ddos-guard|making sure you(?:'|&#39;|&apos;|\xe2\x80\x99)re not a bot|human verification\s{0,9}<)"
    rb"|_cf_chl_opt|cf-browser-verification|awswafcookiedomainlist"
)
_HEAD = 200_000


def is_bot_check(body: bytes) -> bool:
    """Return whether a page asks its reader to prove to be human, instead of showing what was requested."""
    return _BOT_CHECK.search(body[:_HEAD].lower()) is not None


def is_challenge(headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether a response of any status is the challenge of a bot wall.

    Args:
        headers: response headers; names in lower case.
        body: the decoded body.
    """
    return any(headers.get(name, "").lower() in {"challenge", "captcha"} for name in CHALLENGE_HEADERS) or is_bot_check(
        body
    )
