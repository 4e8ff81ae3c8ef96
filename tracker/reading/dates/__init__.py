"""Parses dates in text: feed formats and dates in prose."""
