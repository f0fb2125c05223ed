"""Pure: what robots.txt and tdmrep.json of a host say of the use of one address.

tdmrep.json is that of the W3C community group's TDM Reservation Protocol: a list of rules, of which the first counts whose
`location` matches; `*` stands for any characters and a last `$` for the end, as in robots.txt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from protego import Protego

from archive.rights import HostRights
from pipelines.permissions import OWN_NAME, allows_training

AI_AGENTS = (
    "AI2Bot", "Ai2Bot-Dolma", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "Claude-Web", "ClaudeBot",
    "cohere-ai", "cohere-training-data-crawler", "Diffbot", "FacebookBot", "Google-Extended", "GPTBot", "ImagesiftBot",
    "img2dataset", "Meta-ExternalAgent", "omgili", "omgilibot", "PanguBot", "Timpibot", "Webzio-Extended", "YouBot",
)  # fmt: skip
"""Robots that gather what models are trained with, as their makers or the public lists of AI robots say. One that only looks
something up for a user's question is not among them."""

RULES_READ = 10_000
"""Rules of a tdmrep.json that are looked at."""

_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")


class TdmRule(NamedTuple):
    """One rule of a tdmrep.json."""

    location: str
    reserved: bool
    policy: str | None


class Signal(NamedTuple):
    """One content signal on training, for one group of a robots.txt."""

    agent: str
    place: str
    """Path that it is for, as in robots.txt; empty for all."""
    allowed: bool


class HostPolicy:
    """The files of one host, parsed once."""

    def __init__(
        self, robots: str, tdmrep: str | None = None, *, robots_file: int | None = None, tdmrep_file: int | None = None
    ) -> None:
        self._robots = robots
        self._parsed = Protego.parse(robots)
        lines = list(lines_of(robots))
        self._signals = read_signals(lines)
        self._rsl = next((value for key, value in lines if key == "license" and "://" in value), None)
        named = {agent.lower() for key, agent in lines if key == "user-agent"}
        self._agents = tuple(agent for agent in AI_AGENTS if agent.lower() in named)
        self._rules = read_tdmrep(tdmrep) if tdmrep else ()
        self._files = robots_file, tdmrep_file

    def of(self, url: str, agent: str) -> HostRights:
        """What it says of one address.

        Args:
            url: the address.
            agent: our name for robots.txt.

        """
        path = _path(url)
        rule = next((rule for rule in self._rules if matches(rule.location, path)), None)
        robots_file, tdmrep_file = self._files
        return HostRights(
            robots=self._parsed.can_fetch(url, agent),
            ai_agents=tuple(name for name in self._agents if not self._parsed.can_fetch(url, name)),
            ai_train=training_signal(self._signals, path),
            rsl=self._rsl,
            tdm=rule.reserved if rule else None,
            tdm_policy=rule.policy if rule else None,
            robots_file=robots_file,
            tdmrep_file=tdmrep_file,
        )


def read_tdmrep(text: str) -> tuple[TdmRule, ...]:
    """The rules of a tdmrep.json; none where it is no such file. What is wrong in it says nothing, the rest counts."""
    try:
        listed = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return ()
    rules = []
    for entry in listed[:RULES_READ] if isinstance(listed, list) else ():
        location, reserved = (entry.get("location"), entry.get("tdm-reservation")) if isinstance(entry, dict) else (None, None)
        if isinstance(location, str) and str(reserved) in {"0", "1"}:
            policy = entry.get("tdm-policy")
            rules.append(TdmRule(location, str(reserved) == "1", policy if isinstance(policy, str) and policy else None))
    return tuple(rules)


def training_signal(signals: Iterable[Signal], path: str) -> bool | None:
    """What is said of training with a path: our group's word, else that for all; of several the longest place, and then no."""
    said: dict[str, tuple[int, bool]] = {}
    for agent, place, allowed in signals:
        if matches(place, path):
            said[agent] = max(said.get(agent, (-1, allowed)), (len(place), allowed), key=lambda one: (one[0], not one[1]))
    found = said.get(OWN_NAME) or said.get("*")
    return found[1] if found else None


def read_signals(lines: Iterable[tuple[str, str]]) -> tuple[Signal, ...]:
    """The Content-Signal and Content-Usage lines of a robots.txt that are for us or for all, and say anything of training.

    Args:
        lines: from `lines_of`.

    """
    signals = []
    for agents, value in _signals(lines):
        place, _, rest = value.partition(" ") if value.startswith("/") else ("", "", value)
        allowed = allows_training(rest)
        if allowed is not None:
            signals += [Signal(agent, place, allowed) for agent in sorted(agents & {OWN_NAME, "*"})]
    return tuple(signals)


def lines_of(robots_txt: str) -> Iterator[tuple[str, str]]:
    """Key in lower case and value of each line that has them."""
    for line in robots_txt.removeprefix("\ufeff").splitlines():
        found = _LINE.match(line)
        if found:
            yield found[1].lower(), found[2].strip()


def matches(pattern: str, path: str) -> bool:
    """Whether a path begins as a pattern of robots.txt says. Linear in both, whatever stars a stranger writes."""
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    place = len(first)
    if not pattern.endswith("$"):
        for part in others:
            found = path.find(part, place)
            if found < 0:
                return False
            place = found + len(part)
        return True
    if not others:
        return path == first
    return matches("*".join((first, *others[:-1])), path[: len(path) - len(others[-1])]) and path.endswith(others[-1])


def _signals(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[set[str], str]]:
    """The agents of its group, and each content signal; one before any group is for all."""
    agents, opening = {"*"}, False
    for key, value in lines:
        if key == "user-agent":
            agents = {*(agents if opening else ()), value.lower()}
            opening = True
        else:
            opening = False
            if key in {"content-signal", "content-usage"}:
                yield set(agents), value


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
