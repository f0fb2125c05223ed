import io
import logging

from crawler.progress import StatusLine, upgrades_shown

UPGRADING = logging.getLogger("archive.upgrading")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_one_line_that_is_wiped_at_the_end(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    with StatusLine(terminal) as status:
        status.say("3 pages")
    assert terminal.getvalue() == "\r\x1b[K3 pages\r\x1b[K"


def test_what_a_second_ctrl_c_does_is_said_in_a_line_that_stays(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    with StatusLine(terminal) as status:
        status.say("3 pages")
        status.tell_of_stopping()
    assert terminal.getvalue() == "\r\x1b[K3 pages\r\x1b[KEnding what is under way; a second Ctrl-C ends it at once.\n"


def test_a_file_too_is_told_of_stopping() -> None:
    stream = io.StringIO()
    with StatusLine(stream) as status:
        status.tell_of_stopping()
    assert stream.getvalue() == "Ending what is under way; a second Ctrl-C ends it at once.\n"


def test_what_comes_too_soon_is_not_written(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    status = StatusLine(terminal)
    for number in range(1000):
        status.say(f"page {number}")
    assert terminal.getvalue().count("page") < 10


def test_a_file_gets_nothing() -> None:
    stream = io.StringIO()
    with StatusLine(stream) as status:
        status.say("3 pages")
    assert stream.getvalue() == ""


def test_bringing_an_archive_up_to_date_is_shown_and_its_end_stays(monkeypatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    terminal = Terminal()
    with upgrades_shown(terminal):
        UPGRADING.info("4 of 7 articles")
        UPGRADING.info("Done", extra={"is_last": True})
    UPGRADING.info("not shown any more")
    assert terminal.getvalue() == "\r\x1b[K4 of 7 articles\r\x1b[KDone.\n"


def test_bringing_an_archive_up_to_date_writes_nothing_to_a_file() -> None:
    stream = io.StringIO()
    with upgrades_shown(stream):
        UPGRADING.info("4 of 7 articles")
    assert stream.getvalue() == ""
