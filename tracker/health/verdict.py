"""Findings + expectations → verdict. Only a healthy run changes what is public."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.health.findings import Findings
from tracker.models.source import Source
from tracker.models.vocabulary import Verdict

_FEW_REJECTIONS = 5


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
        return Judgement(Verdict.SUSPECT, "incomplete", "; ".join(findings.problems))
    if findings.unchanged_pages and not findings.pages:
        return Judgement(Verdict.UNCHANGED)
    if not findings.pages:
        return Judgement(Verdict.FAILED, "no_answer", "No page answered.")
    rejected = len(findings.rejected)
    if findings.found != kept + rejected:
        message = (
            f"{findings.found} entries were found, but only {kept} kept and {rejected} rejected. Please report it."
        )
        return Judgement(Verdict.SUSPECT, "reader_failed", message)
    if rejected > kept and rejected >= _FEW_REJECTIONS:
        reasons = ", ".join(sorted({each.reason for each in findings.rejected}))
        message = f"Most entries cannot be read ({rejected} of {findings.found}: {reasons}). Has the layout changed?"
        return Judgement(Verdict.SUSPECT, "layout_changed", message)
    if findings.unchanged_pages:
        return Judgement(Verdict.HEALTHY)
    if kept < source.expect.at_least:
        message = f"{kept} listings, but at least {source.expect.at_least} are expected."
        return Judgement(Verdict.SUSPECT, "emptied", message)
    if kept > source.expect.at_most:
        message = f"{kept} listings, but at most {source.expect.at_most} are expected."
        return Judgement(Verdict.SUSPECT, "flooded", message)
    return Judgement(Verdict.HEALTHY)
