"""Run the migrations on the connection `composer.store.migrate` opened.

Alembic executes this file; its one statement is the call at the end.
"""

from alembic import context

from composer.store.tables import METADATA


def run_migrations() -> None:
    """Run what Alembic asks for, in the transaction of the caller."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
    context.run_migrations()


run_migrations()
