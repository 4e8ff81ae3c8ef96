"""``tracker fit``: the events that fit what somebody can and wants, best first, each with its reasons."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tracker.cli.options import Data, takes_selection
from tracker.cli.store_access import reading_store


@takes_selection
def fit(
    filters: list[tuple[str, str]],
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="FIT",
            help="level:low;near:Berlin;within:300km;online:yes;months:2027-02..2027-09;hours:10;money:stipend;"
            "topics:technical. Any of them.",
        ),
    ],
    most: Annotated[int, typer.Option("--most", metavar="N", help="How many to show.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="The same JSON as /events.json?fit=….")] = False,
    data: Data = None,
) -> None:
    """Show the events that fit best, with reasons. Nothing is left out, nothing is stored."""
    from tracker.clock import current_time
    from tracker.errors import UsageError
    from tracker.models.selection import Selection
    from tracker.publishing.best_first import find_best
    from tracker.publishing.phrases import format_when
    from tracker.reading.places.fields import locate

    pairs = [*(pair for pair in filters if pair[0] != "fit"), ("fit", wanted)]
    selection, now = locate(Selection.from_pairs(pairs)), current_time()
    if not selection.fit:
        raise UsageError('FIT says nothing. Write for example: tracker fit "level:low;near:Berlin;hours:10"')
    with reading_store(data) as db:
        if as_json:
            from tracker.publishing.feed_request import FeedRequest
            from tracker.publishing.feeds import build_json

            sys.stdout.write(build_json(db, FeedRequest(selection, now)).body.decode())
            return
        ranked = find_best(db, selection, now)
    for published, fitness in ranked[:most]:
        event = published.event
        typer.echo(f"{fitness.score:>4}  {event.title}  ({event.id}, {format_when(event.when)})")
        typer.echo(f"      {fitness.known} of {fitness.asked} known: {fitness.words}")
    typer.echo(f"{min(most, len(ranked))} of {len(ranked)} events.")
