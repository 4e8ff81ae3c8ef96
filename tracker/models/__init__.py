"""Defines the frozen pydantic models, without I/O. Raw listings are read into listings, listings merged into events."""
