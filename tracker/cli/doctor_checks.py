"""Checks an installation: versions, data folder, disk, clock, database, sources and network."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import ssl
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from urllib.parse import urlsplit

from tracker import __version__
from tracker.clock import current_time, is_overridden
from tracker.config import Settings
from tracker.crawling.due import domain_of, first_address
from tracker.crawling.lock import crawl_lock
from tracker.errors import LockHeldError, NoStoreError, TrackerError
from tracker.health.scheduling import source_states
from tracker.sources.files import read_source_files
from tracker.store import maintenance, open_store, runs

_LIBRARIES = ("scrapy", "pydantic", "icalendar", "streamlit", "sqlalchemy")
_LEAST_SPACE = 500 * 1024 * 1024
_PATIENCE = 5.0
_HOSTS_TRIED = 3


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one check."""

    about: str
    is_ok: bool
    words: str
    """What the check found, and how to fix it."""


def run_checks(settings: Settings) -> Iterator[Check]:
    """Run the checks one after another, without changing anything or fetching a page."""
    for look in (_versions, _folder, _space, _clock, _database, _sources, _network):
        try:
            yield from look(settings)
        except TrackerError as error:
            yield Check(look.__name__.strip("_"), False, str(error))


def _versions(settings: Settings) -> Iterator[Check]:  # noqa: ARG001
    found = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    yield Check("versions", True, f"tracker {__version__}, Python {platform.python_version()}, {found}")


def _folder(settings: Settings) -> Iterator[Check]:
    folder = settings.data_dir
    if not folder.exists():
        yield Check("data folder", True, f"{folder} is made by the first crawl")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Check("data folder", False, f"{folder} cannot be written. Check who owns it, or choose another: --data.")
        return
    try:
        with crawl_lock(folder):
            yield Check("data folder", True, f"{folder} can be written, and no crawl is running")
    except LockHeldError:
        yield Check("data folder", True, f"{folder} can be written; a crawl is running")


def _space(settings: Settings) -> Iterator[Check]:
    folder = next(each for each in (settings.data_dir, *settings.data_dir.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    words = f"{free / 1024**3:.1f} GB are free"
    enough = free >= _LEAST_SPACE
    yield Check("disk", enough, words if enough else f"Only {words}. Make room, or run: tracker db prune")


def _clock(settings: Settings) -> Iterator[Check]:
    now = current_time()
    if is_overridden():
        yield Check("clock", False, f"TRACKER_NOW pretends that it is {now:%Y-%m-%d %H:%M} UTC. Remove it.")
        return
    try:
        store = open_store(settings.store_url)
    except TrackerError:
        yield Check("clock", True, f"{now:%Y-%m-%d %H:%M} UTC")
        return
    with store.reading() as db:
        last = max(runs.last_successes(db).values(), default=now)
    store.close()
    if last > now + timedelta(hours=1):
        words = f"It is {now:%Y-%m-%d %H:%M} UTC here, but a crawl ended at {last:%Y-%m-%d %H:%M}. Set the clock right."
        yield Check("clock", False, words)
    else:
        yield Check("clock", True, f"{now:%Y-%m-%d %H:%M} UTC")


def _database(settings: Settings) -> Iterator[Check]:
    try:
        store = open_store(settings.store_url)
    except NoStoreError as error:
        yield Check("database", True, str(error))
        return
    with store.reading() as db:
        wrong = next(maintenance.integrity_errors(db), None)
        held = maintenance.counts(db)
        last = max(runs.last_successes(db).values(), default=None)
    store.close()
    if wrong is not None:
        yield Check("database", False, f"{wrong}. Restore a backup; 'tracker db check' says more.")
        return
    yield Check("database", True, ", ".join(f"{count} {name}s" for name, count in held.items()))
    now = current_time()
    if last is None or now - last > timedelta(hours=settings.stale_after):
        when = f"last on {last:%Y-%m-%d %H:%M} UTC" if last else "never"
        words = f"Nothing was crawled with success for long ({when}). Does cron run 'tracker crawl'?"
        yield Check("freshness", False, words)
    else:
        yield Check("freshness", True, f"a source was crawled with success at {last:%Y-%m-%d %H:%M} UTC")


def _sources(settings: Settings) -> Iterator[Check]:
    files = read_source_files(settings)
    known = files.sources
    for each in files.invalid:
        yield Check("source files", False, each.message)
    enabled = [each for each in known if each.enabled]
    yield Check("configuration", bool(enabled), f"{len(known)} source files, {len(enabled)} of them enabled")
    try:
        store = open_store(settings.store_url)
    except TrackerError:
        return
    with store.reading() as db:
        states = source_states(enabled, runs.load_histories(db, [each.id for each in enabled]))
    store.close()
    counts = Counter(state.state.value for state in states.values())
    bad = [name for name, state in sorted(states.items()) if not state.is_ok]
    words = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    yield Check("sources", not bad, f"{words}. See 'tracker status' for {', '.join(bad[:3])} …" if bad else words)


def _network(settings: Settings) -> Iterator[Check]:
    addresses = [settings.proxy] if settings.proxy else _some_addresses(settings)
    troubles = [_connection_error(address) for address in addresses]
    # Without user name and password, which a proxy's URL may contain.
    hosts = ", ".join(urlsplit(address).netloc.rpartition("@")[2] for address in addresses)
    if all(troubles) and troubles:
        # One site may be down; if all of them are, the fault is on this machine.
        words = f"{hosts} cannot be reached ({troubles[0]}). Is this machine online? Does it need TRACKER_PROXY?"
        yield Check("network", False, words)
    else:
        yield Check(
            "network", True, f"{len(addresses) - sum(map(bool, troubles))} of {hosts or 'no site'} can be reached"
        )


def _some_addresses(settings: Settings) -> list[str]:
    sites: dict[str, str] = {}
    for source in read_source_files(settings).sources:
        if source.enabled and source.platform != "manual":
            sites.setdefault(domain_of(source), first_address(source))
    return list(sites.values())[:_HOSTS_TRIED]


def _connection_error(url: str) -> str:
    """Return why a host cannot be connected to, empty if it can; no request is sent."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        with socket.create_connection((host, port), timeout=_PATIENCE) as connection:
            if parts.scheme == "https":
                with ssl.create_default_context().wrap_socket(connection, server_hostname=host):
                    pass
    except (OSError, ValueError) as error:  # also an invalid port or host name
        return str(error)
    return ""
