"""What a suspension does, everywhere at once: nobody sees them, nothing leaves for them, and they change nothing; lifted, all is back."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import orjson
import pytest
from graphql import GraphQLInputObjectType, get_named_type
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from models import account_desk, delivery_move, job_move, node_id
from models.database import fetch, fetch_value
from models.engine import announce
from tests.gatherings import gathering_inputs
from tests.inputs import inputs
from tests.making import remix_rows
from tests.moderating import at_desk
from tests.people import PATIENCE_SECONDS, Person, Town
from tests.postman import number_of
from tests.rows import make_rows
from tests.selection import UPDATE_PROFILE, mutation, mutations
from tests.test_profile_picture import picture

# What a suspended person may still do: prove who they are, leave, keep their door shut, and appeal.
OWN_DOOR = {
    "signUp", "logIn", "logOut", "changePassword", "deactivateAccount", "confirmEmail", "requestPasswordReset", "resetPassword",
    "beginPasskey", "completeLogIn", "logInWithPasskey", "reauthenticate", "appealAction", "startExternalLogin",
}  # fmt: skip


async def desk(deed: str, person: Person) -> None:
    assert await account_desk.run([deed, person.handle]) == 0


async def test_they_change_nothing_by_any_mutation(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    ids = await make_rows(town, ada, bob)
    ids |= await remix_rows(ada, bob)
    ids |= await at_desk(ada, bob, ids["chat"])
    given = {**inputs(ids, ada.handle, await ada.write("To go")), **gathering_inputs(ids, bob)}
    await desk("suspend", ada)
    let_in = set()
    for name, field in mutations().items():
        asked = get_named_type(field.args["input"].type)
        assert isinstance(asked, GraphQLInputObjectType)
        values = given.get(name, {"postId": ids["root"]} if "postId" in asked.fields else {"userId": bob.id})
        if name in OWN_DOOR:
            continue
        payload = await ada.attempt(mutation(name), **values)
        if [error["code"] for error in payload["userErrors"]] != ["FORBIDDEN"]:
            let_in.add(name)
    assert let_in == set()


async def the_end(socket: ClientConnection) -> None:
    while True:
        await socket.recv()


async def test_open_sockets_end_at_once_and_tokens_only_read(town: Town) -> None:
    ada = await town.person("ada")
    async with ada.socket() as socket:
        query = {"query": "subscription { homeTimeline { __typename cursor } }"}
        await socket.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": query}).decode())
        await socket.recv()
        await desk("suspend", ada)
        async with asyncio.timeout(PATIENCE_SECONDS):
            with pytest.raises(ConnectionClosed):
                await the_end(socket)
    viewer = (await ada.ask("{ viewer { isSuspended user { handle } } }"))["viewer"]
    assert viewer == {"isSuspended": True, "user": {"handle": ada.handle}}
    assert await ada.refusal("CreatePost", text="x") == ("FORBIDDEN", None)
    await desk("restore", ada)
    assert (await ada.ask("{ viewer { isSuspended } }"))["viewer"] == {"isSuspended": False}
    await ada.write("Back")


async def grant_of(reader: Person, image: str) -> str:
    """The address of a picture as this reader was given it."""
    asked = "query($id: ID!) { node(id: $id) { ... on Image { url(size: SMALL) } } }"
    found: str = (await reader.ask(asked, id=image))["node"]["url"]
    return found


def surfaces(ada: Person, bob: Person, ids: dict[str, str]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Whatever shows somebody to others: each says her handle, or a word that is hers alone."""
    text = "edges { node { ... on Post { id text author { handle } } } }"
    page = f"(first: 20) {{ {text} }}"
    return {
        "person": ("query($h: String!) { user(handle: $h) { handle displayName bio } }", {"h": ada.handle}),
        "node": ("query($i: ID!) { node(id: $i) { ... on Post { text } } }", {"i": ids["post"]}),
        "picture": (
            "query($i: ID!) { node(id: $i) { ... on Image { altText url(size: SMALL) } } }",
            {"i": ids["image"]},
        ),
        "avatar": ("query($i: ID!) { node(id: $i) { ... on Image { altText } } }", {"i": ids["face"]}),
        "home": (f"{{ viewer {{ homeTimeline{page} }} }}", {}),
        "explore": (f"{{ exploreTimeline{page} }}", {}),
        "hashtag": (f'{{ hashtag(name: "{ids["tag"]}") {{ posts{page} }} }}', {}),
        "search": (f'{{ search(text: "#{ids["tag"]}") {{ posts{page} }} }}', {}),
        "people": (
            f'{{ search(text: "{ada.handle}") {{ people(first: 5) {{ edges {{ node {{ handle }} }} }} }} }}',
            {},
        ),
        "mention": (f'{{ viewer {{ userSuggestions(prefix: "{ada.handle}") {{ handle }} }} }}', {}),
        "quote": (
            "query($i: ID!) { node(id: $i) { ... on Post { quotedPost { ... on Post { text } } } } }",
            {"i": ids["quote"]},
        ),
        "replies": (f"query($i: ID!) {{ node(id: $i) {{ ... on Post {{ replies{page} }} }} }}", {"i": ids["root"]}),
        "likes": (
            "query($i: ID!) { node(id: $i) { ... on Post { likedBy(first: 5) { edges { node { handle } } } } } }",
            {"i": ids["root"]},
        ),
        "followers": (
            "query($h: String!) { user(handle: $h) { followers(first: 5) { edges { node { handle } } } } }",
            {"h": bob.handle},
        ),
        "list": ("query($i: ID!) { node(id: $i) { ... on UserList { name } } }", {"i": ids["list"]}),
        "board": ("query($i: ID!) { node(id: $i) { ... on Board { name } } }", {"i": ids["board"]}),
        "feed": ("query($i: ID!) { node(id: $i) { ... on CustomFeed { name } } }", {"i": ids["feed"]}),
        "preset": ("query($c: String!) { preset(code: $c) { name } }", {"c": ids["preset"]}),
        "style": ("query($c: String!) { styleCode(code: $c) { name } }", {"c": ids["style"]}),
        "message": (
            "query($i: ID!) { node(id: $i) { ... on Chat { members { user { handle } } } } }",
            {"i": ids["chat"]},
        ),
        "bookmarks": (f"{{ viewer {{ bookmarks{page} }} }}", {}),
        "people of a list": (
            "query($i: ID!) { node(id: $i) { ... on UserList { members(first: 5) { edges { node { handle } } } } } }",
            {"i": ids["of bob"]},
        ),
    }


async def furnished(ada: Person, bob: Person) -> dict[str, str]:
    """One of everything of hers that others see, each with her name in it."""
    tag = ada.handle.replace("_", "")
    image, face = await picture(ada, f"{ada.handle} paints"), await picture(ada, f"{ada.handle} smiles")
    post = await ada.write(f"I am {ada.handle} #{tag}", images=[{"imageId": image}])
    root = await bob.write("A question")
    await ada.write(f"{ada.handle} answers", replyToId=root)
    await ada.do("LikePost", postId=root)
    await ada.follow(bob)
    await bob.follow(ada)
    await ada.do(UPDATE_PROFILE, avatarImageId=face)
    quote = await bob.write("Look", quotedPostId=post)
    await bob.do(mutation("bookmarkPost"), postId=post)
    people = (await ada.do(mutation("createList"), name=f"{ada.handle}'s", isPrivate=False))["list"]["id"]
    board = (await ada.do(mutation("createBoard"), name=f"{ada.handle}'s", audience="PUBLIC"))["board"]["id"]
    rules = {"sources": [{"people": [bob.id]}]}
    feed = await ada.do(mutation("createFeed"), name=f"{ada.handle}'s", rules=rules, isPrivate=False)
    preset = await ada.do(mutation("createPreset"), name=f"{ada.handle}'s", isShared=True)
    style = f"fs-{base64.b32hexencode(ada.handle.encode())[:12].decode().lower().replace('l', 'w').replace('i', 'x').replace('o', 'y').replace('u', 'z')}"
    await fetch(
        "INSERT INTO style_codes (owner_id, code, name, manner, image_id, shared, was_shared) VALUES ($1, $2, $3, 'fs1-x', $4, true, true)",
        number_of(ada),
        style,
        f"{ada.handle}'s",
        node_id.number_of("image", image),
    )
    chat = (await ada.do(mutation("openChat"), userId=bob.id))["chat"]["id"]
    await ada.do(mutation("sendMessage"), chatId=chat, text=f"Yours, {ada.handle}")
    of_bob = (await bob.do(mutation("createList"), name="People"))["list"]["id"]
    await bob.do(mutation("addToList"), userListId=of_bob, userId=ada.id)
    return {
        "post": post, "image": image, "face": face, "root": root, "quote": quote, "tag": tag, "list": people, "board": board,
        "feed": feed["feed"]["id"], "preset": preset["preset"]["code"], "style": style, "chat": chat, "of bob": of_bob,
    }  # fmt: skip


async def test_nobody_sees_them_anywhere_and_all_comes_back(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    ids = await furnished(ada, bob)
    asked = surfaces(ada, bob, ids)
    before = {name: await bob.ask(query, **values) for name, (query, values) in asked.items()}
    blind = [name for name, found in before.items() if ada.handle not in str(found)]
    assert blind == [], "each of these shows her, or the test looks at nothing"
    address = await grant_of(bob, ids["image"])
    addresses = [f"{town.url}/media/{ids['face']}/small", address if "://" in address else town.url + address]
    statuses = [(await town.http.get(one, follow_redirects=False)).status_code for one in addresses]
    assert statuses == [302, 302]
    await desk("suspend", ada)
    for who in (bob, Person(town, "", "", None)):
        shown = {}
        for name, (query, values) in asked.items():
            found = await who.answer(query, **values)
            if ada.handle in str(found.get("data")):
                shown[name] = found
        assert shown == {}
    statuses = [(await town.http.get(one, follow_redirects=False)).status_code for one in addresses]
    assert statuses == [404, 404], "addresses that were given out before lead nowhere"
    chats = "{ viewer { chats(first: 20) { edges { node { id lastMessage { text } } } } unreadNotificationCount } }"
    assert ada.handle not in str(await bob.ask(chats))
    await desk("restore", ada)
    after = {name: await bob.ask(query, **values) for name, (query, values) in asked.items()}
    gone = [name for name, found in after.items() if ada.handle not in str(found)]
    assert gone == []


async def test_what_is_on_its_way_for_them_ends_and_is_given_back(town: Town) -> None:
    ada = await town.person("ada")
    engine = f"slow_{number_of(ada)}"
    can = {"min_side": 64, "max_side": 64, "side_step": 1, "max_count": 4, "supports_seeds": True}
    await announce(engine, [{"name": "one", "default_width": 64, "default_height": 64, "capabilities": can}], True)
    credits = "{ viewer { credits { available } } }"
    had = await ada.ask(credits)
    job = (await ada.do(mutation("generateImages"), prompt="a cat", engine=engine))["job"]["id"]
    hook = (await ada.do(mutation("createWebhook"), url="https://hooks.example.org/x"))["webhook"]["id"]
    await ada.do(mutation("testWebhook"), webhookId=hook)
    waiting = await fetch_value(
        "SELECT count(*) FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id WHERE w.owner_id = $1 AND d.state = 'PENDING'",
        number_of(ada),
    )
    assert waiting == 1
    await desk("suspend", ada)
    while await job_move.end_of_gone():
        pass
    state = await fetch_value("SELECT state FROM generation_jobs WHERE id = $1", node_id.number_of("job", job))
    assert state == "CANCELLED"
    assert await ada.ask(credits) == had, "what was set aside is back"
    await delivery_move.claim(1_000)
    tries = "SELECT d.tries FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id WHERE w.owner_id = $1"
    assert await fetch_value(tries, number_of(ada)) == 0, "nothing is sent to their addresses"
    await desk("restore", ada)
    await delivery_move.claim(1_000)
    assert await fetch_value(tries, number_of(ada)) == 1


async def test_a_job_that_runs_is_told_to_stop(town: Town) -> None:
    ada = await town.person("ada")
    engine = f"slow_{number_of(ada)}"
    can = {"min_side": 64, "max_side": 64, "side_step": 1, "max_count": 4, "supports_seeds": True}
    await announce(engine, [{"name": "one", "default_width": 64, "default_height": 64, "capabilities": can}], True)
    job = (await ada.do(mutation("generateImages"), prompt="a cat", engine=engine))["job"]["id"]
    number = node_id.number_of("job", job)
    await fetch(
        "UPDATE generation_jobs SET state = 'RUNNING', lease_until = now() + interval '1 hour' WHERE id = $1", number
    )
    await desk("suspend", ada)
    for _ in range(2):
        while await job_move.end_of_gone():
            pass
    assert await fetch_value("SELECT cancel_requested_at FROM generation_jobs WHERE id = $1", number)
    told = "SELECT count(*) FROM generation_job_entries WHERE job_id = $1 AND kind = 'CANCEL_REQUESTED'"
    assert await fetch_value(told, number) == 1, "once"
