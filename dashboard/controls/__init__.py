"""Widgets ↔ selection."""
