"""The life of a source's entries from crawl to crawl: which shown entry is which known one, and when one is off."""
