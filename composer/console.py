"""What commands print for people: figures, drafts and findings, plainly laid out."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from composer.checks.figure_warning import describe
from composer.checks.records import Finding, Severity
from composer.figures.facts import facts_of
from composer.figures.report import Figures
from composer.market.records import MarketSnapshot
from composer.newsroom.records.editions import Edition, Image
from composer.text.amounts import AmountFormatter

_STYLES = {Severity.BLOCK: "bold red", Severity.WARN: "yellow"}


def _console() -> Console:
    # Texts come from templates, editors and markets: none of them is markup to us.
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=False)


def print_figures(figures: Figures) -> None:
    """Print every figure under its fact id, as a post would write it in English."""
    console = _console()
    amounts = AmountFormatter("en")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(justify="right")
    for fact in facts_of(figures).values():
        table.add_row(fact.id, amounts.format(fact))
    outlook = ", ".join(
        str(part) for part in (figures.outlook.direction, figures.outlook.strength) if part
    )
    console.print(f"{figures.symbol} · {figures.source} · {figures.method} · {outlook}")
    console.print(table)
    print_warnings(figures)
    for note in figures.notes:
        console.print(f"· {note}", style="dim", soft_wrap=True)


def print_warnings(figures: Figures) -> None:
    """Print what the figures warn of, beside the answer: on standard error."""
    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    for warning_id, message in describe(figures.warnings, facts_of(figures)).items():
        console.print(f"warning: {warning_id}: {message}", style="yellow", soft_wrap=True)


def print_notes(snapshot: MarketSnapshot) -> None:
    """Print what is to be known of the data, beside the answer: on standard error."""
    console = Console(stderr=True, markup=False, highlight=False, emoji=False)
    if snapshot.simulated:
        console.print("SIMULATED MARKET: no exchange's data is in these drafts.", style="bold red")
    for note in snapshot.notes:
        console.print(f"note: {note}", style="yellow", soft_wrap=True)


def print_edition(edition: Edition, images: Mapping[Image, Path], folder: Path | None) -> None:
    """Print the drafts of an edition one after the other, with what was found and filed."""
    console = _console()
    for draft in edition.drafts:
        console.print(Rule(f"{draft.locale} · {draft.format}", align="left", characters="─"))
        # The terminal breaks lines better than a wrapper that knows only spaces.
        console.print(Text(f"\n{draft.body.text}\n"), soft_wrap=True)
        print_findings("findings", draft.findings)
        for image in draft.images:
            console.print(f"  chart  {images[image].resolve()}", soft_wrap=True)
    console.print(Rule(characters="─"))
    console.print(f"edition {edition.id}")
    if folder is not None:
        console.print(f"filed in {folder.resolve()}", soft_wrap=True)


def print_findings(heading: str, findings: Iterable[Finding]) -> None:
    """Print findings, a line each, or that there are none."""
    console = _console()
    listed = list(findings)
    if not listed:
        console.print(f"  {heading}: none")
        return
    console.print(f"  {heading}:")
    for finding in listed:
        line = Text("    ")
        line.append(finding.severity.value, style=_STYLES[finding.severity])
        line.append(f"  {finding.id}")
        if finding.passage:
            line.append(f" in {finding.passage}")
        line.append(f": {finding.message}")
        console.print(line, soft_wrap=True)
