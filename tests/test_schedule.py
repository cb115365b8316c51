"""Schedules: published at their time, each once, as it was settled; or given back with the reason."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest

from models import node_id, schedule
from models.database import fetch, fetch_one, fetch_value
from models.draft_content import publish
from models.schedule import MOST_SCHEDULED, MOST_SCHEDULED_A_DAY, fire_next
from tests.people import PATIENCE_SECONDS, Town
from tests.scheduling import (
    DELETE,
    LIVE,
    PUBLISH,
    SAVE,
    SCHEDULE,
    UNSCHEDULE,
    ahead,
    asking,
    content,
    drafts,
    due,
    make_due,
    number_of,
    picture,
    posts_of,
    scheduled,
    tick,
)


async def test_it_is_published_at_its_time_as_it_was_settled(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post, fox = await bob.write("Hello"), await picture(ada)
    said = content(f"Hi @{bob.handle} #later", visibility="FOLLOWERS", replyToId=post, quotePolicy="NOBODY")
    said["posts"][0] |= {"images": [{"imageId": fox, "altText": "Mine"}], "contentWarning": "Foxes"}
    when = ahead(hours=1)
    draft = (await ada.do(SCHEDULE, content=said, publishAt=when))["draft"]
    assert (draft["state"], draft["publishAt"][:19]) == ("SCHEDULED", when[:19])
    assert (await scheduled(ada), await drafts(ada)) == ([draft], [])
    await tick()
    assert await posts_of(ada) == [], "not before its time"
    await make_due(draft)
    async with ada.live(LIVE) as feed:
        await tick()
        told = await feed.next()
    (row,) = await posts_of(ada)
    assert (told["__typename"], told["draftId"]) == ("DraftPublished", draft["id"])
    assert told["post"]["id"] == node_id.encode("post", row["id"])
    assert (row["visibility"], row["content_warning"], row["quote_policy"]) == ("FOLLOWERS", "Foxes", "NOBODY")
    assert node_id.encode("post", row["reply_to_id"]) == post
    assert row["mentioned_ids"] == [node_id.number_of("user", bob.id)]
    assert (await scheduled(ada), await drafts(ada)) == ([], [])
    await tick()
    assert len(await posts_of(ada)) == 1


async def test_time_is_changed_taken_and_bounded(town: Town) -> None:
    ada = await town.person("ada")
    draft = (await ada.do(SAVE, content=content("one")))["draft"]
    beyond = ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00+14:00")
    for when in (ahead(seconds=30), ahead(days=367), ahead(days=-1), *beyond):
        assert await ada.refusal(SCHEDULE, draftId=draft["id"], publishAt=when) == ("BAD_USER_INPUT", ["publishAt"])
    assert await ada.refusal(SCHEDULE, publishAt=ahead(hours=1)) == ("BAD_USER_INPUT", ["draftId"])
    given = {"draftId": draft["id"], "publishAt": ahead(hours=2)}
    one = (await ada.do(SCHEDULE, **given))["draft"]
    assert (await ada.do(SCHEDULE, **given))["draft"] == one, "the same again is nothing new"
    sooner = (await ada.do(SCHEDULE, content=content("sooner"), publishAt=ahead(hours=1)))["draft"]
    assert [each["id"] for each in await scheduled(ada)] == [sooner["id"], one["id"]]
    await ada.do(SCHEDULE, draftId=draft["id"], publishAt=ahead(minutes=2))
    assert [each["id"] for each in await scheduled(ada)] == [one["id"], sooner["id"]]
    changed = (await ada.do(SAVE, draftId=draft["id"], content=content("two")))["draft"]
    assert (changed["state"], changed["posts"][0]["text"]) == ("SCHEDULED", "two")
    refusal = await ada.refusal(SAVE, draftId=draft["id"], content=content("x" * 600))
    assert refusal == ("BAD_USER_INPUT", ["content", "posts", "0", "text"]), "it could not be published any more"
    back = (await ada.do(UNSCHEDULE, draftId=draft["id"]))["draft"]
    assert (back["state"], back["publishAt"]) == ("DRAFT", None)
    assert (await ada.do(UNSCHEDULE, draftId=draft["id"]))["draft"] == back
    await ada.do(DELETE, draftId=sooner["id"])
    await tick()
    assert (await posts_of(ada), await scheduled(ada)) == ([], [])
    now = (await ada.do(SCHEDULE, content=content("now"), publishAt=ahead(hours=1)))["draft"]
    await ada.do(PUBLISH, draftId=now["id"])
    await make_due(now)
    await tick()
    assert [row["text"] for row in await posts_of(ada)] == ["now"]


async def test_so_many_wait_and_no_more(town: Town) -> None:
    ada = await town.person("ada")
    owner = node_id.number_of("user", ada.id)
    first = (await ada.do(SCHEDULE, content=content("first"), publishAt=ahead(days=40)))["draft"]
    copy = """INSERT INTO drafts (owner_id, content, state, publish_at) SELECT owner_id, content, state, publish_at + $3::interval
        FROM drafts, generate_series(1, $2) WHERE drafts.id = $1"""
    await fetch(copy.replace("$3", "'0'"), number_of(first), MOST_SCHEDULED_A_DAY - 1)
    day = {"content": content("one more"), "publishAt": first["publishAt"]}
    assert await ada.refusal(SCHEDULE, **day) == ("QUOTA_EXCEEDED", ["publishAt"])
    await ada.do(SCHEDULE, draftId=first["id"], publishAt=first["publishAt"], content=content("changed"))
    await fetch(copy.replace("$3", "'40 days'"), number_of(first), MOST_SCHEDULED - MOST_SCHEDULED_A_DAY - 1)
    calls = [ada.attempt(SCHEDULE, content=content(str(n)), publishAt=ahead(days=n + 2)) for n in range(4)]
    answers = await asyncio.gather(*calls)
    assert sum(not answer["userErrors"] for answer in answers) == 1
    assert await fetch_value("SELECT count(*) FROM drafts WHERE owner_id = $1", owner) == MOST_SCHEDULED
    await fetch("DELETE FROM drafts WHERE owner_id = $1", owner)


async def test_many_at_work_publish_each_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await town.person("ada")
    for number in range(6):
        await due(ada, content(str(number)))
    await asyncio.gather(*(tick() for _ in range(4)))
    assert sorted(row["text"] for row in await posts_of(ada)) == [str(number) for number in range(6)]
    assert await scheduled(ada) == []
    # The same without the hold on the row: were it not for that, this test would see posts twice.
    eve = await town.person("eve")
    await due(eve, content("twice"))
    met, both = asyncio.Event(), itertools.count(1)

    async def slowly(*given: Any, **more: Any) -> list[int]:
        if next(both) == 2:
            met.set()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await met.wait()
        return await publish(*given, **more)

    async def unheld(sql: str, *given: Any) -> Any:
        return await fetch_one(sql.replace("FOR UPDATE SKIP LOCKED", ""), *given)

    monkeypatch.setattr(schedule, "fetch_one", unheld)
    monkeypatch.setattr(schedule, "publish", slowly)
    await asyncio.gather(fire_next(), fire_next())
    assert len(await posts_of(eve)) == 2


async def test_a_poll_opens_when_it_is_published(town: Town) -> None:
    ada = await town.person("ada")
    assert await ada.refusal(SCHEDULE, content=asking("Yes"), publishAt=ahead(hours=1)) == (
        "BAD_USER_INPUT",
        ["content", "posts", "0", "poll", "options"],
    )
    fox = await picture(ada)
    said = asking("Yes", "No", minutes=90)
    said["posts"][0]["images"] = [{"imageId": fox, "madeWithAi": "EDITED"}]
    await due(ada, said)
    await tick()
    (row,) = await posts_of(ada)
    poll = await fetch_one(
        "SELECT options, ends_at - now() AS open FROM polls WHERE id = $1 AND post_id = $2", row["poll_id"], row["id"]
    )
    assert poll is not None
    assert (poll["options"], 85 < poll["open"].total_seconds() / 60 <= 90) == (["Yes", "No"], True)
    declared = "SELECT ai_disclosure FROM images WHERE id = $1"
    assert await fetch_value(declared, node_id.number_of("image", fox)) is not None
