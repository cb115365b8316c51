"""Every scalar that is taken, given anything at all: as a variable and as it is written in a document. Nothing of it is a fault of ours."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graphql import GraphQLScalarType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attacks.outsider import ask
from tests.attacks.test_noise import harmless
from tests.conftest import Serving
from tests.selection import SCHEMA

EXAMPLES = 60
JSON = {b"content-type": b"application/json", b"accept": b"application/graphql-response+json"}
texts = st.text(max_size=80) | st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "Mn"]), max_size=40)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
# Where a value of each scalar goes; `$v` stands for it.
PLACES = {
    "ID": ["{ node(id: $v) { id } nodes(ids: [$v]) { id } }", "mutation { likePost(input: { postId: $v }) { userErrors { code } } }"],
    "String": [
        "{ user(handle: $v) { id } hashtag(name: $v) { name } preset(code: $v) { id } styleCode(code: $v) { id } }",
        "{ exploreTimeline(after: $v, first: 1) { liveCursor } search(text: $v) { problem { message } } verifyImage(ticket: $v) { __typename } }",
        'mutation { signUp(input: { handle: $v, email: $v, password: $v }) { userErrors { code path } } logIn(input: { login: $v, password: "x" }) { userErrors { code } } }',
        "subscription { exploreTimeline(after: $v) { __typename } }",
    ],
    "Int": ["{ exploreTimeline(first: $v) { liveCursor } }", "{ exploreTimeline(last: $v) { liveCursor } }"],
    "Boolean": ["{ __typename @include(if: $v) rateLimit(dryRun: $v) { cost } }"],
    "Float": ['mutation { editImage(input: { prompt: "x", imageId: "x", strength: $v }) { userErrors { code } } }'],
    "DateTime": ["mutation { narrowOldPosts(input: { before: $v, visibility: UNLISTED }) { userErrors { code } } }"],
}  # fmt: skip
CASES = [(scalar, place) for scalar, places in PLACES.items() for place in places]


def test_every_scalar_that_is_taken_is_among_them() -> None:
    ours = {name for name, kind in SCHEMA.type_map.items() if isinstance(kind, GraphQLScalarType)}
    assert ours == set(PLACES)


written = st.one_of(
    texts.map(json.dumps),
    texts.map(lambda text: f'"""{text}"""'),
    st.integers(-(2**70), 2**70).map(str),
    st.floats().map(str),
    st.sampled_from(
        [
            "1e400",
            "-1e400",
            "0x1",
            "01",
            "1.",
            ".5",
            "1e",
            "--1",
            "$v",
            "[]",
            "{}",
            "[[$v]]",
            "NOPE",
            "null",
            '"\\u{110000}"',
            '"\\ud800"',
        ]
    ),
    texts,
)
each_place = pytest.mark.parametrize(
    ("scalar", "place"), CASES, ids=[f"{scalar} {number}" for number, (scalar, _) in enumerate(CASES)]
)
repeatably = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@each_place
@repeatably
@given(value=anything)
async def test_any_value_of_a_variable(running: Serving, scalar: str, place: str, value: Any) -> None:
    operation, brace, rest = place.partition("{")
    document = f"{operation.strip() or 'query'}($v: {scalar}!) {brace}{rest}"
    body = json.dumps({"query": document, "variables": {"v": value}}).encode(errors="surrogatepass")
    harmless(await ask(running.application, "POST", "/graphql", body, JSON), (scalar, value))


@each_place
@repeatably
@given(value=written)
async def test_any_value_that_is_written_into_the_document(
    running: Serving, scalar: str, place: str, value: str
) -> None:
    body = json.dumps({"query": place.replace("$v", value)}).encode(errors="surrogatepass")
    harmless(await ask(running.application, "POST", "/graphql", body, JSON), (scalar, value))
