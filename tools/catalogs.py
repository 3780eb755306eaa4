"""Keep the PO catalogs in step with what speaks: `update` rewrites, `check` only reports.

    python tools/catalogs.py update
    python tools/catalogs.py check
    python tools/catalogs.py terms

`update` keeps translations, adds new sentences with an empty translation (English gets
its own wording) and drops sentences nothing uses. `check` exits 1 and lists what
is missing, unused or fuzzy, where placeholders differ, where digits were typed, where
English was left in another script, and where a term of the trade is not said as the
language says it. `terms` writes `docs/terms.md` from the terms of all languages.
Posts speak through `templates/`, the desk through the pages and the code of `web/`.

A translation of a post's sentence holds several wordings, one a line; that of a notice, of
a chart or of the desk holds one.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polib
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

from composer.text.languages import Language, Term, language_of

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "locales"
TERMS = ROOT / "docs" / "terms.md"
# Where the sentences of each domain stand, and how Babel reads those files.
DOMAINS = {
    "posts": (ROOT / "templates", [("**.j2", "jinja2")]),
    "desk": (ROOT / "web", [("**.html", "jinja2"), ("**.py", "python")]),
}
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
SOURCE_LOCALE = "en"
KEYWORDS = {"t": None, "pt": ((1, "c"), 2)}
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
# Where sentences of posts stand: whatever is not of one of these has several wordings.
IN_ONE_WORDING = ("notices/", "charts/")
WORDINGS, WORDINGS_OF_HEADING = 3, 2
# Latin letters that any script keeps: codes, and names of what has no other.
LATIN = re.compile(r"[A-Za-z]{3,}")
KEPT_LATIN = frozenset({"ETF", "USD", "UTC", "BTC"})
LATIN_LANGUAGES = frozenset({"de", "en", "es", "fr", "id", "pt", "tr", "vi"})


@cache
def extract(domain: str = "posts") -> polib.POFile:
    """Return the sentences of a domain with their comments, no translations; read, not written."""
    folder, methods = DOMAINS[domain]
    catalog = Catalog()
    found = extract_from_dir(
        folder,
        method_map=methods,
        options_map={pattern: JINJA for pattern, method in methods if method == "jinja2"},
        keywords=KEYWORDS,
        comment_tags=("TRANSLATORS:",),
        strip_comment_tags=True,
    )
    for file, _line, sentence, comments, context in found:
        # A word of the desk explains itself by where it is shown; a post needs telling.
        shown = comments or ([f"shown by {file}"] if domain == "desk" else [])
        catalog.add(sentence, auto_comments=shown, context=context)
    template = polib.POFile(wrapwidth=100)
    for message in sorted(catalog, key=lambda item: (str(item.id), item.context or "")):
        if message.id:
            template.append(
                polib.POEntry(
                    msgid=str(message.id),
                    msgctxt=message.context,
                    comment="\n".join(dict.fromkeys(message.auto_comments)),
                    flags=["python-brace-format"],
                )
            )
    return template


def catalog_files(domain: str = "posts") -> list[Path]:
    """Return the catalogs of a domain in all locales that have one."""
    return sorted(LOCALES.glob(f"*/LC_MESSAGES/{domain}.po"))


def update(domain: str) -> None:
    """Bring every catalog of a domain in step with its sentences."""
    template = extract(domain)
    for file in catalog_files(domain):
        locale = file.parts[-3]
        old = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(file))}
        new = polib.POFile(wrapwidth=100)
        new.metadata = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
            "Language": locale,
            "MIME-Version": "1.0",
        }
        for entry in template:
            known = old.get((entry.msgctxt, entry.msgid))
            translation = known.msgstr if known else ""
            if locale == SOURCE_LOCALE:
                translation = translation or entry.msgid
            new.append(
                polib.POEntry(
                    msgid=entry.msgid,
                    msgctxt=entry.msgctxt,
                    msgstr=translation,
                    comment=entry.comment,
                    flags=entry.flags,
                )
            )
        new.save(str(file))


@cache
def in_one_wording() -> frozenset[str]:
    """Return the sentences of posts' notices and of charts, which are worded in one way."""
    folder, methods = DOMAINS["posts"]
    found = extract_from_dir(
        folder, method_map=methods, options_map={"**.j2": JINJA}, keywords=KEYWORDS
    )
    return frozenset(
        str(sentence)
        for file, _line, sentence, _comments, _context in found
        if file.startswith(IN_ONE_WORDING)
    )


def faults(template: polib.POFile, file: Path) -> Iterator[str]:
    """Yield what is wrong with one catalog, a line each."""
    catalog = polib.pofile(str(file))
    wanted = {(entry.msgctxt, entry.msgid) for entry in template}
    present = {(entry.msgctxt, entry.msgid) for entry in catalog if not entry.obsolete}
    for _context, sentence in sorted(wanted - present, key=str):
        yield f"missing: {sentence!r}"
    for _context, sentence in sorted(present - wanted, key=str):
        yield f"no template uses: {sentence!r}"
    is_post, once = file.stem == "posts", in_one_wording()
    for entry in catalog:
        if not entry.msgstr:
            yield f"not translated: {entry.msgid!r}"
            continue
        if entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        if not entry.comment:
            yield f"no comment for translators: {entry.msgid!r}"
        wordings = entry.msgstr.split("\n")
        yield from _wrong_number(entry.msgid, wordings, once=not is_post or entry.msgid in once)
        for wording in wordings:
            yield from _faults_of(entry.msgid, wording, file.parts[-3])
        if is_post:
            for wording in wordings:
                yield from _left_english(entry.msgid, wording, file.parts[-3])
            yield from _unsaid_terms(entry.msgid, wordings, language_of(file.parts[-3]))


def _wrong_number(sentence: str, wordings: list[str], *, once: bool) -> Iterator[str]:
    if once:
        least, most = 1, 1
    else:
        # Headings end without a stop, as titles do; tags are hardly a sentence at all.
        heading = sentence[-1] not in ".?"
        least, most = (WORDINGS_OF_HEADING if heading else WORDINGS), 12
    if not least <= len(wordings) <= most:
        yield f"{len(wordings)} wordings, expected {least} to {most}: {sentence!r}"
    if len(set(wordings)) < len(wordings):
        yield f"a wording stands twice: {sentence!r}"


def _faults_of(sentence: str, wording: str, locale: str) -> Iterator[str]:
    language = language_of(locale)
    if wording != wording.strip() or not wording:
        yield f"a wording begins or ends with a space, or is empty: {sentence!r}"
    if sorted(PLACEHOLDER.findall(sentence)) != sorted(PLACEHOLDER.findall(wording)):
        yield f"placeholders differ: {sentence!r} and {wording!r}"
    if sentence[:2] != wording[:2] and sentence.startswith(("- ", "# ", "##")):
        yield f"begins with another mark than {sentence[:3]!r}: {wording!r}"
    bare = PLACEHOLDER.sub(" ", wording)
    for literal in language.literals:
        bare = bare.replace(literal, " ")
    if re.search(r"\d", bare):
        yield f"a digit is typed, use a fact: {wording!r}"
    for term in language.terms:
        for word in term.avoid:
            if says(word, bare):
                yield f"{word!r} is not how {term.term!r} is said: {wording!r}"


def _left_english(sentence: str, wording: str, locale: str) -> Iterator[str]:
    bare = PLACEHOLDER.sub(" ", wording)
    for literal in language_of(locale).literals:
        bare = bare.replace(literal, " ")
    if locale.partition("_")[0] not in LATIN_LANGUAGES:
        left = set(LATIN.findall(bare)) - KEPT_LATIN
        if left:
            yield f"English is left ({', '.join(sorted(left))}): {wording!r}"
    elif locale != SOURCE_LOCALE and wording == sentence and LATIN.search(bare):
        yield f"it is still English: {wording!r}"


def _unsaid_terms(sentence: str, wordings: list[str], language: Language) -> Iterator[str]:
    for term in language.terms:
        if says(term.term, sentence) and not any(
            says(word, wording) for wording in wordings for word in term.say
        ):
            yield f"no wording says {term.term!r} with one of {term.say}: {wordings[0]!r}"


def says(word: str, text: str) -> bool:
    """Tell whether a text says a word or phrase, from the beginning of a word, in any case."""
    # Scripts that set no spaces have no beginnings of words.
    start = r"(?<!\w)" if word[:1].isascii() else ""
    return re.search(start + re.escape(word), text, re.IGNORECASE) is not None


def write_terms() -> None:
    """Write how every language says the terms of the trade into `docs/terms.md`."""
    TERMS.write_text(terms_page(), encoding="utf-8")


def terms_page() -> str:
    """Return the page that `write_terms` writes."""
    parts = [
        "# Terms of the trade, language by language",
        "Written by `make catalogs` from `locales/<id>/language.toml`; `make check` holds to it.",
    ]
    for file in sorted(LOCALES.glob("*/language.toml")):
        language = language_of(file.parent.name)
        parts += [f"## {file.parent.name}", "\n".join(_table(language.terms))]
    return "\n\n".join(parts) + "\n"


def _table(terms: tuple[Term, ...]) -> Iterator[str]:
    yield "| term | say | never | why |\n|---|---|---|---|"
    for term in terms:
        yield f"| {term.term} | {', '.join(term.say)} | {', '.join(term.avoid)} | {term.note} |"


def check() -> int:
    """Print the faults of all catalogs; return 1 if there are any."""
    files = {file: extract(domain) for domain in DOMAINS for file in catalog_files(domain)}
    lines = [
        f"{file.parts[-3]}/{file.name}: {fault}"
        for file, template in files.items()
        for fault in faults(template, file)
    ]
    if TERMS.read_text(encoding="utf-8") != terms_page():
        lines.append("docs/terms.md is out of step: run tools/catalogs.py terms")
    print("\n".join(lines) if lines else f"catalogs: {len(files)} complete")
    return 1 if lines else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            for name in DOMAINS:
                update(name)
        case ["terms"]:
            write_terms()
        case ["check"]:
            sys.exit(check())
        case _:
            sys.exit(__doc__)
