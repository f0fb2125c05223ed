"""What the judge of HTML says of a page becomes the target of the page as text."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.page import read_page
from pipelines.trees import Trees
from train.body import Lesson, _target_without
from train.corpus import FOLDS
from train.targets import words_of
from train.taught import Lecture, hear, taught_targets

FIRST = "The lock keeper wrote the hour into her book, as her father had done when the gate was new."
SECOND = "Nobody on the bank said anything for a while, and the water behind the gate stood still."
MENU = "Home Weather Ships Tides Letters"


def lecture_of(*texts: str, chances: list[float], unknown: frozenset[int] = frozenset()) -> Lecture:
    words = [words_of(text) for text in texts]
    owner = np.array([index for index, some in enumerate(words) for _ in some], dtype=np.intp)
    return Lecture([word for some in words for word in some], owner, np.array([chances], dtype=np.float32), unknown)


def text_of(*paragraphs: str) -> tuple[list[float], list[float]]:
    blocks = read_page("\n\n".join(paragraphs), format="text").blocks
    share, known = taught_targets(blocks, lecture_of(MENU, FIRST, SECOND, chances=[0.1, 0.9, 0.5]))
    return share[0].tolist(), known.tolist()


def test_a_block_has_the_chance_of_the_html_that_holds_its_words() -> None:
    share, known = text_of(MENU, FIRST, SECOND)
    assert share == pytest.approx([0.1, 0.9, 0.5])
    assert known == [1, 1, 1]


def test_a_block_of_words_that_the_html_lacks_is_unknown() -> None:
    assert text_of(FIRST, "Eleven recipes for eel that your grandmother would have crossed the road to avoid.")[1] == [1, 0]


def test_a_block_that_prints_a_field_is_unknown() -> None:
    blocks = read_page(f"{MENU}\n\n{FIRST}", format="text").blocks
    lecture = lecture_of(MENU, FIRST, chances=[0.1, 0.9], unknown=frozenset({1}))
    assert taught_targets(blocks, lecture)[1].tolist() == [1, 0]


def test_a_caption_is_no_running_text_for_any_teacher(body_trees: Trees) -> None:
    page = read_page(f"<body><p>{FIRST}<figure><img src=a.jpg><figcaption>{SECOND}</figcaption></figure><p>{FIRST} {SECOND}")
    lecture = hear(page, [body_trees])
    assert lecture.chances.shape == (1, len(page.blocks))
    assert [chance for chance, block in zip(lecture.chances[0], page.blocks, strict=True) if block.kind.name == "CAPTION"] == [0]


def test_a_judge_without_a_fold_learns_from_the_teacher_without_it() -> None:
    taught = np.arange(FOLDS + 1, dtype=np.float32)[:, None]
    one = np.ones(1, dtype=np.float32)
    lesson = Lesson("traf", "1", 0, whole=True, names=["words"], matrix=one[None], target=one, weight=one, taught=taught)
    assert [_target_without(lesson, fold)[0] for fold in (*range(FOLDS), None)] == [*range(FOLDS), FOLDS]


@pytest.fixture
def body_trees() -> Trees:
    from pipelines.boilerplate.model import body_model

    return body_model("html")
