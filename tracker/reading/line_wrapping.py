"""Joins the lines of text that a mail programme broke: a newline inside a sentence is a space."""

from __future__ import annotations

import re

_WIDEST, _NARROWEST = 84, 55
"""Limits of the width to which mail programmes break lines."""
_FEWEST, _GOES_ON = 2, 0.3
"""Minimum number of broken lines, and the share of them that goes on: in a list, lines begin with capitals."""
_OWN_LINE = re.compile(
    r"\s*(?:[-*•·–—▪▶►☆→>|#✓✔¿¡]|\d{1,2}[.)]\s|[a-z]\)\s|\(\w{1,2}\)\s)|\s{3}|\t"
    r"|(?-i:[^\W\d_a-zß-ÿ])[\w /'’()-]{1,28}\s?[:：?](?:\s|$)"
)
"""What begins a line of its own: a bullet, a number, a label, a question, an indented line."""
_SPLIT_DATE = re.compile(r"(?:[^\W\d_]|,) \d{1,2}\. (?:Jan|Jän|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)")
"""A date is no number of a list: "am / 30. Juni"."""
_SMALL_WORD = re.compile(
    r"\s(?:a|an|the|in|on|at|of|to|and|for|by|with|am|im|der|die|das|den|von|und|le|la|les|de|du|des|et|en|el|los|del|y|"
    r"il|lo|di|da|e|do|o|os|van|het)\s*\Z",
    re.IGNORECASE,
)
"""A word with which no line of a list ends."""
_COLUMNS = re.compile(r"\S\s{3,}\S|\t|\|")


def unwrapped(text: str) -> str:
    r"""Return ``text`` with a space for each newline that only breaks a line; every character stays where it was.

    A line was broken if the next word would not have fitted. Lists, labels, tables and short lines keep their lines.
    """
    if text.count("\n") < 2:
        return text
    lines = text.split("\n")
    lengths = [len(line.rstrip()) for line in lines if "://" not in line]
    width = max(lengths, default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return text
    broken = [number for number in range(len(lines) - 1) if _is_broken(lines[number], lines[number + 1], width)]
    goes_on = sum(_goes_on(lines[number], lines[number + 1]) for number in broken)
    if len(broken) < _FEWEST or goes_on < _GOES_ON * len(broken):
        return text
    is_broken = set(broken)
    return "".join(line + (" " if number in is_broken else "\n") for number, line in enumerate(lines))[:-1]


def _is_broken(line: str, following: str, width: int) -> bool:
    word = following.split(" ", 1)[0]
    has_room = len(line.rstrip()) + 1 + len(word) < width
    if has_room or not word or len(line) < _NARROWEST - 15:
        return False
    if _COLUMNS.search(line) or _COLUMNS.search(following):
        return False
    return _OWN_LINE.match(following) is None or _SPLIT_DATE.search(f"{line[-12:]} {following[:12]}") is not None


def _goes_on(line: str, following: str) -> bool:
    """Return whether a sentence goes on at the next line, to judge by the letters beside the break."""
    is_figure = line[-2:-1].isdigit() or following[:1].isdigit()
    return following[:1].islower() or line.endswith((",", " &")) or is_figure or _SMALL_WORD.search(line) is not None
