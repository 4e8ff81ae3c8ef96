"""Dates in text: feed formats, and what people write."""
