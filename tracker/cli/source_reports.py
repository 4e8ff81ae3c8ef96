"""Prints the output of ``tracker sources probe``, ``add`` and ``check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from tracker.config import Settings
    from tracker.models.source import Source
    from tracker.probing.probe import PlatformCandidate, Probe


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
    if best is None:
        out.print(
            "No platform finds a listing here. See docs/sources.md: selectors (html_listing), or entries by hand."
        )
    elif not briefly:
        out.print("\nSuggested file:\n", highlight=False)
        typer.echo(as_toml(best, found.url, found.name))
        out.print(f"tracker sources add ID {found.url}", highlight=False, markup=False)


def print_probe_as_json(found: Probe) -> None:
    """Print the raw listings of the best platform candidate as JSON, or why there are none."""
    import json

    raw = [each for each, _ in found.best.trial.result.readings.values()] if found.best else []
    document = {
        "url": found.url,
        "name": found.name,
        "platform": found.best.platform if found.best else "",
        "problem": str(found.failure) if found.failure else "",
        "listings": [each.model_dump(mode="json", exclude_defaults=True) for each in raw],
    }
    typer.echo(json.dumps(document, ensure_ascii=False))


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


def print_live(settings: Settings, source: Source) -> bool:
    """Fetch a source, print in one line whether it may be enabled, and return it."""
    from tracker.probing.trial import try_source

    trial = try_source(settings, source)
    count, rejected = len(trial.result.readings), len(trial.result.rejected)
    judgement = trial.judgement
    if trial.is_healthy:
        lacking = ", ".join(f"{number} without {name}" for name, number in trial.missing_fields().items())
        remarks = f" {judgement.message}." if judgement.message else ""
        state = "is enabled rightly" if source.enabled else "may be enabled"
        typer.echo(
            f"{source.id} {state}: {listings(count)}, {rejected} rejected; {lacking or 'none lacks a field'}.{remarks}"
        )
    else:
        typer.echo(f"{source.id} should stay disabled: {judgement.diagnosis}: {judgement.message}")
    return trial.is_healthy


def fetch_case(settings: Settings, source: Source) -> None:
    """Fetch the pages of a source and replace its case by them.

    Raises:
        SourceError: a page could not be fetched.
    """
    from tracker.probing.adding import refresh_case

    folder, count = refresh_case(settings, source)
    print_reading(source)
    typer.echo(f"Saved {folder}: {listings(count)}. If they are right: tracker sources check {source.id} --approve")


def approve_source(source: Source) -> None:
    """Mark the case of a source as reviewed, and enable the source.

    Raises:
        UsageError: the source has no case.
    """
    from tracker.errors import UsageError
    from tracker.sources.cases import case_folder, load_case, mark_reviewed, save_expected
    from tracker.sources.files import load_source
    from tracker.sources.replay import as_expected, replay

    folder = case_folder(source)
    if source.path is None or not folder.is_dir():
        raise UsageError(f"{source.id} has no saved case. Make one: tracker sources check {source.id} --fetch")
    save_expected(folder, as_expected(replay(source, load_case(folder))))
    mark_reviewed(folder)
    lines = source.path.read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.replace(" ", "").startswith(("enabled=", "#Missingbefore"))]
    source.path.write_text("\n".join(["# Looked at and approved.", *kept]) + "\n", "utf-8")
    load_source(source.path)
    typer.echo(f"{source.id} is enabled. The next crawl reads it: tracker crawl {source.id}")


def listings(count: int) -> str:
    """Return a number of listings in words."""
    return "1 listing" if count == 1 else f"{count} listings"


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
