"""Says in words what a verdict rests on. Features that tell of one thing are one sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipelines.surroundings import word_set
from pipelines.verdict.features import ARTICLES, OTHERS, WEAK_ARTICLES, Facts

__all__ = ["SIGNS", "tell"]

SIGNS: Mapping[str, frozenset[str]] = {
    "types": word_set("type_article type_weak type_og_article type_other type_product type_thread head_post head_shortlink"),
    "credits": word_set("dated signed dated_and_signed sure_of_date sure_of_authors"),
    "address": word_set(
        """address_front address_article address_dated address_other address_host address_chars slug_chars slug_words
        slug_in_title"""
    ),
    "title": word_set("title_chars title_asks title_begins_asking"),
    "turns": word_set("turns turns_even turn_longest"),
    "links": word_set("links_away links_beside prose_links prose_linked"),
    "headings": word_set("headings_linked led_by_link prose_per_heading heading_chars"),
    "spread": word_set("together together_prose together_above parents adjacent articles title_to_prose"),
    "prose": word_set("prose_chars prose_share prose_mean prose_long prose_aside together_chars code prices"),
}
"""Names of features by the thing that they tell of."""

Values = Mapping[str, float]


def tell(sign: str, values: Values, facts: Facts, *, for_article: bool) -> str:
    """Say what a sign shows on this page.

    Args:
        sign: One of `SIGNS`.
        values: The features of the page.
        facts: What the rooms have read of it.
        for_article: Whether the verdict is that it is one.
    """
    if sign == "types":
        return _tell_types(values, facts, for_article=for_article)
    if sign == "credits":
        return _tell_credits(facts, for_article=for_article)
    if sign == "address":
        return _tell_address(values, for_article=for_article)
    return _TOLD[sign](values, for_article)


def _tell_types(values: Values, facts: Facts, *, for_article: bool) -> str:
    wanted = ARTICLES | WEAK_ARTICLES | {"og:article"} if for_article else OTHERS
    named = next((name for name in facts.types if name.casefold() in wanted), None)
    if named is not None:
        return f"declared as {named}"
    if values["head_post"]:
        return "published as a post" if values["head_post"] > 0 else "published as no post"
    return "declared as nothing else" if for_article else "not declared as an article"


def _tell_credits(facts: Facts, *, for_article: bool) -> str:
    if facts.dated and facts.sure_of_authors:
        return f"date of publication {facts.dated}, and a byline" if for_article else "date and byline are doubtful"
    if facts.dated:
        return f"date of publication {facts.dated}" if for_article else "no byline"
    if facts.sure_of_authors:
        return "has a byline" if for_article else "no date of publication"
    return "neither date nor author"


def _tell_address(values: Values, *, for_article: bool) -> str:
    if for_article:
        if values["address_dated"]:
            return "address with a date"
        return "address of an article" if values["address_article"] else _tell_slug(values)
    if values["address_front"]:
        return "address of a front page"
    if values["address_other"]:
        return "address of another kind of page"
    return "host of another kind of page" if values["address_host"] else _tell_slug(values)


def _tell_slug(values: Values) -> str:
    words = round(values["slug_words"])
    return f"address that ends with {words} word{'s' * (words != 1)}" if words else "address without words"


def _tell_prose(values: Values, for_article: bool) -> str:
    if for_article:
        return "much prose"
    return "prose is a small part of the page" if values["prose_share"] < LITTLE else "little prose"


def _tell_headings(values: Values, for_article: bool) -> str:
    if for_article:
        return "few headings for its prose"
    if values["led_by_link"]:
        return "a heading that leads to another page stands over the text"
    return f"{values['headings_linked']:.0f} linked headings" if values["headings_linked"] else "many headings for its prose"


LITTLE = 0.25
"""Share of prose that is called small."""

_TOLD: Mapping[str, Callable[[Values, bool], str]] = {
    "prose": _tell_prose,
    "headings": _tell_headings,
    "title": lambda values, yes: (
        "title that asks or promises advice"
        if yes and values["title_asks"]
        else f"title of {values['title_chars']:.0f} characters"
    ),
    "turns": lambda values, yes: "one writer's prose" if yes else "prose of many turns, each with its time or writer",
    "links": lambda values, yes: "links like an article's" if yes else "links to pages of its own kind",
    "spread": lambda values, yes: "prose in one run" if yes else "prose in small pieces",
}
