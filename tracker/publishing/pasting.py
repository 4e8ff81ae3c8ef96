"""The forms in which a selection can be pasted or posted, and what ``/digest`` understands of an address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from sqlalchemy import Connection

from tracker.errors import SelectionError
from tracker.models.selection import Selection
from tracker.publishing.digest import (
    WEEK,
    Digest,
    build_digest,
    list_selection,
    to_html,
    to_markdown,
    to_text,
)
from tracker.publishing.posts import to_posts
from tracker.reading.places.fields import locate

_LONGEST_SINCE = 366
Pairs = Iterable[tuple[str, str]]


class Form(NamedTuple):
    """A form of a digest."""

    render: Callable[[Digest], str]
    media_type: str
    label: str


FORMS = {
    "md": Form(to_markdown, "text/markdown", "Markdown"),
    "html": Form(to_html, "text/html", "HTML"),
    "text": Form(to_text, "text/plain", "Plain text"),
    "posts": Form(to_posts, "text/plain", "Posts"),
}


def digest_since(
    db: Connection, selection: Selection, span: timedelta | None, now: datetime, *, most: int | None = None
) -> Digest:
    """Return the news of a time span, or the whole selection if there is none, up to ``most`` events of it.

    Raises:
        SelectionError: the selection names an unknown source or place.
    """
    if span is None:
        return list_selection(db, selection, now, most=most)
    return build_digest(db, selection, since=now - span, until=now)


@dataclass(frozen=True, slots=True)
class DigestRequest:
    """What the address of a digest asks for: filters, ``since`` and ``format``."""

    selection: Selection
    span: timedelta | None = WEEK
    form: str = ""
    """One of ``FORMS``; empty: the page."""

    @classmethod
    def from_pairs(cls, pairs: Pairs) -> Self:
        """Parse (name, value) pairs.

        Raises:
            SelectionError: a name or value is unknown. The message lists what is allowed.
        """
        own = {"since": "7d", "format": ""}
        filters = []
        for name, value in pairs:
            if name in own:
                own[name] = value
            else:
                filters.append((name, value))
        if own["format"] and own["format"] not in FORMS:
            raise SelectionError(f"format={own['format']} is not known. Allowed: {', '.join(FORMS)}.")
        return cls(locate(Selection.from_pairs(filters)), _read_since(own["since"]), own["format"])


def _read_since(since: str) -> timedelta | None:
    if since == "all":
        return None
    number = since.removesuffix("d")
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= _LONGEST_SINCE):
        raise SelectionError(f"since={since} is not known. Write days such as since=7d, or since=all.")
    return timedelta(days=int(number))
