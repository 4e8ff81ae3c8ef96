"""``tracker sources verify``, ``report`` and ``take``: the first day on the real web, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tracker.models.source import Source
    from tracker.verification.kit import Kit
    from tracker.verification.records import AccessRecord

_MINUTE = 60


def verify(
    out: Annotated[Path, typer.Option("--out", metavar="FILE.zip", help="The file that it writes.")],
    source_ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Sources; without one, all.")] = None,
    only_enabled: Annotated[bool, typer.Option("--only-enabled", help="Leave out the disabled ones.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with FILE.zip; nothing is asked twice.")] = False,
    minutes: Annotated[float | None, typer.Option(min=0, help="Begin no other source after this time.")] = None,
    seen_from: Annotated[str, typer.Option(metavar="NETWORK", help="Where this machine is: home, datacentre.")] = "",
) -> None:
    """Visit the sources, and record what each answers and what is read from it. The database is not touched."""
    from tracker.cli.crawl_progress import Progress
    from tracker.cli.output import console
    from tracker.config import Settings
    from tracker.errors import UsageError
    from tracker.sources.files import choose, load_sources
    from tracker.verification.kit import Kit
    from tracker.verification.run import estimate, new_manifest, remaining, verify_sources

    settings = Settings.load()
    known = load_sources(settings)
    chosen = choose(known, source_ids) if source_ids else [each for each in known if each.enabled or not only_enabled]
    if not chosen:
        raise UsageError("There is no source to verify. 'tracker sources list' shows all.")
    kit = Kit.resume(out) if resume else Kit.begin(out, new_manifest(settings, chosen, seen_from))
    waiting = remaining(kit, chosen)
    length = max(1, round(estimate(waiting).total_seconds() / _MINUTE))
    typer.echo(
        f"{len(waiting)} of {len(chosen)} sources are to be visited, politely: about {length} minutes. "
        f"Stop at any time (Ctrl-C); --resume goes on."
    )
    try:
        with Progress("Visiting") as progress:

            def show(record: AccessRecord) -> None:
                progress.tell(record.source, record.verdict.value, f"{record.upcoming} to come {record.message}")

            verify_sources(settings, kit, chosen, minutes=minutes, on_record=show)
    finally:
        _finish(kit, known)
    _print_counts(kit, chosen)
    left = remaining(kit, chosen)
    if left:
        typer.echo(f"{len(left)} sources are left. Go on: tracker sources verify --resume --out {out}")
    typer.echo(f"Look at report.html in {out}; then: tracker sources report {out}")
    broken = [each.id for each in chosen if each.enabled and each.id in kit.records and not kit.records[each.id].works]
    if broken:
        console().print(f"Enabled, but not working: {', '.join(broken)}", soft_wrap=True)
        raise typer.Exit(1)


def _finish(kit: Kit, sources: list[Source]) -> None:
    from tracker.verification.kit import REPORT
    from tracker.verification.report import html_report

    kit.write(REPORT, html_report(kit, {source.id: source for source in sources}))
    kit.finish()


def _print_counts(kit: Kit, chosen: list[Source]) -> None:
    from collections import Counter

    counts = Counter(kit.records[each.id].verdict for each in chosen if each.id in kit.records)
    said = ", ".join(f"{count} {verdict.value}" for verdict, count in sorted(counts.items()))
    typer.echo(f"{sum(counts.values())} sources: {said}.")


def report(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="What 'tracker sources verify' wrote.")],
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: print it.")] = None,
) -> None:
    """Report a verification as Markdown, for an issue. Nothing is uploaded."""
    from tracker.cli.output import write_output
    from tracker.models.record import sha256_hex
    from tracker.verification.kit import read_kit
    from tracker.verification.report import markdown_report

    kit = read_kit(file)
    write_output(markdown_report(kit.manifest, kit.records.values(), sha256_hex(file.read_bytes())), output)


def take(
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="What 'tracker sources verify' wrote.")],
    source_ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]…", help="Sources; without one, all.")] = None,
    answers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="answers.toml of whoever looked at the report.")
    ] = None,
) -> None:
    """Make saved cases of a verification: of what was read rightly, and of each failure."""
    from tracker.cli.output import console
    from tracker.config import Settings
    from tracker.errors import UsageError
    from tracker.sources.files import choose, load_sources
    from tracker.verification.answers import Answers, read_answers
    from tracker.verification.kit import ANSWERS, read_kit
    from tracker.verification.take import take_records

    kit = read_kit(file)
    try:
        content = answers.read_bytes() if answers is not None else kit.files.get(ANSWERS)
    except OSError as error:
        raise UsageError(f"{answers} cannot be read: {error.strerror}.") from error
    given = read_answers(content, answers or file) if content is not None else Answers()
    sources = load_sources(Settings.load())
    known = {source.id: source for source in sources}
    unknown = [name for name in kit.records if name not in known]
    chosen = choose(sources, source_ids) if source_ids else [known[name] for name in kit.records if name in known]
    patches = []
    count = 0
    for each in take_records(kit, chosen, given):
        console().print(f"{each.source}: {each.message}", soft_wrap=True)
        count += each.has_case
        patches.append(each.patch)
    for name in unknown:
        console().print(f"{name}: no source of this name is known here", soft_wrap=True)
    if any(patches):
        typer.echo("\nNew addresses, as a patch:\n")
        typer.echo("".join(patches), nl=False)
    typer.echo(f"{count} cases written. Now: tracker sources check")
