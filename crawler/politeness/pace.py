"""Pure: how fast a host may be asked, by what the sources say whose addresses are on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a host is asked."""

    delay: float
    """Seconds between two requests."""
    concurrency: int
    """Requests at a time."""

    def beside(self, other: Pace) -> Pace:
        """The pace of what two sources have in common: the longer delay, and the fewer requests at a time."""
        return Pace(max(self.delay, other.delay), min(self.concurrency, other.concurrency))


@dataclass(slots=True)
class HostPaces:
    """The paces of hosts in one crawl, each known from the sources that were seen on it."""

    usual: Pace
    """Of sources that say nothing."""
    of_sources: Mapping[int, Pace] = field(default_factory=dict)
    """What sources say, by their numbers."""
    of_hosts: dict[str, Pace] = field(default_factory=dict)
    """Of hosts, named without their ports, as far as they are known; grows with `note`."""
    _seen: set[tuple[str, int | None]] = field(default_factory=set)

    def of(self, host: str) -> Pace:
        """The pace of a host."""
        return self.of_hosts.get(host, self.usual)

    def note(self, host: str, source_id: int | None) -> bool:
        """Take in that a source has an address on a host; returns whether the host has another pace by that."""
        if (host, source_id) in self._seen:
            return False
        self._seen.add((host, source_id))
        own = self.usual if source_id is None else self.of_sources.get(source_id, self.usual)
        before = self.of_hosts.get(host)
        self.of_hosts[host] = own if before is None else own.beside(before)
        return self.of_hosts[host] != (before or self.usual)
