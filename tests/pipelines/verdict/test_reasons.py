"""The words for a verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.page.page import Block, Head, Kind, Node, Page
from pipelines.verdict.features import Facts, features
from pipelines.verdict.model import ordinary_row, verdict_model
from pipelines.verdict.reasons import SIGNS, tell
from pipelines.verdict.shape import read_shape

FACTS = Facts("Two boats too many", 0, "printed", 0.9, 0.9, types=("NewsArticle",))
PAGE = Page("https://courier.example/boats", None, "html", (Block(0, Kind.HEADING, "Two boats too many", Node(None, "h1"), 1),))


def values_of(page: Page = PAGE, facts: Facts = FACTS) -> dict[str, float]:
    return features(page, facts, read_shape(page, facts.title_block))


def test_every_feature_belongs_to_one_sign_and_each_sign_has_words() -> None:
    names = [name for sign in SIGNS.values() for name in sign]
    unsigned = set(values_of()) - set(names)
    assert len(names) == len(set(names))
    assert unsigned == {"marks", "captions"}
    assert all(tell(sign, values_of(), FACTS, for_article=yes) for sign in SIGNS for yes in (True, False))


def test_the_judge_asks_for_features_that_there_are() -> None:
    assert set(verdict_model().names) <= set(values_of())
    assert ordinary_row(verdict_model().names, of_articles=True).shape == (1, len(verdict_model().names))


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (FACTS, "date of publication printed, and a byline"),
        (replace(FACTS, dated=None, sure_of_date=0.0), "has a byline"),
        (replace(FACTS, sure_of_authors=0.0), "date of publication printed"),
    ],
)
def test_date_and_byline_are_named(facts: Facts, told: str) -> None:
    assert tell("credits", values_of(facts=facts), facts, for_article=True) == told


def test_the_declared_type_is_named_as_declared() -> None:
    shop = replace(FACTS, types=("Product", "og:article"))
    assert tell("types", values_of(facts=shop), shop, for_article=False) == "declared as Product"
    assert tell("types", values_of(facts=shop), shop, for_article=True) == "declared as og:article"


def test_a_post_of_wordpress_is_told_from_a_page() -> None:
    heads = [Head(links=(("alternate", f"https://courier.example/wp-json/wp/v2/{kind}/7", ""),)) for kind in ("posts", "pages")]
    assert [values_of(replace(PAGE, head=head))["head_post"] for head in heads] == [1, -1]


@pytest.mark.parametrize("title", ["How to mend a boat", "Wie man ein Boot flickt", "7 boats worth mending"])
def test_titles_that_ask_or_promise_are_told(title: str) -> None:
    assert values_of(facts=replace(FACTS, title=title))["title_begins_asking"] == 1
