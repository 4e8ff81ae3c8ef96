"""What a person answered who looked at the report of a kit: which sources were read rightly."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from tracker.clock import current_time
from tracker.errors import UsageError
from tracker.models.record import Record
from tracker.models.text import PlainLine

_FIRST_DAY = date(2025, 1, 1)
"""There was no tracker before."""
Fact = Literal["title", "date", "place", "deadline"]


class Answer(Record):
    """The answer about one source."""

    right: bool
    wrong: tuple[Fact, ...] = ()
    """What was read wrongly."""


class Answers(Record):
    """The content of ``answers.toml``, which the report writes."""

    by: PlainLine = ""
    """Who looked."""
    day: date | None = None
    sources: dict[str, Answer] = Field(default_factory=dict)
    """Answers by source; one that is not named was not looked at."""


def read_answers(content: bytes, where: Path) -> Answers:
    """Parse ``answers.toml``.

    Raises:
        UsageError: it is damaged.
    """
    try:
        answers = Answers.model_validate(tomllib.loads(content.decode()))
    except (ValidationError, ValueError, RecursionError) as error:
        detail = error.errors()[0] if isinstance(error, ValidationError) else None
        said = f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" if detail else str(error)
        raise UsageError(f"{where} cannot be read: {said}. The report of the kit writes it anew.") from error
    if answers.day is not None and not _FIRST_DAY <= answers.day <= current_time().date() + timedelta(days=1):
        raise UsageError(f"{where} says that somebody looked on {answers.day}, which cannot be. Correct: day")
    if answers.sources and not answers.by:
        raise UsageError(f'{where} does not say who looked. Add: by = "Your Name"')
    return answers
