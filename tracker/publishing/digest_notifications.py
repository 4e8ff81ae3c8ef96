"""Sends digest items to channels (Discord, Slack, Matrix, e-mail…) through apprise, each item once per channel."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tracker.models.selection import Selection
from tracker.publishing.channels import open_channel, without_mentions
from tracker.publishing.digest import MOST, Digest, DigestItem, build_digest
from tracker.publishing.digest_formats import to_markdown
from tracker.store import Store, notifications

_MAX_ITEM_AGE = timedelta(days=60)
"""Items older than this are never sent, even if a channel has not received them."""


def announce(
    store: Store, channels: Sequence[str], selection: Selection, *, now: datetime, span: timedelta
) -> list[int | None]:
    """Send each channel the items it has not received; return the number per channel, None if sending failed.

    Unsent items are sent next time. An item is marked as sent after its channel has accepted it, so a crash in between
    sends it twice rather than never.

    Raises:
        ConfigurationError: apprise is not installed, or the URL of a channel is invalid.
        SelectionError: the selection names an unknown source or place.
    """
    services = [open_channel(each, f"{number} of the setting 'notify'") for number, each in enumerate(channels, 1)]
    sent: list[int | None] = []
    for channel, service in zip(channels, services, strict=True):
        # URLs of channels contain secrets: only a hash is stored.
        name = hashlib.sha256(channel.encode()).hexdigest()[:16]
        with store.writing() as db:
            # Since the first notification, so that an unsent item is still sent when its week has passed.
            since = max(notifications.first_notified_at(db, name, now - span), now - _MAX_ITEM_AGE)
            digest = build_digest(db, selection, since=min(since, now - span), until=now, most=None)
            news = _without(digest, notifications.sent_items(db, name))
        keys = [item.key for section in news.sections for item in section.items]
        if keys and not service.notify(
            title=news.title, body=without_mentions(to_markdown(news)), body_format="markdown"
        ):
            sent.append(None)
            continue
        if keys:
            with store.writing() as db:
                notifications.save_sent(db, name, keys, now)
        sent.append(len(keys))
    return sent


def _without(digest: Digest, known: set[str]) -> Digest:
    told = {key.partition("/")[2] for key in known}

    def is_news(item: DigestItem) -> bool:
        kind, _, what = item.key.partition("/")
        # An event that was announced before is announced again if it closes soon or changed, not as new or coming up.
        return item.key not in known and (kind in {"closing", "change"} or what not in told)

    sections = (replace(each, items=tuple(filter(is_news, each.items))[:MOST]) for each in digest.sections)
    return replace(digest, sections=tuple(section for section in sections if section.items))
