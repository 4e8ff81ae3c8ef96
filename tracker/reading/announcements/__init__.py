"""What running text announces: dates of the event, deadlines, repetition, and what is said about applying."""

from tracker.reading.announcements.announcement import read_announcement
from tracker.reading.announcements.parts import Announcement, DueDate, Mention

__all__ = ["Announcement", "DueDate", "Mention", "read_announcement"]
