import csv
import io
import json
import os
from pathlib import Path

import pytest

from archive.rows import SearchResult
from crawler.commands.search import summary

FERRY = "https://courier.example/ferry"


def test_search_finds_words_and_shows_the_passage(call, archive: Path) -> None:
    result = call("search", "sailed")
    assert result.code == 0
    assert "New ferry keeps its promise, mostly" in result.out
    assert "[[sailed]]" in result.out
    assert "Harbour wall" not in result.out


def test_search_filters(call, archive: Path) -> None:
    assert (
        json.loads(call("search", "were", "OR", "ferry", "--lang", "de", "--json").out)["hits"][0]["title"]
        == "Harbour wall repaired"
    )
    assert json.loads(call("search", "were OR ferry", "--since", "2026-09", "--json").out)["hits"][0]["url"] == FERRY
    assert len(json.loads(call("search", "were OR ferry", "--limit", "1", "--json").out)["hits"]) == 1


def test_search_says_how_many_match(call, archive: Path) -> None:
    assert call("search", "were OR ferry", "--limit", "1").err == "2 articles found, the best 1 shown.\n"
    assert call("search", "stones").err == "1 article found.\n"
    answer = json.loads(call("search", "were OR ferry", "--every", "--json").out)
    assert (answer["total"], answer["exact"], answer["ranked"], len(answer["hits"])) == (2, True, 2, 2)


def test_search_says_when_not_all_were_ranked() -> None:
    result = SearchResult(hits=(), total=149_125, exact=False, ranked=2_333)
    assert summary(result) == (
        "about 150,000 articles found, the best 0 shown; ranked: the 2,333 most promising. `--every` ranks all."
    )


def test_nothing_found_is_no_error(call, archive: Path) -> None:
    result = call("search", "zeppelin")
    assert (result.code, result.out) == (0, "")
    assert json.loads(call("search", "zeppelin", "--json").out)["hits"] == []


def test_a_query_that_cannot_be_parsed_is_an_error(call, archive: Path) -> None:
    result = call("search", '"never closed')
    assert result.code == 2
    assert result.err.startswith("Error: ")


def test_show_prints_the_article_as_a_page(call, archive: Path) -> None:
    lines = call("show", FERRY).out.splitlines()
    assert lines[0] == "New ferry keeps its promise, mostly"
    assert "By Mara Lindqvist and Jon Vale" in lines
    assert lines[-5:] == ["", "Times", "", "- At six", "- At nine"]


def test_show_takes_the_number_of_an_article_and_of_a_revision(call, archive: Path) -> None:
    assert "<keeps>" in call("show", "1", "--revision", "1").out
    assert "mostly" in call("show", "1").out


def test_show_as_json_holds_body_and_evidence(call, archive: Path) -> None:
    shown = json.loads(call("show", "1", "--format", "json").out)
    assert shown["revision"] == 2
    assert [block["text"] for block in shown["blocks"]][-1] == "First!"
    assert shown["evidence"][0]["place"] == "h1"


def test_show_as_markdown_escapes_and_keeps_lists_together(call, archive: Path) -> None:
    text = call("show", "1", "--revision", "1", "--format", "markdown").out
    assert r"# New ferry \<keeps\> its \*promise\*" in text
    assert text.endswith("## Times\n\n- At six\n- At nine\n")


def test_show_as_html_escapes(call, archive: Path) -> None:
    text = call("show", "1", "--revision", "1", "--format", "html").out
    assert "<h1>New ferry &lt;keeps&gt; its *promise*</h1>" in text
    assert "<ul>\n<li>At six</li>\n<li>At nine</li>\n</ul>" in text


def test_removed_names_label_and_reason(call, archive: Path) -> None:
    text = call("show", "1", "--removed").out
    assert "comments (1)" in text
    assert "- First!" in text
    assert 'because under heading "Comments"' in text
    assert [block["text"] for block in json.loads(call("show", "1", "--removed", "--format", "json").out)] == ["First!"]


def test_an_unknown_article_is_an_error_that_names_near_addresses(call, archive: Path) -> None:
    result = call("show", "https://courier.example/fery")
    assert result.code == 1
    assert FERRY in result.err


def test_why_tells_where_a_field_is_from_and_what_lost(call, archive: Path) -> None:
    result = call("why", FERRY)
    assert result.code == 0
    assert "  title        New ferry" in result.out
    assert "lost: Ferry | Courier" in result.out
    assert "markup, h1, confidence 0.95" in result.out
    assert "stored, status 200" in result.out
    assert json.loads(call("why", FERRY, "--json").out)["article"]["revisions"] == 2


def test_why_of_an_address_never_met_fails(call, archive: Path) -> None:
    assert call("why", "https://nobody.example/").code == 1


def test_export_csv_goes_to_stdout_or_a_file(call, archive: Path, tmp_path: Path) -> None:
    printed = call("export", "csv", "--raw")
    rows = list(csv.DictReader(io.StringIO(printed.out)))
    assert [row["title"] for row in rows] == ["New ferry keeps its promise, mostly", "Harbour wall repaired"]
    assert printed.err == ""
    assert call("export", "csv", "--raw", "-o", "out.csv").out == ""
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines() == printed.out.splitlines()
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_export_jsonl_filters(call, archive: Path) -> None:
    lines = [json.loads(line) for line in call("export", "jsonl", "--lang", "en").out.splitlines()]
    assert [line["url"] for line in lines] == [FERRY]
    assert lines[0]["sections"][1] == {"heading": "Times", "level": 2, "paragraphs": ["At six", "At nine"]}
    assert len(call("export", "jsonl", "--query", "stones").out.splitlines()) == 1


def test_export_overwrites_only_when_told(call, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("mine")
    refused = call("export", "csv", "-o", "out.csv")
    assert refused.code == 1
    assert "--force" in refused.err
    assert (tmp_path / "out.csv").read_text() == "mine"
    assert call("export", "csv", "-o", "out.csv", "--force").code == 0


def test_a_failed_export_leaves_no_file(call, archive: Path, tmp_path: Path) -> None:
    assert call("export", "csv", "-o", tmp_path / "missing" / "out.csv").code == 1
    assert call("export", "csv", "--query", '"never closed', "-o", "out.csv").code == 2
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


def test_stats_count(call, archive: Path) -> None:
    stats = json.loads(call("stats", "--json").out)
    assert (stats["articles"], stats["revisions"], stats["captures"]) == (2, 3, 3)
    text = call("stats").out
    assert "courier.example" in text
    assert "added by hand" in text


def test_verify_finds_a_sound_archive_sound(call, archive: Path) -> None:
    result = call("verify")
    assert (result.code, result.out) == (0, "morgue.db is sound.\n")
    assert json.loads(call("verify", "--json").out) == []


def test_verify_names_damage_with_exit_code_6(call, archive: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(archive)
    connection.execute("UPDATE payloads SET data = X'00' WHERE rowid = 1")
    connection.commit()
    connection.close()
    result = call("verify")
    assert result.code == 6
    assert "payload" in result.out
    assert json.loads(call("verify", "--json").out)[0]["advice"]


@pytest.mark.parametrize("command", ["search x", "show 1", "why https://a.example/", "export csv", "stats", "verify"])
def test_a_missing_archive_is_an_error_that_says_what_to_do(call, command: str) -> None:
    result = call(*command.split(), "--archive", "none.db")
    assert (result.code, result.out) == (1, "")
    assert "none.db" in result.err
    assert "Traceback" not in result.err


def test_a_number_beyond_all_is_the_number_of_no_article(call, archive: Path) -> None:
    assert "there is no article with the id" in call("show", "9" * 30).err
    assert "there is no article with the id" in call("why", "9" * 30).err
    assert "there is no revision" in call("show", "1", "--revision", "9" * 30).err
    assert call("show", "²").code == 1


def test_a_limit_beyond_all_is_no_limit(call, archive: Path) -> None:
    assert call("search", "ferry", "--limit", "9" * 30).out == call("search", "ferry").out
    assert call("export", "csv", "--limit", "9" * 30).out == call("export", "csv").out


def test_a_query_that_cannot_be_parsed_exports_not_even_a_heading(call, archive: Path) -> None:
    result = call("export", "csv", "--query", '"')
    assert (result.code, result.out) == (2, "")


def test_export_replaces_no_device_and_no_folder(call, archive: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    for place in (fifo, tmp_path):
        result = call("export", "csv", "-o", place, "--force")
        assert result.code == 1
        assert "is no regular file" in result.err
    assert fifo.is_fifo()
