"""What the files of a host say of one address."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.politeness.reservations import HostPolicy, TdmRule, lines_of, matches, read_signals, read_tdmrep, training_signal

STORY = "https://tern.example/news/ferry?page=2"
AI = """\
User-agent: *
Disallow: /private/

User-agent: GPTBot
User-agent: CCBot
Disallow: /

User-agent: ClaudeBot
Disallow: /news/
Allow: /news/ferry

User-agent: SomeSearchBot
Disallow: /
License: https://tern.example/license.xml
"""


def test_ai_robots_count_where_they_are_named_and_the_address_is_forbidden() -> None:
    policy = HostPolicy(AI)
    assert policy.of(STORY, "morgue").ai_agents == ("CCBot", "GPTBot")
    assert policy.of("https://tern.example/news/wall", "morgue").ai_agents == ("CCBot", "ClaudeBot", "GPTBot")
    assert policy.of(STORY, "morgue").rsl == "https://tern.example/license.xml"


def test_a_rule_for_all_robots_is_no_opt_out_of_ai() -> None:
    rights = HostPolicy("User-agent: *\nDisallow: /\n").of(STORY, "morgue")
    assert (rights.ai_agents, rights.robots) == ((), False)


def test_a_missing_robots_txt_says_nothing_and_allows() -> None:
    rights = HostPolicy("").of(STORY, "morgue")
    assert (rights.robots, rights.ai_agents, rights.ai_train, rights.tdm) == (True, (), None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /", False),
        ("User-agent: *\nContent-Signal: ai-train=yes", True),
        ("User-agent: GPTBot\nContent-Signal: ai-train=no", None),
        ("User-agent: *\nContent-Signal: ai-train=no\nUser-agent: morgue\nContent-Signal: ai-train=yes", True),
        ("User-agent: GPTBot\nUser-agent: *\nContent-Usage: train-ai=n", False),
        ("User-agent: *\nContent-Usage: train-ai=n\nContent-Usage: /news/ train-ai=y", True),
        ("User-agent: *\nContent-Usage: /sport/ train-ai=n", None),
        ("Content-Signal: ai-train=no", False),
        ("User-agent: *\nContent-Signal: ai-train=no # but do", False),
    ],
)
def test_the_content_signal_of_our_group_counts_else_that_of_all(text: str, expected: bool | None) -> None:
    assert training_signal(read_signals(lines_of(text)), "/news/ferry") is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/news/", "/news/ferry", True),
        ("/news/", "/new", False),
        ("", "/anything", True),
        ("*.pdf", "/a/b.pdf", True),
        ("*.pdf$", "/a/b.pdf?x", False),
        ("*.pdf$", "/a/b.pdf", True),
        ("/a*b*c", "/a1b2c3", True),
        ("/a*b*c", "/a1c2b3", False),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
        ("/a*a$", "/a", False),
        ("/*/a$", "/x/a/y/a", True),
        ("*", "/", True),
    ],
)
def test_locations_match_as_in_robots_txt(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_a_pattern_of_many_stars_costs_no_more_than_its_length() -> None:
    start = time.process_time()
    assert not matches("*a" * 5000 + "b$", "a" * 20000)
    assert time.process_time() - start < 5


def test_the_first_rule_of_tdmrep_that_matches_counts() -> None:
    text = json.dumps(
        [
            {"location": "/news/open/", "tdm-reservation": 0},
            {"location": "/news/", "tdm-reservation": 1, "tdm-policy": "https://tern.example/policy.json"},
            {"location": "/", "tdm-reservation": "0"},
        ]
    )
    policy = HostPolicy("", text, tdmrep_file=7)
    reserved = policy.of(STORY, "morgue")
    assert (reserved.tdm, reserved.tdm_policy, reserved.tdmrep_file) == (True, "https://tern.example/policy.json", 7)
    assert policy.of("https://tern.example/news/open/x", "morgue").tdm is False
    assert policy.of("https://tern.example", "morgue").tdm is False


@pytest.mark.parametrize("text", ["", "<html>not found</html>", "{}", "null", '[1, "x", {"location": 3}]', "[" * 100_000])
def test_what_is_no_tdmrep_says_nothing(text: str) -> None:
    assert read_tdmrep(text) == ()


def test_what_is_wrong_in_a_tdmrep_leaves_the_rest() -> None:
    text = '\ufeff[{"location": "/a", "tdm-reservation": 2}, {"location": "/", "tdm-reservation": 1, "tdm-policy": 5}]'
    assert read_tdmrep(text) == (TdmRule("/", True, None),)


@given(st.text(), st.text())
def test_no_files_make_it_raise(robots: str, tdmrep: str) -> None:
    HostPolicy(robots, tdmrep).of(STORY, "morgue")


@given(st.lists(st.sampled_from(["a", "b", "ab", ""]), min_size=1, max_size=4), st.text("ab", max_size=8), st.booleans())
def test_matching_agrees_with_a_regular_expression(parts: list[str], path: str, end: bool) -> None:
    import re

    pattern = "*".join(parts) + ("$" if end else "")
    expected = re.match(".*".join(map(re.escape, parts)) + (r"\Z" if end else ""), path) is not None
    assert matches(pattern, path) is expected
