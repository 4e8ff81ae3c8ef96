"""Parses announcements in running text: event dates, deadlines, recurrence and statements about applying."""

from tracker.reading.announcements.announcement import read_announcement
from tracker.reading.announcements.parts import Announcement, DueDate, Mention

__all__ = ["Announcement", "DueDate", "Mention", "read_announcement"]
