"""Reads and writes rulings as one TOML file, as a backup, for sharing, and to start a new database from."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError
from sqlalchemy import Connection

from tracker.curation.decisions import add_all
from tracker.errors import RulingError
from tracker.models.ruling import Ruling
from tracker.publishing.atomic_files import write_file
from tracker.store import Store, rulings

FILE_NAME = "rulings.toml"
_HEAD = """\
# What people decided about events: 'tracker rule' writes it, and a new database starts from it.
# To add to it by hand, edit a copy and run: tracker rule import COPY. To take one back: tracker rule undo N.

"""


def write_rulings(path: Path, standing: Iterable[Ruling]) -> bool:
    """Write rulings to a file atomically, and return whether the file changed.

    Raises:
        StoreReadOnlyError: the folder cannot be written.
    """
    rows = [each.model_dump(mode="json", exclude_defaults=True) for each in standing]
    text = _HEAD + tomlkit.dumps({"ruling": [{**row, "a": _short(row["a"]), **_b(row)} for row in rows]})
    return write_file(path, text.encode())


def read_rulings(path: Path, now: datetime) -> list[Ruling]:
    """Read rulings from a file; a ruling without a time gets the time ``now``.

    Raises:
        RulingError: the file or a row of it cannot be read; the message says which, and why.
    """
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RulingError(f"{path} cannot be read: {error}") from error
    rows = document.get("ruling", [])
    if unknown := document.keys() - {"ruling"}:
        raise RulingError(f"{path}: there is no {min(unknown)!r} here; each ruling begins with [[ruling]].")
    if not isinstance(rows, list):
        raise RulingError(f"{path}: each ruling begins with [[ruling]].")
    return [_read(path, number, row, now) for number, row in enumerate(rows, 1)]


def import_rulings(db: Connection, path: Path, now: datetime, *, may_wait: bool) -> list[int]:
    """Add the rulings of a file, all or none, and return the numbers of those that are new.

    Raises:
        RulingError: a row cannot be read, contradicts others, or (unless ``may_wait``) names no listing.
    """
    return add_all(db, read_rulings(path, now), now, may_wait=may_wait)


def write_backup(db: Connection, data_dir: Path) -> None:
    """Write the rulings in force beside the database; before they are committed, so that an error changes nothing."""
    standing = rulings.load_rulings(db)
    path = data_dir / FILE_NAME
    if standing or path.exists():
        write_rulings(path, standing.values())


def restore_backup(store: Store, data_dir: Path, now: datetime) -> int:
    """Import the rulings file beside a database that never had a ruling, and return the number of rulings.

    Raises:
        RulingError: the file cannot be read.
    """
    path = data_dir / FILE_NAME
    if not path.exists():
        return 0
    with store.writing() as db:
        if rulings.load_rulings(db) or rulings.load_undone(db):
            return 0
        return len(import_rulings(db, path, now, may_wait=True))


def _read(path: Path, number: int, row: Any, now: datetime) -> Ruling:
    if not isinstance(row, dict):
        raise RulingError(f"{path}: each ruling begins with [[ruling]].")
    named = {name: [row[name]] for name in ("a", "b") if isinstance(row.get(name), str)}
    try:
        return Ruling.model_validate({"at": now, **row, **named})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        problem = first["msg"].removeprefix("Value error, ")
        raise RulingError(
            f"{path}: ruling {number}: {f'{where}: ' if where else ''}{problem}. Nothing was changed."
        ) from error


def _b(row: dict[str, Any]) -> dict[str, Any]:
    return {"b": _short(row["b"])} if "b" in row else {}


def _short(names: list[str]) -> str | list[str]:
    return names[0] if len(names) == 1 else names
