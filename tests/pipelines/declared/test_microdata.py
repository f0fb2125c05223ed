from __future__ import annotations

from pipelines.article import Author
from pipelines.declared import read_declared
from pipelines.page import read_page

MARKUP = """
<main itemscope itemtype="https://schema.org/WebPage"><article itemprop="mainEntity" itemscope itemtype="http://schema.org/BlogPosting">
<h1 itemprop="headline name">Storm</h1>
<span itemprop="author" itemscope itemtype="https://schema.org/Person">
<a itemprop="url" href="/jane"><b itemprop="name">Jane Doe</b></a></span>
<time itemprop="datePublished" datetime="2026-08-22">yesterday</time>
<div itemprop="comment" itemscope itemtype="https://schema.org/Comment">
<span itemprop="author">Troll</span><time itemprop="datePublished" datetime="2026-08-23">now</time></div>
<aside itemscope itemtype="https://schema.org/BlogPosting"><h3 itemprop="headline">Other</h3></aside>
</article></main>
"""


def test_the_articles_own_properties_count() -> None:
    declared = read_declared(read_page(MARKUP, url="https://quay.example/storm"))
    assert [candidate.value for candidate in declared.title] == ["Storm", "Storm"]
    assert [candidate.value for candidate in declared.authors] == [(Author("Jane Doe", url="https://quay.example/jane"),)]
    assert [candidate.value for candidate in declared.published] == ["2026-08-22"]


def test_an_author_without_an_item_is_a_name() -> None:
    markup = '<div itemscope itemtype="https://schema.org/Article"><a itemprop="author" rel="author" href="/j">Jane Doe</a></div>'
    assert read_declared(read_page(markup)).authors[0].value == (Author("Jane Doe"),)


def test_comments_alone_say_nothing() -> None:
    markup = '<div itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Troll</span></div>'
    declared = read_declared(read_page(markup))
    assert declared.authors == ()
    assert declared.types == ("Comment",)
