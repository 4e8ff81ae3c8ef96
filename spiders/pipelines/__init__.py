"""Scrapy's item pipelines, one verb per file: read → validate → keep."""
