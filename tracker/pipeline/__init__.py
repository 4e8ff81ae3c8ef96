"""Listings → published events: match the listings, build the events that are stale, record what changed."""
