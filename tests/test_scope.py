"""Scopes: everything says what opens it, and what a token was not given it does not get, by whatever way it asks."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from graphql import GraphQLField, GraphQLInterfaceType, GraphQLObjectType, parse

from execution.scope import SCOPE, needs_of
from models.database import fetch_value
from models.node_id import number_of
from models.scope import SCOPES, Scope, scopes_in
from schema.build import build
from schema.scope import ACCOUNT, FIELDS, NODES, QUERY, missing
from tests.people import Person, Town
from tests.rows import make_rows
from tests.selection import SCHEMA, object_type
from tests.streaming import events
from tests.tokens import INSUFFICIENT, code_of, nodes, program, reaching

ROOTS = ("Query", "Mutation", "Subscription", "Viewer")
OPEN_TO_ALL_TOKENS = {
    "Query.viewer",
    "Query.node",
    "Query.nodes",
    "Query.rateLimit",
    "Query.site",
    "Mutation.recordViews",
}
PRIVATE = "{ viewer { bookmarks { edges { cursor } } } }"
EXPLORE = "{ exploreTimeline(first: 1) { edges { node { text } } } }"


def marked(kind: GraphQLObjectType | GraphQLField) -> frozenset[str] | None:
    """What opens it."""
    found: frozenset[str] | None = kind.extensions.get(SCOPE)
    return found


# -- what is declared


def test_everything_says_what_opens_it() -> None:
    assert missing(SCHEMA) == [], "say in schema/scope.py which scope opens it, or that none does (ALONE)"
    free = {
        f"{root}.{label}" for root in ROOTS for label, one in object_type(root).fields.items() if marked(one) is None
    }
    assert free == OPEN_TO_ALL_TOKENS
    for root in ROOTS:
        for label, field in object_type(root).fields.items():
            assert "cope" in (field.description or ""), f"{root}.{label} tells nobody which scope opens it"
    for name in nodes():
        assert marked(object_type(name)) is not None, name
        assert "cope" in (object_type(name).description or ""), name


def test_nothing_stands_twice_in_the_table() -> None:
    for opened in (*FIELDS.values(), NODES):
        names = [name for words in opened.values() for name in words.split()]
        assert sorted(names) == sorted(set(names))


def test_a_name_that_is_nobody_s_is_not_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FIELDS, "Query", {**QUERY, ACCOUNT: "thereIsNoSuchField"})
    with pytest.raises(KeyError):
        build()


def test_sensitive_things_are_reached_by_no_token() -> None:
    sensitive = set(
        [
            "password",
            "passwords",
            "session",
            "sessions",
            "token",
            "tokens",
            "secret",
            "factor",
            "passkey",
            "totp",
            "recovery",
            "consent",
            "authorize",
            "app",
            "apps",
        ]
    )
    for root in ROOTS:
        for label, field in object_type(root).fields.items():
            if sensitive & {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", label)}:
                assert marked(field) == frozenset(), f"{root}.{label}"
    for label in (
        "signUp",
        "logIn",
        "logOut",
        "deactivateAccount",
        "setAccountPrivacy",
        "createWebhook",
        "subscribeToPush",
    ):
        assert marked(object_type("Mutation").fields[label]) == frozenset(), label


def test_no_interface_leads_past_the_mark_of_a_node() -> None:
    for kind in SCHEMA.type_map.values():
        if isinstance(kind, GraphQLInterfaceType) and any(marked(one) for one in SCHEMA.get_possible_types(kind)):
            assert set(kind.fields) <= {"id", "cursor"}, f"{kind.name} has fields that need no scope"


def test_every_scope_is_described_and_opens_something() -> None:
    opened = {scope for table in (*FIELDS.values(), NODES) for scopes in table if scopes for scope in scopes}
    assert set(Scope) == set(SCOPES)
    assert set(Scope) - opened <= {Scope.MODERATE}
    assert scopes_in("write:posts read") == [Scope.READ, Scope.WRITE_POSTS]
    assert scopes_in("read root") is None
    assert scopes_in("") is None


def test_needs_are_read_off_any_form_of_document() -> None:
    def needs(text: str) -> set[frozenset[str]]:
        tree = parse(text)
        fragments: Any = {one.name.value: one for one in tree.definitions if one.kind == "fragment_definition"}  # type: ignore[attr-defined]
        return set(needs_of(SCHEMA, tree.definitions[0], fragments))  # type: ignore[arg-type]

    read, private, posts = (frozenset({scope.value}) for scope in (Scope.READ, Scope.READ_PRIVATE, Scope.WRITE_POSTS))
    assert needs("{ viewer { id: __typename } }") == set()
    assert needs("{ a: viewer { b: bookmarks { edges { cursor } } } }") == {private}
    assert needs("{ ...A } fragment A on Query { viewer { ...B } } fragment B on Viewer { drafts { __typename } }") == {
        private
    }
    assert needs("{ ... on Query { viewer { ... { ... on Viewer { sessions { __typename } } } } } }") == {frozenset()}
    assert needs("query($no: Boolean!) { viewer @include(if: $no) { bookmarks { __typename } } }") == {private}
    write = "mutation { createPost(input: {}) { userErrors { code } post { id %s } query { %s } } }"
    assert needs(write % ("", "__typename")) == {posts}
    assert needs(write % ("text", "__typename")) == {posts, read}
    assert needs(write % ("", "viewer { drafts { __typename } }")) == {posts, private}
    assert needs('{ node(id: "x") { id ... on Node { id ... on Session { device } } } }') == {frozenset()}
    assert needs('{ node(id: "x") { ... on Session { id __typename } } }') == set()
    assert needs("{ __schema { types { name } } }") == set()


# -- what a token gets


@pytest.mark.parametrize("scope", Scope, ids=lambda scope: scope.name)
async def test_a_token_gets_what_it_was_given_and_nothing_else(town: Town, scope: Scope) -> None:
    app = await program(await town.person("ada"), scope.name)
    tried = 0
    for root in ("Query", "Mutation", "Viewer"):
        for label, field in object_type(root).fields.items():
            found = await code_of(app, reaching(root, label))
            allowed = marked(field) is None or scope.value in (marked(field) or ())
            assert (found != INSUFFICIENT) is allowed, (root, label, found)
            tried += 1
    for name in nodes():
        kind = object_type(name)
        label = next(label for label in kind.fields if label != "id")
        found = await code_of(app, reaching(name, label))
        assert (found != INSUFFICIENT) is (scope.value in (marked(kind) or ())), (name, label, found)
        tried += 1
    assert tried > 200


async def test_a_session_s_token_may_do_everything(town: Town) -> None:
    ada = await town.person("ada")
    await make_rows(town, ada, await town.person("bob"))
    for document in (PRIVATE, EXPLORE, "{ viewer { sessions { edges { node { device } } } accessTokens { name } } }"):
        assert await code_of(ada, document) is None


async def test_a_refusal_names_what_is_missing(town: Town) -> None:
    app = await program(await town.person("ada"), "READ")
    answer = await town.http.post(
        f"{town.url}/graphql", json={"query": PRIVATE}, headers={"Authorization": f"Bearer {app.token}"}
    )
    assert answer.status_code == 403
    assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="read:private"'
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": INSUFFICIENT, "missingScopes": ["read:private"]}
    assert "data" not in answer.json()
    (error,) = (await app.answer("{ viewer { sessions { edges { cursor } } bookmarks { edges { cursor } } } }"))[
        "errors"
    ]
    assert error["extensions"]["missingScopes"] == ["read:private"]
    assert "signed in by themselves" in error["message"]
    assert await code_of(app, EXPLORE) is None


async def test_what_is_refused_has_not_happened(town: Town) -> None:
    ada = await town.person("ada")
    app = await program(ada, "READ", "GENERATE")
    document = "mutation($input: CreatePostInput!) { createPost(input: $input) { post { id } } }"
    assert await code_of(app, document, input={"text": "Not mine to say"}) == INSUFFICIENT
    assert await fetch_value("SELECT count(*) FROM posts WHERE author_id = $1", number_of("user", ada.id)) == 0
    # one part that is not allowed takes the whole with it
    both = f"mutation($input: CreatePostInput!) {{ {document.split('{', 1)[1][:-1]} logOut(input: {{}}) {{ revokedSessionIds }} }}"
    poster = await program(ada, "WRITE_POSTS")
    assert await code_of(poster, both, input={"text": "Nor this"}) == INSUFFICIENT
    assert await fetch_value("SELECT count(*) FROM posts WHERE author_id = $1", number_of("user", ada.id)) == 0
    assert await code_of(poster, document, input={"text": "But this"}) is None


async def test_sockets_and_streams_ask_the_same(town: Town) -> None:
    app = await program(await town.person("ada"), "READ")
    async with app.socket() as socket:
        for number, (query, fine) in enumerate(
            (
                ("subscription { notifications { cursor } }", False),
                ("subscription { chats { cursor } }", False),
                (PRIVATE, False),
                ("subscription { homeTimeline { __typename } }", True),
            )
        ):
            await socket.send(
                orjson.dumps({"id": str(number), "type": "subscribe", "payload": {"query": query}}).decode()
            )
            message = orjson.loads(await socket.recv())
            assert message["type"] == ("next" if fine else "error"), (query, message)
            assert fine or message["payload"][0]["extensions"]["code"] == INSUFFICIENT
    headers = {"Authorization": f"Bearer {app.token}", "Accept": "text/event-stream"}
    body = {"query": "subscription { notifications { cursor } }"}
    refused = await town.http.post(f"{town.url}/graphql", json=body, headers=headers)
    assert refused.status_code == 403
    assert refused.json()["errors"][0]["extensions"]["code"] == INSUFFICIENT
    body = {"query": "subscription { homeTimeline { __typename } }"}
    async with events(town.http, "POST", f"{town.url}/graphql", json=body, headers=headers) as stream:
        assert (await stream.any()) is not None


async def test_where_no_operation_is_asked_a_token_sees_no_more(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    image = (await make_rows(town, ada, bob))["image"]

    async def handed_in(person: Person) -> int:
        answer = await town.http.post(
            f"{town.url}/verify?image={image}", headers={"Authorization": f"Bearer {person.token}"}
        )
        return answer.status_code

    assert await handed_in(await program(ada, "GENERATE")) == 404
    assert await handed_in(bob) == 404
