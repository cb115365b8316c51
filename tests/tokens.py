"""Programs that act for people: personal access tokens, and documents that reach one field each."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLField, get_named_type, is_leaf_type, is_required_argument

from models.database import fetch
from models.node_id import encode, number_of
from tests.people import Person
from tests.selection import SCHEMA, mutation, object_type

CREATE, REVOKE = mutation("createAccessToken"), mutation("revokeAccessToken")
INSUFFICIENT = "INSUFFICIENT_SCOPE"


async def program(person: Person, *scopes: str) -> Person:
    """The same person as a program of theirs is: by a token with these scopes."""
    made = await person.do(CREATE, name="A program", scopes=list(scopes))
    return Person(person.town, person.handle, person.id, made["token"])


async def code_of(person: Person, document: str, **variables: Any) -> str | None:
    """The code of the first error of an answer, None when there is none."""
    answer = await person.answer(document, **variables)
    return answer["errors"][0]["extensions"]["code"] if answer.get("errors") else None


def _field(label: str, field: GraphQLField) -> tuple[str, str]:
    needed = {name: one for name, one in field.args.items() if is_required_argument(one)}
    declared = ", ".join(f"${name}: {one.type}" for name, one in needed.items())
    given = ", ".join(f"{name}: ${name}" for name in needed)
    below = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
    return (f"({declared})" if declared else ""), f"{label}{f'({given})' if given else ''}{below}"


def reaching(kind: str, label: str) -> str:
    """A document that selects one field of a root type, of the viewer or of a kind of node; variables are missing."""
    declared, selected = _field(label, object_type(kind).fields[label])
    if kind == "Viewer":
        return f"query{declared} {{ viewer {{ {selected} }} }}"
    if kind in ("Query", "Mutation", "Subscription"):
        return f"{kind.lower()}{declared} {{ {selected} }}"
    arguments = f"{declared[:-1]}, " if declared else "("
    return f'query{arguments}$node: ID = "post_1") {{ node(id: $node) {{ ... on {kind} {{ {selected} }} }} }}'


def nodes() -> list[str]:
    """Every kind of node by name."""
    return sorted(kind.name for kind in SCHEMA.get_possible_types(SCHEMA.type_map["Node"]))  # type: ignore[arg-type]


def app_inputs() -> dict[str, dict[str, Any]]:
    """Inputs of the mutations about tokens and apps, of which those that name something name nothing there is."""
    redirects = ["https://app.example.org/back"]
    token, app, grant = encode("token", 5), encode("app", 5), encode("grant", 5)
    return {
        "createAccessToken": {"name": "x", "scopes": ["READ"]},
        "revokeAccessToken": {"accessTokenId": token},
        "createApp": {"name": "x", "redirectUris": redirects},
        "updateApp": {"appId": app, "name": "x", "redirectUris": redirects},
        "rotateAppSecret": {"appId": app},
        "deleteApp": {"appId": app},
        "disconnectApp": {"connectedAppId": grant},
        "startExternalLogin": {},
        "unlinkIdentity": {"identityId": encode("identity", 5)},
        "authorizeApp": {"parameters": "client_id=x", "ticket": "1.x", "allow": True},
    }


async def connected(person: Person) -> None:
    """An app of theirs that they let act for them."""
    app = (await person.do(mutation("createApp"), name="x", redirectUris=["https://app.example.org"]))["app"]["id"]
    await fetch(
        "INSERT INTO app_grants (user_id, app_id, scopes) VALUES ($1, $2, '{read}')",
        number_of("user", person.id),
        number_of("app", app),
    )
    await fetch(
        "INSERT INTO external_identities (user_id, issuer, subject) VALUES ($1, 'https://id.example.org', $2)",
        number_of("user", person.id),
        person.id,
    )
