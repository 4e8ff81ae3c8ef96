"""Which sources, in which order, under which lock; the only room of the tracker that knows Scrapy."""
