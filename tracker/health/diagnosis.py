"""Names the failures of fetching a page, with a description and advice. One row per kind of failure."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.errors import SourceError
from tracker.health.bot_walls import is_challenge
from tracker.models.run import SourceState
from tracker.models.vocabulary import Verdict

ADVICE = {
    "host_not_found": "The host name is not known. Has the site moved, or is this machine offline?",
    "connection_refused": "The server does not answer. It may be down; the next crawl tries again.",
    "private_address": "The address belongs to a private network and is not crawled.",
    "odd_address": "The host is a number in disguise, as no honest address is, and is not crawled.",
    "timeout": "The server took too long. The next crawl tries again.",
    "gone": "The page is not there (HTTP {status}). Has the address changed?",
    "gone_for_good": "The page has been taken away for good (HTTP 410). Remove the source, or give it a new address.",
    "access_denied": "The server refuses us (HTTP {status}).",
    "bot_wall": "The site checks for a human first, and is not read. Ask its owner, or find a feed.",
    "rate_limited": "The server asks us to slow down; it is left alone until then.",
    "server_error": "The server has a fault (HTTP {status}). The next crawl tries again.",
    "http_error": "The server answered with HTTP {status}.",
    "robots": "robots.txt asks programs not to fetch this page.",
    "robots_unreachable": "robots.txt cannot be had (HTTP {status}), so nothing is asked for. The next crawl tries.",
    "bad_certificate": "The server's certificate is not to be trusted, so nothing is read from it.",
    "redirected_away": "The page redirects to another site. Check the address in the source file.",
    "too_large": "The answer is larger than 10 MB.",
    "reader_failed": "Our reader failed on this page. Please report it.",
    "download_failed": "The page could not be fetched.",
}


_VERDICTS = {
    Verdict.HEALTHY: "read well",
    Verdict.UNCHANGED: "read well, nothing new",
    Verdict.SUSPECT: "doubtful: what it said last time stands",
    Verdict.FAILED: "could not be read",
}


def state_words(state: SourceState) -> str:
    """Return the state of a source in words: ``could not be read, 4 times in a row``."""
    if state.verdict is None:
        return "not crawled yet"
    words = _VERDICTS[state.verdict]
    return f"{words}, {state.consecutive_failures} times in a row" if state.consecutive_failures > 1 else words


def diagnose(name: str, url: str, *, status: int = 0, detail: str = "") -> SourceError:
    """Return an error with the diagnosis ``name`` and its message."""
    words = ADVICE[name].format(status=status)
    return SourceError(f"{words} ({detail})" if detail else words, diagnosis=name, url=url)


def diagnose_status(status: int, url: str) -> SourceError:
    """Return the error for an HTTP status."""
    names = {
        401: "access_denied",
        403: "access_denied",
        404: "gone",
        410: "gone_for_good",
        429: "rate_limited",
    }
    name = names.get(status, "server_error" if status >= 500 else "http_error")
    return diagnose(name, url, status=status)


def diagnose_response(status: int, headers: Mapping[str, str], body: bytes, url: str) -> SourceError:
    """Return the error for a response that is not a success; a bot wall's challenge is named so at any status.

    Args:
        status: the HTTP status.
        headers: response headers; names in lower case.
        body: the decoded body.
        url: the page that was requested.
    """
    if is_challenge(headers, body):
        return diagnose("bot_wall", url)
    return diagnose("redirected_away", url) if 300 <= status < 400 else diagnose_status(status, url)
