"""Feeds over HTTP, as plain Starlette routes: with the dashboard or without it."""
