"""Throttles requests: rate limits per registrable domain, robots.txt and ``Retry-After``."""
