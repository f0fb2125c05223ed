"""What the judge sees: structure and the claims of rules, no words, no sites."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.boilerplate.features import block_features
from pipelines.boilerplate.model import body_model
from pipelines.boilerplate.signs import look_at
from pipelines.page import read_page

URL = "https://courier.example/boats"
PROSE = [
    "The harbour office counted the boats again on Monday and found two more than it had moorings for, which pleased nobody.",
    "By Tuesday the two had been traced to a shed on the far side of the island, where they were waiting for a coat of paint.",
    "Nobody had asked for them, said the harbour master, and nobody would say who had rowed them across in the night.",
]


def measured(body: str, *, url: str = URL, declared: str = "") -> tuple[list[str], npt.NDArray[np.float32]]:
    page = read_page(f"<html><body>{body}</body></html>", url=url, format="html")
    title = next((block.index for block in page.blocks if block.level == 1), None)
    scene = look_at(page, title_block=title, furniture={}, tags=(), body=declared)
    return block_features(page, scene.outline, scene.signs)


def column(name: str, body: str, *, declared: str = "") -> list[float]:
    names, matrix = measured(body, declared=declared)
    values: list[float] = matrix[:, names.index(name)].tolist()
    return values


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


@pytest.mark.parametrize("form", ["html", "text", "markdown"])
def test_the_judges_that_come_with_morgue_know_these_features(form: str) -> None:
    body_model(form).check(measured(paragraphs(*PROSE))[0])


def test_each_name_stands_once() -> None:
    names, matrix = measured(paragraphs(*PROSE))
    assert len(set(names)) == len(names) == matrix.shape[1]


def test_other_words_of_the_same_shape_give_the_same_numbers() -> None:
    other = [text.translate(str.maketrans("abcdefghiklmnoprstuwy", "bcdefghiklmnoprstuwya")) for text in PROSE]
    assert np.array_equal(measured(paragraphs(*PROSE))[1], measured(paragraphs(*other))[1])


def test_another_site_gives_the_same_numbers() -> None:
    body = f"<h1>Boats</h1>{paragraphs(*PROSE)}<p><a href='/ice'>The ice comes early</a></p>"
    assert np.array_equal(measured(body)[1], measured(body, url="https://lantern.example/news/17")[1])


def test_hashed_class_names_say_nothing() -> None:
    plain = f"<div><div>{paragraphs(*PROSE)}</div></div>"
    hashed = plain.replace("<div>", "<div class='x7f3a9'>", 1)
    assert np.array_equal(measured(plain)[1], measured(hashed)[1])


def test_the_place_in_the_prose_grows_along_the_page() -> None:
    assert column("good_before", paragraphs(*PROSE)) == sorted(column("good_before", paragraphs(*PROSE)))
    assert column("place", paragraphs(*PROSE)) == pytest.approx([0, 1 / 3, 2 / 3])


def test_distance_to_the_title_is_in_blocks() -> None:
    assert column("from_title", f"<p>Menu</p><h1>Boats</h1>{paragraphs(*PROSE)}") == [-1, 0, 1, 2, 3]


def test_what_an_element_calls_itself_is_a_sign() -> None:
    signs = column("element", f"<h1>Boats</h1>{paragraphs(*PROSE)}<div class='comments'><p>Mine.</p></div>")
    assert signs[:4] == [0, 0, 0, 0]
    assert signs[4] > 0


def test_what_stands_under_a_telling_heading_is_a_sign() -> None:
    signs = column("heading", f"<h1>Boats</h1>{paragraphs(*PROSE)}<h3>Comments</h3><p>Mine.</p>")
    assert signs[:4] == [0, 0, 0, 0]
    assert signs[4] == signs[5] > 0


def test_the_declared_body_tells_its_blocks_from_others() -> None:
    signs = column("declared", paragraphs(PROSE[0], PROSE[1], PROSE[2]), declared=" ".join(PROSE[:2]))
    assert signs == [1, 1, -1]


def test_a_declared_body_that_is_of_another_page_says_nothing() -> None:
    assert column("declared", paragraphs(*PROSE), declared=f"{PROSE[0]} And so on.") == [0, 0, 0]


def test_repeats_are_told_from_what_they_repeat() -> None:
    assert column("repeats", paragraphs(PROSE[0], PROSE[1], PROSE[0])) == [-1, 0, 1]


PIECES = st.sampled_from(
    [*paragraphs(*PROSE).replace("</p>", "</p>\n").splitlines(), "<h2>", "<div>", "</div>", "<ul><li>One", "<hr>", "<td>x"]
)


@settings(deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=30).map("".join))
def test_every_number_is_one_on_any_page(body: str) -> None:
    page = read_page(body, url=URL, format="html")
    if page.blocks:
        scene = look_at(page, title_block=None, furniture={}, tags=(), body="")
        assert np.isfinite(block_features(page, scene.outline, scene.signs)[1]).all()


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_neighbours_beyond_either_end_of_a_short_page_are_empty(count: int) -> None:
    body = paragraphs(*(PROSE * 2)[:count])
    chars = column("chars", body)
    assert column("chars-2", body) == [0.0, 0.0, *chars][:count]
    assert column("chars+2", body) == [*chars[2:], 0.0, 0.0][-count:]
    assert column("link_density+1", body) == [0.0] * (count - 1) + [1.0]


def test_containers_that_are_one_element_have_the_same_numbers() -> None:
    names, matrix = measured(f"<div><p>Menu</p></div><main>{paragraphs(*PROSE)}</main>")
    for measure in ("steps_to", "depth_in", "place_in", "common_good"):
        half, most = (matrix[:, names.index(f"{measure}_{share}")].tolist() for share in ("50%", "90%"))
        assert half == most
    assert matrix[:, names.index("steps_to_90%")].tolist() == [1, 0, 0, 0]
