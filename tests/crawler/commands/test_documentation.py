import importlib.util
from pathlib import Path

import pytest

from crawler.commands import COMMANDS
from crawler.exit_codes import ExitCode

DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_say_what_the_program_says(generate) -> None:
    assert generate.drifted() == []


def test_every_command_and_exit_code_is_documented(generate) -> None:
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    assert all(f"## morgue {name}\n" in text for name in COMMANDS)
    assert all(f"| {int(code)} | " in text for code in ExitCode)
