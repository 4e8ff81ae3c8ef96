"""The recorded way to the pages of a source: robots.txt files, redirects and statuses (``access.toml`` of a case)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import tomlkit
import tomlkit.items

from tracker.errors import SourceFileError
from tracker.health.bot_walls import CHALLENGE_HEADERS
from tracker.health.diagnosis import ADVICE, diagnose, diagnose_response
from tracker.sources.robots import RobotsRules, is_documented_feed, robots_text, robots_url

FILE = "access.toml"
KEPT_HEADERS = (
    "location", "content-type", "server", "date", "last-modified", "etag", "cache-control", "retry-after",
    *CHALLENGE_HEADERS,
)  # fmt: skip
"""Response headers that say how a host treats programs. None is personal."""
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
_OK = 200


@dataclass(frozen=True, slots=True)
class RecordedResponse:
    """A host's response to one request, other than the page itself."""

    url: str
    status: int = _OK
    """0 if there was none."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that matter, such as ``location``; names in lower case."""
    body: bytes = b""
    """The text of robots.txt, or the page that came with an error."""
    error: str = ""
    """Diagnosis of a request without a response: ``timeout``."""
    evidence: str = ""
    """Where this response is known from, unless it was recorded."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request of a crawl, and the response to it."""

    method: str
    response: RecordedResponse
    """The response; its ``headers`` are those of ``KEPT_HEADERS``."""
    page: str = ""
    """Name of the page that was requested; for robots.txt, its URL before any redirect."""
    is_robots: bool = False
    posted: str = ""
    """The body of the POST request."""
    size: int = 0
    """Length of the decoded body in bytes."""
    seconds: float = 0.0
    """From the request to the response's headers."""


@dataclass(frozen=True, slots=True)
class Access:
    """The responses on the way to the pages of a source."""

    robots: tuple[RecordedResponse, ...] = ()
    responses: tuple[RecordedResponse, ...] = ()
    """Redirects and refusals; what is not named here answers with its page."""
    recorded_at: datetime | None = None
    """When the responses were recorded; None: they are written by hand, and name their evidence."""
    seen_from: str = ""
    """Network from which they were recorded, as the operator says: ``home``, ``datacentre``."""

    def follow(self, url: str, *, obeys_robots: bool, may_redirect: Callable[[str, str], bool]) -> None:
        """Walk the recorded way to a page.

        Args:
            url: the URL that is requested.
            obeys_robots: False for an API that the publisher documents for programs.
            may_redirect: returns whether a redirect from one URL to another may be followed.

        Raises:
            SourceError: a crawl would not get the page; the diagnosis is the crawl's.
        """
        asked = url
        for _ in range(MOST_REDIRECTS + 1):
            if obeys_robots and not is_documented_feed(url):
                self._check_robots(url)
            response = next((each for each in self.responses if each.url == url), None)
            if response is None:
                return
            if response.error:
                raise diagnose(response.error, asked)
            location = response.headers.get("location")
            if response.status not in REDIRECTS or location is None:
                raise diagnose_response(response.status, response.headers, response.body, asked)
            target = urljoin(url, location)
            if not may_redirect(url, target):
                raise diagnose("redirected_away", asked, detail=f"to {target[:200]}")
            url = target
        raise diagnose("redirected_away", asked, detail=f"more than {MOST_REDIRECTS} redirects")

    def _check_robots(self, url: str) -> None:
        named = next((each for each in self.robots if each.url == robots_url(url)), None)
        if named is None:
            return
        if named.error:
            raise diagnose(named.error, named.url)
        if not RobotsRules(robots_text(named.status, named.headers, named.body, named.url)).allows(url):
            raise diagnose("robots", url)


def load_access(folder: Path) -> Access:
    """Read ``access.toml`` of a case; without one, nothing stands between a request and its page.

    Raises:
        SourceFileError: it is damaged.
    """
    path = folder / FILE
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        access = Access(
            robots=tuple(_response(folder, row) for row in table.get("robots", ())),
            responses=tuple(_response(folder, row) for row in table.get("response", ())),
            recorded_at=table.get("recorded_at"),
            seen_from=str(table.get("seen_from", "")),
        )
    except FileNotFoundError as error:
        if error.filename == str(path):
            return Access()
        raise SourceFileError(f"{path} names {error.filename}, which is missing.") from error
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SourceFileError(f"{path} cannot be read: {type(error).__name__}: {error}.") from error
    unknown = {each.error for each in (*access.robots, *access.responses)} - ADVICE.keys() - {""}
    if unknown:
        raise SourceFileError(f"{path}: error = {min(unknown)!r} is not known. Errors: {', '.join(ADVICE)}.")
    return access


def _response(folder: Path, row: Mapping[str, Any]) -> RecordedResponse:
    body = (folder / str(row["file"])).read_bytes() if "file" in row else str(row.get("text", "")).encode()
    return RecordedResponse(
        url=str(row["url"]),
        status=0 if "error" in row else int(row.get("status", _OK)),
        headers={str(name).lower(): str(value) for name, value in row.get("headers", {}).items()},
        body=body,
        error=str(row.get("error", "")),
        evidence=str(row.get("evidence", "")),
    )


def save_access(folder: Path, access: Access) -> None:
    """Write ``access.toml``; the bodies of refusals become files beside it."""
    document = tomlkit.document()
    if access.recorded_at is not None:
        document["recorded_at"] = access.recorded_at.replace(microsecond=0)
    if access.seen_from:
        document["seen_from"] = access.seen_from
    for key, rows in (("robots", access.robots), ("response", access.responses)):
        tables = tomlkit.aot()
        for number, each in enumerate(rows, start=1):
            table = _table(each)
            if each.body and key == "robots":
                table["text"] = tomlkit.string(_plain(each.body), multiline=True)
            elif each.body:
                table["file"] = f"response{number}.html"
                (folder / table["file"]).write_bytes(each.body)
            tables.append(table)
        if tables:
            document[key] = tables
    (folder / FILE).write_text(tomlkit.dumps(document), "utf-8")


def _table(each: RecordedResponse) -> tomlkit.items.Table:
    table = tomlkit.table()
    table["url"] = each.url
    if each.error:
        table["error"] = each.error
    elif each.status != _OK:
        table["status"] = each.status
    if each.headers:
        headers = tomlkit.inline_table()
        headers.update(each.headers)
        table["headers"] = headers
    if each.evidence:
        table["evidence"] = each.evidence
    return table


def _plain(body: bytes) -> str:
    """Return robots.txt as text that TOML can hold; the first line break of a multi-line string is not part of it."""
    lines = body.decode("utf-8", "replace").splitlines()
    return "\n".join("".join(char for char in line if char.isprintable()) for line in lines) + "\n"
