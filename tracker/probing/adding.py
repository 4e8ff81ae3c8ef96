"""Adds a source: writes its source file and its saved case with the expected listings, for a person to review."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.clock import current_time
from tracker.config import Settings
from tracker.errors import SourceError, UsageError
from tracker.health.expectations import REGULAR
from tracker.models.source import Source
from tracker.models.text import fold
from tracker.models.vocabulary import Tier
from tracker.probing.probe import PlatformCandidate, Probe, probe
from tracker.probing.trial import Trial, try_source
from tracker.sources.cases import case_folder, save_case
from tracker.sources.files import load_source, load_sources, shipped_folders
from tracker.sources.replay import as_expected, replay

Values = Mapping[str, Any]
_LINE = 120
_LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class AddedSource:
    """The files that were written, and the probe that they come from."""

    source: Source
    path: Path
    case: Path
    probe: Probe
    count: int
    """Number of listings in the saved case."""


def add_source(
    settings: Settings, source_id: str, url: str, *, name: str = "", tier: str = Tier.COMMUNITIES.value
) -> AddedSource:
    """Find out how to read ``url``, and write the source file, saved case and expectation.

    Raises:
        UsageError: the id is taken or invalid, the tier is unknown, or nothing at ``url`` can be read; the message
            says what to do.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_]*", source_id):
        raise UsageError(f"{source_id!r} is no id: small letters, digits and _ only, such as ai_safety_berlin.")
    tiers = [each.value for each in Tier]
    if tier not in tiers:
        raise UsageError(f"{tier!r} is no tier. Tiers: {', '.join(tiers)}.")
    everything = settings.model_copy(update={"only_own_sources": False})
    path = folder_for_new(settings) / tier / f"{source_id}.toml"
    if path.exists() or source_id in {source.id for source in load_sources(everything)}:
        raise UsageError(f"There is a source {source_id!r} already. Choose another id, or edit its file.")
    found = probe(settings, url)
    best = found.best
    if best is None:
        raise UsageError(_why_not(found))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_toml(best, found.url, name or found.name or source_id.replace("_", " ").title()), "utf-8")
    try:
        source = load_source(path)
        case, count = save_trial(best.trial, source)
    except BaseException:
        path.unlink()
        raise
    return AddedSource(source, path, case, found, count)


def free_id(name: str, taken: Collection[str]) -> str:
    """Return an id made from a name that no source has yet."""
    made = re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:_LONGEST_ID] or "group"
    return next(each for each in (made, *(f"{made}_{n}" for n in range(2, 1_000))) if each not in taken)


def refresh_case(settings: Settings, source: Source) -> tuple[Path, int]:
    """Fetch the pages of a source again and write its saved case.

    Raises:
        SourceError: a page could not be fetched.
    """
    trial = try_source(settings, source)
    if trial.result.failures:
        raise trial.result.failures[0]
    return save_trial(trial, source)


def save_trial(trial: Trial, source: Source) -> tuple[Path, int]:
    """Save the pages of a trial as the saved case of a source; return its folder and its number of listings."""
    trial.source = source
    case = trial.as_case(case_folder(source))
    expected = as_expected(replay(source, case))
    save_case(case, expected)
    return case.folder, len(expected["listings"])


def folder_for_new(settings: Settings) -> Path:
    """Return the folder for new source files: the operator's own folder, or that of this checkout.

    Raises:
        UsageError: there is neither.
    """
    if settings.source_folders:
        return settings.source_folders[0]
    for shipped in shipped_folders():
        if (shipped.parent.parent / "pyproject.toml").is_file():
            return shipped
    raise UsageError(
        "There is no folder for your sources yet. Make one, and name it: TRACKER_SOURCE_FOLDERS='[\"/srv/my-sources\"]'"
    )


def as_toml(
    best: PlatformCandidate, url: str, name: str, *, found_by: str = "tracker sources add", known: Values | None = None
) -> str:
    """Return a suggestion as the text of a source file.

    Args:
        best: how the site is read.
        url: its homepage.
        name: what people call it.
        found_by: what found it, for the comment that says so.
        known: further keys and values of the file, such as ``timezone``.
    """
    count = best.count
    rows = {"name": name, "homepage": url, "platform": best.platform, **best.options}
    written = {key: _value(value) for key, value in (rows | dict(known or {})).items()} | {
        "enabled": "false    # until somebody has looked at what is read",
        "expect": _expectation(best),
        "verified": '"never"',
    }
    width = max(map(len, written))
    lines = [f"{key.ljust(width)} = {value}" for key, value in written.items()]
    day = f"{current_time():%Y-%m-%d}"
    state = "" if count else ", a valid calendar that was empty on that day"
    head = [f"# Missing before it may be enabled: a look at what is read. Found by {found_by}, {day}{state}."]
    if len(head[0]) > _LINE:
        head = [line if not number else f"# {line}" for number, line in enumerate(textwrap.wrap(head[0], _LINE - 2))]
    return "\n".join([*head, *lines]) + "\n"


def _expectation(best: PlatformCandidate) -> str:
    # Counts of healthy runs vary: half as many may be a quiet month, three times as many are another page.
    counts = f"at_least = {best.count // 2}, at_most = {max(3 * best.count, 10)}"
    if best.platform != "ical":
        return f"{{ {counts} }}"
    # A group's calendar may have nothing planned; one whose last event is half a year old is given up.
    return f'{{ at_least = 0, at_most = {max(3 * best.count, 50)}, newest_within = "{REGULAR.days}d" }}'


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _why_not(found: Probe) -> str:
    if isinstance(found.failure, SourceError):
        return f"{found.url} cannot be read: {found.failure}"
    feeds = f" The page advertises a feed: {found.feeds[0]}" if found.feeds else ""
    return (
        f"No platform finds a listing at {found.url}.{feeds} Look at docs/sources.md for selectors (html_listing), "
        "or keep the entries by hand (manual)."
    )
