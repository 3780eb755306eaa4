"""README commands exist and take the options shown; its links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest

from composer.cli import main
from composer.settings import Settings

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(
    {
        line.removeprefix("$ ").strip().removeprefix(".venv/bin/")
        for block in [
            *re.findall(r"```\n(.*?)```", README, re.DOTALL),
            *re.findall(r"`([^`\n]+)`", README),
        ]
        for line in block.splitlines()
        if re.match(r"(\$ )?(\.venv/bin/)?(make|squaredesk) \w", line.strip())
    }
)


def test_the_readme_shows_commands() -> None:
    assert any(command.startswith("make draft") for command in COMMANDS)
    assert any(command.startswith("squaredesk draft --source") for command in COMMANDS)


@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("squaredesk ")])
def test_squaredesk_commands_parse(command: str) -> None:
    name, *arguments = shlex.split(command)[1:]
    subcommand = main.commands[name]
    subcommand.make_context(name, arguments)


@pytest.mark.parametrize("command", [line for line in COMMANDS if line.startswith("make ")])
def test_make_targets_exist(command: str, repository: Path) -> None:
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{command.split()[1]}:", makefile, re.MULTILINE)


def test_links_lead_to_files(repository: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (repository / target).exists(), target


def test_every_setting_stands_in_the_example(repository: Path) -> None:

    example = (repository / "examples" / "squaredesk.toml").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert re.search(rf"^(# )?({name} = |\[+{name}\]+$)", example, re.MULTILINE), name
