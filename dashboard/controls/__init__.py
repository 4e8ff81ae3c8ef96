"""Widgets that change the selection, and the selection in the URL."""
