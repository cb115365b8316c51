"""Presets: kept under a name, found by whoever has the code while they are shared, and changed by their owner alone."""

from __future__ import annotations

from typing import Any

from models import node_id
from models.database import fetch
from models.preset import MOST_PRESETS
from tests.people import Person, Town

FIELDS = "id name code template settings { name value } isShared viewerCanEdit"
CREATE, UPDATE, DELETE = [
    f"mutation($input: {name}PresetInput!) {{ {name.lower()}Preset(input: $input) {{ {what} userErrors {{ code message path }} }} }}"
    for name, what in (
        ("Create", f"preset {{ {FIELDS} }}"),
        ("Update", f"preset {{ {FIELDS} }}"),
        ("Delete", "deletedPresetId"),
    )
]
BY_CODE = f"query($code: String!) {{ preset(code: $code) {{ {FIELDS} }} }}"
OWN = "query($first: Int, $after: String) { viewer { presets(first: $first, after: $after) { edges { node { name } } pageInfo { endCursor } } } }"
INK: dict[str, Any] = {
    "name": "Ink",
    "template": "{prompt}, ink on rough paper",
    "settings": [{"name": "STYLE", "value": "plain"}, {"name": "WIDTH", "value": "512"}],
}


async def test_a_preset_is_shared_by_its_code_and_taken_back(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    kept = (await ada.do(CREATE, **INK))["preset"]
    assert {name: kept[name] for name in INK} == INK
    assert (kept["isShared"], kept["viewerCanEdit"]) == (False, True)
    by_id = "query($id: ID!) { node(id: $id) { id } }"

    async def found(who: Person | Town) -> dict[str, Any] | None:
        one: dict[str, Any] | None = (await who.ask(BY_CODE, code=kept["code"]))["preset"]
        other = (await who.ask(by_id, id=kept["id"]))["node"]
        assert (one is None) is (other is None)
        return one

    assert (await found(ada), await found(bob), await found(town)) == (kept, None, None)
    shared = (await ada.do(UPDATE, presetId=kept["id"], isShared=True))["preset"]
    assert shared == kept | {"isShared": True}
    assert await found(bob) == await found(town) == shared | {"viewerCanEdit": False}
    for document in (UPDATE, DELETE):
        assert await bob.refusal(document, presetId=kept["id"]) == ("NOT_FOUND", ["presetId"])
        assert await ada.refusal(document, presetId="x") == ("NOT_FOUND", ["presetId"])
        assert await Person(town, "", "", None).refusal(document, presetId=kept["id"]) == ("UNAUTHENTICATED", None)
    changed = (await ada.do(UPDATE, presetId=kept["id"], name="Wash", template="", settings=[], isShared=False))[
        "preset"
    ]
    assert changed == kept | {"name": "Wash", "template": "", "settings": []}
    assert await found(bob) is None
    await ada.do(UPDATE, presetId=kept["id"], isShared=True)
    assert (await ada.do(DELETE, presetId=kept["id"]))["deletedPresetId"] == kept["id"]
    assert (await found(ada), await found(bob)) == (None, None)


async def test_presets_are_bounded(town: Town) -> None:
    ada = await town.person("ada")
    for change, path in (
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"template": "x" * 4_001}, "template"),
        ({"settings": [{"name": "SEED", "value": ""}]}, "settings"),
        ({"settings": [{"name": "SEED", "value": "x" * 1_001}]}, "settings"),
        ({"settings": [{"name": "SEED", "value": "1"}, {"name": "SEED", "value": "2"}]}, "settings"),
    ):
        assert await ada.refusal(CREATE, **{**INK, **change}) == ("BAD_USER_INPUT", [path])
    for name in ("One", "Two", "Three"):
        await ada.do(CREATE, name=name)
    page = (await ada.ask(OWN, first=2))["viewer"]["presets"]
    rest = (await ada.ask(OWN, after=page["pageInfo"]["endCursor"]))["viewer"]["presets"]
    names = [edge["node"]["name"] for edge in (*page["edges"], *rest["edges"])]
    assert sorted(names) == ["One", "Three", "Two"]
    await fetch(
        "INSERT INTO presets (owner_id, code, name, template, settings, shared)"
        " SELECT $1, 'filled ' || $1::bigint || ' ' || n, 'x', '', '{}', false FROM generate_series(4, $2::int) AS n",
        node_id.number_of("user", ada.id),
        MOST_PRESETS,
    )
    assert await ada.refusal(CREATE, name="One more") == ("QUOTA_EXCEEDED", None)
    assert (await town.ask(BY_CODE, code="nothing"))["preset"] is None
