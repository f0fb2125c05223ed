"""Names inside bylines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.byline.given_names import GIVEN_NAMES, is_surely_person
from pipelines.byline.names import is_plain_name, read_names
from pipelines.byline.vocabulary import ACCOUNTS, AGENCIES, DESK_WORDS, NEVER, PAPER_WORDS
from pipelines.fields import Author

NAMES = [
    ("By Fiaz Ahmed Published 3 months ago 4 min read", ["Fiaz Ahmed"]),
    ("By Jane Doe and John Q. Public", ["Jane Doe", "John Q. Public"]),
    ("Jane Doe, John Smith and Max Mustermann", ["Jane Doe", "John Smith", "Max Mustermann"]),
    ("By Mara Lindqvist, Jon Vale", ["Mara Lindqvist", "Jon Vale"]),
    ("Von Anna Müller und Max Weber, Berlin", ["Anna Müller", "Max Weber"]),
    ("Par Jean-Pierre Dupont et Marie Curie", ["Jean-Pierre Dupont", "Marie Curie"]),
    ("Por María José García y Luis Ortega y Gasset", ["María José García", "Luis Ortega y Gasset"]),
    ("Di Anna Rossi e Paolo Bianchi", ["Anna Rossi", "Paolo Bianchi"]),
    ("Door Jan de Vries en Els Bakker", ["Jan de Vries", "Els Bakker"]),
    ("Av Kari Nordmann og Ola Hansen", ["Kari Nordmann", "Ola Hansen"]),
    ("Written by Mary-Ann O'Neil | March 3, 2024", ["Mary-Ann O'Neil"]),
    ("Text: Anna Schmidt", ["Anna Schmidt"]),
    ("Posted by Kim Lee at 10:03", ["Kim Lee"]),
    ("By Jane Doe on August 5, 2024", ["Jane Doe"]),
    ("By Ludwig van Beethoven", ["Ludwig van Beethoven"]),
    ("Dr. Jane Doe, MD, PhD", ["Jane Doe"]),
    ("Jane Doe (Reuters)", ["Jane Doe"]),
    ("Jane Doe jane@example.org", ["Jane Doe"]),
    ("文/王小明", ["王小明"]),
    ("記者 山田太郎", ["山田太郎"]),
    ("Alice Smith | Bob Jones", ["Alice Smith", "Bob Jones"]),
    ("Parisa Vonnegut", ["Parisa Vonnegut"]),
    ("Ein Beitrag von Anna Müller", ["Anna Müller"]),
    ("Escrito por Juan Carlos Muñoz C.", ["Juan Carlos Muñoz C."]),
    ("ByAnn Lee", ["Ann Lee"]),
    ("By Ann Lee ⋅ Senior Editor ⋅ Updated 6 May 2025", ["Ann Lee"]),
    ("Recipe by Ann Lee", ["Ann Lee"]),
    ("Autorin/Autor: Anna Müller", ["Anna Müller"]),
    ("Autor:in Anna Müller", ["Anna Müller"]),
    ("Rechtsanwältin Anna Müller", ["Anna Müller"]),
    ("Text und Fotos: Anna Müller", ["Anna Müller"]),
    ("Ann Lee Last update: 16 July 2025", ["Ann Lee"]),
    ("Por Ana Ruiz y José Vidal Hace 13 horas", ["Ana Ruiz", "José Vidal"]),
    ("Ann Lee, Staff Attorney, Tern Justice Program & Jo Fox, Director of Studies, Tern Academy", ["Ann Lee", "Jo Fox"]),
    ("Autorin: Uta Stern, Projektleiterin der Werkstatt in Tunis.", ["Uta Stern"]),
    ("Anna Stern im Gespräch mit Jo Fox", ["Anna Stern", "Jo Fox"]),
    ("Автор: Иван Петров и Анна Белова", ["Иван Петров", "Анна Белова"]),
    ("Napisał Jan Kowalski oraz Ewa Nowak", ["Jan Kowalski", "Ewa Nowak"]),
    ("Szerző: Nagy Anna és Kis Péter", ["Nagy Anna", "Kis Péter"]),
    ("Penulis: Budi Santoso dan Sari Dewi", ["Budi Santoso", "Sari Dewi"]),
    ("홍길동 기자", ["홍길동"]),
    ("本报记者 王小明", ["王小明"]),
    ("取材・文/山田太郎", ["山田太郎"]),
]


@pytest.mark.parametrize(("byline", "names"), NAMES)
def test_names_are_whole_and_in_order(byline: str, names: list[str]) -> None:
    assert [author.name for author in read_names(byline)] == names


@pytest.mark.parametrize(("byline", "names"), NAMES)
def test_names_written_as_names_pass_the_strict_reading(byline: str, names: list[str]) -> None:
    assert [author.name for author in read_names(byline, strictly=True)] == names


@pytest.mark.parametrize(
    "text",
    [
        "",
        "admin",
        "By Staff",
        "editor",
        "@jane",
        "jane@example.org",
        "https://example.org/jane",
        "By the way, we are here",
        "The Courier",
        "4 min read",
        "March 3, 2024",
    ],
)
def test_accounts_addresses_and_phrases_are_no_names(text: str) -> None:
    assert read_names(text, {"courier"}) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Editor: Ann Lee",
        "Edited by Ann Lee",
        "Additional reporting by Ann Lee",
        "Contributions from: Ann Lee",
        "Übersetzt von Anna Müller",
        "Fotografin: Anna Müller",
        "编辑：王小明",
    ],
)
def test_those_who_did_something_else_than_write_are_no_authors(text: str) -> None:
    assert read_names(text) == ()


@pytest.mark.parametrize("text", ["unsern Hafenbloggern", "tern[at]tern.example", "Die Fahrt zur Insel", "Tern Youtube"])
def test_phrases_and_hidden_addresses_are_no_names(text: str) -> None:
    assert read_names(text, strictly=True) == ()


@pytest.mark.parametrize("text", ["Von der Leyen besucht Kiew", "By land and sea", "By now it was late", "Por la mañana"])
def test_sentences_are_no_names_in_the_strict_reading(text: str) -> None:
    assert read_names(text, strictly=True) == ()


@pytest.mark.parametrize("text", ["Reuters", "By Associated Press", "dpa", "Redaktion", "CNN Staff", "Tern News Agency"])
def test_agencies_and_desks_are_organisations(text: str) -> None:
    assert [author.kind for author in read_names(text)] == ["organisation"]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("By Jane Doe, Moscow correspondent", "Jane Doe", "Moscow correspondent"),
        ("Jane Doe Staff Writer", "Jane Doe", "Staff Writer"),
        ("Jane Doe, Redakteurin", "Jane Doe", "Redakteurin"),
    ],
)
def test_a_role_goes_to_the_name_before_it(text: str, name: str, role: str) -> None:
    (author,) = read_names(text)
    assert (author.name, author.role) == (name, role)


def test_last_name_first_is_turned_where_the_source_writes_so() -> None:
    assert [author.name for author in read_names("Doe, Jane", last_first=True)] == ["Jane Doe"]


WORDS = st.sampled_from(
    [
        *(
            "Ann",
            "Lee",
            "Van",
            "Der",
            "By",
            "Von",
            "Dr",
            "Prof",
            "And",
            "Und",
            "Staff",
            "Editor",
            "Team",
            "News",
            "Reuters",
            "On",
        ),
        *("Monday", "The", "Director", "Redakteurin", "Phd", "At", "Photo", "Updated", "Author", "Mc", "Müller", "Иван", "Tube"),
    ]
)


@given(st.lists(WORDS, min_size=1, max_size=4), st.booleans())
def test_plain_names_are_read_as_the_rules_would_read_them(words: list[str], strictly: bool) -> None:
    text = " ".join(words)
    if is_plain_name(words):
        assert [(author.name, author.kind) for author in read_names(f"{text},", strictly=strictly)] == [(text, "person")]


@given(st.text(max_size=200), st.booleans(), st.booleans())
def test_reading_names_never_raises(text: str, strictly: bool, last_first: bool) -> None:
    for author in read_names(text, strictly=strictly, last_first=last_first):
        assert author.name == author.name.strip() != ""


@pytest.mark.parametrize("name", ["Anna Stern", "Jean-Luc Moreau", "Wolfgang van der Meer"])
def test_a_known_given_name_makes_a_person_sure(name: str) -> None:
    assert is_surely_person(Author(name))


@pytest.mark.parametrize(
    "name", ["Harbour Lights", "Anna", "Stern Anna", "Anna Stern Studio", "Peter Paul Maria Hubert Anna Stern"]
)
def test_a_phrase_a_firm_or_one_word_is_no_sure_person(name: str) -> None:
    assert not is_surely_person(Author(name))


def test_given_names_are_no_words_of_desks_papers_or_accounts() -> None:
    assert GIVEN_NAMES.isdisjoint(DESK_WORDS | PAPER_WORDS | NEVER | ACCOUNTS | AGENCIES)
