"""Widgets ↔ selection ↔ address."""
