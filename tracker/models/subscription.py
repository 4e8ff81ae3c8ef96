"""Defines a subscription: what is pushed to which channels, for which selection, and when it must be quiet."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationError, model_validator

from tracker.errors import ConfigurationError, SelectionError
from tracker.models.calendar_options import CalendarOptions
from tracker.models.moments import ZoneName, zone_of
from tracker.models.record import Record
from tracker.models.selection import Selection


class News(StrEnum):
    """What a message can be about."""

    NEW = "new"
    MOVED = "moved"
    CANCELLED = "cancelled"
    DEADLINE = "deadline"
    CLOSING = "closing"


NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SPAN = re.compile(r"(\d{1,3})([hd])")
_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_LONGEST_REMINDER = timedelta(days=60)


def _read_span(value: object) -> object:
    if not isinstance(value, str):
        return value
    written = _SPAN.fullmatch(value)
    if written is None or int(written[1]) == 0:
        raise ValueError("a time is written as 48h or 7d")
    span = timedelta(**{"hours" if written[2] == "h" else "days": int(written[1])})
    if span > _LONGEST_REMINDER:
        raise ValueError("at most 60d")
    return span


def write_span(span: timedelta) -> str:
    """Return a time as ``48h`` or ``7d``: days from three days on."""
    hours = int(span.total_seconds() // 3600)
    return f"{hours // 24}d" if hours % 24 == 0 and hours >= 72 else f"{hours}h"


def _check_quiet(value: str) -> str:
    if value and not _QUIET.fullmatch(value):
        raise ValueError("quiet hours are written as 22:00-07:00")
    return value


def _check_selection(value: str) -> str:
    selection_of(value)
    return value


def _longest_first(spans: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
    return tuple(sorted(set(spans), reverse=True))


def selection_of(query: str) -> Selection:
    """Return the selection of a query string; the options of calendars (``alarms``) say nothing here.

    Raises:
        SelectionError: unknown filter or value.
    """
    from urllib.parse import parse_qsl

    _, pairs = CalendarOptions.split(parse_qsl(query, keep_blank_values=True))
    return Selection.from_pairs(pairs)


Span = Annotated[timedelta, BeforeValidator(_read_span), PlainSerializer(write_span, when_used="json")]


class Subscription(Record):
    """One saved selection and the channels that are told of it."""

    selection: Annotated[str, AfterValidator(_check_selection)] = ""
    """Query string, as in the address of a feed."""
    to: Annotated[tuple[str, ...], Field(min_length=1)]
    """Channels, as apprise URLs; they contain secrets."""
    about: tuple[News, ...] = tuple(News)
    """What is told."""
    remind: Annotated[tuple[Span, ...], Field(max_length=5), AfterValidator(_longest_first)] = (
        timedelta(days=7),
        timedelta(hours=48),
    )
    """How long before a deadline it is told, if ``about`` has ``closing``."""
    quiet: Annotated[str, AfterValidator(_check_quiet)] = ""
    """Hours in which nothing is sent: ``22:00-07:00``."""
    zone: ZoneName = "UTC"
    """Zone of the quiet hours."""
    burst: Annotated[int, Field(ge=0, le=20)] = 3
    """More news than this in one run come as one message."""
    digest: Span | None = None
    """If set, there is only a digest, at most once in this time."""

    @model_validator(mode="after")
    def _reminders_survive_the_night(self) -> Self:
        if self.remind and News.CLOSING in self.about and min(self.remind) <= self._quiet_length:
            raise ValueError(
                f"a reminder {write_span(min(self.remind))} before a deadline can fall into quiet hours as long "
                f"as {self.quiet}: remind earlier"
            )
        return self

    @property
    def _quiet_length(self) -> timedelta:
        if not self.quiet:
            return timedelta()
        first, last = self._quiet_hours
        minutes = (last.hour * 60 + last.minute - first.hour * 60 - first.minute) % (24 * 60)
        return timedelta(minutes=minutes)

    @property
    def _quiet_hours(self) -> tuple[time, time]:
        first, last = self.quiet.split("-")
        return time.fromisoformat(first), time.fromisoformat(last)

    def quiet_until(self, now: datetime) -> datetime | None:
        """Return when the quiet hours end that it is now, or None."""
        if not self.quiet:
            return None
        zone = zone_of(self.zone)
        local = now.astimezone(zone)
        first, last = self._quiet_hours
        clock = local.time()
        is_quiet = first <= clock < last if first <= last else clock >= first or clock < last
        if not is_quiet:
            return None
        end = datetime.combine(local.date(), last, zone)
        return (end if clock < last else end + timedelta(days=1)).astimezone(UTC)


def read_subscription(name: str, values: dict[str, Any]) -> Subscription:
    """Return the subscription that a table of ``notify.toml``, or a command, describes.

    Raises:
        ConfigurationError: the name or a value is wrong; the message says which, and never shows a channel's address.
    """
    if not NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r} is no name of a subscription. Use small letters, digits and '-'.")
    try:
        return Subscription.model_validate(values)
    except SelectionError as error:
        raise ConfigurationError(f"The selection of {name} is wrong: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        said = first["msg"].removeprefix("Value error, ")
        known = ", ".join(Subscription.model_fields)
        hint = f" Keys: {known}." if first["type"] == "extra_forbidden" else ""
        raise ConfigurationError(
            f"The subscription {name} is wrong{f' at {key}' if key else ''}: {said}.{hint}"
        ) from error
