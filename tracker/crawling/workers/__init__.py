"""Crawling on several machines: jobs in PostgreSQL, kept by Procrastinate, one for each site that is due."""
