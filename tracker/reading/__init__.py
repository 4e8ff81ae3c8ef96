"""Text → values. Pure functions: no clock, no network, no engine; what cannot be read stays unknown."""

from tracker.reading.listings import read_listing

__all__ = ["READING_VERSION", "read_listing"]

READING_VERSION = 1
"""Raise it when the same raw listing may be read differently: pages are then read and events built again."""
