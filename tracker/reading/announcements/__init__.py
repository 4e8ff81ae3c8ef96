"""Parses announcements in running text: event dates, deadlines, recurrence and statements about applying."""

from tracker.reading.announcements.announcement import read_announcement
from tracker.reading.announcements.parts import Announcement, Mention, ParsedDeadline

__all__ = ["Announcement", "Mention", "ParsedDeadline", "read_announcement"]
