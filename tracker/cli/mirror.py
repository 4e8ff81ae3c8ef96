"""``tracker mirror``: shows the events that another tracker publishes, without crawling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.options import Data

if TYPE_CHECKING:
    from datetime import datetime

_LONGEST = 100_000_000
_TIMEOUT = 30.0


def mirror(
    address: Annotated[
        str, typer.Argument(metavar="[URL]", help="Its events.json; default: the setting TRACKER_MIRROR_OF.")
    ] = "",
    data: Data = None,
) -> None:
    """Fill a data folder with the events of another tracker's events.json. Run it again to follow it."""
    from tracker.config import Settings
    from tracker.errors import UsageError
    from tracker.pipeline.mirror import mirror_events
    from tracker.store import open_store

    settings = Settings.load(data)
    chosen = address or settings.mirror_of
    if not chosen:
        raise UsageError("Name what to mirror: tracker mirror https://events.example.org/events.json")
    document, published_at = _fetch(chosen)
    store = open_store(settings.store_url, create=True)
    try:
        count = mirror_events(store, document, published_at)
    finally:
        store.close()
    typer.echo(f"{count:,} events of {chosen}, published {published_at:%Y-%m-%d %H:%M} UTC.")


def _fetch(address: str) -> tuple[bytes, datetime]:
    """Return the JSON, and when it was published according to its server.

    Raises:
        UsageError: it is not a web address, or cannot be fetched.
    """
    import gzip
    import urllib.request
    from datetime import UTC
    from email.utils import parsedate_to_datetime

    from tracker.clock import current_time
    from tracker.errors import UsageError

    if not address.startswith(("https://", "http://")):
        raise UsageError(f"{address!r} is not a web address. Write it whole: https://events.example.org/events.json")
    request = urllib.request.Request(  # noqa: S310 - checked above
        address, headers={"Accept-Encoding": "gzip", "User-Agent": "aisafety-tracker"}
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # nosec B310  # noqa: S310
            body: bytes = answer.read(_LONGEST)
            changed = answer.headers.get("Last-Modified")
            if answer.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
    except (OSError, EOFError) as error:
        raise UsageError(f"{address} cannot be fetched: {error}. Is the address right?") from error
    try:
        published_at = parsedate_to_datetime(changed or "").astimezone(UTC)
    except ValueError:
        published_at = current_time()
    return body, published_at
