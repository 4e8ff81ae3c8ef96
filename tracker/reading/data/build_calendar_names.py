"""Writes ``calendar_names.toml``: month and weekday names of seven languages, from the Unicode CLDR through Babel.

Run ``python build_calendar_names.py`` with Babel installed when a language is added; the result is committed.
"""

from __future__ import annotations

from pathlib import Path

from babel import Locale

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
HEADER = "# Month and weekday names (Unicode CLDR). Written by build_calendar_names.py; Monday comes first.\n"


def spellings(names: dict[str, dict[str, dict[int, str]]], number: int) -> list[str]:
    """Return the full and abbreviated names, in format and stand-alone form, without dots, in lower case."""
    found = (
        names[context][width][number].rstrip(".").casefold()
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
    )
    return sorted(set(found), key=lambda name: (-len(name), name))


def main() -> None:
    """Write ``calendar_names.toml`` beside this file."""
    lines = [HEADER]
    for language in LANGUAGES:
        locale = Locale(language)
        lines.append(f"[{language}]")
        for key, names, numbers in (("months", locale.months, range(1, 13)), ("weekdays", locale.days, range(7))):
            rows = ", ".join(str(spellings(names, number)).replace("'", '"') for number in numbers)
            lines.append(f"{key} = [{rows}]")
        lines.append("")
    (Path(__file__).parent / "calendar_names.toml").write_text("\n".join(lines), "utf-8")


if __name__ == "__main__":
    main()
