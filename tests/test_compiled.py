"""Compiled operations answer what graphql-core answers, to the letter: data, order of keys, errors, paths, places."""

from __future__ import annotations

import gc
import logging
import os
import random
import weakref
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import (
    ExecutionResult,
    FieldNode,
    GraphQLObjectType,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    parse,
    type_from_ast,
)

from execution.compiled import MAX_COMPILED_FIELDS, MAX_PROGRAMS
from execution.cost import Limits
from execution.documents import Documents, Operation
from execution.executor import Runner
from execution.receipt import Receipt
from execution.rejection import Rejection
from execution.request import Request
from execution.tally import MAX_NAMES, OTHERS, Tally
from schema.build import build
from tests import toy
from tests.asking import Asking, example
from tests.people import OPERATIONS
from tests.pretence import Pretence, resolved
from tests.test_house import tracked

CASES = int(os.environ.get("FRESQUE_DIFFERENTIAL_CASES", "400"))
FIRST_SEED = int(os.environ.get("FRESQUE_DIFFERENTIAL_SEED", "1"))
WIDE = Limits(10**6, 10**6, 100, 100, 10**6, 10**6, 10**6, 10**6, 10**6, 10**9, 10**9)
BUILT = build()
SCHEMA = BUILT._schema


@pytest.fixture
def pretending() -> Iterator[list[Pretence]]:
    """Every resolver of the schema asks the pretence that stands in this list."""
    worlds: list[Pretence] = []
    kept = [(resolver, resolver.wrapped_func) for _, _, resolver in resolved(SCHEMA)]

    def stand_in(kind: Any, name: str) -> Any:
        return lambda *rows, **given: worlds[0].resolver(kind, name)(*rows, **given)

    for kind, name, resolver in resolved(SCHEMA):
        resolver.wrapped_func = stand_in(kind, name)
    try:
        yield worlds
    finally:
        for resolver, function in kept:
            resolver.wrapped_func = function


def runners() -> tuple[Runner, Runner]:
    """One that lets graphql-core run everything and one that compiles, with the same documents."""
    documents = Documents(SCHEMA, WIDE)
    return Runner(BUILT, documents, compiling=False), Runner(BUILT, documents)


class Context:
    """Nothing that a pretended resolver would read."""

    receipt: Receipt | None = None
    response_headers: list[tuple[str, str]] = []
    stranger: str | None = None

    def for_event(self) -> Context:
        return self

    for_group = for_event


async def result(run: Runner, operation: Operation, world: Pretence) -> ExecutionResult:
    """The result with its errors as graphql-core has them, before any is masked."""
    if operation.kind is OperationType.SUBSCRIPTION:
        root = run.schema._schema.subscription_type
        first = operation.node.selection_set.selections[0]
        assert root is not None
        assert isinstance(first, FieldNode)
        payload = world.value(root.fields[first.name.value].type, f"{world.seed}.event")
        return await run.answer_event(operation, payload, Context())
    return await run.answer(operation, Context())


def shown(found: ExecutionResult) -> tuple[bytes, list[tuple[Any, ...]]]:
    errors = [
        (error.message, error.path, error.locations, type(error.original_error).__name__)
        for error in found.errors or ()
    ]
    return orjson.dumps(found.data), errors


async def compare(
    worlds: list[Pretence], pair: tuple[Runner, Runner], request: Request, seed: int, breaking: float, waiting: float
) -> int:
    """Run a request in both ways in the same world; how many errors there were."""
    found = []
    for run in pair:
        operation = run.prepare(request, True)
        worlds[:] = [Pretence(SCHEMA, seed, breaking, waiting)]
        answered = shown(await result(run, operation, worlds[0]))
        roots = [call for call in worlds[0].calls if call.startswith("Mutation.")]
        found.append((answered, roots))
    ((plain_data, plain_errors), plain_roots), ((data, errors), roots) = found
    told = f"seed {seed}, breaking {breaking}, waiting {waiting}: {request.query} {request.variables}"
    assert data == plain_data, told
    if waiting:  # what is waited for together may fail in any order
        assert sorted(errors, key=repr) == sorted(plain_errors, key=repr), told
    else:
        assert errors == plain_errors, told
    assert roots == plain_roots, told  # each mutation was done once
    return len(errors)


# graphql-core itself, alone too, leaves what others of an object or list would wait for when one of them fails at once.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_random_documents_are_answered_as_by_graphql_core(
    pretending: list[Pretence], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    pair = runners()
    tally: Counter[str] = Counter()
    for seed in range(FIRST_SEED, FIRST_SEED + CASES):
        chance = random.Random(seed)
        asked = Asking(SCHEMA, seed, chance.choice(["query", "query", "query", "mutation", "subscription"]))
        breaking, waiting = chance.choice([0.0, 0.01, 0.05, 0.2]), chance.choice([0.0, 0.0, 0.3, 1.0])
        try:
            request = Request(asked.text, None, asked.variables)
            tally["with errors"] += await compare(pretending, pair, request, seed, breaking, waiting) > 0
            tally["run"] += 1
        except Rejection:  # fields that cannot be merged, mostly
            tally["refused"] += 1
    gc.collect()  # here, where such coroutines are no fault
    counted = pair[1].tally
    kinds = {name: getattr(counted, name).total() for name in ("compiled", "surprised", "handed_over", "uncompiled")}
    print(dict(tally), kinds)
    assert tally["run"] > 0.9 * CASES
    assert CASES < 100 or tally["with errors"] > CASES / 10
    assert kinds["uncompiled"] == 0
    assert CASES < 100 or min(kinds["compiled"], kinds["surprised"], kinds["handed_over"]) > CASES / 50


def documents() -> list[Path]:
    """Every GraphQL document of ours; the schema is none."""
    found = [path for path in tracked() if path.suffix == ".graphql" and path.parent.name != "schema"]
    assert len(found) >= 2
    return found


def operations() -> list[tuple[str, str]]:
    """Text and operation name of everything that the repository asks."""
    found = []
    for path in documents():
        text = path.read_text()
        for node in parse(text).definitions:
            if isinstance(node, OperationDefinitionNode) and node.name is not None:
                found.append((text, node.name.value))
    return found


def variables(text: str, name: str, seed: int) -> dict[str, Any]:
    """Variables that fit an operation."""
    chance = random.Random(seed)
    (node,) = [
        one
        for one in parse(text).definitions
        if isinstance(one, OperationDefinitionNode) and one.name is not None and one.name.value == name
    ]
    return {
        definition.variable.name.value: example(type_from_ast(SCHEMA, definition.type), chance)
        for definition in node.variable_definitions or ()
        if isinstance(definition.type, NonNullTypeNode) or chance.random() < 0.5
    }


@pytest.mark.parametrize(("text", "name"), [pytest.param(*one, id=one[1]) for one in operations()])
async def test_our_own_operations_are_answered_as_by_graphql_core(
    pretending: list[Pretence], text: str, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    pair = runners()
    for seed in range(6):
        request = Request(text, name, variables(text, name, seed))
        await compare(pretending, pair, request, seed, 0.0, 0.5 * (seed % 3))
    assert pair[1].tally == Tally(compiled=Counter({name: 6}))
    for seed in range(12):
        request = Request(text, name, variables(text, name, seed))
        await compare(pretending, pair, request, seed, [0.005, 0.02, 0.1][seed % 3], 0.5 * (seed % 2))
    assert pair[1].tally.uncompiled == {}


def test_every_core_operation_is_among_them() -> None:
    asked = {name for text, name in operations() if text == OPERATIONS}
    assert {"Home", "HomeLive", "ExploreLive", "CreatePost", "Conversation"} <= asked


@pytest.mark.parametrize(
    "query", ["{ __schema { queryType { name } } engines { name } }", '{ __type(name: "Post") { name } }']
)
async def test_what_is_not_understood_is_left_to_graphql_core(pretending: list[Pretence], query: str) -> None:
    pair = runners()
    await compare(pretending, pair, Request(query), 1, 0.0, 0.0)
    assert pair[1].tally == Tally(uncompiled=Counter({"(nameless)": 1}))


async def test_each_way_its_conditions_stand_has_a_program_and_there_is_a_bound(pretending: list[Pretence]) -> None:
    names = [f"c{number}" for number in range(6)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"a{name}: name @include(if: ${name})" for name in names)
    query = f"query Many({declared}) {{ engines {{ name {fields} }} }}"
    pair = runners()
    for number in range(2**6):
        given = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        await compare(pretending, pair, Request(query, None, given), number, 0.0, 0.0)
    programs = pair[1].prepare(Request(query, None, dict.fromkeys(names, True)), True).programs
    assert len(programs.kept) == MAX_PROGRAMS
    assert pair[1].tally.compiled["Many"] == MAX_PROGRAMS
    assert pair[1].tally.uncompiled["Many"] == 2**6 - MAX_PROGRAMS


async def test_programs_go_with_their_document(pretending: list[Pretence]) -> None:
    run = Runner(BUILT, Documents(SCHEMA, WIDE, max_documents=1))
    pretending[:] = [Pretence(SCHEMA, 1, 0.0, 0.0)]
    operation = run.prepare(Request("{ engines { name } }"), True)
    await run.answer(operation, Context())
    (program,) = operation.programs.kept.values()
    assert program is not None
    left, whole = weakref.ref(program), run.documents.people.budget.fields
    assert whole == MAX_COMPILED_FIELDS - program.fields
    del operation, program
    run.prepare(Request("{ engines { available } }"), True)
    gc.collect()
    assert left() is None
    assert run.documents.people.budget.fields == MAX_COMPILED_FIELDS


async def test_there_is_room_for_so_many_fields_and_no_more(pretending: list[Pretence]) -> None:
    pair = runners()
    budget = pair[1].documents.people.budget
    budget.whole = budget.fields = 3
    for number, query in enumerate(["{ engines { name } }", "{ engines { available models { name } } }"]):
        await compare(pretending, pair, Request(query), number, 0.0, 0.0)
    assert pair[1].tally == Tally(compiled=Counter({"(nameless)": 1}), uncompiled=Counter({"(nameless)": 1}))


async def test_an_event_is_rendered_as_it_is_delivered(pretending: list[Pretence]) -> None:
    rendered = []
    for run in runners():
        pretending[:] = [Pretence(SCHEMA, 7, 0.0, 0.0)]
        operation = run.prepare(Request(OPERATIONS, "HomeLive"), False)
        kind = SCHEMA.type_map["PostPublished"]
        assert isinstance(kind, GraphQLObjectType)
        rendered.append(await run.render(operation, pretending[0].row(kind, "7.event"), Context(), "r"))
    assert rendered[0] == rendered[1]
    assert rendered[0]["data"]["homeTimeline"]["__typename"] == "PostPublished"
    assert "errors" not in rendered[0]


async def test_compiled_events_leave_nothing_behind() -> None:
    run = toy.runner()
    operation = run.prepare(Request("subscription { count(to: 5001) { number context } }"), True)
    sizes = []
    async for found in run.subscribe(operation, toy.Context(toy.World(), toy.Caller(), 0), "r"):
        if found["data"]["count"]["number"] in (100, 5_000):
            gc.collect()
            sizes.append(len(gc.get_objects()))
    assert run.tally.compiled == {"(nameless)": 5_001}
    assert sizes[1] - sizes[0] < 1_000


async def test_names_beyond_the_bound_are_counted_together() -> None:
    tally = Tally()
    for number in range(MAX_NAMES + 3):
        tally.count(tally.compiled, f"Op{number}")
    assert len(tally.compiled) == MAX_NAMES + 1
    assert tally.compiled[OTHERS] == 3
