"""Fields that depend on the viewer say so: without a mark, a field gives the same to everybody who may see its row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_required_argument,
)

from execution.documents import Documents
from execution.executor import Runner
from execution.mark import ALONE, mark_of
from execution.request import Request
from execution.source import result_of
from models import node_id
from models.outlook import POST_RIGHTS, POST_STATE, UNREAD, USER_STATE, Outlook, outlook
from models.visibility import Relations
from resolvers.context import Context
from resolvers.conversation import ConversationEdgeRow
from resolvers.conversation_live import ReplyPublishedRow
from resolvers.live_row import EdgeRow, PostChangedRow, PostPublishedRow
from schema.build import build
from tests.conftest import Serving
from tests.people import Person, Town

STRAWBERRY = build()
SCHEMA = STRAWBERRY._schema
PAYLOADS = (
    "PostPublished",
    "PostRemoved",
    "AuthorRemoved",
    "ReplyPublished",
    "PostChanged",
    "Reset",
    "LiveHeartbeat",
)
"""What may be delivered in company."""

Place = tuple[GraphQLNamedType, str, GraphQLField]


def reached(passing: frozenset[object]) -> Iterator[Place]:
    """Every field that can be selected below the payloads, over fields that have no mark or one of these."""
    open_types: list[GraphQLNamedType] = [SCHEMA.type_map[name] for name in PAYLOADS]
    seen: set[str] = set()
    while open_types:
        kind = open_types.pop()
        if kind.name in seen:
            continue
        seen.add(kind.name)
        if isinstance(kind, GraphQLUnionType):
            open_types += kind.types
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                yield kind, name, field
                if mark_of(field) is None or mark_of(field) in passing:
                    open_types.append(get_named_type(field.type))


def selection(kind: GraphQLNamedType, depth: int) -> str:
    """Every unmarked field of a type, to a depth."""
    if isinstance(kind, GraphQLUnionType):
        return "__typename " + " ".join(f"... on {one.name} {{ {selection(one, depth)} }}" for one in kind.types)
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    parts = ["__typename"]
    for name, field in kind.fields.items():
        if mark_of(field) is not None or any(map(is_required_argument, field.args.values())):
            continue
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            parts.append(name)
        elif depth and is_composite_type(inner):
            parts.append(f"{name} {{ {selection(inner, depth - 1)} }}")
    return " ".join(parts)


def test_what_is_named_after_the_viewer_is_marked() -> None:
    bare = [
        f"{kind.name}.{name}"
        for kind, name, field in reached(frozenset())
        if name.startswith("viewer") and mark_of(field) is None
    ]
    assert bare == []


def test_columns_that_differ_by_viewer_are_all_known() -> None:
    """A row has no attribute named after the viewer that the look for all would leave as it is for nobody."""
    from_rows = {
        name
        for kind, name, field in reached(frozenset())
        if kind.name in ("Post", "User") and name.startswith("viewer") and mark_of(field) != ALONE
    }
    known = {*POST_STATE, *POST_RIGHTS, *USER_STATE}
    assert from_rows == {
        "".join([one.title() if n else one for n, one in enumerate(name.split("_"))]) for name in known
    }


async def looked(author: Person) -> tuple[Outlook, list[int]]:
    first = await author.write(f"#tag https://example.org @{author.handle}")
    second = await author.write("quoting", quotedPostId=first)
    numbers = [node_id.number_of("post", one) or 0 for one in (first, second)]
    return await outlook(numbers), numbers


async def test_fields_without_a_mark_ask_for_nobody(town: Town, running: Serving) -> None:
    """Run on rows where whatever depends on a viewer cannot be read, in a context where nobody asks."""
    author = await town.person("ada")
    known, numbers = await looked(author)
    house = running.application.state.house
    stranger = Relations(7)
    runner = Runner(STRAWBERRY, Documents(SCHEMA))
    author_number = node_id.number_of("user", author.id) or 0
    roots = {
        "PostPublished": "exploreTimeline",
        "PostChanged": 'postsChanged(ids: ["x"])',
        "ReplyPublished": 'conversation(id: "x")',
    }
    for number, (kind, root) in itertools.product(numbers, roots.items()):
        row = known.row(number, stranger, frozenset())
        assert row is not None
        who = known.user(author_number, stranger, frozenset())
        payloads = {
            "PostPublished": PostPublishedRow("c", EdgeRow("k", row, who)),
            "PostChanged": PostChangedRow("c", row),
            "ReplyPublished": ReplyPublishedRow("c", "p", ConversationEdgeRow("k", row)),
        }
        payload = payloads[kind]
        text = f"subscription {{ {root} {{ __typename ... on {kind} {{ {selection(SCHEMA.type_map[kind], 4)} }} }} }}"
        operation = runner.prepare(Request(text, None, {}), True)
        executor = runner._build(operation, Context(house))
        result = await result_of(executor, payload, Context(house).for_group())
        assert result.errors is None, result.errors


async def test_a_field_that_lacks_its_mark_is_found(town: Town, running: Serving) -> None:
    """What the test above rests on: a viewer's field, run in that way, fails."""
    author = await town.person("ada")
    known, numbers = await looked(author)
    house = running.application.state.house
    row = known.row(numbers[1], Relations(7), frozenset())
    assert row is not None
    runner = Runner(STRAWBERRY, Documents(SCHEMA))
    for part in (
        "viewerHasLiked",
        "viewerCanQuote",
        "author { viewerIsFollowing }",
        "quotedPost { __typename }",
        "replies { edges { cursor } }",
        "author { posts { edges { cursor } } }",
        "author { banner { id } }",
    ):
        text = f"subscription {{ postsChanged(ids: []) {{ ... on PostChanged {{ post {{ {part} }} }} }} }}"
        executor = runner._build(runner.prepare(Request(text, None, {}), True), Context(house))
        result = await result_of(executor, PostChangedRow("c", row), Context(house).for_group())
        fails = result.errors is not None
        assert fails or "banner" in part, part  # a banner that is not there is looked up nowhere


def test_what_loads_for_each_viewer_is_alone() -> None:
    """Fields of shared rows that have a resolver which takes the context are marked one way or another."""
    free = []
    for kind, name, field in reached(frozenset()):
        definition = field.extensions.get("strawberry-definition")
        resolver = getattr(definition, "base_resolver", None)
        asks = resolver is not None and resolver.info_parameter is not None
        if asks and mark_of(field) is None:
            free.append(f"{kind.name}.{name}")
    assert free == []
    assert {name for _, name, field in reached(frozenset()) if mark_of(field) == ALONE} >= {
        "replies",
        "posts",
        "pinnedPost",
    }


@pytest.mark.parametrize("use", [bool, str, int, list, hash, lambda value: value == 1, lambda value: value.id])
def test_what_was_not_worked_out_cannot_be_used(use: object) -> None:
    with pytest.raises(RuntimeError):
        use(UNREAD)  # type: ignore[operator]
