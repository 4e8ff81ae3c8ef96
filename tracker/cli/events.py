"""``tracker list``, ``show``, ``export`` and ``explain``: print published events, and why two listings are one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import EVENT, Data, takes_selection
from tracker.cli.store_access import reading_store

if TYPE_CHECKING:
    from tracker.models.event import Change

Filters = list[tuple[str, str]]


@takes_selection
def list_events(
    filters: Filters,
    data: Data = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same JSON as /events.json.")] = False,
) -> None:
    """List events, soonest first. The filters are those of the feeds' addresses."""
    from tracker.clock import current_time
    from tracker.models.selection import Selection
    from tracker.reading.places.fields import locate
    from tracker.store import queries

    selection = locate(Selection.from_pairs(filters))
    now = current_time()
    with reading_store(data) as db:
        if as_json:
            from tracker.publishing.feed_request import FeedRequest
            from tracker.publishing.feeds import build_json

            sys.stdout.write(build_json(db, FeedRequest(selection, now)).body.decode())
            return
        found = queries.find_events(db, selection, now)
    from rich.table import Table

    from tracker.cli.output import console
    from tracker.models.application_status import next_deadline
    from tracker.publishing.phrases import deadline_line, format_when

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "when", "title", "where", "deadline"):
        table.add_column(name, no_wrap=name == "id")
    for published in found:
        event = published.event
        deadline = next_deadline(event, now)
        where = " & ".join(place.label for place in event.places) or event.mode.value.replace("_", " ")
        table.add_row(
            event.id,
            format_when(event.when),
            event.title,
            where,
            deadline_line(deadline) if deadline else "",
        )
    console().print(table)
    typer.echo(f"{len(found)} events.")


def show(
    event_id: Annotated[str, typer.Argument(metavar="ID", help="As 'tracker list' shows it.")],
    data: Data = None,
) -> None:
    """Show everything known about one event: who says what, its doubts and its history."""
    from tracker.store import change_log, listings, queries, relations, sources

    with reading_store(data) as db:
        published = queries.find_event(db, event_id)
        history = change_log.changes_of_event(db, event_id)
        behind = listings.listings_of_event(db, published.event.id)
        hidden = queries.is_hidden(db, published.event.id)
        siblings = relations.series_of_event(db, published.event.id)
        whole = relations.larger_event(db, published.event.id)
        parts = relations.parts_of_event(db, published.event.id)
        names = {each.id: each.name for each in sources.load_sources(db).values()}
    from tracker.clock import current_time
    from tracker.models.application_status import application_status
    from tracker.publishing.expected import series_expectations
    from tracker.publishing.phrases import deadline_line, field_words, format_when
    from tracker.publishing.series_patterns import series_patterns

    event = published.event
    lines = [f"{event_id} became part of {event.id}.", ""] if event_id != event.id else []
    lines += ["Hidden by a ruling: it is shown nowhere. 'tracker rule list' says by which.", ""] if hidden else []
    lines += [event.title, format_when(event.when)]
    lines += [f"Part of {whole.event.title} ({whole.event.id})"] if whole else []
    lines += [" & ".join(place.label for place in event.places) or event.mode.value]
    lines += [f"Status: {event.lifecycle.value}; applications: {application_status(event, current_time()).value}"]
    lines += [deadline_line(deadline) for deadline in event.deadlines]
    lines += [link for link in (event.link, event.apply_url) if link]
    lines += [f"Doubt: {doubt}" for doubt in event.doubts]
    lines += ["", event.description] if event.description else []
    lines += ["", "Who says so:"]
    for name, provenance in event.provenance.items():
        page = f" ({provenance.page_url})" if provenance.page_url else ""
        lines.append(f"  {name}: {names.get(provenance.source, provenance.source)}{page}")
    lines += ["", "Listings:"]
    for listing, reason in behind:
        lines.append(f"  {listing.key}: {reason}")
        against = [each for each in event.disagreements if (each.source, each.source_id) == listing.key]
        lines += [f"    says {each.field}: {field_words(listing, each.field)}" for each in against]
    if parts:
        lines += ["", "Parts of it:"]
        lines += [f"  {each.event.id}  {format_when(each.event.when)}  {each.event.title}" for each in parts]
    if siblings:
        patterns = series_patterns([event, *(each.event for each in siblings)])
        patterns += series_expectations([published, *siblings], current_time())
        lines += ["", "Of the same series:", *(f"  {habit}." for habit in patterns)]
        lines += [f"  {each.event.id}  {format_when(each.event.when)}  {each.event.title}" for each in siblings]
    lines += ["", f"History (sequence {published.sequence}):"]
    for change in history:
        at = f"{change.at:%Y-%m-%d %H:%M} UTC"
        lines.append(f"  {at}  {_changed(change)}")
    typer.echo("\n".join(lines))


def _changed(change: Change) -> str:
    if change.field != "event":
        return f"{change.field}: {change.before or 'nothing'} → {change.after or 'nothing'}"
    if not change.before:
        return "first listed"
    return change.after or "no longer listed"


@takes_selection
def export(
    filters: Filters,
    kind: Annotated[str, typer.Option("--format", help="ics, json, csv or atom.")] = "ics",
    deadlines: Annotated[str, typer.Option(help="In calendars: with, only or none.")] = "with",
    alarms: Annotated[
        str, typer.Option(metavar="7d,1d", help="In calendars: how long before deadlines to remind.")
    ] = "",
    expected: Annotated[str, typer.Option(help="In calendars: with, rounds that earlier years let expect.")] = "none",
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Default: print it.")] = None,
    data: Data = None,
) -> None:
    """Write the feed of a selection to a file."""
    from tracker.clock import current_time
    from tracker.errors import UsageError
    from tracker.models.calendar_options import CalendarOptions
    from tracker.models.selection import Selection
    from tracker.publishing.atomic_files import write_file
    from tracker.publishing.feed_request import FeedRequest
    from tracker.publishing.feeds import FORMATS
    from tracker.reading.places.fields import locate

    if kind not in FORMATS:
        raise UsageError(f"--format {kind} is not known. Formats: {', '.join(FORMATS)}.")
    options, _ = CalendarOptions.split([("deadlines", deadlines), ("alarms", alarms), ("expected", expected)])
    asked = FeedRequest(locate(Selection.from_pairs(filters)), current_time(), options=options)
    with reading_store(data) as db:
        feed = FORMATS[kind](db, asked)
    if output is None:
        sys.stdout.buffer.write(feed.body)
        return
    changed = write_file(output, feed.body)
    typer.echo(f"{output}: {'written' if changed else 'unchanged'}, {len(feed.body)} bytes.")


def explain(
    one: Annotated[str, typer.Argument(metavar="A", help=EVENT)],
    other: Annotated[str, typer.Argument(metavar="B", help="Likewise.")],
    data: Data = None,
) -> None:
    """Say why two listings are one event, or two: what they met in, each point for and against, each veto."""
    from tracker.curation.explanations import explain_names

    with reading_store(data) as db:
        lines = explain_names(db, one, other)
    typer.echo("\n".join(lines))
