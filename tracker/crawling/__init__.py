"""Schedules, locks and runs crawls; with ``spiders`` the only package that imports Scrapy."""
