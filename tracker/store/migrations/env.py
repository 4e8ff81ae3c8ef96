"""Alembic's entry point: runs the migrations on the connection that ``tracker.store.migrations.upgrade`` opened."""

from alembic import context

from tracker.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
)
context.run_migrations()
