from __future__ import annotations

from pathlib import Path

import pytest

import train.__main__ as command


@pytest.mark.parametrize(
    ("arguments", "trained"),
    [([], ["body", "text", "verdict"]), (["verdict", "body"], ["body", "verdict"])],
    ids=["none", "two"],
)
def test_judges_that_are_named_are_trained_in_order_and_all_if_none_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], trained: list[str]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(command, "CORPUS", tmp_path)
    monkeypatch.setattr(command, "_in_parts", lambda *_: [])
    monkeypatch.setattr(command, "_train", lambda judge, *_: done.append(judge))
    monkeypatch.setattr(command, "_train_verdict", lambda *_: done.append("verdict"))
    assert command.main([*arguments, "--folds", str(tmp_path)]) == 0
    assert done == trained


def test_a_judge_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["bodies"])
    assert "is none of body, text, verdict" in capsys.readouterr().err
