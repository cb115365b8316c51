"""Bad input, everywhere: each mutation and query, each field, gets a clear refusal; nothing fails on our side or is half-written."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from graphql import get_named_type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from models import node_id
from models.database import fetch_value
from models.engine import announce
from tests.conftest import Serving
from tests.entering import NOTHING_BUT_A_KEY, entry_inputs
from tests.gatherings import GATHERED, gathering_input, wrongly_given
from tests.moderating import AT_DESK, asked_at_desk, inputs_of_moderation, staff
from tests.nonsense import FLAGS, IDS, LONE, NUMBERS, RAW_NUMBERS, TEXTS, WORDS, inside, nasty, refusals, rows, send
from tests.people import PASSWORD, Person, Town
from tests.pushing import inputs_of_telling
from tests.saving import saved_inputs
from tests.scheduling import draft_inputs
from tests.securing import KEY_ALONE
from tests.selection import SCHEMA, input_type, mutation, mutations
from tests.test_http import BODIES
from tests.test_message import MALFORMED_FRAMES
from tests.tokens import app_inputs

CHATTING: dict[str, dict[str, Any]] = {
    "renameChat": {"name": "x"}, "addChatMembers": {"userIds": []}, "removeChatMember": {}, "setChatAdmin": {"isAdmin": True},
    "setChatMuted": {"isMuted": True}, "markChatRead": {"sequence": 1}, "answerChatRequest": {"accept": True}, "indicateTyping": {},
    "leaveChat": {}, "clearChat": {}, "sendMessage": {"text": "x"},
}  # fmt: skip


async def usual(town: Town, ada: Person, name: str) -> dict[str, Any]:
    """An input with which the mutation would be all right, or as near as can be without an upload or a job."""
    bob = await town.person("bob")
    post = await (ada if name == "deletePost" else bob).write("Hello")
    known: dict[str, dict[str, Any]] = {
        "createPost": {"text": "Hello", "replyToId": post},
        "logIn": {"login": bob.handle, "password": PASSWORD, "bearer": True},
        **entry_inputs(bob.handle, node_id.encode("invitation", 5)),
        **{"logOut": {}, "revokeOtherSessions": {}, "updateProfile": {"bio": "Hello"}},
        "revokeSession": {"sessionId": node_id.encode("session", 5)},
        "generateImages": {"prompt": "a cat", "engine": "stone"},
        "editImage": {"prompt": "bluer", "imageId": node_id.encode("image", 5)},
        "upscaleImage": {"imageId": node_id.encode("image", 5), "scale": 2},
        **{name: {"imageId": node_id.encode("image", 5)} for name in ("varyImage", "removeBackground")},
        "continueGeneration": {"threadId": node_id.encode("thread", 5), "prompt": "bluer"},
        "renameGenerationThread": {"threadId": node_id.encode("thread", 5), "title": "x"},
        **{f"{deed}GenerationThread": {"threadId": node_id.encode("thread", 5)} for deed in ("archive", "delete")},
        **draft_inputs(node_id.encode("draft", 5)),
        "createPreset": {"name": "x"},
        **inputs_of_moderation(post, bob.id),
        **inputs_of_telling(),
        **{name: {"presetId": node_id.encode("preset", 5)} for name in ("updatePreset", "deletePreset")},
        **saved_inputs(node_id.encode("search", 5)),
        "createStyleCode": {"imageId": node_id.encode("image", 5), "name": "x"},
        **{name: {"styleCodeId": node_id.encode("style", 5)} for name in ("updateStyleCode", "deleteStyleCode")},
        "enhancePrompt": {"prompt": "a fox"},
        "deletePastPrompt": {"promptId": node_id.encode("prompt", 5)},
        **{name: {"jobId": node_id.encode("job", 5)} for name in ("cancelGeneration", "retryGeneration")},
        "createImageUpload": {"mimeType": "image/png", "byteSize": 9},
        "completeImageUpload": {"uploadId": node_id.encode("upload", 5)},
        **app_inputs(),
        "createWebhook": {"url": "https://hooks.example.org/x"},
        "redeliverWebhook": {"deliveryId": node_id.encode("delivery", 5)},
    }
    if (gathered := await gathering_input(name, ada, bob, post)) is not None:
        return gathered
    if "webhookId" in input_type(name[0].upper() + name[1:] + "Input").fields:
        return {"webhookId": node_id.encode("webhook", 5)}
    if name in known:
        return known[name]
    if name in CHATTING:
        chat = (await ada.do(mutation("openChat"), userId=bob.id))["chat"]["id"]
        return {
            "chatId": chat,
            **CHATTING[name],
            **({"userId": bob.id} if name in ("removeChatMember", "setChatAdmin") else {}),
        }
    if "messageId" in input_type(name[0].upper() + name[1:] + "Input").fields:
        return {"messageId": node_id.encode("message", 5), **({"text": "x"} if name == "editMessage" else {})}
    if name == "createGroupChat":
        return {"userIds": [bob.id]}
    about_a_post = "postId" in input_type(name[0].upper() + name[1:] + "Input").fields
    return {"postId": post} if about_a_post else {"userId": bob.id}


async def stone() -> None:
    """An engine that takes jobs and never runs."""
    can = {"min_side": 64, "max_side": 64, "side_step": 1, "max_count": 4, "supports_seeds": True}
    await announce("stone", [{"name": "slab", "default_width": 64, "default_height": 64, "capabilities": can}], True)


def keyed_alike(name: str, field: str) -> bool:
    """Idempotency keys go one way for all mutations, so one of them stands for the rest."""
    return field == "idempotencyKey" and name != "createPost"


@pytest.mark.parametrize(
    "name", [name for name in mutations() if name not in (*NOTHING_BUT_A_KEY, *KEY_ALONE, "closeLabeler", "logOut")]
)
async def test_every_field_of_every_mutation(town: Town, running: Serving, name: str) -> None:
    await stone()
    ada = await town.person("ada")
    document = mutation(name)
    good = await usual(town, ada, name)
    refused = 0
    before = await rows()
    for field, one in input_type(name[0].upper() + name[1:] + "Input").fields.items():
        for value in () if keyed_alike(name, field) else nasty(one.type):
            about = (name, field, repr(value)[:80])
            if refusals(*await inside(running, ada, document, {"input": {**good, field: value}}), about):
                refused += 1
                assert await rows() == before, about
            else:
                before = await rows()
    assert refused > 5


@pytest.mark.parametrize("name", mutations())
async def test_every_input_as_it_comes_over_the_wire(town: Town, name: str) -> None:
    await stone()
    ada = await town.person("ada")
    document = mutation(name)
    kind = input_type(name[0].upper() + name[1:] + "Input")
    before = await rows()
    for whole in ("null", "[]", "5", '"x"', '{"nonsense": 1}', '{"input": {}}', "1e400"):
        status, body = await send(ada, document, f'{{"input": {whole}}}')
        assert refusals(status, body, (name, whole)), (name, whole)
    for field, one in kind.fields.items():
        for value in (
            '"\\ud800"',
            '"x\\ud800y"',
            *(RAW_NUMBERS if get_named_type(one.type).name == "Int" else RAW_NUMBERS[:1]),
        ):
            status, body = await send(ada, document, f'{{"input": {{"{field}": {value}}}}}')
            assert refusals(status, body, (name, field, value)), (name, field, value)
    assert await rows() == before


QUERIES = {
    "dryRun": ("query($v: Boolean = true) { rateLimit(dryRun: $v) { cost } }", FLAGS),
    "node": ("query($v: ID!) { node(id: $v) { id } }", IDS),
    "nodes": ("query($v: [ID!]!) { nodes(ids: $v) { id } }", [*([value] for value in IDS), IDS, [], ["x"] * 101, "x"]),
    "user": ("query($v: String!) { user(handle: $v) { id } }", TEXTS),
    "name": ("query($v: String!) { hashtag(name: $v) { name posts { edges { cursor } } } }", TEXTS),
    "language": ("query($v: String) { trends(language: $v) { hashtags { accountCount } } }", TEXTS),
    "first": ("query($v: Int) { exploreTimeline(first: $v) { edges { cursor } } }", NUMBERS),
    "last": ("query($v: Int) { exploreTimeline(last: $v) { edges { cursor } } }", NUMBERS),
    "after": ("query($v: String) { exploreTimeline(after: $v) { edges { cursor } } }", TEXTS),
    "before": ("query($v: String) { viewer { sessions(before: $v) { edges { cursor } } } }", TEXTS),
    "jobs": ("query($v: Int) { viewer { generationJobs(last: $v) { edges { cursor } } } }", NUMBERS),
    "size": ("query($v: ImageSize!) { viewer { user { avatar { url(size: $v) } } } }", WORDS),
    "text": ("query($v: String!) { search(text: $v) { posts { edges { cursor } } people { __typename } } }", TEXTS),
    "parameters": ("query($v: String!) { authorizationRequest(parameters: $v) { problem } }", TEXTS),
    "prefix": ("query($v: String!) { viewer { userSuggestions(prefix: $v) { id } } }", TEXTS),
    "images": ("query($v: Int) { viewer { images(first: $v) { edges { cursor } } } }", NUMBERS),
    "credits": ("query($v: String) { viewer { credits { entries(after: $v) { edges { cursor } } } } }", TEXTS),
    "quote": (
        "query($v: GenerationQuoteInput!) { viewer { generationQuote(input: $v) { total } } }",
        nasty(input_type("GenerationQuoteInput")),
    ),
    "history": ("query($v: String!) { viewer { promptHistory(query: $v) { edges { cursor } } } }", TEXTS),
    "suggestions": ("query($v: String!) { viewer { promptSuggestions(begun: $v) } }", TEXTS),
    "preset": ("query($v: String!) { preset(code: $v) { id } }", TEXTS),
    "style": ("query($v: String!) { styleCode(code: $v) { id } }", TEXTS),
    "threads": ("query($v: Boolean!) { viewer { generationThreads(archived: $v) { edges { cursor } } } }", TEXTS),
    "ticket": ("query($v: String!) { verifyImage(ticket: $v) { __typename } }", TEXTS),
    "requests": (
        "query($v: RemixRequestState) { viewer { remixRequests(state: $v) { edges { cursor } } } }",
        WORDS,
    ),
    "told": ("query($v: [NotificationKind!]) { viewer { notifications(kinds: $v) { liveCursor } } }", WORDS),
    "folder": ("query($v: ChatFolder!) { viewer { chats(folder: $v) { edges { cursor } } } }", WORDS),
    "words": ("query($v: String!) { viewer { messageSearch(words: $v) { edges { cursor } } } }", TEXTS),
    "chatId": ('query($v: ID) { viewer { messageSearch(words: "x", chatId: $v) { edges { cursor } } } }', IDS),
    **{name: (document, wrongly_given(TEXTS, IDS, NUMBERS).get(name, IDS)) for name, document in GATHERED.items()},
    **asked_at_desk(WORDS, NUMBERS, FLAGS),
    "home": ("query($v: String) { viewer { homeTimeline(before: $v) { edges { cursor } } } }", TEXTS),
}


@pytest.mark.parametrize("name", QUERIES)
async def test_every_argument_of_every_query(town: Town, name: str) -> None:
    document, values = QUERIES[name]
    ada = await (staff(town) if name in AT_DESK else town.person("ada"))  # to others there is no desk
    for value in values:
        refusals(*await send(ada, document, json.dumps({"v": value})), (name, repr(value)[:80]))
    for text in RAW_NUMBERS:
        refusals(*await send(ada, document, f'{{"v": {text}}}'), (name, text))


def test_every_argument_there_is_is_among_them() -> None:
    """A new field with a new kind of argument has to be looked at here too."""
    named = {
        name
        for kind in SCHEMA.type_map.values()
        for field in getattr(kind, "fields", {}).values()
        for name in getattr(field, "args", {})
    }
    ours = "id ids handle name first last after before prefix size input dryRun archived query begun code state ticket"
    ours += " kinds language folder words chatId userId postId count text rules subjectKind assignedToMe urgent"
    ours += " parameters"
    assert named - {"includeDeprecated"} == set(ours.split())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=600), warning=st.text(max_size=120))
async def test_any_text_at_all_is_a_post_or_refused(town: Town, text: str, warning: str) -> None:
    ada = await somebody(town)
    body = json.dumps({"input": {"text": text, "contentWarning": warning}})
    query = "mutation($input: CreatePostInput!) { createPost(input: $input) { post { text } userErrors { code message path } } }"
    codes = refusals(*await send(ada, query, body), text)
    assert set(codes) <= {"BAD_USER_INPUT", "BAD_REQUEST"}


_somebody: list[Person] = []


async def somebody(town: Town) -> Person:
    """One person for many posts."""
    if not _somebody:
        _somebody.append(await town.person("ada"))
    return _somebody[0]


@pytest.mark.parametrize(
    "literal",
    [
        '"\\uD800"',
        '"\\u0000"',
        '"""\\u0000"""',
        "1e400",
        "-1e400",
        "9" * 400,
        '"' + "x" * 60_000 + '"',
        "[[[[]]]]",
        "PUBLIC",
        "$nope",
        "{a: 1}",
        "null",
    ],
    ids=lambda literal: literal[:10],
)
async def test_what_stands_in_the_document_itself(town: Town, literal: str) -> None:
    ada = await town.person("ada")
    before = await rows()
    for document in (
        f"mutation {{ createPost(input: {{ text: {literal} }}) {{ post {{ id }} userErrors {{ code message }} }} }}",
        f"{{ node(id: {literal}) {{ id }} }}",
        f"{{ exploreTimeline(first: {literal}) {{ liveCursor }} }}",
    ):
        refusals(*await send(ada, document, "{}"), document[:60])
    written = await fetch_value("SELECT count(*) FROM posts WHERE author_id = $1", node_id.number_of("user", ada.id))
    assert await rows() - before == 2 * written, "a post and its event, or nothing"


@pytest.mark.parametrize(
    "cursor",
    [
        *(text for text in TEXTS if isinstance(text, str) and LONE not in text),
        "1.a.zzzzzzzzzzzzz.1",
        "1.a.1.1",
        "2.a.1.1",
    ],
)
async def test_any_cursor_of_a_feed_is_answered_by_a_reset(town: Town, cursor: str) -> None:
    async with town.live("ExploreLive", after=cursor) as feed:
        assert (feed.first["__typename"], feed.first["reason"]) == ("Reset", "UNKNOWN_CURSOR")
        assert feed.first["cursor"]


# -- what is no request at all, against the whole application; test_http.py and test_socket.py have the same on a toy

PARTS = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0,application/json'


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_malformed_bodies(town: Town, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    for accept in ("application/json", "application/graphql-response+json", "text/event-stream", PARTS):
        headers = {"Content-Type": "application/json", "Accept": accept}
        answer = await town.http.post(f"{town.url}/graphql", content=body, headers=headers)
        assert answer.status_code == 400
        assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["BAD_REQUEST"]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING or record.exc_info] == []


@pytest.mark.parametrize("frame", MALFORMED_FRAMES.values(), ids=MALFORMED_FRAMES.keys())
async def test_malformed_frames(town: Town, frame: str | bytes, caplog: pytest.LogCaptureFixture) -> None:
    ada = await somebody(town)
    async with ada.socket() as socket:
        await socket.send(frame)
        with pytest.raises(ConnectionClosed) as caught:
            await socket.recv()
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 4400
    assert [record for record in caplog.records if record.levelno >= logging.WARNING or record.exc_info] == []


def test_there_are_as_many_kinds_as_were_asked_for() -> None:
    assert len(BODIES) >= 19
    assert len(MALFORMED_FRAMES) >= 16
