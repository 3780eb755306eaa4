"""Who works here, and where posts go."""

import sys
from typing import TYPE_CHECKING

import click

from composer.cli.houses import open_house
from composer.cli.options import explained

if TYPE_CHECKING:
    from composer.house import House
    from composer.newsroom.records.people import Person


@click.command()
@click.option("--probe", is_flag=True, help="Ask the platforms whether they take our keys.")
@explained
def accounts(*, probe: bool) -> None:
    """List where posts go, and whether each account can be used; exit 1 if one cannot."""
    from composer import bootstrap

    with open_house(bootstrap.start()) as house:
        problems = 0
        for account in house.store.accounts():
            if account.name not in house.settings.all_accounts:
                click.echo(f"{account.name}\t{account.platform}\tnot configured any more")
                continue
            problem = house.outlets.look(account.name, probe=probe)
            problems += bool(problem)
            held = f"held: {account.held_reason}" if account.held else ""
            said = "; ".join(filter(None, [problem, held])) or "ready"
            click.echo(f"{account.name}\t{account.platform}\t{said}")
    if problems:
        sys.exit(1)


@click.group()
def user() -> None:
    """Add people to the review desk and let them in."""


_NAME = click.argument("name")
_ROLE = click.option(
    "--role",
    type=click.Choice(["creator", "editor", "admin"]),
    default="creator",
    show_default=True,
    help="What the person may do.",
)


@user.command("list")
@explained
def list_users() -> None:
    """List everyone with role."""
    from composer import bootstrap

    with open_house(bootstrap.start()) as house:
        for person in house.store.people():
            note = "" if person.active else " (may not sign in)"
            click.echo(f"{person.name}\t{person.role}{note}")


@user.command("add")
@_NAME
@_ROLE
@explained
def add_user(*, name: str, role: str) -> None:
    """Add a person and print a one-time sign-in link."""
    from composer import bootstrap
    from composer.newsroom.records.people import Role

    with open_house(bootstrap.start()) as house:
        person = house.store.add_person(name, Role(role), desk_locale="en")
        _print_link(house, person)


@user.command("link")
@_NAME
@explained
def link_user(*, name: str) -> None:
    """Print a new one-time sign-in link for a person."""
    from composer import bootstrap

    with open_house(bootstrap.start()) as house:
        _print_link(house, house.people.named(name))


def _print_link(house: "House", person: "Person") -> None:
    settings = house.settings
    token = house.people.issue_link(person)
    click.echo(f"http://{settings.host}:{settings.port}/enter/{token}")
