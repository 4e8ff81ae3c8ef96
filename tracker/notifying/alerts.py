"""Tells channels which sources have begun to fail."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from tracker.health.scheduling import source_states
from tracker.models.moments import stamp
from tracker.models.run import SourceState, State
from tracker.models.source import Source
from tracker.notifying.channels import Message, channel_key, open_channel, send
from tracker.store import Store, notifications, runs, sources

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
        name = "!" + channel_key(channel)[:15]
        with store.reading() as db:
            told, last = notifications.sent_items(db, name), notifications.last_sent_at(db, name)
        news = {key: state for key, state in failing.items() if key not in told}
        if not news or (last is not None and now - last < _MIN_ALERT_INTERVAL):
            sent.append(0)
        elif not send(service, channel, Message(_title(news), _body(news, known), tuple(news))):
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
