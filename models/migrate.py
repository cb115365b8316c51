"""`python -m models.migrate`: bring the database up to date, one process at a time.

Tortoise's own migrations take no lock, and two at once break each other; an advisory lock on a connection of its own holds
the others back until the first is through.
"""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
from tortoise.migrations.api.migrate import migrate as apply_migrations

from models.database import close_database, open_database, tortoise_config
from models.partition import make_partitions
from settings import set_up_logging, settings

ADVISORY_LOCK = 4_603_217


async def migrate(url: str) -> None:
    """Apply what is missing; waits while another process does the same. Safe to repeat."""
    lock = await asyncpg.connect(url)
    try:
        await lock.execute("SELECT pg_advisory_lock($1)", ADVISORY_LOCK)
        await apply_migrations(config=_patient(tortoise_config(url, 2)))
        await open_database(url, 2)
        await make_partitions()
        await close_database()
    finally:
        await lock.close()


def _patient(config: dict[str, Any]) -> dict[str, Any]:
    """The configuration without the limits of requests: a migration takes as long as its tables are large."""
    told = config["connections"]["default"]["credentials"]["server_settings"]
    told.update(statement_timeout="0", transaction_timeout="0", idle_in_transaction_session_timeout="0")
    return config


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(migrate(settings().database_url))
