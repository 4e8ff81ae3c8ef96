"""Parses bytes into content lines (RFC 5545 section 3.1), and reports the faults of the bytes themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_OCTETS = 75
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE = re.compile(rb"([^\r\n]*)(\r\n|\r|\n|\Z)")
_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a calendar file."""

    line: int
    """Number of the line on which it begins, from 1."""
    rule: str
    """Stable name: ``too-long``."""
    words: str
    """Description of the fault, and how to fix it."""


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One unfolded line."""

    number: int
    name: str
    parameters: dict[str, str]
    value: str


def read_lines(body: bytes) -> tuple[list[ContentLine], list[Fault]]:
    """Return the content lines that can be parsed, and the faults of the bytes."""
    faults: list[Fault] = []
    lines: list[ContentLine] = []
    if body.startswith(b"\xef\xbb\xbf"):
        faults.append(Fault(1, "byte-order-mark", "The file begins with a byte-order mark. Leave it out."))
        body = body[3:]
    for number, joined in _unfolded(body, faults):
        try:
            text = joined.decode()
        except UnicodeDecodeError:
            faults.append(Fault(number, "not-utf-8", "The line is not UTF-8; a folded letter was cut in two."))
            text = joined.decode(errors="replace")
        line = _parsed(number, text)
        if line is None:
            faults.append(Fault(number, "not-a-line", f"This is no 'NAME:value': {text[:40]!r}. A fold needs a space."))
        else:
            lines.append(line)
    return lines, faults


def _unfolded(body: bytes, faults: list[Fault]) -> Iterator[tuple[int, bytes]]:
    start, parts = 1, [b""]
    bare = False
    for number, match in enumerate(_LINE.finditer(body), 1):
        raw, end = match.groups()
        if match.start() == len(body):
            break
        if end != b"\r\n" and not bare:
            bare = True
            faults.append(Fault(number, "line-ending", "Lines end with CR LF; this one does not."))
        if len(raw) > MAX_OCTETS:
            faults.append(Fault(number, "too-long", f"The line has {len(raw)} octets; fold it at {MAX_OCTETS}."))
        if control := _CONTROL.search(raw):
            words = f"Control character {control[0][0]:#04x}: some programs refuse the whole file."
            faults.append(Fault(number, "control-character", words))
        if raw[:1] in {b" ", b"\t"} and number > 1:
            parts.append(raw[1:])
            continue
        if any(parts):
            yield start, b"".join(parts)
        start, parts = number, [raw]
    if any(parts):
        yield start, b"".join(parts)


def _parsed(number: int, text: str) -> ContentLine | None:
    name = _NAME.match(text)
    if name is None:
        return None
    at, parameters = name.end(), {}
    while parameter := _PARAMETER.match(text, at):
        parameters[parameter[1].upper()] = parameter[2].strip('"')
        at = parameter.end()
    if text[at : at + 1] != ":":
        return None
    return ContentLine(number, name[0].upper(), parameters, text[at + 1 :])
