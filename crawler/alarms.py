"""Alarms told: in lines for a person, as JSON for programs; to a command, a webhook, or by mail.

Nobody is told of an alarm twice by one way, nor of one that is over. A way that fails is tried again after the next crawl; where
it is not known whether somebody heard, they are told again.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import smtplib
import sqlite3
import ssl
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from archive import Archive
from archive.drift import PINS, SHARES, Alarm
from archive.errors import ArchiveError
from archive.timestamps import optional_stamp, stamp
from crawler.terminal import count

if TYPE_CHECKING:
    from archive.drift import Example
    from crawler.config import AlarmsConfig

TELLING_SECONDS = 10.0
"""For all ways together, side by side: no service waits longer for those it tells. A command that takes longer is ended."""
STEP_SECONDS = 8.0
"""For each step with a server; a server that trickles its answer has each step begin anew, and the time above for all."""
ENDING_SECONDS = 1.0
"""To end a command that took too long."""
SAID_CHARS = 200
"""Of what a command said last."""
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

Way: TypeAlias = "Callable[[Sequence[Alarm]], str | None]"


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


def tell_all(path: Path, config: AlarmsConfig, seconds: float = TELLING_SECONDS) -> list[str]:
    """Tell everybody in `[alarms]` of the alarms that last and that they have not heard of.

    Args:
        path: the archive.
        config: who is to be told.
        seconds: for all of them together.

    Returns:
        A line for each way that failed; what is not known to have been told is told the next time.
    """
    ways = ways_of(config, seconds)
    return list(_tell(path, ways, seconds)) if ways else []


def ways_of(config: AlarmsConfig, seconds: float) -> dict[str, Way]:
    """The ways to tell somebody, by name; each returns what went wrong on the side, or raises `TellingFailed`."""
    ways: dict[str, Way] = {}
    if config.command:
        ways["command"] = lambda alarms: run_command(config.command, alarms, seconds)
    if (webhook := config.webhook) is not None:
        ways["webhook"] = lambda alarms: post(webhook, alarms)
    if config.mail and (smtp := config.smtp) is not None:
        ways["mail"] = lambda alarms: send_mail(smtp, config.mail, alarms)
    return ways


def message(alarms: Sequence[Alarm]) -> bytes:
    """What a command and a webhook are given: one JSON object."""
    told = {"event": "drift", "alarms": [alarm_as_json(alarm) for alarm in alarms]}
    return json.dumps(told, ensure_ascii=False).encode()


def run_command(command: Sequence[str], alarms: Sequence[Alarm], seconds: float = TELLING_SECONDS) -> None:
    """Start a command with the alarms at its stdin.

    Raises:
        TellingFailed: it cannot be started, takes too long, or does not end with 0.
    """
    # Files and no pipes: what it leaves in the background may hold its stderr open, and we wait for it alone.
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
        told.write(message(alarms))
        told.seek(0)
        try:
            # In a session of its own, so that all it started can be ended. Its stdout is not ours: data for programs goes there.
            process = subprocess.Popen(  # noqa: S603 - the user's own command
                list(command), stdin=told, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
            )
        except (OSError, ValueError) as error:
            raise TellingFailed(f"{command[0]}: {error}") from error
        code = _wait(process, command[0], seconds)
        said.seek(max(0, said.seek(0, os.SEEK_END) - 4 * SAID_CHARS))
        last = said.read().decode(errors="replace").strip().rpartition("\n")[2]
    if code != 0:
        raise TellingFailed(f"{command[0]} ended with {code}{f': {last[-SAID_CHARS:]}' if last else ''}")


def _wait(process: subprocess.Popen[bytes], name: str, seconds: float) -> int:
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise TellingFailed(f"{name} took longer than {seconds:.0f} s and was ended") from error
    finally:
        if process.poll() is None:  # by Ctrl-C as well
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def post(url: str, alarms: Sequence[Alarm]) -> None:
    """POST the alarms as JSON. A redirect is not followed: what answers elsewhere was not meant.

    Raises:
        TellingFailed: no answer, or one that is not 2xx.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise TellingFailed(f"{parts.hostname}: alarms are posted over https alone")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=STEP_SECONDS)
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


def send_mail(server: str, to: Sequence[str], alarms: Sequence[Alarm]) -> str | None:
    """Send a mail, encrypted unless the server is this machine.

    Returns:
        Whom the server refused while it took the mail for others; None: nobody.

    Raises:
        TellingFailed: the server cannot be reached, offers no TLS, or refuses it.
    """
    host, _, port = server.rpartition(":")
    host = host.strip("[]")
    context = ssl.create_default_context()
    try:
        if int(port) == TLS_FROM_THE_START:
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, int(port), timeout=STEP_SECONDS, context=context)
        else:
            smtp = smtplib.SMTP(host, int(port), timeout=STEP_SECONDS)
        with contextlib.closing(smtp):
            if host not in LOOPBACK and int(port) != TLS_FROM_THE_START:
                smtp.starttls(context=context)
            refused = smtp.send_message(mail(to, alarms))
            with contextlib.suppress(OSError, smtplib.SMTPException):  # it has the mail, whatever it says to that
                smtp.quit()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise TellingFailed(f"{server}: {error or type(error).__name__}") from error
    return f"{server} refused {', '.join(sorted(refused))}" if refused else None


def mail(to: Sequence[str], alarms: Sequence[Alarm]) -> EmailMessage:
    """The mail that tells of alarms."""
    letter = EmailMessage()
    sites = sorted({alarm.site for alarm in alarms})
    letter["Subject"] = f"morgue: {', '.join(sites[:3])}{' and others' if len(sites) > 3 else ''} read otherwise than before"
    letter["From"] = to[0]
    letter["To"] = ", ".join(to)
    letter.set_content("\n\n".join("\n".join(alarm_lines(alarm)) for alarm in alarms) + "\n")
    return letter


def _tell(path: Path, ways: Mapping[str, Way], seconds: float) -> Iterator[str]:
    """Tell all ways side by side, and note who was told; a line for each that failed."""
    try:
        with Archive.open(path) as archive:
            lasting = archive.drift.alarms(open_only=True)
            untold = {way: [alarm for alarm in lasting if way not in alarm.told] for way in ways}
            ended = _told_at_once({way: partial(tell, untold[way]) for way, tell in ways.items() if untold[way]}, seconds)
            for way in [way for way in ways if untold[way]]:
                done, complaint = ended.get(way, (False, f"no end after {seconds:.0f} s"))
                if done:
                    archive.drift.note_told([alarm.id for alarm in untold[way]], way)
                if complaint is not None:
                    again = "was told" if done else "could not be told, and will be after the next crawl"
                    yield f"The {way} of [alarms] {again}: {complaint}"
    except (ArchiveError, sqlite3.Error) as error:
        yield f"Who is told of alarms cannot be noted, and will be told after the next crawl: {error}"


def _told_at_once(calls: Mapping[str, Callable[[], str | None]], seconds: float) -> dict[str, tuple[bool, str | None]]:
    """Make all calls in threads that nobody waits for longer; way -> whether it was told, and what is to be said of it."""
    ended: dict[str, tuple[bool, str | None]] = {}

    def call(way: str) -> None:
        try:
            ended[way] = True, calls[way]()
        except TellingFailed as error:
            ended[way] = False, str(error)

    # Daemons: where a server trickles its answer, the process ends all the same.
    threads = [threading.Thread(target=call, args=(way,), name=f"telling {way}", daemon=True) for way in calls]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds + ENDING_SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return dict(ended)


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
