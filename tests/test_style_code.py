"""Style codes: a picture's manner kept under a name, shared by a code, taken back; and what others can do with it then."""

from __future__ import annotations

import itertools
from typing import Any

from models import node_id
from models.database import fetch, fetch_value
from models.engine import announce
from models.job_claim import Claimed
from models.job_end import Ending
from models.lease import NewImage, claim, finish, keep_output
from models.style_code import MOST_STYLE_CODES
from tests.people import Person, Town
from tests.selection import mutation
from tests.test_wish import LOOM

MANNER = "fs1-" + "a" * 69
FIELDS = "id name code isShared viewerCanEdit image { id }"
CREATE, UPDATE, DELETE = [
    f"mutation($input: {name}StyleCodeInput!) {{ {name.lower()}StyleCode(input: $input) {{ {what} userErrors {{ code message path }} }} }}"
    for name, what in (
        ("Create", f"styleCode {{ {FIELDS} }}"),
        ("Update", f"styleCode {{ {FIELDS} }}"),
        ("Delete", "deletedStyleCodeId"),
    )
]
BY_CODE = f"query($code: String!) {{ styleCode(code: $code) {{ {FIELDS} }} }}"
OWN = "query($first: Int, $after: String) { viewer { styleCodes(first: $first, after: $after) { edges { node { name } } pageInfo { endCursor } } } }"
JOB = "query($id: ID!) { node(id: $id) { ... on GenerationJob { style outputs { image { id } styleCode } } } }"
GENERATE, EDIT, RETRY = mutation("generateImages"), mutation("editImage"), mutation("retryGeneration")
_looms = itertools.count(1)


async def loom(*, codes: bool = True) -> str:
    """An engine of this test's own, whose work is done by hand."""
    name = f"style_loom_{next(_looms)}"
    can = LOOM | {"supports_style_codes": codes}
    await announce(name, [{"name": "one", "default_width": 64, "default_height": 64, "capabilities": can}], True)
    return name


async def work(engine: str, *, manner: str | None = MANNER, ending: Ending = Ending.DONE) -> Claimed:
    """Do the job that waits, and say that it was painted in this manner."""
    job = await claim([engine])
    assert job is not None
    if ending is Ending.DONE:
        facts = {} if manner is None else {"style_code": manner}
        place, blurhash = f"p/{engine}/{job.id}/", "L00000fQfQfQfQfQfQfQfQfQfQfQ"
        await keep_output(job.id, job.token, 0, NewImage(place, "image/png", 9, 64, 64, blurhash, "A fox", facts=facts))
    await finish(job.id, job.token, ending)
    return job


async def made(person: Person, engine: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """A picture's id and its output, painted in a manner of its own unless told."""
    job = (await person.do(GENERATE, prompt="a fox", engine=engine, **more))["job"]["id"]
    await work(engine)
    (output,) = (await person.ask(JOB, id=job))["node"]["outputs"]
    return output["image"]["id"], output


async def test_a_style_code_is_shared_and_taken_back(town: Town) -> None:
    ada, bob, engine = await town.person("ada"), await town.person("bob"), await loom()
    image, output = await made(ada, engine)
    assert output["styleCode"] == MANNER
    kept = (await ada.do(CREATE, imageId=image, name="Dusk"))["styleCode"]
    assert {**kept, "id": "", "code": ""} == {
        "id": "", "code": "", "name": "Dusk", "isShared": False, "viewerCanEdit": True, "image": {"id": image}
    }  # fmt: skip
    by_id = "query($id: ID!) { node(id: $id) { id } }"

    async def found(who: Person | Town) -> dict[str, Any] | None:
        one: dict[str, Any] | None = (await who.ask(BY_CODE, code=kept["code"]))["styleCode"]
        assert (one is None) is ((await who.ask(by_id, id=kept["id"]))["node"] is None)
        return one

    code = kept["code"]
    assert (await found(ada), await found(bob), await found(town)) == (kept, None, None)
    assert await bob.refusal(GENERATE, prompt="a fox", engine=engine, style=code) == ("NOT_FOUND", ["style"])
    await ada.do(UPDATE, styleCodeId=kept["id"], isShared=True)
    assert await found(bob) == kept | {"isShared": True, "viewerCanEdit": False, "image": None}

    settled = [{"name": "STYLE", "value": code}]
    preset = (await bob.do(mutation("createPreset"), name="Hers", settings=settled))["preset"]
    assert preset["styleIsLost"] is False
    job = (await bob.do(GENERATE, prompt="an owl", engine=engine, style=code))["job"]
    assert job["style"] == code
    assert (await work(engine)).style == MANNER, "the engine is told the manner"
    (painted,) = (await bob.ask(JOB, id=job["id"]))["node"]["outputs"]
    assert painted["styleCode"] is None, "whoever paints by another's code is not told what it says"
    his = painted["image"]["id"]
    assert await bob.refusal(CREATE, imageId=his, name="Mine now") == ("FORBIDDEN", ["imageId"])
    edited = (await bob.do(EDIT, prompt="bluer", imageId=his, engine=engine))["job"]["id"]
    await work(engine)
    (later,) = (await bob.ask(JOB, id=edited))["node"]["outputs"]
    assert later["styleCode"] is None
    assert await bob.refusal(CREATE, imageId=later["image"]["id"], name="Now") == ("FORBIDDEN", ["imageId"])
    failed = (await bob.do(GENERATE, prompt="an owl", engine=engine, style=code))["job"]["id"]
    await work(engine, ending=Ending.FAILED)

    for away in (UPDATE, DELETE):
        done = await ada.do(away, styleCodeId=kept["id"], **({"isShared": False} if away is UPDATE else {}))
        assert done.get("deletedStyleCodeId", kept["id"]) == kept["id"]
        assert await found(bob) is None
        refused = (await bob.attempt(GENERATE, prompt="an owl", engine=engine, style=code))["userErrors"]
        assert [(one["code"], one["path"]) for one in refused] == [("TAKEN_BACK", ["style"])]
        assert await bob.refusal(RETRY, jobId=failed) == ("TAKEN_BACK", ["jobId"])
        assert (await bob.ask("query($id: ID!) { node(id: $id) { ... on Preset { styleIsLost } } }", id=preset["id"]))[
            "node"
        ] == {"styleIsLost": True}
        if away is UPDATE:
            own = await ada.do(GENERATE, prompt="a fox", engine=engine, style=code)
            assert own["job"]["style"] == code, "its owner paints on by it"
            await work(engine)
            await ada.do(UPDATE, styleCodeId=kept["id"], isShared=True, name="Night")
            assert (await bob.ask(BY_CODE, code=code))["styleCode"]["name"] == "Night"
    assert await ada.refusal(GENERATE, prompt="a fox", engine=engine, style=code) == ("TAKEN_BACK", ["style"])
    assert await ada.refusal(UPDATE, styleCodeId=kept["id"], isShared=True) == ("NOT_FOUND", ["styleCodeId"])


async def test_style_codes_are_their_owner_s_and_bounded(town: Town) -> None:
    ada, bob, engine = await town.person("ada"), await town.person("bob"), await loom()
    image, _ = await made(ada, engine)
    out = Person(town, "", "", None)
    assert await out.refusal(CREATE, imageId=image, name="x") == ("UNAUTHENTICATED", None)
    assert await bob.refusal(CREATE, imageId=image, name="x") == ("NOT_FOUND", ["imageId"])
    for name in ("", "x" * 61, "two\nlines"):
        assert await ada.refusal(CREATE, imageId=image, name=name) == ("BAD_USER_INPUT", ["name"])
    for name in ("One", "Two", "Three"):
        kept = (await ada.do(CREATE, imageId=image, name=name, isShared=True))["styleCode"]
    for document in (UPDATE, DELETE):
        assert await bob.refusal(document, styleCodeId=kept["id"]) == ("NOT_FOUND", ["styleCodeId"])
        assert await out.refusal(document, styleCodeId=kept["id"]) == ("UNAUTHENTICATED", None)
    page = (await ada.ask(OWN, first=2))["viewer"]["styleCodes"]
    rest = (await ada.ask(OWN, after=page["pageInfo"]["endCursor"]))["viewer"]["styleCodes"]
    names = [edge["node"]["name"] for edge in (*page["edges"], *rest["edges"])]
    assert sorted(names) == ["One", "Three", "Two"]
    number = node_id.number_of("user", ada.id)
    await fetch(
        "INSERT INTO style_codes (owner_id, code, name, manner, image_id, shared, was_shared)"
        " SELECT $1, 'filled ' || $1::bigint || ' ' || n, 'x', 'y', 1, false, false FROM generate_series(4, $2::int) AS n",
        number,
        MOST_STYLE_CODES,
    )
    assert await ada.refusal(CREATE, imageId=image, name="One more") == ("QUOTA_EXCEEDED", None)
    assert (await town.ask(BY_CODE, code="fs-nothing"))["styleCode"] is None
    plain = (await ada.do(GENERATE, prompt="a fox", engine=engine, style="plain"))["job"]["id"]
    await work(engine, manner=None)
    (output,) = (await ada.ask(JOB, id=plain))["node"]["outputs"]
    assert output["styleCode"] is None
    assert await ada.refusal(CREATE, imageId=output["image"]["id"], name="x") == ("BAD_USER_INPUT", ["imageId"])
    assert await fetch_value("SELECT count(*) FROM style_codes WHERE owner_id = $1", number) == MOST_STYLE_CODES


async def test_a_model_says_whether_it_reads_style_codes(town: Town) -> None:
    ada, able, unable = await town.person("ada"), await loom(), await loom(codes=False)
    asked = "{ engines { name models { capabilities { supportsStyleCodes } } } }"
    told = {one["name"]: one["models"][0]["capabilities"] for one in (await ada.ask(asked))["engines"]}
    assert (told[able], told[unable]) == ({"supportsStyleCodes": True}, {"supportsStyleCodes": False})
    image, _ = await made(ada, able)
    code = (await ada.do(CREATE, imageId=image, name="x"))["styleCode"]["code"]
    assert await ada.refusal(GENERATE, prompt="a fox", engine=unable, style=code) == ("BAD_USER_INPUT", ["style"])
