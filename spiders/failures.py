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

from tracker.errors import SourceError
from tracker.health import diagnosis
from tracker.health.diagnosis import diagnose
from tracker.models.text import clean_line


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
    """Return the diagnosed error for a response that is not a success."""
    return diagnosis.diagnose_response(response.status, headers_of(response), response.body, url)


def headers_of(response: Response) -> dict[str, str]:
    """Return the headers of a response as text, with names in lower case; of a repeated one the last value."""
    return {
        name.decode("latin-1").lower(): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }
