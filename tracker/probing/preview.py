"""Previews an untrusted page in a separate process, with a timeout and isolated from the web server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from tracker.config import Settings
from tracker.errors import UsageError
from tracker.models.raw_listing import RawListing
from tracker.models.suggestion import SourceProposal
from tracker.models.text import check_link

TIMEOUT = 40.0
"""Timeout of the process that reads a page, in seconds."""
_ADDING_TIMEOUT = 90.0
"""Adding a source reads it twice: to find how, and for its saved case."""
_MOST_LISTINGS = 20
_LONGEST_ANSWER = 4_000_000
_LONGEST_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class Preview:
    """What was found at a URL."""

    url: str
    listings: tuple[RawListing, ...] = ()
    """The first of its events, those to come before those that are over."""
    problem: str = ""
    """Why nothing was found, as a message for people."""
    proposal: SourceProposal | None = None
    """The page as a source, if it was reached."""


def preview(settings: Settings, url: str) -> Preview:
    """Return what can be read from a page, with the limits of a crawl: robots.txt, size, no private networks.

    Raises:
        UsageError: ``url`` is not a web address.
    """
    try:
        url = check_link(url.strip().replace("webcal://", "https://"))
    except ValueError as error:
        raise UsageError(f"This is not a web address: {error}. Write it whole: https://example.org/event") from error
    try:
        ended = _run(settings, ["sources", "probe", "--json"], url, TIMEOUT)
    except subprocess.TimeoutExpired:
        return Preview(url, problem="The page took too long to read.")
    lines = ended.stdout[:_LONGEST_ANSWER].decode("utf-8", "replace").splitlines()
    try:
        found = json.loads(lines[-1]) if lines else {}
        listings = tuple(RawListing.model_validate(each) for each in found.get("listings", [])[:_MOST_LISTINGS])
        proposal = SourceProposal.model_validate(found["source"]) if "source" in found else None
    except (ValueError, TypeError):
        return Preview(url, problem="The page could not be read.")
    nothing = "" if listings or (proposal and proposal.toml) else "We could not read an event from this page."
    problem = str(found.get("problem") or nothing)
    if problem and urlsplit(url).hostname == "calendar.google.com":
        problem = (
            "Google shows this calendar to no program. Its owner can make it public: Settings and sharing, Access "
            "permissions, “Make available to public”."
        )
    return Preview(url, listings, problem, proposal)


def add_suggested(settings: Settings, number: int, by: str) -> str:
    """Add a suggested source and enable it, in a process of its own; return an empty string, or why it failed."""
    try:
        ended = _run(settings, ["suggestions", "accept", "--approve", "--by", by], str(number), _ADDING_TIMEOUT)
    except subprocess.TimeoutExpired:
        return "It took too long to read. Try again later."
    said = ended.stderr.decode("utf-8", "replace").strip()[-_LONGEST_MESSAGE:]
    return "" if ended.returncode == 0 else said or "It could not be read any more."


def _run(settings: Settings, words: list[str], argument: str, timeout: float) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "tracker", *words, "--data", str(settings.data_dir), "--", argument]
    environment = os.environ | {"TRACKER_DATABASE_URL": settings.database_url}
    return subprocess.run(  # noqa: S603 - our own command; what a visitor wrote is one argument, after "--"
        command, env=environment, capture_output=True, timeout=timeout, check=False
    )
