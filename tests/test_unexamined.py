"""Pictures from before proofs were kept are looked at, and known from then on."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

import httpx

from dev.stack import Stack
from models import node_id, unexamined
from models.database import fetch
from settings import Settings
from storage.bucket import Bucket
from storage.picture import object_key
from tests.gallery import painting
from tests.jobs import HERE
from tests.people import PATIENCE_SECONDS, Person, Town
from work.examining import examine

ASK = """query($ticket: String!) { verifyImage(ticket: $ticket) { verdict known { image { id } } } }"""
PROVENANCE = """query($id: ID!) { node(id: $id) { ... on Image { provenance { sourceType isMarked isHashed
    credentials { generator standing issuedHere } } } } }"""
NOTHING = {"sourceType": None, "isMarked": False, "isHashed": False, "credentials": None}


async def uploaded(person: Person, data: bytes) -> str:
    form = (await person.do("CreateImageUpload", mimeType="image/png", byteSize=len(data)))["upload"]
    fields = {field["name"]: field["value"] for field in form["fields"]}
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as browser:
        sent = await browser.post(form["url"], data=fields, files={"file": ("x.png", data, "image/png")})
        assert sent.is_success
    found: str = (await person.do("CompleteImageUpload", uploadId=form["id"]))["image"]["id"]
    return found


async def provenance(person: Person | Town, image: str) -> dict[str, Any]:
    found: dict[str, Any] = (await person.ask(PROVENANCE, id=image))["node"]["provenance"]
    return found


async def age(*images: str) -> list[int]:
    """Let pictures be from before proofs were kept."""
    numbers = [number for image in images if (number := node_id.number_of("image", image)) is not None]
    await fetch("DELETE FROM image_likenesses WHERE image_id = ANY($1::bigint[])", numbers)
    await fetch("INSERT INTO unexamined_images (image_id) SELECT unnest($1::bigint[])", numbers)
    return numbers


async def test_an_old_picture_is_known_once_it_was_looked_at(town: Town, told: Settings, stack: Stack) -> None:
    ada = await town.person("ada")
    data = [painting(7200 + number) for number in range(4)]
    images = [await uploaded(ada, one) for one in data]
    assert await provenance(ada, images[0]) == NOTHING | {"isHashed": True}
    numbers = await age(*images)
    assert await provenance(ada, images[0]) == NOTHING
    ticket = (await town.http.post(f"{town.url}/verify", content=data[0])).json()["ticket"]
    assert (await ada.ask(ASK, ticket=ticket))["verifyImage"] == {"verdict": "UNKNOWN", "known": None}
    bucket = await Bucket.open(told)
    try:
        (gone,) = await fetch("SELECT prefix, mime_type FROM images WHERE id = $1", numbers[3])
        await bucket.delete(object_key(gone["prefix"], "original", gone["mime_type"]))
        assert await examine(bucket, "", 2) == 2  # the newest: one that is gone, and one that is there
        assert await unexamined.left() == 2
    finally:
        await bucket.close()
    assert await provenance(ada, images[3]) == NOTHING
    assert await provenance(ada, images[2]) == NOTHING | {"isHashed": True}
    command = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "work.examining", "--per-second", "1000",
        cwd=HERE, env={**os.environ, **stack.environment()},
    )  # fmt: skip
    assert await command.wait() == 0
    assert await unexamined.left() == 0
    found = (await ada.ask(ASK, ticket=ticket))["verifyImage"]
    assert (found["verdict"], found["known"]["image"]["id"]) == ("LOOKS_ALIKE", images[0])
    assert (await town.ask(ASK, ticket=ticket))["verifyImage"]["verdict"] == "UNKNOWN", "nobody else sees it"
