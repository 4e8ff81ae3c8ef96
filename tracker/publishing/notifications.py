"""Notifies channels (Discord, Slack, e-mail…) through apprise of digest items and of sources that begin to fail."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tracker.errors import ConfigurationError
from tracker.health.scheduling import source_states
from tracker.models.moments import stamp
from tracker.models.run import SourceState, State
from tracker.models.selection import Selection
from tracker.models.source import Source
from tracker.publishing.digest import MOST, Digest, DigestItem, build_digest, to_markdown
from tracker.store import Store, notifications, runs, sources


def open_channel(address: str, named: str) -> Any:
    """Return the apprise object of a channel.

    Args:
        address: apprise URL; it contains secrets and is never shown.
        named: name of the channel in the error message: ``1 of the setting 'notify'``.

    Raises:
        ConfigurationError: apprise is not installed, or the URL is invalid.
    """
    try:
        import apprise
    except ImportError as error:
        raise ConfigurationError(
            "Sending needs apprise. Install it: pip install 'aisafety-tracker[notify]'."
        ) from error
    service = apprise.Apprise()
    if not service.add(address):
        raise ConfigurationError(
            f"Channel {named} ({address.partition(':')[0]}:…) is no address that apprise "
            "understands. https://appriseit.com lists them."
        )
    return service


def without_mentions(text: str) -> str:
    """Return a text without mentions: in chats, ``@everyone`` would notify everybody."""
    return text.replace("@", "@\u200b")


_MIN_ALERT_INTERVAL = timedelta(hours=23)
"""Minimum time between alerts: a little less than a day, so that a daily cron job never comes a minute too early."""
_FAILING = frozenset({State.FAILING, State.PAUSED})


def alert(
    store: Store, channels: Sequence[str], *, now: datetime, among: Collection[str] | None = None
) -> list[int | None]:
    """Alert each channel once per failure of a source; return the number of sources, None if sending failed.

    If ``among`` is given, only these sources count.

    Raises:
        ConfigurationError: apprise is not installed, or the URL of a channel is invalid.
    """
    with store.reading() as db:
        known = sources.load_sources(db)
        states = source_states(known.values(), runs.load_histories(db, known))
    failing = {
        _key(state): state
        for name, state in sorted(states.items())
        if state.state in _FAILING and (among is None or name in among)
    }
    sent: list[int | None] = []
    for number, channel in enumerate(channels, 1):
        service = open_channel(channel, f"{number} of the setting 'alert'")
        name = "!" + hashlib.sha256(channel.encode()).hexdigest()[:15]
        with store.reading() as db:
            told, last = notifications.sent_items(db, name), notifications.last_sent_at(db, name)
        news = {key: state for key, state in failing.items() if key not in told}
        if not news or (last is not None and now - last < _MIN_ALERT_INTERVAL):
            sent.append(0)
        elif service.notify(title=_title(news), body=without_mentions(_body(news, known)), body_format="text"):
            with store.writing() as db:
                notifications.save_sent(db, name, news, now)
            sent.append(len(news))
        else:
            sent.append(None)
    return sent


def _key(state: SourceState) -> str:
    """Return the key of a source's current failure, which began after the last success."""
    since = stamp(state.last_success) if state.last_success else "never"
    return f"{hashlib.sha256(state.source.encode()).hexdigest()[:32]} {since}"


def _title(news: Mapping[str, SourceState]) -> str:
    return "1 source cannot be read" if len(news) == 1 else f"{len(news)} sources cannot be read"


def _body(news: Mapping[str, SourceState], known: Mapping[str, Source]) -> str:
    lines = []
    for state in news.values():
        since = f"since {state.last_success:%d %B}" if state.last_success else "and never could be"
        lines.append(f"{known[state.source].name}, {since}. {state.message}")
    return "\n".join([*lines, "", "Their events stay as they were. tracker status says more."])


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
