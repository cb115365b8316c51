"""`python -m models.epoch`: after a restore, the event log begins a new epoch.

A restored database gives out transaction ids that clients have cursors of already. With a new epoch those cursors are
unknown, and open clients are told to fetch afresh.
"""

from __future__ import annotations

import asyncio

from models.database import close_database, fetch, open_database
from settings import set_up_logging, settings


async def begin_epoch() -> None:
    """Give the log a new epoch; what was recorded before can no longer be resumed from."""
    await fetch(
        "UPDATE log_state SET epoch = substr(md5(random()::text || clock_timestamp()::text), 1, 10),"
        " floor_xid = pg_current_xact_id()"
    )


async def main() -> None:
    """Begin a new epoch in the database of the process's settings."""
    await open_database(settings().database_url, 1)
    try:
        await begin_epoch()
    finally:
        await close_database()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main())
