"""Says how late a change shows in each calendar program: they decide when they look, whatever a feed asks for."""

from __future__ import annotations

LATENESS = {
    "Google Calendar": "8 to 24 hours",
    "Outlook": "3 hours or more",
    "Apple Calendar": "as you set it, 5 minutes to a week",
    "Thunderbird": "30 minutes",
    "Nextcloud": "6 hours",
    "Home Assistant": "a day",
    "Proton": "4 to 16 hours",
    "Fastmail": "an hour",
}
"""By program; a push (``tracker notify``) comes with the next run after a crawl."""
LATENESS_WORDS = " · ".join(f"{name} {words}" for name, words in LATENESS.items())
