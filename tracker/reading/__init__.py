"""Text → values. Pure functions: no clock, no network, no engine; what cannot be read stays unknown."""

from tracker.reading.listings import read_listing

__all__ = ["read_listing"]
