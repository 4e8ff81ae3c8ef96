"""Takes a kit on a developer's machine: each record becomes a saved case, and each new address a patch."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tracker.errors import SourceFileError, UsageError
from tracker.health.assessment import PASSING
from tracker.models.source import Source
from tracker.sources.cases import Case, case_folder, save_case
from tracker.sources.files import first_pages_of, note_verified
from tracker.sources.replay import as_expected, replay
from tracker.verification.answers import Answer, Answers
from tracker.verification.kit import FinishedKit
from tracker.verification.records import AccessRecord, case_of


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one record."""

    source: str
    message: str
    has_case: bool
    """True if a case was written."""
    patch: str = ""
    """Change of the source file that gives it its new address, as a unified diff."""


def take_records(kit: FinishedKit, sources: Sequence[Source], answers: Answers) -> Iterator[Taken]:
    """Write the saved case of each record of ``sources``; yield what became of it.

    A record that cannot be taken costs only itself.
    """
    for source in sources:
        record = kit.records.get(source.id)
        if record is None:
            yield Taken(source.id, "was not verified", has_case=False)
            continue
        try:
            yield _take(kit, record, source, answers)
        except (UsageError, KeyError, OSError) as error:
            reason = f"its archive lacks the record {error}" if isinstance(error, KeyError) else str(error)
            yield Taken(source.id, f"cannot be taken: {reason}", has_case=False)


def _take(kit: FinishedKit, record: AccessRecord, source: Source, answers: Answers) -> Taken:
    folder = case_folder(source)
    if record.failure in PASSING and (folder / "case.toml").is_file():
        said = f"{record.verdict.value} ({record.failure}), which may pass: its case stays"
        return Taken(source.id, said, has_case=False)
    if record.left_out and not record.failure:
        said = f"{record.verdict.value}, but {record.left_out[0]} is too large for a kit"
        return Taken(
            source.id, f"{said}. Make its case here: tracker sources check {source.id} --fetch", has_case=False
        )
    case = case_of(record, kit.bodies(source.id), folder)
    expected = as_expected(replay(source, case))
    answer = answers.sources.get(source.id)
    said = f"{record.verdict.value}{f' ({record.diagnosis})' if record.diagnosis else ''}"
    if case.expected_failure:
        save_case(replace(case, reviewed=True), expected)
        note = "; it is enabled: disable it, or mend its address" if source.enabled else ""
        return Taken(
            source.id, said + note, has_case=True, patch=_patch(source, record.moved_to, record.begun_at.date())
        )
    if answer is None:
        save_case(case, expected)
        return Taken(source.id, f"{said}; nobody has looked at it", has_case=True)
    return Taken(source.id, f"{said}; {_answered(case, expected, record, source, answer, answers)}", has_case=True)


def _answered(
    case: Case, expected: dict[str, Any], record: AccessRecord, source: Source, answer: Answer, answers: Answers
) -> str:
    """Save a case that a person has looked at, and return what was noted."""
    if not answer.right:
        wrong = answer.wrong or ("something",)
        save_case(replace(case, wrong=wrong), expected)
        return f"{', '.join(wrong)} is wrong, says {answers.by}"
    read = [*expected["listings"], *expected.get("communities", [])]
    is_same = read[: len(record.samples)] == list(record.samples)
    save_case(replace(case, reviewed=is_same), expected)
    if not is_same:
        return f"right, said {answers.by}, but this version reads something else: look at it again"
    if source.path is not None:
        day = answers.day or record.begun_at.date()
        note_verified(source.path, day, answers.by, record.seen_from)
    return f"right, says {answers.by}"


def _patch(source: Source, moved_to: str, day: date) -> str:
    """Return the change of a source file that replaces the first page's URL by the new one; empty if there is none."""
    if not moved_to or source.path is None:
        return ""
    before = source.path.read_text("utf-8")
    try:
        first = first_pages_of(source, day)[0].url
    except (SourceFileError, IndexError):
        return ""
    after = before.replace(f'"{first}"', f'"{moved_to}"')
    name = _shown(source.path)
    return "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), f"a/{name}", f"b/{name}"))


def _shown(path: Path) -> str:
    """Return the path of a source file from the folder that holds the tier folders' parent on."""
    return "/".join(path.parts[-4:])
