"""Announcements in seven languages, the facts that an attentive reader takes from them, and what programs read."""
