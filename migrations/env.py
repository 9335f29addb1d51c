"""Run migrations inside the application's context."""

from alembic import context
from flask import current_app

from iocop.core.db import db


def run() -> None:
    """All steps are one transaction on either database, so that one killed half-way leaves nothing behind."""
    engine = current_app.extensions["sqlalchemy"].engine
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")  # batch mode rebuilds tables
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        context.configure(
            connection=connection, target_metadata=db.metadata, render_as_batch=sqlite, transactional_ddl=True
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")


run()
