"""Write every format in every language for three recorded mornings into `docs/specimens/`.

    python tools/specimens.py

One page a language, for eyes: a morning each on which shorts were heavier, longs were heavier,
and neither. The figures are estimated from a recorded file that is not ours to ship; it has to
lie beside the checkout.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from composer import resources
from composer.errors import FiguresError
from composer.figures.compute import compute_figures
from composer.figures.facts import Fact, facts_of
from composer.figures.levels import LevelPolicy
from composer.figures.past import PastFigures
from composer.figures.report import Direction
from composer.figures.rewind import DAY, rewind
from composer.market.records import Query
from composer.market.sources import open_source
from composer.text.amounts import AmountFormatter
from composer.text.passages import join_passages
from composer.text.templates import post_formats
from composer.text.tokens import render_tokens
from composer.text.writing import write_post

ROOT = Path(__file__).parent.parent
RECORDED = (
    ROOT.parent
    / "shared"
    / "data"
    / "market"
    / "coinglass_btc_1h_price_oi_liq_funding_2025-12-04_2026-03-31.csv"
)
PAGES = ROOT / "docs" / "specimens"
FIRST, LAST = datetime(2025, 12, 18, 8, tzinfo=UTC), datetime(2026, 3, 31, 8, tzinfo=UTC)
_PAST = 90

Morning = tuple[str, Mapping[str, Fact]]


def mornings() -> dict[Direction, Morning]:
    """Return the last recorded morning of each outlook: its seed and its facts."""
    year = open_source(str(RECORDED)).snapshot(Query(now=LAST + timedelta(days=365)))
    past: list[PastFigures] = []
    found: dict[Direction, Morning] = {}
    for number in range((LAST - FIRST).days + 1):
        moment = FIRST + number * DAY
        try:
            known = rewind(year, moment)
        except FiguresError:
            continue
        figures = compute_figures(
            known, levels=LevelPolicy.parse("round"), past=tuple(reversed(past[-_PAST:]))
        )
        facts = facts_of(figures)
        past.append(PastFigures(as_of=figures.as_of, facts=facts))
        found[figures.outlook.direction] = (f"specimen {moment:%Y-%m-%d}", facts)
    return found


def page(locale: str, chosen: Mapping[Direction, Morning]) -> str:
    """Return the page of one language."""
    return "\n".join(_parts(locale, chosen))


def _parts(locale: str, chosen: Mapping[Direction, Morning]) -> Iterator[str]:
    amounts = AmountFormatter(locale)
    yield f"# Specimens: {locale}\n"
    yield "Written by `make specimens` from recorded mornings; nothing here was edited.\n"
    for direction in Direction:
        seed, facts = chosen[direction]
        for post_format in post_formats():
            post = write_post(post_format, locale=locale, facts=facts, seed=seed)
            title, *body = post.passages
            text = render_tokens(join_passages(body), facts, amounts).text
            yield f"---\n\n`{direction}` · `{post_format}`\n"
            yield f"**{render_tokens(title.text, facts, amounts).text}**\n"
            # Two spaces keep the lines of a post apart on the page, as a platform shows them.
            yield text.replace("\n## ", "\n#### ").replace("\n", "  \n").replace("  \n  \n", "\n\n")
            yield ""


def main() -> None:
    """Write the pages of all shipped languages."""
    if not RECORDED.is_file():
        sys.exit(f"{RECORDED.name} is not beside this checkout; it is not ours to ship")
    chosen = mornings()
    PAGES.mkdir(parents=True, exist_ok=True)
    for locale in resources.shipped_locales():
        (PAGES / f"{locale}.md").write_text(page(locale, chosen), encoding="utf-8")
        print(f"docs/specimens/{locale}.md")


if __name__ == "__main__":
    main()
