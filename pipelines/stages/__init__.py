"""Scrapy item pipelines, thin: extract, accept, store."""
