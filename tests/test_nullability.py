"""What null means: an error and nothing else where a field is marked `@semanticNonNull`; elsewhere the description says what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from models import node_id
from models.database import fetch_value
from models.role import Role
from schema.nullability import NAME
from schema.print import PLACE
from tests.feeds import EVERYBODY
from tests.moderating import employ, moderated
from tests.people import Town
from tests.selection import mutation

PRINTED = build_schema(PLACE.read_text())
LEAST_SHARE = 0.83  # a line of a job's timeline has what belongs to its kind, and nothing else


def outputs(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    """Every field that answers, by its coordinate."""
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__"):
            yield from ((f"{name}.{label}", field) for label, field in kind.fields.items())


def is_marked(field: GraphQLField) -> bool:
    """Whether it is null only when it failed."""
    return any(mark.name.value == NAME for mark in (field.ast_node.directives if field.ast_node else None) or ())


def unexplained(schema: GraphQLSchema) -> list[str]:
    """Fields that may be null and do not say when, and marked ones that can never be."""
    wrong = []
    for name, field in outputs(schema):
        if isinstance(field.type, GraphQLNonNull):
            wrong += [name] if is_marked(field) else []
        elif not is_marked(field) and not re.search(r"\bnull\b", field.description or "", re.I):
            wrong.append(name)
    return wrong


def test_every_null_is_explained() -> None:
    assert unexplained(PRINTED) == []


def test_an_unexplained_null_would_be_seen() -> None:
    mark = "directive @semanticNonNull(levels: [Int!]! = [0]) on FIELD_DEFINITION"
    toy = f'{mark} type Query {{ a: Int "null on Sundays" b: Int c: Int @semanticNonNull d: Int! @semanticNonNull "Annulled" e: Int }}'
    assert unexplained(build_schema(toy)) == ["Query.a", "Query.d", "Query.e"]


def test_most_fields_are_never_null_without_an_error() -> None:
    """What a payload holds is apart: it is null when the mutation was refused, as the API's conventions have it."""
    counted = [
        field
        for name, field in outputs(PRINTED)
        if isinstance(field.type, GraphQLNonNull) or not name.split(".")[0].endswith("Payload")
    ]
    sure = [field for field in counted if isinstance(field.type, GraphQLNonNull) or is_marked(field)]
    assert len(sure) / len(counted) >= LEAST_SHARE


async def test_a_marked_field_is_null_only_with_an_error_at_its_path(town: Town) -> None:
    ada = await town.person("ada")
    post = await ada.write("Asked for #everything")
    hook = (await ada.do(mutation("createWebhook"), url="https://hooks.example.org"))["webhook"]["id"]
    told = (await ada.do(mutation("testWebhook"), webhookId=hook))["delivery"]["id"]
    number = await fetch_value(
        "INSERT INTO generation_threads (owner_id, title) VALUES ($1, 'x') RETURNING id",
        node_id.number_of("user", ada.id),
    )
    thread = node_id.encode("thread", number)
    made = await fetch_value(
        """INSERT INTO generation_jobs (owner_id, prompt, engine, model, width, height, count, seed, start_by)
        VALUES ($1, 'a fox', 'gone', 'gone', 64, 64, 1, 7, now()) RETURNING id""",
        node_id.number_of("user", ada.id),
    )
    await fetch_value("INSERT INTO generation_outputs (job_id, index) VALUES ($1, 0) RETURNING id", made)
    await fetch_value("UPDATE generation_jobs SET state = 'EXPIRED' WHERE id = $1 RETURNING id", made)
    job = node_id.encode("job", made)
    picture = await fetch_value(
        "INSERT INTO images (owner_id, prefix, mime_type, byte_size, width, height, blurhash)"
        " VALUES ($1, 'p/null', 'image/png', 9, 9, 9, 'L00000fQfQfQfQfQfQfQfQfQfQfQ') RETURNING id",
        node_id.number_of("user", ada.id),
    )
    image = node_id.encode("image", picture)
    friend = await town.person("friend")
    chat = (await ada.do(mutation("openChat"), userId=friend.id))["chat"]["id"]
    board = (await ada.do(mutation("createBoard"), name="x"))["board"]["id"]
    people = (await ada.do(mutation("createList"), name="x"))["list"]["id"]
    feed = (await ada.do(mutation("createFeed"), name="x", rules=EVERYBODY))["feed"]["id"]
    case = (await moderated(friend))["case"]
    await employ(ada, Role.ADMINISTRATOR)
    roots = {
        "Desk": ("viewer { desk {", "}}"),
        "ModerationCase": (f'node(id: "{case}") {{ ... on ModerationCase {{', "}}"),
        "CustomFeed": (f'node(id: "{feed}") {{ ... on CustomFeed {{', "}}"),
        "Chat": (f'node(id: "{chat}") {{ ... on Chat {{', "}}"),
        "LineageStep": (f'node(id: "{image}") {{ ... on Image {{ lineage {{ step {{', "}}}}"),
        "Image": (f'node(id: "{image}") {{ ... on Image {{', "}}"),
        "Board": (f'node(id: "{board}") {{ ... on Board {{', "}}"),
        "UserList": (f'node(id: "{people}") {{ ... on UserList {{', "}}"),
        "Query": ("", ""),
        "Viewer": ("viewer {", "}"),
        "Webhook": (f'node(id: "{hook}") {{ ... on Webhook {{', "}}"),
        "WebhookDelivery": (f'node(id: "{told}") {{ ... on WebhookDelivery {{', "}}"),
        "Credits": ("viewer { credits {", "}}"),
        "User": (f'user(handle: "{ada.handle}") {{', "}"),
        "Post": (f'node(id: "{post}") {{ ... on Post {{', "}}"),
        "GenerationJob": (f'node(id: "{job}") {{ ... on GenerationJob {{', "}}"),
        "GenerationThread": (f'node(id: "{thread}") {{ ... on GenerationThread {{', "}}"),
        "Trends": ("trends {", "}"),
        "Hashtag": ('hashtag(name: "everything") {', "}"),
        "Search": ('search(text: "everything") {', "}"),
    }
    marked = [name for name, field in outputs(PRINTED) if is_marked(field)]
    assert {name.split(".")[0] for name in marked} == set(roots)
    for name in marked:
        kind, label = name.split(".")
        before, after = roots[kind]
        way = [*(word for word in re.findall(r"(\w+)(?:\([^)]*\))? {", before) if word.islower()), label]
        for first, failed in ((1, False), (0, True)):
            document = f"{{ {before} {label}(first: {first}) {{ __typename }} {after} }}"
            answer = await ada.answer(document)
            assert [error["path"] for error in answer.get("errors", [])] == ([way] if failed else [])
            value = answer["data"]
            for step in way:
                value = value[step]
            assert (value is None) is failed, name
