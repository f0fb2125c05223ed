"""Scrapy's settings, each with its reason. `crawler.crawl` adds what one run needs; the user's wishes are in `config`.

The component lists below are a table of contents of the crawl.
"""

from __future__ import annotations

from crawler.version import version

BOT_NAME = "morgue"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders.sites"

# Who we are. `crawler.crawl` adds the contact of morgue.toml.
USER_AGENT = f"morgue/{version()} (archive of news articles)"
ROBOTSTXT_USER_AGENT = "morgue"

# --- the path of a request ------------------------------------------------------------------------------------------
SCHEDULER = "crawler.scheduler.FrontierScheduler"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the frontier's unique key is the filter
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # spiders and RedirectScope keep to the source
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.politeness.redirects.RedirectScope": 50,
    "crawler.politeness.host_files.RecentHostFiles": 90,
    "crawler.politeness.robots.RobotsPolicy": 100,
    "crawler.politeness.conditional.ConditionalGet": 520,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.politeness.retry_after.PatientRetry": 550,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.politeness.redirects.MetaRefresh": 580,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # the ledger gives each status its outcome
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # the frontier counts depth
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # spiders yield no requests
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # likewise
    "crawler.ledger.Ledger": 900,
}
ITEM_PIPELINES = {
    "pipelines.stages.extract.ExtractStage": 100,
    "pipelines.stages.accept.AcceptStage": 200,
    "crawler.sameness.SamenessStage": 300,
    "pipelines.stages.store.StoreStage": 800,
}
DOWNLOAD_HANDLERS = {"s3": None, "ftp": None, "file": None, "data": None}  # the web alone, and nothing of this machine
EXTENSIONS_BASE: dict[str, int] = {}  # none of Scrapy's own: to refuse one by name is to load it, and one loads a web server
EXTENSIONS = {
    "crawler.keeper.ArchiveKeeper": 0,
    "crawler.politeness.throttle.Throttle": 0,
    "crawler.politeness.refused.RefusedHosts": 400,
    "crawler.reports.RunReport": 500,
}
MORGUE_KEEPER = "crawler.keeper.ArchiveKeeper"

# --- politeness -----------------------------------------------------------------------------------------------------
ROBOTSTXT_OBEY = True
DOWNLOAD_DELAY = 1.0  # seconds between two requests to a host
DOWNLOAD_DELAY_JITTER = 0.0  # "at least one second" shall hold; Scrapy would vary it by half
CONCURRENT_REQUESTS_PER_DOMAIN = 1
CONCURRENT_REQUESTS = 32  # over all hosts
AUTOTHROTTLE_ENABLED = True  # slower where the server is slow
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
RETRY_TIMES = 2
RETRY_HTTP_CODES = [429, 500, 502, 503, 504, 522, 524, 408]
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the account of outcomes names each failure
MORGUE_RETRY_PAUSE = 2.0  # seconds before the first retry; doubles each time
MORGUE_HOST_FILES_FRESH = 0  # seconds that robots.txt and tdmrep.json of an earlier crawl hold; the service's crawls share them
MORGUE_LONGEST_WAIT = 120.0  # seconds; a longer Retry-After puts the page off to a later run
DOWNLOAD_TIMEOUT = 60
TWISTED_DNS_RESOLVER = "scrapy.resolver.CachingHostnameResolver"  # the default one knows no IPv6
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "*",  # Scrapy's "en" makes sites with several languages translate themselves
}
REFERER_ENABLED = True  # a redirect keeps none without it
REFERRER_POLICY = "same-origin"

# --- evidence and safety --------------------------------------------------------------------------------------------
DOWNLOAD_VERIFY_CERTIFICATES = True  # an archive that takes any certificate proves nothing
COOKIES_ENABLED = False  # no session is kept; it also fetches the Public Suffix List on its own
TELNETCONSOLE_ENABLED = False  # executes what it is sent
REMOTE_CONTROL_ENABLED = False  # likewise, and on by default since Scrapy 2.19
DOWNLOAD_MAXSIZE = 32 * 1024 * 1024  # bytes; no article is larger, some traps are
DOWNLOAD_WARNSIZE = 0
METAREFRESH_ENABLED = True
REDIRECT_MAX_TIMES = 10

# --- pace of the machine --------------------------------------------------------------------------------------------
CONCURRENT_ITEMS = 1  # a response makes one item; Scrapy starts so many tasks for each response, at its default a hundred
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 56 * 1024 * 1024  # bytes read or written, a longest sitemap among them; beyond it downloads wait
MORGUE_READERS = 0  # reading processes; 0: one a core, since the event loop leaves most of its core free
LOG_LEVEL = "WARNING"
LOGSTATS_INTERVAL = 0
MEMUSAGE_ENABLED = False
STATS_DUMP = False  # the archive has the account of each fetch
DOWNLOADER_STATS = False
FEED_EXPORT_ENCODING = "utf-8"
