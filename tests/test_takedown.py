"""What is taken down is gone on every surface, with what was made of it, and comes back whole; appeals, each decided by another."""

from __future__ import annotations

import pytest

from models import loose_picture, takedown
from models.database import fetch
from models.held_down import Moderated
from models.transaction import transaction
from tests.chatting import opened, said, texts_of
from tests.making import Brush, seen
from tests.moderating import (
    ACT,
    APPEAL,
    DECIDE,
    OPEN,
    REVERSE,
    act,
    act_about,
    actions,
    case_about,
    mine,
    report,
    staff,
)
from tests.people import Person, Town
from tests.scene import number, set_scene
from tests.selection import UPDATE_PROFILE, mutation
from tests.test_matrix import PATHS, look

NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
HOME = "subscription { homeTimeline { __typename cursor ... on PostRemoved { postId } ... on PostPublished { edge { node { id } } } } }"
CHANGED = "subscription($ids: [ID!]!) { postsChanged(ids: $ids) { __typename cursor ... on PostRemoved { postId } } }"
LABELS = "query($id: ID!) { node(id: $id) { ... on Post { isSensitive labels { value severity blur } } ... on User { labels { value } } } }"
EDIT, AUDIENCE = mutation("editPost"), mutation("updatePostVisibility")


async def sees(who: Person | Town, *ids: str) -> list[bool]:
    """Which of these are there for somebody."""
    return [one is not None for one in (await who.ask(NODES, ids=list(ids)))["nodes"]]


@pytest.mark.parametrize("path", PATHS)
async def test_a_removed_post_is_gone_on_every_surface(town: Town, path: str) -> None:
    """Each viewer, each kind of post, each way to it: the cells of `tests/test_matrix.py`."""
    if path == "replies":
        return  # of replies, in the next test
    scene = await set_scene(town)
    undone = {}
    for kind, post in scene.posts.items():
        async with transaction():
            undone[kind] = await takedown.close_post(number(post), Moderated.REMOVED)
    cells = 0
    for relation, asker, kinds in scene.askers():
        if path in ("home", "bookmarks") and asker.token is None:
            continue
        found = await look(path, scene, asker, kinds)
        there = {kind for kind in kinds if found.get(kind) == "Post"}
        if relation != "self":
            assert there == set(), (path, relation)
        cells += len(kinds)
    assert cells > 100
    for kind, post in scene.posts.items():
        async with transaction():
            await takedown.reopen_post(number(post), undone[kind])
    if path == "node":
        stranger = scene.viewers["stranger"]
        assert await sees(stranger, scene.posts["open", "PUBLIC"], scene.posts["open", "FOLLOWERS"]) == [True, False]
        assert await sees(scene.viewers["mentioned"], scene.posts["open", "MENTIONED"]) == [True]


async def test_a_post_goes_from_open_screens_and_comes_back_whole(town: Town) -> None:
    ada, ben, eve, mod = [await town.person(name) for name in ("ada", "ben", "eve")] + [await staff(town)]
    await ben.follow(ada)
    root = await eve.write("Root")
    post = await ada.write(f"Bad @{eve.handle} #bad", replyToId=root)
    other = await ada.write("Bad by itself")
    count = "query($id: ID!) { node(id: $id) { ... on Post { replyCount } } }"
    assert (await ben.ask(count, id=root))["node"]["replyCount"] == 1
    case = (await mod.do(OPEN, postId=post))["case"]["id"]
    async with ben.live(HOME) as home, eve.live(CHANGED, ids=[post]) as watching:
        action = await act(mod, case, "REMOVE", "HATE")
        assert (await watching.until("PostRemoved"))["postId"] == post
        taken = await act_about(mod, "HIDE", postId=other)
        while (await home.until("PostRemoved"))["postId"] != other:
            pass
    for who in (ben, eve, mod, town):
        assert await sees(who, post, other) == [False, False]
    assert await sees(ada, post, other) == [True, True], "its author sees what is talked of"
    marked = "query($id: ID!) { node(id: $id) { ... on Post { isTakenDown visibility } } }"
    assert (await ada.ask(marked, id=post))["node"] == {"isTakenDown": True, "visibility": "MENTIONED"}
    assert (await ben.ask(count, id=root))["node"]["replyCount"] == 0
    assert await ada.refusal(EDIT, postId=post, text=f"@{eve.handle}") == ("FORBIDDEN", ["postId"])
    assert await ada.refusal(AUDIENCE, postId=post, visibility="PUBLIC") == ("FORBIDDEN", ["postId"])
    again = await mod.refusal(OPEN, postId=post)
    assert again == ("NOT_FOUND", ["postId"])
    await mod.do(REVERSE, actionId=action, note="It was a joke.")
    await mod.do(REVERSE, actionId=taken)
    for who in (ben, eve, town):
        assert await sees(who, post, other) == [True, True]
    assert (await ben.ask(count, id=root))["node"]["replyCount"] == 1
    await ada.do(EDIT, postId=post, text="Better")
    assert await mod.refusal(REVERSE, actionId=action) == ("CONFLICT", ["actionId"])
    found = await actions(ada)
    assert [(one["kind"], one["note"]) for one in found] == [
        ("REVERSE", ""),
        ("REVERSE", "It was a joke."),
        ("HIDE", ""),
        ("REMOVE", ""),
    ]
    assert (await mine(ada))["strikes"] == 0, "what is undone counts nothing"


async def test_a_limited_post_is_in_no_public_list(town: Town) -> None:
    ada, ben, mod = await town.person("ada"), await town.person("ben"), await staff(town)
    post = await ada.write("Loud #loud")
    action = await act_about(mod, "LIMIT", postId=post)
    tagged = '{ hashtag(name: "loud") { posts(first: 50) { edges { node { id } } } } }'

    async def listed() -> bool:
        edges = (await ben.ask(tagged))["hashtag"]["posts"]["edges"]
        return post in {edge["node"]["id"] for edge in edges}

    assert (await sees(ben, post), await listed()) == ([True], False)
    assert await ada.refusal(AUDIENCE, postId=post, visibility="PUBLIC") == ("FORBIDDEN", ["postId"])
    await ada.do(EDIT, postId=post, text="Less loud #loud")
    await mod.do(REVERSE, actionId=action)
    assert await listed()


async def test_labels_are_shown_and_veil(town: Town) -> None:
    ada, ben, mod = await town.person("ada"), await town.person("ben"), await staff(town)
    post = await ada.write("Look at this")
    given = {"label": {"value": "GRAPHIC", "severity": "ALERT", "blur": "MEDIA"}}
    async with ben.live(
        "subscription($ids: [ID!]!) { postsChanged(ids: $ids) { __typename cursor ... on PostChanged { post { isSensitive labels { value } } } } }",
        ids=[post],
    ) as feed:
        action = await act_about(mod, "LABEL", "VIOLENCE", given, postId=post)
        shown = await feed.until("PostChanged")
    assert shown["post"] == {"isSensitive": True, "labels": [{"value": "GRAPHIC"}]}
    labels = [{"value": "GRAPHIC", "severity": "ALERT", "blur": "MEDIA"}]
    assert (await town.ask(LABELS, id=post))["node"] == {"isSensitive": True, "labels": labels}
    await mod.do(REVERSE, actionId=action)
    assert (await ben.ask(LABELS, id=post))["node"] == {"isSensitive": False, "labels": []}
    await act_about(mod, "LABEL", "SPAM", {"label": {"value": "SPAM"}}, userId=ada.id)
    assert (await ben.ask(LABELS, id=ada.id))["node"] == {"labels": [{"value": "SPAM"}]}
    (newest, *_) = await actions(ada)
    assert newest["kind"] == "LABEL"


async def test_a_picture_goes_with_all_that_was_made_of_it(town: Town) -> None:
    ada, ben, eve, mod = [await town.person(name) for name in ("ada", "ben", "eve")] + [await staff(town)]
    brush = await Brush.new()
    source = await brush.post(ada, remixPolicy="EVERYONE")
    remix = await brush.remix(ben, source, remixPolicy="EVERYONE")
    second = await brush.remix(eve, remix)
    private = await brush.edit(eve, second[1], "and a hat")
    learnt = await brush.paint(eve, "something else")
    bare = await eve.write("", images=[{"imageId": private}])
    other = await eve.write("Mine", images=[{"imageId": learnt}])
    await ben.do(UPDATE_PROFILE, avatarImageId=remix[1])
    await report(eve, "DEEPFAKE", imageId=source[1])
    case = await case_about(mod, ada)
    assert [one["id"] for one in case["evidence"][0]["images"]] == [source[1]]
    pictures = [source[1], remix[1], second[1], private]
    action = await act(mod, case["id"], "REMOVE", "DEEPFAKE")
    for who in (ada, ben, eve, town):
        assert await sees(who, *pictures) == [False] * 4, "their owners see them no more, either"
    assert await sees(ada, learnt, other) == [True, True]
    assert (await sees(town, bare), await sees(town, source[0])) == ([False], [True]), (
        "what says nothing else goes, too"
    )
    assert (await seen(ben, source[0]))["images"] == []
    profile = "query($id: ID!) { node(id: $id) { ... on User { avatar { id } } } }"
    assert (await town.ask(profile, id=ben.id))["node"]["avatar"] is None
    assert await sees(mod, *pictures) == [True] * 4, "the desk still does"
    assert (await ben.refusal("CreatePost", text="Again", images=[{"imageId": remix[1]}]))[0] == "NOT_FOUND"
    for who, strikes in ((ada, 2), (ben, 0), (eve, 0)):
        told = [one for one in await actions(who) if one["kind"] == "REMOVE"]
        assert len(told) == (2 if who is eve else 1), "one for each picture, which can be appealed"
        assert all(one["viewerCanAppeal"] for one in told)
        assert (await mine(who))["strikes"] == strikes, "whoever remixed in good faith gets no strike"
    async with transaction():
        await loose_picture.let_go((await prefixes(source[1]))[0])
        assert (await prefixes(source[1]))[0] not in await loose_picture.take_due(1_000), "its bytes are kept"
    (one,) = [each for each in await actions(ben) if each["kind"] == "REMOVE"]
    appeal = (await ben.do(APPEAL, actionId=one["id"], text="Mine is harmless."))["appeal"]["id"]
    assert await mod.refusal(DECIDE, appealId=appeal, grants=True) == ("FORBIDDEN", ["appealId"]), "not who acted"
    judge = await staff(town)
    done = await judge.do(DECIDE, appealId=appeal, grants=True, answer="Right.")
    assert done["appeal"]["state"] == "GRANTED"
    assert await sees(town, *pictures) == [False, True, False, False], "that one alone is back"
    assert [image["id"] for image in (await seen(ada, remix[0]))["images"]] == [remix[1]]
    assert (await town.ask(profile, id=ben.id))["node"]["avatar"] == {"id": remix[1]}
    await judge.do(REVERSE, actionId=action)
    assert await sees(eve, *pictures) == [True] * 4
    assert await sees(town, bare, private) == [True, True]


async def prefixes(image: str) -> list[str]:
    """Where an image lies."""
    rows = await fetch("SELECT prefix FROM images WHERE id = $1", number(image))
    return [row["prefix"] for row in rows]


async def test_a_post_goes_with_its_pictures_where_that_is_wanted(town: Town) -> None:
    ada, ben, mod = await town.person("ada"), await town.person("ben"), await staff(town)
    brush = await Brush.new()
    source = await brush.post(ada, remixPolicy="EVERYONE")
    remix = await brush.remix(ben, source)
    action = await act_about(mod, "REMOVE", "DEEPFAKE", {"takesPictures": True, "bansPictures": True}, postId=source[0])
    assert await sees(town, source[0], source[1], remix[1]) == [False] * 3
    assert await sees(ada, source[0], source[1]) == [True, False]
    await mod.do(REVERSE, actionId=action)
    assert await sees(town, source[0], source[1], remix[1]) == [True] * 3
    assert [image["id"] for image in (await seen(town_person(town), source[0]))["images"]] == [source[1]]


def town_person(town: Town) -> Person:
    """Somebody signed out."""
    return Person(town, "", "", None)


async def test_a_message_goes_and_comes_back(town: Town) -> None:
    ada, ben, mod = await town.person("ada"), await town.person("ben"), await staff(town)
    await ada.follow(ben)
    await ben.follow(ada)
    chat = await opened(ada, ben)
    await said(ada, chat, "Fine")
    bad = await said(ada, chat, "Bad words")
    await report(ben, "HARASSMENT", messageId=bad)
    case = (await case_about(mod, ada))["id"]
    assert await mod.refusal(ACT, caseId=case, kind="LABEL", rule="SPAM", label={"value": "SPAM"}) == (
        "BAD_USER_INPUT",
        ["kind"],
    )
    action = await act(mod, case, "REMOVE", "HARASSMENT")
    for who in (ada, ben):
        assert "Bad words" not in await texts_of(who, chat)
    await mod.do(REVERSE, actionId=action)
    for who in (ada, ben):
        assert "Bad words" in await texts_of(who, chat)


async def test_who_is_suspended_may_appeal_once(town: Town) -> None:
    ada, mod, judge = await town.person("ada"), await staff(town), await staff(town)
    post = await ada.write("Hello")
    action = await act_about(mod, "SUSPEND", "SPAM", userId=ada.id)
    assert await sees(town, ada.id, post) == [False, False]
    assert (await ada.refusal("CreatePost", text="x"))[0] == "FORBIDDEN"
    assert await mod.refusal(APPEAL, actionId=action, text="x") == ("NOT_FOUND", ["actionId"])
    assert await ada.refusal(APPEAL, actionId=action, text=" ") == ("BAD_USER_INPUT", ["text"])
    appeal = (await ada.do(APPEAL, actionId=action, text="I am no robot."))["appeal"]["id"]
    assert await ada.refusal(APPEAL, actionId=action, text="Really.") == ("CONFLICT", ["actionId"])
    eve = await town.person("eve")
    assert await sees(eve, appeal, action) == [False, False]
    assert await sees(judge, appeal, action) == [True, True]
    waiting = (
        "{ viewer { desk { waitingAppealCount appeals(last: 100) { edges { node { id text action { id } } } } } } }"
    )
    desk = (await judge.ask(waiting))["viewer"]["desk"]
    assert {"id": appeal, "text": "I am no robot.", "action": {"id": action}} in [
        edge["node"] for edge in desk["appeals"]["edges"]
    ]
    await judge.do(DECIDE, appealId=appeal, grants=False, answer="You are.")
    assert await judge.refusal(DECIDE, appealId=appeal, grants=True) == ("CONFLICT", ["appealId"])
    newest, first = await actions(ada)
    assert (newest["kind"], newest["about"]["id"], newest["note"]) == ("UPHOLD", action, "You are.")
    assert (first["appeal"]["state"], first["appeal"]["answer"], first["viewerCanAppeal"]) == (
        "UPHELD",
        "You are.",
        False,
    )
    assert await ada.refusal(APPEAL, actionId=newest["id"], text="x") == ("BAD_USER_INPUT", ["actionId"])
    assert (await mine(ada))["strikes"] == 4
    await judge.do(REVERSE, actionId=action)
    assert await sees(town, ada.id, post) == [True, True]
    await ada.write("Back")
