"""`python -m work`: the process that does what follows from what happened, and what has to happen now and then."""

from __future__ import annotations

import asyncio
import functools
import signal
from contextlib import suppress

from models import narrowing
from models.database import close_database, open_database
from models.delivery_news import tell_webhooks
from outside.client import Client
from settings import set_up_logging, settings
from storage.bucket import Bucket
from work.clock import Clock
from work.counter import fold_counters
from work.credit import grant_months
from work.link import Reader
from work.picture import sweep_pictures
from work.poll import end_polls
from work.sweep import end_mutes, sweep_reviews, sweep_rows, sweep_uploads, turn_partitions
from work.webhook import Courier


async def main() -> None:
    """Run every clock until SIGTERM or SIGINT."""
    told = settings()
    await open_database(told.database_url, 4)
    bucket = await Bucket.open(told)
    clocks = [
        Clock("folding counters", 1, fold_counters),
        Clock("sweeping uploads", 300, functools.partial(sweep_uploads, bucket)),
        Clock("sweeping reviews", 600, functools.partial(sweep_reviews, bucket, told.review_days)),
        Clock("sweeping pictures", 60, functools.partial(sweep_pictures, bucket)),
        Clock("sweeping rows", 600, sweep_rows),
        Clock("granting credits", 60, grant_months),
        Clock("telling webhooks", 1, tell_webhooks),
        Clock("ending mutes", 1, end_mutes),
        Clock("turning partitions", 3_600, turn_partitions),
        Clock("ending polls", 1, end_polls),
        Clock("narrowing old posts", 1, narrowing.work),
    ]
    client = Client(told.outside_loopback_hosts.split(","))
    courier = Courier(client, told.secret_key)
    busy = [*(clock.run() for clock in clocks), courier.run()]
    if told.link_cards:
        busy.append(Reader(client, bucket, told).run())
    work = asyncio.gather(*busy)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    try:
        with suppress(asyncio.CancelledError):
            await work
    finally:
        await bucket.close()
        await close_database()


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main())
