"""Where the hosts of calendars keep the ``.ics`` of a group: a slug or an id is enough."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import quote, urlsplit

from spiders.formats.json_paths import values_at

_NEXT_DATA = re.compile(rb"<script id=\"__NEXT_DATA__\"[^>]*>(.*?)</script>", re.DOTALL)
_LUMA_DATA = "props.pageProps.initialData.data"
_LUMA_ID = re.compile(r"\b(?:cal|discplace)-[A-Za-z0-9]{8,}\b")


def luma(name: str) -> str:
    """Luma: ``cal-…`` has its feed; for a slug, the page that names the id is read first."""
    if _LUMA_ID.fullmatch(name):
        return luma_feed(name)
    return f"https://luma.com/{quote(name, safe='')}"


def luma_feed(calendar_id: str) -> str:
    """Return the feed of a Luma calendar, or of a place that Luma lists."""
    entity = "discover" if calendar_id.startswith("discplace-") else "calendar"
    return f"https://api.lu.ma/ics/get?entity={entity}&id={calendar_id}"


def luma_id(page_body: bytes) -> str:
    """Return the id of the calendar that a Luma page shows, or an empty text.

    An event's page names its host's calendar too: one event must not become a whole calendar.
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
    """Meetup: the group's name in its address."""
    return f"https://www.meetup.com/{quote(group, safe='')}/events/ical/"


def google(calendar_id: str) -> str:
    """Google Calendar: ``…@group.calendar.google.com``. The calendar must be public."""
    return f"https://calendar.google.com/calendar/ical/{quote(calendar_id, safe='')}/public/basic.ics"


def outlook(path: str) -> str:
    """Outlook: the two parts after ``/owa/calendar/`` of a published calendar."""
    return f"https://outlook.office365.com/owa/calendar/{quote(path.strip('/'), safe='/@')}/calendar.ics"


def teamup(key: str) -> str:
    """Teamup: the calendar's key, ``ks…``."""
    return f"https://ics.teamup.com/feed/{quote(key, safe='')}/0.ics"


def pretalx(address: str) -> str:
    """Pretalx: the event's address, ``https://pretalx.com/my-conference``."""
    return f"{address.rstrip('/')}/schedule/export/schedule.ics"


def indico(address: str) -> str:
    """Indico: the category's address, ``https://indico.example.org/category/12/``."""
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
