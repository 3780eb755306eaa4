"""Formats of the creator's own: like the shipped ones, but in a sandbox."""

from pathlib import Path

import pytest

from composer import resources
from composer.errors import ConfigError, RenderError
from composer.figures.facts import facts_of
from composer.text import sandbox
from composer.text.passages import Passage
from composer.text.templates import post_formats, require_free_name
from composer.text.writing import write_post
from tests.markets import SAMPLE_2, figures_of

FACTS = facts_of(figures_of(SAMPLE_2))
NESTED = (
    "{% set nest = namespace(of='a') %}"
    "{% for i in range(9) %}{% set nest.of = t('{a}{a}', a=nest.of) %}{% endfor %}{{ nest.of }}"
)
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
        ("{{ t('{x}', x='long' * 9000) }}", r"mine\.j2 says 36,0\d\d characters, 20,000"),
        ("{{ t('Hi {x}', x=nobody) }}", r"mine\.j2: 'nobody' is undefined"),
        ("{{ t('Hi {x}', x='\ue0000\ue001') }}", r"mine\.j2: .* U\+E000"),
        ("Hi \ue0007\ue001", r"mine\.j2: .* U\+E000"),
        (
            NESTED,
            r"mine\.j2: sentences fill .* more than 8 deep",
        ),
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
    monkeypatch.setattr(sandbox, "WALL_S", 0.01)
    with pytest.raises(RenderError, match="it took too long"):
        said(tmp_path, "calm")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ("5", "5: a key has small letters"),
        ("'A b'", "'A b': a key has small letters"),
        ("'a' * 41", "'a{41}': a key has small letters"),
        ("'title'", "'title': two passages have this key"),
        ("'source'", "'source': squaredesk adds that one itself"),
        ("'disclaimer'", "'disclaimer': squaredesk adds that one itself"),
        ("'disclosure'", "'disclosure': squaredesk adds that one itself"),
        ("'sign_off'", "'sign_off': squaredesk adds that one itself"),
        ("'simulated'", "'simulated': squaredesk adds that one itself"),
        ("'campaign_cup'", "'campaign_cup': squaredesk adds that one itself"),
        ("'a', drop_order='x'", "'a': expected a whole number as drop_order, not 'x'"),
        ("'a', drop_order=true", "'a': expected a whole number as drop_order, not True"),
        ("'a', editable='no'", "'a': expected true or false as editable, not 'no'"),
        ("'a', editable=nobody", "Undefined is not JSON serializable"),
    ],
)
def test_a_passage_that_no_post_can_have_is_refused(
    tmp_path: Path, arguments: str, fault: str
) -> None:
    with pytest.raises(RenderError, match=rf"mine\.j2: .*{fault}"):
        write(tmp_path, f"{{% call passage({arguments}) %}}Calm.{{% endcall %}}")


def test_checks_read_every_passage_but_the_caveat_word_for_word(tmp_path: Path) -> None:
    passages = write(
        tmp_path,
        '{% call passage("lead", editable=false) %}Calm.{% endcall %}\n'
        '{% include "notices/caveat.j2" %}',
    )
    by_key = {passage.key: passage.editable for passage in passages}
    assert (by_key["lead"], by_key["caveat"]) == (True, False)
    passages = write(tmp_path, '{% call passage("caveat", editable=false) %}Calm.{% endcall %}')
    assert next(passage.editable for passage in passages if passage.key == "caveat")


def test_a_claim_is_asked_inside_the_passage_that_stands_on_it(tmp_path: Path) -> None:
    body = (
        '{{% set heavy = {}("short_heavy") %}}'
        '{{% call passage("lead") %}}{{% if heavy %}}Calm.{{% endif %}}{{% endcall %}}'
    )
    with pytest.raises(RenderError, match=r"mine\.j2, line 2: holds\('short_heavy'\) outside"):
        write(tmp_path, body.format("holds"))
    lead = next(one for one in write(tmp_path, body.format("would_hold")) if one.key == "lead")
    assert lead.claims == ()


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
