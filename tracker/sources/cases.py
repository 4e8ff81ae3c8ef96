"""Loads, writes and trims saved cases: the fetched pages of a source, and the listings expected from them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.errors import SourceFileError
from tracker.models.source import Source
from tracker.sources.files import shipped_folders

_DATA = re.compile(rb"(?:ld\+json|application/json|text/json)|__NEXT_DATA__|wix-warmup-data|data-page")
_ASSIGNED = re.compile(rb"__NUXT__|(?<!_)__[A-Z]{1,40}(?:_[A-Z]{1,40}){0,5}__\s{0,9}=")
_KEPT_COMMENTS = (b"card:", b"/card", b"f:", b"/f", b"aisafety-cards")
_EMBEDDED = re.compile(rb"(?:src|srcset|style)=\"[^\"<>]{200,}\"", re.IGNORECASE)
_MAIL = re.compile(
    rb"(?<![\w.+-])[\w.+-]{1,64}@(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|proton|gmx)\w{0,10}\.\w{2,4}",
    re.IGNORECASE,
)


EXPECTED = "expected.json"


@dataclass(frozen=True, slots=True)
class SavedPage:
    """One page of a case."""

    url: str
    body: bytes
    content_type: str = ""
    posted: str = ""
    """The body of the POST request; empty matches any."""


@dataclass(frozen=True, slots=True)
class Case:
    """The saved pages of one source."""

    folder: Path
    now: datetime
    """When the pages were fetched."""
    pages: tuple[SavedPage, ...]
    reviewed: bool
    """True once a person has reviewed ``expected.json``."""

    @property
    def expected(self) -> dict[str, Any]:
        """The content of ``expected.json``: what has to be read from the pages."""
        try:
            content: dict[str, Any] = json.loads((self.folder / EXPECTED).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise SourceFileError(f"{self.folder / EXPECTED} cannot be read: {error}.") from error
        return content


def case_folder(source: Source) -> Path:
    """Return the folder of a source's case, whether it exists or not."""
    if source.path is None:
        raise SourceFileError(f"The source {source.id!r} has no file.")
    folder = source.path.parent.parent
    if any(folder.resolve() == shipped.resolve() for shipped in shipped_folders()):
        return folder.resolve().parent.parent / "tests" / "sources" / source.id
    return folder / "checks" / source.id


def load_case(folder: Path) -> Case:
    """Read a case.

    Raises:
        SourceFileError: it is missing or invalid; the message says what to do.
    """
    path = folder / "case.toml"
    try:
        table = tomllib.loads(path.read_text("utf-8"))
        pages = tuple(
            SavedPage(
                url=str(row["url"]),
                body=(folder / str(row["file"])).read_bytes(),
                content_type=str(row.get("content_type", "")),
                posted=str(row.get("posted", "")),
            )
            for row in table.get("page", ())
        )
        now = table["now"]
        reviewed = bool(table.get("reviewed", False))
    except FileNotFoundError as error:
        raise SourceFileError(
            f"{error.filename} is missing. 'tracker sources check ID --fetch' makes a case."
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SourceFileError(f"{path} cannot be read: {type(error).__name__}: {error}.") from error
    if not isinstance(now, datetime):
        raise SourceFileError(f"{path}: now = {now!r} is wrong: write a moment, such as 2026-11-23T12:00:00Z.")
    return Case(folder, now.astimezone(UTC), pages, reviewed)


def save_case(folder: Path, now: datetime, pages: tuple[SavedPage, ...], expected: dict[str, Any]) -> None:
    """Write a case that nobody has reviewed yet."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [f"now = {now:%Y-%m-%dT%H:%M:%SZ}", "reviewed = false"]
    for number, page in enumerate(pages, start=1):
        name = f"page{number}{_suffix(page)}"
        (folder / name).write_bytes(page.body)
        lines += ["", "[[page]]", f"url = {_quoted(page.url)}", f"file = {_quoted(name)}"]
        lines += [f"{key} = {_quoted(text)}" for key, text in (("content_type", page.content_type),) if text]
        lines += [f"posted = {_quoted(page.posted)}"] if page.posted else []
    (folder / "case.toml").write_text("\n".join(lines) + "\n", "utf-8")
    save_expected(folder, expected)


def save_expected(folder: Path, expected: dict[str, Any]) -> None:
    """Write ``expected.json``."""
    text = json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
    (folder / EXPECTED).write_text(text, "utf-8")


def mark_reviewed(folder: Path) -> None:
    """Mark a case as reviewed by a person."""
    path = folder / "case.toml"
    path.write_text(path.read_text("utf-8").replace("reviewed = false", "reviewed = true", 1), "utf-8")


def _suffix(page: SavedPage) -> str:
    kinds = {"json": ".json", "calendar": ".ics", "html": ".html", "xml": ".xml", "yaml": ".yml"}
    return next((suffix for kind, suffix in kinds.items() if kind in page.content_type), ".txt")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def trimmed(page: SavedPage) -> SavedPage:
    """Return a page without styles, images, scripts other than data, and private e-mail addresses."""
    body = without_mail(page.body)
    if "html" in page.content_type or b"<html" in body[:2_000].lower():
        for tag in (b"style", b"svg", b"noscript"):
            body = _without(body, b"<" + tag, b"</" + tag + b">", lambda _: False)
        body = _without(body, b"<script", b"</script>", _holds_data)
        body = _without(body, b"<!--", b"-->", lambda part: part[4:].startswith(_KEPT_COMMENTS))
        body = re.sub(rb"[ \t]{1,999}\n", b"\n", _EMBEDDED.sub(b"", body))
        body = b"\n".join(line for line in body.split(b"\n") if line.strip())
    return replace(page, body=body)


def without_mail(body: bytes) -> bytes:
    """Return a page with private e-mail addresses replaced by numbered ones, because some serve as ids."""
    made_up: dict[bytes, bytes] = {}

    def other(match: re.Match[bytes]) -> bytes:
        return made_up.setdefault(match[0].lower(), b"somebody%d@example.org" % (len(made_up) + 1))

    return _MAIL.sub(other, body)


def _without(body: bytes, opener: bytes, closer: bytes, is_kept: Callable[[bytes], object]) -> bytes:
    """Return a page without the parts from ``opener`` to ``closer``; a part that never ends is kept."""
    first, *parts = body.split(opener)
    kept = [first]
    for part in parts:
        inside, end, after = part.partition(closer)
        whole = opener + inside + end
        kept += [after] if end and not is_kept(whole) else [whole, after]
    return b"".join(kept)


def _holds_data(script: bytes) -> object:
    return _DATA.search(script[:300]) or _ASSIGNED.search(script[:2_000])
