"""Whatever is somebody's own is to others as if it had never been: every node of that kind, every input that names one."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import pytest
import pytest_asyncio
from graphql import GraphQLInputObjectType, GraphQLNonNull, get_named_type

from models import node_id
from models.database import fetch, fetch_value
from models.engine import announce
from models.job import Failure
from models.job_end import Ending
from models.lease import NewImage, claim, finish, keep_output
from tests.feeds import EVERYBODY
from tests.moderating import RULE, moderated
from tests.people import Person, Town
from tests.pushing import Receiving
from tests.securing import passkey_row
from tests.selection import mutation, mutations
from tests.telling import caught_up
from tests.test_wish import LOOM

KINDS = {
    "sessionId": "session", "avatarImageId": "image", "bannerImageId": "image", "imageId": "image", "maskId": "image",
    "guideId": "image", "referenceIds": "image", "threadId": "thread", "fromImageId": "image", "promptId": "prompt",
    "jobId": "job", "presetId": "preset", "styleCodeId": "style", "draftId": "draft", "uploadId": "upload", "webhookId": "webhook", "accessTokenId": "token", "appId": "app", "connectedAppId": "grant", "identityId": "identity", "deliveryId": "delivery",
    "requestId": "permit", "opinionId": "opinion", "wordId": "word", "pollId": "poll",
    "chatId": "chat", "messageId": "message", "imageIds": "image", "sharedImageId": "image",
    "boardId": "board", "userListId": "list", "savedSearchId": "search", "feedId": "feed", "ruleId": "rule", "runId": "run", "invitationId": "invitation", "pushSubscriptionId": "push", "passkeyId": "passkey",
    "caseId": "case", "actionId": "action", "appealId": "appeal", "heldPictureId": "review",
}  # fmt: skip
OF_EVERYBODY = {
    "allowedMentionIds",
    "userId",
    "userIds",
    "sharedPostId",
    "postId",
    "replyToId",
    "quotedPostId",
    "pinnedPostId",
    "remixOf",
}
FILLED: dict[str, Any] = {
    "content": {"posts": [{"text": "x"}]},
    "publishAt": "2126-01-01T00:00:00Z",
    "prompt": "a fox",
    "name": "Mine",
    "scopes": ["READ"],
    "redirectUris": ["https://a.example.org"],
    "title": "Mine",
    "scale": 2,
    "choices": [0],
    "isAdmin": True,
    "isMuted": True,
    "sequence": 1,
    "accept": True,
    "text": "x",
    "position": 0,
    "reason": "SPAM",
    "rule": "SPAM",
    "kind": "WARN",
    "grants": True,
    "approves": True,
    "identifier": "x",
    "version": 1,
    "state": "DRY",
}
OF_EVERYBODY |= {"postIds", "coverPostId", "belowPostId"}
OPEN = {"userId": "user", "postId": "post"}
CASES = [
    (name, field)
    for name, mutated in mutations().items()
    for given in mutated.args.values()
    if isinstance(kind := get_named_type(given.type), GraphQLInputObjectType)
    for field, asked in kind.fields.items()
    if get_named_type(asked.type).name == "ID" and field not in OF_EVERYBODY
]
DESK = ("case", "review", "rule", "run")
"""Kinds that are there for moderators alone (tests/test_desk.py)."""
_looms = itertools.count(1)


class Couple(NamedTuple):
    """Two people, and one of each kind of what they own."""

    ada: Person
    eve: Person
    hers: dict[str, str]
    own: dict[str, str]


async def belongings(owner: Person) -> dict[str, str]:
    """One of each kind of what is a person's own, by kind; `engine` and `failed` beside them."""
    engine = f"foreign_{next(_looms)}"
    model = {"name": "one", "default_width": 64, "default_height": 64, "capabilities": LOOM}
    await announce(engine, [model], True)
    number = node_id.number_of("user", owner.id)
    for ending in (Ending.DONE, Ending.FAILED):
        job = (await owner.do(mutation("generateImages"), prompt="a secret fox", engine=engine))["job"]["id"]
        work = await claim([engine])
        assert work is not None
        if ending is Ending.DONE:
            made = NewImage(
                f"p/{job}/",
                "image/png",
                9,
                64,
                64,
                "L00000fQfQfQfQfQfQfQfQfQfQfQ",
                "A secret fox",
                facts={"style_code": "fs1-secret"},
            )
            image = await keep_output(work.id, work.token, 0, made)
            assert image is not None
        await finish(work.id, work.token, ending, Failure("no", "No.") if ending is Ending.FAILED else None)
    thread = await fetch_value("SELECT min(id) FROM generation_threads WHERE owner_id = $1", number)
    prompt = await fetch_value("SELECT id FROM past_prompts WHERE owner_id = $1", number)
    session = await fetch_value("SELECT id FROM sessions WHERE user_id = $1", number)
    entry = await fetch_value(
        "SELECT min(e.id) FROM generation_job_entries e JOIN generation_jobs j ON j.id = e.job_id WHERE j.owner_id = $1",
        number,
    )
    credit = await fetch_value("SELECT min(id) FROM credit_entries WHERE owner_id = $1", number)
    hook = (await owner.do(mutation("createWebhook"), url="https://hooks.example.org/x"))["webhook"]["id"]
    delivery = (await owner.do(mutation("testWebhook"), webhookId=hook))["delivery"]["id"]
    attempt = await fetch_value(
        "INSERT INTO webhook_attempts (delivery_id, status, milliseconds) VALUES ($1, 200, 9) RETURNING id",
        node_id.number_of("delivery", delivery),
    )
    app = (await owner.do(mutation("createApp"), name="Mine", redirectUris=["https://a.example.org"]))["app"]["id"]
    grant = await fetch_value(
        "INSERT INTO app_grants (user_id, app_id, scopes) VALUES ($1, $2, '{read}') RETURNING id",
        number,
        node_id.number_of("app", app),
    )
    identity = await fetch_value(
        "INSERT INTO external_identities (user_id, issuer, subject) VALUES ($1, 'x', $2) RETURNING id", number, owner.id
    )
    token = (await owner.do(mutation("createAccessToken"), name="Mine", scopes=["READ"]))["accessToken"]["id"]
    await fetch("UPDATE users SET joined_at = now() - interval '2 days' WHERE id = $1", number)
    invitation = (await owner.do(mutation("createInvitation")))["invitation"]["id"]
    preset = (await owner.do(mutation("createPreset"), name="Mine", template="a secret {prompt}"))["preset"]["id"]
    draft = (await owner.do(mutation("saveDraft"), content={"posts": [{"text": "Mine"}]}))["draft"]["id"]
    assert image is not None
    word = (await owner.do(mutation("muteWord"), text="secret"))["word"]["id"]
    opinion = (await owner.do(mutation("giveOpinion"), hashtag="secret", wish="LESS"))["opinion"]["id"]
    kept = await owner.do(mutation("createStyleCode"), imageId=node_id.encode("image", image), name="Mine")
    asking = await owner.write("Ask me")
    permit = await fetch_value(
        "INSERT INTO remix_permits (post_id, author_id, person_id, asked) VALUES ($1, $2, 5, true) RETURNING id",
        node_id.number_of("post", asking),
        number,
    )
    asked = {"options": ["a", "b"], "minutes": 5}
    await owner.write("For my eyes", visibility="MENTIONED", poll=asked)
    poll = await fetch_value(
        "SELECT max(q.id) FROM polls q JOIN posts p ON p.id = q.post_id WHERE p.author_id = $1", number
    )
    await (await owner.town.person("fan")).follow(owner)
    await caught_up()
    notification = await fetch_value("SELECT id FROM notification_groups WHERE recipient_id = $1 LIMIT 1", number)
    browser = (await owner.do(mutation("subscribeToPush"), **Receiving().given))["pushSubscription"]["id"]
    friend = await owner.town.person("friend")
    chat = (await owner.do(mutation("openChat"), userId=friend.id))["chat"]["id"]
    message = (await owner.do(mutation("sendMessage"), chatId=chat, text="A secret"))["message"]["id"]
    board = (await owner.do(mutation("createBoard"), name="Mine", audience="SHARED"))["board"]["id"]
    people = (await owner.do(mutation("createList"), name="Mine"))["list"]["id"]
    search = (await owner.do(mutation("saveSearch"), text="secret"))["savedSearch"]["id"]
    feed = (await owner.do(mutation("createFeed"), name="Mine", rules=EVERYBODY))["feed"]["id"]
    judged = await moderated(owner)
    upload = (await owner.do("CreateImageUpload", mimeType="image/png", byteSize=100))["upload"]["id"]
    numbers = {
        "image": image, "entry": entry, "thread": thread, "prompt": prompt, "session": session, "credit": credit, "attempt": attempt,
        "permit": permit,
        "poll": poll,
        "notification": notification,
        "review": 9,
    }  # fmt: skip
    found = {kind: node_id.encode(kind, number) for kind, number in numbers.items()}
    return found | {
        "job": job, "webhook": hook, "delivery": delivery, "preset": preset, "draft": draft, "style": kept["styleCode"]["id"], "upload": upload, "word": word, "opinion": opinion,
        "push": browser, **judged, "token": token, "app": app, "grant": node_id.encode("grant", grant), "identity": node_id.encode("identity", identity),
        "passkey": await passkey_row(owner),
        "chat": chat, "message": message, "engine": engine,
        "rule": node_id.encode("rule", 6), "run": node_id.encode("run", 6), "board": board, "list": people, "search": search, "feed": feed, "invitation": invitation, "user": (await owner.town.person("other")).id, "post": await owner.write("Hers"),
    }  # fmt: skip


def given_to(name: str, field: str, value: str, own: dict[str, str]) -> dict[str, Any]:
    """An input of the mutation that is good but for this field, which has this value."""
    (argument,) = mutations()[name].args.values()
    kind = get_named_type(argument.type)
    assert isinstance(kind, GraphQLInputObjectType)
    found: dict[str, Any] = {}
    for label, asked in kind.fields.items():
        if label == field:
            found[label] = [value] if "[" in str(asked.type) else value
        elif isinstance(asked.type, GraphQLNonNull) and label in KINDS:
            found[label] = own[KINDS[label]]
        elif get_named_type(asked.type).name == "AutomodRuleInput":
            found[label] = RULE
        elif isinstance(asked.type, GraphQLNonNull) and label in FILLED:
            found[label] = FILLED[label]
        elif isinstance(asked.type, GraphQLNonNull) and label in OPEN:
            found[label] = own[OPEN[label]]
        elif label == "userIds":
            found[label] = []
        elif label == "engine":
            found[label] = own["engine"]
    return found


def test_every_input_that_names_something_is_known_here() -> None:
    assert {field for _, field in CASES} == set(KINDS), "say whose it is"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def couple(town: Town) -> Couple:
    """Ada and Eve, with all that they own: nothing of it changes here."""
    ada, eve = await town.person("ada"), await town.person("eve")
    return Couple(ada, eve, await belongings(ada), await belongings(eve))


@pytest.mark.parametrize(("name", "field"), CASES, ids=lambda word: word)
async def test_what_is_another_s_is_refused_like_what_never_was(couple: Couple, name: str, field: str) -> None:
    ada, eve, hers, own = couple
    kind = KINDS[field]
    before = await fetch("SELECT count(*) FROM events WHERE actor_id = $1", node_id.number_of("user", ada.id))
    answers = [
        (await eve.attempt(mutation(name), **given_to(name, field, value, own)))["userErrors"]
        for value in (hers[kind], node_id.encode(kind, 5))
    ]
    assert answers[0] == answers[1]
    assert [error["code"] for error in answers[0]] == ["NOT_FOUND"], answers
    assert before == await fetch(
        "SELECT count(*) FROM events WHERE actor_id = $1", node_id.number_of("user", ada.id)
    ), "nothing happened to its owner"


async def test_no_node_of_another_is_there(town: Town) -> None:
    ada, eve = await town.person("ada"), await town.person("eve")
    hers = await belongings(ada)
    assert set(hers) - {"engine"} == node_id.KINDS, "a kind that is not tried here"
    ids = [value for kind, value in hers.items() if kind not in ("engine", "upload", "user", "post", *DESK)]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    assert all((await ada.ask(document, ids=ids))["nodes"]), "to their owner they are there"
    for who in (eve, Person(town, "", "", None)):
        assert (await who.ask(document, ids=ids))["nodes"] == [None] * len(ids)
