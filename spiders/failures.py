"""Converts exceptions raised by Scrapy into diagnosed source errors."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from spiders.formats.documents import is_bot_check
from tracker.errors import SourceError
from tracker.health.diagnosis import diagnose, diagnose_status
from tracker.models.text import clean_line

# Cloudflare: developers.cloudflare.com/cloudflare-challenges; Vercel answers 429, AWS WAF 202 or 405.
_CHALLENGE_HEADERS = ("cf-mitigated", "x-vercel-mitigated", "x-amzn-waf-action")


class RefusedError(IgnoreRequest):
    """A page is not requested; ``why`` is the diagnosed error."""

    def __init__(self, why: SourceError) -> None:
        super().__init__(str(why))
        self.why = why


def diagnose_exception(error: BaseException, url: str) -> SourceError:
    """Return the diagnosed error for an exception raised while fetching ``url``."""
    if isinstance(error, RefusedError):
        return error.why
    if isinstance(error, HttpError):
        return diagnose_response(error.response, url)
    words = clean_line(str(error))
    if "private network" in words:
        return diagnose("private_address", url)
    if "canonical IPv4" in words:  # aiohttp's message for hosts such as 2130706433 and 0x7f.1
        return diagnose("odd_address", url)
    if "CERTIFICATE_VERIFY_FAILED" in words or "certificate verify failed" in words:
        return diagnose("bad_certificate", url)
    if "DOWNLOAD_MAXSIZE" in words:  # Scrapy's message for a body that exceeds the limit once decompressed
        return diagnose("too_large", url)
    if isinstance(error, CannotResolveHostError):
        return diagnose("host_not_found", url)
    if isinstance(error, DownloadConnectionRefusedError):
        return diagnose("connection_refused", url)
    if isinstance(error, DownloadTimeoutError):
        return diagnose("timeout", url)
    if isinstance(error, DownloadCancelledError):
        return diagnose("too_large", url)
    if isinstance(error, IgnoreRequest):
        return diagnose("redirected_away", url, detail=words)
    return diagnose("download_failed", url, detail=words)


def diagnose_response(response: Response, url: str) -> SourceError:
    """Return the error for a response that is not a success: of any status, the challenge of a bot wall is named so."""
    if is_challenge(response):
        return diagnose("bot_wall", url)
    return diagnose("redirected_away", url) if 300 <= response.status < 400 else diagnose_status(response.status, url)


def is_challenge(response: Response) -> bool:
    """Return whether a server asks for a proof of being human instead of answering."""
    headers = [response.headers.get(name) or b"" for name in _CHALLENGE_HEADERS]
    return any(value.lower() in {b"challenge", b"captcha"} for value in headers) or is_bot_check(response.body)
