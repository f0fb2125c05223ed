"""Other tools behind the protocol of `morgue extract --requests`: each as its documentation says, and only what it offers."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """Another tool."""

    module: str
    """Of this package, with its options."""
    imports: str
    """Module without which it cannot run."""
    distribution: str
    """What is to be installed."""


PEERS = {
    "trafilatura": Peer("trafilatura_peer", "trafilatura", "trafilatura"),
    "trafilatura-precision": Peer("trafilatura_peer --precision", "trafilatura", "trafilatura"),
    "newspaper4k": Peer("newspaper4k_peer", "newspaper", "newspaper4k"),
    "news-please": Peer("news_please_peer", "newsplease", "news-please"),
    "readability-lxml": Peer("readability_peer", "readability", "readability-lxml"),
    "resiliparse": Peer("resiliparse_peer", "resiliparse", "resiliparse"),
    "htmldate": Peer("htmldate_peer", "htmldate", "htmldate"),
    "goose3": Peer("goose3_peer", "goose3", "goose3"),
}


def installed(python: str) -> set[str]:
    """The peers whose module an interpreter finds."""
    wanted = sorted({peer.imports for peer in PEERS.values()})
    script = "import importlib.util, sys; print(*(n for n in sys.argv[1:] if importlib.util.find_spec(n)))"
    found = subprocess.run([python, "-c", script, *wanted], check=True, capture_output=True, text=True).stdout.split()
    return {name for name, peer in PEERS.items() if peer.imports in found}
