"""Idempotency keys: the same key gives the same outcome once, in parallel too; another input under it is refused."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLScalarType, get_named_type

from models import idempotency, node_id
from models.database import fetch, fetch_value
from tests.entering import entry_inputs
from tests.feeds import feed_inputs
from tests.moderating import inputs_of_moderation
from tests.people import Person, Town
from tests.pushing import Receiving
from tests.saving import saved_inputs
from tests.scheduling import draft_inputs
from tests.securing import security_inputs
from tests.selection import BOOKMARK, REVOKE, input_type, mutation, mutations
from tests.tokens import app_inputs

SIGNING = {
    "startExternalLogin", "signUp", "logIn", "logOut", "deactivateAccount", "changePassword", "changeEmail", "confirmEmail", "requestPasswordReset", "resetPassword",
    "completeLogIn", "logInWithPasskey", "beginPasskey", "reauthenticate",
}  # fmt: skip
UPLOAD = mutation("createImageUpload")


async def rows_of(person: Person, table: str, column: str) -> int:
    """How many rows of a table are this person's."""
    number = node_id.number_of("user", person.id)
    return int(await fetch_value(f"SELECT count(*) FROM {table} WHERE {column} = $1", number))


MADE_ONCE = {
    "likePost": ("likes", "user_id"), "repostPost": ("reposts", "user_id"), "followUser": ("follows", "follower_id"),
    "createBoard": ("boards", "owner_id"), "createList": ("lists", "owner_id"),
}  # fmt: skip


@pytest.mark.parametrize("name", MADE_ONCE)
async def test_fifty_at_once_are_one_change_and_one_answer(town: Town, name: str) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    given = {"likePost": {"postId": await bob.write("x")}, "repostPost": {"postId": await bob.write("y")}}
    values = given.get(name, {"userId": bob.id} if name == "followUser" else {"name": "x"})
    answers = await asyncio.gather(
        *(ada.answer(mutation(name), input={**values, "idempotencyKey": "k"}) for _ in range(50))
    )
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["data"][name]["userErrors"] == []
    assert await rows_of(ada, *MADE_ONCE[name]) == 1


async def test_fifty_at_once_are_one_post_and_one_answer(town: Town) -> None:
    ada = await town.person("ada")
    given = {"text": "Once", "idempotencyKey": "k"}
    answers = await asyncio.gather(*(ada.answer("CreatePost", input=given) for _ in range(50)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["data"]["createPost"]["userErrors"] == []
    assert await rows_of(ada, "posts", "author_id") == 1
    assert await rows_of(ada, "events", "actor_id") == 1
    assert (await ada.answer("CreatePost", input=given)) == answers[0], "also later"


@pytest.mark.parametrize("verb", ["LikePost", "RepostPost", BOOKMARK])
async def test_a_key_answers_for_what_was_done_not_for_what_is(town: Town, verb: str) -> None:
    """The outcome is kept, the payload is rendered anew: a later call sees the post as it is then."""
    ada, bob = await town.person("ada"), await town.person("bob")
    post = await ada.write("Hello")
    await bob.do(verb, postId=post, idempotencyKey="k")
    await ada.do("LikePost", postId=post)
    version = 2 + (verb != BOOKMARK)
    again = await bob.do(verb, postId=post, idempotencyKey="k")
    assert again["post"]["version"] == version


async def test_another_input_under_the_same_key_is_a_conflict(town: Town) -> None:
    ada = await town.person("ada")
    await ada.do("CreatePost", text="One", idempotencyKey="k")
    assert await ada.refusal("CreatePost", text="Two", idempotencyKey="k") == ("CONFLICT", ["idempotencyKey"])
    assert await ada.refusal("CreatePost", text="One", visibility="UNLISTED", idempotencyKey="k") == (
        "CONFLICT",
        ["idempotencyKey"],
    )
    outcomes = await asyncio.gather(
        *(ada.attempt("CreatePost", text=f"{n % 2}", idempotencyKey="race") for n in range(8))
    )
    done = [outcome for outcome in outcomes if not outcome["userErrors"]]
    assert len(done) == 4
    assert len({outcome["post"]["id"] for outcome in done}) == 1
    assert {e["userErrors"][0]["code"] for e in outcomes if e["userErrors"]} == {"CONFLICT"}


async def test_keys_are_one_s_own_and_each_mutation_s(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    one = await ada.do("CreatePost", text="Hello", idempotencyKey="k")
    other = await bob.do("CreatePost", text="Hello", idempotencyKey="k")
    assert one["post"]["id"] != other["post"]["id"]
    await ada.do("LikePost", postId=one["post"]["id"], idempotencyKey="k")
    await ada.do("DeletePost", postId=one["post"]["id"], idempotencyKey="k")


async def test_refusals_are_kept_like_successes(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post = await ada.write("Hello")
    await ada.do("BlockUser", userId=bob.id)
    first = await bob.attempt("LikePost", postId=post, idempotencyKey="k")
    assert first["userErrors"][0]["code"] == "NOT_FOUND"
    await ada.do(mutation("unblockUser"), userId=bob.id)
    assert await bob.attempt("LikePost", postId=post, idempotencyKey="k") == first
    await bob.do("LikePost", postId=post, idempotencyKey="k2")


async def test_a_deleted_post_is_answered_for_and_not_shown(town: Town) -> None:
    ada = await town.person("ada")
    post = (await ada.do("CreatePost", text="Hello", idempotencyKey="k"))["post"]["id"]
    deleted = await ada.do("DeletePost", postId=post, idempotencyKey="d")
    assert await ada.do("DeletePost", postId=post, idempotencyKey="d") == deleted
    again = await ada.do("CreatePost", text="Hello", idempotencyKey="k")
    assert again["post"] is None
    assert await rows_of(ada, "posts", "author_id") == 1


async def test_signed_out_nothing_is_kept(town: Town) -> None:
    before = await fetch_value("SELECT count(*) FROM idempotency_keys")
    refusal = await Person(town, "", "", None).refusal("CreatePost", text="x", idempotencyKey="k")
    assert refusal == ("UNAUTHENTICATED", None)
    assert await fetch_value("SELECT count(*) FROM idempotency_keys") == before


@pytest.mark.parametrize("key", ["", "x" * 129, "a\u0000b", "\u0007"])
async def test_a_bad_key_is_refused(town: Town, key: str) -> None:
    ada = await town.person("ada")
    assert await ada.refusal("CreatePost", text="x", idempotencyKey=key) == ("BAD_USER_INPUT", ["idempotencyKey"])
    assert await rows_of(ada, "posts", "author_id") == 0


async def test_null_is_no_key(town: Town) -> None:
    ada = await town.person("ada")
    one, other = [await ada.do("CreatePost", text="x", idempotencyKey=None) for _ in range(2)]
    assert one["post"]["id"] != other["post"]["id"]


def test_every_mutation_but_signing_in_takes_a_key() -> None:
    for name, field in mutations().items():
        fields = input_type(get_named_type(field.args["input"].type).name).fields
        if name in SIGNING:
            assert "idempotencyKey" not in fields, name
        else:
            kind = fields["idempotencyKey"].type
            assert isinstance(kind, GraphQLScalarType), f"{name}: optional"
            assert kind.name == "String", name


def another(kind: GraphQLInputObjectType, values: dict[str, Any]) -> dict[str, Any] | None:
    """A field of the input with another value than it was given; None for an input that has nothing but the key."""
    for wanted in ("Int", "ID", "String"):
        for label, field in kind.fields.items():
            given = values.get(label)
            if label == "idempotencyKey" or given is None or get_named_type(field.type).name != wanted:
                continue
            if isinstance(given, list):
                return {label: []}
            if wanted == "Int":
                return {label: given + 1}
            return {label: node_id.encode(given.split("_")[0], 6) if wanted == "ID" else given + "y"}
    for label, field in kind.fields.items():
        named = get_named_type(field.type)
        if isinstance(values.get(label), list):
            return {label: values[label] * 2}
        if isinstance(values.get(label), bool):
            return {label: not values[label]}
        if label in values and isinstance(named, GraphQLEnumType):
            return {label: next(one for one in named.values if one != values[label])}
    for label, field in kind.fields.items():
        named = get_named_type(field.type)
        if label not in values and named.name == "Boolean":
            return {label: True}
        if label not in values and isinstance(named, GraphQLEnumType):
            return {label: next(iter(named.values))}
    for label, field in kind.fields.items():
        named = get_named_type(field.type)
        if label not in values and label != "idempotencyKey" and named.name in ("Int", "ID", "String"):
            return {label: 1 if named.name == "Int" else "x"}
    for label, field in kind.fields.items():
        named = get_named_type(field.type)
        if isinstance(named, GraphQLInputObjectType) and (deeper := another(named, values.get(label) or {})):
            return {label: {**values.get(label, {}), **deeper}}
    assert set(kind.fields) == {"idempotencyKey"}, f"{kind.name}: nothing to change"
    return None


ON_BOARDS = ("addToBoard", "removeFromBoard", "moveOnBoard")
TOLD_ONCE = ("createAccessToken",)
OF_A_WEBHOOK = ("updateWebhook", "deleteWebhook", "rotateWebhookSecret", "testWebhook")


async def test_every_mutation_keeps_its_key(town: Town) -> None:
    """Each mutation twice under one key: equal answers, and the key was really kept under its name."""
    ada, bob = await town.person("ada"), await town.person("bob")
    number = node_id.number_of("user", ada.id)
    post, own = await bob.write("Hello"), await ada.write("Mine")
    chat = (await ada.do(mutation("openChat"), userId=bob.id))["chat"]["id"]
    given: dict[str, dict[str, Any]] = {
        "createPost": {"text": "x"},
        "createThread": {"posts": [{"text": "x"}]},
        "setReplyPolicy": {"postId": post, "replyPolicy": "NOBODY"},
        "setQuotePolicy": {"postId": post, "quotePolicy": "NOBODY"},
        "setPostSensitive": {"postId": post, "isSensitive": True},
        "updatePreferences": {},
        "updateViewing": {},
        "keepHomePlace": {"cursor": "k1"},
        "updatePostVisibility": {"postId": own, "visibility": "PUBLIC"},
        "narrowOldPosts": {"before": "2020-01-01T00:00:00Z", "visibility": "UNLISTED"},
        "votePoll": {"pollId": "garbage", "choices": [0]},
        "deleteImage": {"imageId": "garbage"},
        "setAccountPrivacy": {"isPrivate": False},
        "updateRemixPolicy": {"postId": post, "policy": "ASK"},
        "updatePromptVisibility": {"postId": post, "visibility": "NOBODY"},
        "updateSharing": {"remixPolicy": "EVERYONE"},
        **{name: {"requestId": node_id.encode("permit", 5)} for name in ("acceptRemixRequest", "declineRemixRequest")},
        "giveOpinion": {"hashtag": "fish", "wish": "LESS"},
        "withdrawOpinion": {"opinionId": node_id.encode("opinion", 5)},
        "createGroupChat": {"userIds": [bob.id]},
        **{name: {"chatId": chat} for name in ("leaveChat", "clearChat", "indicateTyping")},
        "renameChat": {"chatId": chat, "name": "x"},
        "addChatMembers": {"chatId": chat, "userIds": []},
        "removeChatMember": {"chatId": chat, "userId": bob.id},
        "setChatAdmin": {"chatId": chat, "userId": bob.id, "isAdmin": True},
        "setChatMuted": {"chatId": chat, "isMuted": True},
        "markChatRead": {"chatId": chat, "sequence": 1},
        "answerChatRequest": {"chatId": chat, "accept": True},
        "sendMessage": {"chatId": chat, "text": "x"},
        "editMessage": {"messageId": node_id.encode("message", 5), "text": "x"},
        **{
            name: {"messageId": node_id.encode("message", 5)}
            for name in ("deleteMessage", "hideMessage", "reactToMessage")
        },
        "updateChatSettings": {"messagesFrom": "EVERYONE"},
        "muteWord": {"text": "fish"},
        "markNotificationsRead": {"until": "k5"},
        "updateNotificationFilters": {"newAccounts": "ACCEPT"},
        "updateNotificationSwitch": {"kind": "LIKE"},
        "updateDigest": {"frequency": "DAILY"},
        **entry_inputs(ada.handle, node_id.encode("invitation", 5)),
        "unmuteWord": {"wordId": node_id.encode("word", 5)},
        "subscribeToPush": Receiving().given,
        "unsubscribeFromPush": {"pushSubscriptionId": node_id.encode("push", 5)},
        "deletePost": {"postId": own},
        "updateProfile": {"bio": "x"},
        "revokeSession": {"sessionId": node_id.encode("session", 5)},
        "revokeOtherSessions": {},
        "generateImages": {"prompt": "a cat", "engine": "there is no such engine"},
        "editImage": {"prompt": "bluer", "imageId": node_id.encode("image", 5)},
        "varyImage": {"imageId": node_id.encode("image", 5)},
        "upscaleImage": {"imageId": node_id.encode("image", 5), "scale": 2},
        "removeBackground": {"imageId": node_id.encode("image", 5)},
        "continueGeneration": {"threadId": node_id.encode("thread", 5), "prompt": "bluer"},
        "renameGenerationThread": {"threadId": node_id.encode("thread", 5), "title": "x"},
        "archiveGenerationThread": {"threadId": node_id.encode("thread", 5)},
        "deleteGenerationThread": {"threadId": node_id.encode("thread", 5)},
        **draft_inputs(node_id.encode("draft", 5)),
        **inputs_of_moderation(post, bob.id),
        "createPreset": {"name": "x"},
        "updatePreset": {"presetId": node_id.encode("preset", 5)},
        "deletePreset": {"presetId": node_id.encode("preset", 5)},
        **saved_inputs(node_id.encode("search", 5)),
        "createStyleCode": {"imageId": node_id.encode("image", 5), "name": "x"},
        "updateStyleCode": {"styleCodeId": node_id.encode("style", 5)},
        "deleteStyleCode": {"styleCodeId": node_id.encode("style", 5)},
        "enhancePrompt": {"prompt": "a fox"},
        "deletePastPrompt": {"promptId": node_id.encode("prompt", 5)},
        "cancelGeneration": {"jobId": node_id.encode("job", 5)},
        "retryGeneration": {"jobId": node_id.encode("job", 5)},
        "createImageUpload": {"mimeType": "image/png", "byteSize": 5},
        "completeImageUpload": {"uploadId": node_id.encode("upload", 5)},
        **app_inputs(),
        "createWebhook": {"url": "https://hooks.example.org"},
        "redeliverWebhook": {"deliveryId": node_id.encode("delivery", 5)},
        "createBoard": {"name": "x"},
        "createList": {"name": "x"},
        "recordViews": {"postIds": [post]},
        **{name: {"boardId": node_id.encode("board", 5)} for name in ("updateBoard", "deleteBoard")},
        **{name: {"boardId": node_id.encode("board", 5), "postId": post} for name in ON_BOARDS},
        **{name: {"boardId": node_id.encode("board", 5), "userId": bob.id} for name in ("shareBoard", "unshareBoard")},
        **{name: {"userListId": node_id.encode("list", 5)} for name in ("updateList", "deleteList")},
        **{
            name: {"userListId": node_id.encode("list", 5), "userId": bob.id}
            for name in ("addToList", "removeFromList")
        },
        **feed_inputs(node_id.encode("feed", 5)),
        **security_inputs(node_id.encode("passkey", 5)),
        **{name: {"webhookId": node_id.encode("webhook", 5)} for name in OF_A_WEBHOOK},
    }
    kept = set()
    for name, field in mutations().items():
        if name in SIGNING:
            continue
        kind = input_type(get_named_type(field.args["input"].type).name)
        values = given.get(name, {"postId": post} if "postId" in kind.fields else {"userId": bob.id})
        document = mutation(name)
        payloads = await asyncio.gather(*(ada.attempt(document, **values, idempotencyKey="each") for _ in range(2)))
        one = payloads[0]
        for other in payloads[1:]:
            assert one["userErrors"] == other["userErrors"], name
            if name in TOLD_ONCE:  # whichever came first has the text
                assert one["accessToken"]["id"] == other["accessToken"]["id"]
                assert (one["token"] is None) != (other["token"] is None)
            elif name != "createImageUpload":  # a form is signed anew each time, for the same upload
                assert one == other, name
            else:
                assert one["upload"]["id"] == other["upload"]["id"]
        changed = another(kind, values)
        if changed is not None and name != "completeImageUpload":
            assert await ada.refusal(document, **{**values, **changed}, idempotencyKey="each") == (
                "CONFLICT",
                ["idempotencyKey"],
            ), name
        kept.add(name)
    rows = await fetch("SELECT mutation FROM idempotency_keys WHERE viewer_id = $1 AND key = 'each'", number)
    # completing an upload that is not there is refused before there is anything to keep; a letter was sent just now, which passes
    assert kept - {row["mutation"] for row in rows} <= {"completeImageUpload", "requestEmailConfirmation"}


async def test_keys_are_forgotten_after_a_day(town: Town) -> None:
    ada = await town.person("ada")
    number = node_id.number_of("user", ada.id)
    one = await ada.do("CreatePost", text="x", idempotencyKey="k")
    await fetch("UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE viewer_id = $1", number)
    other = await ada.do("CreatePost", text="something else", idempotencyKey="k")
    assert other["post"]["id"] != one["post"]["id"]
    await fetch("UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE viewer_id = $1", number)
    assert await idempotency.forget_old() >= 1
    assert await rows_of(ada, "idempotency_keys", "viewer_id") == 0


async def test_a_revoked_session_s_key_is_worth_nothing(town: Town) -> None:
    ada = await town.person("ada")
    (edge,) = (await ada.ask("{ viewer { sessions(first: 1) { edges { node { id } } } } }"))["viewer"]["sessions"][
        "edges"
    ]
    await ada.do(REVOKE, sessionId=edge["node"]["id"], idempotencyKey="k")
    answer = await ada.answer(REVOKE, input={"sessionId": edge["node"]["id"], "idempotencyKey": "k"})
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
