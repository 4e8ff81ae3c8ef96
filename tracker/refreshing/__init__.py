"""Listings → published events: match all, make those anew whose listings changed, note what changed."""
