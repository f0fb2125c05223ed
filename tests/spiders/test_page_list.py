from __future__ import annotations

import pytest

from spiders.discovery.page_lists import looks_like_page_list
from spiders.page_list import read_page_list


def test_a_list_is_read_in_order_each_address_once() -> None:
    text = (
        "\ufeff# reading list\nhttps://example.com/a #later\r\n\nhttps://example.com/b\nhttps://example.com/a\nnot an address\n"
    )
    assert [(f.url, f.how) for f in read_page_list(text)] == [
        ("https://example.com/a", "list"),
        ("https://example.com/b", "list"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.com/a\nhttps://example.com/b", True),
        ("# only this\nhttps://example.com/a", True),
        ("The ferry\n\nIt is late. See\nhttps://example.com/a", False),
        ("# nothing", False),
        ("", False),
    ],
)
def test_a_list_is_told_from_an_article(text: str, expected: bool) -> None:
    assert looks_like_page_list(text) is expected
