"""Gates: who may answer and quote, for every viewer, on every path; replies folded away; quotes detached."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from models.database import fetch_value
from models.policy import QuotePolicy, ReplyPolicy
from tests.people import Person, Town
from tests.talking import CHANGED, POST, mutation


async def seen(who: Person, post_id: str) -> dict[str, Any]:
    """A post with all that is said of its gates."""
    found: dict[str, Any] = (await who.ask(POST, id=post_id))["node"]
    return found


def ids(connection: dict[str, Any]) -> list[str]:
    return [edge["node"].get("id", "hole") for edge in connection["edges"]]


PRIVACY = "mutation($input: SetAccountPrivacyInput!) { setAccountPrivacy(input: $input) { userErrors { code } } }"


@pytest.fixture
async def cast(town: Town) -> dict[str, Person]:
    """Ada, whom fan follows; she follows friend and mentions guest; nobody knows stranger."""
    names = ("ada", "fan", "friend", "guest", "stranger")
    people = dict(zip(names, await asyncio.gather(*(town.person(name) for name in names)), strict=True))
    await people["ada"].follow(people["friend"])
    await people["fan"].follow(people["ada"])
    return people


MAY_REPLY = {
    ReplyPolicy.EVERYONE: {"ada", "fan", "friend", "guest", "stranger"},
    ReplyPolicy.FOLLOWING: {"ada", "friend", "guest"},
    ReplyPolicy.MENTIONED: {"ada", "guest"},
    ReplyPolicy.NOBODY: {"ada"},
}
MAY_QUOTE = {
    QuotePolicy.EVERYONE: {"ada", "fan", "friend", "guest", "stranger"},
    QuotePolicy.FOLLOWERS: {"ada", "fan"},
    QuotePolicy.NOBODY: {"ada"},
}


@pytest.mark.parametrize("policy", list(ReplyPolicy))
async def test_who_may_answer(cast: dict[str, Person], policy: ReplyPolicy, town: Town) -> None:
    ada = cast["ada"]
    began = await ada.write(f"Hello @{cast['guest'].handle}", replyPolicy=policy.value)
    own = await ada.write("And more", replyToId=began)  # of another post in the conversation it is the same
    for name, who in cast.items():
        for post in (began, own):
            found = await seen(who, post)
            assert found["replyPolicy"] == policy.value
            assert found["viewerCanReply"] is (name in MAY_REPLY[policy]), name
        if name in MAY_REPLY[policy]:
            await who.write("Yes", replyToId=own)
        else:
            assert await who.refusal("CreatePost", text="No", replyToId=own) == ("FORBIDDEN", ["replyToId"])
    signed_out = (await town.ask(POST, id=began))["node"]
    assert signed_out["viewerCanReply"] is False


@pytest.mark.parametrize("policy", list(QuotePolicy))
async def test_who_may_quote(cast: dict[str, Person], policy: QuotePolicy) -> None:
    post = await cast["ada"].write("Hello", quotePolicy=policy.value)
    for name, who in cast.items():
        found = await seen(who, post)
        assert found["viewerCanQuote"] is (name in MAY_QUOTE[policy]), name
        if name in MAY_QUOTE[policy]:
            await who.write("Look", quotedPostId=post)
        else:
            assert await who.refusal("CreatePost", text="Look", quotedPostId=post) == ("FORBIDDEN", ["quotedPostId"])


async def test_a_policy_changed_later_is_so_at_once_and_on_open_screens(cast: dict[str, Person]) -> None:
    ada, friend, stranger = cast["ada"], cast["friend"], cast["stranger"]
    began = await ada.write("Hello")
    answer = await stranger.write("Hi", replyToId=began)
    async with stranger.live(CHANGED, ids=[began, answer]) as far, friend.live(CHANGED, ids=[answer]) as near:
        await ada.do(mutation("setReplyPolicy"), postId=began, replyPolicy="FOLLOWING")
        told = {(await far.until("PostChanged"))["post"]["id"] for _ in range(2)}
        assert told == {began, answer}
        post = (await near.until("PostChanged"))["post"]
        assert (post["id"], post["replyPolicy"], post["viewerCanReply"]) == (answer, "FOLLOWING", True)
        assert (await seen(stranger, answer))["viewerCanReply"] is False
        await ada.do(mutation("setQuotePolicy"), postId=began, quotePolicy="NOBODY")
        post = (await far.until("PostChanged"))["post"]
        assert (post["id"], post["quotePolicy"], post["viewerCanQuote"]) == (began, "NOBODY", False)
    assert (await seen(friend, began))["viewerCanReply"] is True
    assert await stranger.refusal("CreatePost", text="No", replyToId=answer) == ("FORBIDDEN", ["replyToId"])
    await ada.do(mutation("setReplyPolicy"), postId=began, replyPolicy="EVERYONE")
    await stranger.write("Yes", replyToId=answer)


async def test_only_the_author_changes_policies_and_only_where_it_began(cast: dict[str, Person], town: Town) -> None:
    ada, stranger = cast["ada"], cast["stranger"]
    began = await ada.write("Hello")
    answer = await stranger.write("Hi", replyToId=began)
    reply = {"replyPolicy": "NOBODY"}
    assert await stranger.refusal(mutation("setReplyPolicy"), postId=began, **reply) == ("FORBIDDEN", ["postId"])
    assert await stranger.refusal(mutation("setReplyPolicy"), postId=answer, **reply) == ("BAD_USER_INPUT", ["postId"])
    assert (await stranger.refusal(mutation("setQuotePolicy"), postId=began, quotePolicy="NOBODY"))[0] == "FORBIDDEN"
    assert (await stranger.refusal(mutation("setPostSensitive"), postId=began, isSensitive=True))[0] == "FORBIDDEN"
    refused = await ada.refusal("CreatePost", text="x", replyToId=answer, replyPolicy="NOBODY")
    assert refused == ("BAD_USER_INPUT", ["replyPolicy"])
    hidden = await ada.write("Mine", visibility="MENTIONED")
    assert (await stranger.refusal(mutation("setReplyPolicy"), postId=hidden, **reply))[0] == "NOT_FOUND"
    nobody = (await town.ask(mutation("setReplyPolicy"), input={"postId": began, **reply}))["setReplyPolicy"]
    assert nobody["userErrors"][0]["code"] == "UNAUTHENTICATED"


async def test_whoever_answers_while_the_door_closes_is_in_or_out(cast: dict[str, Person]) -> None:
    ada, stranger = cast["ada"], cast["stranger"]
    began = await ada.write("Hello")
    under = await stranger.write("Hi", replyToId=began)
    answers = [stranger.attempt("CreatePost", text=f"{number}", replyToId=under) for number in range(12)]
    closing = ada.attempt(mutation("setReplyPolicy"), postId=began, replyPolicy="NOBODY")
    *written, closed = await asyncio.gather(*answers, closing)
    assert not closed["userErrors"]
    for one in written:
        if not one["userErrors"]:
            assert (await seen(stranger, one["post"]["id"]))["replyPolicy"] == "NOBODY"
    left = await fetch_value(
        "SELECT count(*) FROM posts WHERE reply_policy <> 'NOBODY' AND conversation_id ="
        " (SELECT max(conversation_id) FROM posts WHERE author_id IN (SELECT id FROM users WHERE handle = $1))",
        ada.handle,
    )
    assert left == 0, "whatever came in before is closed, too"


async def test_a_hidden_reply_is_folded_away_and_back(cast: dict[str, Person], town: Town) -> None:
    ada, friend, stranger = cast["ada"], cast["friend"], cast["stranger"]
    began = await ada.write("Hello")
    rude = await stranger.write("Boo", replyToId=began)
    kind = await friend.write("Hi", replyToId=began)
    deep = await stranger.write("Boo again", replyToId=kind)
    own = await ada.write("So", replyToId=began)
    assert (await seen(ada, rude))["viewerCanHide"] is True
    assert (await seen(ada, own))["viewerCanHide"] is False
    assert (await seen(friend, deep))["viewerCanHide"] is False, "not even under one's own answer"
    async with friend.live(CHANGED, ids=[rude]) as feed:
        await ada.do(mutation("hideReply"), postId=rude)
        await ada.do(mutation("hideReply"), postId=rude)
        assert (await feed.until("PostChanged"))["post"]["isHidden"] is True
        await ada.do(mutation("hideReply"), postId=deep)
        for who in (ada, stranger, friend, Person(town, "", "", None)):
            post = await seen(who, began)
            assert ids(post["replies"]) == [kind, own]
            assert ids(post["hiddenReplies"]) == [rude]
            assert post["replyCount"] == 3
            assert ids((await seen(who, kind))["hiddenReplies"]) == [deep]
            assert (await seen(who, rude))["text"] == "Boo", "still reachable"
        await ada.do(mutation("unhideReply"), postId=rude)
        assert (await feed.until("PostChanged"))["post"]["isHidden"] is False
    assert ids((await seen(ada, began))["replies"]) == [rude, kind, own]
    for who, wrong in ((friend, rude), (stranger, rude), (ada, own), (ada, began)):
        assert await who.refusal(mutation("hideReply"), postId=wrong) == ("FORBIDDEN", ["postId"])


async def test_a_hidden_reply_of_one_blocked_stays_a_hole(cast: dict[str, Person]) -> None:
    ada, friend, stranger = cast["ada"], cast["friend"], cast["stranger"]
    began = await ada.write("Hello")
    rude = await stranger.write("Boo", replyToId=began)
    await ada.do(mutation("hideReply"), postId=rude)
    await friend.do("BlockUser", userId=stranger.id)
    assert ids((await seen(friend, began))["hiddenReplies"]) == ["hole"]


async def test_a_detached_quote_is_a_typed_hole_and_comes_back(cast: dict[str, Person], town: Town) -> None:
    ada, friend, stranger = cast["ada"], cast["friend"], cast["stranger"]
    post = await ada.write("Hello")
    quote = await stranger.write("Look at this", quotedPostId=post)
    fine = await friend.write("Nice", quotedPostId=post)
    around = await friend.write("See there", quotedPostId=quote)  # one deeper than what is fetched with a page
    hole = {"__typename": "UnavailablePost", "reason": "DETACHED"}
    deeper = "query D($id: ID!) { node(id: $id) { ... on Post { quotedPost { ... on Post { quotedPost { __typename } } } } } }"
    await friend.follow(stranger)
    await friend.home()
    async with friend.live(CHANGED, ids=[quote, post]) as feed:
        await ada.do(mutation("detachQuote"), postId=quote)
        await ada.do(mutation("detachQuote"), postId=quote)
        told: dict[str, Any] = {}
        while len(told) < 2:
            changed = (await feed.until("PostChanged"))["post"]
            told[changed["id"]] = changed
        assert told[quote]["quotedPost"] == hole
        assert told[post]["quoteCount"] == 1
    for who in (ada, friend, stranger, Person(town, "", "", None)):
        found = await seen(who, quote)
        assert (found["text"], found["quotedPost"]) == ("Look at this", hole)
        assert ids((await seen(who, post))["quotes"]) == [fine]
    home = await friend.ask(
        "{ viewer { homeTimeline(first: 5) { edges { node { id quotedPost { __typename ... on UnavailablePost { reason } } } } } } }"
    )
    edges = home["viewer"]["homeTimeline"]["edges"]
    assert [edge["node"]["quotedPost"] for edge in edges if edge["node"]["id"] == quote] == [hole]
    found = (await friend.ask(deeper, id=around))["node"]
    assert found["quotedPost"]["quotedPost"] == {"__typename": "UnavailablePost"}
    await ada.do(mutation("reattachQuote"), postId=quote)
    assert (await seen(stranger, quote))["quotedPost"] == {"__typename": "Post", "id": post}
    assert (await seen(stranger, post))["quoteCount"] == 2
    await ada.do(mutation("detachQuote"), postId=quote)
    await stranger.do("DeletePost", postId=quote)
    assert (await seen(ada, post))["quoteCount"] == 1, "what was taken out is not taken out again"
    for who, wrong in ((stranger, fine), (friend, fine), (ada, post)):
        assert await who.refusal(mutation("detachQuote"), postId=wrong) == ("FORBIDDEN", ["postId"])


async def test_the_number_of_quotes_knows_of_detached_ones_and_of_private_accounts(cast: dict[str, Person]) -> None:
    ada, stranger = cast["ada"], cast["stranger"]
    await ada.follow(stranger)
    post = await ada.write("Hello")
    quote = await stranger.write("Look at this", quotedPostId=post)
    found = [(await seen(ada, post))["quoteCount"]]
    for deed in ("detachQuote", "close", "reattachQuote", "detachQuote", "reattachQuote", "open", "detachQuote"):
        if deed in ("close", "open"):
            await stranger.do(PRIVACY, isPrivate=deed == "close")
        else:
            await ada.do(mutation(deed), postId=quote)
        found.append((await seen(ada, post))["quoteCount"])
    assert found == [1, 0, 0, 0, 0, 0, 1, 0]


async def test_pictures_are_covered_and_one_may_want_to_see_them(cast: dict[str, Person]) -> None:
    ada, friend = cast["ada"], cast["friend"]
    post = await ada.write("Careful", isSensitive=True)
    assert (await seen(friend, post))["isSensitive"] is True
    async with friend.live(CHANGED, ids=[post]) as feed:
        await ada.do(mutation("setPostSensitive"), postId=post, isSensitive=False)
        assert (await feed.until("PostChanged"))["post"]["isSensitive"] is False
    wants = "{ viewer { showsSensitive } }"
    assert (await friend.ask(wants))["viewer"]["showsSensitive"] is False
    choose = (
        "mutation P($input: UpdatePreferencesInput!) { updatePreferences(input: $input) { viewer { showsSensitive }"
        " userErrors { code } } }"
    )
    assert (await friend.do(choose, showsSensitive=True))["viewer"]["showsSensitive"] is True
    assert (await friend.do(choose))["viewer"]["showsSensitive"] is True, "what is left out stays"
    assert (await ada.ask(wants))["viewer"]["showsSensitive"] is False


async def test_a_kept_home_gives_the_rights_of_each_reader(cast: dict[str, Person]) -> None:
    """What homes keep of posts is shared by readers: what they may do is not."""
    ada, fan, friend, guest = cast["ada"], cast["fan"], cast["friend"], cast["guest"]
    await friend.follow(ada)
    await guest.follow(ada)
    post = await ada.write(f"Hello @{guest.handle}", replyPolicy="FOLLOWING", quotePolicy="FOLLOWERS")
    rights = "{ viewer { homeTimeline(first: 5) { edges { node { id viewerCanReply viewerCanQuote } } } } }"

    async def told(who: Person) -> tuple[bool, bool]:
        edges = (await who.ask(rights))["viewer"]["homeTimeline"]["edges"]
        (node,) = [edge["node"] for edge in edges if edge["node"]["id"] == post]
        return bool(node["viewerCanReply"]), bool(node["viewerCanQuote"])

    for _ in range(3):  # the first time it is read, then it is kept
        assert [await told(who) for who in (fan, friend, guest, ada)] == [
            (False, True),
            (True, True),
            (True, True),
            (True, True),
        ]
    await ada.follow(fan)
    assert await told(fan) == (True, True)
    await ada.do(mutation("setReplyPolicy"), postId=post, replyPolicy="NOBODY")
    assert [await told(who) for who in (fan, friend, ada)] == [(False, True), (False, True), (True, True)]
