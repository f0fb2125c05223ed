"""Redirects that a page asks for by itself."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from crawler.politeness.redirects import MetaRefresh

OLD, NEW = "https://paper.example/old", "https://paper.example/new"
REFRESH = f'<html><head><META HTTP-EQUIV="Refresh" content="0; url={NEW}"></head><body>Moved.</body></html>'


def answer(body: bytes, charset: str = "utf-8") -> Request | Response:
    request = Request(OLD)
    response = HtmlResponse(OLD, body=body, headers={"Content-Type": f"text/html; charset={charset}"}, request=request)
    return MetaRefresh.from_crawler(get_crawler()).process_response(request, response)


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le"])
def test_a_refresh_leads_on_in_any_encoding(charset: str) -> None:
    redirected = answer(REFRESH.encode(charset), charset)
    assert isinstance(redirected, Request)
    assert redirected.url == NEW


def test_a_page_without_a_refresh_is_not_decoded() -> None:
    page = answer(b"<title>x</title><p>Words.")
    assert isinstance(page, HtmlResponse)
    assert page._cached_ubody is None


def test_the_word_alone_is_no_redirect() -> None:
    assert isinstance(answer(b"<title>x</title><p>How to refresh a page."), Response)
