"""Listings → events: which listings are the same thing, under which id, and what they say together."""

MATCHING_VERSION = 1
"""Raise it when the same listings may be grouped or merged differently: all events are then built again."""
