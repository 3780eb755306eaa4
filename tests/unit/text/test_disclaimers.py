"""Disclaimers: a full and a short one for each profile, under the version of their words."""

from hashlib import sha256
from itertools import product
from typing import get_args

import pytest

from composer.account_settings import AccountSettings
from composer.errors import RenderError
from composer.text.disclaimers import (
    VERSIONS,
    DisclaimerForm,
    Jurisdiction,
    disclaimer_label,
    disclaimer_text,
    disclaimer_wordings,
)
from composer.text.presence import Audience, Position

FULL, SHORT = DisclaimerForm.FULL, DisclaimerForm.SHORT

# The words of each version, so that nobody changes them under an old one.
FINGERPRINTS = {
    ("default", "2026-11"): "392e435364f4",
    ("eu", "2026-11"): "4b6c51ec2428",
    ("uk", "2026-11"): "c8e8daa1ea00",
    ("us", "2026-11"): "dc6a924e4acf",
}


def english(jurisdiction: Jurisdiction, form: DisclaimerForm) -> str:
    return disclaimer_text("en", jurisdiction, form)


@pytest.mark.parametrize("profile", Jurisdiction)
def test_other_words_have_another_version(profile: Jurisdiction) -> None:
    words = "\n".join(english(profile, form) for form in DisclaimerForm)
    found = sha256(words.encode()).hexdigest()[:12]
    assert found == FINGERPRINTS[profile, VERSIONS[profile]], (
        f"the words of {profile} have changed: give them another version, and its fingerprint here"
    )


@pytest.mark.parametrize("profile", Jurisdiction)
def test_the_short_form_is_shorter_and_warns_of_the_same(profile: Jurisdiction) -> None:
    full, short = english(profile, FULL), english(profile, SHORT)
    assert len(short) < 0.75 * len(full)
    for text in (full, short):
        assert "advice" in text
        assert "leveraged position" in text
        assert not any(char.isdigit() for char in text)
    assert disclaimer_wordings("en", profile) == {full, short}


def test_every_profile_has_words_of_its_own() -> None:
    texts = [english(*one) for one in product(Jurisdiction, DisclaimerForm)]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (Jurisdiction.EU, ("not an offer", "authority has")),
        (Jurisdiction.US, ("tax or legal advice", "may not be available to US persons")),
        (Jurisdiction.UK, ("For professional clients only", "retail clients in the United")),
    ],
)
def test_each_says_what_its_rules_care_about(profile: Jurisdiction, words: tuple[str, ...]) -> None:
    for form, phrase in product(DisclaimerForm, words):
        assert phrase in english(profile, form)


def test_an_auditor_finds_words_by_their_label() -> None:
    assert disclaimer_label(Jurisdiction.EU, SHORT) == f"eu {VERSIONS[Jurisdiction.EU]} short"


def test_words_that_a_locale_lacks_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "composer.text.catalogs.Catalog.wordings",
        lambda catalog, message, _context=None: catalog.gaps.append(message) or (message,),
    )
    with pytest.raises(RenderError, match=r"zh_Hans has no translation of 'Not investment, tax"):
        disclaimer_text("zh_Hans", Jurisdiction.US, SHORT)


@pytest.mark.parametrize(
    ("field", "known"),
    [("jurisdiction", Jurisdiction), ("audience", Audience), ("position", Position)],
)
def test_settings_know_the_same_names(
    field: str, known: type[Jurisdiction | Audience | Position]
) -> None:
    annotation = AccountSettings.model_fields[field].annotation
    names = [name for one in (annotation, *get_args(annotation)) for name in get_args(one)]
    assert {name for name in names if isinstance(name, str)} == {str(one) for one in known}
