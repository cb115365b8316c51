"""What strangers write takes nothing from others: neither room for documents and programs, nor executions without end."""

from __future__ import annotations

from contextlib import AsyncExitStack

import orjson
import pytest

from execution.documents import Documents, Operation
from execution.executor import Runner
from execution.rejection import Rejection
from execution.request import Request
from execution.strangers import MOST_DIFFERENT, Strangers
from execution.trusted import Trusted
from tests.conftest import Serving
from tests.people import Person, Town
from tests.test_compiled import BUILT, SCHEMA, Context
from tests.toy import schema as toy_schema

FIELDS = 40
OURS = "query Ours { engines { name available } }"
THEIRS = "query Theirs { engines { name models { name } } }"


def written(number: int) -> str:
    """A document as strangers write them, different each time."""
    return f"query S{number} {{ engines {{ a{number}: name b{number}: available }} }}"


def compiled(run: Runner, operation: Operation) -> bool:
    """Whether it has a program now, or gets one."""
    return operation.programs.find({}, lambda: run._build(operation, Context())) is not None


def kept(operation: Operation) -> bool:
    """Whether its program is still there."""
    return any(program is not None for program in operation.programs.kept.values())


def test_strangers_documents_use_up_no_room_but_their_own() -> None:
    documents = Documents(SCHEMA, trusted=Trusted({"ours": OURS}), max_fields=FIELDS)
    run = Runner(BUILT, documents)
    ours = run.prepare(Request("", document_id="ours"), False)
    theirs = run.prepare(Request(THEIRS), True)
    assert compiled(run, ours)
    assert compiled(run, theirs)
    strange = [run.prepare(Request(written(number)), False) for number in range(3 * FIELDS)]
    for operation in strange:
        assert compiled(run, operation), "there is always room for the latest"
    assert kept(ours)
    assert kept(theirs)
    shelf = documents.strangers
    assert 0 <= shelf.budget.fields < shelf.budget.whole == FIELDS // 4
    assert [kept(operation) for operation in strange][-1] is True
    assert sum(map(kept, strange)) < 6
    late = run.prepare(Request("query Late { engines { name } }"), True)
    assert compiled(run, late), "and for a signed-in person's next operation"


def test_the_least_recently_used_programs_make_room() -> None:
    measured = Runner(BUILT, Documents(SCHEMA))
    assert compiled(measured, measured.prepare(Request(written(0)), True))
    size = measured.documents.people.budget.whole - measured.documents.people.budget.fields
    run = Runner(BUILT, Documents(SCHEMA, max_fields=2 * size))
    first, second, third = (run.prepare(Request(written(number)), True) for number in range(3))
    assert compiled(run, first)
    assert compiled(run, second)
    assert compiled(run, first), "used again"
    assert compiled(run, third)
    assert [kept(one) for one in (first, second, third)] == [True, False, True]
    budget = run.documents.people.budget
    assert budget.fields == budget.whole - sum(
        program.fields for one in (first, third) for program in one.programs.kept.values() if program is not None
    )


def test_strangers_documents_push_out_each_other_s_alone() -> None:
    store = Documents(toy_schema._schema, max_documents=8)
    mine = store.operation(Request("query Mine { hello }"), True).document
    shared = "query Shared { hello whoami }"
    before = store.operation(Request(shared), False).document
    taken_over = store.operation(Request(shared), True).document
    assert taken_over is not before, "it was read anew into the room of people"
    for number in range(50):
        store.operation(Request(f"query S{number} {{ hello }}"), False)
    assert len(store.strangers) == 2
    assert store.operation(Request("query Mine { hello }"), True).document is mine
    assert store.operation(Request(shared), False).document is taken_over, "strangers may use what people brought"


def test_so_many_different_ones_of_a_network_and_no_more() -> None:
    strangers = Strangers(2)
    for key in ("a", "b", "a"):
        strangers.enter("192.0.2.1", key)
    with pytest.raises(Rejection, match="2 different"):
        strangers.enter("192.0.2.1", "c")
    strangers.enter("192.0.2.2", "c")
    strangers.leave("192.0.2.1", "a")
    with pytest.raises(Rejection):
        strangers.enter("192.0.2.1", "c")
    strangers.leave("192.0.2.1", "a")
    strangers.enter("192.0.2.1", "c")
    for network, key in (("192.0.2.1", "b"), ("192.0.2.1", "c"), ("192.0.2.2", "c")):
        strangers.leave(network, key)
    assert len(strangers) == 0


async def test_the_signed_out_of_an_address_run_so_many_different_subscriptions(town: Town, running: Serving) -> None:
    text = "subscription { exploreTimeline { __typename cursor c%s: cursor } }"
    reader = await town.person("ada")

    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(Person(town, "", "", None).socket()) for _ in range(4)]

        async def answered(place: int, number: int) -> str:
            """What comes first of the subscription with this number."""
            asked = {"id": str(number), "type": "subscribe", "payload": {"query": text % str(number)}}
            await sockets[place].send(orjson.dumps(asked).decode())
            while True:
                message = orjson.loads(await sockets[place].recv())
                if message["id"] == str(number):
                    kind: str = message["type"]
                    assert kind != "error" or message["payload"][0]["extensions"]["code"] == "QUOTA_EXCEEDED"
                    return kind

        assert [await answered(number // 20, number) for number in range(MOST_DIFFERENT)] == ["next"] * MOST_DIFFERENT
        assert await answered(2, MOST_DIFFERENT) == "error"
        assert await answered(2, 0) == "next", "what runs already is told to one more"
        async with reader.live(text % "theirs"):
            pass  # who is signed in has bounds of their own
        await sockets[0].send(orjson.dumps({"id": "1", "type": "complete"}).decode())
        while await answered(3, MOST_DIFFERENT + 1) == "error":
            pass  # a complete has no answer: the place is free once it was heard
