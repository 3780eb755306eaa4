"""Keep the PO catalogs in step with what speaks: `update` rewrites, `check` only reports.

    python tools/catalogs.py update
    python tools/catalogs.py check

`update` keeps translations, adds new sentences with an empty translation (English gets
its own wording) and drops sentences nothing uses. `check` exits 1 and lists what
is missing, unused or fuzzy, where placeholders differ, and where digits were typed.
Posts speak through `templates/`, the desk through the pages and the code of `web/`.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "locales"
# Where the sentences of each domain stand, and how Babel reads those files.
DOMAINS = {
    "posts": (ROOT / "templates", [("**.j2", "jinja2")]),
    "desk": (ROOT / "web", [("**.html", "jinja2"), ("**.py", "python")]),
}
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
SOURCE_LOCALE = "en"
KEYWORDS = {"t": None, "pt": ((1, "c"), 2)}
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
# Spans of time that sentences may name; every other number has to come from a fact.
LITERALS = re.compile(r"24h|24 小时|7-day|7 日")


def extract(domain: str = "posts") -> polib.POFile:
    """Return the sentences of a domain with their comments, no translations."""
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
                translation = entry.msgid
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


def faults(template: polib.POFile, file: Path) -> Iterator[str]:
    """Yield what is wrong with one catalog, a line each."""
    catalog = polib.pofile(str(file))
    wanted = {(entry.msgctxt, entry.msgid) for entry in template}
    present = {(entry.msgctxt, entry.msgid) for entry in catalog if not entry.obsolete}
    for _context, sentence in sorted(wanted - present, key=str):
        yield f"missing: {sentence!r}"
    for _context, sentence in sorted(present - wanted, key=str):
        yield f"no template uses: {sentence!r}"
    for entry in catalog:
        if not entry.msgstr:
            yield f"not translated: {entry.msgid!r}"
            continue
        if entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        if not entry.comment:
            yield f"no comment for translators: {entry.msgid!r}"
        if sorted(PLACEHOLDER.findall(entry.msgid)) != sorted(PLACEHOLDER.findall(entry.msgstr)):
            yield f"placeholders differ: {entry.msgid!r} and {entry.msgstr!r}"
        if re.search(r"\d", LITERALS.sub("", entry.msgstr)):
            yield f"a digit is typed, use a fact: {entry.msgstr!r}"


def check() -> int:
    """Print the faults of all catalogs; return 1 if there are any."""
    files = {file: extract(domain) for domain in DOMAINS for file in catalog_files(domain)}
    lines = [
        f"{file.parts[-3]}/{file.name}: {fault}"
        for file, template in files.items()
        for fault in faults(template, file)
    ]
    print("\n".join(lines) if lines else f"catalogs: {len(files)} complete")
    return 1 if lines else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            for name in DOMAINS:
                update(name)
        case ["check"]:
            sys.exit(check())
        case _:
            sys.exit(__doc__)
