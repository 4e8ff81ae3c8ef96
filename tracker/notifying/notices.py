"""Finds what a channel has to be told of a subscription's events: each piece of news once, one event's together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tracker.models.application_status import APPLICATION_KINDS
from tracker.models.closing import earliest_closing, time_left
from tracker.models.deadline import Deadline
from tracker.models.event import Change, PublishedEvent
from tracker.models.record import sha256_hex
from tracker.models.subscription import News, Subscription, selection_of
from tracker.models.vocabulary import Lifecycle
from tracker.publishing.news import summarize_changes
from tracker.publishing.phrases import deadline_line
from tracker.reading.places.fields import locate
from tracker.store import notifications, queries

_MAX_AGE = timedelta(days=60)
"""Changes older than this are never told, even if a channel could not be reached for as long."""
_OFF = frozenset({Lifecycle.CANCELLED, Lifecycle.WITHDRAWN})
_FIELDS = {
    "lifecycle": News.CANCELLED,
    "when": News.MOVED,
    "places": News.MOVED,
    "mode": News.MOVED,
    "deadlines": News.DEADLINE,
}
"""What a change of a field is news of; a lifecycle is news of a cancellation, except for these headlines."""
_URGENCY = (News.CLOSING, News.CANCELLED, News.MOVED, News.DEADLINE, News.NEW)
_SPOKEN = (News.CANCELLED, News.MOVED, News.DEADLINE, News.NEW, News.CLOSING)
"""The order in which the news of one event are said."""
_MOVES = frozenset({"Postponed", "Moved online", "Tentative now"})


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of news of an event."""

    news: News
    headline: str
    words: str = ""
    source: str = ""
    """Id of the source that says so."""


@dataclass(frozen=True, slots=True)
class Notice:
    """All news of one event."""

    published: PublishedEvent
    reasons: tuple[Reason, ...]
    keys: tuple[str, ...]
    """Keys of the items that it settles."""

    @property
    def urgency(self) -> int:
        """Place in the order in which notices are sent; 0 is the most urgent."""
        return min(_URGENCY.index(each.news) for each in self.reasons)


@dataclass(slots=True)
class Outlook:
    """What there is to tell a channel, and what is settled without telling."""

    notices: list[Notice] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


def own_items(subscription: str) -> str:
    """Return the beginning of the keys of one subscription only: what it follows and what it passes over."""
    return f"own/{sha256_hex(subscription.encode())[:8]}/"


def follow_key(subscription: str, event_id: str) -> str:
    """Return the key by which a subscription remembers that it follows an event."""
    return f"{own_items(subscription)}event/{event_id}"


def matching_events(db: Connection, subscription: Subscription, now: datetime) -> list[PublishedEvent]:
    """Return the events that a subscription selects now.

    Raises:
        SelectionError: the selection names an unknown source or place.
    """
    return queries.find_events(db, locate(selection_of(subscription.selection)), now)


def find_notices(
    db: Connection, name: str, subscription: Subscription, channel: str, began_after: int, now: datetime
) -> Outlook:
    """Return what a channel has not been told yet.

    An event that a subscription has once had is followed for good: whoever asks for Berlin is told that it goes to
    Paris.

    Args:
        db: the connection.
        name: name of the subscription.
        subscription: what to tell.
        channel: key of the channel.
        began_after: number of the last change before the subscription began.
        now: the current time.

    Raises:
        SelectionError: the selection names an unknown source or place.
    """
    told = notifications.sent_items(db, channel)
    follows = follow_key(name, "")
    followed = {item.removeprefix(follows) for item in told if item.startswith(follows)}
    selected = {each.event.id: each for each in matching_events(db, subscription, now)}
    successors = notifications.merged_into(db, followed)
    found = notifications.changes_among(db, followed | selected.keys(), began_after, now - _MAX_AGE)
    changes = _by_event(found, told, own_items(name))
    outlook = Outlook()
    for event_id, published in selected.items():
        is_new = False
        if event_id not in followed:
            is_new = event_id not in successors and f"new/{event_id}" not in told
            if is_new and published.event.lifecycle in _OFF:
                continue
            # It is followed as soon as it was told, or now if nobody has to be told.
            if not (is_new and News.NEW in subscription.about):
                outlook.silent.append(follow_key(name, event_id))
        news = _News(name, published, changes.pop(event_id, []), is_new=is_new, is_selected=True)
        _add(outlook, subscription, news, told, now)
    for rest in changes.values():
        published = rest[-1][2]
        if published.event.ends_at > now and published.event.id in followed:
            _add(outlook, subscription, _News(name, published, rest), told, now)
    outlook.notices.sort(key=lambda each: (each.urgency, each.published.event.id))
    return outlook


Found = tuple[int, Change, PublishedEvent]


@dataclass(frozen=True, slots=True)
class _News:
    """What is known of one event before it is decided what of it is told."""

    subscription: str
    published: PublishedEvent
    changes: list[Found]
    is_new: bool = False
    is_selected: bool = False


def _by_event(changes: Iterable[Found], told: set[str], own: str) -> dict[str, list[Found]]:
    found = defaultdict(list)
    for each in changes:
        number, change, _ = each
        if change.field in _FIELDS and not {f"change/{number}", f"{own}change/{number}"} & told:
            found[change.event_id].append(each)
    return found


def _add(outlook: Outlook, subscription: Subscription, found: _News, told: set[str], now: datetime) -> None:
    """Add the notice of an event, and settle silently what is no news for this subscription."""
    event = found.published.event
    is_off = event.lifecycle in _OFF
    own = own_items(found.subscription)
    keys: list[str] = []
    if found.is_new:
        reasons = [Reason(News.NEW, "New")]
        keys += [f"new/{event.id}", follow_key(found.subscription, event.id)] if News.NEW in subscription.about else []
    else:
        reasons = list(_coalesced(found.changes))
    if is_off:
        reasons = [each for each in reasons if each.news is News.CANCELLED]
    elif found.is_selected:
        for reason, closing_keys in _closings(subscription, found.published, told, now):
            reasons.append(reason)
            keys += closing_keys
    reasons = [each for each in reasons if each.news in subscription.about]
    # What changed before an event was new for a channel has not happened for it.
    is_told = any(each.news in {News.CANCELLED, News.MOVED, News.DEADLINE} for each in reasons)
    changes = [f"{'' if is_told else own}change/{number}" for number, *_ in found.changes]
    if reasons:
        reasons.sort(key=lambda each: _SPOKEN.index(each.news))
        outlook.notices.append(Notice(found.published, tuple(reasons), (*keys, *changes)))
    else:
        outlook.silent += changes


def _coalesced(changes: list[Found]) -> Iterator[Reason]:
    """Yield the news of several changes of one event: from the first old value to the last new one of each field."""
    by_field: dict[str, list[Found]] = defaultdict(list)
    for each in changes:
        by_field[each[1].field].append(each)
    for name, found in by_field.items():
        number, last, published = found[-1]
        whole = last.model_copy(update={"before": found[0][1].before})
        if whole.before == whole.after:
            continue
        for summary in summarize_changes([(number, whole, published)]):
            news = News.MOVED if summary.headline in _MOVES else _FIELDS[name]
            yield Reason(news, summary.headline, summary.words, summary.source)


def _closings(
    subscription: Subscription, published: PublishedEvent, told: set[str], now: datetime
) -> Iterator[tuple[Reason, list[str]]]:
    """Yield the reminders that are due; the last one settles those before it."""
    if News.CLOSING not in subscription.about:
        return
    for deadline in published.event.deadlines:
        earliest, closes = earliest_closing(deadline), deadline.closes_at
        if deadline.kind not in APPLICATION_KINDS or earliest is None or closes is None or closes <= now:
            continue
        due = [span for span in subscription.remind if now >= earliest - span]
        keys = [_closing_key(published.event.id, deadline, span) for span in due]
        if keys and keys[-1] not in told:
            left = time_left(deadline, now)
            yield Reason(News.CLOSING, left.capitalize(), deadline_line(deadline)), keys


def _closing_key(event_id: str, deadline: Deadline, span: timedelta) -> str:
    return f"closes/{int(span.total_seconds() // 3600)}h/{event_id}/{deadline.kind.value}/{deadline.day}"
