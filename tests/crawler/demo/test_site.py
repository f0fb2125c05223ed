from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from crawler.demo.site import LANGUAGES, LAYOUT_NAMES, DemoDataError, load_site, section_path, slugify

SITE = load_site()

STORY = """
slug = "sample-story"
layout = "semantic"
lang = "en"
section = "Harbour"
title = "A sample"
published = 2026-09-14T09:15:00+02:00
[[sections]]
heading = ""
blocks = [ {p="One paragraph."} ]
"""


def write(folder: Path, text: str, name: str = "sample-story") -> Path:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_bundled_newspaper_has_sixty_stories_in_all_layouts_and_languages() -> None:
    assert len(SITE.stories) >= 60
    assert {story.layout for story in SITE.stories} == set(LAYOUT_NAMES)
    assert {story.lang for story in SITE.stories} == set(LANGUAGES)


def test_every_special_page_is_there() -> None:
    specials = Counter(story.special.partition(":")[0] for story in SITE.stories if story.special)
    assert specials == {
        **dict.fromkeys(("paginated", "live", "paywalled", "moved", "deleted", "changing", "slow", "flaky"), 1),
        "copy-of": 2,
    }


def test_no_two_stories_share_an_address() -> None:
    assert len({story.path for story in SITE.stories}) == len(SITE.stories)


def test_stories_come_newest_first() -> None:
    dates = [story.published for story in SITE.stories]
    assert dates == sorted(dates, reverse=True)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (('slug = "sample-story"', 'slug = "other"'), "slug differs"),
        (('"semantic"', '"baroque"'), "unknown layout"),
        (('"en"', '"tlh"'), "unknown language"),
        (("+02:00", ""), "without a zone"),
        (('{p="One paragraph."}', ""), "no text"),
        (('title = "A sample"', ""), "title"),
        (('title = "A sample"', 'title = "A sample"\nspecial = "live"'), "soup"),
        (('title = "A sample"', 'title = "A sample"\nspecial = "singing"'), "unknown special"),
        (('title = "A sample"', 'title = "A sample"\nrelated = ["nowhere"]'), "does not exist"),
    ],
)
def test_a_faulty_story_file_is_named(tmp_path: Path, change: tuple[str, str], complaint: str) -> None:
    write(tmp_path, STORY.replace(*change))
    with pytest.raises(DemoDataError, match=complaint) as caught:
        load_site(tmp_path)
    assert "sample-story.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "slug"),
    [("Île d'Or", "ile-d-or"), ("Straße", "strasse"), ("Medio ambiente", "medio-ambiente"), ("Ólafsdóttir", "olafsdottir")],
)
def test_a_slug_is_plain_ascii(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_sections_of_other_languages_have_their_own_prefix() -> None:
    assert section_path("en", "Nature") == "/nature/"
    assert section_path("fr", "Nature") == "/fr/nature/"
