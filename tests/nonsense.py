"""What hardly anybody would give, for tests that give it everywhere: values by type, and the way to ask with them."""

from __future__ import annotations

import json
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLType,
    get_named_type,
    is_required_input_field,
)

from execution.documents import Documents
from execution.executor import Runner
from execution.rejection import Rejection
from execution.request import Request
from models import node_id
from models.database import fetch_value
from resolvers.bearer import asker_by
from resolvers.context import NOBODY, Context
from safety.address import coarse
from tests.conftest import Serving
from tests.people import Person
from tests.selection import BUILT

OURS = {"INTERNAL_SERVER_ERROR"}
RUNNER = Runner(BUILT, Documents(BUILT._schema))
LONE = "\ud800"
TEXTS: list[Any] = [
    "", " ", "\u0000", "a\u0000b", "\u202e\u200d\ufeff", "\U000f0000", "e" + "\u0301" * 3_000, "x" * 30_000,
    "👩‍👩‍👧‍👦" * 500, "'; DROP TABLE posts; --", "%s%n$1{}", "\\u0000", "-1", "١", 5, 1.5, True, [], ["a", "b"], {}, {"a": 1}, None,
]  # fmt: skip
IDS: list[Any] = [
    "", "garbage", "post_", "post_0", "user_1", "post_8000000000000", "post_zzzzzzzzzzzzz", "post_" + "1" * 20_000, "post_1\u0000",
    "../../etc", "post_é", node_id.encode("post", 1), node_id.encode("user", 1), node_id.encode("image", 2**63 - 1),
    node_id.encode("job", 1), node_id.encode("upload", 1), node_id.encode("session", 1), 5, -1, 2**63, 1.5, True, [], {}, None,
]  # fmt: skip
NUMBERS: list[Any] = [0, -1, 2**31 - 1, -(2**31), 2**31, 2**63, 10**30, 1.5, "5", "", True, [], [1, 2], {}, None]
WORDS: list[Any] = ["", "NOPE", "public", "PUBLIC ", 1, True, [], ["PUBLIC", "NOPE"], {}, None]
FLAGS: list[Any] = ["", "true", 0, 1, 2, [], {}, None]
TABLES = "users credentials posts post_images likes reposts bookmarks follows blocks mutes images uploads generation_jobs sessions events webhooks access_tokens apps app_grants app_codes boards board_posts lists list_members drafts saved_searches saved_queries custom_feeds pinned_feeds labelers label_definitions given_labels labeler_subscriptions"
RAW_NUMBERS = ["1e400", "-1e400", "1e-400", "123456789012345678901234567890", "1.0", "-0", "1E2"]


def nasty(kind: GraphQLType) -> list[Any]:
    """Values that a field of this type hardly expects."""
    if isinstance(kind, GraphQLNonNull):
        return nasty(kind.of_type)
    if isinstance(kind, GraphQLList):
        inner = [value for value in nasty(kind.of_type) if not isinstance(value, list)]
        return [[], [None], [[[]]], "x", 5, {}, *([value] for value in inner), [inner[0]] * 1_000]
    if isinstance(kind, GraphQLInputObjectType):
        found: list[Any] = [{}, {"nonsense": 1}, [], "x", 5]
        usual = {name: "x" for name, field in kind.fields.items() if is_required_input_field(field)}
        for name, field in kind.fields.items():
            found += [{**usual, name: value} for value in nasty(field.type)]
        return found
    if isinstance(kind, GraphQLEnumType):
        return WORDS
    return {"ID": IDS, "Int": NUMBERS, "Boolean": FLAGS}.get(get_named_type(kind).name, TEXTS)


async def inside(running: Serving, asker: Person, query: str, variables: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The same without the wire, for questions by the hundred; by the session that they have, so that what asks for a proof is reached."""
    known = await asker_by(asker.token or "", coarse("127.0.0.1"))
    try:
        operation = RUNNER.prepare(Request(query, None, variables), signed_in=True)
        context = Context(running.application.state.house, known or NOBODY)
        return 200, await RUNNER.run(operation, context, "here")
    except Rejection as rejection:
        return 400, {"errors": rejection.errors}


async def send(asker: Person, query: str, variables: str) -> tuple[int, dict[str, Any]]:
    """Status and body of one operation whose variables are this JSON text."""
    body = f'{{"query": {json.dumps(query)}, "variables": {variables}}}'
    headers = {"Content-Type": "application/json", "Accept": "application/graphql-response+json"}
    if asker.token:
        headers["Authorization"] = f"Bearer {asker.token}"
    answer = await asker.town.http.post(f"{asker.town.url}/graphql", content=body, headers=headers)
    found: dict[str, Any] = answer.json()
    return answer.status_code, found


def refusals(status: int, body: dict[str, Any], about: object) -> list[str]:
    """The codes of what was refused. Fails for a fault of ours and for an error without a code or a sentence."""
    assert status < 500, (about, status, body)
    errors = body.get("errors", [])
    for error in errors:
        assert error["extensions"]["code"] not in OURS, (about, error)
        assert error["message"], about
    codes = [error["extensions"]["code"] for error in errors]
    for payload in (body.get("data") or {}).values():
        for error in (payload or {}).get("userErrors", ()) if isinstance(payload, dict) else ():
            assert error["message"].endswith("."), (about, error)
            codes.append(error["code"])
    return codes


async def rows() -> int:
    """How many rows there are, of everything a mutation may write."""
    counted = " + ".join(f"(SELECT count(*) FROM {table})" for table in TABLES.split())
    return int(await fetch_value(f"SELECT {counted}"))
