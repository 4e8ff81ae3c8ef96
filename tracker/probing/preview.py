"""Previews an untrusted page in a separate process, with a timeout and isolated from the web server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from tracker.config import Settings
from tracker.errors import UsageError
from tracker.models.raw_listing import RawListing
from tracker.models.text import check_link

TIMEOUT = 40.0
"""Timeout of the process in seconds."""
_MOST_LISTINGS = 20
_LONGEST_ANSWER = 4_000_000


@dataclass(frozen=True, slots=True)
class Preview:
    """What was found at a URL."""

    url: str
    listings: tuple[RawListing, ...] = ()
    problem: str = ""
    """Why nothing was found, as a message for people."""


def preview(settings: Settings, url: str) -> Preview:
    """Return what can be read from a page, with the limits of a crawl: robots.txt, size, no private networks.

    Raises:
        UsageError: ``url`` is not a web address.
    """
    try:
        url = check_link(url.strip())
    except ValueError as error:
        raise UsageError(f"This is not a web address: {error}. Write it whole: https://example.org/event") from error
    command = [
        sys.executable,
        "-m",
        "tracker",
        "sources",
        "probe",
        "--json",
        "--data",
        str(settings.data_dir),
        "--",
        url,
    ]
    environment = os.environ | {"TRACKER_DATABASE_URL": settings.database_url}
    try:
        ended = subprocess.run(  # noqa: S603 - our own command; the address is one argument, after "--"
            command, env=environment, capture_output=True, timeout=TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return Preview(url, problem="The page took too long to read.")
    lines = ended.stdout[:_LONGEST_ANSWER].decode("utf-8", "replace").splitlines()
    try:
        found = json.loads(lines[-1]) if lines else {}
        listings = tuple(RawListing.model_validate(each) for each in found.get("listings", [])[:_MOST_LISTINGS])
    except (ValueError, TypeError):
        return Preview(url, problem="The page could not be read.")
    nothing = "" if listings else "We could not read an event from this page."
    return Preview(url, listings, str(found.get("problem") or nothing))
