"""Verifies the sources on another machine, and takes what it recorded as saved cases: the first-day kit."""
