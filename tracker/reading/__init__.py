"""Parses text into values with pure functions: no clock, network or engine; what cannot be read stays unknown."""

from tracker.reading.listings import read_listing

__all__ = ["READING_VERSION", "read_listing"]

READING_VERSION = 7
"""Raise it when the same raw listing may be parsed differently: pages are then parsed and events built again."""
