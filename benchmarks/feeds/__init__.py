"""Feeds beside their peers: building them, serving them, keeping them small."""
