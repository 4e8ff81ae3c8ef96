"""Builds the ``.ics`` URL of a calendar from its slug or id, for each calendar host."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from spiders.formats.json_values import values_at

_NEXT_DATA = re.compile(rb"<script id=\"__NEXT_DATA__\"[^>]*>(.*?)</script>", re.DOTALL)
_LUMA_DATA = "props.pageProps.initialData.data"
_LUMA_ID = re.compile(r"\b(?:cal|discplace)-[A-Za-z0-9]{8,}\b")


def luma(name: str) -> str:
    """Return the feed URL of a Luma id (``cal-…``), or for a slug the URL of the page that names the id."""
    if _LUMA_ID.fullmatch(name):
        return luma_feed(name)
    return f"https://luma.com/{quote(name, safe='')}"


def luma_feed(calendar_id: str) -> str:
    """Return the feed URL of a Luma calendar, or of a place that Luma lists (``discplace-…``)."""
    entity = "discover" if calendar_id.startswith("discplace-") else "calendar"
    return f"https://api.lu.ma/ics/get?entity={entity}&id={calendar_id}"


def luma_id(page_body: bytes) -> str:
    """Return the id of the calendar that a Luma page shows, or an empty string.

    It is empty for the page of an event: that names its host's calendar too, but is only one event.
    """
    data = _NEXT_DATA.search(page_body)
    try:
        found = values_at(json.loads(data[1]), _LUMA_DATA) if data else []
    except (ValueError, RecursionError):
        found = []
    shown = found[0] if found and isinstance(found[0], dict) else {}
    if "event" in shown:
        return ""
    calendar = next((text for text in values_at(shown, "calendar.api_id") if isinstance(text, str)), "")
    named = re.search(rb"(cal-\w{8,})", page_body) if not shown else None
    return calendar or (named[1].decode() if named else "")


def meetup(group: str) -> str:
    """Return the feed URL of a Meetup group, named as in its URL."""
    return f"https://www.meetup.com/{quote(group, safe='')}/events/ical/"


def google(calendar_id: str) -> str:
    """Return the feed URL of a public Google Calendar; its id is ``…@group.calendar.google.com``."""
    return f"https://calendar.google.com/calendar/ical/{quote(calendar_id, safe='')}/public/basic.ics"


def outlook(path: str) -> str:
    """Return the feed URL of a published Outlook calendar; ``path`` is the two parts after ``/owa/calendar/``."""
    return f"https://outlook.office365.com/owa/calendar/{quote(path.strip('/'), safe='/@')}/calendar.ics"


def teamup(key: str) -> str:
    """Return the feed URL of a Teamup calendar; its key is ``ks…``."""
    return f"https://ics.teamup.com/feed/{quote(key, safe='')}/0.ics"


def pretalx(address: str) -> str:
    """Return the feed URL of a pretalx event, such as ``https://pretalx.com/my-conference``."""
    return f"{address.rstrip('/')}/schedule/export/schedule.ics"


def indico(address: str) -> str:
    """Return the feed URL of an Indico category, such as ``https://indico.example.org/category/12/``."""
    parts = urlsplit(address)
    number = re.search(r"/categor(?:y|ies)/(\d+)", parts.path)
    if not number:
        raise ValueError("write the address of a category, such as https://indico.example.org/category/12/")
    return f"{parts.scheme}://{parts.netloc}/export/categ/{number[1]}.ics"


HOSTS: dict[str, Callable[[str], str]] = {
    "luma": luma,
    "meetup": meetup,
    "google": google,
    "outlook": outlook,
    "teamup": teamup,
    "pretalx": pretalx,
    "indico": indico,
}
