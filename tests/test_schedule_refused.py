"""What is scheduled and cannot be published then: it comes back and says why, so that it can be mended."""

from __future__ import annotations

from typing import Any

import pytest

from models import node_id, schedule
from models.database import fetch, fetch_value
from models.draft_content import publish
from models.schedule import MOST_TRIES
from tests.people import Town
from tests.scheduling import (
    LIVE,
    PUBLISH,
    SAVE,
    SCHEDULE,
    ahead,
    content,
    drafts,
    due,
    loom,
    make_due,
    number_of,
    picture,
    posts_of,
    problem,
    quoting,
    scheduled,
    tick,
)
from tests.selection import mutation

REPLY_POLICY, QUOTE_POLICY = mutation("setReplyPolicy"), mutation("setQuotePolicy")
NARROW = mutation("updatePostVisibility")


async def test_what_is_refused_at_its_time_says_why(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    gone, blocked, narrowed = [await bob.write(text) for text in ("to go", "to stay", "for few")]
    kept = [await due(ada, content("x", replyToId=post)) for post in (gone, blocked, narrowed)]
    said = {"posts": [{"text": "whole"}, {"text": "or not", "quotedPostId": gone}]}
    thread = await due(ada, said)
    await bob.do("DeletePost", postId=gone)
    await bob.do(NARROW, postId=narrowed, visibility="FOLLOWERS")
    eve = await town.person("eve")
    whole = await eve.write("no more of this")
    answer, quote = await due(ada, content("x", replyToId=whole)), await due(ada, quoting(whole))
    await eve.do(REPLY_POLICY, postId=whole, replyPolicy="NOBODY")
    await eve.do(QUOTE_POLICY, postId=whole, quotePolicy="NOBODY")
    await bob.do("BlockUser", userId=ada.id)
    await tick()
    assert await posts_of(ada) == []
    for draft in kept:
        assert await problem(ada, draft, "replyToId") == ("REFUSED", "NOT_FOUND")
    assert await problem(ada, thread, "posts", "1", "quotedPostId") == ("REFUSED", "NOT_FOUND")
    assert await problem(ada, answer, "replyToId") == ("REFUSED", "FORBIDDEN")
    assert await problem(ada, quote, "posts", "0", "quotedPostId") == ("REFUSED", "FORBIDDEN")
    changed = (await ada.do(SAVE, draftId=kept[0]["id"], content=content("no answer any more")))["draft"]
    assert (changed["state"], changed["problem"]) == ("DRAFT", None)
    await ada.do(PUBLISH, draftId=kept[0]["id"])
    del said["posts"][1]
    await ada.do(SCHEDULE, draftId=thread["id"], content=said, publishAt=ahead(hours=1))
    await make_due(thread)
    await tick()
    assert [row["text"] for row in await posts_of(ada)] == ["no answer any more", "whole"]


async def test_what_it_answers_may_be_for_fewer_by_then(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await ada.do("FollowUser", userId=bob.id)
    post = await bob.write("for all")
    await due(ada, content("x", replyToId=post))
    await bob.do(NARROW, postId=post, visibility="FOLLOWERS")
    await tick()
    assert [row["visibility"] for row in await posts_of(ada)] == ["FOLLOWERS"]


async def test_for_an_account_that_is_suspended_nothing_is_published(town: Town) -> None:
    ada, engine = await town.person("ada"), await loom()
    said, making = await due(ada, content("x")), await due(ada, content("y", wish={"prompt": "x", "engine": engine}))
    owner = node_id.number_of("user", ada.id)
    await fetch("UPDATE users SET suspended_at = now() WHERE id = $1", owner)
    await tick()
    assert await posts_of(ada) == []
    assert await fetch_value("SELECT count(*) FROM generation_jobs WHERE owner_id = $1", owner) == 0
    await fetch("UPDATE users SET suspended_at = NULL WHERE id = $1", owner)
    for draft in (said, making):
        assert await problem(ada, draft) == ("REFUSED", "FORBIDDEN")


async def test_who_is_blocked_meanwhile_is_not_mentioned(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await due(ada, content(f"Hi @{bob.handle}"))
    await bob.do("BlockUser", userId=ada.id)
    await tick()
    (row,) = await posts_of(ada)
    assert row["mentioned_ids"] == []


async def test_after_a_day_without_power_it_goes_back(town: Town) -> None:
    ada = await town.person("ada")
    late, too_late = [(await ada.do(SCHEDULE, content=content(text), publishAt=ahead(hours=1)))["draft"] for text in ("late", "too late")]  # fmt: skip
    await make_due(late, 86_000)
    await make_due(too_late, 87_000)
    async with ada.live(LIVE) as feed:
        await tick()
        told = await feed.until("DraftChanged")
    assert told["draft"] == {"id": too_late["id"], "version": 3, "state": "FAILED", "problem": {"kind": "LATE"}}
    assert [row["text"] for row in await posts_of(ada)] == ["late"]
    assert await problem(ada, too_late) == ("LATE", None)
    assert [one["id"] for one in await drafts(ada)] == [too_late["id"]]
    again = (await ada.do(SCHEDULE, draftId=too_late["id"], publishAt=ahead(hours=1)))["draft"]
    assert (again["state"], again["problem"]) == ("SCHEDULED", None)


async def test_what_breaks_each_time_keeps_nobody_else_waiting(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await town.person("ada")
    broken = await due(ada, content("broken"))
    await make_due(broken, 60)

    async def breaks(owner_id: int, said: Any, **more: Any) -> list[int]:
        if said.posts[0].text == "broken":
            raise ValueError("a fault of ours")
        return await publish(owner_id, said, **more)

    monkeypatch.setattr(schedule, "publish", breaks)
    await due(ada, content("fine"))
    await tick()
    assert [row["text"] for row in await posts_of(ada)] == ["fine"]
    assert [one["state"] for one in await scheduled(ada)] == ["SCHEDULED"]
    for _ in range(MOST_TRIES):
        await fetch("UPDATE drafts SET retry_at = now() WHERE id = $1", number_of(broken))
        await tick()
    assert await problem(ada, broken) == ("BROKEN", None)


async def test_what_could_not_be_published_is_refused_at_once(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    hidden = await bob.write("for few", visibility="MENTIONED")
    engine = await loom()
    six = {"prompt": "x", "engine": engine, "count": 2}
    fox = [{"imageId": await picture(ada)} for _ in range(3)]
    before = await fetch_value("SELECT count(*) FROM posts")
    for said, more, path in (
        (content(""), {}, ["content", "posts", "0", "text"]),
        (content("fine", "x" * 501), {}, ["content", "posts", "1", "text"]),
        (content("x", replyToId=hidden), {}, ["content", "replyToId"]),
        ({"posts": [{"text": "x", "quotedPostId": hidden}]}, {}, ["content", "posts", "0", "quotedPostId"]),
        (content("x", wish={"prompt": "x", "engine": "none"}), {}, ["content", "wish", "engine"]),
        (content("x", wish={"prompt": "", "engine": engine}), {}, ["content", "wish", "prompt"]),
        ({"posts": [{"images": fox}], "wish": six}, {}, ["content", "posts", "0", "images"]),
        ({"posts": [{"images": fox[:1]}], "wish": six}, {"inTheOpen": True}, ["inTheOpen"]),
        (content("x"), {"inTheOpen": True}, ["inTheOpen"]),
    ):
        refusal = await ada.refusal(SCHEDULE, content=said, publishAt=ahead(hours=1), **more)
        assert refusal == ("NOT_FOUND" if hidden in str(said) else "BAD_USER_INPUT", path), said
    assert await drafts(ada) == await scheduled(ada) == []
    await ada.do(SCHEDULE, content=content("", wish=six), publishAt=ahead(hours=1))
    assert await fetch_value("SELECT count(*) FROM posts") == before, "what was tried was taken back"
    owner = node_id.number_of("user", ada.id)
    assert await fetch_value("SELECT count(*) FROM generation_jobs WHERE owner_id = $1", owner) == 0
