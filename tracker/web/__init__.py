"""Serves feeds and pages over HTTP as plain Starlette routes, with or without the dashboard."""
