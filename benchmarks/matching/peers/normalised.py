"""One plain table of the listings for the systems that want a table, cleaned as any user of them would clean it.

Lower case, accents folded, site names off the titles, tracking parameters off the links, days as days of the place.
Nothing here knows an abbreviation, an organiser or a city: that would be a matcher. Its time is the peer's time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd

from tracker.models.listing import Listing
from tracker.models.moments import day_of
from tracker.models.vocabulary import DatePrecision, Mode

ONLINE = "online"
"""The city and country of what is online only, so that it differs from every city."""
STOP_WORDS = frozenset(
    ["a", "an", "and", "at", "by", "de", "for", "from", "in", "of", "on", "or", "the", "to", "und", "with"]
)

_SITE_NAME = re.compile(r"\s+[|·]\s+(luma|lu\.ma|eventbrite|meetup|facebook|lesswrong|ea forum)\s*$", re.IGNORECASE)
_WORD = re.compile(r"[a-z0-9]+")
_TRACKING = re.compile(r"(utm_|mc_|hsa_|pk_)\w*|fbclid|gclid|ref|si|igshid|aff|source", re.IGNORECASE)
_UNIX_DAY = date(1970, 1, 1).toordinal()
_DAYS_OF_A_YEAR = 366
_SPAN = {DatePrecision.WEEK: 7, DatePrecision.MONTH: 31, DatePrecision.QUARTER: 92, DatePrecision.SEASON: 92}


def frame(listings: Sequence[Listing]) -> pd.DataFrame:
    """Return one row per listing, in their order. What a listing does not say is None.

    Name: ``unique_id`` its position · ``source`` · ``title`` folded · ``words`` its distinct words but stop words ·
    ``sorted_title`` these as text · ``numbers`` those of them with a digit · ``grams`` distinct character trigrams.

    Time: ``day`` the local first day, in days since 1970 · ``day_text`` in ISO form · ``month`` months since 0 ·
    ``span`` days that the start may lie after ``day`` (0: sure) · ``minute`` of the start, since 1970, UTC ·
    ``last_day`` · ``end_minute`` · ``closes`` the first deadline, in days since 1970.

    Rest: ``city`` and ``country``, or ``online`` · ``is_online`` · ``organizer`` folded · ``organizer_words`` ·
    ``link`` canonical · ``host`` · ``path`` · ``summary`` folded · ``about`` the distinct longer words of
    the description.
    """
    return pd.DataFrame(list(rows(listings)))


def fold(text: str) -> str:
    """Return ``text`` in lower case, without accents, as words with one space between.

    >>> fold("Zürich – AI  Safety!")
    'zurich ai safety'
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(_WORD.findall(text.lower()))


def plain_title(title: str) -> str:
    """Return the folded title without the name of the site it stands on.

    >>> plain_title("Winter Social | Luma")
    'winter social'
    """
    return fold(_SITE_NAME.sub("", title)) or title.casefold()


@lru_cache(maxsize=100_000)
def canonical_link(link: str) -> str:
    """Return host, path and sorted query without scheme, ``www.``, fragment, tracking and trailing slash.

    >>> canonical_link("http://www.luma.com/abc/?utm_source=x#top")
    'luma.com/abc'
    """
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.")
    query = sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.fullmatch(pair[0]))
    return host + parts.path.rstrip("/") + ("?" + urlencode(query) if query else "")


def rows(listings: Sequence[Listing]) -> Iterator[dict[str, Any]]:
    """Yield the rows of ``frame``."""
    for number, listing in enumerate(listings):
        title = plain_title(listing.title)
        words = sorted({word for word in title.split() if word not in STOP_WORDS})
        link = canonical_link(listing.url) if listing.url else None
        organizer = " ".join(fold(name) for name in listing.organizers) or None
        yield {
            "unique_id": number,
            "source": listing.source,
            "title": title,
            "words": words,
            "sorted_title": " ".join(words),
            "numbers": [word for word in words if any(sign.isdigit() for sign in word)],
            "grams": sorted({title[at : at + 3] for at in range(max(1, len(title) - 2))}),
            **_time(listing),
            "closes": min(_deadlines(listing), default=None),
            **_place(listing),
            "organizer": organizer,
            "organizer_words": sorted(set(organizer.split()) - STOP_WORDS) if organizer else None,
            "link": link,
            "host": link.partition("/")[0] if link else None,
            "path": link.partition("/")[2] if link else None,
            "summary": fold(listing.summary) or None,
            "about": sorted({word for word in fold(listing.description).split() if len(word) > 4}) or None,
        }


def _time(listing: Listing) -> dict[str, Any]:
    when = listing.when
    if when.start is None:
        return dict.fromkeys(("day", "day_text", "month", "minute", "last_day", "end_minute", "span"))
    first = day_of(when.start, when.timezone)
    last = day_of(when.end, when.timezone) if when.end is not None else None
    return {
        "day": first.toordinal() - _UNIX_DAY,
        "day_text": first.isoformat(),
        "month": first.year * 12 + first.month,
        "minute": _minute(when.start),
        "last_day": last.toordinal() - _UNIX_DAY if last else None,
        "end_minute": _minute(when.end),
        "span": 0 if when.is_exact_to_the_day else _SPAN.get(when.precision, _DAYS_OF_A_YEAR),
    }


def _deadlines(listing: Listing) -> Iterator[int]:
    for due in listing.deadlines:
        if due.at is not None:
            yield day_of(due.at, due.timezone).toordinal() - _UNIX_DAY


def _minute(moment: date | datetime | None) -> int | None:
    return int(moment.timestamp()) // 60 if isinstance(moment, datetime) else None


def _place(listing: Listing) -> dict[str, Any]:
    places = listing.places
    city = next((fold(place.city) for place in places if place.city), None)
    country = next((place.country for place in places if place.country), None)
    is_online = listing.mode is Mode.ONLINE and not places
    return {"city": ONLINE if is_online else city, "country": ONLINE if is_online else country, "is_online": is_online}
