"""Documents: bounds, codes, the store, and what runs when they pass."""

from __future__ import annotations

import time
from typing import Any

import pytest
from graphql import get_introspection_query, parse

from execution.cost import Limits
from execution.documents import Documents
from execution.rejection import Rejection
from execution.request import MalformedRequest, Request, read_request
from tests.toy import schema

MAX_BOMB_SECONDS = 0.5  # of CPU; the worst takes 0.04 s on a quiet machine, and took seconds before there were bounds


def documents(**bounds: Any) -> Documents:
    return Documents(schema._schema, **bounds)


def nodes(query: str, variables: dict[str, Any] | None = None, name: str | None = None) -> int:
    return documents(limits=Limits(nodes_signed_in=10**9)).operation(Request(query, name, variables or {}), True).nodes


def refusal(query: str, variables: dict[str, Any] | None = None, signed_in: bool = True, **bounds: Any) -> Rejection:
    with pytest.raises(Rejection) as caught:
        documents(**bounds).operation(Request(query, None, variables or {}), signed_in)
    return caught.value


def code(query: str, variables: dict[str, Any] | None = None, signed_in: bool = True) -> str:
    codes = {error["extensions"]["code"] for error in refusal(query, variables, signed_in).errors}
    assert len(codes) == 1
    return str(codes.pop())


def chain(length: int, on: str, twice: str, end: str) -> str:
    links = (f"fragment A{i} on {on} {{ {twice.replace('NEXT', f'...A{i + 1}')} }}" for i in range(length))
    return " ".join([*links, f"fragment A{length} on {on} {{ {end} }}"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ hello }", 0),
        ("{ user { name } }", 1),
        ("{ user { boss { boss { id } } } }", 3),
        ("{ user { pets { id } } }", 1 + 4),
        ("{ users { edges { node { id } cursor } pageInfo { hasNextPage } } }", 20 + 10),
        ("{ users(first: 5) { edges { node { id } } } }", 5 + 10),
        ("{ users(last: 5, first: 7) { edges { node { id } } } }", 7 + 10),
        ("{ users(first: 10) { edges { node { boss { id } } } } }", 10 * 2 + 10),
        (
            "{ users(first: 10) { edges { node { friends(last: 3) { edges { node { id } } } } } } }",
            10 * (1 + 3 + 10) + 10,
        ),
        ("{ users(first: 0) { edges { cursor } } }", 1 + 10),
        ("{ users(first: 2147483647) { edges { cursor } } }", 100 + 10),
        ("{ nodes(ids: [1, 2, 3]) { id } }", 3),
        ("query($n: Int = 30) { users(first: $n) { edges { cursor } } }", 30 + 10),
        ("query($n: Int) { users(first: $n) { edges { cursor } } }", 20 + 10),
        ("{ ...F ...F } fragment F on Query { user { id } }", 2),
        ("{ a: user { id } ... on Query { user { id } } }", 2),
        ("{ __schema { types { name } } }", 2_500),
        ('{ __type(name: "User") { name } }', 50),
    ],
)
def test_nodes_are_counted_by_hand(query: str, expected: int) -> None:
    assert nodes(query) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(7, 7), (7.0, 7), (1e300, 100), (-4, 1), (10**12, 100), (None, 20), (True, 20), ("9", 20)]
)
def test_page_sizes_in_variables_count_as_they_will_be_read(value: object, expected: int) -> None:
    assert nodes("query($n: Int) { users(first: $n) { edges { cursor } } }", {"n": value}) == expected + 10


def test_ids_in_variables_count_by_their_number() -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert nodes(query, {"ids": ["a"] * 12}) == 12
    assert nodes(query, {"ids": "a"}) == 100


def test_cost_follows_the_variables_of_each_request() -> None:
    store = documents()
    query = "query($n: Int) { users(first: $n) { edges { cursor } } }"
    found = [store.operation(Request(query, None, {"n": size}), True).nodes for size in (1, 50, 1)]
    assert found == [1 + 10, 50 + 10, 1 + 10]
    for size in range(-200, 200):
        store.operation(Request(query, None, {"n": [0] * size if size > 0 else size}), True)
    assert len(store) == 1


def test_what_a_variable_leaves_out_costs_nothing() -> None:
    query = """query($a: Boolean!, $b: Boolean = false, $n: Int) { users(first: $n) @include(if: $a) { edges { cursor } }
        ... @skip(if: $b) { few: users(first: 5) { edges { cursor } } } ...F @include(if: $a) @skip(if: $b) }
        fragment F on Query { many: users(first: 70) { edges { cursor } } }"""
    few, some, many = 15, 30, 80
    whole = few + some + many
    for a, b, expected in (
        *((True, True, some), (True, False, whole), (False, False, few), (False, True, 0)),
        *((True, None, whole), ("true", False, whole), (0, 1, whole)),  # what is no Boolean is refused later
    ):
        assert nodes(query, {"a": a, "b": b}) == expected, (a, b)
    assert nodes(query, {"a": True}) == whole, "$b is false when nothing is said"
    assert nodes(query, {"a": True, "b": True, "n": 100}) == 110
    assert nodes("{ users @include(if: false) { edges { cursor } } }") == 30, "what is written is as it is written"
    cycle = "query($a: Boolean!) { ...A @include(if: $a) } fragment A on Query { user { id } ...A }"
    assert code(cycle) == "GRAPHQL_VALIDATION_FAILED"


def test_the_signed_out_get_less() -> None:
    query = "{ users(first: 100) { edges { node { friends(first: 100) { edges { cursor } } } } } }"
    assert nodes(query) == 100 * (1 + 100 + 10) + 10
    documents().operation(Request(query), True)
    assert code(query, signed_in=False) == "QUERY_TOO_COMPLEX"
    assert refusal(query, signed_in=False).errors[0]["extensions"]["cost"] == {"requested": 11_110, "maximum": 5_000}


def test_the_standard_introspection_passes_signed_out() -> None:
    documents().operation(Request(get_introspection_query()), False)


def test_depth_is_bounded_through_fragments_and_inline_fragments() -> None:
    fits = "{ user { " + "boss { " * 13 + "id" + " }" * 15
    documents().operation(Request(fits), True)
    assert code("{ user { " + "boss { " * 14 + "id" + " }" * 16) == "QUERY_TOO_COMPLEX"
    spread = "{ user { ...A0 } } " + chain(14, "User", "... on User { boss { NEXT } }", "id")
    assert code(spread) == "QUERY_TOO_COMPLEX"
    deep = "{ __schema { types { " + "ofType { " * 30 + "name" + " }" * 33
    assert code(deep) == "QUERY_TOO_COMPLEX"
    assert code("{ " + "... on Query { " * 120 + "hello" + " }" * 121) == "QUERY_TOO_COMPLEX"


def test_introspection_lists_may_not_be_nested_for_ever() -> None:
    assert code("{ __schema { types { fields { type { fields { name } } } } } }") == "QUERY_TOO_COMPLEX"


def test_aliases_count_as_often_as_they_are_spread() -> None:
    documents().operation(Request("{ " + " ".join(f"a{i}: hello" for i in range(30)) + " }"), True)
    assert code("{ " + " ".join(f"a{i}: hello" for i in range(31)) + " }") == "QUERY_TOO_COMPLEX"
    many = "{ " + "user { ...F } " * 3 + "} fragment F on User { " + " ".join(f"a{i}: id" for i in range(11)) + " }"
    assert code(many) == "QUERY_TOO_COMPLEX"


def test_directives_and_fragments_are_bounded() -> None:
    documents().operation(Request("{ " + "hello @skip(if: false) " * 50 + "}"), True)
    assert code("{ " + "hello @skip(if: false) " * 51 + "}") == "QUERY_TOO_COMPLEX"
    assert code("query($a: Int" + " @a" * 51 + ") { hello }") == "QUERY_TOO_COMPLEX"
    assert code("{ ...A0 } " + chain(50, "Query", "NEXT", "hello")) == "QUERY_TOO_COMPLEX"
    documents().operation(Request("{ ...A0 } " + chain(49, "Query", "NEXT", "hello")), True)


def test_bounds_are_those_of_the_operation_asked_for() -> None:
    both = "query Small { hello } query Big { " + " ".join(f"a{i}: hello" for i in range(31)) + " }"
    store = documents()
    assert store.operation(Request(both, "Small"), True).name == "Small"
    with pytest.raises(Rejection, match="31 aliases"):
        store.operation(Request(both, "Big"), True)


BOMBS = {
    "ninety fragments": "{ ...A0 } " + chain(90, "Query", "NEXT NEXT", "hello"),
    "aliases in fragments": "{ user { ...A0 } } " + chain(12, "User", "a: boss { NEXT } b: boss { NEXT }", "id"),
    "pages in fragments": "{ user { ...A0 } } "
    + chain(5, "User", "friends(first: 9) { edges { node { NEXT } } }", "id"),
    "huge pages": "{ user { " + "friends(first: 2147483647) { edges { node { " * 4 + "id" + " } } }" * 4 + " } }",
    "huge number": "{ users(first: " + "9" * 5_000 + ") { edges { node { friends { edges { node { id } } } } } } }",
    "directives": "{ hello " + "@skip(if: false) " * 5_000 + "}",
    "unknown directives": "{ " + "hello @nope " * 1_600 + "}",
    "one field again and again": "{ " + "hello " * 4_900 + "}",
    "objects again and again": "{ " + "user { id } " * 1_200 + "}",
    "other operation": "query A { hello } query B { " + "user { id } " * 1_200 + "}",
    "unspread fragment": "{ hello } fragment F on Query { " + "user { id } " * 1_200 + "}",
    "introspection again": "{ " + '__type(name: "A") { name } ' * 900 + "}",
    "unknown fields": "{ " + "nope " * 4_900 + "}",
    "variables": "query(" + " ".join(f"$v{i}: Int" for i in range(1_200)) + ") { hello }",
    "tokens": "{ " + "hello " * 60_000 + "}",
    "comments": "#\n" * 60_000 + "{ hello }",
    "braces": "{ user { " * 10_000,
    "lists": "{ nodes(ids: " + "[" * 4_000 + "]" * 900 + ") { id } }",
    "cycle": "{ user { ...A } } fragment A on User { boss { ...A boss { ...A } } }",
    "cycle elsewhere": "query A { hello } query B { user { ...A } } fragment A on User { boss { ...A } friends { edges { node { ...A } } } }",
    "spread by many paths": "{ user { ...A0 } } "
    + chain(12, "User", "boss { NEXT } friends { edges { node { NEXT } } }", "id"),
}


@pytest.mark.usefixtures("no_garbage")
@pytest.mark.parametrize("query", BOMBS.values(), ids=BOMBS.keys())
def test_bombs_are_refused_at_once(query: str) -> None:
    store = documents()
    began = time.process_time()
    with pytest.raises(Rejection):
        store.operation(Request(query, "A" if query.startswith("query A") else None), True)
    assert time.process_time() - began < MAX_BOMB_SECONDS
    began = time.process_time()
    with pytest.raises(Rejection):
        store.operation(Request(query, "A" if query.startswith("query A") else None), True)
    assert time.process_time() - began < MAX_BOMB_SECONDS / 10


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("{", None, "GRAPHQL_PARSE_FAILED"),
        ("", None, "GRAPHQL_PARSE_FAILED"),
        ('{ hello(name: "\ud800") }', None, "GRAPHQL_PARSE_FAILED"),
        ("fragment F on Query { hello }", None, "OPERATION_RESOLUTION_FAILURE"),
        ("query A { hello } query B { hello }", None, "OPERATION_RESOLUTION_FAILURE"),
        ("query A { hello }", "B", "OPERATION_RESOLUTION_FAILURE"),
        ("{ nope }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...Nope }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...A } fragment A on Query { ...A }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("{ hello: user { id } hello }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("subscription { count { number } forever { number } }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("type Query { a: Int }", None, "OPERATION_RESOLUTION_FAILURE"),
        ("{ needs(number: null) }", None, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_codes(query: str, name: str | None, expected: str) -> None:
    with pytest.raises(Rejection) as caught:
        documents().operation(Request(query, name), True)
    assert {error["extensions"]["code"] for error in caught.value.errors} == {expected}


def test_suggestions_only_when_asked_for() -> None:
    assert "Did you mean" not in str(refusal("{ helo }"))
    assert "Did you mean" in str(refusal("{ helo }", suggestions=True))


def test_a_document_is_read_once_and_its_errors_are_copied() -> None:
    store = documents()
    first = store.operation(Request("query A { hello } query B { whoami }", "A"), True)
    second = store.operation(Request("query A { hello } query B { whoami }", "B"), True)
    assert first.document is second.document
    assert (first.name, second.name) == ("A", "B")
    for query in ("{ nope }", "{"):
        seen = []
        for _ in range(2):
            with pytest.raises(Rejection) as caught:
                store.operation(Request(query), True)
            seen.append(caught.value.errors[0]["message"])
            caught.value.errors[0]["extensions"].clear()
            caught.value.errors[0]["message"] = "changed by a receiver"
        assert seen[0] == seen[1] != "changed by a receiver"


def test_the_store_is_bounded_and_forgets_the_oldest() -> None:
    store = documents(max_documents=3)
    for name in "abcd":
        store.operation(Request(f"query {name} {{ hello }}"), True)
        store.operation(Request("query a { hello }"), True)
    assert len(store) == 3
    kept = [found.operations[0].name.value for found, _ in store.people.kept.values()]  # type: ignore[union-attr]
    assert kept == ["c", "d", "a"]
    small = documents(max_text_bytes=100)
    for name in "abcdefgh":
        small.operation(Request(f"query {name} {{ hello }} # {'x' * 20}"), True)
    assert small.people.text_bytes <= 100
    assert len(small) == 2
    small.operation(Request("{ hello } # " + "x" * 200), True)
    assert len(small) == 1


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"query": None},
        {"query": 5},
        {"query": "{a}", "operationName": 5},
        {"query": "{a}", "variables": []},
        {"query": "{a}", "variables": "{}"},
        {"query": "{a}", "extensions": "x"},
    ],
)
def test_ill_formed_requests_are_told_in_a_sentence(payload: dict[str, object]) -> None:
    with pytest.raises(MalformedRequest, match=r"^The .*\.$"):
        read_request(payload)


def test_an_empty_operation_name_is_none() -> None:
    assert read_request({"query": "{a}", "operationName": "", "variables": None}) == Request("{a}")


def test_the_core_operations_fit_the_bounds_of_the_text() -> None:
    # The longest document that programs send us whole has 25 operations; ours must not refuse its size.
    text = (
        " ".join(f"query Q{i} {{ user {{ ...F }} }}" for i in range(25)) + " fragment F on User { id name boss { id } }"
    )
    assert len(parse(text).definitions) == 26
    assert documents().operation(Request(text, "Q7"), False).nodes == 2
