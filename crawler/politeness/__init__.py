"""Downloader middlewares and extensions that keep the crawl polite."""
