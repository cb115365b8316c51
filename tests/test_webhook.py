"""Sending to webhooks: signed, at least once, in order; who cannot be reached is tried again and then left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web
from standardwebhooks import WebhookVerificationError

from dev.stack import Stack
from models import delivery, webhook
from models.database import fetch, fetch_value
from models.delivery import DeliveryState
from models.delivery_move import (
    DISABLED_AFTER_DAYS,
    LONGEST_ANSWER_BYTES,
    MOST_AT_ONCE_FOR_ONE,
    MOST_AT_ONCE_FOR_OWNER,
    MOST_TRIES,
    PAUSES_SECONDS,
    Outcome,
    claim,
    note,
)
from models.delivery_news import tell_webhooks
from models.transaction import transaction
from models.webhook import WebhookEvent, WebhookOffReason
from models.webhook_secret import PREFIX, new_salt, secret_of, sign
from outside.client import Client
from resolvers.webhook import ALL_EVENTS
from settings import Settings, settings
from tests.hooks import (
    HOST,
    attempts_of,
    check_pause,
    courier,
    deliveries_of,
    done,
    make_due,
    owner_of,
    sent,
    told,
)
from tests.jobs import fresh_queue, job_world
from tests.receiver import Receiver, receiving
from work import webhook as sending


@pytest_asyncio.fixture(scope="module", autouse=True)
async def _told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "webhook_test", OUTSIDE_LOOPBACK_HOSTS=HOST) as found:
        yield found


@pytest_asyncio.fixture(autouse=True)
async def _queue(_told: Settings) -> None:
    await fresh_queue()
    await fetch("DELETE FROM webhooks")
    while await tell_webhooks():
        pass


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


async def test_what_is_not_taken_is_tried_again_with_the_same_id(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url, WebhookEvent.GENERATION_SUCCEEDED)
    await done(owner.id)
    (row,) = await told(owner.webhook_id, 1)
    receiver.replies += [500, 302, 429]
    for turn in range(1, 5):
        before = await fetch_value("SELECT now()")
        await sent()
        assert len(receiver.got) == turn
        (row,) = await deliveries_of(owner.webhook_id)
        if turn < 4:
            now = await fetch_value("SELECT now()")
            check_pause(PAUSES_SECONDS[turn - 1], before, row["next_try_at"], now)
            assert row["state"] == "PENDING"
            await sent()
            assert len(receiver.got) == turn, "not before its time"
            await make_due(owner.webhook_id)
    assert (row["state"], row["tries"], row["next_try_at"]) == ("DELIVERED", 4, None)
    assert len({one.message_id for one in receiver.got}) == 1
    assert len({one.body for one in receiver.got}) == 1
    for one in receiver.got:
        one.verify(owner.secret)
    assert [one["status"] for one in await attempts_of(row["id"])] == [500, 302, 429, 204]
    assert await fetch_value("SELECT failing_since FROM webhooks WHERE id = $1", owner.webhook_id) is None


async def test_the_receiver_may_ask_for_more_time(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url, WebhookEvent.GENERATION_SUCCEEDED)
    await done(owner.id)
    await told(owner.webhook_id, 1)

    async def busy(request: web.Request) -> web.StreamResponse:
        return web.Response(status=503, headers={"Retry-After": "900"})

    receiver.replies.append(busy)
    await sent()
    (row,) = await deliveries_of(owner.webhook_id)
    assert (
        890 < await fetch_value("SELECT extract(epoch FROM $1::timestamptz - now())::float8", row["next_try_at"]) < 901
    )


async def test_after_ten_tries_it_is_given_up(receiver: Receiver) -> None:
    assert MOST_TRIES == 10
    assert 1.5 * 3600 < sum(PAUSES_SECONDS) < 2.5 * 3600, "about two hours"
    owner = await owner_of(receiver.url, WebhookEvent.GENERATION_SUCCEEDED)
    await done(owner.id)
    await told(owner.webhook_id, 1)
    receiver.replies += [500] * 20
    for _ in range(12):
        await make_due(owner.webhook_id)
        await sent()
    (row,) = await deliveries_of(owner.webhook_id)
    assert (row["state"], row["next_try_at"], len(receiver.got)) == ("FAILED", None, 10)
    assert await fetch_value("SELECT enabled FROM webhooks WHERE id = $1", owner.webhook_id), "one message is no reason"


async def test_tries_that_end_together_are_all_noted(receiver: Receiver) -> None:
    """The last try of one delivery turns the webhook off and gives up the other, which is noted at the same moment."""
    for _ in range(20):
        owner = await owner_of(receiver.url)
        await done(owner.id)
        rows = await told(owner.webhook_id, 2)
        long_ago = "UPDATE webhooks SET failing_since = now() - interval '30 days' WHERE id = $1"
        await fetch(long_ago, owner.webhook_id)
        await fetch("UPDATE webhook_deliveries SET tries = $2 WHERE id = $1", rows[0]["id"], MOST_TRIES - 1)
        parcels = await claim(10)
        assert {parcel.id for parcel in parcels} == {row["id"] for row in rows}
        await asyncio.gather(*(note(parcel, Outcome(1, 500)) for parcel in parcels))
        assert {one["state"] for one in await deliveries_of(owner.webhook_id)} == {"FAILED"}


async def test_days_of_failures_turn_it_off_and_say_why(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url)
    await done(owner.id)
    rows = await told(owner.webhook_id, 2)
    await fetch(
        "UPDATE webhooks SET failing_since = now() - make_interval(days => $2, mins => 1) WHERE id = $1",
        owner.webhook_id,
        DISABLED_AFTER_DAYS,
    )
    await fetch("UPDATE webhook_deliveries SET tries = 9 WHERE id = $1", rows[0]["id"])
    receiver.replies += [500] * 5
    await sent()
    row = await webhook.webhook_of(owner.id, owner.webhook_id)
    assert row is not None
    assert not row.is_enabled
    assert row.disabled_reason == "It took nothing for 3 days. The last try: status 500"
    assert row.disabled_code is WebhookOffReason.SILENT
    assert {one["state"] for one in await deliveries_of(owner.webhook_id)} == {"FAILED"}, "what waited is given up"
    async with transaction():
        await webhook.update(owner.id, owner.webhook_id, is_enabled=True)
    row = await webhook.webhook_of(owner.id, owner.webhook_id)
    assert row is not None
    assert (row.is_enabled, row.disabled_reason, row.disabled_code, row.failing_since) == (True, None, None, None)


async def test_gone_turns_it_off_at_once(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url)
    await done(owner.id)
    await told(owner.webhook_id, 2)
    receiver.replies.append(410)
    await sent()
    row = await webhook.webhook_of(owner.id, owner.webhook_id)
    assert row is not None
    assert "410" in (row.disabled_reason or "")
    assert row.disabled_code is WebhookOffReason.GONE
    assert len(receiver.got) == 1


async def test_who_is_slow_is_cut_off_and_holds_up_nobody(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sending.SECONDS_FOR_AN_ANSWER == 15
    monkeypatch.setattr(sending, "SECONDS_FOR_AN_ANSWER", 1.0)
    async with receiving() as slow:

        async def never(request: web.Request) -> web.StreamResponse:
            await asyncio.Event().wait()
            raise AssertionError

        slow.replies += [never] * 10
        dawdler, owner = await owner_of(slow.url), await owner_of(receiver.url)
        for _ in range(4):
            await done(dawdler.id)
        await done(owner.id)
        await told(dawdler.webhook_id, 8)
        await told(owner.webhook_id, 2)
        one = courier()
        await one.turn()
        assert len(await receiver.until(1)) == 1, "while the slow one is waited for"
        assert len(slow.got) <= MOST_AT_ONCE_FOR_ONE
        await one.idle()
        failures = await fetch("SELECT failure, status FROM webhook_attempts WHERE failure IS NOT NULL")
        assert {row["failure"] for row in failures} == {"No answer came within 1 seconds."}
        assert len(failures) == MOST_AT_ONCE_FOR_ONE
    await one.idle()


async def test_who_has_many_slow_webhooks_leaves_room_for_others(receiver: Receiver) -> None:
    dawdler, owner = await owner_of("http://127.0.0.1:9/0"), await owner_of(receiver.url)
    async with transaction():
        more = [await webhook.create(dawdler.id, f"http://127.0.0.1:9/{at}", list(ALL_EVENTS)) for at in range(1, 10)]
    for _ in range(3):
        await done(dawdler.id)
    await done(owner.id)
    for webhook_id in (dawdler.webhook_id, *more):
        await told(webhook_id, 6)
    await told(owner.webhook_id, 2)
    taken = await claim(sending.MOST_AT_ONCE)
    assert sum(parcel.url.startswith("http://127.0.0.1:9/") for parcel in taken) == MOST_AT_ONCE_FOR_OWNER
    assert sum(parcel.url == receiver.url for parcel in taken) == 1, "what is told later waits for what is earlier"
    assert await claim(sending.MOST_AT_ONCE) == []


async def test_a_long_line_of_one_person_is_looked_past(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.delivery_move.LOOKED_AT_ONCE", 3)
    dawdler, owner = await owner_of("http://127.0.0.1:9/0"), await owner_of(receiver.url)
    async with transaction():
        await webhook.create(dawdler.id, "http://127.0.0.1:9/1", list(ALL_EVENTS))
    for _ in range(4):
        await done(dawdler.id)
    await done(owner.id)
    await told(owner.webhook_id, 2)
    urls: list[str] = []
    while parcels := await claim(sending.MOST_AT_ONCE):
        urls += [parcel.url for parcel in parcels]
    assert urls.count(receiver.url) == 1
    assert len(urls) == 1 + MOST_AT_ONCE_FOR_OWNER


async def test_what_tells_of_a_job_later_waits_for_the_first_try_of_what_is_earlier(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url)
    await done(owner.id, kept=2, count=2)
    rows = await told(owner.webhook_id, 3)
    (first,) = await claim(20)
    assert first.id == rows[0]["id"]
    assert list(await claim(20)) == [], "the first is on its way"
    assert await note(first, Outcome(5, status=500)) is DeliveryState.PENDING
    await sent()
    assert [one.data["sequence"] for one in receiver.got] == [2, 3], "tried, it holds up nobody"
    assert [row["state"] for row in await deliveries_of(owner.webhook_id)] == ["PENDING", "DELIVERED", "DELIVERED"]


async def test_two_senders_do_not_send_the_same(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url)
    for _ in range(6):
        await done(owner.id)
    await told(owner.webhook_id, 12)
    couriers = [courier() for _ in range(3)]
    while any(await asyncio.gather(*(one.turn() for one in couriers))):
        await asyncio.gather(*(one.idle() for one in couriers))
    assert len(receiver.got) == len({one.message_id for one in receiver.got}) == 12


async def test_a_lease_that_ended_lets_another_send_the_same_message(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url, WebhookEvent.GENERATION_SUCCEEDED)
    await done(owner.id)
    await told(owner.webhook_id, 1)
    (lost,) = await claim(1)
    await make_due(owner.webhook_id)
    await sent()
    outcome = await sending.deliver(
        Client([HOST]), settings().secret_key, lost
    )  # the one that was thought dead wakes up
    assert outcome.is_taken
    assert await note(lost, outcome) is None
    first, second = receiver.got
    assert first.message_id == second.message_id
    (row,) = await deliveries_of(owner.webhook_id)
    assert (row["state"], len(await attempts_of(row["id"]))) == ("DELIVERED", 2), "both stand in the log"


async def test_an_address_that_is_not_public_is_never_asked_again(receiver: Receiver) -> None:
    """The name was fine when the webhook was made, and leads inside now."""
    owner = await owner_of("https://hooks.example.org/", WebhookEvent.GENERATION_SUCCEEDED)
    await done(owner.id)
    await told(owner.webhook_id, 1)

    async def inside(host: str, port: int) -> list[str]:
        return ["169.254.169.254"]

    one = sending.courier(Client([HOST], inside), settings().secret_key)
    assert await one.turn()
    await one.idle()
    (row,) = await deliveries_of(owner.webhook_id)
    (attempt,) = await attempts_of(row["id"])
    assert (row["state"], attempt["status"]) == ("FAILED", None)
    assert attempt["failure"] == "This name leads to an address that is not public."


async def test_of_the_answer_the_first_two_kibibytes_are_kept(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url, WebhookEvent.GENERATION_SUCCEEDED)
    await done(owner.id)
    (row,) = await told(owner.webhook_id, 1)

    async def chatty(request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"a\0\xff" + b"x" * 9_999)

    receiver.replies.append(chatty)
    await sent()
    (attempt,) = await attempts_of(row["id"])
    assert attempt["answer"] == "a\ufffd\ufffd" + "x" * (LONGEST_ANSWER_BYTES - 3)
    assert 0 <= attempt["milliseconds"] < 15_000


async def test_a_webhook_that_is_deleted_meanwhile_is_no_fault(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url, WebhookEvent.GENERATION_SUCCEEDED)
    await done(owner.id)
    await told(owner.webhook_id, 1)
    (parcel,) = await claim(1)
    async with transaction():
        await webhook.delete(owner.id, owner.webhook_id)
    assert await note(parcel, await sending.deliver(Client([HOST]), settings().secret_key, parcel)) is None


async def test_old_deliveries_are_forgotten(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url)
    await done(owner.id)
    rows = await told(owner.webhook_id, 2)
    await sent()
    await fetch("UPDATE webhook_deliveries SET created_at = now() - interval '31 days' WHERE id = $1", rows[0]["id"])
    assert await delivery.forget_old() == 1
    assert [row["id"] for row in await deliveries_of(owner.webhook_id)] == [rows[1]["id"]]


# --- secrets ---


async def test_both_secrets_sign_for_a_day(receiver: Receiver) -> None:
    owner = await owner_of(receiver.url, WebhookEvent.GENERATION_SUCCEEDED)
    async with transaction():
        assert await webhook.rotate(owner.id, owner.webhook_id) == 2
    newer = secret_of(await webhook.salt_of(owner.webhook_id), settings().secret_key)
    assert newer != owner.secret
    await done(owner.id)
    await told(owner.webhook_id, 1)
    await sent()
    for secret in (owner.secret, newer):
        receiver.got[0].verify(secret)
    await fetch("UPDATE webhooks SET old_until = now() WHERE id = $1", owner.webhook_id)
    await done(owner.id)
    await told(owner.webhook_id, 2)
    await sent()
    receiver.got[1].verify(newer)
    with pytest.raises(WebhookVerificationError):
        receiver.got[1].verify(owner.secret)


def test_a_secret_takes_the_row_and_the_key() -> None:
    salt, key = new_salt(), "k" * 32
    secret = secret_of(salt, key)
    assert secret.startswith(PREFIX)
    assert len(secret) == len(PREFIX) + 44
    assert secret_of(salt, "l" * 32) != secret != secret_of(new_salt(), key)
    assert sign([salt], key, "m", 1, b"{}") == sign([salt], key, "m", 1, b"{}") != sign([salt], key, "m", 2, b"{}")
    assert sign([salt, new_salt()], key, "m", 1, b"{}").count("v1,") == 2
    with pytest.raises(ValueError, match="SECRET_KEY"):
        secret_of(salt, "too short")


async def test_without_a_key_nothing_is_sent(caplog: pytest.LogCaptureFixture) -> None:
    await sending.run(Client(), "")
    assert "SECRET_KEY is not set" in caplog.text
