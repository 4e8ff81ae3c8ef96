"""Words the digest of what a channel has not been sent yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tracker.models.selection import Selection
from tracker.notifying.channels import Message
from tracker.notifying.messages import AGAIN
from tracker.publishing.digest import MOST, Digest, DigestItem, build_digest, to_markdown
from tracker.store import notifications

_MAX_ITEM_AGE = timedelta(days=60)
"""Items older than this are never sent, even if a channel has not received them."""


def digest_message(
    db: Connection,
    channel: str,
    selection: Selection,
    *,
    now: datetime,
    span: timedelta,
    began_at: datetime,
    interrupted: set[str],
) -> Message | None:
    """Return the digest of what a channel was not sent, or None if there is nothing.

    Raises:
        SelectionError: the selection names an unknown source or place.
    """
    # Since the first notification, so that an unsent item is still sent when its week has passed.
    since = max(min(began_at, now - span), now - _MAX_ITEM_AGE)
    digest = build_digest(db, selection, since=since, until=now, most=None)
    news = _without(digest, notifications.sent_items(db, channel))
    keys = tuple(item.key for section in news.sections for item in section.items)
    if not keys:
        return None
    body = to_markdown(news) + (f"\n{AGAIN}\n" if interrupted & set(keys) else "")
    return Message(news.title, body, keys, "markdown", len(keys))


def _without(digest: Digest, known: set[str]) -> Digest:
    told = {key.partition("/")[2] for key in known}

    def is_news(item: DigestItem) -> bool:
        kind, _, what = item.key.partition("/")
        # An event that was announced before is announced again if it closes soon or changed, not as new or coming up.
        return item.key not in known and (kind in {"closing", "change"} or what not in told)

    sections = (replace(each, items=tuple(filter(is_news, each.items))[:MOST]) for each in digest.sections)
    return replace(digest, sections=tuple(section for section in sections if section.items))
