"""The whole of issue 7 in one walk: five people remix in a line, the last picture is downloaded from the page, and proves itself."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any

from c2pa import Context, Reader
from PIL import Image
from playwright.async_api import Browser, expect

from dev.node import install, node
from provenance.seal import settings_for
from tests.browser.site import Site
from tests.browser.test_remix import made, remixed
from tests.browser.visitor import visiting
from tests.test_lineage import tree
from tests.test_watermark import as_jpeg, cropped, png

READER = Path(__file__).parent / "reader"
SIDE_PIXELS = 640
ASK = """query($ticket: String!) { verifyImage(ticket: $ticket) { verdict proofs { kind } credentials { ancestorCount }
    known { image { id } source { id } } } }"""


async def read(file: Path) -> dict[str, Any]:
    """What a reader says that shares no code with the one that signs: c2pa-ts, in TypeScript; ours stands on c2pa-rs."""
    child = await asyncio.create_subprocess_exec(
        node(), "read.mjs", str(file), cwd=READER, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await child.communicate()
    found: dict[str, Any] = json.loads(out)
    return found


async def verified(site: Site, data: bytes) -> dict[str, Any]:
    answer = await site.town.http.post(f"{site.url}/verify", content=data)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = (await site.town.ask(ASK, ticket=answer.json()["ticket"]))["verifyImage"]
    return found


async def test_five_remixes_prove_themselves_outside(site: Site, browser: Browser, tmp_path: Path) -> None:
    await asyncio.to_thread(install, READER)
    people = [await site.town.person(name) for name in ("ada", "ben", "cai", "dot", "eve", "fay")]
    image = await made(
        people[0], "generateImages", prompt="a red fox in the forest", width=SIDE_PIXELS, height=SIDE_PIXELS, seed="7"
    )
    posts = [(await people[0].write("A fox", images=[{"imageId": image}], promptVisibility="EVERYONE"), image)]
    for person, words in zip(people[1:], ("at night", "in snow", "with an owl", "with stars", "at dawn"), strict=True):
        posts.append(await remixed(person, posts[-1], f"a red fox in the forest {words}"))

    line = await tree(people[0], posts[-1][1])
    assert [step["post"]["author"]["handle"] for step in line["ancestors"]] == [one.handle for one in people[:-1]]

    async with visiting(browser, site.url) as visitor:
        page = visitor.page
        await visitor.be(people[-1])
        await visitor.go(f"/lineage/{posts[-1][1]}")
        steps = page.locator("article[data-step]")
        await expect(steps).to_have_count(6)
        for step, person in zip(await steps.all(), people, strict=True):
            await expect(step).to_contain_text(person.handle)
        await visitor.go("/studio")
        async with page.expect_download() as coming:
            await visitor.named("button", "Download").first.click()
        file = tmp_path / "downloaded.png"
        await (await coming.value).save_as(file)

    found = await read(file)
    assert (found["valid"], found["failures"]) == (True, [])
    assert found["generators"] == ["Fresque"] * 6, "five parents, each with its own manifest"
    data = file.read_bytes()
    anchors = (site.house.stack.home / "signing" / "signing-root.pem").read_text()
    with Reader("image/png", io.BytesIO(data), context=Context(settings_for(anchors))) as reader:
        assert reader.get_validation_state() == "Trusted", "c2pa-rs, told nothing but our root"
    at = data.rindex(b"IDAT") + 4  # the first byte of the last piece of the picture, which may be a short one
    broken = tmp_path / "broken.png"
    broken.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert (await read(broken))["failures"] == ["assertion.dataHash.mismatch"]

    whole = await verified(site, data)
    assert [proof["kind"] for proof in whole["proofs"]] == ["SIGNATURE", "MARK", "LIKENESS"]
    assert whole["credentials"]["ancestorCount"] == 5
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    half = picture.resize((SIDE_PIXELS // 2, SIDE_PIXELS // 2), Image.Resampling.LANCZOS)
    for name, copy, proofs in (
        ("JPEG 75", as_jpeg(picture, 75), ["MARK", "LIKENESS"]),
        ("half", half, ["MARK", "LIKENESS"]),
        ("10 % crop", cropped(picture), ["MARK"]),
    ):
        seen = await verified(site, png(copy))
        assert [proof["kind"] for proof in seen["proofs"]] == proofs, name
        assert (seen["known"]["source"]["id"], seen["known"]["image"]["id"]) == posts[-1], name
