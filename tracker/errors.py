"""Defines the exceptions that the tracker raises on purpose.

::

    TrackerError                 carries a message and the exit code of the command
    ├── UsageError               2  invalid input of the user
    │   ├── ConfigurationError      a setting in the environment or in tracker.toml
    │   ├── SourceFileError         a source's TOML file: names file, key and allowed values
    │   ├── SelectionError          a filter that does not exist, or a value that cannot be parsed
    │   ├── UnknownEventError       an event id that is not in the store
    │   ├── SuggestionError         a visitor's suggestion that is rejected
    │   └── RulingError             a ruling that names no event, contradicts another, or cannot be parsed
    ├── SourceError              1  one source could not be read; the others go on
    │   └── UnreadablePageError     the response is not in the platform's format
    ├── StoreError               4  the database
    │   ├── NoStoreError            nothing has been crawled yet
    │   ├── StoreUnreadableError    not a database, damaged, or not written by the tracker
    │   ├── StoreReadOnlyError      cannot be written
    │   ├── StoreTooNewError        written by a newer version
    │   └── LeaseLostError          another worker has taken over the lease
    ├── PublicationRefusedError 3  publishing would take away what nobody has cancelled
    ├── LockHeldError           75  another crawl is running (EX_TEMPFAIL of sysexits.h)
    └── StoppedError           130  the crawl was told to stop

Each message says what was wrong, where, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar


class TrackerError(Exception):
    """Base class: the command ends with ``exit_code`` and prints this message."""

    exit_code: ClassVar[int] = 1


class UsageError(TrackerError):
    """The input of the user is invalid."""

    exit_code = 2


class ConfigurationError(UsageError):
    """A ``TRACKER_*`` variable or a key of ``tracker.toml`` is invalid."""


class SourceFileError(UsageError):
    """A source's TOML file is invalid. The message names file, key and allowed values."""


class SelectionError(UsageError):
    """A filter does not exist, or its value cannot be parsed."""


class UnknownEventError(UsageError):
    """No event has this id."""


class RulingError(UsageError):
    """A ruling names no event, contradicts another one, or cannot be parsed. Nothing was changed."""


class SuggestionError(UsageError):
    """A suggestion is rejected: it lacks details, or there are too many of them. Nothing was stored."""


class SourceError(TrackerError):
    """One source could not be read. The crawl goes on with the others.

    Attributes:
        diagnosis: short stable name of the problem, as shown by ``tracker status``.
        url: URL of the page on which it happened.
    """

    def __init__(self, message: str, *, diagnosis: str, url: str = "") -> None:
        super().__init__(message)
        self.diagnosis = diagnosis
        self.url = url

    def __reduce__(self) -> tuple[Callable[[], SourceError], tuple[()]]:
        """Support pickling, so that the error can be sent to another process."""
        return partial(type(self), str(self), diagnosis=self.diagnosis, url=self.url), ()


class UnreadablePageError(SourceError):
    """A page was fetched, but is not in the platform's format."""


class StoreError(TrackerError):
    """The database cannot be used."""

    exit_code = 4


class NoStoreError(StoreError):
    """There is no database yet: nothing has been crawled into this data folder."""


class StoreUnreadableError(StoreError):
    """The file is not a database, is damaged, or was not written by the tracker."""


class StoreReadOnlyError(StoreError):
    """The database or its folder cannot be written."""


class StoreTooNewError(StoreError):
    """A newer version of the tracker wrote this database."""


class LeaseLostError(StoreError):
    """Another worker has taken over the lease of this source; the result of the first worker is discarded."""


class PublicationRefusedError(TrackerError):
    """Publishing would take events out of people's calendars that nobody has cancelled. Nothing was written."""

    exit_code = 3


class LockHeldError(TrackerError):
    """Another crawl of the same data folder is running."""

    exit_code = 75


class StoppedError(TrackerError):
    """The crawl was told to stop (SIGINT or SIGTERM). Sources that had been finished by then are stored."""

    exit_code = 130
