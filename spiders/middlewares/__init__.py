"""Scrapy's middlewares, one verb per file."""
