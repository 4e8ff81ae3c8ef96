"""Groups listings into events: decides which listings are one event, assigns its id, and merges their fields."""

MATCHING_VERSION = 6
"""Raise this number when the same listings may be grouped or merged differently: all events are then rebuilt."""
