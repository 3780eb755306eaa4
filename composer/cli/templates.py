"""Post formats of the creator's own."""

import click

from composer.cli.options import explained


@click.group()
def template() -> None:
    """Post formats of your own, kept in a folder of templates."""


@template.command("new")
@click.argument("name")
@explained
def new_template(name: str) -> None:
    """Put a template to start from into your folder, as the format NAME."""
    from composer import bootstrap
    from composer.newsroom import files

    settings = bootstrap.start()
    file, text = bootstrap.new_template(settings, name)
    files.write_file(file, text.encode())
    click.echo(str(file))


@template.command("list")
@explained
def list_templates() -> None:
    """List the post formats there are: the shipped ones and your own."""
    from composer import bootstrap

    for name, origin in bootstrap.formats(bootstrap.start()).items():
        click.echo(f"{name}\t{origin}")
