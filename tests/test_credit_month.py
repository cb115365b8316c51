"""Grants by the month, tiers, and what whoever runs this place does about credits."""

from __future__ import annotations

import asyncio
from calendar import monthrange
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from dev.stack import Stack
from errors import BadInput
from models import credit_desk, user
from models.credit import differences, entries
from models.credit_move import adjust, grant, grant_due, open_account, set_tier
from models.database import fetch, fetch_value
from models.tier import TERMS, Tier, tier_of
from models.transaction import transaction
from settings import Settings
from tests.jobs import ANN, BEN, asked, fresh_credits, fresh_queue, job_world
from tests.ledger import ALL, FREE, lines, poor


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "credit_month_test") as told:
        yield told


@pytest_asyncio.fixture(autouse=True)
async def _queue(told: Settings) -> None:
    await fresh_queue()


async def test_each_month_gives_once_and_does_not_drift(told: Settings) -> None:
    """Opened on a 31st and not looked at for long: every month once, up to what is kept, and still at a month's last day."""
    await poor(ANN, 0)
    await fetch(
        """UPDATE credit_accounts SET opened_at = '2026-01-31 12:00+00', next_grant_at = '2026-02-28 12:00+00'
        WHERE owner_id = $1""",
        ANN,
    )
    assert await grant_due() == 1
    account = await open_account(ANN)
    assert account.balance == FREE.most_kept, "what there is no room for is not given"
    assert sorted((await lines(ANN))[2:]) == [("GRANT", FREE.monthly_grant)] * 3
    (row,) = await fetch("SELECT grants, now() AS now FROM credit_accounts WHERE owner_id = $1", ANN)
    month, year = account.next_grant_at.month, account.next_grant_at.year
    assert row["grants"] == (year - 2026) * 12 + month - 1
    assert account.next_grant_at.day == monthrange(year, month)[1]
    assert account.next_grant_at > row["now"]
    keys = await fetch("SELECT business_id FROM credit_entries WHERE kind = 'GRANT'")
    assert {key["business_id"] for key in keys} == {f"grant:{ANN}:{n}" for n in range(4)}


async def test_months_without_a_clock_are_caught_up(told: Settings) -> None:
    await poor(ANN, 0)
    await open_account(BEN)
    await fetch(
        """UPDATE credit_accounts SET opened_at = now() - interval '75 days', next_grant_at = now() - interval '44 days'
        WHERE owner_id = $1""",
        ANN,
    )
    await asyncio.gather(*(grant_due() for _ in range(5)))
    assert [amount for kind, amount in await lines(ANN) if kind == "GRANT"] == [FREE.monthly_grant] * 3
    account = await open_account(ANN)
    assert account.balance == 2 * FREE.monthly_grant
    assert await fetch_value("SELECT $1::timestamptz > now()", account.next_grant_at)
    assert await lines(BEN) == [("GRANT", FREE.monthly_grant)], "nothing was due"
    assert await grant_due() == 0
    assert await differences() == []


async def test_a_grant_that_is_due_is_given_when_it_is_needed(told: Settings) -> None:
    """The clock of `work` may be late; who asks does not wait for it."""
    await poor(ANN, 0)
    await fetch("UPDATE credit_accounts SET next_grant_at = now() - interval '1 hour' WHERE owner_id = $1", ANN)
    assert await asked(ANN)
    assert (await open_account(ANN)).available == FREE.monthly_grant - 1


async def test_a_tier_gives_its_own_month(told: Settings) -> None:
    assert await tier_of(ANN) is Tier.FREE
    await set_tier(ANN, Tier.PLUS)
    assert await tier_of(ANN) is Tier.PLUS
    account = await open_account(ANN)
    assert (account.monthly_grant, account.balance) == (TERMS[Tier.PLUS].monthly_grant, FREE.monthly_grant)
    await fetch("UPDATE credit_accounts SET next_grant_at = now() WHERE owner_id = $1", ANN)
    assert await grant_due(ANN) == 1
    assert (await open_account(ANN)).balance == FREE.monthly_grant + TERMS[Tier.PLUS].monthly_grant
    for tier, terms in TERMS.items():
        assert terms.most_kept == 3 * terms.monthly_grant, f"{tier}: the schema says so"


async def test_the_desk_gives_and_takes(told: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    async with transaction():
        number = (await user.sign_up("desk_test", "desk@example.org", "no hash", "Desk")).id
    assert await lines(number) == [("GRANT", FREE.monthly_grant)], "signing up gives the first month"
    assert await credit_desk.run(["grant", "@Desk_Test", "50", "--key", "k", "--note", "Welcome."]) == 0
    assert await credit_desk.run(["grant", "desk_test", "50", "--key", "k"]) == 0
    assert (await open_account(number)).balance == FREE.monthly_grant + 50
    assert await credit_desk.run(["adjust", "desk_test", "-2000"]) == 1
    assert await credit_desk.run(["adjust", "desk_test", "-50", "--note", "Too many."]) == 0
    assert await credit_desk.run(["tier", "desk_test", "PRO"]) == 0
    assert await credit_desk.run(["show", "nobody_at_all"]) == 1
    capsys.readouterr()
    assert await credit_desk.run(["show", "desk_test"]) == 0
    assert "PRO, 1,000 credits, 0 of them held" in capsys.readouterr().out
    assert [entry.note for entry in await entries(number, ALL)] == ["Too many.", "Welcome.", None]
    with pytest.raises(BadInput):
        await grant(number, 0, "x")
    with pytest.raises(BadInput):
        await adjust(number, 0, "x")


async def test_an_account_is_opened_once(told: Settings) -> None:
    await fresh_credits()
    await asyncio.gather(*(open_account(ANN) for _ in range(8)))
    assert await lines(ANN) == [("GRANT", FREE.monthly_grant)]
