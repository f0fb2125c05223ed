"""Alarms told: in lines for a person, as JSON for programs; to a command, a webhook, or by mail.

Nobody is told of an alarm twice by one way, nor of one that is over. A way that fails is tried again after the next crawl.
"""

from __future__ import annotations

import http.client
import json
import smtplib
import ssl
import subprocess
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive import Archive
from archive.drift import PINS, SHARES, Alarm
from archive.timestamps import optional_stamp, stamp
from crawler.terminal import count

if TYPE_CHECKING:
    from archive.drift import Example
    from crawler.config import AlarmsConfig

COMMAND_SECONDS = 60.0
"""A command that takes longer is ended: the crawl is over, and its account waits."""
NETWORK_SECONDS = 20.0
SHOWN_CHARS = 100
"""Of a value in a line."""
TLS_FROM_THE_START = 465
"""The port at which mail servers expect TLS before the first word (RFC 8314)."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

WORDS = {
    "title": "a title", "dek": "a dek", "byline": "a byline", "authors": "authors", "published": "a date", "lang": "a language",
    "section": "a section", "body": "a body", "article": "an article", "words": "words of the body",
    "authors_each": "authors of an article", "blocks": "blocks of the body", "boilerplate": "share that is left out",
    "confidence": "confidence",
}  # fmt: skip


class TellingFailed(Exception):
    """Somebody could not be told. The message says who and why."""


def alarm_lines(alarm: Alarm) -> Iterator[str]:
    """An alarm in lines: what, where, before and after, the first bad page, an example from before."""
    yield f"ALARM {alarm.site}: {_sentence(alarm)}"
    if alarm.first.url:
        yield f"  first: {alarm.first.url}: {_gives(alarm.first)}"
    if alarm.example.url:
        yield f"  before: {alarm.example.url}: {_gives(alarm.example)}"


def alarm_as_json(alarm: Alarm) -> dict[str, Any]:
    """An alarm as one JSON object."""
    return {
        "id": alarm.id,
        "site": alarm.site,
        "source": alarm.source,
        "field": alarm.measure,
        "says": _sentence(alarm),
        "raised": stamp(alarm.raised),
        "run": alarm.run_id,
        "since_run": alarm.since_run,
        "before": {"value": round(alarm.before, 4), "pages": alarm.before_pages},
        "after": {"value": round(alarm.after, 4), "pages": alarm.after_pages},
        "chance": alarm.chance,
        "first_bad": _example(alarm.first),
        "example_before": _example(alarm.example),
        "settled": optional_stamp(alarm.settled),
        "settled_by": alarm.settled_by,
    }


def tell_all(path: Path, config: AlarmsConfig) -> list[str]:
    """Tell everybody in `[alarms]` of the alarms that last and that they have not heard of.

    Args:
        path: the archive.
        config: who is to be told.

    Returns:
        A line for each way that failed.
    """
    ways: list[tuple[str, Callable[[Sequence[Alarm]], None]]] = []
    if config.command:
        ways.append(("command", lambda alarms: run_command(config.command, alarms)))
    if (webhook := config.webhook) is not None:
        ways.append(("webhook", lambda alarms: post(webhook, alarms)))
    if config.mail and (smtp := config.smtp) is not None:
        ways.append(("mail", lambda alarms: send_mail(smtp, config.mail, alarms)))
    return list(_tell(path, ways)) if ways else []


def message(alarms: Sequence[Alarm]) -> bytes:
    """What a command and a webhook are given: one JSON object."""
    told = {"event": "drift", "alarms": [alarm_as_json(alarm) for alarm in alarms]}
    return json.dumps(told, ensure_ascii=False).encode()


def run_command(command: Sequence[str], alarms: Sequence[Alarm]) -> None:
    """Start a command with the alarms at its stdin.

    Raises:
        TellingFailed: it cannot be started, takes too long, or does not end with 0.
    """
    try:
        # Its stdout is not ours: data for programs goes there.
        done = subprocess.run(  # noqa: S603 - the user's own command
            list(command), input=message(alarms), capture_output=True, check=False, timeout=COMMAND_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        raise TellingFailed(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise TellingFailed(f"{command[0]} ended with {done.returncode}{f': {said[:200]}' if said else ''}")


def post(url: str, alarms: Sequence[Alarm]) -> None:
    """POST the alarms as JSON. A redirect is not followed: what answers elsewhere was not meant.

    Raises:
        TellingFailed: no answer, or one that is not 2xx.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise TellingFailed(f"{parts.hostname}: alarms are posted over https alone")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=NETWORK_SECONDS)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, message(alarms), {"Content-Type": "application/json", "User-Agent": "morgue"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TellingFailed(f"{parts.netloc}: {error or type(error).__name__}") from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise TellingFailed(f"{parts.netloc} answered {status}")


def send_mail(server: str, to: Sequence[str], alarms: Sequence[Alarm]) -> None:
    """Send a mail, encrypted unless the server is this machine.

    Raises:
        TellingFailed: the server cannot be reached, offers no TLS, or refuses it.
    """
    host, _, port = server.rpartition(":")
    host = host.strip("[]")
    context = ssl.create_default_context()
    try:
        if int(port) == TLS_FROM_THE_START:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, int(port), timeout=NETWORK_SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(host, int(port), timeout=NETWORK_SECONDS)
        with smtp:
            if host not in LOOPBACK and int(port) != TLS_FROM_THE_START:
                smtp.starttls(context=context)
            smtp.send_message(mail(to, alarms))
    except (OSError, smtplib.SMTPException) as error:
        raise TellingFailed(f"{server}: {error}") from error


def mail(to: Sequence[str], alarms: Sequence[Alarm]) -> EmailMessage:
    """The mail that tells of alarms."""
    letter = EmailMessage()
    sites = sorted({alarm.site for alarm in alarms})
    letter["Subject"] = f"morgue: {', '.join(sites[:3])}{' and others' if len(sites) > 3 else ''} read otherwise than before"
    letter["From"] = to[0]
    letter["To"] = ", ".join(to)
    letter.set_content("\n\n".join("\n".join(alarm_lines(alarm)) for alarm in alarms) + "\n")
    return letter


def _tell(path: Path, ways: Sequence[tuple[str, Callable[[Sequence[Alarm]], None]]]) -> Iterator[str]:
    with Archive.open(path) as archive:
        for way, tell in ways:
            alarms = [alarm for alarm in archive.drift.alarms(open_only=True) if way not in alarm.told]
            if not alarms:
                continue
            try:
                tell(alarms)
            except TellingFailed as error:
                yield f"The {way} of [alarms] could not be told, and will be after the next crawl: {error}"
            else:
                archive.drift.note_told([alarm.id for alarm in alarms], way)


def _sentence(alarm: Alarm) -> str:
    if alarm.measure == PINS:
        wrong = round((1 - alarm.after) * alarm.after_pages)
        return f"{wrong:,} of {count(alarm.after_pages, 'pin')} read otherwise with today's rules (`morgue sources pins`)"
    what = WORDS.get(alarm.measure, alarm.measure)
    runs = f"run {alarm.run_id}" if alarm.run_id == alarm.since_run else f"runs {alarm.since_run} to {alarm.run_id}"
    if alarm.measure in SHARES:
        before, after = f"{alarm.before:.0%}", f"{alarm.after:.0%}"
        pages = f"{after} of {alarm.after_pages:,} pages have {what}" if alarm.measure != "article" else (
            f"{after} of {alarm.after_pages:,} pages are taken for an article"
        )  # fmt: skip
        return f"{pages} in {runs}, {before} of {alarm.before_pages:,} before"
    numbers = f"{alarm.after:.3g} in {runs} ({alarm.after_pages:,} pages), {alarm.before:.3g} before"
    return f"{what}: a median of {numbers} ({alarm.before_pages:,})"


def _gives(example: Example) -> str:
    if example.value is None:
        return "nothing"
    value = " ".join(example.value.split())
    short = value if len(value) <= SHOWN_CHARS else value[: SHOWN_CHARS - 1] + "…"
    return f"{short} ({example.source})" if example.source else short


def _example(example: Example) -> dict[str, Any] | None:
    if example.url is None:
        return None
    return {"url": example.url, "article": example.article_id, "value": example.value, "source": example.source}


__all__ = ["TellingFailed", "alarm_as_json", "alarm_lines", "mail", "message", "post", "run_command", "send_mail", "tell_all"]
