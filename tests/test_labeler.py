"""Labelers: who may be one, what it may label, who hears of it, and what each person lets come of it."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import given_label, relation
from models import labeler as labelers
from models.database import fetch, fetch_value
from models.labeler import LabelChoice, choice_of
from tests.labeling import (
    CHOOSE,
    CLOSE,
    DECLARE,
    POST,
    PUT,
    REMOVE,
    SUBSCRIBE,
    UNSUBSCRIBE,
    label,
    labeler,
    labeler_of,
    said,
)
from tests.making import Brush
from tests.moderating import act_about, case_about, report, staff
from tests.people import Person, Town
from tests.scene import number
from tests.selection import mutation

LISTS = """query($tag: String!) { viewer { homeTimeline(first: 5) { edges { node { id } } } } exploreTimeline(first: 5) { edges { node { id } } }
    hashtag(name: $tag) { posts(first: 5) { edges { node { id } } } } }"""
HOME = "subscription { homeTimeline { __typename cursor ... on PostPublished { edge { node { id } } } } }"
HEARD = "{ viewer { isLabeler labelers { user { id } labels { identifier viewerChoice } } viewing { hasLabelers hiddenLabels } } }"


async def lists(who: Person, tag: str) -> list[list[str]]:
    found = await who.ask(LISTS, tag=tag)
    every = (found["viewer"]["homeTimeline"], found["exploreTimeline"], found["hashtag"]["posts"])
    return [[edge["node"]["id"] for edge in one["edges"]] for one in every]


async def test_a_labeler_says_something_and_only_who_listens_hears_it(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    lab = await labeler(town, label("spoiler", severity="ALERT", blur="CONTENT"), label("parody", "SHOW"))
    post = await ada.write("He dies")
    await bob.do(SUBSCRIBE, userId=lab.id)
    assert (await lab.do(PUT, postId=post, identifier="spoiler"))["identifiers"] == ["spoiler"]
    assert (await lab.do(PUT, postId=post, identifier="spoiler"))["identifiers"] == ["spoiler"]
    await lab.do(PUT, userId=ada.id, identifier="parody")
    node = (await bob.ask(POST, id=post))["node"]
    assert node["viewerLabels"] == [
        {
            "labeler": {"id": lab.id},
            "definition": {
                "identifier": "spoiler",
                "severity": "ALERT",
                "blur": "CONTENT",
                "viewerChoice": "WARN",
                "wordings": [{"language": "EN", "name": "Spoiler"}],
            },
        }
    ]
    assert [one["definition"]["identifier"] for one in node["author"]["viewerLabels"]] == ["parody"]
    for who in (ada, eve, lab, town):
        assert await said(who, post) == [], "whoever does not listen hears nothing"
    given = await lab.ask("query($id: ID!) { viewer { isLabeler givenLabels(id: $id) } }", id=post)
    assert given["viewer"] == {"isLabeler": True, "givenLabels": ["spoiler"]}
    assert (await lab.do(REMOVE, postId=post, identifier="spoiler"))["identifiers"] == []
    await lab.do(REMOVE, postId=post, identifier="spoiler")
    assert await said(bob, post) == []
    rows = await fetch("SELECT removed_at FROM given_labels WHERE subject_id = $1", number(post))
    assert [row["removed_at"] is not None for row in rows] == [True], "who said it, and until when, is kept"
    await lab.do(PUT, postId=post, identifier="spoiler")
    assert await said(bob, post) == [("spoiler", "WARN")]


async def test_each_person_chooses_what_comes_of_a_label(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    lab = await labeler(town, label("x"), label("y", "SHOW"))
    post = await ada.write("Hello")
    await lab.do(PUT, postId=post, identifier="x")
    assert await bob.refusal(CHOOSE, userId=lab.id, identifier="x", choice="HIDE") == ("FORBIDDEN", ["userId"])
    for who in (bob, eve):
        await who.do(SUBSCRIBE, userId=lab.id)
    await bob.do(CHOOSE, userId=lab.id, identifier="x", choice="SHOW")
    assert await said(bob, post) == [("x", "SHOW")]
    assert await said(eve, post) == [("x", "WARN")]
    assert await bob.refusal(CHOOSE, userId=lab.id, identifier="z", choice="HIDE") == ("NOT_FOUND", ["identifier"])
    await bob.do(CHOOSE, userId=lab.id, identifier="x")
    assert await said(bob, post) == [("x", "WARN")], "as the labeler proposes"
    await bob.do(CHOOSE, userId=lab.id, identifier="x", choice="SHOW")
    heard = (await bob.ask(HEARD))["viewer"]
    assert heard["viewing"] == {"hasLabelers": True, "hiddenLabels": []}
    assert heard["labelers"] == [
        {
            "user": {"id": lab.id},
            "labels": [{"identifier": "x", "viewerChoice": "SHOW"}, {"identifier": "y", "viewerChoice": "SHOW"}],
        }
    ]
    for _ in range(2):
        await bob.do(UNSUBSCRIBE, userId=lab.id)
    assert await said(bob, post) == []
    await bob.do(SUBSCRIBE, userId=lab.id)
    assert await said(bob, post) == [("x", "WARN")], "what was chosen is forgotten"


def test_what_was_chosen_counts_before_what_is_proposed() -> None:
    for chosen, proposed in itertools.product((None, *LabelChoice), LabelChoice):
        assert choice_of(chosen, proposed) is (chosen or proposed)


@pytest.mark.parametrize("where", ["post", "user", "image"])
async def test_what_is_hidden_leaves_full_lists_and_open_screens(town: Town, where: str) -> None:
    ada, bob, carl = [await town.person(name) for name in ("ada", "bob", "carl")]
    await bob.follow(ada, carl)
    lab = await labeler(town, label("bad"))
    brush = await Brush.new()
    image = await brush.paint(ada)
    tag = f"t{ada.handle}"
    bad = await ada.write(f"Bad #{tag}", images=[{"imageId": image}])
    good = await carl.write(f"Good #{tag}")
    subject = {"post": {"postId": bad}, "user": {"userId": ada.id}, "image": {"imageId": image}}[where]
    await bob.do(SUBSCRIBE, userId=lab.id)
    async with bob.live(HOME) as feed:
        for _ in range(2):
            assert (await lists(bob, tag))[0][:2] == [good, bad]
        await lab.do(PUT, **subject, identifier="bad")
        await bob.do(CHOOSE, userId=lab.id, identifier="bad", choice="HIDE")
        assert (await feed.until("Reset"))["__typename"] == "Reset"
        for _ in range(2):  # it is kept by then
            assert [bad in one for one in await lists(bob, tag)] == [False, False, False]
            assert [good in one for one in await lists(bob, tag)] == [True, True, True]
        assert [bad in one for one in await lists(carl, tag)] == [False, True, True]
        assert bad in (await lists(ada, tag))[0], "one's own is never hidden"
        assert (await bob.ask(POST, id=bad))["node"]["id"] == bad, "whoever goes there sees it"
        if where == "user":
            await ada.write("Live and bad")
        elif where == "image":
            await ada.write("Live and bad", images=[{"imageId": image}])
        shown = await carl.write("Live and good")
        assert (await feed.until("PostPublished"))["edge"]["node"]["id"] == shown
        await lab.do(REMOVE, **subject, identifier="bad")
    assert [bad in one for one in await lists(bob, tag)] == [True, True, True]


async def test_moderators_labels_hide_where_a_person_wants_it_and_are_never_turned_off(town: Town) -> None:
    ada, bob, mod = await town.person("ada"), await town.person("bob"), await staff(town)
    await bob.follow(ada)
    tag = f"t{ada.handle}"
    post = await ada.write(f"Sure thing #{tag}")
    said_so = {"label": {"value": "MISLEADING", "severity": "ALERT", "blur": "NONE"}}
    await act_about(mod, "LABEL", more=said_so, postId=post)
    settle = mutation("updateViewing", 2)
    async with bob.live(HOME) as feed:
        assert post in (await lists(bob, tag))[0]
        answer = await bob.do(settle, hiddenLabels=["MISLEADING", "SPAM", "SPAM"])
        assert answer["viewer"]["viewing"]["hiddenLabels"] == ["MISLEADING", "SPAM"]
        assert (await feed.until("Reset"))["__typename"] == "Reset"
        assert [post in one for one in await lists(bob, tag)] == [False, False, False]
        await bob.do(settle, aiPictures="LABEL")
        assert (await bob.ask(HEARD))["viewer"]["viewing"]["hiddenLabels"] == ["MISLEADING", "SPAM"]
        await bob.do(settle, hiddenLabels=[])
    assert [post in one for one in await lists(bob, tag)] == [True, True, True]
    node = await bob.ask("query($id: ID!) { node(id: $id) { ... on Post { labelValues } } }", id=post)
    assert node["node"]["labelValues"] == ["MISLEADING"]


async def test_who_is_private_gone_blocked_or_closed_says_nothing(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    lab = await labeler(town, label("x", "HIDE"))
    tag = f"t{ada.handle}"
    post = await ada.write(f"Hello #{tag}")
    await bob.do(SUBSCRIBE, userId=lab.id)
    await lab.do(PUT, postId=post, identifier="x")

    async def hidden() -> tuple[bool, bool, bool]:
        tagged = (await lists(bob, tag))[2]
        return post not in tagged, bool(await said(bob, post)), await labeler_of(bob, lab) is not None

    assert await hidden() == (True, True, True)
    await lab.do(mutation("setAccountPrivacy"), isPrivate=True)
    assert await hidden() == (False, False, False)
    assert await labeler_of(lab, lab) is not None, "it is there for itself"
    assert await lab.refusal(DECLARE, description="", labels=[]) == ("CONFLICT", None)
    await lab.do(mutation("setAccountPrivacy"), isPrivate=False)
    assert await hidden() == (True, True, True)
    await fetch("UPDATE users SET suspended_at = now() WHERE id = $1", number(lab.id))
    assert post in (await lists(bob, tag))[2]
    assert await said(bob, post) == []
    assert (await bob.ask(HEARD))["viewer"]["labelers"] == []
    await fetch("UPDATE users SET suspended_at = NULL WHERE id = $1", number(lab.id))
    assert await hidden() == (True, True, True)
    await lab.do(CLOSE)
    assert await hidden() == (False, False, False)
    assert await lab.refusal(PUT, postId=post, identifier="x") == ("NOT_FOUND", ["identifier"])
    assert await bob.refusal(SUBSCRIBE, userId=lab.id) == ("NOT_FOUND", ["userId"])
    await lab.do(DECLARE, description="Again", labels=[label("y"), label("x", "HIDE")])
    assert await hidden() == (True, True, True)
    await lab.do(DECLARE, description="Again", labels=[label("y")])
    assert await hidden() == (False, False, True), "a retired label says nothing"
    await lab.do(DECLARE, description="Again", labels=[label("x", "HIDE")])
    assert await hidden() == (True, True, True)
    await lab.do(mutation("blockUser"), userId=bob.id)
    assert await hidden() == (False, False, False)
    assert await bob.refusal(SUBSCRIBE, userId=lab.id) == ("NOT_FOUND", ["userId"])
    await lab.do(mutation("unblockUser"), userId=bob.id)
    assert await hidden() == (False, False, True), "a block ends listening for good"


async def test_a_labeler_labels_what_it_sees_and_takes_back_what_it_said_anyway(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    lab = await labeler(town, label("x"))
    private = await ada.write("For those who follow me", visibility="FOLLOWERS")
    open_post = await ada.write("For all")
    never = "post_5"
    for post in (private, never):
        for document in (PUT, REMOVE):
            assert await lab.refusal(document, postId=post, identifier="x") == ("NOT_FOUND", ["postId"])
    picture = await (await Brush.new()).paint(ada)
    assert await lab.refusal(PUT, imageId=picture, identifier="x") == ("NOT_FOUND", ["imageId"])
    assert await lab.refusal(PUT, postId=open_post, identifier="y") == ("NOT_FOUND", ["identifier"])
    assert await bob.refusal(PUT, postId=open_post, identifier="x") == ("NOT_FOUND", ["identifier"])
    assert (await lab.refusal(PUT, postId=open_post, userId=ada.id, identifier="x"))[0] == "BAD_USER_INPUT"
    nobody = Person(town, "", "", None)
    assert await nobody.refusal(PUT, postId=open_post, identifier="x") == ("UNAUTHENTICATED", None)
    await bob.do(SUBSCRIBE, userId=lab.id)
    await lab.do(PUT, postId=open_post, identifier="x")
    await lab.do(PUT, userId=ada.id, identifier="x")
    await ada.do(mutation("blockUser"), userId=lab.id)
    assert await lab.refusal(PUT, userId=ada.id, identifier="x") == ("NOT_FOUND", ["userId"])
    assert await said(bob, open_post) == [("x", "WARN")], "a block does not unsay what was said"
    await lab.do(REMOVE, postId=open_post, identifier="x")
    await lab.do(REMOVE, userId=ada.id, identifier="x")
    assert await said(bob, open_post) == []
    assert await lab.refusal(REMOVE, postId=open_post, identifier="x") == ("NOT_FOUND", ["postId"])


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"labels": [label(f"x{n}") for n in range(21)]}, ["labels"]),
        ({"labels": [label("X")]}, ["labels", "0", "identifier"]),
        ({"labels": [label("a" * 31)]}, ["labels", "0", "identifier"]),
        ({"labels": [label("x"), label("x")]}, ["labels", "1", "identifier"]),
        ({"labels": [label("x") | {"wordings": []}]}, ["labels", "0", "wordings"]),
        (
            {"labels": [label("x") | {"wordings": [{"language": "EN", "name": "a\nb"}]}]},
            ["labels", "0", "wordings", "0", "name"],
        ),
        (
            {"labels": [label("x") | {"wordings": [{"language": "EN", "name": "a", "description": "x" * 301}]}]},
            ["labels", "0", "wordings", "0", "description"],
        ),
        ({"labels": [label("x") | {"wordings": [{"language": "EN", "name": "a"}] * 2}]}, ["labels", "0", "wordings"]),
        ({"description": "x" * 501}, ["description"]),
    ],
)
async def test_what_a_labeler_may_not_say_of_itself(town: Town, given: dict[str, Any], path: list[str]) -> None:
    ada = await town.person("ada")
    asked = {"description": "", "labels": [], **given}
    assert await ada.refusal(DECLARE, **asked) == ("BAD_USER_INPUT", path)
    assert await labeler_of(ada, ada) is None


async def test_there_is_an_end_to_both(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    bob = await town.person("bob")
    monkeypatch.setattr(labelers, "MOST_LABELERS", 2)
    monkeypatch.setattr(given_label, "MOST_A_DAY", 2)
    every = [await labeler(town, label("x")) for _ in range(3)]
    for lab in every[:2]:
        await bob.do(SUBSCRIBE, userId=lab.id)
    await bob.do(SUBSCRIBE, userId=every[0].id)
    assert await bob.refusal(SUBSCRIBE, userId=every[2].id) == ("QUOTA_EXCEEDED", ["userId"])
    assert await bob.refusal(SUBSCRIBE, userId=bob.id) == ("BAD_USER_INPUT", ["userId"])
    await every[0].do(CLOSE)
    await bob.do(SUBSCRIBE, userId=every[2].id)
    await fetch("UPDATE users SET suspended_at = now() WHERE id = $1", number(every[1].id))
    await bob.do(SUBSCRIBE, userId=(await labeler(town, label("x"))).id)  # whom one does not see one cannot leave
    posts = [await bob.write(str(n)) for n in range(3)]
    for post in posts[:2]:
        await every[2].do(PUT, postId=post, identifier="x")
    assert await every[2].refusal(PUT, postId=posts[2], identifier="x") == ("QUOTA_EXCEEDED", None)
    assert await fetch_value("SELECT count(*) FROM given_labels WHERE labeler_id = $1", number(every[2].id)) == 2


async def test_what_a_labeler_proposes_or_takes_back_counts_soon_on_open_screens_too(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody tells those who listen; what they have read of it holds for a minute, which is over at once here."""
    ada, bob, eve = await town.person("ada"), await town.person("bob"), await town.person("eve")
    lab = await labeler(town, label("x", "WARN"))
    await bob.follow(ada, eve)
    await lab.do(PUT, userId=ada.id, identifier="x")
    await bob.do(SUBSCRIBE, userId=lab.id)
    held, free = [(await relation.relations_of([number(one.id)]))[number(one.id)] for one in (bob, eve)]
    assert free.until is None
    assert held.until is not None
    assert timedelta() < held.until - datetime.now(UTC) <= timedelta(minutes=1)
    monkeypatch.setattr(relation, "_SQL", relation._SQL.replace(relation.LABELS_HOLD, "0 seconds"))
    first = await ada.write("First")
    for _ in range(3):
        assert (first, None) in await bob.home_set()
    async with bob.live(HOME) as home:
        await lab.do(DECLARE, description="", labels=[label("x", "HIDE")])
        assert (first, None) not in await bob.home_set()
        await ada.write("Hidden")
        shown = await eve.write("Shown")
        assert (await home.until("PostPublished"))["edge"]["node"]["id"] == shown
        await lab.do(CLOSE)
        again = await ada.write("Again")
        assert (await home.until("PostPublished"))["edge"]["node"]["id"] == again
        assert (first, None) in await bob.home_set()


async def test_what_a_labeler_says_of_itself_is_in_a_report_about_it(town: Town) -> None:
    ada, mod = await town.person("ada"), await staff(town)
    lab = await labeler(town, label("bad-people"))
    await report(ada, "HARASSMENT", userId=lab.id)
    text = (await case_about(mod, lab))["evidence"][0]["text"]
    assert {"Says what it sees", "Bad-People", "Means it."} <= set(text.split("\n"))
