"""What an answer says of its use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.permissions import FLAGS, allows_training, read_permissions

RSL = "https://tern.example/license.xml"


def tag(*values: str) -> list[tuple[str, str]]:
    return [("X-Robots-Tag", value) for value in values]


def named(headers: list[tuple[str, str]], meta: list[tuple[str, str]] = []) -> set[str]:  # noqa: B006
    said = read_permissions(headers, meta)
    return {flag for flag in FLAGS if getattr(said, flag)}


@pytest.mark.parametrize(
    ("headers", "flags"),
    [
        (tag("noindex"), {"noindex"}),
        (tag("NOINDEX, NoArchive"), {"noindex", "noarchive"}),
        (tag("none"), {"noindex"}),
        (tag("noai, noimageai"), {"noai", "noimageai"}),
        (tag("max-snippet:0"), {"nosnippet"}),
        (tag("max-snippet: 0, noarchive"), {"nosnippet", "noarchive"}),
        (tag("max-snippet:20"), set()),
        (tag("otherbot: noindex, noarchive"), set()),
        (tag("noarchive, otherbot: noindex"), {"noarchive"}),
        (tag("otherbot: noindex, morgue: noai"), {"noai"}),
        (tag("morgue: noindex"), {"noindex"}),
        (tag("otherbot: noindex", "noarchive"), {"noarchive"}),
        (tag("unavailable_after: 25 Jun 2010 15:00:00 PST, noarchive"), {"noarchive"}),
        (tag("index, follow, all"), set()),
        (tag(""), set()),
        ([("Robots", "noindex")], set()),
    ],
)
def test_x_robots_tag_counts_for_everybody_and_for_us(headers: list[tuple[str, str]], flags: set[str]) -> None:
    assert named(headers) == flags


@pytest.mark.parametrize(
    ("meta", "flags"),
    [
        ([("robots", "noindex,noarchive")], {"noindex", "noarchive"}),
        ([("morgue", "noai")], {"noai"}),
        ([("googlebot-news", "noindex")], set()),
        ([("robots", "index"), ("robots", "noarchive")], {"noarchive"}),
        ([("x-robots-tag", "noai")], {"noai"}),
    ],
)
def test_meta_robots_counts_for_everybody_and_for_us(meta: list[tuple[str, str]], flags: set[str]) -> None:
    assert named([], meta) == flags


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-06-25", datetime(2026, 6, 25, tzinfo=UTC)),
        ("2026-06-25T15:00:00+02:00", datetime(2026, 6, 25, 13, tzinfo=UTC)),
        ("25 Jun 2026 15:00:00 PST", datetime(2026, 6, 25, 23, tzinfo=UTC)),
        ("25-Aug-2026 15:00:00 EST", datetime(2026, 8, 25, 20, tzinfo=UTC)),
        ("Thu, 25 Jun 2026 15:00:00 GMT", datetime(2026, 6, 25, 15, tzinfo=UTC)),
        ("Thursday, 25-Jun-26 15:00:00 UTC", datetime(2026, 6, 25, 15, tzinfo=UTC)),
        ("some day", None),
        ("", None),
    ],
)
def test_unavailable_after_is_read_in_the_forms_that_are_used(text: str, moment: datetime | None) -> None:
    assert read_permissions(tag(f"noarchive, unavailable_after: {text}, noindex")).unavailable_after == moment


@pytest.mark.parametrize(
    ("headers", "meta", "expected"),
    [
        ([("TDM-Reservation", "1"), ("TDM-Policy", "https://tern.example/p.json")], [], (True, "https://tern.example/p.json")),
        ([("tdm-reservation", "0")], [], (False, None)),
        ([("tdm-reservation", "2")], [], (None, None)),
        ([], [("tdm-reservation", " 1 ")], (True, None)),
        ([("tdm-reservation", "1")], [("tdm-reservation", "0")], (False, None)),
        ([("tdm-reservation", "0")], [("tdm-reservation", "1"), ("tdm-policy", "/p")], (True, "/p")),
        ([("tdm-reservation", "0"), ("tdm-reservation", "1")], [], (True, None)),
        ([("tdm-policy", "https://tern.example/p.json")], [], (None, None)),
    ],
)
def test_a_reservation_of_the_page_goes_before_that_of_its_headers(headers: Any, meta: Any, expected: Any) -> None:
    said = read_permissions(headers, meta)
    assert (said.tdm, said.tdm_policy) == expected


@pytest.mark.parametrize(
    ("signal", "allowed"),
    [
        ("search=yes, ai-train=no", False),
        ("ai-train=yes", True),
        ("train-ai=n", False),
        ('train-ai="y"', True),
        ("search=yes", None),
        ("ai-train=yes, ai-train=no", None),
        ("ai-train", None),
    ],
)
def test_content_signals_say_whether_models_may_be_trained(signal: str, allowed: bool | None) -> None:
    assert allows_training(signal) is allowed
    assert read_permissions([("Content-Signal", signal)]).ai_train is allowed


def test_an_rsl_licence_is_found_in_links_of_page_and_answer() -> None:
    assert read_permissions([], [], [("license", RSL, "application/rsl+xml")]).rsl == RSL
    assert read_permissions([("Link", f'<a>; rel=next, <{RSL}>; rel="license"; type="application/rsl+xml"')]).rsl == RSL
    assert read_permissions([("Link", f'<{RSL}>; rel="license"')], [], [("license", RSL, "")]).rsl is None


def test_statements_are_kept_as_they_stood() -> None:
    said = read_permissions(tag("NoAI"), [("robots", "noarchive"), ("author", "x")])
    assert said.statements == (("x-robots-tag", "NoAI"), ("meta robots", "noarchive"))


@given(st.lists(st.tuples(st.sampled_from(["x-robots-tag", "tdm-reservation", "link", "content-signal"]), st.text())))
def test_no_answer_makes_it_raise(headers: list[tuple[str, str]]) -> None:
    read_permissions(headers, headers)
    read_permissions([("x-robots-tag", f"unavailable_after: {value}") for _, value in headers])
