"""Prints the output of ``tracker sources probe``, ``add`` and ``check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from tracker.cli.output import listings

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.config import Settings
    from tracker.models.source import Source
    from tracker.probing.discover import Proposal
    from tracker.probing.probe import PlatformCandidate, Probe
    from tracker.probing.trial import Trial


def print_probe(found: Probe, *, briefly: bool = False) -> None:
    """Print the result of probing a URL: robots.txt, feeds, each platform's counts, and the suggested source file."""
    from tracker.cli.output import console
    from tracker.probing.adding import as_toml

    out = console()
    if found.failure is not None:
        out.print(f"{found.url}: {found.failure}", highlight=False, markup=False)
        return
    out.print(f"robots.txt: {found.robots} this page to be read by programs.", highlight=False)
    for feed in found.feeds:
        out.print(f"the page advertises a feed: {feed}", highlight=False, markup=False)
    for suggestion in found.suggestions:
        out.print(_line(suggestion), highlight=False, markup=False)
    best = found.best
    if best is not None and not best.count:
        out.print(f"{best.platform}: a valid calendar without events: it works, and is empty today.", highlight=False)
    if best is None:
        out.print(
            "No platform finds a listing here. See docs/sources.md: selectors (html_listing), or entries by hand."
        )
    elif not briefly:
        out.print("\nSuggested file:\n", highlight=False)
        typer.echo(as_toml(best, found.url, found.name))
        out.print(f"tracker sources add ID {found.url}", highlight=False, markup=False)


def print_probe_as_json(found: Probe, settings: Settings) -> None:
    """Print what the best platform candidate gives, and the source it could be, as JSON; or why there is none."""
    import json

    from tracker.clock import current_time
    from tracker.probing.proposal import as_answer
    from tracker.sources.files import read_source_files

    crawled = [source for source in read_source_files(settings).sources if source.enabled]
    typer.echo(json.dumps(as_answer(found, crawled, current_time()), ensure_ascii=False))


def print_reading(source: Source) -> None:
    """Print the expected listings of a source's case."""
    from rich.table import Table

    from tracker.cli.output import console
    from tracker.sources.cases import case_folder, load_case

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("title", "when", "where", "deadlines", "doubts"):
        table.add_column(name)
    for each in load_case(case_folder(source)).expected["listings"]:
        when = " – ".join(filter(None, (each.get("start"), each.get("end")))) or each.get("text", "")
        where = ", ".join(each.get("places", [])) or each.get("mode", "")
        doubts = str(len(each.get("doubts", [])) or "")
        table.add_row(each["title"], when, where, "; ".join(each.get("deadlines", [])), doubts)
    console().print(table)


def print_live(settings: Settings, sources: list[Source], *, briefly: bool = False) -> bool:
    """Fetch sources, print what each answers and what is read, and return whether all work.

    Args:
        settings: the operator's settings.
        sources: the sources to fetch.
        briefly: one line for each source, without titles and requests.
    """
    from tracker.probing.trial import try_sources

    all_work = True
    for trial in try_sources(settings, sources):
        found = trial.assessment
        all_work &= trial.works
        advice = "" if briefly else f" {_advice(trial.source, works=trial.works)}."
        next_date = f", next on {found.next}" if found.next else ""
        count = f"{listings(len(trial.result.readings))}, {found.upcoming} to come{next_date}"
        rejected = f", {len(trial.result.rejected)} rejected" if trial.result.rejected else ""
        why = f" {found.diagnosis}: {found.message}" if found.diagnosis else f" {found.message}".rstrip()
        typer.echo(f"{trial.source.id}: {found.words}: {count}{rejected}.{why}{advice}")
        if not briefly:
            _print_trial(trial)
    return all_work


def _advice(source: Source, *, works: bool) -> str:
    if works:
        return "It is enabled" if source.enabled else "It may be enabled"
    return "Disable it, or mend it" if source.enabled else "It should stay disabled"


def _print_trial(trial: Trial) -> None:
    """Print robots.txt, the requests, what fields lack, and the titles of a trial."""
    from itertools import islice

    from tracker.cli.output import console

    out = console()
    for url, response in trial.robots.items():
        said = "there is none" if response.status == 404 else response.error or f"HTTP {response.status}"
        out.print(f"  {url}: {said if response.status != 200 else 'read, and obeyed'}", soft_wrap=True)
    for each in trial.exchanges:
        if not each.is_robots:
            target = each.response.headers.get("location", "")
            arrow = f" → {target}" if target else ""
            answer = each.response.error or f"HTTP {each.response.status}"
            out.print(f"  {each.method} {each.response.url}: {answer}, {each.size:,} bytes{arrow}", soft_wrap=True)
    lacking = ", ".join(f"{number} without {name}" for name, number in trial.missing_fields().items())
    if trial.result.readings:
        out.print(f"  {lacking or 'none lacks a field'}", soft_wrap=True)
    for listing in islice(trial.result.listings(), 5):
        out.print(f"  {listing.when.first_day or 'no date'}  {listing.title}", soft_wrap=True)


def fetch_case(settings: Settings, source: Source) -> None:
    """Fetch the pages of a source and replace its case by them.

    Raises:
        SourceError: a page could not be fetched.
    """
    from tracker.probing.adding import refresh_case

    folder, count = refresh_case(settings, source)
    print_reading(source)
    typer.echo(f"Saved {folder}: {listings(count)}. If they are right: tracker sources check {source.id} --approve")


def approve_source(source: Source, by: str) -> None:
    """Mark the case of a source as reviewed, enable the source, and note in its file who did so on which day.

    Raises:
        UsageError: the source has no case, or one in which it cannot be read.
    """
    from tracker.clock import current_time
    from tracker.errors import UsageError
    from tracker.sources.cases import case_folder, load_case, mark_reviewed, save_expected
    from tracker.sources.files import enable_source, note_verified
    from tracker.sources.replay import as_expected, replay

    folder = case_folder(source)
    if source.path is None or not folder.is_dir():
        raise UsageError(f"{source.id} has no saved case. Make one: tracker sources check {source.id} --fetch")
    case = load_case(folder)
    if case.expected_failure:
        raise UsageError(
            f"{source.id} could not be read when its case was saved ({case.expected_failure}). Once it can be: "
            f"tracker sources check {source.id} --fetch"
        )
    save_expected(folder, as_expected(replay(source, case)))
    mark_reviewed(folder)
    enable_source(source.path)
    note_verified(source.path, current_time().date(), by)
    typer.echo(f"{source.id} is enabled. The next crawl reads it: tracker crawl {source.id}")


def folder_of_proposals(folder: Path) -> Path:
    """Make the tier folder in ``folder`` that proposed source files are written to.

    Raises:
        UsageError: it cannot be written.
    """
    import os

    from tracker.errors import UsageError
    from tracker.models.vocabulary import Tier

    inner = folder / Tier.COMMUNITIES.value
    try:
        inner.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{inner} cannot be made: {error.strerror}. Choose another folder.") from error
    if not os.access(inner, os.W_OK):
        raise UsageError(f"{inner} cannot be written. Choose another folder.")
    return inner


def write_proposal(folder: Path, proposal: Proposal) -> str:
    """Write a proposed source file and return ""; if it cannot be written or is there already, return why."""
    path = folder / f"{proposal.id}.toml"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(proposal.text)
    except FileExistsError:
        return f"{path} exists already, and is left as it is"
    except OSError as error:
        return f"{path} cannot be written: {error.strerror}"
    return ""


def _line(suggestion: PlatformCandidate) -> str:
    result = suggestion.trial.result
    what = f"{suggestion.platform}: {listings(suggestion.count)}"
    if result.rejected:
        what += f", {len(result.rejected)} rejected ({result.rejected[0].reason})"
    if missing_fields := suggestion.trial.missing_fields():
        what += "; " + ", ".join(f"{number} without {name}" for name, number in missing_fields.items())
    if result.failures:
        what += f"; {result.failures[0]}"
    return what
