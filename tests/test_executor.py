"""What runs once a document has passed: results, masking, subscriptions that keep nothing, mutations that end."""

from __future__ import annotations

import asyncio
import gc
import logging
import time
from typing import Any

import pytest

from execution.cost import Limits
from execution.documents import Documents
from execution.executor import Execution, Runner
from execution.rejection import Rejection
from execution.request import Request
from tests.test_documents import MAX_BOMB_SECONDS, chain
from tests.toy import Caller, Context, World, runner, schema


def context(world: World | None = None) -> Context:
    return Context(world or World(), Caller("ann"), 0)


async def result_of(query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
    run = runner()
    return await run.run(run.prepare(Request(query, None, variables or {}), True), context(), "r1")


async def test_info_works_and_cost_is_told() -> None:
    assert await result_of("{ whoami user { name } }") == {
        "data": {"whoami": "ann", "user": {"name": "Ann"}},
        "extensions": {"cost": {"requested": 1, "maximum": 20_000, "points": 1}},
    }


def nested(depth: int) -> dict[str, Any]:
    tree: dict[str, Any] = {"name": "leaf"}
    for _ in range(depth):
        tree = {"name": "twig", "branch": tree}
    return tree


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($n: Int!) { needs(number: $n) }", {"n": "x"}),
        ("query($n: Int!) { needs(number: $n) }", {}),
        ("query($n: Int!) { needs(number: $n) }", {"n": None}),
        ("query($t: Tree!) { plant(tree: $t) }", {"t": {"name": "a", "wing": 1}}),
        ("query($t: Tree!) { plant(tree: $t) }", {"t": {"name": 1}}),
        ("query($t: Tree!) { plant(tree: $t) }", {"t": nested(1_000)}),
    ],
)
async def test_variables_that_do_not_fit_are_bad_input(query: str, variables: dict[str, Any]) -> None:
    with pytest.raises(Rejection) as caught:
        await result_of(query, variables)
    assert {error["extensions"]["code"] for error in caught.value.errors} == {"BAD_USER_INPUT"}


async def test_null_for_an_argument_with_a_default_is_bad_input() -> None:
    result = await result_of('query($n: String = "me") { hello(name: $n) }', {"n": None})
    assert result["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("field", "message", "expected"),
    [
        ("refused", "There is no such thing.", "NOT_FOUND"),
        ("onPurpose", "Said on purpose.", "CONFLICT"),
        ("crashed", "Something went wrong on our side.", "INTERNAL_SERVER_ERROR"),
        ("brokenPromise", "Something went wrong on our side.", "INTERNAL_SERVER_ERROR"),
    ],
)
async def test_errors_are_shown_or_masked(
    field: str, message: str, expected: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "fresque.execution"):
        result = await result_of(f"{{ {field} }}")
    (error,) = result["errors"]
    assert (error["message"], error["extensions"]["code"], error["path"]) == (message, expected, [field])
    ours = expected == "INTERNAL_SERVER_ERROR"
    assert error["extensions"].get("requestId") == ("r1" if ours else None)
    assert len(caplog.records) == (1 if ours else 0)
    if ours:
        assert "request r1 failed" in caplog.records[0].getMessage()
        assert "ann@example.org" not in caplog.text


async def test_a_subscription_keeps_nothing_of_its_events() -> None:
    made: list[Execution] = []

    class Watched(Execution):
        def build_per_event_executor(self, payload: Any) -> Execution:
            made[:] = [self]
            return super().build_per_event_executor(payload)

    world = World()
    run = Runner(schema, runner().documents, Watched)
    operation = run.prepare(Request("subscription { count(to: 5001) { number context } }"), True)
    sizes: list[int] = []
    serials: set[int] = set()
    async for result in run.subscribe(operation, Context(world, Caller(), 0), "r"):
        serials.add(result["data"]["count"]["context"])
        if result["data"]["count"]["number"] in (100, 5_000):
            gc.collect()
            sizes.append(len(gc.get_objects()))
    (executor,) = made
    assert len(executor._relevant_sub_fields) == 0
    assert len(executor._stream_usages) == 0
    assert len(serials) == 5_001  # each event had a context of its own
    assert sizes[1] - sizes[0] < 1_000  # the leak is three entries and more an event
    assert world.sources == 0


async def test_a_stream_closed_early_closes_its_source() -> None:
    world = World()
    run = runner()
    results = run.subscribe(run.prepare(Request("subscription { forever { number } }"), True), context(world), "r")
    assert (await anext(results))["data"] == {"forever": {"number": 0}}
    assert world.sources == 1
    await results.aclose()
    assert world.sources == 0


async def test_a_mutation_outlives_its_caller() -> None:
    world = World()
    run = runner()
    operation = run.prepare(Request('mutation { slowWrite(text: "kept") }'), True)
    task = asyncio.create_task(run.run(operation, context(world), "r"))
    await world.entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    world.gate.set()
    await run.drain()
    assert world.written == ["kept"]
    assert world.cancelled == 0


@pytest.mark.usefixtures("no_garbage")
async def test_a_harmless_chain_of_fragments_runs_at_once() -> None:
    query = "{ ...A0 } " + chain(45, "Query", "NEXT NEXT", "hello")
    began = time.process_time()
    assert (await result_of(query))["data"] == {"hello": "Hello, you."}
    assert time.process_time() - began < MAX_BOMB_SECONDS


@pytest.mark.usefixtures("no_garbage")
@pytest.mark.parametrize("merged", [False, True])
async def test_thousands_of_errors_in_a_long_text_cost_little(merged: bool) -> None:
    names = " ".join(f"a{number}: lost" for number in range(30))
    crowd = f"crowd(size: 100) {{ {names}" + (f" ...F }} }} fragment F on User {{ {names} }}" if merged else " } }")
    run = Runner(schema, Documents(schema._schema, Limits(aliases=10_000)))
    spent: dict[int, list[float]] = {0: [], 4_900: []}
    for lines in [0, 4_900] * 3:  # the quickest counts
        query = "{" + "\n" * lines + crowd
        operation = run.prepare(Request(query), True)
        began = time.process_time()
        result = await run.run(operation, context(), "r1")
        spent[lines].append(time.process_time() - began)
        assert len(result["errors"]) == 101
        place = {"line": lines + 1, "column": query.index("a29: lost") - lines + (lines == 0)}
        assert result["errors"][29]["locations"] == [place]
    assert min(spent[4_900]) < 5 * min(spent[0]), (
        "a place in the text is not looked for from its beginning for each error"
    )
    last = result["errors"][-1]
    assert last == {
        "message": "There are 2900 more errors, which are left out.",
        "extensions": {"code": "QUERY_TOO_COMPLEX"},
    }


async def test_errors_of_variables_stop_soon() -> None:
    with pytest.raises(Rejection) as caught:
        await result_of("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [{}] * 1_000})
    assert len(caught.value.errors) == 21  # the last says that there were more


@pytest.mark.parametrize(("query", "kept"), [("{ slow }", False), ('mutation { slowWrite(text: "a") }', True)])
async def test_queries_have_a_deadline_and_mutations_none(query: str, kept: bool) -> None:
    world = World()
    run = Runner(schema, Documents(schema._schema), query_seconds=0.05)
    task = asyncio.create_task(run.run(run.prepare(Request(query), True), context(world), "r"))
    if not kept:
        with pytest.raises(Rejection, match=r"took more than 0\.05 seconds") as caught:
            await task
        assert caught.value.errors[0]["extensions"]["code"] == "QUERY_TOO_COMPLEX"
        assert world.cancelled == 1
        return
    await asyncio.wait({task}, timeout=0.2)
    assert not task.done()
    world.gate.set()
    assert (await task)["data"] == {"slowWrite": "a"}
