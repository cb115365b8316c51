"""`python -m work`: the process that does what follows from what happened, and what has to happen now and then."""

from __future__ import annotations

import asyncio
import functools
import logging
import signal
from collections.abc import Coroutine
from typing import Any

from discovery import percolation, trend
from discovery.hashtag_search import count_uses
from models import (
    automod_news,
    automod_run,
    digest,
    follow_request,
    job_move,
    letter,
    narrowing,
    notification_age,
    password_reset,
    ranked_list,
    tree_takedown,
)
from models.database import close_database, open_database
from models.delivery_news import tell_webhooks
from models.letter import LetterKind
from models.notification_news import tell_people
from models.push import OUTBOX as pushes
from outside.client import Client
from outside.mailer import Mailer, mailer_of
from outside.push import BadKey, Herald, herald_of
from realtime.cancel import end_tasks
from realtime.views import Views
from settings import Settings, set_up_logging, settings
from storage.bucket import Bucket
from work import account_letter, decision_letter, mail, push, security, webhook
from work.clock import Clock
from work.counter import fold_counters
from work.credit import grant_months
from work.digest import composer
from work.examining import anchors, examine
from work.link import Reader
from work.meaning import Muse
from work.picture import sweep_pictures
from work.poll import end_polls
from work.schedule import publish_due
from work.sweep import end_mutes, sweep_reviews, sweep_rows, sweep_uploads, turn_partitions
from work.views import write_views

CLOSE_SECONDS = 5.0
log = logging.getLogger(__name__)


async def main() -> None:
    """Run every clock until SIGTERM or SIGINT."""
    told = settings()
    mailer, herald = _mailer(told), _herald(told)
    await open_database(told.database_url, 4)
    bucket = await Bucket.open(told)
    believed = anchors()

    async def examine_old() -> bool:
        await examine(bucket, believed)
        return False  # one a second: they have waited long

    muse = Muse(bucket)
    views = Views(told.redis_url, told.secret_key)
    clocks = [
        Clock("folding counters", 1, fold_counters),
        Clock("writing down views", 30, functools.partial(write_views, views)),
        Clock("sweeping uploads", 300, functools.partial(sweep_uploads, bucket)),
        Clock("sweeping reviews", 600, functools.partial(sweep_reviews, told.review_days)),
        Clock("sweeping pictures", 60, functools.partial(sweep_pictures, bucket)),
        Clock("sweeping rows", 600, sweep_rows),
        Clock("examining old pictures", 1, examine_old),
        Clock("ending jobs of who is gone", 1, job_move.end_of_gone),
        Clock("granting credits", 60, grant_months),
        Clock("publishing what is scheduled", 1, publish_due),
        Clock("telling webhooks", 1, tell_webhooks),
        Clock("telling people", 0.3, tell_people),
        Clock("holding posts against saved searches", 0.3, percolation.percolate),
        Clock("telling of saved searches", 0.5, percolation.tell_savers),
        Clock("holding what is new against rules", 0.3, automod_news.screen),
        Clock("trying rules on what is there", 1, automod_run.step),
        Clock("following remix trees", 1, tree_takedown.step),
        Clock("forgetting what rules matched", 3_600, automod_news.forget_old),
        Clock("ending mutes", 1, end_mutes),
        Clock("turning partitions", 3_600, turn_partitions),
        Clock("ending polls", 1, end_polls),
        Clock("working out meanings", 1, muse.turn),
        Clock("counting hashtags", 60, count_uses),
        Clock("narrowing old posts", 1, narrowing.work),
        Clock("sweeping ranked lists", 300, ranked_list.sweep),
        Clock("working out trends", trend.TURN_SECONDS, trend.turn),
        Clock("letting followers in", 1, follow_request.let_in_more),
        Clock("giving up letters", 60, letter.expire),
        Clock("giving up pushes", 60, pushes.expire),
        Clock("sweeping notifications", 600, functools.partial(notification_age.forget_old, told.notification_days)),
        Clock("beginning digests", 60, digest.begin),
    ]
    if told.sends_links:
        clocks.append(
            Clock("sending links for new passwords", 1, functools.partial(password_reset.turn, told.secret_key))
        )
    client = Client(told.outside_loopback_hosts.split(","))
    busy: list[Coroutine[Any, Any, Any]] = [*(clock.run() for clock in clocks), webhook.run(client, told.secret_key)]
    if herald is not None:
        busy.append(push.courier(client, herald).run())
    if mailer is not None:
        composers = {
            **mail.COMPOSERS,
            LetterKind.DIGEST: composer(told.base_url, told.secret_key),
            LetterKind.SECURITY: security.composer(told.base_url),
            LetterKind.ACCOUNT: account_letter.composer(told.base_url, told.secret_key),
            LetterKind.DECISION: decision_letter.composer(told.base_url),
        }
        busy.append(mail.courier(mailer, told.base_url, composers).run())
    if told.link_cards:
        busy.append(Reader(client, bucket, told).run())
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    tasks = [asyncio.create_task(one) for one in (*busy, asked.wait())]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        await end_tasks(tasks, CLOSE_SECONDS)
        muse.close()
        await views.close()
        await bucket.close()
        await close_database()


def _mailer(told: Settings) -> Mailer | None:
    try:
        mailer = mailer_of(told)
    except ValueError as error:
        raise SystemExit(str(error)) from error
    if mailer is None:
        log.warning("Neither SMTP_URL nor MAIL_FOLDER is set: letters wait, and are given up in time.")
    return mailer


def _herald(told: Settings) -> Herald | None:
    try:
        herald = herald_of(told)
    except BadKey as error:
        raise SystemExit(str(error)) from error
    if herald is None:
        log.warning("VAPID_KEY is not set: nothing is pushed to browsers.")
    return herald


if __name__ == "__main__":
    set_up_logging()
    asyncio.run(main())
