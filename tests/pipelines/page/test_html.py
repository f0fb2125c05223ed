from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page import Block, Kind, Page, read_page
from tests.timing import cpu_seconds

P, H, LI, Q, ROW, CODE, CAP, BR = (
    Kind.PARAGRAPH,
    Kind.HEADING,
    Kind.LIST_ITEM,
    Kind.QUOTE,
    Kind.TABLE_ROW,
    Kind.CODE,
    Kind.CAPTION,
    Kind.BREAK,
)


def page_of(markup: str, url: str | None = "https://paper.example/news/story.html") -> Page:
    return read_page(markup, url=url, format="html")


def told(page: Page) -> list[tuple[Kind, str]]:
    return [(block.kind, block.text) for block in page.blocks]


BLOCKS = {
    "inline elements do not split": ("<p>One <b>two</b> <a href=x>three</a>.</p>", [(P, "One two three.")]),
    "a single br is a space": ("<p>One<br>two</p>", [(P, "One two")]),
    "a double br splits": ("<p>One<br> <br/>two</p>", [(P, "One"), (P, "two")]),
    "three br split once": ("<div>One<br><br><br>two</div>", [(P, "One"), (P, "two")]),
    "text directly in a div is a paragraph": ("<div>One<p>Two</p>three</div>", [(P, "One"), (P, "Two"), (P, "three")]),
    "an address keeps its lines": ("<address>Quay 1<br>Old Town</address>", [(P, "Quay 1\nOld Town")]),
    "verse keeps its lines": ('<p class="verse">Tide in,<br>tide out</p>', [(P, "Tide in,\ntide out")]),
    "headings": ("<h1>A</h1><h3>B</h3>", [(H, "A"), (H, "B")]),
    "the sign that links to a heading is none of its words": ('<h2>A<a href="#a">¶</a></h2>', [(H, "A")]),
    "a sign before the heading": ('<h2><a class=anchor href="#a"><span>#</span></a> A</h2>', [(H, "A")]),
    "a heading that is its own link": ('<h2><a href="#a">A</a></h2>', [(H, "A")]),
    "a heading by role": ('<div role="heading" aria-level="4">A</div>', [(H, "A")]),
    "a div inside a heading is a heading": ("<h2><div>A</div></h2>", [(H, "A")]),
    "a heading never closed does not make headings of paragraphs": (f"<h2><span>{'word ' * 80}", [(P, ("word " * 80).strip())]),
    "list items": ("<ul><li>A</li><li>B</li></ul>", [(LI, "A"), (LI, "B")]),
    "a paragraph in a list item": ("<ul><li><p>A</p></li></ul>", [(LI, "A")]),
    "a list item with a heading is a card": ("<ul><li><h3>A</h3><p>B</p></li></ul>", [(H, "A"), (P, "B")]),
    "definitions": ("<dl><dt>A<dd>B</dl>", [(LI, "A"), (LI, "B")]),
    "quotes": ("<blockquote><p>A</p><p>B</p></blockquote>", [(Q, "A"), (Q, "B")]),
    "a list in a quote is a list": ("<blockquote><ul><li>A</ul></blockquote>", [(LI, "A")]),
    "code keeps its lines": ("<pre>\nif x:\n    y\n</pre>", [(CODE, "if x:\n    y")]),
    "code in lines of elements": ("<pre><div>a</div><div>b</div></pre>", [(CODE, "a\nb")]),
    "a rule is a break": ("<p>A</p><hr><p>B</p>", [(P, "A"), (BR, ""), (P, "B")]),
    "a caption": ("<figure><img src=a.jpg><figcaption>A</figcaption></figure>", [(CAP, "A")]),
    "a caption by class": ('<div><p class="wp-caption-text">A</p></div>', [(CAP, "A")]),
    "rows of a data table": (
        "<table><tr><th>Port<th>Ships<tr><td>Ostend<td>12</table>",
        [(ROW, "Port | Ships"), (ROW, "Ostend | 12")],
    ),
    "one paragraph a cell is still data": ("<table><tr><td><p>A</p></td><td><p>B</p></td></tr></table>", [(ROW, "A | B")]),
    "a layout table falls into its blocks": (
        "<table><tr><td>Menu</td><td><h2>A</h2><p>B</p><p>C</p></td></tr></table>",
        [(P, "Menu"), (H, "A"), (P, "B"), (P, "C")],
    ),
    "a column of text is no data": (
        f"<table><tr><td>Menu</td><td>{'word ' * 100}</td></tr></table>",
        [(P, "Menu"), (P, ("word " * 100).strip())],
    ),
    "a table in a table is the data": (
        "<table><tr><td>Menu</td><td><table><tr><td>A</td><td>B</td></tr></table></td></tr></table>",
        [(P, "Menu"), (ROW, "A | B")],
    ),
    "a table for presentation": ('<table role="presentation"><tr><td>A</td><td>B</td></tr></table>', [(P, "A"), (P, "B")]),
    "a page that is all noscript is read": ("<script>x</script><noscript><p>A</p></noscript>", [(P, "A")]),
    "scripts and styles are no text": ("<p>A<script>b</script><style>c</style></p>", [(P, "A")]),
    "noscript and iframe are no text": ("<p>A</p><noscript><img src=x>b</noscript><iframe>c</iframe>", [(P, "A")]),
    "form controls are no text": (
        "<p>A</p><form><label>b</label><select><option>c</select><textarea>d</textarea><button>e</button></form>",
        [(P, "A")],
    ),
    "a button in a sentence": ("<p>A <button>Share</button>B</p>", [(P, "A B")]),
    "a button left open keeps the article": (
        "<div><button class=x><span>Menu<p>One</p><p>Two</p></div>",
        [(P, "Menu"), (P, "One"), (P, "Two")],
    ),
    "a picture drawn in place is no text": ("<p>A</p><svg><title>b</title><text>c</text></svg>", [(P, "A")]),
    "hidden words in a sentence are left out": ('<p>A <span style="display:none">b </span>C</p>', [(P, "A C")]),
    "shadow roots are content": ("<x-story><template shadowrootmode=open><p>A</p></template></x-story>", [(P, "A")]),
    "custom elements are boxes": ("<my-card>A</my-card><my-card>B</my-card>", [(P, "A"), (P, "B")]),
    "custom elements in running text are inline": ("<p>A <my-term>b</my-term> c</p>", [(P, "A b c")]),
    "a drop cap joins its word": ('<p><span class="cap">T</span>he sea</p>', [(P, "The sea")]),
    "a drop cap in a div joins its word": ('<div><span class="cap">T</span><span>he sea</span></div>', [(P, "The sea")]),
    "inline elements side by side in a div are words": (
        "<div><span>Jane Doe</span><time>1 May</time></div>",
        [(P, "Jane Doe 1 May")],
    ),
    "an element inside the second of two": ("<div><b>Jane Doe</b><i><u>1 May</u></i></div>", [(P, "Jane Doe 1 May")]),
    "a line of markup is none of text": ("<div><b>One</b><i>\n two</i></div>", [(P, "One two")]),
    "punctuation gets no space": ("<div><a>Jane Doe</a><span>, Ghent</span></div>", [(P, "Jane Doe, Ghent")]),
    "white space is collapsed": ("<p> A \n\t b\u00a0c </p>", [(P, "A b c")]),
    "characters without width go": ("<p>A\u200bb\u00adc\ufeff</p>", [(P, "Abc")]),
    "ruby notes are no text": ("<p><ruby>港<rt>みなと</rt></ruby>町</p>", [(P, "港町")]),
    "entities": ("<p>A &amp; B &eacute; &#8217;</p>", [(P, "A & B é ’")]),
    "NUL characters do no harm": ("<p>A\x00b&#0;c</p>", [(P, "A\ufffdb\ufffdc")]),
    "text without markup": ("A", [(P, "A")]),
    "nothing": ("", []),
    "white space alone": (" \n ", []),
    "a comment alone": ("<!-- a -->", []),
}


@pytest.mark.parametrize(("markup", "expected"), BLOCKS.values(), ids=BLOCKS.keys())
def test_blocks(markup: str, expected: list[tuple[Kind, str]]) -> None:
    assert told(page_of(markup)) == expected


def only(markup: str) -> Block:
    (block,) = page_of(markup).blocks
    return block


def test_heading_levels_come_from_tag_and_role() -> None:
    blocks = page_of('<h1>A</h1><h4>B</h4><p role="heading" aria-level="3">C</p><p role="heading">D</p>').blocks
    assert [block.level for block in blocks] == [1, 4, 3, 2]


def test_lists_nest() -> None:
    blocks = page_of("<ol><li>A<ul><li>B</ul><li>C</ol><ul><li>D</ul>").blocks
    assert [(b.depth, b.ordered, b.list_id) for b in blocks] == [(1, True, 1), (2, False, 1), (1, True, 1), (1, False, 2)]


def test_rows_of_one_table_share_a_number() -> None:
    blocks = page_of("<table><tr><td>A<td>B<tr><td>C<td>D</table><table><tr><td>E<td>F</table>").blocks
    assert blocks[0].list_id == blocks[1].list_id != blocks[2].list_id


def test_links_are_absolute_and_counted() -> None:
    block = only('<p>See <a href="/a">the port</a> and <a href="b.html">b</a><a href="https://x.example/">!</a>.</p>')
    assert block.links == ("https://paper.example/a", "https://paper.example/news/b.html", "https://x.example/")
    assert block.link_chars == pytest.approx(len("the port b !"), abs=2)


def test_a_link_around_blocks_counts_for_each() -> None:
    title, text = page_of('<a class="card" href="/a"><h3>Title</h3><p>Text</p></a>').blocks
    assert title.links == text.links == ("https://paper.example/a",)
    assert title.link_density == text.link_density == 1.0
    assert title.node.parent is not None
    assert (title.node.parent.tag, title.node.parent.tokens) == ("a", ("card",))


def test_links_without_text_are_left_out() -> None:
    assert only('<p>A<a href="/x"><img src="/i.png"></a></p>').links == ()


def test_the_base_element_counts() -> None:
    block = only('<base href="https://other.example/d/"><p><a href="x">A</a></p>')
    assert block.links == ("https://other.example/d/x",)


def test_links_stay_relative_without_an_address() -> None:
    (block,) = page_of('<p><a href="/x">A</a></p>', url=None).blocks
    assert block.links == ("/x",)


def test_bold_text_is_counted() -> None:
    assert only("<p><b>Bold</b> and <strong>strong</strong></p>").bold_chars == len("Boldstrong")
    assert only('<p><span style="font-weight: 700">Bold</span></p>').bold_chars == len("Bold")
    assert only("<p>Plain</p>").bold_chars == 0


@pytest.mark.parametrize(
    "markup",
    [
        "<div hidden><p>A</p></div>",
        '<div style="color:red; display : none"><p>A</p></div>',
        '<div aria-hidden="true"><p>A</p></div>',
        '<span style="display:none"><p>A</p></span>',
    ],
)
def test_what_is_not_shown_is_marked(markup: str) -> None:
    assert only(markup).hidden


def test_what_is_shown_is_not_marked() -> None:
    first, second = page_of('<div hidden><p>A</p></div><p hidden="until-found">B</p>').blocks
    assert first.hidden
    assert not second.hidden


def test_tokens_are_words_of_class_and_id() -> None:
    assert only('<p class="author-bioBox c_1f" id="AuthorBio">A</p>').node.tokens == ("author", "bio", "box", "c", "f")


def test_nodes_say_role_label_and_type() -> None:
    markup = '<div itemprop="comment" itemscope itemtype="http://schema.org/Comment" role="Note" aria-label="L">A</div>'
    node = only(markup).node
    assert (node.itemprop, node.itemtype, node.role, node.label) == ("comment", "Comment", "note", "L")


def test_ancestors_lead_to_the_body() -> None:
    assert [node.tag for node in only("<main><article><p>A</p></article></main>").node.ancestors()] == [
        "p",
        "article",
        "main",
        "body",
        "html",
        "#document",
    ]


MARKS = {
    "time": ('<time datetime="2026-08-22">Yesterday</time>', ("time", "Yesterday", "2026-08-22", "")),
    "a class": ('<span class="post-byline">By Jane</span>', ("span", "By Jane", "", "")),
    "an id": ('<div id="pubDate">22 August</div>', ("div", "22 August", "", "")),
    "rel": ('<a rel="author" href="/jane">Jane</a>', ("a", "Jane", "https://paper.example/jane", "author")),
    "itemprop": ('<abbr itemprop="datePublished" title="2026-08-22">22/8</abbr>', ("abbr", "22/8", "2026-08-22", "")),
    "meta": ('<meta itemprop="datePublished" content="2026-08-22">', ("meta", "", "2026-08-22", "")),
    "blocks inside": ('<div class="byline"><div>By</div><div>Jane</div></div>', ("div", "By Jane", "", "")),
}


@pytest.mark.parametrize(("markup", "expected"), MARKS.values(), ids=MARKS.keys())
def test_marks(markup: str, expected: tuple[str, str, str, str]) -> None:
    (mark,) = page_of(f"<article>{markup}</article>").marks
    assert (mark.node.tag, mark.text, mark.value, mark.rel) == expected


def test_a_long_element_is_no_mark() -> None:
    assert page_of(f'<div class="intro">{"word " * 120}</div>').marks == ()


def test_marks_know_their_block() -> None:
    page = page_of('<h1>A</h1><p>B <span class="author">C</span></p><div class="date">D</div><p>E</p>')
    assert [page.blocks[mark.block].text for mark in page.marks] == ["B C", "D"]


def test_marks_after_the_last_block_point_at_it() -> None:
    page = page_of('<p>A</p><meta itemprop="dateModified" content="2026-08-22">')
    assert [mark.block for mark in page.marks] == [0]


def test_marks_in_a_row_point_at_the_row() -> None:
    page = page_of('<p>A</p><table><tr><td>B</td><td class="date">C</td></tr></table><p>D</p>')
    assert [page.blocks[mark.block].text for mark in page.marks] == ["B | C"]


def test_the_head_is_kept() -> None:
    head = page_of(
        '<html lang="de-AT"><head><title> A &amp;\n B </title>'
        '<meta name="Author" content=" Jane "><meta property="og:title" content="T">'
        '<link rel="Canonical" href="/x" type="Text/HTML"><script type="application/ld+json">{"a": 1}</script>'
        "<svg><title>no</title></svg></head></html>"
    ).head
    assert head.title == "A & B"
    assert head.lang == "de-AT"
    assert head.meta == (("author", "Jane"), ("og:title", "T"))
    assert head.links == (("canonical", "https://paper.example/x", "text/html"),)
    assert head.json_ld == ('{"a": 1}',)


def test_json_ld_in_the_body_is_kept() -> None:
    assert page_of('<p>A</p><script type="application/ld+json">{}</script>').head.json_ld == ("{}",)


def test_images_have_caption_and_credit() -> None:
    page = page_of(
        '<p>A</p><figure><img src="/i.jpg" alt=" Ship ">'
        '<figcaption>The ship. <span class="credit">J. Doe</span></figcaption></figure>'
    )
    (image,) = page.images
    assert (image.url, image.alt, image.block) == ("https://paper.example/i.jpg", "Ship", 1)
    assert (image.caption, image.credit) == ("The ship. J. Doe", "J. Doe")


@pytest.mark.parametrize(
    ("markup", "addresses"),
    [
        ('<img src="data:image/gif;base64,x" data-src="/i.jpg">', ["https://paper.example/i.jpg"]),
        ('<img srcset="/s.jpg 300w, /l.jpg 900w">', ["https://paper.example/s.jpg"]),
        ('<img src="/t.gif" width="1" height="1">', []),
        ('<noscript><img src="/i.jpg"></noscript>', []),
        ("<img>", []),
    ],
)
def test_image_addresses(markup: str, addresses: list[str]) -> None:
    assert [image.url for image in page_of(f"<p>A{markup}</p>").images] == addresses


def test_microdata_nests() -> None:
    page = page_of(
        '<article itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">T</h1>'
        '<div itemprop="author" itemscope itemtype="https://schema.org/Person"><a itemprop="url" href="/j">'
        '<span itemprop="name">Jane</span></a></div><meta itemprop="datePublished" content="2026">'
        '<div itemscope itemtype="https://schema.org/Comment"><p itemprop="text">C</p></div></article>'
    )
    comment, article = page.microdata
    assert (comment.type, comment.properties) == ("Comment", (("text", "C"),))
    assert article.type == "NewsArticle"
    properties = dict(article.properties)
    assert (properties["headline"], properties["datePublished"]) == ("T", "2026")
    author = properties["author"]
    assert not isinstance(author, str)
    assert dict(author.properties) == {"name": "Jane", "url": "https://paper.example/j"}


@pytest.mark.parametrize(
    "opening",
    [
        "<div>",
        "<span>",
        "<ul><li>",
        "<table><tr><td><ul><li>",
        "<ul><li><h2>",
        "<span class=date>",
        "<button>",
        '<div itemscope itemprop="a b">',
        "<a href=x>",
    ],
)
def test_deep_nesting_costs_neither_recursion_nor_time(opening: str) -> None:
    markup = "<p>A</p>" + opening * 20_000 + "<p>B</p>"
    assert cpu_seconds(page_of, markup) < 5
    page = page_of(markup)
    assert page.blocks[0].text == "A"
    assert len(pickle.dumps(page)) < 10_000_000


def test_many_marks_around_much_text_stay_linear() -> None:
    page = page_of('<div class="date">' * 200 + "word " * 200_000)
    assert page.marks == ()


def test_pages_survive_pickling() -> None:
    page = page_of("<main>" + "<div class=a>" * 300 + "<p>A</p>")
    assert told(pickle.loads(pickle.dumps(page))) == told(page)


FRAGMENTS = """
<p>
</p>
<div class='byline'>
</div>
<button>
</button>
<ul><li>
</ul>
<table><tr><td>
<td>
</table>
<a href='//['>
</a>
<br>
<hr>
<b>
<pre>
</pre>
<svg>
<h2>
</h2>
<template>
<title>
<script type='application/ld+json'>
</script>
<noscript>
<time datetime=1>
</time>
<base href='http://['>
<meta itemprop=a content=b>
<i itemscope itemprop=x>
</i>
<figure><img src=x>
<blockquote>
<span hidden>
</span>
<select>
&amp;
words
<body>
<frameset>
<!--
-->
<![CDATA[
""".strip().splitlines()
SIGNS = st.sampled_from([*FRAGMENTS, "\0", "\ud800", "é"])


@given(st.lists(SIGNS, max_size=40).map(" ".join))
def test_no_markup_raises(markup: str) -> None:
    page = page_of(markup)
    assert [block.index for block in page.blocks] == list(range(len(page.blocks)))
    for block in page.blocks:
        assert bool(block.text) != (block.kind is Kind.BREAK)
        assert 0 <= block.link_chars <= len(block.text)
        assert 0 <= block.bold_chars <= len(block.text)
    last = max(len(page.blocks) - 1, 0)
    assert all(mark.block <= last for mark in page.marks)
    assert all(image.block <= last for image in page.images)


@given(st.binary(max_size=300) | st.text(max_size=300))
def test_no_body_raises(body: bytes | str) -> None:
    assert read_page(body).format in ("html", "text", "markdown")


WORDS = st.text("abcdefg äöü", min_size=1, max_size=20).map(str.strip).filter(bool)
BOXES = st.sampled_from(["p", "div", "li", "h2", "blockquote", "td", "section", "x-box"])


@given(st.lists(st.tuples(BOXES, WORDS), max_size=12))
def test_no_text_is_lost(boxes: list[tuple[str, str]]) -> None:
    page = page_of("".join(f"<{tag}>{words}</{tag}>" for tag, words in boxes))
    read = " ".join(block.text for block in page.blocks).replace("|", " ").split()
    assert read == " ".join(words for _, words in boxes).split()
