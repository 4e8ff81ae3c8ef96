"""Reads events from web archives: runs the platforms over WARC files, for sites with too many pages to crawl."""
