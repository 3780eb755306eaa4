"""Templates and catalogs, on small ones of our own: what they can reach and how they fail."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from composer import resources
from composer.errors import ConfigError, FiguresError, RenderError, SquaredeskError
from composer.figures.facts import Fact, FactKind
from composer.text import catalogs, templates
from composer.text.catalogs import Catalog, open_catalog
from composer.text.passages import Passage, join_passages
from composer.text.speaking import Speaker
from composer.text.templates import find_template, post_formats, render

AS_OF = datetime(2026, 6, 10, 8, tzinfo=UTC)

WriteTemplate = Callable[[str, str], None]
WriteCatalog = Callable[[str, str], Path]


def fact(fact_id: str, kind: FactKind, value: str) -> Fact:
    return Fact(
        id=fact_id,
        kind=kind,
        value=Decimal(value),
        symbol="BTC",
        as_of=AS_OF,
        source="Coinglass",
    )


FACTS: Mapping[str, Fact] = {
    "price": fact("price", FactKind.PRICE, "90131.71"),
    "skew": fact("skew", FactKind.FRACTION, "0.26"),
}

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def write_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteTemplate]:
    """Put a template into a folder that stands in for the shipped one."""
    folder = tmp_path / "templates"
    (folder / "posts").mkdir(parents=True)

    def write(name: str, text: str) -> None:
        (folder / "posts" / name).write_text(text, encoding="utf-8")

    monkeypatch.setattr(resources, "templates_folder", lambda: folder)
    templates._environment.cache_clear()
    yield write
    templates._environment.cache_clear()


@pytest.fixture
def write_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteCatalog]:
    """Put a PO file into a folder that stands in for the shipped locales."""

    def place(locale: str, domain: str) -> Path:
        return tmp_path / "locales" / locale / f"{domain}.po"

    def write(locale: str, entries: str) -> Path:
        file = place(locale, "posts")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEADER + entries, encoding="utf-8")
        catalogs._compiled.cache_clear()
        return file

    monkeypatch.setattr(resources, "catalog_file", place)
    catalogs._compiled.cache_clear()
    yield write
    catalogs._compiled.cache_clear()


def rendered(name: str = "small", *, locale: str = "en", **words: str) -> list[Passage]:
    piece = render(find_template(f"posts/{name}", locale), FACTS, words)
    return piece.speak(Speaker(open_catalog(locale)).wording(), locale)


def passage(body: str, arguments: str = '"lead"') -> str:
    return f"{{% call passage({arguments}) %}}\n{body}\n{{% endcall %}}\n"


# What a template can reach.


@pytest.mark.parametrize(
    "reach",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ ''['__class__'] }}",
        "{{ ''|attr('__class__') }}",
        "{{ fact.__globals__ }}",
        "{{ fact.__self__ }}",
        "{{ fact.__func__.__code__ }}",
        "{{ t.__self__ }}",
        "{{ holds.__init__.__globals__ }}",
        "{{ self.__init__ }}",
        "{{ '{0.__class__}'.format(symbol) }}",
        "{{ '{a.__class__}'.format_map({'a': symbol}) }}",
        "{{ (fact|string).__class__ }}",
        "{{ ().__reduce_ex__(2) }}",
        "{% set x = [] %}{{ x.append(1) }}",
        "{% set x = {} %}{{ x.update(a=1) }}",
        "{{ undefined_word }}",
        "{% include '../secret.j2' %}",
        "{% include '/etc/hostname' %}",
    ],
)
def test_a_template_that_reaches_out_is_refused(write_template: WriteTemplate, reach: str) -> None:
    write_template("small.j2", passage(reach))
    with pytest.raises(RenderError, match="posts/small"):
        rendered(symbol="BTC")


@pytest.mark.parametrize(
    "sentence",
    ["{symbol.__class__}", "{reach.__self__}", "{reach.__func__.__globals__}", "{symbol[0]}"],
)
def test_a_sentence_cannot_look_into_its_values(
    write_template: WriteTemplate, sentence: str
) -> None:
    """A placeholder is a name: str.format would open what the sandbox has closed."""
    write_template("small.j2", passage(f'{{{{ t("{sentence}", symbol=symbol, reach=fact) }}}}'))
    with pytest.raises(RenderError):
        rendered(symbol="BTC")


@pytest.mark.parametrize(
    "fault",
    [
        "{{ 1 / 0 }}",
        "{{ 1 + 'a' }}",
        "{{ fact() }}",
        "{{ range(10 ** 6)|list }}",
        "{{ passage('inner') }}",
    ],
)
def test_a_template_that_stumbles_says_so_without_a_traceback(
    write_template: WriteTemplate, fault: str
) -> None:
    write_template("small.j2", passage(fault))
    with pytest.raises(RenderError, match="posts/small"):
        rendered(symbol="BTC")


def test_a_template_can_print_facts_that_exist_only(write_template: WriteTemplate) -> None:
    write_template("small.j2", passage('{{ fact("prise") }}'))
    with pytest.raises(RenderError, match="prise"):
        rendered()


@pytest.mark.parametrize("fault", ['{{ fact("prise") }}', '{{ t("{price}") }}'])
def test_every_failure_names_its_template(write_template: WriteTemplate, fault: str) -> None:
    write_template("small.j2", passage(fault))
    with pytest.raises(RenderError, match="posts/small"):
        rendered()


def test_a_misspelt_claim_is_refused(write_template: WriteTemplate) -> None:
    write_template("small.j2", passage('{% if holds("short_heavey") %}Heavy.{% endif %}'))
    with pytest.raises(SquaredeskError, match="short_heavy") as refused:
        rendered()
    assert isinstance(refused.value, FiguresError | RenderError)


def test_a_syntax_error_names_template_and_line(write_template: WriteTemplate) -> None:
    write_template("small.j2", "A line.\n{% if %}\n")
    with pytest.raises(RenderError, match="posts/small") as refused:
        rendered()
    assert isinstance(refused.value.__cause__, Exception)
    assert getattr(refused.value.__cause__, "lineno", None) == 2


# What comes out.


def test_lines_are_sentences_joined_as_the_language_does(write_template: WriteTemplate) -> None:
    body = '{{ symbol }} is up.\n\n   {{ fact("price") }} is the price.   '
    write_template("small.j2", passage(body))
    (english,) = rendered(symbol="BTC")
    assert english.text == "BTC is up. [[price]] is the price."
    (chinese,) = rendered(locale="zh_Hans", symbol="BTC")
    assert chinese.text == "BTC is up.[[price]] is the price."


def test_passages_keep_key_order_and_marks(write_template: WriteTemplate) -> None:
    write_template(
        "small.j2",
        passage("One.", '"title"')
        + "Text outside passages is not printed.\n"
        + passage("Two.", '"lead", drop_order=3')
        + passage("Three.", '"caveat", editable=false'),
    )
    assert rendered() == [
        Passage(key="title", text="One."),
        Passage(key="lead", text="Two.", drop_order=3),
        Passage(key="caveat", text="Three.", editable=False),
    ]
    assert join_passages(rendered()) == "One.\n\nTwo.\n\nThree."


def test_an_empty_passage_is_left_out(write_template: WriteTemplate) -> None:
    write_template(
        "small.j2",
        passage('{% if holds("long_heavy") %}Longs.{% endif %}', '"lean"')
        + passage("   \n\t\n", '"blank"')
        + passage("Two.", '"lead"'),
    )
    assert [one.key for one in rendered()] == ["lead"]


def test_a_passage_stands_on_the_claims_that_hold_in_it(write_template: WriteTemplate) -> None:
    # The skew is 0.26: short_heavy (from 0.15) and tilted (below 0.35) hold.
    write_template(
        "small.j2",
        passage(
            '{% if holds("long_heavy") %}Longs.'
            '{% elif holds("short_heavy") and holds("heavily_skewed") %}Heavy.'
            '{% elif holds("short_heavy") and holds("tilted") %}Tilted.{% endif %}',
            '"lean"',
        )
        + passage("Nothing is claimed here.", '"lead"')
        + passage('{% if holds("tilted") %}Again.{% endif %}', '"end"'),
    )
    lean, lead, end = rendered()
    assert (lean.text, lean.claims) == ("Tilted.", ("short_heavy", "tilted"))
    assert lead.claims == ()
    assert end.claims == ("tilted",)


def test_a_claim_outside_of_passages_marks_none(write_template: WriteTemplate) -> None:
    write_template("small.j2", '{% set heavy = holds("short_heavy") %}' + passage("One."))
    (only,) = rendered()
    assert only.claims == ()


def test_what_the_market_does_not_offer_can_be_asked_for(write_template: WriteTemplate) -> None:
    write_template(
        "small.j2", passage('{{ known("price") }} {{ known("ratio") }} {{ fact("skew", "plain") }}')
    )
    (only,) = rendered()
    assert only.text == "True False [[skew|plain]]"


def test_a_language_may_have_a_template_of_its_own(write_template: WriteTemplate) -> None:
    write_template("small.j2", passage("For all."))
    write_template("small.zh_Hans.j2", passage("For one."))
    assert [one.text for one in rendered()] == ["For all."]
    assert [one.text for one in rendered(locale="zh_Hans")] == ["For one."]
    assert post_formats() == ("small",)


def test_words_are_printed_as_they_are(write_template: WriteTemplate) -> None:
    """A name from the market is text: neither markup, nor template, nor placeholder."""
    write_template("small.j2", passage('{{ t("From {source}.", source=source) }}'))
    name = "A&B <x> {{ 7 * 7 }} {price} 100% %s"
    (only,) = rendered(source=name)
    assert only.text == f"From {name}."


def test_an_unknown_template_names_the_formats_there_are(write_template: WriteTemplate) -> None:
    write_template("one.j2", passage("One."))
    write_template("two.en.j2", passage("Two."))
    with pytest.raises(ConfigError, match=r"no template 'posts/three'; post formats are one, two"):
        rendered("three")


# Catalogs.


def test_a_sentence_is_translated_and_filled(write_catalog: WriteCatalog) -> None:
    write_catalog("zh_Hans", 'msgid "At {price}."\nmsgstr "现价 {price}。"\n')
    catalog = open_catalog("zh_Hans")
    assert catalog.translate("At {price}.", price="[[price]]") == "现价 [[price]]。"
    assert catalog.gaps == []


@pytest.mark.parametrize(
    "entry",
    [
        "",
        'msgid "At {price}."\nmsgstr ""\n',
        '#, fuzzy\nmsgid "At {price}."\nmsgstr "现价 {price}。"\n',
        '#~ msgid "At {price}."\n#~ msgstr "现价 {price}。"\n',
        'msgctxt "title"\nmsgid "At {price}."\nmsgstr "现价 {price}。"\n',
    ],
)
def test_a_gap_comes_out_in_english_and_is_recorded(
    write_catalog: WriteCatalog, entry: str
) -> None:
    write_catalog("zh_Hans", entry)
    catalog = open_catalog("zh_Hans")
    assert catalog.translate("At {price}.", price="1") == "At 1."
    assert catalog.gaps == ["At {price}."]


def test_gaps_of_one_text_are_not_those_of_the_next(write_catalog: WriteCatalog) -> None:
    write_catalog("zh_Hans", "")
    open_catalog("zh_Hans").translate("Nobody translated me.")
    assert open_catalog("zh_Hans").gaps == []


def test_a_context_tells_two_uses_of_a_word_apart(write_catalog: WriteCatalog) -> None:
    write_catalog(
        "zh_Hans",
        'msgctxt "side"\nmsgid "Short {n}"\nmsgstr "空单 {n}"\n\n'
        'msgctxt "length"\nmsgid "Short {n}"\nmsgstr "简短 {n}"\n',
    )
    catalog = open_catalog("zh_Hans")
    assert catalog.wordings("Short {n}", "side") == ("空单 {n}",)
    assert catalog.wordings("Short {n}", "length") == ("简短 {n}",)
    assert catalog.gaps == []
    assert catalog.wordings("Short {n}", "other") == ("Short {n}",)
    assert catalog.gaps == ["Short {n}"]


@pytest.mark.parametrize(
    "broken",
    [
        "现价 {preis}。",
        "现价 {price。",
        "现价 price}。",
        "现价 {}。",
        "现价 {0}。",
        "{price.real}",
        "{price[a]}",
    ],
)
def test_a_broken_placeholder_names_the_sentence(write_catalog: WriteCatalog, broken: str) -> None:
    write_catalog("zh_Hans", f'msgid "At {{price}}."\nmsgstr "{broken}"\n')
    with pytest.raises(RenderError, match=r"zh_Hans.*At \{price\}\."):
        open_catalog("zh_Hans").translate("At {price}.", price="1")


def test_signs_of_other_formatters_are_harmless(write_catalog: WriteCatalog) -> None:
    write_catalog("zh_Hans", 'msgid "All of {source}."\nmsgstr "100% %s %(x)s $y {source}。"\n')
    catalog = open_catalog("zh_Hans")
    assert catalog.translate("All of {source}.", source="{price} {0} {") == (
        "100% %s %(x)s $y {price} {0} {。"
    )


@pytest.mark.parametrize(
    "content",
    [
        b'nonsense "a"\n',
        (
            b'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
            b'msgid "a"\nmsgstr "\xff\xfe"\n'
        ),
        (
            b'msgid ""\nmsgstr "Content-Type: text/plain; charset=klingon\\n"\n\n'
            b'msgid "a"\nmsgstr "b"\n'
        ),
    ],
)
def test_an_unreadable_catalog_is_named(write_catalog: WriteCatalog, content: bytes) -> None:
    file = write_catalog("zh_Hans", "")
    file.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        open_catalog("zh_Hans")
    assert str(file) in str(refused.value)


def test_a_locale_without_catalog_names_those_that_ship() -> None:
    with pytest.raises(ConfigError, match=r"'xx'; shipped are .*en.*zh_Hans"):
        open_catalog("xx")


def test_a_catalog_is_read_as_it_was_saved_by_a_translator(write_catalog: WriteCatalog) -> None:
    """A PO editor wraps long sentences over several lines."""
    write_catalog("en", 'msgid ""\n"At "\n"{price}."\nmsgstr ""\n"Now "\n"{price}."\n')
    catalog: Catalog = open_catalog("en")
    assert catalog.translate("At {price}.", price="1") == "Now 1."
