"""Pure: whether a page that was served has next to no text of its own, and scripts that may bring some."""

from __future__ import annotations

import re

from scrapy.http import HtmlResponse

from pipelines.page.scripted import text_in_scripts

MOST_BYTES = 1024 * 1024
"""Looked at; a page with so much markup and no text is not waiting for a script."""
FEW_LETTERS = 500
"""Letters outside of scripts up to which a page counts as empty: names of sections, a notice, a footer."""

_SCRIPT = re.compile(rb"<script\b", re.IGNORECASE)
_SHOWN = "//body//text()[not(ancestor::script or ancestor::style or ancestor::svg or ancestor::template)]"


def waits_for_scripts(response: HtmlResponse) -> bool:
    """Whether a browser might show more than was served: few letters, a script, and no article handed to that script as data."""
    if len(response.body) > MOST_BYTES or not _SCRIPT.search(response.body):
        return False
    letters = sum(map(str.isalpha, "".join(response.xpath(_SHOWN).getall())))
    return letters <= FEW_LETTERS and not text_in_scripts(response.text)
