"""Scrapy settings, polite and safe by default. The comments say why they differ from Scrapy's defaults."""

BOT_NAME = "aisafety-tracker"
SPIDER_LOADER_CLASS = "scrapy.spiderloader.DummySpiderLoader"

# The crawl runs in the caller's asyncio event loop, without a Twisted reactor.
TWISTED_REACTOR_ENABLED = False
# By default both listen on a port and execute Python code that is sent to it.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# Politeness.
ROBOTSTXT_OBEY = True
# Scrapy applies its delay per crawler and host; tracker.crawling.throttling applies one to a whole site.
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 1
RETRY_TIMES = 2
# Scrapy's default list includes Twisted exceptions, whose import takes as long as 20 pages.
RETRY_EXCEPTIONS = [
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    OSError,
]
COOKIES_ENABLED = False
# A <meta> redirect would bypass the OffsiteRedirects middleware.
METAREFRESH_ENABLED = False

# Safety.
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
# Scrapy drops requests beyond its depth limit silently; Traversal limits the pages itself and reports it.
DEPTH_LIMIT = 0
CLOSESPIDER_TIMEOUT = 600

# Scrapy starts this many tasks for each response; the default of 100 costs a third of all CPU time.
CONCURRENT_ITEMS = 4

# Unused extensions, each of which costs a little for every source.
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
    # These see a response before Scrapy's RedirectMiddleware (600) does, and decoded.
    "spiders.middlewares.OffsiteRedirects": 610,
    "spiders.middlewares.ExchangeRecorder": 620,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": 630,
    "spiders.middlewares.Proxy": 740,
}
ITEM_PIPELINES = {"spiders.pipelines.ReadListing": 100}
LOG_LEVEL = "WARNING"
