"""Crawling on several machines: jobs in PostgreSQL, run by Procrastinate, one for each host that has due sources."""
