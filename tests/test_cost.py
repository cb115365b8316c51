"""What the operations of programs cost on the real schema, and what is refused before it costs anything."""

from __future__ import annotations

import time
from typing import Any

import pytest
from graphql import GraphQLObjectType, OperationDefinitionNode, get_named_type, parse

from execution.cost import LOOKED_FOR_NODES, Limits
from execution.documents import Documents
from execution.price import JOB_MUTATIONS, MUTATION_POINTS
from execution.rejection import Rejection
from execution.request import Request
from schema.build import build
from tests.people import OPERATIONS
from tests.selection import object_type
from tests.test_documents import MAX_BOMB_SECONDS

SCHEMA = build()._schema
MOST_FOR_AN_OPERATION = 1_250
COSTS = {"Home": 551, "UserPage": 551, "Conversation": 1_086, "Explore": 530, "Engines": 36, "HomeLive": 28}
PAGES = " ".join(f"a{i}: posts(first: 1) {{ liveCursor }}" for i in range(29))


def refused(query: str, variables: dict[str, Any] | None = None, name: str | None = None, **bounds: Any) -> str:
    """The only code of the rejection."""
    with pytest.raises(Rejection) as caught:
        Documents(SCHEMA, Limits(**bounds)).operation(Request(query, name, variables or {}), True)
    (code,) = {error["extensions"]["code"] for error in caught.value.errors}
    return str(code)


def test_the_core_operations_cost_little() -> None:
    store = Documents(SCHEMA)
    names = [node.name for node in parse(OPERATIONS).definitions if isinstance(node, OperationDefinitionNode)]
    found = {name.value: store.operation(Request(OPERATIONS, name.value), True).nodes for name in names if name}
    assert {name: found[name] for name in COSTS} == COSTS
    assert max(found.values()) < MOST_FOR_AN_OPERATION
    assert store.operation(Request(OPERATIONS, "Explore", {"first": 100}), False).nodes < Limits().nodes_signed_out


def test_connections_below_lists_cost_their_statements() -> None:
    assert refused(f"{{ exploreTimeline(first: 100) {{ edges {{ node {{ author {{ {PAGES} }} }} }} }} }}") == (
        "QUERY_TOO_COMPLEX"
    )
    query = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on User {{ {PAGES} }} }} }}"
    assert refused(query, {"ids": ["u"] * 100}) == "QUERY_TOO_COMPLEX"


def test_lines_are_bounded() -> None:
    query = "{ __typename }"
    Documents(SCHEMA).operation(Request("\n" * 5_000 + query), False)
    assert refused("\n" * 5_001 + query) == "QUERY_TOO_COMPLEX"


@pytest.mark.usefixtures("no_garbage")
def test_fragments_count_also_where_nothing_runs() -> None:
    def document(count: int) -> str:
        spreads = " ".join(f"...F{i}" for i in range(count))
        return f"query Q {{ __typename }} query R {{ {spreads} }} " + " ".join(
            f"fragment F{i} on Query {{ __typename }}" for i in range(count)
        )

    Documents(SCHEMA).operation(Request(document(50), "Q"), False)
    assert refused(document(51), name="Q") == "QUERY_TOO_COMPLEX"
    began = time.process_time()
    assert refused(document(440), name="Q") == "QUERY_TOO_COMPLEX"
    assert time.process_time() - began < MAX_BOMB_SECONDS


def test_a_feed_costs_what_a_search_does_each_time() -> None:
    store = Documents(SCHEMA)
    one = '{ node(id: "feed_5") { ... on CustomFeed { timeline(first: 20) { edges { cursor } } } } }'
    lists = one.replace("CustomFeed", "UserList")
    feed, plain = (store.operation(Request(text), True) for text in (one, lists))
    assert (feed.nodes - plain.nodes, feed.points - plain.points) == (500, 5)
    feeds = "{ viewer { feeds(first: %d) { edges { node { timeline(first: 1) { edges { cursor } } } } } } }"
    assert store.operation(Request(feeds % 10), True).points >= 50
    assert refused(feeds % 50) == "QUERY_TOO_COMPLEX"


def cost(query: str) -> tuple[int, int]:
    """Nodes and points of a query."""
    found = Documents(SCHEMA).operation(Request(query), True)
    return found.nodes, found.points


def reached(kind: str, selection: str) -> str:
    """A query that asks one object of this type for something."""
    if kind == "Viewer":
        return f"{{ viewer {{ {selection} }} }}"
    if kind == "Search":
        return f'{{ search(text: "x") {{ {selection} }} }}'
    return f'{{ node(id: "x") {{ ... on {kind} {{ {selection} }} }} }}'


@pytest.mark.parametrize(("kind", "field"), LOOKED_FOR_NODES)
def test_what_is_looked_for_costs_its_search_under_every_name(
    kind: str, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = object_type(kind).fields[field]
    needed = {"messageSearch": 'words: "x"', "feedPreview": 'rules: { sources: [{ hashtag: "x" }] }'}.get(field, "")
    size = "first: 1" if "first" in known.args else ""
    given = ", ".join(filter(None, (needed, size)))
    one = f"{field}{f'({given})' if given else ''} {{ __typename }}"
    priced, twice = cost(reached(kind, one)), cost(reached(kind, f"a: {one} b: {one}"))
    each = LOOKED_FOR_NODES[kind, field]
    monkeypatch.delitem(LOOKED_FOR_NODES, (kind, field))
    plain, plain_twice = cost(reached(kind, one)), cost(reached(kind, f"a: {one} b: {one}"))
    assert priced == (plain[0] + each, plain[1] + each // 100)
    assert twice == (plain_twice[0] + 2 * each, plain_twice[1] + 2 * each // 100)


def test_what_is_looked_for_below_lists_costs_as_often_as_they_are_long() -> None:
    saved = "{ viewer { savedSearches(first: %d) { edges { node { search { best(first: 1) { __typename } } } } } } }"
    (few, points), (more, _) = cost(saved % 2), cost(saved % 12)
    assert (more - few) // 10 >= 1_000
    assert points >= 20
    assert refused(saved % 20) == "QUERY_TOO_COMPLEX"
    alike = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Image { similar(first: 1) { __typename } } } }"
    assert refused(alike, {"ids": ["image_1"] * 50}) == "QUERY_TOO_COMPLEX"
    spread = "{ viewer { savedSearches(first: 20) { edges { node { ...A } } } } } fragment A on SavedSearch { search { ...B } } "
    assert refused(spread + "fragment B on Search { best { __typename } }") == "QUERY_TOO_COMPLEX"


def test_fragments_side_by_side_count_as_repeats() -> None:
    spreads = " ".join(f"...F{i}" for i in range(50))
    fragments = " ".join(f"fragment F{i} on Viewer {{ f{i}: __typename }}" for i in range(50))
    operation = " ".join(f"a{i}: viewer {{ {spreads} }}" for i in range(5))
    assert refused(f"{{ {operation} }} {fragments}", aliases=1_000) == "QUERY_TOO_COMPLEX"
    Documents(SCHEMA, Limits(aliases=1_000)).operation(Request(f"{{ viewer {{ {spreads} }} }} {fragments}"), True)


LOG_IN = "logIn(input: $input) { token }"


@pytest.mark.parametrize(
    "query",
    [
        f"a: {LOG_IN} b: {LOG_IN}",
        f"{LOG_IN} ... on Mutation {{ b: {LOG_IN} }}",
        f"...F ...G }} fragment F on Mutation {{ a: {LOG_IN} }} fragment G on Mutation {{ b: {LOG_IN}",
    ],
)
def test_some_root_fields_may_be_asked_for_once(query: str) -> None:
    query = f"mutation($input: LogInInput!) {{ {query} }}"
    assert refused(query, once=frozenset({"logIn"})) == "QUERY_TOO_COMPLEX"
    Documents(SCHEMA).operation(Request(query), True)


def test_what_is_merged_into_one_field_is_asked_for_once() -> None:
    query = f"mutation($input: LogInInput!) {{ {LOG_IN} {LOG_IN} logOut(input: {{}}) {{ userErrors {{ code }} }} }}"
    Documents(SCHEMA, Limits(once=frozenset({"logIn"}))).operation(Request(query), False)


def test_whatever_makes_an_engine_work_costs_as_much_as_asking_for_it() -> None:
    """Also what is added one day: a way that is cheaper, or may be taken many times in one document, would be taken."""
    mutations = SCHEMA.mutation_type
    assert mutations is not None
    found = {
        name
        for name, field in mutations.fields.items()
        if isinstance(payload := get_named_type(field.type), GraphQLObjectType) and "job" in payload.fields
    }
    assert found - {"cancelGeneration"} == set(JOB_MUTATIONS)
    assert {MUTATION_POINTS[name] for name in JOB_MUTATIONS} == {100}
