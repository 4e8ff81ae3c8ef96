"""Probes sites without storing anything: tries platforms and sources, previews pages, and writes new source files."""
