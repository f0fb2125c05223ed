"""Hosts are reached however they are addressed."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from archive import Archive
from tests.end_to_end.conftest import crawl
from tests.end_to_end.small_site import small_site, stories

pytestmark = pytest.mark.crawl


def has_ipv6() -> bool:
    """Whether this machine has an IPv6 loopback."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    "host", ["127.0.0.1", pytest.param("::1", marks=pytest.mark.skipif(not has_ipv6(), reason="no IPv6 loopback here"))]
)
def test_a_host_given_by_number_is_crawled(tmp_path: Path, host: str) -> None:
    with small_site(stories(2), host) as site:
        done = crawl(site.url, tmp_path / "a.db")
    assert done.returncode == 0, done.stderr
    with Archive.open(tmp_path / "a.db", readonly=True) as archive:
        assert len(list(archive.articles())) == 2
