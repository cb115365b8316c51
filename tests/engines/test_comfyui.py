"""ComfyUI: workflows filled and handed in under our names, listened to, found again, taken back; new and old versions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from generation.engine import Failed, Partial, Picture, Progress, Request, Started
from generation.engines.comfyui.engine import ComfyUI, engine
from generation.engines.comfyui.progress import NodeProgress
from generation.engines.seed import seed_of
from generation.engines.told import BadEngines, Told
from tests.engines.comfy_server import GRAPH, NEW, OLD, ComfyServer
from tests.engines.loopback import nobody_listens, png, see_through, served
from tests.engines.steps import fault_of, last_note, picture_of, steps_of
from tests.people import PATIENCE_SECONDS

JOB = "0b0e7f5c-4d0e-4a2e-9d1e-6c1d1e1f2a3b"
QUICK = Request("a fox", "tiny", 512, 512, 1, 5, job=JOB)
PLACES = {
    "prompt": "6.text",
    "negative_prompt": "7.text",
    "seed": ["3.seed"],
    "width": "5.width",
    "height": "5.height",
    "steps": "3.steps",
}
EDIT_PLACES = {"prompt": "6.text", "seed": "3.seed", "strength": "3.denoise", "image": "10.image", "mask": "11.image"}


def made(address: str, folder: Path) -> ComfyUI:
    """An engine with one model, out of a file as an operator writes it."""
    (folder / "tiny.json").write_text(json.dumps(GRAPH))
    model = {
        "name": "tiny",
        "qualities": {"low": 8, "high": 40},
        "generate": {"workflow": "tiny.json", "inputs": PLACES, "output": "9"},
        "edit": {"workflow": "tiny.json", "inputs": EDIT_PLACES},
    }
    return engine(Told({"base_url": address, "model": [model]}, "test", folder))


@pytest.fixture(params=[NEW, OLD])
def server(request: pytest.FixtureRequest) -> ComfyServer:
    return ComfyServer(request.param)


@pytest_asyncio.fixture
async def comfy(server: ComfyServer, tmp_path: Path) -> AsyncIterator[ComfyUI]:
    async with served(server.application()) as address:
        found = made(address, tmp_path)
        await found.start()
        yield found
        await found.close()


async def test_a_picture_comes_with_previews_and_progress(server: ComfyServer, comfy: ComfyUI) -> None:
    assert await comfy.available()
    steps = await steps_of(comfy, replace(QUICK, quality="low", negative_prompt="blur", width=768, height=640))
    picture = steps[-1]
    assert isinstance(picture, Picture)
    assert picture.data == server.picture
    assert [type(step) for step in steps if isinstance(step, Partial)] == [Partial]  # two in a moment are one too many
    assert any(isinstance(step, Progress) and 0 < step.fraction < 1 and step.phase == "painting" for step in steps)
    (handed_in,) = server.handed_in
    graph = handed_in["prompt"]
    assert graph["6"]["inputs"]["text"] == "a fox"
    assert graph["7"]["inputs"]["text"] == "blur"
    assert (graph["5"]["inputs"]["width"], graph["5"]["inputs"]["height"]) == (768, 640)
    assert (graph["3"]["inputs"]["seed"], graph["3"]["inputs"]["steps"], graph["3"]["inputs"]["denoise"]) == (5, 8, 1.0)
    assert graph["3"]["inputs"]["model"] == ["4", 0]
    assert server.hellos == 1
    assert ("job" in server.calls) == server.new
    assert picture.facts["prompt_id"] == last_note(steps).partition("=")[2]
    if server.new:
        assert str(UUID(handed_in["prompt_id"])) == picture.facts["prompt_id"]


async def test_each_output_has_its_seed_and_its_name(server: ComfyServer, comfy: ComfyUI) -> None:
    steps = await steps_of(comfy, replace(QUICK, count=3, only=(0, 2)))
    assert [work["prompt"]["3"]["inputs"]["seed"] for work in server.handed_in] == [5, seed_of(5, 2)]
    assert [word.partition("=")[0] for word in last_note(steps).split()] == ["0", "2"]
    assert len({work["prompt_id"] for work in server.handed_in}) == 2
    assert steps[0] == Started(f"0={server.handed_in[0]['prompt_id']}")


async def test_an_edit_uploads_picture_and_mask(server: ComfyServer, comfy: ComfyUI) -> None:
    picture, mask = png(500, 400), see_through(500, 400)
    await steps_of(comfy, replace(QUICK, kind="EDIT", image=picture, mask=mask, strength=0.6))
    graph = server.handed_in[0]["prompt"]
    assert server.uploads[graph["10"]["inputs"]["image"]] == picture
    assert server.uploads[graph["11"]["inputs"]["image"]] == mask
    assert graph["10"]["inputs"]["image"].startswith("fresque/")
    assert graph["3"]["inputs"]["denoise"] == 0.6
    assert graph["3"]["inputs"]["steps"] == 20  # no quality was said: as the file has it


@pytest.mark.parametrize(
    ("word", "code", "retryable", "words"),
    [
        ("fail", "engine_failed", False, "KSampler: CUDA out of memory."),
        ("stop", "engine_interrupted", True, ""),
        ("missing", "bad_workflow", False, "Node 'Fancy' not found"),
        ("nothing", "bad_answer", False, "without a picture"),
        ("restart", "engine_forgot", True, ""),
    ],
)
async def test_an_end_of_any_kind_ends_the_wait(
    server: ComfyServer,
    comfy: ComfyUI,
    monkeypatch: pytest.MonkeyPatch,
    word: str,
    code: str,
    retryable: bool,
    words: str,
) -> None:
    monkeypatch.setattr("generation.engines.comfyui.engine.LOOK_SECONDS", 0.1)
    async with asyncio.timeout(PATIENCE_SECONDS):
        fault, _ = await fault_of(comfy, replace(QUICK, prompt=f"a fox {word}"))
    assert (fault.code, fault.retryable) == (code, retryable)
    assert words in fault.message
    assert "cancel" not in server.calls


async def test_one_that_fails_takes_no_other_with_it(
    server: ComfyServer, comfy: ComfyUI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.engines.comfyui.engine.LOOK_SECONDS", 0.1)
    async with asyncio.timeout(PATIENCE_SECONDS):
        steps = [step async for step in comfy.generate(replace(QUICK, prompt="a fox fail-first", count=3))]
    assert [step.index for step in steps if isinstance(step, Picture)] == [1, 2]
    assert [(step.index, step.code) for step in steps if isinstance(step, Failed)] == [(0, "engine_failed")]
    async with asyncio.timeout(PATIENCE_SECONDS):
        fault, steps = await fault_of(comfy, replace(QUICK, prompt="a fox fail", count=2))
    assert (fault.code, [step for step in steps if isinstance(step, Failed)]) == ("engine_failed", [])


async def test_another_attempt_finds_what_is_under_way(server: ComfyServer, comfy: ComfyUI) -> None:
    """The first worker is lost, with all it had; the second asks for the same work and hands nothing in."""
    first = comfy.generate(replace(QUICK, prompt="a fox hold"))
    note, heard = "", asyncio.Event()

    async def read() -> None:
        nonlocal note
        async for step in first:
            if isinstance(step, Started):
                note = step.upstream_id
            if isinstance(step, Partial):
                heard.set()

    lost = asyncio.create_task(read())
    async with asyncio.timeout(PATIENCE_SECONDS):
        await heard.wait()
    asking = asyncio.create_task(picture_of(comfy, replace(QUICK, prompt="a fox hold", upstream_id=note)))
    await asyncio.sleep(0)
    server.go_on.set()
    picture = await asking
    await lost
    assert (picture.data, len(server.handed_in)) == (server.picture, 1)
    again = await picture_of(comfy, replace(QUICK, prompt="a fox", upstream_id=note))  # done long ago
    assert (again.data, len(server.handed_in)) == (server.picture, 1)


async def test_another_attempt_after_a_failure_takes_another_name(server: ComfyServer, comfy: ComfyUI) -> None:
    _, steps = await fault_of(comfy, replace(QUICK, prompt="a fox stop"))
    picture = await picture_of(comfy, replace(QUICK, upstream_id=last_note(steps)))
    assert picture.data == server.picture
    assert len(server.handed_in) == 2
    if server.new:
        assert server.handed_in[0]["prompt_id"] != server.handed_in[1]["prompt_id"]


@pytest.mark.parametrize("word", ["hold", "wait"])
async def test_stopping_takes_the_work_back(server: ComfyServer, comfy: ComfyUI, word: str) -> None:
    task = asyncio.create_task(steps_of(comfy, replace(QUICK, prompt=f"a fox {word}")))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await server.at_work.wait()
        task.cancel()
        await asyncio.wait((task,))
        await server.cancelled.wait()
    assert task.cancelled()
    assert server.work == {}
    assert [call for call in server.calls if call in ("cancel", "delete", "interrupt")] == (
        ["cancel"] if server.new else ["interrupt" if word == "hold" else "delete"]
    )


async def test_a_socket_that_drops_is_opened_again(server: ComfyServer, comfy: ComfyUI) -> None:
    asking = asyncio.create_task(picture_of(comfy, replace(QUICK, prompt="a fox drop")))
    async with asyncio.timeout(PATIENCE_SECONDS):
        await server.at_work.wait()
        server.go_on.set()
        assert (await asking).data == server.picture


async def test_without_a_socket_it_is_asked(
    server: ComfyServer, comfy: ComfyUI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.engines.comfyui.engine.POLL_SECONDS", 0.05)
    server.calls.append("no-socket")
    steps = await steps_of(comfy, QUICK)
    assert isinstance(steps[-1], Picture)


async def test_a_server_that_is_away_takes_no_jobs(tmp_path: Path) -> None:
    comfy = made(await nobody_listens(), tmp_path)
    await comfy.start()
    assert not await comfy.available()
    fault, _ = await fault_of(comfy, QUICK)
    assert (fault.code, fault.retryable) == ("engine_unreachable", True)
    await comfy.close()


def test_what_it_can_do_follows_from_its_workflows(tmp_path: Path) -> None:
    can = made("http://127.0.0.1:1", tmp_path).models[0].capabilities
    assert (can.supports_edits, can.supports_masks, can.supports_variations, can.supports_seeds) == (
        True,
        True,
        False,
        True,
    )
    assert (can.supports_negative_prompts, can.qualities, can.upscale_factors) == (True, ("low", "high"), ())


@pytest.mark.parametrize(
    ("inputs", "graph", "why"),
    [
        ({"prompt": "6.words"}, GRAPH, "no node has that input"),
        ({"prompt": "66.text"}, GRAPH, "no node has that input"),
        ({"prompt": "9.images"}, GRAPH, "is a link"),
        ({"colour": "6.text"}, GRAPH, "knows no colour"),
        (PLACES, {"nodes": [], "links": []}, "API format"),
        (PLACES, [], "API format"),
    ],
)
def test_a_workflow_that_does_not_fit_is_refused(
    tmp_path: Path, inputs: dict[str, object], graph: object, why: str
) -> None:
    (tmp_path / "w.json").write_text(json.dumps(graph))
    model = {"name": "tiny", "generate": {"workflow": "w.json", "inputs": inputs}}
    with pytest.raises(BadEngines, match=why):
        engine(Told({"base_url": "http://127.0.0.1:1", "model": [model]}, "test", tmp_path))


def test_progress_counts_nodes_and_never_falls() -> None:
    nodes = NodeProgress(("1", "2", "3", "4"))
    seen = [0.0]
    for kind, told in (
        ("execution_cached", {"nodes": ["1", "99"]}),
        ("executing", {"node": "2"}),
        ("progress", {"node": "2", "value": 1, "max": 2}),
        ("progress", {"node": "2", "value": 0, "max": 0}),
        ("executing", {"node": "3"}),
        ("progress_state", {"nodes": {"3": {"state": "running", "value": 1, "max": 4}, "2": {"state": "finished"}}}),
        ("executed", {"node": "3"}),
        ("executed", {"node": "4"}),
        ("executing", {"node": None}),
    ):
        assert nodes.hear(kind, told)
        seen.append(nodes.fraction)
    assert seen == sorted(seen)
    assert seen[1:4] == [0.25, 0.25, 0.375]
    assert seen[-1] == 1.0
    assert not nodes.hear("status", {})
