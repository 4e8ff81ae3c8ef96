"""Renders events as calendars, JSON, CSV, Atom, HTML pages and files."""
