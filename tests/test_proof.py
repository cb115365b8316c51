"""What workers sign into the pictures they make: every size of it, with what went in, and nothing that is private."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from dev.stack import Stack
from generation.engine import Picture, Request, Step
from generation.proof import TITLE, Proof
from models import node_id
from models.database import fetch
from models.engine import announce
from models.job import JobKind
from models.job_move import ask
from models.transaction import transaction
from models.wish import Wish
from provenance.credential import CHAIN_FILE, KEY_FILE, credential_of, made_here
from provenance.reading import Examiner, Found, Standing
from provenance.seal import Sealer, Story
from realtime.wire import Wire
from settings import Settings
from storage.bucket import Bucket
from storage.picture import object_key
from tests.jobs import ANN, EASEL, HERE, Easel, asked, job_world
from tests.working import Changes, at_work, changes_in_an_empty_queue

SIZES = ("original", "large", "medium", "small")


class Bench(Easel):
    """The easel, which also edits; `signed` pictures come with a signature of their own."""

    def __init__(self, sealer: Sealer | None = None) -> None:
        super().__init__()
        quick = self.models[0]
        can = replace(quick.capabilities, supports_edits=True, max_references=2)
        self.models = (replace(quick, capabilities=can), *self.models[1:])
        self._sealer = sealer

    async def generate(self, request: Request) -> AsyncIterator[Step]:
        """As the easel does, signed if it can sign."""
        async for step in super().generate(request):
            if self._sealer is not None and isinstance(step, Picture):
                step = replace(step, data=self._sealer.sealed(step.data, step.mime_type, Story("x", "theirs", "m")))
            yield step


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "proof_test", PYTHONPATH=str(HERE)) as told:
        yield told


@pytest_asyncio.fixture
async def changes(told: Settings, monkeypatch: pytest.MonkeyPatch) -> Changes:
    return await changes_in_an_empty_queue(monkeypatch)


@pytest_asyncio.fixture
async def bucket(told: Settings) -> AsyncIterator[Bucket]:
    bucket = await Bucket.open(told)
    yield bucket
    await bucket.close()


@pytest_asyncio.fixture
async def wire(told: Settings) -> AsyncIterator[Wire]:
    wire = Wire(told.redis_url)
    yield wire
    await wire.close()


def examiner(told: Settings) -> Examiner:
    credential = credential_of(told)
    assert credential is not None
    return Examiner(credential.anchors)


async def sizes_of(bucket: Bucket, image_id: int) -> dict[str, tuple[bytes, str]]:
    """Bytes and MIME type of each size that is served."""
    (image,) = await fetch("SELECT * FROM images WHERE id = $1", image_id)
    found = {}
    for size in SIZES:
        key = object_key(image["prefix"], size, image["mime_type"])
        found[size] = (await bucket.get(key, 1_000_000), image["mime_type"] if size == "original" else "image/webp")
    return found


async def image_of(job_id: int, index: int = 0) -> int:
    (row,) = await fetch("SELECT image_id FROM generation_outputs WHERE job_id = $1 AND index = $2", job_id, index)
    return int(row["image_id"])


async def test_every_size_of_a_picture_proves_where_it_comes_from(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    job_id = await asked(ANN, "a secret wish", count=2)
    async with at_work(told, wire, bucket, Easel()):
        await changes.until(job_id)
    names = set()
    for index in range(2):
        for size, (data, mime_type) in (await sizes_of(bucket, await image_of(job_id, index))).items():
            found = examiner(told).read(data, mime_type)
            assert found.standing is Standing.TRUSTED, size
            assert found.generator == "Fresque"
            assert found.source_types == ("trainedAlgorithmicMedia",) == (found.declared,)
            assert found.facts["model"] == "quick"
            names.add(found.facts["picture"])
            with Image.open(io.BytesIO(data)) as picture:
                assert picture.size == (64, 64)
            # What only the author may tell, later: the words, the seed, who asked.
            for secret in (b"secret wish", b"seed", node_id.encode("user", ANN).encode()):
                assert secret not in data.replace(TITLE.encode(), b"")
            assert str(ANN) not in map(str, found.facts.values())  # in the bytes three digits come by chance
    assert len(names) == 2
    assert all(len(name) == 32 for name in names)


async def test_an_edit_names_the_pictures_that_went_in(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    bench = Bench()
    await announce(EASEL, [asdict(model) for model in bench.models], True)
    first, other = await asked(ANN, "a square"), await asked(ANN, "another square")
    async with at_work(told, wire, bucket, bench):
        await changes.until(first)
        await changes.until(other)
        wish = Wish(
            "bluer", kind=JobKind.EDIT, image=await image_of(first), references=(await image_of(other),), seed="9"
        )
        async with transaction():
            edit = await ask(ANN, wish)
        row = await changes.until(edit)
        async with transaction():
            remix = await ask(ANN, wish)
            sql = "UPDATE generation_jobs SET remix_image_id = $2 WHERE id = $1"
            await fetch(sql, remix, await image_of(other))
        await changes.until(remix)
    assert row["state"] == "SUCCEEDED", row["failure_message"]
    sizes = await sizes_of(bucket, await image_of(edit))
    found: dict[str, Found] = {size: examiner(told).read(*picture) for size, picture in sizes.items()}
    assert {one.standing for one in found.values()} == {Standing.TRUSTED}
    assert {one.source_types for one in found.values()} == {("compositeWithTrainedAlgorithmicMedia",)}
    # Which picture it was to learn from is for the author to tell, later.
    assert found["original"].ancestors == found["large"].ancestors == ("source",)
    assert found["small"].ancestors == found["medium"].ancestors == ()
    credited = (await sizes_of(bucket, await image_of(remix)))["original"]
    assert examiner(told).read(*credited).ancestors == ("source", "reference"), (
        "what was remixed is everybody's to know"
    )
    # What the engine was given is what is kept, signature and all.
    request = next(request for request in bench.asked if request.kind == "EDIT")
    assert request.image == (await sizes_of(bucket, await image_of(first)))["original"][0]


async def test_a_line_of_remixes_is_in_the_file_and_does_not_grow_for_ever(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    bench = Bench()
    await announce(EASEL, [asdict(model) for model in bench.models], True)
    job_id = await asked(ANN, "a square")
    lines, lengths = [], []
    async with at_work(told, wire, bucket, bench):
        await changes.until(job_id)
        for turn in range(12):
            # As each is the next one's, whoever they are: what is signed are files, not people.
            async with transaction():
                job_id = await ask(ANN, Wish("bluer", kind=JobKind.EDIT, image=await image_of(job_id), seed=str(turn)))
            await changes.until(job_id)
            data, mime_type = (await sizes_of(bucket, await image_of(job_id)))["original"]
            found = examiner(told).read(data, mime_type)
            assert found.standing is Standing.TRUSTED, turn
            lines.append(len(found.ancestors))
            lengths.append(len(data))
    assert lines == [*range(1, 11), 1, 2], "five hands deep it names five; after ten it begins anew"
    assert lengths[10] < lengths[1] < lengths[9] < 200_000


async def test_the_signature_of_an_engine_is_kept(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes, tmp_path: Path
) -> None:
    theirs = Sealer(made_here(tmp_path))
    job_id = await asked(ANN)
    async with at_work(told, wire, bucket, Bench(theirs)):
        await changes.until(job_id)
    data, mime_type = (await sizes_of(bucket, await image_of(job_id)))["original"]
    found = examiner(told).read(data, mime_type)
    assert found.standing is Standing.TRUSTED
    assert found.ancestors == ("as the engine made it",)


async def test_where_nothing_is_named_nothing_is_signed(
    told: Settings, wire: Wire, bucket: Bucket, changes: Changes
) -> None:
    job_id = await asked(ANN)
    async with at_work(replace(told, signing_folder=""), wire, bucket, Easel()):
        await changes.until(job_id)
    for data, mime_type in (await sizes_of(bucket, await image_of(job_id))).values():
        assert examiner(told).read(data, mime_type).standing is Standing.ABSENT


def test_a_credential_that_cannot_be_used_stops_the_worker(tmp_path: Path) -> None:
    made_here(tmp_path / "a")
    made_here(tmp_path / "b")
    mixed = Settings(
        signing_key_file=str(tmp_path / "a" / KEY_FILE), signing_chain_file=str(tmp_path / "b" / CHAIN_FILE)
    )
    with pytest.raises(SystemExit, match="cannot be signed"):
        Proof.of(mixed)
