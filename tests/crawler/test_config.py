import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.config import AlarmsConfig, Config, DatasetConfig, ServiceConfig, SourceConfig, load_config
from crawler.config_template import template
from crawler.errors import ConfigError

WHOLE = """\
archive = "kept/news.db"
contact = "desk@example.org"
delay = 2
since = 2026-01-01
limit = 50

[[sources]]
name = "courier"
url = "courier.example"

[[sources]]
name = "post"
url = "http://post.example/news/"
delay = 0.5
concurrency = 2
allow = ["/news/"]
deny = "/sport/"
"""


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "morgue.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_whole_file_is_read(written) -> None:
    path = written(WHOLE)
    assert load_config(path) == Config(
        path=path,
        archive=path.parent / "kept/news.db",
        contact="desk@example.org",
        delay=2.0,
        since="2026-01-01",
        limit=50,
        sources=(
            SourceConfig("courier", "https://courier.example"),
            SourceConfig("post", "http://post.example/news/", 0.5, 2, ("/news/",), ("/sport/",)),
        ),
    )


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_config() == Config()


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path / "other.toml")


@pytest.mark.parametrize(
    ("text", "line", "key", "message"),
    [
        ('archive = "a.db"\nspeed = 3\n', 2, "speed", "unknown key"),
        ("\n\ndelay = 'fast'\n", 3, "delay", "number of seconds"),
        ("delay = -1\n", 1, "delay", "number of seconds"),
        ("limit = true\n", 1, "limit", "whole number"),
        ('contact = "nobody"\n', 1, "contact", "e-mail"),
        ("archive = 7\n", 1, "archive", "text in quotes"),
        ('since = "soon"\n', 1, "since", "ISO date"),
        ('[sources]\nname = "a"\n', 1, "sources", r"\[\[sources\]\]"),
        ('[[sources]]\nname = "a"\n', 1, "sources", "no `url`"),
        ('[[sources]]\nname = "a"\nurl = "ftp://a.example"\n', 3, "sources.url", "http or https"),
        (
            '[[sources]]\nname="a"\nurl="a.example"\n[[sources]]\nname="b"\nurl="b.example"\ndeny=["("]\n',
            7,
            "sources.deny",
            "expression",
        ),
        ('[[sources]]\nname="a"\nurl="a.example"\n\n[[sources]]\nname="a"\nurl="b.example"\n', 6, "sources.name", "two sources"),
    ],
)
def test_an_error_names_line_and_key(written, text: str, line: int, key: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(written(text))
    assert (caught.value.line, caught.value.key) == (line, key)
    assert f"line {line}" in str(caught.value)


def test_broken_toml_names_its_line(written) -> None:
    with pytest.raises(ConfigError) as caught:
        load_config(written('archive = "a.db"\ndelay = = 2\n'))
    assert caught.value.line == 2


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "morgue.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="line 1: is not in UTF-8"):
        load_config(path)


def test_the_template_loads_and_its_comments_are_true(written) -> None:
    path = written(template(Path("x.db"), "me@example.org"))
    assert load_config(path) == Config(path=path, archive=path.parent / "x.db", contact="me@example.org")
    lines = template().split("\n")
    keys = [line.removeprefix("# ") for line in lines if line.startswith(("# [[", "# ")) and ("=" in line or "[" in line)]
    uncommented = written("\n".join(line for line in keys if line.startswith("[") or " = " in line))
    loaded = load_config(uncommented)
    assert (loaded.sources[0].name, loaded.dataset.authors[0]) == ("courier", "Lindqvist, Mara")


@pytest.mark.parametrize("line", ["delay = nan", "delay = inf", 'contact = "a\\nb@c.example"', 'contact = "☃@c.example"'])
def test_a_number_that_is_none_and_a_contact_that_no_header_carries_are_refused(written, line: str) -> None:
    with pytest.raises(ConfigError):
        load_config(written(line))


@pytest.mark.parametrize("url", ["http://a.example:99999/", "http://a..b/", "https://me:secret@a.example/"])
def test_a_source_that_cannot_be_fetched_is_refused(written, url: str) -> None:
    with pytest.raises(ConfigError, match="line 3"):
        load_config(written(f'[[sources]]\nname = "a"\nurl = "{url}"'))


EVERYTHING = """\
[[sources]]
name = "post"
url = "https://post.example/"
follow = ["links", "feeds"]
since = 2026-01-01
until = "2026-06"
limit = 40
every = "30m"
render = "when empty"
paused = true

[[sources]]
name = "captures"
url = "https://replay.example/coll/cdx"
kind = "cdx"
match = "https://post.example/*"
cron = "15 */6 * jan-mar mon-fri"

[service]
slice = "90s"
listen = 8077

[alarms]
command = "notify 'a site has changed'"
webhook = "http://localhost:9/hook"
mail = "desk@example.org"
smtp = "smtp.example:587"
"""


def test_schedule_scope_rendering_service_and_alarms_are_read(written) -> None:
    config = load_config(written(EVERYTHING))
    assert config.sources == (
        SourceConfig(
            "post", "https://post.example/", follow=("feeds", "links"), since="2026-01-01", until="2026-06", limit=40,
            every=timedelta(minutes=30), render="when empty", paused=True,
        ),
        SourceConfig(
            "captures",
            "https://replay.example/coll/cdx?url=https%3A%2F%2Fpost.example%2F&matchType=prefix&output=json&limit=5000"
            "&filter=statuscode%3A200&showResumeKey=true",
            kind="cdx", cron="15 */6 * jan-mar mon-fri", match="https://post.example/*",
            replay="https://replay.example/coll/{timestamp}id_/{url}",
        ),
    )  # fmt: skip
    assert config.service == ServiceConfig(timedelta(seconds=90), "127.0.0.1:8077")
    assert config.alarms == AlarmsConfig(
        ("notify", "a site has changed"), "http://localhost:9/hook", ("desk@example.org",), "smtp.example:587"
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('follow = ["feeds", "links", "rumours"]', "list of 'feeds', 'sitemaps', 'links'"),
        ("follow = []", "list of"),
        ('every = "soon"', "length of time"),
        ('every = "0m"', "length of time"),
        ('every = "5s"', "60 seconds or more"),
        ('cron = "* * * *"', "five fields"),
        ('cron = "0 0 30 2 *"', "never comes"),
        ('every = "100000w"', "3650 days or less"),
        ("delay = 1e9", "86400 seconds"),
        ("concurrency = 1000000", "100 or less"),
        ('cron = "61 * * * *"', "'61' is no minute"),
        ('cron = "0 0 * * fri-mon"', "day of the week"),
        ('render = "sometimes"', "'never' or 'when empty' or 'always'"),
        ('kind = "gopher"', "'site' or 'cdx' or 'warc', not 'gopher'"),
        ('paused = "yes"', "true or false"),
        ("limit = 0", "whole number"),
        ('evry = "1d"', "is `every` meant"),
        ('Follow = "feeds"', "is `follow` meant"),
        ('contact = "a@b.example"', "top of the file"),
        ('webhook = "https://a.example"', r"into a \[alarms\] table"),
        ("zebra = 1", "known here are name, url"),
    ],
)
def test_a_wish_of_a_source_that_makes_no_sense_is_refused_with_its_line(written, line: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(written(f'[[sources]]\nname = "a"\nurl = "a.example"\n{line}\n'))
    assert caught.value.line == 4


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[service]\nslice = "1s"\n', 2, "10 seconds or more"),
        ('[service]\nlisten = "here"\n', 2, "host and port"),
        ("[service]\nlisten = 70000\n", 2, "host and port"),
        ('[alarms]\nwebhook = "http://a.example/"\n', 2, "https"),
        ('[alarms]\nmail = "nobody"\n', 2, "e-mail addresses"),
        ('[alarms]\nmail = "a@b.example"\n', 2, "needs `smtp`"),
        ("[alarms]\ncommand = []\n", 2, "not be empty"),
        ('[alarms]\ncommand = "say \\""\n', 2, "parted into words"),
        ('delay = 1\nalarms = { mail = "nobody" }\n', 2, "e-mail addresses"),
        ("[[service]]\n", 1, "single brackets"),
        ('[[sources]]\nname="a"\nurl="a.example"\nevery="1d"\ncron="0 0 * * *"\n', 5, "one of them"),
        ('[[sources]]\nname="a"\nurl="a.example"\n[[sources]]\nname="b"\nurl="HTTPS://A.example/#x"\n', 6, "same address"),
        ('[[sources]]\nname="-a"\nurl="a.example"\n', 2, "beginning with a dash"),
    ],
)
def test_a_wish_for_the_service_that_makes_no_sense_is_refused_with_its_line(written, text: str, line: int, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(written(text))
    assert caught.value.line == line


def test_a_source_is_found_by_its_name_and_by_its_address(written) -> None:
    config = load_config(written(EVERYTHING))
    assert (
        config.source("post") == config.source("post.example") == config.source("https://post.example/#top") == config.sources[0]
    )
    assert config.source("nobody") is None


DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_on_sources_names_every_key() -> None:
    page = (DOCS / "sources.md").read_text(encoding="utf-8")
    kinds = (SourceConfig, ServiceConfig, AlarmsConfig, DatasetConfig)
    keys = {field.name for kind in kinds for field in fields(kind)}
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []


@pytest.mark.parametrize("name", ["sources.md", "outlets.md"])
def test_the_configurations_in_the_pages_on_sources_load(written, name: str) -> None:
    examples = re.findall(r"```toml\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)
    assert examples
    for example in examples:
        assert load_config(written(example)).sources


def test_twenty_outlets_are_named() -> None:
    page = (DOCS / "outlets.md").read_text(encoding="utf-8")
    names = re.findall(r'^name = "([^",]+)', page, re.MULTILINE)
    assert len(set(names)) == 20


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "morgue.toml"
    path.write_bytes(b'\xef\xbb\xbfarchive = "a.db"\r\n')
    assert load_config(path).archive == tmp_path / "a.db"


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "morgue.toml"
    path.write_bytes('archive = "a.db"\ncontact = "caf\xe9@tern.example"\n'.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"line 2: is not in UTF-8 \(byte 0xe9\); save it as that"):
        load_config(path)
