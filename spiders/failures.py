"""What Scrapy raises → what went wrong, by name."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.spidermiddlewares.httperror import HttpError

from tracker.errors import SourceError
from tracker.health.diagnosis import diagnose, diagnose_status
from tracker.models.text import clean_line


class RefusedError(IgnoreRequest):
    """We do not ask for a page, for a reason that has a name."""

    def __init__(self, why: SourceError) -> None:
        super().__init__(str(why))
        self.why = why


def name_failure(error: BaseException, url: str) -> SourceError:
    """Return what kept the page at ``url`` from us, in words."""
    if isinstance(error, RefusedError):
        return error.why
    if isinstance(error, HttpError):
        status = error.response.status
        return diagnose("redirected_away", url) if 300 <= status < 400 else diagnose_status(status, url)
    words = clean_line(str(error))
    if "private network" in words:
        return diagnose("private_address", url)
    if "canonical IPv4" in words:  # so aiohttp says it of 2130706433 and 0x7f.1
        return diagnose("odd_address", url)
    if "CERTIFICATE_VERIFY_FAILED" in words or "certificate verify failed" in words:
        return diagnose("bad_certificate", url)
    if "DOWNLOAD_MAXSIZE" in words:  # so Scrapy says it of what grows while it is unpacked
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
