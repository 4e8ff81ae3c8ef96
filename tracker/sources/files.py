"""Loads source files. The file's name is the source's id, its folder the trust tier; errors name file and key."""

from __future__ import annotations

import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from tracker.config import Settings
from tracker.errors import SourceFileError
from tracker.models.source import Source
from tracker.models.text import clean_line
from tracker.models.vocabulary import Tier
from tracker.sources.hooks import platform_of
from tracker.sources.platform import (
    PageRequest,
    PlatformOptions,
    check_options,
    explain_error,
    installed_packages,
    platform_names,
)

ENTRY_POINTS = "aisafety_tracker.sources"
_OWN_KEYS = frozenset(Source.model_fields) - {"id", "tier", "options", "path"}


@dataclass(frozen=True, slots=True)
class InvalidFile:
    """A source file that cannot be used."""

    id: str
    message: str
    """Names file and key, and what is allowed."""


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """All source files, read one by one: an invalid one costs its own source only."""

    sources: list[Source]
    """Sorted by id."""
    invalid: list[InvalidFile]

    def choose(self, ids: Iterable[str]) -> list[Source]:
        """Return the sources with these ids.

        Raises:
            SourceFileError: there is no such source, or its file is invalid.
        """
        ids = list(ids)
        for each in self.invalid:
            if each.id in ids:
                raise SourceFileError(each.message)
        return choose(self.sources, ids)


def load_source(path: Path) -> Source:
    """Read one source file.

    Raises:
        SourceFileError: it is not TOML, is in no tier folder, or has an unknown or missing key or a wrong value.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise SourceFileError(f"{path}: cannot be read as TOML: {error}.") from error
    tiers = [tier.value for tier in Tier]
    if path.parent.name not in tiers:
        where = f"{path}: lies in {path.parent.name!r}, which is no tier folder."
        raise SourceFileError(f"{where} Move it into one of: {', '.join(tiers)}.")
    own = {key: value for key, value in table.items() if key in _OWN_KEYS}
    options = {key: value for key, value in table.items() if key not in _OWN_KEYS}
    if "platform" not in own:
        names = ", ".join(platform_names())
        raise SourceFileError(f"{path}: the key 'platform' is missing. Platforms: {names}.")
    check_options(str(own["platform"]), options, str(path))
    try:
        about = {"id": path.stem, "tier": path.parent.name, "options": options, "path": path}
        source = Source.model_validate(own | about)
    except ValidationError as error:
        raise SourceFileError(f"{path}: {explain_error(error, sorted(_OWN_KEYS))}") from error
    if source.robots == "documented-api" and source.evidence is None:
        raise SourceFileError(
            f'{path}: robots = "documented-api" needs the key evidence, the page where the publisher says so.'
        )
    platform_of(source)
    return source


def load_sources(settings: Settings) -> list[Source]:
    """Read the shipped sources and those of the configured folders, sorted by id.

    Raises:
        SourceFileError: a file is invalid, or two have the same name.
    """
    files = read_source_files(settings)
    if files.invalid:
        raise SourceFileError(files.invalid[0].message)
    return files.sources


def read_source_files(settings: Settings) -> SourceFiles:
    """Read the shipped sources and those of the configured folders; what is wrong with a file is returned.

    Of two files with one id neither is used: the wrong one would replace the listings of the other.

    Raises:
        SourceFileError: a configured folder does not exist.
    """
    paths: dict[str, list[Path]] = defaultdict(list)
    for path in _paths(settings):
        paths[path.stem].append(path)
    files = SourceFiles([], [])
    for source_id, (path, *others) in sorted(paths.items()):
        if others:
            also = " and ".join(map(str, others))
            said = f"{also}: the id {source_id!r} is taken by {path}. Rename one; until then, none of them is used."
            files.invalid.append(InvalidFile(source_id, said))
            continue
        try:
            source = load_source(path)
            if source.renamed_from in paths:
                raise SourceFileError(
                    f"{path}: renamed_from = {source.renamed_from!r}, but there is a file of that name: "
                    f"{paths[source.renamed_from][0]}. Remove one of the two."
                )
            files.sources.append(source)
        except SourceFileError as error:
            files.invalid.append(InvalidFile(source_id, str(error)))
    return files


def choose(sources: Iterable[Source], ids: Iterable[str]) -> list[Source]:
    """Return the sources with these ids.

    Raises:
        SourceFileError: there is no such source.
    """
    known = {source.id: source for source in sources}
    chosen = []
    for source_id in ids:
        if source_id not in known:
            near = _nearest(source_id, known)
            raise SourceFileError(f"There is no source {source_id!r}.{near} 'tracker sources list' shows all.")
        chosen.append(known[source_id])
    return chosen


def renamed_files(gone: Iterable[Source], files: Iterable[Source]) -> list[tuple[str, str]]:
    """Return which sources without a file may have been renamed, and to what: the address or the homepage is theirs."""
    gone, found = list(gone), []
    for source in files:
        if not source.renamed_from:
            found += [
                (old.id, source.id)
                for old in gone
                if (old.platform, old.options) == (source.platform, source.options) or old.homepage == source.homepage
            ]
    return found


def options_of(source: Source) -> PlatformOptions:
    """Return the validated platform options of a source."""
    return check_options(source.platform, source.options, source.id)


def first_pages_of(source: Source, today: date) -> list[PageRequest]:
    """Return the first pages that a crawl of a source requests."""
    return list(platform_of(source).first_pages(options_of(source), today))


def enable_source(path: Path) -> None:
    """Enable a source in its file; the comment that says what is missing becomes one of evidence.

    Raises:
        SourceFileError: the file is not valid any more; it is left as it was.
    """
    text = _read(path)
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = [line for line in text.splitlines() if not re.match(r"[\"']?enabled[\"']?\s*=", line)]
    lines[0] = re.sub(r"^# Missing before it may be enabled: .*?(?=Found by|Evidence:|$)", "# ", lines[0]).rstrip()
    if lines[0] == "#":
        lines[0] = "# Looked at and approved."
    _rewrite(path, ending.join(lines) + ending)


def note_verified(path: Path, day: date, by: str, seen_from: str = "") -> None:
    """Write into a source file who saw the source work, when, and from which network.

    Raises:
        SourceFileError: the file is not valid any more; it is left as it was.
    """
    values = {"verified": day.isoformat(), "verified_by": printable(by), "seen_from": printable(seen_from)}
    text = _read(path)
    for key, value in values.items():
        text = _with_key(text, key, json.dumps(value, ensure_ascii=False)) if value else text
    _rewrite(path, text)


def printable(name: str) -> str:
    """Return a name without control characters and what is no text, which no TOML file holds."""
    return clean_line("".join(char for char in name if char.isprintable()), 100)


def _read(path: Path) -> str:
    """Return a source file with the line endings that it has."""
    return path.read_bytes().decode("utf-8")


def _rewrite(path: Path, text: str) -> None:
    """Replace a source file atomically; one that would not be valid is left as it was.

    Raises:
        SourceFileError: it would not be valid, or cannot be written.
    """
    beside = path.with_name(f".{path.name}.new")
    before = path.read_bytes()
    try:
        beside.write_bytes(text.encode("utf-8"))
        beside.replace(path)
        load_source(path)
    except (OSError, UnicodeEncodeError, SourceFileError) as error:
        beside.unlink(missing_ok=True)
        if path.read_bytes() != before:
            path.write_bytes(before)
        if isinstance(error, SourceFileError):
            raise
        raise SourceFileError(f"{path} cannot be written: {error}.") from error


def _with_key(text: str, key: str, value: str) -> str:
    """Return a TOML document with another value of a top-level key, keeping its comments and alignment."""
    table = re.search(r"^\[", text, re.MULTILINE)
    head, tables = (text[: table.start()], text[table.start() :]) if table else (text, "")
    pattern = rf"^([\"']?{key}[\"']? *= *)(?:\"[^\"\r\n]*\"|'[^'\r\n]*'|[^#\r\n]*?)( *#[^\r\n]*)?(?=\r?$)"
    changed, count = re.subn(
        pattern, lambda found: found[1] + value + (found[2] or ""), head, count=1, flags=re.MULTILINE
    )
    if not count:
        ending = "\r\n" if "\r\n" in text else "\n"
        width = max((len(name) for name in re.findall(r"^(\w+ *)= ", head, re.MULTILINE)), default=len(key) + 1)
        changed = f"{head.rstrip()}{ending}{key.ljust(width - 1)} = {value}{ending}" + (ending if tables else "")
    return changed + tables


def shipped_folders() -> list[Path]:
    """Return the folders of source files in installed packages (entry-point group ``aisafety_tracker.sources``)."""
    return [Path(path) for package in installed_packages(ENTRY_POINTS) for path in package.__path__]


def _paths(settings: Settings) -> Iterator[Path]:
    if not settings.only_own_sources:
        for folder in shipped_folders():
            yield from sorted(folder.glob("*/*.toml"))
    for folder in settings.source_folders:
        if not folder.is_dir():
            raise SourceFileError(f"The source folder {folder} does not exist. See TRACKER_SOURCE_FOLDERS.")
        yield from sorted(folder.glob("*.toml"))
        yield from sorted(folder.glob("*/*.toml"))


def _nearest(word: str, known: Iterable[str]) -> str:
    import difflib

    close = difflib.get_close_matches(word, list(known), n=3)
    return f" Did you mean {', '.join(close)}?" if close else ""
