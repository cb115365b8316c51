"""Web Push: who is told at once, of what, in which words; browsers that are gone; what is tried again; whose address it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from models import node_id
from models.database import fetch, fetch_value
from models.outbox import Fate, Outcome
from models.push import DELAY_SECONDS, OUTBOX, SPACING_SECONDS, claim, note
from models.push_subscription import GIVEN_UP_AFTER_DAYS, MOST_OF_PERSON, MOST_OF_SESSION
from outside.push import Herald, herald_of
from settings import Settings
from tests.hooks import PATIENCE_SECONDS, check_pause
from tests.people import PASSWORD, Person, Town
from tests.pushing import (
    SUBSCRIBE,
    UNSUBSCRIBE,
    Receiving,
    check_ticket,
    courier,
    make_due,
    pushes_of,
    sent,
    subscribe,
    text_of,
)
from tests.receiver import Got, Receiver, receiving
from tests.selection import mutation
from tests.telling import READ, SWITCH, caught_up, lines

BROWSERS = (
    """{ viewer { notificationSettings { pushKey pushSubscriptions { id device createdAt lastSentAt isCurrent } } } }"""
)


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


@pytest.fixture
def herald(told: Settings) -> Herald:
    found = herald_of(told)
    assert found is not None
    return found


async def browsers(person: Person) -> list[dict[str, object]]:
    settings = (await person.ask(BROWSERS))["viewer"]["notificationSettings"]
    found: list[dict[str, object]] = settings["pushSubscriptions"]
    return found


async def told_at(browser: Receiving, receiver: Receiver, herald: Herald) -> list[Got]:
    """Everything this browser was sent, once all that happened was told and pushed."""
    await caught_up()
    await make_due(browser.endpoint)
    await sent(herald)
    return receiver.got


async def test_what_happens_is_pushed_sealed_and_in_words(town: Town, receiver: Receiver, herald: Herald) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    browser = Receiving()
    await subscribe(ada, browser, receiver.url)
    post = await ada.write("A fox")
    reply = await bob.write(f"@{ada.handle} what a\nfox", replyToId=post)
    (got,) = await told_at(browser, receiver, herald)
    (line,) = await lines(ada)
    assert browser.said(got) == {
        "title": f"{bob.handle} replied to you",
        "body": f"@{ada.handle} what a fox",
        "path": f"/post/{reply}",
        "tag": line["id"],
        "unread": 1,
        "language": "en",
    }
    assert ada.handle.encode() not in got.body, "nobody on the way reads it"
    headers = got.headers
    assert headers["content-encoding"] == "aes128gcm"
    assert (headers["ttl"], headers["urgency"]) == ("86400", "high")
    assert headers["topic"].isalnum()
    assert len(headers["topic"]) <= 32
    assert check_ticket(headers["authorization"], herald.public_key)["aud"] == receiver.url.removesuffix("/hook")
    key = (await ada.ask(BROWSERS))["viewer"]["notificationSettings"]["pushKey"]
    assert key == herald.public_key, "what browsers subscribe with"
    assert len(await told_at(browser, receiver, herald)) == 1, "once"
    (row,) = await pushes_of(browser.endpoint)
    assert (row["state"], row["tries"]) == ("SENT", 1)
    (one,) = await browsers(ada)
    assert one["lastSentAt"]


async def test_a_line_that_grows_takes_the_place_of_what_was_pushed(
    town: Town, receiver: Receiver, herald: Herald
) -> None:
    ada, *fans = [await town.person(name) for name in ("ada", "bob", "carl", "dora")]
    browser = Receiving()
    await subscribe(ada, browser, receiver.url)
    await ada.do(mutation("updatePreferences"), language="FR")
    post = await ada.write("Liked")
    await fans[0].do("LikePost", postId=post)
    assert await told_at(browser, receiver, herald) == [], "likes are quiet until somebody wants them"
    await ada.do(SWITCH, kind="LIKE", pushes=True)
    await fans[1].do("LikePost", postId=post)
    (first,) = await told_at(browser, receiver, herald)
    assert browser.said(first)["title"] == f"{fans[1].handle} et {fans[0].handle} ont aimé votre publication"
    assert first.headers["urgency"] == "low"
    await fans[2].do("LikePost", postId=post)
    await caught_up()
    (row,) = await pushes_of(browser.endpoint)
    pause = await fetch_value("SELECT extract(epoch FROM $1::timestamptz - now())::float8", row["due_at"])
    assert DELAY_SECONDS < pause <= SPACING_SECONDS, "not with each of a thousand likes"
    _, second = await told_at(browser, receiver, herald)
    assert browser.said(second)["title"].endswith("et 1 autre personne ont aimé votre publication")
    assert second.headers["topic"] == first.headers["topic"]
    assert browser.said(second)["tag"] == browser.said(first)["tag"]


async def test_what_may_not_be_seen_any_more_is_not_pushed(town: Town, receiver: Receiver, herald: Herald) -> None:
    ada, bob, carl, dora = [await town.person(name) for name in ("ada", "bob", "carl", "dora")]
    browser = Receiving()
    await subscribe(ada, browser, receiver.url)
    gone = await bob.write(f"@{ada.handle} soon gone")
    await carl.write(f"@{ada.handle} from somebody who is blocked then")
    await dora.write(f"@{ada.handle} read meanwhile")
    await caught_up()
    assert len(await pushes_of(browser.endpoint)) == 3
    await bob.do("DeletePost", postId=gone)
    await ada.do("BlockUser", userId=carl.id)
    await ada.do(READ, until=f"k{'z' * 12}")
    assert [browser.said(got) for got in await told_at(browser, receiver, herald)] == []
    assert {row["state"] for row in await pushes_of(browser.endpoint)} == {"DROPPED"}
    await dora.write(f"@{ada.handle} psst", visibility="MENTIONED")
    await bob.write(f"@{ada.handle} careful", contentWarning="Spiders")
    await caught_up()
    await ada.do(mutation("updateNotificationFilters"), privateMentions="ACCEPT")
    await dora.write(f"@{ada.handle} again", visibility="MENTIONED")
    found = [browser.said(got) for got in await told_at(browser, receiver, herald)]
    assert len(found) == 2, "what a filter holds back is not pushed"
    assert {one["body"] for one in found} == {""}, "nor is what is not for everybody shown on a locked screen"
    await ada.do(SWITCH, kind="MENTION", pushes=False)
    await bob.write(f"@{ada.handle} unwanted")
    assert len(await told_at(browser, receiver, herald)) == 2


async def test_a_switch_that_is_turned_off_meanwhile_holds(town: Town, receiver: Receiver, herald: Herald) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    browser = Receiving()
    await subscribe(ada, browser, receiver.url)
    await bob.follow(ada)
    await caught_up()
    await ada.do(SWITCH, kind="FOLLOW", pushes=False)
    assert await told_at(browser, receiver, herald) == []
    assert [row["state"] for row in await pushes_of(browser.endpoint)] == ["DROPPED"]


async def test_a_browser_that_is_gone_is_forgotten(town: Town, receiver: Receiver, herald: Herald) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    for status in (404, 410):
        browser = Receiving()
        await subscribe(ada, browser, receiver.url)
        receiver.replies.append(status)
        await bob.write(f"@{ada.handle} hello")
        await told_at(browser, receiver, herald)
        assert await browsers(ada) == []
        assert await pushes_of(browser.endpoint) == []


async def test_what_is_not_taken_is_tried_again_until_it_is_of_no_use(
    town: Town, receiver: Receiver, herald: Herald
) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    browser = Receiving()
    await subscribe(ada, browser, receiver.url)
    await bob.write(f"@{ada.handle} hello")
    await caught_up()
    receiver.replies += [500, 503, 429]
    for turn in range(1, 4):
        before = await fetch_value("SELECT now()")
        await told_at(browser, receiver, herald)
        (row,) = await pushes_of(browser.endpoint)
        assert (row["state"], row["tries"]) == ("WAITING", turn)
        check_pause(OUTBOX.pauses_seconds[turn - 1], before, row["due_at"], await fetch_value("SELECT now()"))
    assert await fetch_value("SELECT failing_since FROM push_subscriptions WHERE endpoint = $1", browser.endpoint)
    await told_at(browser, receiver, herald)
    (row,) = await pushes_of(browser.endpoint)
    assert (row["state"], len(receiver.got)) == ("SENT", 4)
    assert [one.headers["topic"] for one in receiver.got] == [receiver.got[0].headers["topic"]] * 4
    assert not await fetch_value("SELECT failing_since FROM push_subscriptions WHERE endpoint = $1", browser.endpoint)
    receiver.replies.append(403)
    await bob.write(f"@{ada.handle} and again")
    await told_at(browser, receiver, herald)
    assert (await pushes_of(browser.endpoint))[-1]["state"] == "FAILED", "a refusal for good"
    await fetch(
        "UPDATE push_subscriptions SET failing_since = now() - make_interval(days => $2) WHERE endpoint = $1",
        browser.endpoint,
        GIVEN_UP_AFTER_DAYS + 1,
    )
    receiver.replies.append(500)
    await bob.write(f"@{ada.handle} and once more")
    await told_at(browser, receiver, herald)
    assert await browsers(ada) == [], "a week without taking anything"


async def test_who_asks_to_be_left_alone_is(town: Town, receiver: Receiver, herald: Herald) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    browser = Receiving()
    await subscribe(ada, browser, receiver.url)
    await bob.follow(ada)
    await caught_up()
    await make_due(browser.endpoint)
    parcels = {parcel.user_id: parcel for parcel in await claim(100)}
    parcel = parcels[node_id.number_of("user", ada.id) or 0]
    assert await note(parcel, Outcome(Fate.AGAIN, "busy", 1_800.0)) is Fate.AGAIN
    (row,) = await pushes_of(browser.endpoint)
    pause = await fetch_value("SELECT extract(epoch FROM $1::timestamptz - now())::float8", row["due_at"])
    assert 1_790 < pause <= 1_800
    assert await note(parcel, Outcome(Fate.SENT)) is None, "the lease was given back"


async def test_what_happens_while_it_is_sent_is_sent_after_it(town: Town, receiver: Receiver, herald: Herald) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    browser = Receiving()
    await subscribe(ada, browser, receiver.url)
    await bob.follow(ada)
    await caught_up()
    await make_due(browser.endpoint)
    parcels = {parcel.user_id: parcel for parcel in await claim(100)}
    await carl.follow(ada)
    await caught_up()
    assert await note(parcels[node_id.number_of("user", ada.id) or 0], Outcome(Fate.SENT)) is Fate.AGAIN
    (got,) = await told_at(browser, receiver, herald)
    assert browser.said(got)["title"] == f"{carl.handle} and {bob.handle} follow you"


async def test_several_senders_push_each_line_once(town: Town, receiver: Receiver, herald: Herald) -> None:
    ada = await town.person("ada")
    first, second = Receiving(), Receiving()
    await subscribe(ada, first, receiver.url)
    await subscribe(ada, second, f"{receiver.url}?second")
    for index in range(6):
        fan = await town.person("fan")
        await fan.write(f"@{ada.handle} number {index}")
    await caught_up()
    await make_due(first.endpoint)
    await make_due(second.endpoint)
    couriers = [courier(herald) for _ in range(3)]
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(receiver.got) < 12:
            await asyncio.gather(*(one.turn() for one in couriers))
            await asyncio.gather(*(one.idle() for one in couriers))
    for browser, path in ((first, "/hook"), (second, "/hook?second")):
        tags = [browser.said(got)["tag"] for got in receiver.got if got.path == path]
        assert len(tags) == len(set(tags)) == 6


async def test_log_out_and_an_ended_session_end_it(town: Town) -> None:
    ada = await town.person("ada")
    signed = await town.ask("LogIn", input={"login": ada.handle, "password": PASSWORD, "bearer": True})
    phone = Person(town, ada.handle, ada.id, signed["logIn"]["token"])
    await ada.do(SUBSCRIBE, **Receiving().given)
    on_phone = (await phone.do(SUBSCRIBE, **Receiving().given))["pushSubscription"]
    assert on_phone["isCurrent"] is True
    assert [one["isCurrent"] for one in await browsers(ada)] == [True, False]
    await phone.do(mutation("logOut"))
    assert [one["isCurrent"] for one in await browsers(ada)] == [True]
    number = node_id.number_of("user", ada.id)
    await fetch("UPDATE sessions SET expires_at = now() + interval '1 hour' WHERE user_id = $1", number)
    await fetch("DELETE FROM sessions WHERE user_id = $1", number)
    assert await fetch_value("SELECT count(*) FROM push_subscriptions WHERE user_id = $1", number) == 0


async def test_a_suspended_person_is_told_nothing(town: Town, receiver: Receiver, herald: Herald) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    browser = Receiving()
    await subscribe(ada, browser, receiver.url)
    await bob.follow(ada)
    await caught_up()
    await fetch("UPDATE users SET suspended_at = now() WHERE id = $1", node_id.number_of("user", ada.id))
    assert await told_at(browser, receiver, herald) == []


async def test_named_again_it_is_the_same_and_the_oldest_give_way(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    browser = Receiving()
    one = (await ada.do(SUBSCRIBE, **browser.given))["pushSubscription"]["id"]
    assert (await ada.do(SUBSCRIBE, **browser.given))["pushSubscription"]["id"] == one
    thief = Receiving(endpoint=browser.endpoint)
    assert await bob.refusal(SUBSCRIBE, **thief.given) == ("CONFLICT", ["endpoint"])
    assert (await bob.do(SUBSCRIBE, **browser.given))["pushSubscription"]["id"] != one, "the browser changed hands"
    assert await browsers(ada) == []
    made = [
        (await ada.do(SUBSCRIBE, **Receiving().given))["pushSubscription"]["id"] for _ in range(MOST_OF_SESSION + 2)
    ]
    assert [found["id"] for found in await browsers(ada)] == made[2:]
    number = node_id.number_of("user", ada.id)
    for index in range(MOST_OF_PERSON):
        session = await fetch_value(
            "INSERT INTO sessions (user_id, token_hash, bearer, device, created_at, last_used_at, expires_at)"
            " VALUES ($1, $2, false, '', now(), now(), now() + interval '1 day') RETURNING id",
            number,
            f"{ada.handle}{index}",
        )
        await fetch(
            "INSERT INTO push_subscriptions (user_id, session_id, endpoint, p256dh, auth) VALUES ($1, $2, $3, '', '')",
            number,
            session,
            f"https://push.example.org/{ada.handle}/{index}",
        )
    last = (await ada.do(SUBSCRIBE, **Receiving().given))["pushSubscription"]["id"]
    found = await browsers(ada)
    assert len(found) == MOST_OF_PERSON
    assert found[-1]["id"] == last


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example.org/x", "https://127.0.0.1/x", "https://localhost/x", "https://10.0.0.1/x", "https://push.example.org:8443/x", "https://a:b@push.example.org/x",
     "https://[::1]/x", "https://0x7f.1/x", "file:///etc/passwd", "", "https://push.example.org/\nx", f"https://push.example.org/{'x' * 2_000}"],
)  # fmt: skip
async def test_only_public_addresses_are_taken(town: Town, endpoint: str) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(SUBSCRIBE, **{**Receiving().given, "endpoint": endpoint}) == (
        "BAD_USER_INPUT",
        ["endpoint"],
    )


async def test_keys_that_are_none_are_refused(town: Town, receiver: Receiver, herald: Herald) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    given = Receiving().given
    for name, wrong in (
        ("p256dh", ""),
        ("p256dh", text_of(b"\x04" * 64)),
        ("p256dh", text_of(b"\x02" * 65)),
        ("p256dh", "é"),
        ("auth", text_of(b"x" * 15)),
        ("auth", "x" * 5_000),
        ("auth", "****"),
    ):
        assert await ada.refusal(SUBSCRIBE, **{**given, name: wrong}) == ("BAD_USER_INPUT", [name])
    browser = Receiving()
    await subscribe(ada, browser, receiver.url)
    await fetch(
        "UPDATE push_subscriptions SET p256dh = $2 WHERE endpoint = $1", browser.endpoint, b"\x04" + b"\x01" * 64
    )
    await bob.follow(ada)
    assert await told_at(browser, receiver, herald) == []
    assert await browsers(ada) == [], "no point on the curve: nothing can be sealed for it"


async def test_a_name_that_leads_inside_is_never_asked(town: Town, herald: Herald) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    browser = Receiving()
    await ada.do(SUBSCRIBE, **browser.given)  # its name leads nowhere public
    await bob.follow(ada)
    await caught_up()
    await make_due(browser.endpoint)
    await sent(herald)
    assert await browsers(ada) == []


async def test_nobody_else_sees_or_ends_it(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    one = (await ada.do(SUBSCRIBE, **Receiving().given))["pushSubscription"]["id"]
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await ada.ask(node, id=one))["node"] == {"id": one}
    assert (await bob.ask(node, id=one))["node"] is None
    assert await bob.refusal(UNSUBSCRIBE, pushSubscriptionId=one) == ("NOT_FOUND", ["pushSubscriptionId"])
    (refused,) = (await town.ask(SUBSCRIBE, input=Receiving().given)).values()
    assert [error["code"] for error in refused["userErrors"]] == ["UNAUTHENTICATED"]
    assert (await ada.do(UNSUBSCRIBE, pushSubscriptionId=one))["deletedPushSubscriptionId"] == one
    assert await ada.refusal(UNSUBSCRIBE, pushSubscriptionId=one) == ("NOT_FOUND", ["pushSubscriptionId"])


async def test_old_news_and_lost_ones_are_swept(town: Town, receiver: Receiver, herald: Herald) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    browser = Receiving()
    await subscribe(ada, browser, receiver.url)
    await bob.follow(ada)
    await told_at(browser, receiver, herald)
    await bob.write(f"@{ada.handle} that nobody sends")
    await caught_up()
    await fetch("UPDATE pushes SET expires_at = now() - interval '1 second' WHERE state = 'WAITING'")
    while await OUTBOX.expire():
        pass
    assert [row["state"] for row in await pushes_of(browser.endpoint)] == ["SENT", "FAILED"]
    await fetch("UPDATE pushes SET due_at = now() - interval '4 days' WHERE state <> 'WAITING'")
    assert await OUTBOX.forget_old(3) >= 1
    assert await pushes_of(browser.endpoint) == []
