"""Digest items → channels (Discord, Slack, Matrix, e-mail…) through apprise; each item once per channel."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tracker.errors import ConfigurationError
from tracker.models.selection import Selection
from tracker.publishing.digest import Digest, build_digest
from tracker.publishing.digest_forms import to_markdown
from tracker.store import Store, announced


def announce(
    store: Store, channels: Sequence[str], selection: Selection, *, now: datetime, span: timedelta
) -> list[int | None]:
    """Send to each channel what it was not told yet; return how many items each got, None where it failed.

    What could not be sent is sent next time. An item is marked after its channel has taken it, so a crash in between
    sends it twice rather than never.

    Raises:
        ConfigurationError: apprise is not installed, or an address is none of its.
        SelectionError: the selection names what we do not know.
    """
    services = [_service(channel, number) for number, channel in enumerate(channels, 1)]
    with store.reading() as db:
        digest = build_digest(db, selection, since=now - span, until=now)
    sent: list[int | None] = []
    for channel, service in zip(channels, services, strict=True):
        # Addresses hold secrets: only a fingerprint is kept.
        name = hashlib.sha256(channel.encode()).hexdigest()[:16]
        with store.reading() as db:
            news = _without(digest, announced.known(db, name))
        keys = [item.key for section in news.sections for item in section.items]
        if keys and not service.notify(title=news.title, body=to_markdown(news), body_format="markdown"):
            sent.append(None)
            continue
        if keys:
            with store.writing() as db:
                announced.save(db, name, keys, now)
        sent.append(len(keys))
    return sent


def _service(channel: str, number: int) -> Any:
    try:
        import apprise
    except ImportError as error:
        raise ConfigurationError(
            "Sending needs apprise. Install it: pip install 'aisafety-tracker[notify]'."
        ) from error
    service = apprise.Apprise()
    if not service.add(channel):
        raise ConfigurationError(
            f"Channel {number} of the setting 'notify' ({channel.partition(':')[0]}:…) is no address that apprise "
            "understands. https://appriseit.com lists them."
        )
    return service


def _without(digest: Digest, known: set[str]) -> Digest:
    sections = (
        replace(section, items=tuple(item for item in section.items if item.key not in known))
        for section in digest.sections
    )
    return replace(digest, sections=tuple(section for section in sections if section.items))
