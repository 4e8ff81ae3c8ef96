"""Takes a kit on a developer's machine: each record becomes a saved case, and each new address a patch."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from tracker.errors import SourceFileError, UsageError
from tracker.health.assessment import PASSING, REFUSALS
from tracker.health.verdict import judge_run
from tracker.models.source import Source
from tracker.sources.cases import Case, case_folder, load_case, save_case
from tracker.sources.files import first_pages_of, note_verified
from tracker.sources.replay import as_expected, replay
from tracker.verification.answers import Answer, Answers
from tracker.verification.kit import FinishedKit
from tracker.verification.records import MOST_SAMPLES, AccessRecord, case_of, source_hash


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
            reason = kit.damaged.get(f"access/{source.id}.json")
            said = f"cannot be taken: its record is damaged ({reason})" if reason else "was not verified"
            yield Taken(source.id, said, has_case=False)
            continue
        try:
            yield _take(kit, record, source, answers)
        except (UsageError, KeyError, OSError) as error:
            reason = f"its archive lacks the record {error}" if isinstance(error, KeyError) else str(error)
            yield Taken(source.id, f"cannot be taken: {reason}", has_case=False)
    for name in answers.sources:
        if name not in kit.records:
            yield Taken(name, "has an answer, but no record in this file", has_case=False)


def _take(kit: FinishedKit, record: AccessRecord, source: Source, answers: Answers) -> Taken:
    folder = case_folder(source)
    before = load_case(folder) if (folder / "case.toml").is_file() else None
    verdict = f"{record.verdict.value}{f' ({record.diagnosis})' if record.diagnosis else ''}"
    patch = _patch(source, record.moved_to, record.begun_at.date())
    if reason := _why_not(record, source, before):
        return Taken(source.id, f"{verdict}, {reason}", has_case=False, patch=patch)
    case = case_of(record, kit.bodies(source.id), folder)
    result = replay(source, case)
    judgement = judge_run(result, source, case.now)
    diagnosis = "" if judgement.is_good else judgement.diagnosis
    if diagnosis != record.failure:
        reason = "its pages are too large for a kit" if record.left_out else f"its pages give {diagnosis or 'listings'}"
        said = f"{verdict}, but {reason}. Make its case here: tracker sources check {source.id} --fetch"
        return Taken(source.id, said, has_case=False, patch=patch)
    expected = as_expected(result)
    if case.expected_failure:
        save_case(replace(case, reviewed=True), expected)
        note = "; it is enabled: disable it, or mend its address" if source.enabled else ""
        return Taken(source.id, verdict + note, has_case=True, patch=patch)
    answer = answers.sources.get(source.id)
    if answer is not None:
        said = _answered(case, expected, record, source, answer, answers)
        return Taken(source.id, f"{verdict}; {said}", has_case=True, patch=patch)
    if before is not None and before.reviewed and not before.expected_failure and before.expected == expected:
        said = "it reads the same as in its reviewed case, which stays"
        return Taken(source.id, f"{verdict}; {said}", has_case=False, patch=patch)
    save_case(case, expected)
    return Taken(source.id, f"{verdict}; nobody has looked at it", has_case=True, patch=patch)


def _why_not(record: AccessRecord, source: Source, before: Case | None) -> str:
    """Return why a record becomes no case, else ""."""
    if record.source_hash != source_hash(source):
        return "but its file has changed since: verify it again"
    if record.left_out and not record.failure:
        return (
            f"but {record.left_out[0]} is too large for a kit. Make its case here: "
            f"tracker sources check {source.id} --fetch"
        )
    if before is None:
        return ""
    if record.failure in PASSING:
        return "which may pass: its case stays"
    is_elsewhere = record.seen_from != before.access.seen_from
    if record.failure in REFUSALS and not before.expected_failure and is_elsewhere:
        return f"from {record.seen_from or 'here'}; its case was read from {before.access.seen_from or 'elsewhere'}"
    return ""


def _answered(
    case: Case, expected: dict[str, Any], record: AccessRecord, source: Source, answer: Answer, answers: Answers
) -> str:
    """Save a case that a person has looked at, and return what was noted."""
    if not answer.right:
        wrong = answer.wrong or ("something",)
        save_case(replace(case, wrong=wrong), expected)
        return f"{', '.join(wrong)} is wrong, says {answers.by}"
    read = [*expected["listings"], *expected.get("communities", [])]
    is_same = read[:MOST_SAMPLES] == list(record.samples)
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
    before = source.path.read_bytes().decode()  # with its line endings, or the patch would not apply
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
