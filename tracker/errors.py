"""Every error the tracker raises on purpose.

::

    TrackerError                 carries the message, and the exit code of the command it ends
    ├── UsageError               2  something the person typed or wrote
    │   ├── ConfigurationError      a setting in the environment or in tracker.toml
    │   ├── SourceFileError         a source's TOML file: names file, key and allowed values
    │   ├── SelectionError          a filter that does not exist or cannot be read
    │   ├── UnknownEventError       an event id that is not in the store
    │   ├── SuggestionError         a visitor's suggestion that is not taken
    │   └── RulingError             a ruling that names nothing, contradicts another, or cannot be read
    ├── SourceError              1  one source could not be read; the others go on
    │   └── UnreadablePageError     the answer is not in the platform's format
    ├── StoreError               4  the database
    │   ├── NoStoreError            nothing has been crawled yet
    │   ├── StoreUnreadableError    not a database, damaged, or not ours
    │   ├── StoreReadOnlyError      cannot be written
    │   ├── StoreTooNewError        written by a newer version
    │   └── TurnLostError           another worker crawls this source by now
    ├── LockHeldError           75  another crawl is running (EX_TEMPFAIL of sysexits.h)
    └── StoppedError           130  somebody asked the crawl to end

Each message says what was wrong, where, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar


class TrackerError(Exception):
    """Something the tracker can name; the command ends with ``exit_code`` and this message."""

    exit_code: ClassVar[int] = 1


class UsageError(TrackerError):
    """Something the person typed or wrote is not understood."""

    exit_code = 2


class ConfigurationError(UsageError):
    """A ``TRACKER_*`` variable or a key of ``tracker.toml`` is not understood."""


class SourceFileError(UsageError):
    """A source's TOML file is not understood. The message names file, key and allowed values."""


class SelectionError(UsageError):
    """A filter does not exist, or its value cannot be read."""


class UnknownEventError(UsageError):
    """No event has this id."""


class RulingError(UsageError):
    """A ruling names no event, contradicts another one, or cannot be read. Nothing was changed."""


class SuggestionError(UsageError):
    """A suggestion is not taken: it says too little, or there are too many of them. Nothing was kept."""


class SourceError(TrackerError):
    """One source could not be read. The crawl goes on with the others.

    Attributes:
        diagnosis: a short stable name of what went wrong, as in ``tracker status``.
        url: the page it happened on.
    """

    def __init__(self, message: str, *, diagnosis: str, url: str = "") -> None:
        super().__init__(message)
        self.diagnosis = diagnosis
        self.url = url

    def __reduce__(self) -> tuple[Callable[[], SourceError], tuple[()]]:
        """Say how it is made again in another process."""
        return partial(type(self), str(self), diagnosis=self.diagnosis, url=self.url), ()


class UnreadablePageError(SourceError):
    """A page answered, but not in the format the platform reads."""


class StoreError(TrackerError):
    """The database cannot be used as asked."""

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
    """Another worker crawls this source by now; what the first one brings comes too late."""


class LockHeldError(TrackerError):
    """Another crawl of the same data folder is running."""

    exit_code = 75


class StoppedError(TrackerError):
    """Somebody asked the crawl to end (SIGINT or SIGTERM). What had ended by then is kept."""

    exit_code = 130
