"""The Scrapy spider with its middlewares, one module per platform, and one TOML file per source."""
