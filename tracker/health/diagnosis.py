"""What went wrong on the way to a page, by name, and what to do about it. One row per kind of failure."""

from __future__ import annotations

from tracker.errors import SourceError
from tracker.models.vocabulary import Verdict

ADVICE = {
    "host_not_found": "The host name is not known. Has the site moved, or is this machine offline?",
    "connection_refused": "The server does not answer. It may be down; the next crawl tries again.",
    "private_address": "The address belongs to a private network and is not crawled.",
    "timeout": "The server took too long. The next crawl tries again.",
    "gone": "The page is not there (HTTP {status}). Has the address changed?",
    "access_denied": "The server refuses us (HTTP {status}).",
    "rate_limited": 'The server asks us to slow down (HTTP 429). Crawl it less often: every = "24h".',
    "server_error": "The server has a fault (HTTP {status}). The next crawl tries again.",
    "http_error": "The server answered with HTTP {status}.",
    "robots": "robots.txt asks programs not to fetch this page.",
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


def verdict_words(verdict: Verdict) -> str:
    """Return what a run was worth, in words."""
    return _VERDICTS[verdict]


def diagnose(name: str, url: str, *, status: int = 0, detail: str = "") -> SourceError:
    """Return the error called ``name`` in words."""
    words = ADVICE[name].format(status=status)
    return SourceError(f"{words} ({detail})" if detail else words, diagnosis=name, url=url)


def diagnose_status(status: int, url: str) -> SourceError:
    """Return the error that an HTTP status stands for."""
    names = {
        401: "access_denied",
        403: "access_denied",
        404: "gone",
        410: "gone",
        429: "rate_limited",
    }
    name = names.get(status, "server_error" if status >= 500 else "http_error")
    return diagnose(name, url, status=status)
