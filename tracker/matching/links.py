"""Normalises URLs of the same page to one canonical link, and parses the platform entry that a URL names."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit


@dataclass(frozen=True, slots=True)
class TypedLink:
    """One entry of one platform, whatever the form of its URL."""

    platform: str
    """``eventbrite``"""
    id: str
    """The platform's own id of the entry: ``1234567890``."""
    names_one_event: bool
    """True if two ids of the platform always mean two events; false for forms and meeting rooms."""

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"


@lru_cache(maxsize=65_536)
def canonical_link(url: str) -> str:
    """Return ``url`` without scheme, ``www.``, host alias, tracking parameters, index page and trailing slash.

    The case of the path is kept, and so is the fragment: ``#a`` and ``#b`` may be two programmes on one page. Return an
    empty string for a shortened URL, whose target is unknown until it is followed.

    >>> canonical_link("https://www.lu.ma/x/?utm_source=mail") == canonical_link("http://luma.com/x")
    True
    """
    try:
        parts = urlsplit(url)
        if target := _redirected_to(parts):
            parts = urlsplit(target)
        port = parts.port if ":" in parts.netloc else None
    except ValueError:
        return ""
    host = (parts.hostname or "").rstrip(".")
    for prefix in _data()["same_host_prefixes"]:
        host = host.removeprefix(prefix)
    host = str(_data()["aliases"].get(host, host))
    if host in _shorteners() or f"{host}{parts.path}".startswith(_opaque()):
        return ""
    folder, _, page = parts.path.rpartition("/")
    path = (folder if page.casefold() in _index_pages() else parts.path).rstrip("/")
    query = parse_qsl(parts.query, keep_blank_values=True) if parts.query else ()
    kept = [pair for pair in query if not _tracking().fullmatch(pair[0])]
    fragment = parts.fragment
    if fragment and _tracking().match(fragment.partition("=")[0]):
        fragment = ""
    return (
        host
        + (f":{port}" if port and port not in (80, 443) else "")
        + (unquote(path) if "%" in path else path)
        + (f"?{urlencode(sorted(kept))}" if kept else "")
        + (f"#{fragment}" if fragment not in ("", "top", "main", "content") else "")
    )


@lru_cache(maxsize=65_536)
def typed_link(url: str) -> TypedLink | None:
    """Return the platform entry that ``url`` names, or None if it is an ordinary page.

    >>> str(typed_link("https://www.eventbrite.co.uk/e/ai-safety-night-tickets-123456789?aff=x"))
    'eventbrite:123456789'
    """
    page = canonical_link(url).partition("?")[0].partition("#")[0]
    return _first_match(_platforms(), page)


@lru_cache(maxsize=65_536)
def universal_id(source_id: str) -> TypedLink | None:
    """Return the entry that a listing's own id names, or None if the id changes when the listing is copied.

    AISafety.com's newsletter cards carry the Airtable ids of its API, and calendars that import others keep their UIDs.
    """
    return _first_match(_universal_ids(), source_id)


def _first_match(patterns: tuple[tuple[str, re.Pattern[str], bool], ...], text: str) -> TypedLink | None:
    for name, pattern, names_one_event in patterns:
        if found := pattern.search(text):
            return TypedLink(name, found["id"], names_one_event)
    return None


def _redirected_to(parts: SplitResult) -> str:
    """Return the target of a redirector's URL, or an empty string for any other URL."""
    if "archive" in parts.netloc and (found := _archived().match(f"{parts.hostname}{parts.path}")):
        query = f"?{parts.query}" if parts.query else ""
        return found["url"] + query
    parameter = parts.query and _data()["redirectors"].get(f"{parts.hostname}{parts.path}".rstrip("/"))
    target = dict(parse_qsl(parts.query)).get(parameter, "") if parameter else ""
    return target if target.startswith(("http://", "https://")) else ""


@cache
def _archived() -> re.Pattern[str]:
    return re.compile(str(_data()["archived"]))


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("tracker.matching") / "data" / "links.toml").read_text("utf-8"))


@cache
def _tracking() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(name).replace(r"\*", ".*") for name in _data()["tracking"]), re.IGNORECASE)


@cache
def _shorteners() -> frozenset[str]:
    return frozenset(_data()["shorteners"])


@cache
def shared_hosts() -> frozenset[str]:
    """Return the hosts on which many organisers have their pages."""
    return frozenset(_data()["shared_hosts"])


@cache
def _opaque() -> tuple[str, ...]:
    return tuple(_data()["opaque"])


@cache
def _index_pages() -> frozenset[str]:
    return frozenset(_data()["index_pages"])


def is_overview(link: str) -> bool:
    """Return whether a canonical link leads to a list of all that is open: "example.org/careers"."""
    return link.rpartition("/")[2].casefold() in _overview_pages()


@cache
def _overview_pages() -> frozenset[str]:
    return frozenset(_data()["overview_pages"])


@cache
def _platforms() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    return tuple((each["name"], re.compile(each["pattern"]), each["one_event"]) for each in _data()["platform"])


@cache
def _universal_ids() -> tuple[tuple[str, re.Pattern[str], bool], ...]:
    # Equal ids mean one event; different ids prove nothing, because two bases or calendars may list the same event.
    return tuple((each["name"], re.compile(each["pattern"]), False) for each in _data()["universal_id"])
