"""Finds the edition of a listing without a date in its text: "The Safety Fellowship, Summer 2027 is a programme …"."""

from __future__ import annotations

import re

from tracker.matching.editions import read_edition
from tracker.matching.words import fold_title
from tracker.models.listing import Listing

_READ = 300
"""Number of characters in which a text names its subject."""
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_EDITION = re.compile(
    r"[\s,:;(–—-]{1,4}((?:(?:spring|summer|autumn|fall|winter|(?:" + _MONTHS + r")[a-z]*\.?)\s)?20\d\d(?:[/–-]\d\d)?"
    r"|(?:cohort|batch|round|edition) \d{1,2})\b(?![/.–-]\d)"
    r"(?=\)?,? (?:is|will|takes?|starts?|begins?|runs?|opens?|cohort|ist|wird|"
    r"beginnt|startet|est|sera|commence|es|ser[aá]|comienza|sar[aà]|inizia|come[cç]a|begint)\b|\)?\s*(?:[.\n]|\Z))",
    re.IGNORECASE,
)
"""What follows says that it is about this edition: "… 2026 placed 14 fellows" is not."""
_OF_ANOTHER = re.compile(
    r"\b(?:success|following|after|like|previous|last|since|alumn\w*|graduates?|participants?|ran|at|from)\b[^.!?]{0,40}\Z",
    re.IGNORECASE,
)
_HEAD = re.compile(r"\A[^:|]{2,60}[:|]\s+(?=\S)")
_FEWEST = 8
"""Minimum number of characters of a title that is looked for."""


def edition_in_text(listing: Listing) -> str:
    """Return the words for the edition that follow the title in the text, or "" if it or the date tells the edition."""
    text = f"{listing.summary}\n{listing.description}"[:_READ]
    if listing.when.start is not None or "20" not in text or read_edition(fold_title(listing.title), "")[0].code:
        return ""
    lowered = text.lower()
    for name in dict.fromkeys((listing.title, _HEAD.sub("", listing.title))):
        at = lowered.find(name.lower().strip()) if len(name) >= _FEWEST else -1
        found = _EDITION.match(text, at + len(name.strip())) if at >= 0 else None
        if found is not None and _OF_ANOTHER.search(text[:at]) is None:
            return found[1]
    return ""
