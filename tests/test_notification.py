"""What one is told of: each kind, grouped, taken back, hidden by every rule, read, filtered."""

from __future__ import annotations

import asyncio

import pytest

from models import node_id, notification_news
from models.database import fetch
from models.engine import announce
from models.event import Cursor
from models.job import Failure
from models.job_end import Ending
from models.lease import claim, finish
from models.log_reader import LogReader
from models.poll import ENDS_TOLD_AT_ONCE, tell_ends
from models.transaction import transaction
from tests.people import PASSWORD, Person, Town
from tests.selection import mutation
from tests.telling import (
    ACCEPT,
    DISMISS,
    FILTERS,
    LIST,
    READ,
    SWITCH,
    caught_up,
    kinds,
    lines,
    page,
    requests,
    unread,
)  # fmt: skip
from tests.test_wish import LOOM


async def people(town: Town, *names: str) -> list[Person]:
    return [await town.person(name) for name in names]


def number(gid: str) -> int:
    return int((gid and node_id.number_of(gid.partition("_")[0], gid)) or 0)


async def test_each_thing_that_happens_is_told_to_whom_it_concerns(town: Town) -> None:
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    post = await ada.write("A post")
    await bob.follow(ada)
    reply = await bob.write(f"@{ada.handle} @{carl.handle} answering", replyToId=post)
    quote = await bob.write(f"@{ada.handle} look", quotedPostId=post)
    mention = await bob.write(f"@{ada.handle} hello")
    await bob.do("LikePost", postId=post)
    await bob.do("RepostPost", postId=post)
    found = await lines(ada)
    assert [(line["kind"], line["post"] and line["post"]["id"]) for line in found] == [
        ("REPOST", post), ("LIKE", post), ("MENTION", mention), ("QUOTE", quote), ("REPLY", reply), ("FOLLOW", None),
    ]  # fmt: skip
    assert all([one["id"] for one in line["actors"]] == [bob.id] and line["count"] == 1 for line in found)
    assert [(line["kind"], line["post"]["id"]) for line in await lines(carl)] == [("MENTION", reply)]
    assert await kinds(bob) == [], "one's own doings are no news"
    only = await lines(ada, "LIKE", "REPOST")
    assert [line["kind"] for line in only] == ["REPOST", "LIKE"]


async def test_nobody_else_sees_them(town: Town) -> None:
    ada, bob = await people(town, "ada", "bob")
    await bob.follow(ada)
    (line,) = await lines(ada)
    query = "query($id: ID!) { node(id: $id) { id ... on Notification { kind } } }"
    assert (await ada.ask(query, id=line["id"]))["node"]["kind"] == "FOLLOW"
    assert (await bob.ask(query, id=line["id"]))["node"] is None
    assert (await town.ask(query, id=line["id"]))["node"] is None
    assert (await town.ask("{ viewer { notifications { liveCursor } } }"))["viewer"] is None


async def test_likes_of_a_post_are_one_line_for_twelve_hours(town: Town) -> None:
    ada = await town.person("ada")
    crowd = await people(town, *[f"fan{index}" for index in range(10)])
    post, other = await ada.write("Liked"), await ada.write("Another")
    for fan in crowd:
        await fan.do("LikePost", postId=post)
    await crowd[0].do("LikePost", postId=other)
    one, many = await lines(ada)
    assert (one["post"]["id"], one["count"]) == (other, 1)
    assert (many["post"]["id"], many["count"]) == (post, 10)
    assert [actor["id"] for actor in many["actors"]] == [fan.id for fan in reversed(crowd[2:])], "the latest eight"
    assert many["oldestAt"] < many["latestAt"]
    assert await unread(ada) == 2, "what is counted is lines"
    await fetch(
        "UPDATE notification_groups SET opened_at = opened_at - interval '13 hours' WHERE recipient_id = $1",
        number(ada.id),
    )
    late = await town.person("late")
    await late.do("LikePost", postId=post)
    found = await lines(ada)
    assert [(line["count"], line["post"]["id"]) for line in found] == [(1, post), (1, other), (10, post)]


async def test_what_is_taken_back_leaves_and_comes_back_where_it_was(town: Town) -> None:
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    post = await ada.write("Hello")
    await bob.do("LikePost", postId=post)
    await carl.do("LikePost", postId=post)
    await bob.do("RepostPost", postId=post)
    await bob.follow(ada)
    top = (await page(ada))["edges"][0]["cursor"]
    await ada.do(READ, until=top)
    await bob.do("UnlikePost", postId=post)
    await bob.do("UnrepostPost", postId=post)
    await bob.do(mutation("unfollowUser"), userId=ada.id)
    (left,) = await lines(ada)
    assert (left["kind"], left["count"], left["actors"]) == ("LIKE", 1, [{"id": carl.id}])
    await bob.do("LikePost", postId=post)
    await bob.follow(ada)
    assert [(line["kind"], line["count"]) for line in await lines(ada)] == [("FOLLOW", 1), ("LIKE", 2)]
    assert await unread(ada) == 0, "done again soon after is no news"
    await carl.do("DeletePost", postId=(await carl.write(f"@{ada.handle} gone soon")))
    await ada.do("DeletePost", postId=post)
    assert await kinds(ada) == ["FOLLOW"]


async def test_a_post_that_is_edited_tells_whom_it_names_now(town: Town) -> None:
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    post = await ada.write(f"@{bob.handle} hello")
    assert await kinds(bob) == ["MENTION"]
    await ada.do(mutation("editPost"), postId=post, text=f"@{carl.handle} hello")
    assert await kinds(bob) == []
    assert await kinds(carl) == ["MENTION"]


async def test_requests_to_follow_stand_until_they_are_answered(town: Town) -> None:
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    await ada.do(mutation("setAccountPrivacy"), isPrivate=True)
    await bob.follow(ada)
    await carl.follow(ada)
    assert await kinds(ada) == ["FOLLOW_REQUEST", "FOLLOW_REQUEST"]
    await ada.do(mutation("acceptFollowRequest"), userId=bob.id)
    await ada.do(mutation("declineFollowRequest"), userId=carl.id)
    assert await kinds(ada) == [], "whoever lets somebody in knows"
    assert [(line["kind"], line["actors"]) for line in await lines(bob)] == [("FOLLOW_ACCEPTED", [{"id": ada.id}])]
    assert await kinds(carl) == []


async def test_posts_of_those_one_wants_to_hear_of(town: Town) -> None:
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    await bob.follow(ada)
    await carl.follow(ada)
    await bob.do(mutation("updateFollow"), userId=ada.id, notifiesOnPost=True)
    post = await ada.write("News")
    await ada.write("An answer to another", replyToId=await carl.write("Hm"))
    await ada.write(f"@{bob.handle} said by name")
    private = await ada.write("For one", visibility="MENTIONED")
    found = await lines(bob)
    assert sorted(line["kind"] for line in found) == ["MENTION", "POST"], "by name is said once, and as that"
    assert private not in {line["post"]["id"] for line in found}
    assert {line["post"]["id"] for line in found if line["kind"] == "POST"} == {post}
    assert "POST" not in await kinds(carl)


async def test_the_end_of_a_poll_is_told_to_its_author_and_to_who_voted(town: Town) -> None:
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    post = await ada.write("Which?", poll={"options": ["a", "b"], "minutes": 5})
    poll = (await bob.ask("query($id: ID!) { node(id: $id) { ... on Post { poll { id } } } }", id=post))["node"]["poll"]
    await bob.do(mutation("votePoll"), pollId=poll["id"], choices=[0])
    await fetch("UPDATE polls SET ends_at = now() - interval '1 second' WHERE id = $1", number(poll["id"]))
    told = ENDS_TOLD_AT_ONCE
    while told >= ENDS_TOLD_AT_ONCE:  # polls of others may have ended before
        async with transaction():
            told = await tell_ends()
    assert [(line["kind"], line["actors"]) for line in await lines(ada)] == [("POLL_ENDED", [])]
    assert [(line["kind"], line["actors"]) for line in await lines(bob)] == [("POLL_ENDED", [{"id": ada.id}])]
    assert await kinds(carl) == []


async def test_jobs_that_end_are_one_line(town: Town) -> None:
    ada = await town.person("ada")
    model = {"name": "one", "default_width": 64, "default_height": 64, "capabilities": LOOM}
    await announce("belfry", [model], True)
    for ending in (Ending.DONE, Ending.FAILED, Ending.CANCELLED):
        await ada.do(mutation("generateImages"), prompt="a fox", engine="belfry")
        work = await claim(["belfry"])
        assert work is not None
        await finish(work.id, work.token, ending, Failure("no", "No.") if ending is Ending.FAILED else None)
    (line,) = await lines(ada)
    assert (line["kind"], line["count"], line["job"]["state"]) == ("GENERATION_FINISHED", 2, "FAILED")


@pytest.mark.parametrize("rule", ["block", "blocked", "mute", "conversation", "word", "gone"])
async def test_no_rule_is_passed_over_when_it_happens_nor_when_it_is_read(town: Town, rule: str) -> None:
    """What was told before the rule is hidden by it, and what happens after is not told."""
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    post = await ada.write("Mine")

    async def happen() -> None:
        await bob.write("a fish answers" if rule == "word" else "answers", replyToId=post)
        if rule != "word":
            await bob.do("LikePost", postId=post)

    await happen()
    await carl.follow(ada)
    before = await lines(ada)
    assert before[0]["kind"] == "FOLLOW"
    assert len(before) == (2 if rule == "word" else 3)
    assert await unread(ada) == len(before)
    if rule == "block":
        await ada.do("BlockUser", userId=bob.id)
    elif rule == "blocked":
        await bob.do("BlockUser", userId=ada.id)
    elif rule == "mute":
        await ada.do(mutation("muteUser"), userId=bob.id)
    elif rule == "conversation":
        await ada.do(mutation("muteConversation"), postId=post)
    elif rule == "word":
        await ada.do(mutation("muteWord"), text="fish", scope="NOTIFICATIONS")
    else:
        await bob.do(mutation("deactivateAccount"), password=PASSWORD)
    left = ["FOLLOW"]
    shown = (await ada.ask(LIST))["viewer"]  # at once, before anything is told
    assert [edge["node"]["kind"] for edge in shown["notifications"]["edges"]] == left
    assert shown["unreadNotificationCount"] == len(left)
    if rule not in ("block", "blocked", "gone"):
        await happen()
    assert await kinds(ada) == left
    assert await unread(ada) == len(left)
    if rule == "mute":
        await ada.do(mutation("muteUser"), userId=bob.id, mutesNotifications=False)
        assert len(await lines(ada)) == 3, "a mute may leave notifications alone"
    if rule == "word":
        await ada.do(mutation("muteWord"), text="fish", scope="HOME")
        assert len(await lines(ada)) == 2, "words of the home are none of notifications"


async def test_the_newest_of_those_behind_a_line_are_shown_as_the_rules_let_them(town: Town) -> None:
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    post = await ada.write("Mine")
    for fan in (bob, carl):
        await fan.do("LikePost", postId=post)
    await ada.do(mutation("muteUser"), userId=carl.id)
    (line,) = await lines(ada)
    assert (line["count"], line["actors"]) == (1, [{"id": bob.id}])


async def test_one_reads_on_on_all_devices_and_never_back(town: Town) -> None:
    ada, bob = await people(town, "ada", "bob")
    posts = [await ada.write(f"{index}") for index in range(3)]
    for post in posts:
        await bob.do("LikePost", postId=post)
    edges = (await page(ada))["edges"]
    assert await unread(ada) == 3
    await ada.do(READ, until=edges[1]["cursor"])
    assert [line["isUnread"] for line in await lines(ada)] == [True, False, False]
    await ada.do(READ, until=edges[2]["cursor"])
    assert await unread(ada) == 1
    await ada.do(READ, until=edges[0]["cursor"])
    assert await unread(ada) == 0
    assert await ada.refusal(READ, until="nonsense") == ("BAD_USER_INPUT", ["until"])
    await ada.do(READ, until="k7zzzzzzzzzzzz")
    await bob.follow(ada)
    assert await unread(ada) == 1, "nobody reads what is yet to come"


async def test_what_filters_hold_back_waits_and_is_let_in_or_thrown_away(town: Town) -> None:
    ada, bob, carl, friend = await people(town, "ada", "bob", "carl", "friend")
    await ada.follow(friend)
    await ada.do(FILTERS, notFollowing="FILTER")
    post = await ada.write("Mine")
    for one in (bob, carl, friend):
        await one.do("LikePost", postId=post)
    reply = await bob.write("An answer", replyToId=post)
    assert await kinds(ada) == ["LIKE"]
    assert await unread(ada) == 1
    assert await requests(ada) == {bob.id: 2, carl.id: 1}
    await ada.do(ACCEPT, userId=bob.id)
    found = await lines(ada)
    assert [(line["kind"], line["count"], line["post"]["id"]) for line in found] == [
        ("REPLY", 1, reply), ("LIKE", 2, post),
    ]  # fmt: skip
    assert await requests(ada) == {carl.id: 1}
    await ada.do(DISMISS, userId=carl.id)
    assert await requests(ada) == {}
    await bob.write("Another", replyToId=post)
    await carl.write("Another", replyToId=post)
    assert (await kinds(ada))[0] == "REPLY"
    assert len(await kinds(ada)) == 3
    assert await requests(ada) == {carl.id: 1}
    await ada.do("BlockUser", userId=carl.id)
    assert await requests(ada) == {}
    assert await ada.refusal(ACCEPT, userId="user_zzz") == ("NOT_FOUND", ["userId"])


async def test_each_filter_meets_whom_it_names(town: Town) -> None:
    ada, bob = await people(town, "ada", "bob")
    await ada.follow(bob)
    await ada.do(FILTERS, newAccounts="DROP")
    await bob.write(f"@{ada.handle} one")
    assert await kinds(ada) == []
    await fetch("UPDATE users SET joined_at = now() - interval '31 days' WHERE id = $1", number(bob.id))
    await bob.write(f"@{ada.handle} two")
    assert await kinds(ada) == ["MENTION"]
    await ada.do(FILTERS, notFollowers="DROP")
    await bob.write(f"@{ada.handle} three")
    await bob.follow(ada)
    await bob.write(f"@{ada.handle} four, a new follower")
    assert await kinds(ada) == ["MENTION"]
    await fetch("UPDATE follows SET created_at = now() - interval '4 days' WHERE follower_id = $1", number(bob.id))
    await bob.write(f"@{ada.handle} five")
    assert await kinds(ada) == ["MENTION", "MENTION"]


async def test_private_words_of_strangers_wait_unless_one_wrote_first(town: Town) -> None:
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    await bob.write(f"@{ada.handle} psst", visibility="MENTIONED")
    first = await ada.write(f"@{carl.handle} a word?", visibility="MENTIONED")
    await carl.write(f"@{ada.handle} yes", replyToId=first, visibility="MENTIONED")
    assert await kinds(ada) == ["REPLY"]
    assert await requests(ada) == {bob.id: 1}


async def test_kinds_are_switched_off(town: Town) -> None:
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    await ada.follow(carl)
    post = await ada.write("Mine")
    await ada.do(SWITCH, kind="LIKE", source="NOBODY")
    await ada.do(SWITCH, kind="REPOST", source="FOLLOWING", pushes=True)
    for one in (bob, carl):
        await one.do("LikePost", postId=post)
        await one.do("RepostPost", postId=post)
    (line,) = await lines(ada)
    assert (line["kind"], line["actors"]) == ("REPOST", [{"id": carl.id}])
    settled = "{ viewer { notificationSettings { privateMentions switches { kind source pushes } } } }"
    found = (await ada.ask(settled))["viewer"]["notificationSettings"]
    assert found["privateMentions"] == "FILTER"
    by_kind = {one["kind"]: (one["source"], one["pushes"]) for one in found["switches"]}
    assert by_kind["LIKE"] == ("NOBODY", False)
    assert by_kind["REPOST"] == ("FOLLOWING", True)
    assert by_kind["REPLY"] == ("EVERYONE", True)


async def test_what_is_told_and_the_place_in_the_log_stand_or_fall_together(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = await people(town, "ada", "bob")
    post = await ada.write("Mine")
    await caught_up()
    await bob.do("LikePost", postId=post)

    async def broken(self: LogReader, place: Cursor) -> None:
        raise ConnectionResetError("in the middle")

    with monkeypatch.context() as patched:
        patched.setattr(LogReader, "stand_at", broken)
        with pytest.raises(ConnectionResetError):
            await caught_up()
    assert await fetch("SELECT 1 FROM notification_items WHERE recipient_id = $1", number(ada.id)) == []
    await asyncio.gather(*(notification_news.tell_people() for _ in range(5)))
    (line,) = await lines(ada)
    assert (line["count"], line["version"]) == (1, 1)
    await fetch(
        "UPDATE log_readers SET (xid, event_id) = (SELECT xid, id FROM events ORDER BY xid DESC, id DESC OFFSET 2 LIMIT 1)"
        " WHERE name = 'notifications'"
    )
    assert (await lines(ada))[0]["version"] == 1, "what was told is not told again"


async def test_an_uneven_number_of_likes_and_unlikes_ends_as_it_stands(town: Town) -> None:
    ada, bob, carl = await people(town, "ada", "bob", "carl")
    post = await ada.write("Mine")
    for step in range(5):
        await bob.do("UnlikePost" if step % 2 else "LikePost", postId=post)
        await carl.do("LikePost" if step % 2 else "UnlikePost", postId=post)
        if step == 2:
            await caught_up()
    (line,) = await lines(ada)
    assert (line["count"], line["actors"]) == (1, [{"id": bob.id}])
