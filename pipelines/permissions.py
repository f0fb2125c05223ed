"""What an answer says of its use: X-Robots-Tag, meta robots, TDM reservation, content signals, RSL.

Only what is said to everybody, or to us by name, counts; `otherbot: noindex` is for the other robot. A statement that cannot be
read says nothing. X-Robots-Tag has no standard; it is read as search engines describe it. TDM reservation is after the final
report of the W3C community group (TDMRep, 2024), a page's meta elements before its headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

__all__ = ["OWN_NAME", "Permissions", "allows_training", "read_permissions"]

OWN_NAME = "morgue"
"""Our name in robots.txt, X-Robots-Tag and meta elements."""

LONGEST_STATEMENT = 500
"""Characters of a statement that are kept; the longest of any use is under a hundred."""
MOST_STATEMENTS = 20
"""Of one answer that are kept."""

FLAGS = ("noindex", "noarchive", "nosnippet", "noai", "noimageai")
STANDS_FOR = {"none": ("noindex",), "max-snippet:0": ("nosnippet",)}
VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
"""Directives with a value behind a colon; any other word before a colon names a robot."""

_NAMED = re.compile(r"\s*([\w-]+)\s*:\s*(.*)", re.DOTALL)
_TRAINING = frozenset({"ai-train", "train-ai"})
"""As Content-Signal calls it, and as the IETF's Content-Usage does."""
_YES, _NO = frozenset({"yes", "y", "1", "true"}), frozenset({"no", "n", "0", "false"})
_LINK = re.compile(r"<([^>]*)>([^,]*(?:\"[^\"]*\"[^,]*)*)")
_RSL = "application/rsl+xml"
_DATES = ("%d %b %Y %H:%M:%S", "%d-%b-%Y %H:%M:%S", "%d %b %Y", "%d-%b-%Y", "%A, %d-%b-%y %H:%M:%S")
"""Dates that are neither ISO 8601 nor as in mail, zone taken away."""
_ZONE = re.compile(r"\s*\b(?:GMT|UTC|Z|(?P<american>[ECMP][SD]T))$", re.IGNORECASE)
_AMERICAN_HOURS = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}


class Permissions(NamedTuple):
    """What one answer says of its use; None where it does not say."""

    noindex: bool = False
    noarchive: bool = False
    nosnippet: bool = False
    noai: bool = False
    noimageai: bool = False
    unavailable_after: datetime | None = None
    """Aware UTC; the earliest that is named."""
    tdm: bool | None = None
    """Whether text and data mining is reserved."""
    tdm_policy: str | None = None
    ai_train: bool | None = None
    """Whether models may be trained with it."""
    rsl: str | None = None
    """Address of an RSL licence."""
    statements: tuple[tuple[str, str], ...] = ()
    """Where each was said, and its words."""


def read_permissions(
    headers: Iterable[tuple[str, str]], meta: Iterable[tuple[str, str]] = (), links: Iterable[tuple[str, str, str]] = ()
) -> Permissions:
    """Read the statements of one answer; never raises.

    Args:
        headers: as received, repeats kept.
        meta: name and content of the page's meta elements, names in lower case.
        links: rel, absolute address and type of its link elements.

    """
    said = list(_statements(headers, meta))
    directives = [directive for place, raw in said if place.endswith("robots") or place == "x-robots-tag"
                  for directive in _directives(raw)]  # fmt: skip
    named = {word for directive in directives for word in STANDS_FOR.get(directive.replace(" ", ""), (directive,))}
    ends = [moment for directive in directives if (moment := _end(directive)) is not None]
    tdm, policy = _tdm(said)
    rsl = _rsl(headers, links)
    return Permissions(
        **{flag: flag in named for flag in FLAGS},
        unavailable_after=min(ends, default=None),
        tdm=tdm,
        tdm_policy=policy,
        ai_train=_training(said),
        rsl=rsl,
        statements=tuple((place, raw[:LONGEST_STATEMENT]) for place, raw in said)[:MOST_STATEMENTS],
    )


def allows_training(signal: str) -> bool | None:
    """What a Content-Signal or Content-Usage says of training: `search=yes, ai-train=no`; None where nothing, or both."""
    found = set()
    for part in signal.split(","):
        name, _, value = part.partition("=")
        if name.strip().lower() in _TRAINING:
            value = value.strip().strip('"').lower()
            found |= {True} if value in _YES else {False} if value in _NO else set()
    return found.pop() if len(found) == 1 else None


def _statements(headers: Iterable[tuple[str, str]], meta: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Place and words of what counts: `x-robots-tag`, `meta robots`, `tdm-reservation`..."""
    for name, value in headers:
        name = name.lower()
        if name in {"x-robots-tag", "tdm-reservation", "tdm-policy", "content-signal", "content-usage"}:
            yield name, value.strip()
    for name, value in meta:
        if name in {"robots", OWN_NAME}:
            yield "meta robots", value
        elif name in {"x-robots-tag", "tdm-reservation", "tdm-policy"}:
            yield ("x-robots-tag" if name == "x-robots-tag" else f"meta {name}"), value


def _directives(raw: str) -> Iterator[str]:
    """The directives for everybody or for us, lower case: `otherbot: a, b` is for that robot up to its end."""
    ours, parts = True, raw.split(",")
    for place, part in enumerate(parts):
        found = _NAMED.fullmatch(part)
        if found and found[1].lower() not in VALUED:
            ours = found[1].lower() == OWN_NAME
            part = found[2]
        elif found and found[1].lower() == "unavailable_after":
            part = _whole_date(part, parts[place + 1 :])
        if ours and part.strip():
            yield part.strip().lower()


def _whole_date(part: str, following: Sequence[str]) -> str:
    """A date may hold a comma itself: `Friday, 25-Jun-10 15:00:00 EST`."""
    longer = f"{part},{following[0]}" if following else part
    return longer if _end(part.strip().lower()) is None and _end(longer.strip().lower()) is not None else part


def _end(directive: str) -> datetime | None:
    name, _, value = directive.partition(":")
    return _moment(value.strip()) if name.strip() == "unavailable_after" else None


def _moment(text: str) -> datetime | None:
    """A date in any of the forms that are used; one without a zone is taken as UTC."""
    for read in (datetime.fromisoformat, parsedate_to_datetime, _other_date):
        try:
            moment = read(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    return None


def _other_date(text: str) -> datetime:
    zone = _ZONE.search(text)
    hours = _AMERICAN_HOURS.get((zone["american"] or "").upper(), 0) if zone else 0
    plain = _ZONE.sub("", text).strip()
    for form in _DATES:
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC) - timedelta(hours=hours)
        except ValueError:
            continue
    raise ValueError(f"no date: {text!r}")


def _tdm(said: Iterable[tuple[str, str]]) -> tuple[bool | None, str | None]:
    """Reservation and policy; of several in one place, one that reserves wins."""
    said = list(said)
    for start in ("meta ", ""):
        values = {raw.strip() for place, raw in said if place == f"{start}tdm-reservation"} & {"0", "1"}
        if values:
            policies = [raw.strip() for place, raw in said if place == f"{start}tdm-policy" and raw.strip()]
            return "1" in values, policies[0][:LONGEST_STATEMENT] if policies and "1" in values else None
    return None, None


def _training(said: Iterable[tuple[str, str]]) -> bool | None:
    """No, where any says no."""
    found = {allows_training(raw) for place, raw in said if place.startswith("content-")} - {None}
    return (False not in found) if found else None


def _rsl(headers: Iterable[tuple[str, str]], links: Iterable[tuple[str, str, str]]) -> str | None:
    for rel, href, kind in links:
        if "license" in rel.lower().split() and kind.strip().lower() == _RSL:
            return href[:LONGEST_STATEMENT]
    for name, value in headers:
        if name.lower() == "link":
            for target, parameters in _LINK.findall(value):
                lowered = parameters.lower()
                if "license" in lowered and _RSL in lowered:
                    return str(target).strip()[:LONGEST_STATEMENT] or None
    return None
