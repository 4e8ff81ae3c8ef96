"""Finds the calendars that a group's page embeds or links: Luma, Google, Meetup, Eventbrite, webcal links."""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, unquote

from spiders.formats.documents import text_of
from tracker.sources.platform import Page

_MOST = 6
"""Maximum number of calendars of one host: a directory of groups is no group's page."""
_LONGEST = 1_000_000
_END = r"(?=[/?#\"'\s<>&),;\]]|\.?$|\.\s)"
_LUMA = re.compile(
    rf"//(?:www\.)?(?:lu\.ma|luma\.com)/(?:embed/)?(?:calendar/)?([\w-][\w.-]{{1,79}}?){_END}", re.IGNORECASE
)
_LUMA_FEED = re.compile(r"//api2?\.lu(?:\.ma|ma\.com)/ics/get\?[^\"'\s<>?]{0,200}?\bid=(cal-\w{8,40})", re.IGNORECASE)
_NO_LUMA_CALENDAR = frozenset(
    {
        "app", "blog", "calendar", "calendars", "category", "checkout", "create", "discover", "embed", "event",
        "explore", "help", "home", "ics", "join", "jobs", "map", "new", "p", "pricing", "privacy-policy", "settings",
        "signin", "terms", "user",
    }
)  # fmt: skip
_GOOGLE_HOST = r"//(?:calendar\.google\.com/calendar|www\.google\.com/calendar)/"
_GOOGLE = re.compile(rf"{_GOOGLE_HOST}(?:[ub]/\d+/?)?(?:embed|r|render)?\?([^\"'\s<>]{{3,2000}})", re.IGNORECASE)
_GOOGLE_FEED = re.compile(rf"{_GOOGLE_HOST}ical/([^/\"'\s<>]{{3,200}})/public/", re.IGNORECASE)
_MEETUP = re.compile(
    rf"//(?:www\.)?meetup\.com/(?:[a-z]{{2}}(?:-[A-Z]{{2}})?/)?((?:[\w-]|%[0-9A-F]{{2}}){{3,120}}){_END}",
    re.IGNORECASE,
)
_NO_MEETUP_GROUP = frozenset(
    {
        "about", "apps", "blog", "cities", "find", "help", "home", "login", "lp", "media", "members", "messages", "pro",
        "register", "start", "terms", "topics",
    }
)  # fmt: skip
_WEBCAL = re.compile(r"webcals?:(//[^\"'\s<>]{5,500})", re.IGNORECASE)
_SERVICES = re.compile(r"//(?:[\w-]+\.)?(?:google\.com|meetup\.com|lu\.ma|luma\.com)/", re.IGNORECASE)
"""Calendars at these are known by their id, so one that is linked in several forms is one. A secret address of
Google's (``/private-…/``) is nobody's to publish.
"""
_EVENTBRITE = re.compile(
    r"(?:https?:)?//(?:www\.)?(eventbrite\.[a-z]{2,3}(?:\.[a-z]{2})?)/o/(?:([\w-]{1,120})-)?(\d{6,20})", re.IGNORECASE
)


def embedded_calendars(page: Page) -> Iterator[Mapping[str, str]]:
    """Yield options of ``ical`` for each calendar that a page embeds or links, in their order on the page."""
    text = _unescaped(page)
    lumas = [
        *_LUMA_FEED.findall(text),
        *(name for name in _LUMA.findall(text) if name.lower() not in _NO_LUMA_CALENDAR),
    ]
    groups = [name for name in _MEETUP.findall(text) if name.lower() not in _NO_MEETUP_GROUP]
    feeds = [f"https:{link}" for link in _WEBCAL.findall(text) if not _SERVICES.match(link)]
    for key, names in (("luma", lumas), ("google", list(_google_ids(text))), ("meetup", groups), ("feed_url", feeds)):
        for name in list(dict.fromkeys(names))[:_MOST]:
            yield {key: name}


def eventbrite_organizers(page: Page) -> list[str]:
    """Return the URLs of the organisers' pages on Eventbrite that a page links."""
    found: dict[str, str] = {}
    for host, slug, number in _EVENTBRITE.findall(_unescaped(page)):
        found.setdefault(number, f"https://www.{host.lower()}/o/{f'{slug}-' if slug else ''}{number}")
    return list(found.values())[:_MOST]


def _unescaped(page: Page) -> str:
    """Return the page's text with the slashes of JSON and the entities of HTML resolved."""
    return html.unescape(text_of(page)[:_LONGEST].replace("\\/", "/").replace("\\u002F", "/").replace("\\u0026", "&"))


def _google_ids(text: str) -> Iterator[str]:
    for query in _GOOGLE.findall(text):
        asked = parse_qsl(query)
        if ("action", "TEMPLATE") in asked:  # a link that adds one event; src is its guest
            continue
        for key, value in asked:
            if key in {"src", "cid"}:  # the id, or the id in base64
                yield from _if_calendar(value if "@" in value else _from_base64(value))
    for name in _GOOGLE_FEED.findall(text):
        yield from _if_calendar(unquote(name))


def _if_calendar(name: str) -> Iterator[str]:
    """Yield an id, unless it is one of Google's own calendars, of holidays and the like."""
    if "@" in name and "#" not in name and " " not in name:
        yield name


def _from_base64(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
