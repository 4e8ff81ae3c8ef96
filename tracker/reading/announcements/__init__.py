"""What running text announces: dates of the event, deadlines, repetition, and what is said about applying."""

from tracker.reading.announcements.parts import Announcement, Due, Mention
from tracker.reading.announcements.read import read_announcement

__all__ = ["Announcement", "Due", "Mention", "read_announcement"]
