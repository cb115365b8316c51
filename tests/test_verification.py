"""`verifyImage`: a picture made here is known again as far as its proofs go, to whom it may be known; others are not."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from c2pa import Context, Reader
from PIL import Image, ImageFilter

from errors import RateLimited
from generation.engine import Capabilities, Model, Picture, Request, Step
from generation.proof import Proof, mark_key_of
from generation.run import Run
from generation.watch import Watch
from models import lease, node_id
from models.database import fetch
from models.engine import announce
from provenance.credential import credential_of, made_here
from provenance.seal import Sealer, SourceType, Story, settings_for
from provenance.sighting import sightings
from provenance.ticket import BadTicket, Tickets
from realtime.wire import Wire
from safety.limit import Limit
from safety.points import Points
from settings import Settings
from storage.address import SIZES
from storage.bucket import Bucket
from storage.intake_child import luma_of
from tests.people import Person, Town
from tests.test_watermark import as_jpeg, cropped, png, scene

ASK = """query($ticket: String!) { verifyImage(ticket: $ticket) { verdict proofs { kind certainty strength isMirrored }
    credentials { standing issuedHere changedAfterSigning generator signer sourceTypes ancestorCount }
    declaredSourceType known { madeAt making { engine model } image { id } source { id author { handle } } parents { id } } } }"""
PROVENANCE = """query($id: ID!) { node(id: $id) { ... on Image { provenance { sourceType credentials { generator standing
    issuedHere } isMarked isHashed } } } }"""
NOBODY_KNOWS: dict[str, Any] = {
    "verdict": "UNKNOWN", "proofs": [], "credentials": None, "declaredSourceType": None, "known": None,
}  # fmt: skip


def unwatched(told: Settings) -> Watch:
    """No checks: what the painter paints is noise."""
    return Watch(replace(told, check_pictures=False, check_bans=False, check_text="none"))


class Painter:
    """Paints scenes: each seed another."""

    name = "verified"
    can = Capabilities(256, 1024, 16, 4, supports_seeds=True, supports_edits=True)
    models: tuple[Model, ...] = (Model("soft", can, 768, 576),)

    async def start(self) -> None:
        """Nothing to load."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def available(self) -> bool:
        """Always."""
        return True

    async def generate(self, request: Request) -> AsyncIterator[Step]:
        """One scene for each that is wanted."""
        for index in request.wanted:
            yield Picture(index, png(scene(request.seed + index)), "image/png", 768, 576, request.seed)


@dataclass(slots=True)
class House:
    """Where pictures are made, kept and checked."""

    town: Town
    told: Settings
    bucket: Bucket
    wire: Wire

    async def make(self, person: Person, seed: int, operation: str = "GenerateImages", **given: Any) -> str:
        """The id of a picture that was made for somebody; its pixels are `scene(seed)` with a mark."""
        can = {
            "min_side": 64, "max_side": 1024, "side_step": 1, "max_count": 4, "supports_edits": True,
            "supports_masks": False, "max_references": 0, "supports_transparent_background": False,
            "supports_seeds": True, "max_partial_images": 1, "output_formats": ["png"], "styles": ["plain"],
        }  # fmt: skip
        await announce(
            "verified", [{"name": "soft", "default_width": 768, "default_height": 576, "capabilities": can}], True
        )
        asked = {"prompt": "a secret wish", "engine": "verified", "seed": str(seed), **given}
        job = node_id.number_of("job", (await person.do(operation, **asked))["job"]["id"])
        work = await lease.claim(["verified"])
        assert work is not None
        assert work.id == job
        await Run(work, Painter(), self.wire, self.bucket, self.told, Proof.of(self.told), unwatched(self.told)).run()
        (output,) = await fetch("SELECT image_id FROM generation_outputs WHERE job_id = $1", job)
        return node_id.encode("image", output["image_id"])

    async def hand_in(self, data: bytes, **more: Any) -> Any:
        """The answer of `POST /verify`."""
        return await self.town.http.post(f"{self.town.url}/verify", content=data, **more)

    async def check(self, data: bytes, person: Person | None = None) -> dict[str, Any]:
        """What is said of a file, to somebody or to nobody."""
        return (await self.checked(data, person))[0]

    async def checked(self, data: bytes, *people: Person | None) -> list[dict[str, Any]]:
        """What is said of a file, to each."""
        answer = await self.hand_in(data)
        assert answer.status_code == 200, answer.text
        ticket = answer.json()["ticket"]
        return [(await (person or self.town).ask(ASK, ticket=ticket))["verifyImage"] for person in people]

    async def served(self, image: str, size: str) -> bytes:
        """The file as everybody gets it."""
        answer = await self.town.http.get(f"{self.town.url}/media/{image}/{size}", follow_redirects=True)
        assert answer.status_code == 200
        return answer.content


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(town: Town, told: Settings) -> AsyncIterator[House]:
    bucket, wire = await Bucket.open(told), Wire(told.redis_url)
    yield House(town, told, bucket, wire)
    await wire.close()
    await bucket.close()


@dataclass(slots=True)
class Published:
    """A picture in a post."""

    author: Person
    image: str
    post: str
    seed: int


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def published(house: House) -> Published:
    ada = await house.town.person()
    image = await house.make(ada, 50)
    return Published(ada, image, await ada.write("Look", images=[{"imageId": image}]), 50)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def kinds(found: dict[str, Any]) -> set[str]:
    return {proof["kind"] for proof in found["proofs"]}


async def test_every_size_that_is_served_proves_itself_to_others_and_to_us(house: House, published: Published) -> None:
    credential = credential_of(house.told)
    assert credential is not None
    assert (await house.town.ask(PROVENANCE, id=published.image))["node"]["provenance"] == {
        "sourceType": "trainedAlgorithmicMedia",
        "credentials": {"generator": "Fresque", "standing": "TRUSTED", "issuedHere": True},
        "isMarked": True,
        "isHashed": True,
    }
    for size in SIZES:
        data = await house.served(published.image, size)
        mime_type = "image/png" if size == "original" else "image/webp"
        # The reader of those who make C2PA, told nothing but our root.
        reader = Reader(mime_type, io.BytesIO(data), context=Context(settings_for(credential.anchors)))
        with reader:
            assert reader.get_validation_state() == "Trusted", size
            assert "trainedAlgorithmicMedia" in reader.json()
        luma = luma_of(opened(data))
        assert sightings(mark_key_of(house.told), luma.tobytes(), *luma.size), size
        found = await house.check(data)
        assert found["verdict"] == "MADE_HERE"
        assert kinds(found) == {"SIGNATURE", "MARK", "LIKENESS"}, size
        assert found["proofs"][0]["certainty"] == "CERTAIN"
        assert found["credentials"]["issuedHere"] is True
        assert found["credentials"]["changedAfterSigning"] is False


async def test_copies_are_known_by_the_proofs_that_outlived_them(house: House, published: Published) -> None:
    served = opened(await house.served(published.image, "large"))
    copies = {
        "jpeg 75": (as_jpeg(served, 75), {"MARK", "LIKENESS"}, "MADE_HERE"),
        "jpeg 50": (as_jpeg(served, 50), {"MARK", "LIKENESS"}, "MADE_HERE"),
        "half": (served.resize((384, 288), Image.Resampling.LANCZOS), {"MARK", "LIKENESS"}, "MADE_HERE"),
        "crop": (cropped(served), {"MARK"}, "PROBABLY_MADE_HERE"),
        "blur": (served.filter(ImageFilter.GaussianBlur(1.5)), {"MARK", "LIKENESS"}, "MADE_HERE"),
        "mirror": (served.transpose(Image.Transpose.FLIP_LEFT_RIGHT), {"MARK", "LIKENESS"}, "MADE_HERE"),
    }
    for name, (copy, proofs, verdict) in copies.items():
        found = await house.check(png(copy))
        assert (kinds(found), found["verdict"]) == (proofs, verdict), name
        assert found["known"]["source"]["id"] == published.post, name
        assert found["known"]["image"]["id"] == published.image
        assert found["known"]["madeAt"] is not None
        assert found["credentials"] is None
        assert found["proofs"][0]["isMirrored"] is (name == "mirror")


async def test_engine_and_model_are_for_who_may_see_how_it_was_made(house: House, published: Published) -> None:
    data = await house.served(published.image, "medium")
    bob = await house.town.person("bob")
    for found, told in zip(
        await house.checked(data, None, bob, published.author), (None, None, "verified"), strict=True
    ):
        assert found["known"]["making"] == (told and {"engine": told, "model": "soft"})
        assert "secret wish" not in json.dumps(found)
    number = node_id.number_of("post", published.post)
    await fetch("UPDATE posts SET prompt_visibility = 'EVERYONE' WHERE id = $1", number)
    (found,) = await house.checked(data, bob)
    assert found["known"]["making"] == {"engine": "verified", "model": "soft"}


async def test_a_look_alike_and_a_stranger_do_not_say_yes(house: House, published: Published) -> None:
    alike = await house.check(png(scene(published.seed)))  # the same pixels without the mark
    assert (alike["verdict"], kinds(alike)) == ("LOOKS_ALIKE", {"LIKENESS"})
    assert alike["known"]["source"]["id"] == published.post
    assert await house.check(png(scene(51))) == NOBODY_KNOWS
    assert await house.check(png(Image.new("RGB", (300, 200), "white"))) == NOBODY_KNOWS


async def test_of_a_hidden_picture_only_its_own_proofs_are_told(house: House, published: Published) -> None:
    eve, hidden = await house.town.person("eve"), await house.make(published.author, 60)
    await published.author.write("Not for you", images=[{"imageId": hidden}], visibility="MENTIONED")
    (row,) = await fetch("SELECT prefix FROM images WHERE id = $1", node_id.number_of("image", hidden))
    data = await house.bucket.get(f"{row['prefix']}large.webp", 2_000_000)
    for found in await house.checked(data, None, eve):
        assert found["verdict"] == "MADE_HERE"  # whoever has the file may know
        assert found["known"] is None
    # What carries no proof is answered like what was never here.
    *others, own = await house.checked(png(scene(60)), None, eve, published.author)
    assert [*others, *await house.checked(png(scene(61)), None, eve)] == [NOBODY_KNOWS] * 4
    assert own["verdict"] == "LOOKS_ALIKE"


async def test_by_its_id_a_picture_is_checked_for_who_may_see_it(house: House, published: Published) -> None:
    own = await house.make(published.author, 70)
    address = f"{house.town.url}/verify"
    mine = {"Authorization": f"Bearer {published.author.token}"}
    answer = await house.town.http.post(address, params={"image": own}, headers=mine)
    assert (await published.author.ask(ASK, ticket=answer.json()["ticket"]))["verifyImage"]["known"]["image"][
        "id"
    ] == own
    for image, status in ((published.image, 200), (own, 404), ("image_none", 404), (published.post, 404)):
        answer = await house.town.http.post(address, params={"image": image})
        assert answer.status_code == status
        if status == 404:
            assert answer.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_what_it_was_made_from_is_told_where_it_may_be_seen(house: House, published: Published) -> None:
    bob = published.author
    edit = await house.make(
        bob,
        80,
        "mutation($input: EditImageInput!) { editImage(input: $input) { job { id } userErrors { message } } }",
        imageId=published.image,
    )
    found = await house.check(png(scene(80)), bob)
    assert found["known"]["image"]["id"] == edit
    assert [parent["id"] for parent in found["known"]["parents"]] == [published.image]


async def test_statements_of_others_are_read_and_a_broken_one_is_told(
    house: House, published: Published, tmp_path: Path
) -> None:
    story = Story("Image", "gpt-image", "gpt-image-2", SourceType.TRAINED)
    theirs = Sealer(made_here(tmp_path), "").sealed(png(scene(52)), "image/png", story)
    found = await house.check(theirs)
    assert found["verdict"] == "MADE_WITH_AI"
    told = found["credentials"]
    assert (told["standing"], told["issuedHere"], told["signer"]) == ("VALID", False, "Fresque")
    assert told["sourceTypes"] == ["trainedAlgorithmicMedia"] == [found["declaredSourceType"]]

    whole = await house.served(published.image, "original")
    remark = b"tEXtComment\0mine"
    chunk = struct.pack(">I", len(remark) - 4) + remark + struct.pack(">I", zlib.crc32(remark))
    found = await house.check(whole[:-12] + chunk + whole[-12:])  # before the end of the PNG
    assert found["credentials"]["standing"] == "INVALID"
    assert found["credentials"]["changedAfterSigning"] is True
    assert "SIGNATURE" not in kinds(found)


async def test_uploads_keep_what_their_files_said(house: House, tmp_path: Path) -> None:
    bob = await house.town.person("bob")
    sealer = Sealer(made_here(tmp_path), "")
    said = {}
    for name, data in {
        "signed": sealer.sealed(png(scene(90)), "image/png", Story("Image", "gpt-image", "gpt-image-2")),
        "plain": png(scene(91)),
    }.items():
        form = (await bob.do("CreateImageUpload", mimeType="image/png", byteSize=len(data), filename="a.png"))["upload"]
        fields = {field["name"]: field["value"] for field in form["fields"]}
        sent = await house.town.http.post(form["url"], data=fields, files={"file": ("a.png", data, "image/png")})
        assert sent.status_code < 300
        image = (await bob.do("CompleteImageUpload", uploadId=form["id"]))["image"]["id"]
        said[name] = (await bob.ask(PROVENANCE, id=image))["node"]["provenance"]
        found = await house.check(png(scene(90 if name == "signed" else 91)), bob)
        assert (found["verdict"], found["known"]["image"]["id"]) == ("LOOKS_ALIKE", image)  # how it looks is kept, too
    credentials = {"generator": "Fresque", "standing": "VALID", "issuedHere": False}
    plain = {"sourceType": None, "credentials": None, "isMarked": False, "isHashed": True}
    assert said == {
        "signed": {**plain, "sourceType": "trainedAlgorithmicMedia", "credentials": credentials},
        "plain": plain,
    }


async def test_what_is_handed_in_has_bounds(house: House) -> None:
    for data, status, code in (
        (b"", 400, "BAD_USER_INPUT"),
        (b"no picture", 400, "BAD_USER_INPUT"),
        (bytes(house.told.upload_max_bytes + 1), 413, "BAD_USER_INPUT"),
    ):
        answer = await house.hand_in(data)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (status, code)
        assert answer.headers["cache-control"] == "no-store"
    answer = await house.town.post(ASK, {"ticket": "none"}, None, None)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    tickets = Tickets(b"s" * 32)
    assert tickets.open(tickets.seal({"a": 1})) == {"a": 1}
    for ticket in ("", "é", "A" * 200, Tickets(b"t" * 32).seal({"a": 1})):
        with pytest.raises(BadTicket):
            tickets.open(ticket)


async def test_addresses_may_hand_in_so_many(told: Settings) -> None:
    limit = Limit(told.redis_url)
    points = Points(replace(told, rate_limit_verifications=2), limit)
    for _ in range(2):
        await points.hand_in("203.0.113.77")
    with pytest.raises(RateLimited) as refused:
        await points.hand_in("203.0.113.77")
    assert refused.value.retry_after
    await points.hand_in("203.0.113.78")
    await limit.close()
