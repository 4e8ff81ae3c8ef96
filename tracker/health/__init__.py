"""Judges crawl runs and sources: diagnosis, anomalies, expectations, verdict and scheduling."""
