"""Checks calendar files for faults, including those that fail silently in some programs."""
