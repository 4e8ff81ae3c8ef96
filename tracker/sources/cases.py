"""Loads, writes and trims saved cases: the fetched pages of a source, and the listings expected from them."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import tomlkit

from tracker.errors import SourceFileError
from tracker.models.source import Source
from tracker.sources.access import FILE as ACCESS
from tracker.sources.access import Access, load_access, save_access
from tracker.sources.files import shipped_folders

_DATA = re.compile(rb"(?:ld\+json|application/json|text/json)|__NEXT_DATA__|wix-warmup-data|data-page")
_ASSIGNED = re.compile(rb"__NUXT__|(?<!_)__[A-Z]{1,40}(?:_[A-Z]{1,40}){0,5}__\s{0,9}=")
_KEPT_COMMENTS = (b"card:", b"/card", b"f:", b"/f", b"aisafety-cards")
_EMBEDDED = re.compile(rb"(?:src|srcset|style)=\"[^\"<>]{200,}\"", re.IGNORECASE)
_MAIL = re.compile(
    rb"(?<![\w.+-])[\w.+-]{1,64}@(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|proton|gmx)\w{0,10}\.\w{2,4}"
    rb"|(?<=mailto:)[\w.+-]{1,64}@[\w.-]{1,120}\w",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    rb"\beyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{0,400}|/private-[0-9a-f]{16,64}"
    rb"|(?<=[?&;])(?:access_token|token|secret|sig|signature)=[\w%.~-]{8,400}",
    re.IGNORECASE,
)
"""Signed tokens and the secret addresses of calendars."""


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
    access: Access = field(default_factory=Access)
    """The way to the pages."""
    expected_failure: str = ""
    """Diagnosis that the source has to get: the case of a source that cannot be read."""
    wrong: tuple[str, ...] = ()
    """What a person found wrong in what was read: ``date``, ``place``; such a case is mended before it is reviewed."""

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
        expected_failure = str(table.get("expected_failure", ""))
        wrong = tuple(map(str, table.get("wrong", ())))
    except FileNotFoundError as error:
        raise SourceFileError(
            f"{error.filename} is missing. 'tracker sources check ID --fetch' makes a case."
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SourceFileError(f"{path} cannot be read: {type(error).__name__}: {error}.") from error
    if not isinstance(now, datetime):
        raise SourceFileError(f"{path}: now = {now!r} is wrong: write a moment, such as 2026-11-23T12:00:00Z.")
    return Case(folder, now.astimezone(UTC), pages, reviewed, load_access(folder), expected_failure, wrong)


def save_case(case: Case, expected: dict[str, Any]) -> None:
    """Write a case into its folder, replacing the one that is there."""
    folder = case.folder
    folder.mkdir(parents=True, exist_ok=True)
    for old in (*folder.glob("page*"), *folder.glob("response*"), folder / ACCESS):
        old.unlink(missing_ok=True)
    document = tomlkit.document()
    document["now"] = case.now.replace(microsecond=0)
    document["reviewed"] = case.reviewed
    if case.expected_failure:
        document["expected_failure"] = case.expected_failure
    if case.wrong:
        document["wrong"] = list(case.wrong)
    tables = tomlkit.aot()
    for number, page in enumerate(case.pages, start=1):
        name = f"page{number}{_suffix(page)}"
        (folder / name).write_bytes(page.body)
        row = {"url": page.url, "file": name, "content_type": page.content_type, "posted": page.posted}
        tables.append(tomlkit.item({key: text for key, text in row.items() if text}))
    if tables:
        document["page"] = tables
    (folder / "case.toml").write_text(tomlkit.dumps(document), "utf-8")
    if case.access != Access():
        save_access(folder, case.access)
    save_expected(folder, expected)


def save_expected(folder: Path, expected: dict[str, Any]) -> None:
    """Write ``expected.json``."""
    text = json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
    (folder / EXPECTED).write_text(text, "utf-8")


def mark_reviewed(folder: Path) -> None:
    """Mark a case as reviewed by a person."""
    path = folder / "case.toml"
    document = tomlkit.parse(path.read_text("utf-8"))
    document["reviewed"] = True
    document.pop("wrong", None)
    path.write_text(tomlkit.dumps(document), "utf-8")


def _suffix(page: SavedPage) -> str:
    kinds = {"json": ".json", "calendar": ".ics", "html": ".html", "xml": ".xml", "yaml": ".yml"}
    return next((suffix for kind, suffix in kinds.items() if kind in page.content_type), ".txt")


def trimmed(page: SavedPage) -> SavedPage:
    """Return a page without styles, images, scripts other than data, and private e-mail addresses."""
    body = without_personal_data(page.body)
    if "html" in page.content_type or b"<html" in body[:2_000].lower():
        for tag in (b"style", b"svg", b"noscript"):
            body = _without(body, b"<" + tag, b"</" + tag + b">", lambda _: False)
        body = _without(body, b"<script", b"</script>", _holds_data)
        body = _without(body, b"<!--", b"-->", lambda part: part[4:].startswith(_KEPT_COMMENTS))
        body = re.sub(rb"[ \t]{1,999}\n", b"\n", _EMBEDDED.sub(b"", body))
        body = b"\n".join(line for line in body.split(b"\n") if line.strip())
    return replace(page, body=body)


def without_personal_data(body: bytes) -> bytes:
    """Return a page without tokens; private e-mail addresses become numbered ones, because some serve as ids."""
    body = _TOKEN.sub(b"removed", body)
    made_up: dict[bytes, bytes] = {}

    def other(match: re.Match[bytes]) -> bytes:
        return made_up.setdefault(match[0].lower(), b"somebody%d@example.org" % (len(made_up) + 1))

    return _MAIL.sub(other, body)


def without_secrets(text: str) -> str:
    """Return a line of text, such as a URL or a message, without tokens and private e-mail addresses."""
    return without_personal_data(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")


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
