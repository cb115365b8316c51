"""What is scheduled with a wish: its pictures are made at its time, and then it is published, or it comes back."""

from __future__ import annotations

import asyncio

import pytest

from models import node_id
from models.database import fetch, fetch_value
from models.job_end import Ending
from tests.people import Town
from tests.scheduling import (
    PUBLISH,
    SAVE,
    SCHEDULE,
    UNSCHEDULE,
    ahead,
    claimed,
    content,
    drafts,
    due,
    loom,
    made,
    picture,
    posts_of,
    problem,
    scheduled,
    tick,
)


async def test_pictures_are_made_first_and_then_it_is_published(town: Town) -> None:
    ada, engine = await town.person("ada"), await loom()
    fox = await picture(ada)
    wish = {"prompt": "a fox", "engine": engine, "count": 2}
    said = content("With pictures", "and a second post", wish=wish, altText="Clay")
    said["posts"][0]["images"] = [{"imageId": fox}]
    draft = await due(ada, said)
    owner = node_id.number_of("user", ada.id)
    reserved = "SELECT count(*) FROM credit_entries WHERE owner_id = $1 AND kind = 'RESERVE'"
    assert await fetch_value(reserved, owner) == 0, "nothing is set aside before its time"
    await tick()
    assert await fetch_value(reserved, owner) == 1
    making = (await scheduled(ada))[0]
    assert (making["state"], making["job"]["state"]) == ("MAKING", "QUEUED")
    for document, more in ((SAVE, {"content": content()}), (PUBLISH, {}), (SCHEDULE, {"publishAt": ahead(hours=1)})):
        assert await ada.refusal(document, draftId=draft["id"], **more) == ("CONFLICT", ["draftId"])
    job = await claimed(engine)
    await tick()
    assert await posts_of(ada) == [], "not before its pictures"
    await made(job, 0, 1)
    await asyncio.gather(*(tick() for _ in range(3)))
    first, second = await posts_of(ada)
    shown = await fetch("SELECT image_id, alt_text FROM post_images WHERE post_id = $1 ORDER BY position", first["id"])
    assert [row["alt_text"] for row in shown] == ["A fox", "Clay", "Clay"]
    assert second["reply_to_id"] == first["id"]
    assert await scheduled(ada) == await drafts(ada) == []


@pytest.mark.parametrize(("kept", "ending"), [((), Ending.FAILED), ((1,), Ending.DONE), ((), Ending.CANCELLED)])
async def test_pictures_that_fail_bring_it_back(town: Town, kept: tuple[int, ...], ending: Ending) -> None:
    ada, engine = await town.person("ada"), await loom()
    draft = await due(ada, content("", wish={"prompt": "a fox", "engine": engine, "count": 2}, altText="Clay"))
    await tick()
    await made(await claimed(engine), *kept, ending=ending)
    await tick()
    assert await problem(ada, draft) == ("NOT_MADE", None)
    (back,) = await drafts(ada)
    assert len(back["posts"][0]["images"]) == len(kept)
    assert (back["wish"] is None) is bool(kept), "what was made stands in it, in place of the wish"
    assert await posts_of(ada) == []


async def test_pictures_that_were_made_for_what_is_refused_then_are_not_lost(town: Town) -> None:
    ada, bob, engine = await town.person("ada"), await town.person("bob"), await loom()
    post = await bob.write("to go")
    draft = await due(ada, content("x", replyToId=post, wish={"prompt": "a fox", "engine": engine}))
    await tick()
    await bob.do("DeletePost", postId=post)
    await made(await claimed(engine), 0)
    await tick()
    assert await problem(ada, draft, "replyToId") == ("REFUSED", "NOT_FOUND")
    (back,) = await drafts(ada)
    assert (len(back["posts"][0]["images"]), back["wish"], back["job"]["state"]) == (1, None, "SUCCEEDED")


async def test_it_can_appear_in_the_open(town: Town) -> None:
    ada, engine = await town.person("ada"), await loom()
    said = content("Watch", "and wait", wish={"prompt": "a fox", "engine": engine})
    await due(ada, said, inTheOpen=True)
    await tick()
    first, second = await posts_of(ada)
    assert second["reply_to_id"] == first["id"]
    assert await fetch_value("SELECT done FROM creations WHERE post_id = $1", first["id"]) is False
    await made(await claimed(engine), 0)
    assert await fetch_value("SELECT count(*) FROM post_images WHERE post_id = $1", first["id"]) == 1
    assert await scheduled(ada) == await drafts(ada) == []


async def test_who_takes_it_back_meanwhile_keeps_the_pictures(town: Town) -> None:
    ada, engine = await town.person("ada"), await loom()
    draft = (await ada.do(SAVE, content=content("x", wish={"prompt": "a fox", "engine": engine})))["draft"]
    making = await ada.do(PUBLISH, draftId=draft["id"])
    assert (making["draft"]["state"], making["post"]) == ("MAKING", None)
    back = (await ada.do(UNSCHEDULE, draftId=draft["id"]))["draft"]
    assert (back["state"], back["job"]) == ("DRAFT", None)
    await made(await claimed(engine), 0)
    await tick()
    assert await posts_of(ada) == []
    owner = node_id.number_of("user", ada.id)
    assert await fetch_value("SELECT count(*) FROM images WHERE owner_id = $1", owner) == 1
