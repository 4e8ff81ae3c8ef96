"""Listings → events: which listings are the same thing, under which id, and what they say together."""
