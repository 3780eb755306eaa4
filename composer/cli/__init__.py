"""The command line.

Commands import what they need when they run, so that `squaredesk --help` starts at
once. Exit codes: 0 fine, 1 refused or failed with the reason on standard error, 2 bad
usage.
"""

import click

from composer.cli import backtesting, drafting, people, running, templates


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="squaredesk")
def main() -> None:
    """Daily liquidation-imbalance posts: computed, written, checked."""


for _command in (
    *(drafting.figures, drafting.draft, drafting.chart, drafting.check, drafting.record),
    backtesting.backtest,
    *(running.serve, running.web, running.clock, running.worker),
    *(people.accounts, people.user, drafting.tiers, templates.template),
):
    main.add_command(_command)
