"""Telling of alarms: to a command, a webhook, by mail."""

from __future__ import annotations

import json
import os
import signal
import socketserver
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from archive import Archive
from archive.drift import Alarm, Drift, Example
from archive.errors import ArchiveLocked
from crawler.alarms import TellingFailed, alarm_lines, mail, post, run_command, send_mail, tell_all
from crawler.config import AlarmsConfig

NOW = datetime(2026, 11, 3, 6, 0, tzinfo=UTC)
ALARM = Alarm(
    "tern.example", "authors", NOW, 1, 1, 1.0, 40, 0.0, 12, 1e-6,
    first=Example("https://tern.example/two", None, None, None, NOW),
    example=Example("https://tern.example/one", None, '["Mara Lindqvist"]', "markup .byline"),
)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with Archive.create(path) as opened:
        run = opened.begin_run("crawl", [opened.add_source("https://tern.example/", "tern").id], NOW)
        opened.drift.change_alarms(run.id, [ALARM], [], NOW)
    return path


@contextmanager
def server(status: int, sent: list[bytes]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}/hook?key=1"
        listening.shutdown()


class Postbox(socketserver.StreamRequestHandler):
    """As much of a mail server as one letter takes."""

    letters: ClassVar[list[bytes]] = []
    refusals: ClassVar[Mapping[bytes, bytes]] = {}

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            refusal = next((said for begin, said in self.refusals.items() if line.upper().startswith(begin)), None)
            if refusal is not None:
                self.wfile.write(refusal + b"\r\n")
                continue
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b""
                while (text := self.rfile.readline()) != b".\r\n":
                    letter += text
                self.letters.append(letter)
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 well\r\n")


def test_lines_say_what_where_and_how_it_was_before() -> None:
    assert list(alarm_lines(ALARM)) == [
        "ALARM tern.example: 0% of 12 pages have authors in run 1, 100% of 40 before",
        "  first: https://tern.example/two: nothing",
        '  before: https://tern.example/one: ["Mara Lindqvist"] (markup .byline)',
    ]


def test_a_command_gets_json_at_its_stdin_and_is_started_once(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    program = "import sys; open(sys.argv[1], 'ab').write(sys.stdin.buffer.read()); print('not for our stdout')"
    config = AlarmsConfig(command=(sys.executable, "-c", program, str(out)))
    assert tell_all(archive, config) == []
    assert tell_all(archive, config) == []
    told = json.loads(out.read_text())
    assert [(alarm["site"], alarm["field"]) for alarm in told["alarms"]] == [("tern.example", "authors")]
    assert told["alarms"][0]["example_before"]["value"] == '["Mara Lindqvist"]'


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ((sys.executable, "-c", "import sys; sys.exit('no such desk')"), "ended with 1: no such desk"),
        (("/nowhere/at-all",), "No such file"),
    ],
)
def test_a_command_that_fails_is_told_again_the_next_time(archive: Path, command: tuple[str, ...], said: str) -> None:
    for _ in range(2):
        (complaint,) = tell_all(archive, AlarmsConfig(command=command))
        assert said in complaint


def test_a_command_that_reads_nothing_is_no_failure() -> None:
    run_command((sys.executable, "-c", ""), [ALARM] * 2000)


def test_a_command_that_takes_too_long_is_ended_with_all_that_it_started(archive: Path, tmp_path: Path) -> None:
    lives = tmp_path / "pid"
    child = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}, sys.argv[1]])"
    (complaint,) = tell_all(archive, AlarmsConfig(command=(sys.executable, "-c", program, str(lives))), seconds=5)
    assert "took longer than 5 s and was ended" in complaint
    assert untold(archive)
    if lives.exists():  # it was quick enough to start one
        assert is_gone(int(lives.read_text()))


def test_a_command_that_leaves_something_in_the_background_is_not_waited_for(archive: Path, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    program = (
        "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
        " open(sys.argv[1], 'w').write(str(p.pid))"
    )
    begin = time.monotonic()
    assert tell_all(archive, AlarmsConfig(command=(sys.executable, "-c", program, str(pid))), seconds=300) == []
    assert time.monotonic() - begin < 300, "it holds the stderr of the command open"
    os.kill(int(pid.read_text()), signal.SIGKILL)
    assert not untold(archive)


@pytest.mark.parametrize("trickle", [b"", b"HTTP/1.1 200 OK\r\nX: "], ids=["silent", "trickling"])
def test_a_server_that_never_ends_its_answer_holds_nobody_up_and_is_told_again(archive: Path, trickle: bytes) -> None:
    with endless_server(trickle) as port:
        config = AlarmsConfig(webhook=f"http://127.0.0.1:{port}/", mail=("desk@tern.example",), smtp=f"127.0.0.1:{port}")
        complaints = tell_all(archive, config, seconds=1.5)
    assert ["webhook" in line for line in complaints] == [True, False]
    assert all("could not be told, and will be after the next crawl" in line for line in complaints)
    assert untold(archive), "the next crawl tries again"
    sent: list[bytes] = []
    with server(204, sent) as url:
        assert tell_all(archive, AlarmsConfig(webhook=url)) == []
    assert len(sent) == 1


@pytest.mark.parametrize("word", [b"MAIL", b"RCPT", b"DATA"])
def test_a_mail_server_that_refuses_is_told_again(archive: Path, word: bytes) -> None:
    with postbox({word: b"550 not here"}) as port:
        (complaint,) = tell_all(archive, AlarmsConfig(mail=("desk@tern.example",), smtp=f"127.0.0.1:{port}"))
    assert "not here" in complaint
    assert untold(archive)


def test_a_mail_that_was_taken_is_told_whatever_the_server_says_to_our_goodbye(archive: Path) -> None:
    with postbox({b"QUIT": b"500 what"}) as port:
        assert tell_all(archive, AlarmsConfig(mail=("desk@tern.example",), smtp=f"127.0.0.1:{port}")) == []
    assert not untold(archive)


def test_who_alone_was_refused_is_named_and_the_others_get_no_mail_twice(archive: Path) -> None:
    with postbox({b"RCPT TO:<B": b"550 no such desk"}) as port:
        config = AlarmsConfig(mail=("a@tern.example", "b@tern.example"), smtp=f"127.0.0.1:{port}")
        (complaint,) = tell_all(archive, config)
        assert complaint.endswith("refused b@tern.example")
        assert tell_all(archive, config) == []


def test_an_archive_that_is_locked_keeps_the_alarm_for_the_next_time(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*arguments: object) -> None:
        raise ArchiveLocked("another program is writing to the archive")

    sent: list[bytes] = []
    with server(204, sent) as url:
        with monkeypatch.context() as while_locked:
            while_locked.setattr(Drift, "note_told", locked)
            (complaint,) = tell_all(archive, AlarmsConfig(webhook=url))
        assert "another program is writing" in complaint
        assert untold(archive)
        assert tell_all(archive, AlarmsConfig(webhook=url)) == []
    assert len(sent) == 2, "twice rather than never"


def untold(archive: Path) -> bool:
    with Archive.open(archive) as opened:
        return [alarm.told for alarm in opened.drift.alarms()] == [()]


def is_gone(pid: int) -> bool:
    """Whether a process has ended, or does within a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@contextmanager
def endless_server(begins: bytes) -> Iterator[int]:
    """Takes all that is sent, and answers without end."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                self.request.sendall(begins)
                while not over.wait(0.05):
                    self.request.sendall(b"." if begins else b"")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening.server_address[1]
        over.set()
        listening.shutdown()


@contextmanager
def postbox(answers: Mapping[bytes, bytes]) -> Iterator[int]:
    """A mail server that answers otherwise to commands that begin so."""

    class Handler(Postbox):
        refusals = answers

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening.server_address[1]
        listening.shutdown()


def test_a_webhook_gets_json_and_one_way_that_fails_does_not_hold_up_another(archive: Path) -> None:
    sent: list[bytes] = []
    with server(204, sent) as url:
        complaints = tell_all(archive, AlarmsConfig(command=("/nowhere/at-all",), webhook=url))
    assert len(complaints) == 1
    assert [json.loads(body)["event"] for body in sent] == ["drift"]
    with Archive.open(archive) as opened:
        assert [alarm.told for alarm in opened.drift.alarms()] == [("webhook",)]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_webhook_that_does_not_take_it_has_failed_and_no_redirect_is_followed(status: int) -> None:
    sent: list[bytes] = []
    with server(status, sent) as url, pytest.raises(TellingFailed, match=str(status)):
        post(url, [ALARM])
    assert len(sent) == 1


def test_alarms_are_posted_over_https_alone_unless_to_this_machine() -> None:
    with pytest.raises(TellingFailed, match="https"):
        post("http://desk.example/hook", [ALARM])


def test_a_mail_says_it_in_words() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), Postbox) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        send_mail(f"127.0.0.1:{listening.server_address[1]}", ("desk@tern.example",), [ALARM])
        listening.shutdown()
    assert b"0% of 12 pages have authors" in Postbox.letters[-1]
    assert mail(("a@tern.example", "b@tern.example"), [ALARM])["To"] == "a@tern.example, b@tern.example"


def test_a_mail_server_that_is_not_there_has_failed() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), Postbox) as taken:
        port = taken.server_address[1]
    with pytest.raises(TellingFailed, match=str(port)):
        send_mail(f"127.0.0.1:{port}", ("desk@tern.example",), [ALARM])


def test_nobody_is_told_of_what_is_over(archive: Path) -> None:
    with Archive.open(archive) as opened:
        opened.drift.accept("tern.example", NOW)
    assert tell_all(archive, AlarmsConfig(command=("/nowhere/at-all",))) == []
