"""Rests are noted by the host of a request, and looked up by that of an address in the frontier."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request

from archive.urls import host_of

LABELS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
HOSTS = st.lists(LABELS, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "example"]))


@given(HOSTS, st.sampled_from(["", "reader@", "reader:word@"]), st.sampled_from(["", ":80", ":443", ":8080"]))
def test_a_host_has_one_name_in_the_frontier_and_in_a_request(host: str, user: str, port: str) -> None:
    url = f"https://{user}{host}{port}/a"
    name = host_of(url)
    assert not name or host_of(Request(url).url) == name
