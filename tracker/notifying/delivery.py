"""Delivers what subscriptions have to tell: claims a channel, sends, records; survives crashes and dead channels.

Delivery is at least once: a message is recorded as sent after its service has accepted it. If a process is killed
between the two, the message is sent again and says that it may be a repetition. A cancellation that arrives twice costs
a second; one that never arrives costs a journey.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from tracker.models.selection import Selection
from tracker.models.subscription import Subscription, selection_of
from tracker.notifying.channels import Message, channel_key, open_channel, send, service_name
from tracker.notifying.digests import digest_message
from tracker.notifying.messages import word_notices
from tracker.notifying.notices import find_notices, follow_key, matching_events
from tracker.reading.places.fields import locate
from tracker.store import Store, notifications, sources
from tracker.store.notifications import Delivery

DIGEST = "@digest"
"""Name of the subscription of the setting ``notify``; no other can have it."""
_EARLY = timedelta(hours=1)
"""A daily cron job must not come a minute too early for a daily digest."""


class Outcome(StrEnum):
    """How the delivery to one channel ended."""

    SENT = "sent"
    NOTHING = "nothing"
    QUIET = "quiet"
    BUSY = "busy"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Delivered:
    """The result for one channel of one subscription."""

    subscription: str
    number: int
    """Number of the channel, from 1."""
    service: str
    """``discord:…``"""
    outcome: Outcome
    messages: tuple[Message, ...] = ()
    """What was sent; with ``QUIET``, what waits."""
    quiet_until: datetime | None = None
    problem: str = ""
    failing_since: datetime | None = None
    failures: int = 0


def begin(store: Store, name: str, subscription: Subscription, now: datetime) -> int:
    """Begin a subscription: what it selects now is known, only what happens from now on is told. Return how much it is.

    Raises:
        SelectionError: the selection names an unknown source or place.
    """
    with store.writing() as db:
        matching = matching_events(db, subscription, now)
        for address in subscription.to:
            _begin_channel(db, name, subscription, channel_key(address), [each.event.id for each in matching], now)
    return len(matching)


def run_subscription(
    store: Store, name: str, subscription: Subscription, now: datetime, *, at_once: bool = False
) -> list[Delivered]:
    """Tell each channel of a subscription what it has not been told; what cannot be sent is sent by the next run.

    With ``at_once``, a digest does not wait for its time.

    Raises:
        ConfigurationError: apprise is not installed, or the URL of a channel is invalid.
        SelectionError: the selection names an unknown source or place.
    """
    services = open_channels(name, subscription)
    return [
        _Route(store, name, subscription, number, address, now, at_once=at_once).run(service)
        for number, (address, service) in enumerate(zip(subscription.to, services, strict=True), 1)
    ]


def preview(db: Connection, name: str, subscription: Subscription, now: datetime) -> list[list[Message]]:
    """Return, for each channel, what would be sent now if it is not quiet; nothing is changed.

    Raises:
        SelectionError: the selection names an unknown source or place.
    """
    found = []
    for address in subscription.to:
        channel = channel_key(address)
        delivery = notifications.load_deliveries(db, name).get((name, channel))
        found.append(_compose(db, name, subscription, delivery, now)[0] if delivery else [])
    return found


def announce(
    store: Store, channels: Sequence[str], selection: Selection, *, now: datetime, span: timedelta
) -> list[int | None]:
    """Send each channel the digest of what it was not sent; return the number of items, None if sending failed.

    Raises:
        ConfigurationError: apprise is not installed, or the URL of a channel is invalid.
        SelectionError: the selection names an unknown source or place.
    """
    digest = Subscription(selection=selection.to_query(), to=tuple(channels), digest=span)
    return [
        None if each.outcome is Outcome.FAILED else sum(message.events for message in each.messages)
        for each in run_subscription(store, DIGEST, digest, now, at_once=True)
    ]


def open_channels(name: str, subscription: Subscription) -> list[Any]:
    """Return the apprise objects of the channels of a subscription.

    Raises:
        ConfigurationError: apprise is not installed, or the URL of a channel is invalid.
    """
    where = "the setting 'notify'" if name == DIGEST else name
    return [open_channel(each, f"{number} of {where}") for number, each in enumerate(subscription.to, 1)]


def _begin_channel(
    db: Connection, name: str, subscription: Subscription, channel: str, known: Sequence[str], now: datetime
) -> None:
    if subscription.digest is not None:  # the first digest looks back
        notifications.begin_delivery(db, name, channel, now - subscription.digest)
    else:
        notifications.begin_delivery(db, name, channel, now)
        notifications.save_sent(db, channel, [follow_key(name, each) for each in known], now)


def _compose(
    db: Connection, name: str, subscription: Subscription, delivery: Delivery, now: datetime, *, at_once: bool = False
) -> tuple[list[Message], list[str]]:
    """Return the messages for a channel, and what is settled without one."""
    interrupted = set(delivery.sending)
    if subscription.digest is not None:
        last = delivery.last_sent_at
        if last is not None and not (at_once or interrupted) and now - last < subscription.digest - _EARLY:
            return [], []
        message = digest_message(
            db,
            delivery.channel,
            locate(selection_of(subscription.selection)),
            now=now,
            span=subscription.digest,
            began_at=delivery.began_at,
            interrupted=interrupted,
        )
        return ([message] if message else []), []
    outlook = find_notices(db, name, subscription, delivery.channel, delivery.began_after, now)
    names = {each.id: each.name for each in sources.load_sources(db).values()}
    return word_notices(name, outlook.notices, subscription.burst, names, interrupted), outlook.silent


@dataclass(frozen=True, slots=True)
class _Route:
    """One channel of one subscription, in one run."""

    store: Store
    name: str
    subscription: Subscription
    number: int
    address: str
    now: datetime
    at_once: bool

    def run(self, service: Any) -> Delivered:
        channel = channel_key(self.address)
        with self.store.writing() as db:
            if (self.name, channel) not in notifications.load_deliveries(db, self.name):
                known = [each.event.id for each in matching_events(db, self.subscription, self.now)]
                _begin_channel(db, self.name, self.subscription, channel, known, self.now)
            if not notifications.claim(db, self.name, channel, self.now):
                return self._result(Outcome.BUSY)
        try:
            return self._deliver(service, channel)
        finally:
            with self.store.writing() as db:
                notifications.release(db, self.name, channel)

    def _deliver(self, service: Any, channel: str) -> Delivered:
        with self.store.reading() as db:
            delivery = notifications.load_deliveries(db, self.name)[self.name, channel]
            messages, silent = _compose(db, self.name, self.subscription, delivery, self.now, at_once=self.at_once)
        if silent:
            with self.store.writing() as db:
                notifications.save_sent(db, channel, silent, self.now)
        if not messages:
            return self._result(Outcome.NOTHING)
        if (until := self.subscription.quiet_until(self.now)) is not None:
            return self._result(Outcome.QUIET, messages, quiet_until=until)
        sent: list[Message] = []
        for message in messages:
            with self.store.writing() as db:
                notifications.save_sending(db, self.name, channel, message.keys)
            if problem := send(service, self.address, message):
                return self._failed(channel, sent, problem)
            with self.store.writing() as db:
                notifications.save_delivered(db, self.name, channel, message.keys, self.now)
            sent.append(message)
        return self._result(Outcome.SENT, sent)

    def _failed(self, channel: str, sent: Sequence[Message], problem: str) -> Delivered:
        with self.store.writing() as db:
            notifications.save_failure(db, self.name, channel, problem, self.now)
            delivery = notifications.load_deliveries(db, self.name)[self.name, channel]
        return self._result(
            Outcome.FAILED, sent, problem=problem, failing_since=delivery.failing_since, failures=delivery.failures
        )

    def _result(self, outcome: Outcome, messages: Sequence[Message] = (), **more: Any) -> Delivered:
        return Delivered(self.name, self.number, service_name(self.address), outcome, tuple(messages), **more)
