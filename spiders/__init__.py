"""How to get it: the home of Scrapy. One file per platform, one TOML file per source."""
