"""Formats of the creator's own: like the shipped ones, but behind a fence."""

from pathlib import Path

import pytest

from composer import resources
from composer.errors import ConfigError, RenderError
from composer.figures.facts import facts_of
from composer.text import fence
from composer.text.passages import Passage
from composer.text.templates import post_formats, require_free_name
from composer.text.writing import write_post
from tests.markets import SAMPLE_2, figures_of

FACTS = facts_of(figures_of(SAMPLE_2))
TITLE = '{% call passage("title") %}Mine{% endcall %}\n'


def write(folder: Path, body: str, *, locale: str = "en") -> tuple[Passage, ...]:
    """Return the post of a template of one's own with this body after a title."""
    (folder / "mine.j2").write_text(TITLE + body, encoding="utf-8")
    return write_post("mine", locale=locale, facts=FACTS, own=folder).passages


def said(folder: Path, text: str) -> str:
    passages = write(folder, f'{{% call passage("lead") %}}{text}{{% endcall %}}')
    return next(passage.text for passage in passages if passage.key == "lead")


def test_it_has_facts_claims_sentences_and_the_notices_of_every_post(tmp_path: Path) -> None:
    passages = write(
        tmp_path,
        '{% call passage("lead", drop_order=2) %}\n'
        'From {{ fact("price") }}{% if holds("short_heavy") %}, shorts weigh more{% endif %}.\n'
        '{{ t("Bottom line: this map says nothing about leverage close to the price.") }}\n'
        "{% endcall %}",
    )
    by_key = {passage.key: passage for passage in passages}
    assert list(by_key) == ["title", "lead", "caveat", "source", "disclaimer"]
    lead = by_key["lead"]
    assert lead.text.startswith("From [[price]], shorts weigh more. Bottom line: ")
    assert (lead.claims, lead.drop_order, lead.editable) == (("short_heavy",), 2, True)
    assert not by_key["caveat"].editable


def test_the_starter_is_a_good_post(tmp_path: Path) -> None:
    (tmp_path / "morning.j2").write_text(resources.starter_template().read_text("utf-8"))
    assert post_formats(tmp_path) == tuple(sorted((*post_formats(), "morning")))
    post = write_post("morning", locale="en", facts=FACTS, own=tmp_path)
    assert post.gaps == ()
    assert [passage.key for passage in post.passages][:2] == ["title", "lead"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{{ fact('prize') }}", r"mine\.j2, line 2: the template prints prize"),
        ("{{ 1 / 0 }}", r"mine\.j2, line 2: division by zero"),
        ("{{ ''.__class__ }}", r"mine\.j2, line 2: .*unsafe"),
        ("{% include '../../secrets.txt' %}", r"secrets\.txt"),
        ("{% if %}", r"mine\.j2, line 2: Expected an expression"),
        ("{{ 'long' * 9000 }}", r"mine\.j2 says 36,004 characters, 20,000 is the most"),
    ],
)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(RenderError, match=fault):
        said(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
        "{{ 'x' * 3000000000 }}",
        "{{ 9 ** (9 ** 9) }}",
    ],
    ids=["a loop", "memory", "one long sum"],
)
def test_what_takes_too_much_is_stopped(tmp_path: Path, text: str) -> None:
    with pytest.raises(RenderError, match=r"mine\.j2 was stopped .* may take 2 seconds"):
        said(tmp_path, text)


def test_what_hangs_without_working_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fence, "WALL_S", 0.01)
    with pytest.raises(RenderError, match="it took too long"):
        said(tmp_path, "calm")


def test_the_first_passage_is_the_title(tmp_path: Path) -> None:
    (tmp_path / "mine.j2").write_text('{% call passage("lead") %}No title.{% endcall %}')
    with pytest.raises(RenderError, match=r"mine\.j2: expected the first passage to be 'title'"):
        write_post("mine", locale="en", facts=FACTS, own=tmp_path)


def test_a_language_may_have_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.zh_Hans.j2").write_text('{% call passage("title") %}我的{% endcall %}')
    assert write(tmp_path, "", locale="zh_Hans")[0].text == "我的"
    assert write(tmp_path, "", locale="en")[0].text == "Mine"


@pytest.mark.parametrize("name", ["brief", "Mine", "my-own", "7up", ""])
def test_a_name_has_to_be_free_and_plain(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="expected a name of small letters"):
        require_free_name(name, tmp_path)
    (tmp_path / f"{name}.j2").touch()
    with pytest.raises(ConfigError, match="expected a name of small letters"):
        post_formats(tmp_path)


def test_a_template_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.j2").touch()
    with pytest.raises(ConfigError, match="already"):
        require_free_name("mine", tmp_path)
    require_free_name("other", tmp_path)
