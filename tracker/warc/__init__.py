"""Events from web archives: the platforms' readers over WARC files, where pages are too many to be asked for."""
