"""Builds published events from listings: matches the listings, builds the stale events, records what changed."""
