"""What is published of the schema: the same as the code says, served with a tag, in the shapes that tools read."""

from __future__ import annotations

import tomllib
from pathlib import Path

import httpx
import pytest
from graphql import (
    build_client_schema,
    build_schema,
    get_introspection_query,
    is_abstract_type,
    lexicographic_sort_schema,
    print_schema,
)

from schema.print import FOLDER, PLACE
from schema.published import FILES, PUBLISHED
from tests.people import Town
from tests.selection import BUILT, SCHEMA

SUITES = Path(__file__).parent / "clients"


async def published(town: Town, name: str) -> httpx.Response:
    return await town.http.get(f"{town.url}/{name}")


@pytest.mark.parametrize("name", PUBLISHED)
async def test_each_is_served_to_everybody_with_a_tag(town: Town, name: str) -> None:
    make, media_type = PUBLISHED[name]
    answer = await published(town, name)
    assert (answer.status_code, answer.text) == (200, make(BUILT))
    assert answer.headers["content-type"] == media_type
    assert answer.headers["cache-control"] == "public, max-age=60"
    tag = answer.headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await town.http.get(f"{town.url}/{name}", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert again.headers["cache-control"] == "public, max-age=60"
    changed = await town.http.get(f"{town.url}/{name}", headers={"If-None-Match": '"other"'})
    assert changed.text == answer.text
    head = await town.http.head(f"{town.url}/{name}")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert (await town.http.post(f"{town.url}/{name}")).status_code == 405


def test_the_files_are_those_that_are_served() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} | {PLACE.name} == set(FILES)


async def test_introspection_as_a_file_is_what_the_server_answers(town: Town) -> None:
    known = (await published(town, "schema.json")).json()
    query = get_introspection_query(
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
        one_of=True,
    )
    asked = await town.http.post(f"{town.url}/graphql", json={"query": query})
    assert known["data"] == asked.json()["data"]
    read, printed = build_client_schema(known["data"]), build_schema(PLACE.read_text())
    assert print_schema(lexicographic_sort_schema(read)) == print_schema(lexicographic_sort_schema(printed))


async def test_possible_types_are_whole(town: Town) -> None:
    found = (await published(town, "possible-types.json")).json()
    assert set(found) == {name for name, kind in SCHEMA.type_map.items() if is_abstract_type(kind)}
    assert found["MaybePost"] == ["Post", "UnavailablePost"]
    assert "Post" in found["Node"]


async def test_the_suites_type_scalars_as_published(town: Town) -> None:
    found = (await published(town, "scalars.json")).json()
    assert found["typescript"] == {"DateTime": "string"}
    told = tomllib.loads((SUITES / "ariadne" / "ariadne.toml").read_text())["tool"]["ariadne-codegen"]["scalars"]
    assert {name: scalar["type"] for name, scalar in told.items()} == found["python"]
