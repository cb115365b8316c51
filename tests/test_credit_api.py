"""Credits as people see them: their own, every line, and what a job would cost."""

from __future__ import annotations

from typing import Any

import pytest

from models import node_id
from models.credit_move import adjust, open_account
from models.engine import announce
from models.tier import TERMS, Tier
from tests.people import Person, Town

MONTH = TERMS[Tier.FREE].monthly_grant
CREDITS = """{ viewer { credits { tier balance held available monthlyGrant nextGrantAt entries(first: 10) {
    edges { cursor node { id kind amount createdAt outputIndex note job { id prompt } } } pageInfo { hasNextPage endCursor } } } } }"""
QUOTE = """query($input: GenerationQuoteInput!) { viewer { generationQuote(input: $input) {
    creditsPerPicture pictures total available isSufficient missing } } }"""
PAGE = """query($after: String) { viewer { credits { entries(first: 2, after: $after) {
    edges { node { kind } } pageInfo { hasNextPage endCursor } } } } }"""
ENGINE = "abacus"


@pytest.fixture(autouse=True)
async def _engine(town: Town) -> None:
    can = {
        "min_side": 64, "max_side": 4096, "side_step": 64, "max_count": 4, "qualities": ["low", "high"],
        "credits_per_picture": 3, "upscale_factors": [2],
    }  # fmt: skip
    await announce(ENGINE, [{"name": "bead", "default_width": 64, "default_height": 64, "capabilities": can}], True)


async def credits(person: Person) -> dict[str, Any]:
    """What somebody has."""
    found: dict[str, Any] = (await person.ask(CREDITS))["viewer"]["credits"]
    return found


def number_of(person: Person) -> int:
    """The row of a person."""
    number = node_id.number_of("user", person.id)
    assert number is not None
    return number


async def test_who_is_new_has_a_month(town: Town) -> None:
    ada = await town.person("ada")
    found = await credits(ada)
    assert (found["tier"], found["balance"], found["held"], found["available"]) == ("FREE", MONTH, 0, MONTH)
    (edge,) = found["entries"]["edges"]
    assert (edge["node"]["kind"], edge["node"]["amount"], edge["node"]["job"]) == ("GRANT", MONTH, None)
    assert found["nextGrantAt"] > edge["node"]["createdAt"]


async def test_a_job_and_its_end_are_lines_that_name_it(town: Town) -> None:
    ada = await town.person("ada")
    job = (await ada.do("GenerateImages", prompt="Beads", engine=ENGINE, count=2))["job"]["id"]
    found = await credits(ada)
    assert (found["held"], found["available"]) == (6, MONTH - 6)
    assert found["entries"]["edges"][0]["node"] | {"createdAt": "", "id": ""} == {
        "id": "", "kind": "RESERVE", "amount": 6, "createdAt": "", "outputIndex": None, "note": None, "job": {"id": job, "prompt": "Beads"},
    }  # fmt: skip
    await ada.do("CancelGeneration", jobId=job)
    found = await credits(ada)
    assert (found["balance"], found["held"]) == (MONTH, 0)
    given_back = [edge["node"] for edge in found["entries"]["edges"] if edge["node"]["kind"] == "RELEASE"]
    assert sorted((line["amount"], line["outputIndex"]) for line in given_back) == [(3, 0), (3, 1)]
    kinds: list[str] = []
    after = None
    while True:
        page = (await ada.ask(PAGE, after=after))["viewer"]["credits"]["entries"]
        kinds += [edge["node"]["kind"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert kinds == ["RELEASE", "RELEASE", "RESERVE", "GRANT"]


async def test_nobody_sees_another_s(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    await ada.do("GenerateImages", prompt="Mine", engine=ENGINE)
    assert len((await credits(bob))["entries"]["edges"]) == 1
    assert (await town.ask(CREDITS))["viewer"] is None
    document = "query($id: ID!) { node(id: $id) { ... on CreditEntry { id kind } } }"
    line = (await credits(ada))["entries"]["edges"][0]["node"]["id"]
    assert (await ada.ask(document, id=line))["node"] == {"id": line, "kind": "RESERVE"}
    for who in (bob, town):
        assert (await who.ask(document, id=line))["node"] is None


async def test_a_quote_is_what_is_set_aside_and_sets_nothing_aside(town: Town) -> None:
    ada = await town.person("ada")
    asked = {"engine": ENGINE, "width": 1024, "height": 1088, "quality": "high", "count": 3}
    quote = (await ada.ask(QUOTE, input=asked))["viewer"]["generationQuote"]
    assert quote == {
        "creditsPerPicture": 12, "pictures": 3, "total": 36, "available": MONTH, "isSufficient": True, "missing": 0,
    }  # fmt: skip
    assert (await credits(ada))["held"] == 0
    number = number_of(ada)
    await adjust(number, 30 - (await open_account(number)).available, f"test:{ada.id}")
    quote = (await ada.ask(QUOTE, input=asked))["viewer"]["generationQuote"]
    assert (quote["available"], quote["isSufficient"], quote["missing"]) == (30, False, 6)


async def test_who_has_too_few_is_told_how_many_are_missing(town: Town) -> None:
    ada = await town.person("ada")
    await adjust(number_of(ada), 5 - MONTH, f"test:{ada.id}")
    payload = await ada.attempt("GenerateImages", prompt="Beads", engine=ENGINE, count=2)
    (error,) = payload["userErrors"]
    assert (payload["job"], error["code"], error["path"]) == (None, "QUOTA_EXCEEDED", None)
    assert "costs 6 credits" in error["message"]
    assert "1 too few" in error["message"]
    assert (await ada.ask("{ viewer { generationJobs { edges { cursor } } } }"))["viewer"]["generationJobs"][
        "edges"
    ] == []
    assert (await credits(ada))["held"] == 0


@pytest.mark.parametrize(
    "change",
    [
        {"engine": "none such"},
        {"count": 9},
        {"width": 65},
        {"quality": "best"},
        {"kind": "UPSCALE", "scale": 2},
    ],
)
async def test_what_cannot_be_made_has_no_price(town: Town, change: dict[str, Any]) -> None:
    ada = await town.person("ada")
    answer = await ada.answer(QUOTE, input={"engine": ENGINE, **change})
    (error,) = answer["errors"]
    assert answer["data"]["viewer"]["generationQuote"] is None
    assert error["extensions"]["code"] in ("BAD_USER_INPUT", "NOT_FOUND")
    assert error["path"] == ["viewer", "generationQuote"]


@pytest.mark.parametrize("image", [node_id.encode("image", 1), "garbage"])
async def test_work_on_a_picture_of_nobody_has_no_price_and_is_no_error(town: Town, image: str) -> None:
    ada = await town.person("ada")
    answer = await ada.answer(QUOTE, input={"engine": ENGINE, "kind": "EDIT", "imageId": image})
    assert answer["data"]["viewer"]["generationQuote"] is None
    assert "errors" not in answer
