"""Scrapy's settings: polite and safe by default. Each differs from Scrapy's own for the reason beside it."""

BOT_NAME = "aisafety-tracker"
SPIDER_LOADER_CLASS = "scrapy.spiderloader.DummySpiderLoader"

# One asyncio loop, shared with whoever runs the crawl; no Twisted reactor.
TWISTED_REACTOR_ENABLED = False
# Both open a listening port by default, and one of them runs any Python it is sent.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Polite.
ROBOTSTXT_OBEY = True
# Scrapy keeps its delay within one source and host; tracker.crawling.throttling keeps it for a whole site.
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
RETRY_TIMES = 2
# Scrapy's own list names two of Twisted's, whose import takes as long as 20 pages.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    OSError,
]
COOKIES_ENABLED = False
# A redirect that stands in a page would lead past the check of where redirects lead.
METAREFRESH_ENABLED = False

# Safe.
DOWNLOAD_HANDLERS = {
    "http": "spiders.download_handlers.ThrottledDownloadHandler",
    "https": "spiders.download_handlers.ThrottledDownloadHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
# Scrapy drops what lies too deep without a word; Traversal counts its pages and says so.
DEPTH_LIMIT = 0
CLOSESPIDER_TIMEOUT = 600

# Scrapy starts that many tasks for each answer; with the default of 100 they cost a third of all CPU time.
CONCURRENT_ITEMS = 4

# None of them is used, and each costs a little for every source.
EXTENSIONS = {
    f"scrapy.extensions.{name}": None
    for name in (
        "corestats.CoreStats", "logcount.LogCount", "telnet.TelnetConsole", "memusage.MemoryUsage",
        "memdebug.MemoryDebugger", "feedexport.FeedExporter", "logstats.LogStats", "spiderstate.SpiderState",
        "throttle.AutoThrottle", "remote_control.RemoteControl",
    )
}  # fmt: skip

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.middlewares.RobotsTxt": 100,
    "spiders.middlewares.ConditionalGet": 560,
    # Before Scrapy's own redirects (600) get to see a response.
    "spiders.middlewares.OffsiteRedirects": 610,
    "spiders.middlewares.Proxy": 740,
}
ITEM_PIPELINES = {"spiders.pipelines.ReadListing": 100}
LOG_LEVEL = "WARNING"
