"""Findings + expectations → verdict. Only a healthy run changes what is public."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tracker.health.findings import Findings
from tracker.models.source import Source
from tracker.models.vocabulary import Verdict

_FEW_REJECTIONS = 5
_FEW_DETAILS = 2
_FEW_WORDS = 4


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason."""

    verdict: Verdict
    diagnosis: str = ""
    message: str = ""


def judge_run(findings: Findings, source: Source) -> Judgement:
    """Return what a run is worth."""
    kept = len(findings.readings)
    if findings.failures:
        first = findings.failures[0]
        # With some pages missing, what the others say is true but not complete.
        verdict = Verdict.SUSPECT if findings.pages or findings.unchanged_pages else Verdict.FAILED
        return Judgement(verdict, first.diagnosis, f"{first} {first.url}".strip())
    if findings.problems:
        return Judgement(Verdict.SUSPECT, "incomplete", "; ".join(dict.fromkeys(findings.problems)))
    if len(findings.details_missing) > max(_FEW_DETAILS, kept // 3):
        first = findings.details_missing[0]
        message = f"{len(findings.details_missing)} pages of single listings cannot be read, first {first.url}: {first}"
        return Judgement(Verdict.SUSPECT, first.diagnosis, message)
    if (findings.unchanged_pages or findings.pages) and not findings.changed_pages:
        return Judgement(Verdict.UNCHANGED)
    if not findings.pages and findings.missing:
        return Judgement(Verdict.SUSPECT, "emptied", f"None of the {findings.missing} pages that may exist is there.")
    if not findings.pages:
        return Judgement(Verdict.FAILED, "no_answer", "No page answered.")
    rejected = len(findings.rejected)
    if findings.found != kept + rejected + findings.repeated:
        message = (
            f"{findings.found} entries were found, but only {kept} kept and {rejected} rejected. Please report it."
        )
        return Judgement(Verdict.SUSPECT, "reader_failed", message)
    if rejected > kept and rejected >= _FEW_REJECTIONS:
        reasons = ", ".join(sorted({each.reason for each in findings.rejected}))
        message = f"Most entries cannot be read ({rejected} of {findings.found}: {reasons}). Has the layout changed?"
        return Judgement(Verdict.SUSPECT, "layout_changed", message)
    healthy = Judgement(Verdict.HEALTHY, message=_remarks(findings))
    # How many listings stand on pages that were not read again is not known here.
    if kept < source.expect.at_least and not findings.unchanged_pages:
        message = f"{kept} listings, but at least {source.expect.at_least} are expected."
        return Judgement(Verdict.SUSPECT, "emptied", message)
    if kept > source.expect.at_most:
        message = f"{kept} listings, but at most {source.expect.at_most} are expected."
        return Judgement(Verdict.SUSPECT, "flooded", message)
    return healthy


def _remarks(findings: Findings) -> str:
    """Return what an operator should know of a run although nothing is wrong."""
    remarks = [*findings.notes]
    if missing := len(findings.details_missing):
        remarks.append(f"{missing} pages of single listings could not be read")
    unknown = Counter(
        f"{field} {word!r}"
        for _, listing in findings.readings.values()
        for field, word in listing.unknown_words.items()
    )
    if unknown:
        named = ", ".join(f"{word} ({count}×)" for word, count in unknown.most_common(_FEW_WORDS))
        more = f" and {len(unknown) - _FEW_WORDS} more" if len(unknown) > _FEW_WORDS else ""
        remarks.append(f"words that are not known: {named}{more}")
    return "; ".join(dict.fromkeys(remarks))
