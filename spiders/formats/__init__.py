"""Parsers that several platforms share: HTML, JSON, schema.org, iCalendar and others, into strings."""
