"""Whatever moderators and administrators write into what only they may call: bounded, in time, never in a statement, and never a fault of ours.

The walks of `test_input` and `test_bad_input` go as a member, to whom nothing of the desk is there: they end before anything is read.
"""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from models.database import fetch_value
from models.role import Role
from schema.scope import ALONE, MODERATE, MUTATION
from tests.attacks.test_input import LONG, MARK, SHORT, Path, kept_long, leaves, put, statements, tried
from tests.conftest import Serving
from tests.deskwork import ADMINISTRATORS, DESK, NOT_THERE, as_it_is, cleared, worker
from tests.nonsense import inside, nasty, refusals
from tests.people import Town
from tests.selection import SCHEMA, input_type, mutation

__all__ = ["statements"]  # a fixture of this module, too

ROLES = (Role.MODERATOR, Role.ADMINISTRATOR)
MOST_ITEMS = 1_000
TABLES = (
    "moderation_cases moderation_actions moderation_log moderation_undo case_notes case_images appeals reviews automod_rules"
    " automod_changes automod_runs"
)


def given_to(name: str) -> Any:
    """The type of a mutation's input."""
    return input_type(name[0].upper() + name[1:] + "Input")


async def rows() -> int:
    """How many rows the desk has."""
    counted = " + ".join(f"(SELECT count(*) FROM {table})" for table in TABLES.split())
    return int(await fetch_value(f"SELECT {counted}"))


def test_nothing_of_the_desk_is_left_out() -> None:
    assert set(DESK) == set(MUTATION[MODERATE].split()) | {
        name for name in MUTATION[ALONE].split() if "Automod" in name or name == "setRole"
    }
    assert len(DESK) > 12


@pytest.mark.parametrize("role", ROLES)
async def test_no_text_given_at_the_desk_is_without_end_or_in_a_statement(
    town: Town, running: Serving, statements: list[str], role: Role
) -> None:
    who, inputs = await worker(town, role)
    assert set(inputs) == set(DESK)
    texts = 0
    for name, good in inputs.items():
        kind, document = given_to(name), mutation(name)
        for path, scalar in leaves(kind):
            if path == ("idempotencyKey",):
                continue
            for value in (LONG, SHORT[texts % len(SHORT)]):
                base = await as_it_is(who, good)
                about = (name, path, value[:12])
                codes = await tried(running, who, document, {"input": put(kind, base, path, value)}, about)
                if scalar == "String" and value == LONG:
                    texts += 1
                    expected = "FORBIDDEN" if role is Role.MODERATOR and name in ADMINISTRATORS else "BAD_USER_INPUT"
                    assert codes == [expected], (*about, "the walk got there")
    assert texts >= 8
    assert statements == []
    assert await kept_long() == []
    await cleared(who, inputs)


async def test_lists_given_at_the_desk_have_an_end(town: Town, running: Serving) -> None:
    who, inputs = await worker(town, Role.ADMINISTRATOR)
    for name in ("phrases", "hashtags"):
        rule = {**inputs["createAutomodRule"]["rule"], name: [f"{MARK} {n}" for n in range(MOST_ITEMS + 1)]}
        for deed in ("createAutomodRule", "updateAutomodRule"):
            base = await as_it_is(who, inputs[deed])
            codes = await tried(running, who, mutation(deed), {"input": {**base, "rule": rule}}, (deed, name))
            assert codes == ["BAD_USER_INPUT"], (deed, name)
    await cleared(who, inputs)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", DESK)
async def test_every_field_of_what_is_done_at_the_desk(town: Town, running: Serving, name: str, role: Role) -> None:
    """Anything at all in each field, beside others that are good: refused with nothing written, or done."""
    who, inputs = await worker(town, role)
    document, refused = mutation(name), 0
    base, before = inputs[name], await rows()
    for field, one in given_to(name).fields.items():
        for value in () if field == "idempotencyKey" else nasty(one.type):
            about = (name, field, repr(value)[:80])
            codes = refusals(*await inside(running, who, document, {"input": {**base, field: value}}), about)
            if codes:
                refused += 1
                assert await rows() == before, about
            else:
                base, before = await as_it_is(who, inputs[name]), await rows()
        if name == "createAutomodRule":  # there is an end to how many there may be
            await cleared(who, inputs)
    assert refused > 5
    codes = refusals(*await inside(running, who, document, {"input": await as_it_is(who, inputs[name])}), name)
    if role is Role.MODERATOR and name in ADMINISTRATORS:
        assert codes == ["FORBIDDEN"]
    else:
        assert not NOT_THERE & set(codes), "the walk got there"
    await cleared(who, inputs)


OWNERS = {
    "Desk": "viewer {{ desk {{ {asked} }} }}",
    "ModerationCase": 'node(id: "{case}") {{ ... on ModerationCase {{ {asked} }} }}',
}


def asked_there() -> list[tuple[str, str, str, Path]]:
    """Every argument of the desk that takes text, and what lies below it: owner, field, argument, place."""
    found = []
    for owner in OWNERS:
        kind = SCHEMA.type_map[owner]
        assert isinstance(kind, GraphQLObjectType)
        found += [
            (owner, field, argument, path)
            for field, known in kind.fields.items()
            for argument, taken in known.args.items()
            for path, _ in leaves(taken.type)
        ]
    return found


async def test_no_argument_of_the_desk_takes_text_without_end_or_into_a_statement(
    town: Town, running: Serving, statements: list[str]
) -> None:
    who, inputs = await worker(town, Role.MODERATOR)
    case = inputs["addCaseNote"]["caseId"]
    for owner, field, argument, path in asked_there():
        kind = SCHEMA.type_map[owner]
        assert isinstance(kind, GraphQLObjectType)
        known = kind.fields[field]
        below = "" if is_leaf_type(get_named_type(known.type)) else " { __typename }"
        asked = OWNERS[owner].format(asked=f"{field}({argument}: $v){below}", case=case)
        document = f"query($v: {known.args[argument].type}) {{ {asked} }}"
        for value in (LONG, *SHORT):
            about = (owner, field, argument, value[:12])
            codes = await tried(running, who, document, {"v": put(known.args[argument].type, None, path, value)}, about)
            assert codes == ["BAD_USER_INPUT"], (*about, "no cursor of ours")
    assert len(asked_there()) >= 8
    assert statements == []
    await cleared(who, inputs)


def test_other_types_of_the_desk_take_no_text() -> None:
    """Or they belong into `OWNERS`."""
    others = ("AutomodRule", "AutomodRun", "ModerationAction", "Appeal", "HeldPicture", "CaseEvidence", "TeamMember")
    for name in others:
        kind = SCHEMA.type_map[name]
        assert isinstance(kind, GraphQLObjectType)
        assert [
            (name, field) for field, known in kind.fields.items() for one in known.args.values() if [*leaves(one.type)]
        ] == []
