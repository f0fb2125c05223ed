"""Licence and paywall."""

from __future__ import annotations

import json

import pytest

from pipelines.declared import read_declared
from pipelines.page import Page, read_page
from pipelines.rights import read_licence, read_paywalled

CC = "https://creativecommons.org/licenses/by/4.0/"


def page_of(head: str, body: str = "") -> Page:
    return read_page(f"<head>{head}</head><body><p>The ferry sails again.</p>{body}</body>", format="html")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f'<link rel="license" href="{CC}">', ""),
        ("", f'<p>Shared under <a rel="license" href="{CC}">CC BY</a></p>'),
        ("", f'<p>Shared under <a href="{CC}">CC BY</a></p>'),
        (f'<script type="application/ld+json">{json.dumps({"@type": "Article", "headline": "x", "license": CC})}</script>', ""),
    ],
    ids=["link", "rel", "address", "json-ld"],
)
def test_licence_is_found_where_it_is_named(head: str, body: str) -> None:
    page = page_of(head, body)
    assert read_licence(page, read_declared(page)).value == CC


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta name="dc.rights" content="© 2026 Tern Courier">', ""),
        ("", f'<p>Photograph: A. Lee, <a href="{CC}">CC BY</a></p>'),
        ("", f'<figure><img src="a.jpg"><figcaption>A. Lee, <a href="{CC}">CC BY</a></figcaption></figure>'),
    ],
    ids=["owner", "picture", "caption"],
)
def test_owner_or_licence_of_a_picture_is_no_licence_of_the_text(head: str, body: str) -> None:
    page = page_of(head, body)
    assert read_licence(page, read_declared(page)).value is None


def test_licence_behind_an_archive_of_the_web_is_the_licence() -> None:
    page = page_of(f'<link rel="license" href="https://archive.example/web/2020/{CC}">')
    assert read_licence(page, read_declared(page)).value == CC


def json_ld(**said: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "headline": "x", **said})}</script>'


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (json_ld(isAccessibleForFree=False), True),
        (json_ld(isAccessibleForFree="True"), False),
        ('<meta property="article:content_tier" content="locked">', True),
        ('<meta property="article:content_tier" content="free">', False),
        ('<meta name="cXenseParse:isPremium" content="true">', True),
        ('<meta name="paywall" content="no">', False),
        ('<meta name="is_accessible_for_free" content="false">', True),
        ('<meta name="paywall" content="soft">', None),
        ("", None),
    ],
)
def test_paywall_as_declared_and_none_where_nothing_is_said(head: str, expected: bool | None) -> None:
    page = page_of(head)
    assert read_paywalled(page, read_declared(page)).value is expected


def test_page_that_says_nothing_has_no_licence() -> None:
    page = page_of("")
    assert read_licence(page, read_declared(page)).value is None
