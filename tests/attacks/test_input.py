"""Whatever is written into whichever field of the schema: it is bounded, it never stands in a statement's text, and nobody says what is not theirs."""

from __future__ import annotations

import gc
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from asyncpg import Connection
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from models.database import fetch
from tests.apps import BACK, made
from tests.conftest import Serving
from tests.deskwork import DESK
from tests.gatherings import gathering_inputs
from tests.inputs import inputs
from tests.making import remix_rows
from tests.moderating import act_about, staff
from tests.nonsense import inside, refusals
from tests.people import Person, Town
from tests.rows import make_rows
from tests.selection import SCHEMA, input_type, mutation, mutations

MARK = "zq9mark"  # the only text that has it
LONG = f"{MARK}'\"" * 9_000
SHORT = [f"{MARK}' OR 1=1; --", f'{MARK}"); SELECT pg_sleep(3); --', f"{MARK}$1%s{{0}}\\x"]
LONGEST_KEPT_CHARACTERS = 20_000
MOST_SECONDS = 1.5  # of CPU, for one operation; what it is about takes milliseconds
MOST_ITEMS = 1_000
NOT_OURS_TO_SAY = {
    "authorId", "ownerId", "isAdmin", "isModerator", "role", "roles", "likeCount", "repostCount", "quoteCount", "replyCount", "viewCount",
    "followerCount", "createdAt", "updatedAt", "editedAt", "creditBalance", "credits", "balance", "tier", "moderationState", "suspendedAt",
    "isVerified", "isSuspended", "version", "handleHistory", "passwordHash", "tokenHash", "senderId", "viewerId", "prefix", "objectKey",
}  # fmt: skip
# Who may manage a group says of others in it whether they may, too; administrators give roles. The version of a rule is the one that
# was looked at: it is compared, and never written.
SAID_OF_OTHERS = {
    ("SetChatAdminInput", "isAdmin"), ("SetRoleInput", "role"), ("SetAutomodRuleStateInput", "version"), ("UpdateAutomodRuleInput", "version"),
}  # fmt: skip
SECRETS = {
    "authorizeApp": "parameters ticket", "beginPasskey": "loginToken", "changeEmail": "password", "changePassword": "currentPassword newPassword",
    "completeLogIn": "loginToken code passkey recoveryCode", "confirmEmail": "token", "confirmTotp": "code", "deactivateAccount": "password",
    "logIn": "login password", "logInWithPasskey": "passkey", "reauthenticate": "code passkey recoveryCode", "resetPassword": "newPassword token",
    "signUp": "invitation", "startExternalLogin": "next",
}  # fmt: skip
"""What is compared with what is kept, or stands behind such a thing: nobody's is so long, and that is the answer."""
NAMES = {"chooseLabel": "identifier", "putLabel": "identifier", "removeLabel": "identifier"}
"""What is looked up by its name, which nothing has."""
NOTHING: Mapping[str, Any] = {}
Path = tuple[str, ...]


def inner(kind: Any) -> Any:
    """The type without its exclamation mark."""
    return kind.of_type if isinstance(kind, GraphQLNonNull) else kind


def leaves(kind: Any, path: Path = (), above: tuple[str, ...] = ()) -> Iterator[tuple[Path, str]]:
    """Where text goes in an input: the path, with `*` for what stands in a list, and the name of the scalar."""
    kind = inner(kind)
    if isinstance(kind, GraphQLList):
        yield from leaves(kind.of_type, (*path, "*"), above)
    elif isinstance(kind, GraphQLInputObjectType):
        if kind.name not in above:
            for name, field in kind.fields.items():
                yield from leaves(field.type, (*path, name), (*above, kind.name))
    elif kind.name in ("String", "ID", "DateTime"):
        yield path, kind.name


def least(kind: Any, known: Mapping[str, Any] = NOTHING) -> Any:
    """An input of the type with nothing in it that may be left out; what is `known` by its name is that."""
    kind = inner(kind)
    if isinstance(kind, GraphQLList):
        return []
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        wanted = {name: field for name, field in kind.fields.items() if is_required_input_field(field)}
        return {name: known.get(name, least(field.type, known)) for name, field in wanted.items()}
    return {"Int": 1, "Float": 0.5, "Boolean": True, "DateTime": "2030-01-01T00:00:00Z"}.get(kind.name, "x")


def put(kind: Any, base: Any, path: Path, value: Any, there: Mapping[str, Any] = NOTHING) -> Any:
    """The input with the value at this place, and what must be around it."""
    kind = inner(kind)
    if not path:
        return value
    if isinstance(kind, GraphQLList):
        first = base[0] if isinstance(base, list) and base else None
        return [put(kind.of_type, first, path[1:], value, there)]
    known = base if isinstance(base, dict) else least(kind, there)
    if kind.out_type.__name__ == "check_one_of":  # as Strawberry has it
        known = {}
    name = path[0]
    return {**known, name: put(kind.fields[name].type, known.get(name), path[1:], value, there)}


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that goes to PostgreSQL and has the mark in it."""
    seen: list[str] = []
    ask, run = Connection._get_statement, Connection.execute

    async def asked(self: Connection, query: str, *given: Any, **more: Any) -> Any:
        if MARK in query.lower():
            seen.append(query)
        return await ask(self, query, *given, **more)

    async def ran(self: Connection, query: str, *given: Any, **more: Any) -> Any:
        if MARK in query.lower():
            seen.append(query)
        return await run(self, query, *given, **more)

    monkeypatch.setattr(Connection, "_get_statement", asked)
    monkeypatch.setattr(Connection, "execute", ran)
    return seen


async def kept_long() -> list[str]:
    """The columns of all tables that hold the mark in a text that is too long."""
    columns = await fetch(
        "SELECT table_name, column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE'"
        " AND c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY')"
    )
    found = []
    for table, column in columns:
        rows = await fetch(
            f'SELECT max(length("{column}"::text)) AS longest FROM "{table}" WHERE "{column}"::text LIKE $1',
            f"%{MARK}%",
        )
        if (rows[0]["longest"] or 0) > LONGEST_KEPT_CHARACTERS:
            found.append(f"{table}.{column}: {rows[0]['longest']}")
    return found


async def tried(running: Serving, asker: Person, document: str, given: Any, about: object) -> list[str]:
    """One operation: no fault of ours, and done or refused in time. What it was refused by."""
    gc.disable()  # what the collector takes is this process's, not this operation's
    try:
        began = time.process_time()
        status, body = await inside(running, asker, document, given)
        assert time.process_time() - began < MOST_SECONDS, about
    finally:
        gc.enable()
    return refusals(status, body, about)


async def test_no_field_of_any_mutation_takes_text_without_end_or_into_a_statement(
    town: Town, running: Serving, statements: list[str]
) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    ids = await make_rows(town, ada, bob)
    ids |= await remix_rows(ada, bob)
    known = defaultdict(lambda: "garbage", ids)  # what others make for themselves is missing here, and may be
    good = {**inputs(known, ada.handle, await ada.write("To go")), **gathering_inputs(known, bob)}
    good["editPost"] = {"postId": await ada.write("To edit"), "text": "x"}
    good["updateApp"] = {"appId": (await made(ada)).id, "name": "x", "redirectUris": [BACK]}
    good["appealAction"] = {"actionId": await act_about(await staff(town), "WARN", userId=ada.id)}
    there = {"imageId": ids["image"]}
    tries, elsewhere = 0, set[tuple[str, ...]]()
    for name in mutations():
        kind = input_type(name[0].upper() + name[1:] + "Input")
        base = good.get(name) or ({"postId": ids["root"]} if "postId" in kind.fields else {"userId": bob.id})
        base = {field: value for field, value in base.items() if field in kind.fields}
        document = mutation(name)
        for path, scalar in leaves(kind):
            if path == ("idempotencyKey",) and name != "createPost":
                continue
            for value in (LONG, SHORT[tries % len(SHORT)]):
                tries += 1
                about = (name, path, value[:12])
                codes = await tried(running, ada, document, {"input": put(kind, base, path, value, there)}, about)
                known_by = f"{SECRETS.get(name, '')} {NAMES.get(name, '')}".split()
                reached = "BAD_USER_INPUT" in codes or path[-1] in known_by or name in DESK  # those: test_desk_input.py
                if scalar == "String" and value == LONG and not reached:
                    elsewhere.add((name, *path, *codes))
        for field, one in kind.fields.items():
            if isinstance(inner(one.type), GraphQLList) and not isinstance(get_named_type(one.type), GraphQLEnumType):
                item = least(inner(one.type).of_type)
                many = {"input": {**base, field: [item] * (MOST_ITEMS + 1)}}
                status, body = await inside(running, ada, mutation(name), many)
                assert refusals(status, body, (name, field)), f"{name}.{field} takes lists without end"
    assert tries > 300
    assert elsewhere == set(), "what is too long is refused for that, so the walk got there"
    assert statements == []
    assert await kept_long() == []


def questions() -> Iterator[tuple[str, str, str]]:
    """Every argument that takes text, on the two types that everything begins with: a document that gives it, its name, its scalar."""
    for owner in ("Query", "Viewer"):
        kind = SCHEMA.type_map[owner]
        assert isinstance(kind, GraphQLObjectType)
        for field, known in kind.fields.items():
            for argument, taken in known.args.items():
                for path, scalar in leaves(taken.type):
                    yield (
                        _question(owner, field, argument, path),
                        f"{owner}.{field}({argument}: {'.'.join(path)})",
                        scalar,
                    )


def _question(owner: str, field: str, argument: str, path: Path) -> str:
    kind = SCHEMA.type_map[owner]
    assert isinstance(kind, GraphQLObjectType)
    known = kind.fields[field]
    target = get_named_type(known.type)
    below = "" if is_leaf_type(target) else " { __typename }"
    others = {
        name: least(one.type) for name, one in known.args.items() if is_required_argument(one) and name != argument
    }
    declared = "".join(f", ${name}: {known.args[name].type}" for name in others)
    passed = "".join(f", {name}: ${name}" for name in others)
    asked = f"{field}({argument}: $v{passed}){below}"
    asked = f"viewer {{ {asked} }}" if owner == "Viewer" else asked
    return f"query($v: {known.args[argument].type}{declared}) {{ {asked} }}"


async def test_no_argument_of_any_query_takes_text_without_end_or_into_a_statement(
    town: Town, running: Serving, statements: list[str]
) -> None:
    ada = await town.person("ada")
    tries = 0
    for document, about, _ in questions():
        owner, _, rest = about.partition(".")
        field, _, rest = rest.partition("(")
        argument, _, place = rest.removesuffix(")").partition(": ")
        kind = SCHEMA.type_map[owner]
        assert isinstance(kind, GraphQLObjectType)
        known = kind.fields[field]
        others = {
            name: least(one.type) for name, one in known.args.items() if is_required_argument(one) and name != argument
        }
        path = tuple(place.split(".")) if place else ()
        for value in (LONG, *SHORT):
            tries += 1
            given = {**others, "v": put(known.args[argument].type, None, path, value)}
            await tried(running, ada, document, given, (about, value[:12]))
    assert tries > 100
    assert statements == []


async def test_a_text_is_no_statement_whatever_it_costs_to_believe(town: Town) -> None:
    """As `sqlmap` asks: if any of it were run, the answer would come three seconds late, or another one."""
    ada = await town.person("ada")
    sleeps = [
        "'; SELECT pg_sleep(3); --",
        "' || pg_sleep(3) || '",
        "1; SELECT pg_sleep(3)",
        "') OR pg_sleep(3) IS NULL --",
        "x' AND (SELECT 1 FROM pg_sleep(3)) = '1",
    ]
    document = """query($v: String!) { user(handle: $v) { id } hashtag(name: $v) { name }
        search(text: $v) { posts(first: 1) { edges { cursor } } people(first: 1) { __typename } hashtags(first: 1) { __typename } } }"""
    for text in sleeps:
        for one in (
            document,
            "query($v: String) { exploreTimeline(after: $v) { edges { cursor } } }",
            "query($v: String!) { viewer { userSuggestions(prefix: $v) { id } promptSuggestions(begun: $v) } }",
        ):
            began = time.monotonic()
            await ada.answer(one, v=text)
            assert time.monotonic() - began < 3
    await ada.write("50% of _all_ foxes #wild_card")
    for wild in ("%", "_", "\\", "%' --"):
        found = await ada.ask(
            "query($v: String!) { viewer { userSuggestions(prefix: $v) { id } } hashtag(name: $v) { name } }", v=wild
        )
        assert found["viewer"]["userSuggestions"] == []


def taken() -> Iterator[tuple[str, str]]:
    """Every input type with every field of it."""
    for kind in SCHEMA.type_map.values():
        if isinstance(kind, GraphQLInputObjectType):
            yield from ((kind.name, field) for field in kind.fields)


def test_no_input_says_what_only_the_server_knows() -> None:
    assert {(kind, field) for kind, field in taken() if field in NOT_OURS_TO_SAY} - SAID_OF_OTHERS == set()


async def test_what_an_input_does_not_have_is_refused_and_not_passed_over(town: Town) -> None:
    """Mass assignment: every field that a post or a person shows, given as if it were theirs to say."""
    ada = await town.person("ada")
    shown = {
        name
        for owner in ("Post", "User", "Viewer", "Image", "GenerationJob")
        for name in getattr(SCHEMA.type_map[owner], "fields", {})
    }
    for name, base in (
        ("createPost", {"text": "x"}),
        ("updateProfile", {"bio": "x"}),
        ("generateImages", {"prompt": "x"}),
    ):
        kind = input_type(name[0].upper() + name[1:] + "Input")
        for field in sorted((shown | NOT_OURS_TO_SAY) - set(kind.fields)):
            answer = await ada.answer(mutation(name, 0), input={**base, field: 1})
            assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT", (name, field)


def test_every_list_of_an_argument_is_bounded_by_what_it_costs_or_refused() -> None:
    """Lists are taken by `ids` (counted before anything runs) and by inputs (tried above); an argument of another name is looked at here."""
    lists = {
        argument
        for kind in SCHEMA.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
        for field in kind.fields.values()
        for argument, known in field.args.items()
        if isinstance(inner(known.type), GraphQLList) and not isinstance(get_named_type(known.type), GraphQLEnumType)
    }
    assert lists == {"ids"}
