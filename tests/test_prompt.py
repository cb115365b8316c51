"""Prompt help: what was asked for is found again, each text once; suggestions; and what a prompt leaves open, by rules."""

from __future__ import annotations

from typing import Any

import pytest_asyncio

from models import node_id
from models.database import fetch
from models.engine import announce
from models.enhancement import ASPECTS, IDEAS, enhanced
from tests.people import Person, Town
from tests.selection import mutation
from tests.test_wish import LOOM

GENERATE = mutation("generateImages")
HISTORY = """query($query: String! = "", $first: Int, $after: String) { viewer { promptHistory(query: $query, first: $first, after: $after) {
  edges { node { id text useCount lastUsedAt } } pageInfo { hasNextPage endCursor } } } }"""
ENHANCE = """mutation($input: EnhancePromptInput!) { enhancePrompt(input: $input) { enhancement { prompt additions { text reason } }
  userErrors { code message path } } }"""


@pytest_asyncio.fixture(autouse=True)
async def _loom(town: Town) -> None:
    await announce("loom", [{"name": "warp", "default_width": 64, "default_height": 64, "capabilities": LOOM}], True)


async def history(person: Person, **given: Any) -> list[str]:
    """The texts of one page of a person's history."""
    page = (await person.ask(HISTORY, **given))["viewer"]["promptHistory"]
    return [edge["node"]["text"] for edge in page["edges"]]


async def asked_for(person: Person, *prompts: str) -> None:
    """Ask for each, and let it end, so that the queue has room."""
    for prompt in prompts:
        await person.do(GENERATE, prompt=prompt, engine="loom")
        await fetch(
            "UPDATE generation_jobs SET state = 'SUCCEEDED' WHERE owner_id = $1", node_id.number_of("user", person.id)
        )


async def test_each_text_stands_once_by_its_newest_use(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await asked_for(ada, "a fox", "a hen at night", "a fox", "100% Wool_en Fox")
    await asked_for(bob, "a secret fox")
    assert await history(ada) == ["100% Wool_en Fox", "a fox", "a hen at night"]
    assert await history(ada, query="FOX") == ["100% Wool_en Fox", "a fox"]
    assert await history(ada, query="night hen") == ["a hen at night"]
    # Signs of patterns are letters like others.
    assert await history(ada, query="0%") == ["100% Wool_en Fox"]
    assert await history(ada, query="l_e") == ["100% Wool_en Fox"]
    assert await history(ada, query="%") == ["100% Wool_en Fox"]
    assert await history(ada, query="\\") == []
    assert await history(ada, query="secret") == []
    page = (await ada.ask(HISTORY, first=2))["viewer"]["promptHistory"]
    assert [edge["node"]["useCount"] for edge in page["edges"]] == [1, 2]
    assert await history(ada, first=2, after=page["pageInfo"]["endCursor"]) == ["a hen at night"]
    for query in ("x" * 201, "a b c d e f g h i"):
        answer = await ada.answer(HISTORY, query=query)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert (await town.ask(HISTORY))["viewer"] is None


async def test_a_prompt_is_forgotten_by_its_owner_alone(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await asked_for(ada, "a fox", "a hen")
    (fox,) = (await ada.ask(HISTORY, query="fox"))["viewer"]["promptHistory"]["edges"]
    number = fox["node"]["id"]
    assert (await bob.ask("query($id: ID!) { node(id: $id) { id } }", id=number))["node"] is None
    forget = mutation("deletePastPrompt")
    assert await bob.refusal(forget, promptId=number) == ("NOT_FOUND", ["promptId"])
    assert (await ada.do(forget, promptId=number))["deletedPromptId"] == number
    assert await history(ada) == ["a hen"]
    assert await ada.refusal(forget, promptId=number) == ("NOT_FOUND", ["promptId"])


async def test_suggestions_are_ones_own_and_then_the_houses(town: Town) -> None:
    ada = await town.person("ada")
    asked = 'query($begun: String! = "") { viewer { promptSuggestions(begun: $begun) } }'
    assert len((await ada.ask(asked))["viewer"]["promptSuggestions"]) == 8
    await asked_for(ada, "my own lighthouse")
    found = (await ada.ask(asked, begun="LIGHT"))["viewer"]["promptSuggestions"]
    assert found == ["my own lighthouse", "a lighthouse in a storm"]
    assert (await ada.ask(asked, begun="zzz"))["viewer"]["promptSuggestions"] == []


async def test_what_a_prompt_leaves_open_is_said_and_explained(town: Town) -> None:
    ada = await town.person("ada")
    first = (await ada.do(ENHANCE, prompt="a castle."))["enhancement"]
    assert first == (await ada.do(ENHANCE, prompt="a castle."))["enhancement"]  # the same prompt gives the same
    assert len(first["additions"]) == len(ASPECTS)
    assert first["prompt"] == ", ".join(["a castle", *(one["text"] for one in first["additions"])])
    assert all(one["reason"].endswith(".") for one in first["additions"])
    light = (await ada.do(ENHANCE, prompt="a castle at sunset"))["enhancement"]["additions"]
    assert len(light) == len(ASPECTS) - 1  # the light was said
    whole = "close view of a cat, oil painting, golden light, deep blue"
    assert (await ada.do(ENHANCE, prompt=whole))["enhancement"] == {"prompt": whole, "additions": []}
    for prompt in ("", "  ", "x" * 4_001):
        assert await ada.refusal(ENHANCE, prompt=prompt) == ("BAD_USER_INPUT", ["prompt"])
    assert await Person(town, "", "", None).refusal(ENHANCE, prompt="a fox") == ("UNAUTHENTICATED", None)


def test_what_was_enhanced_leaves_nothing_open() -> None:
    for idea in IDEAS:
        more = enhanced(idea)
        assert more.prompt.startswith(idea)
        assert len(more.additions) >= 1
        assert enhanced(more.prompt).additions == ()
