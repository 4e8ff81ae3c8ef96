"""``tracker read``: prints what is read from a text, and why. For contributors and bug reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import date


def read(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="A date, a place, a line or a whole page; - is standard input.")
    ] = "",
    published: Annotated[
        str, typer.Option(metavar="DATE", help="Day of publication, 2026-11-23; dates without a year lie after it.")
    ] = "",
    place: Annotated[str, typer.Option(metavar="TEXT", help="Where it happens, if the text does not say.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    lines: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="One JSON object per line (text, published, place, id; - is standard input); JSON out."
        ),
    ] = None,
) -> None:
    """Print what is understood of a text: dates, deadlines, places, and why."""
    if lines is not None:
        _read_lines(lines)
        return
    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", "replace")
    if not text.strip() and not place:
        from tracker.errors import UsageError

        raise UsageError('nothing to read: give a text, as in tracker read "Apply by 16 Nov, AoE", or --lines FILE')
    understood = _understood(text, published, place)
    if as_json:
        _print_json(understood)
    else:
        _print_table(understood)


def _understood(text: str, published: str, place: str) -> dict[str, Any]:
    from tracker.reading.text_report import as_json, report_text

    return as_json(report_text(text, _day(published), place))


def _day(text: str) -> date | None:
    from tracker.errors import UsageError
    from tracker.reading.text_report import read_day

    if not text:
        return None
    day = read_day(text)
    if day is None:
        raise UsageError(f"the day of publication {text!r} is not a date; write it as 2026-11-23")
    return day


def _print_json(values: dict[str, Any]) -> None:
    import json

    # A lone surrogate is valid in JSON, but cannot be encoded.
    line = json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
    sys.stdout.write(line.decode() + "\n")


def _read_lines(path: Path) -> None:
    """Read one JSON object per line; print an error object for a line that is not one."""
    from tracker.errors import UsageError

    try:
        with sys.stdin.buffer if str(path) == "-" else path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    _print_json(_answer(line, number))
    except OSError as error:
        raise UsageError(f"the file {path} cannot be read: {error}") from error


def _answer(line: bytes, number: int) -> dict[str, Any]:
    import json

    from tracker.errors import UsageError

    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise TypeError("not a JSON object")
        words = {key: _text(row.get(key)) for key in ("text", "published", "place")}
        return {"id": row.get("id", number)} | _understood(**words)
    except (ValueError, TypeError, RecursionError, UsageError) as error:
        return {"id": number, "error": f"line {number}: {error}"}


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _print_table(understood: dict[str, Any]) -> None:
    from tracker.cli.output import console

    out = console()
    out.print(f"{understood['kind']}: {_moment(understood)}")
    for deadline in understood["deadlines"]:
        closes = f", open until {deadline['open_until']}" if deadline["open_until"] else ""
        opens = f", opens {deadline['opens']}" if deadline["opens"] else ""
        zone = f" {deadline['timezone'] or deadline['utc_offset'] or ''} ({deadline['timezone_source']})"
        at = f"{deadline['at']}{zone}" if deadline["at"] else "no day"
        out.print(f"  {deadline['kind']} deadline: {at}{opens}{closes}")
    if understood["recurrence"]:
        out.print(f"  repeats: {understood['recurrence']}; first {', '.join(understood['occurrences']) or 'not known'}")
    if understood["status"]:
        out.print(f"  says: {understood['status'].replace('_', ' ')}")
    for phase in understood["phases"]:
        out.print(f"  phase: {phase['start']} to {phase['end']}")
    said = {name: understood[name] for name in ("cost", "stipend", "level") if understood[name]}
    if said:
        out.print(", ".join(f"{name}: {value}" for name, value in said.items()))
    out.print(f"place: {understood['mode']}")
    for place in understood["places"]:
        parts = [part for part in (place["venue"], place["city"], place["region"], place["country"]) if part]
        at = f" ({place['lat']}, {place['lon']}; {place['timezone']})" if place["timezone"] else ""
        out.print(f"  {', '.join(parts) or place['text']}{at}")
    if understood["dates"]:
        out.print("rests on:")
    for date_said in understood["dates"]:
        out.print(f"  {date_said['text']!r} ({date_said['role']}): {_moment(date_said)}")
    for doubt in understood["doubts"]:
        out.print(f"doubt: {doubt}")


def _moment(values: dict[str, Any]) -> str:
    if values["start"] is None:
        return "no date"
    end = f" to {values['end']}" if values["end"] else ""
    zone = " ".join(filter(None, (values["timezone"], values["utc_offset"])))
    inferred = ", year inferred" if values["year_inferred"] else ""
    whose = f" {zone} ({values['timezone_source']})" if zone else ""
    return f"{values['start']}{end}{whose}, precision {values['precision']}{inferred}"
