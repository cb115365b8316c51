"""Credits on a real database: set aside, taken, given back, each once; nobody spends what they do not have."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from asyncpg import CheckViolationError, PostgresError, UniqueViolationError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dev.stack import Stack
from errors import BadInput, QuotaExceeded
from models import credit_desk, credit_move
from models.credit import CreditEntryKind, differences, entries, recount
from models.credit_move import adjust, grant, grant_due, open_account, release, reserve, set_tier, settle
from models.database import fetch, fetch_value
from models.job_move import Ending
from models.lease import finish, keep_output, reap
from models.tier import TERMS, Tier
from models.transaction import transaction
from settings import Settings
from tests.jobs import ANN, BEN, IMAGE, asked, cancel, claimed, end_time, fresh_queue, job_world
from tests.ledger import ALL, FREE, check_ledger, lines, poor


@pytest_asyncio.fixture(scope="module")
async def told(stack: Stack) -> AsyncIterator[Settings]:
    async with job_world(stack, "credit_test", JOB_QUEUED_CAP="1000") as told:
        yield told


@pytest_asyncio.fixture(autouse=True)
async def _queue(told: Settings) -> None:
    await fresh_queue()


async def reserved(owner_id: int, job_id: int, pictures: int, each: int = 1) -> bool:
    """Set aside for a job that is a number and nothing else; whether there was enough."""
    try:
        async with transaction():
            await fetch(
                "INSERT INTO generation_jobs (id, owner_id, prompt, engine, model, width, height, count, seed, start_by)"
                " VALUES ($1, $2, 'x', 'none', 'none', 64, 64, $3, 1, now() + interval '1 hour')",
                job_id,
                owner_id,
                pictures,
            )
            await fetch(
                "INSERT INTO generation_outputs (job_id, index) SELECT $1, generate_series(0, $2::int - 1)",
                job_id,
                pictures,
            )
            await reserve(owner_id, job_id, pictures, each)
    except QuotaExceeded:
        return False
    return True


# --- a job's way ---


async def test_a_job_takes_what_it_keeps_and_gives_back_the_rest(told: Settings) -> None:
    job_id = await asked(ANN, count=3)
    account = await open_account(ANN)
    assert (account.balance, account.held, account.available) == (FREE.monthly_grant, 3, FREE.monthly_grant - 3)
    job = await claimed()
    for _ in range(2):  # repeated, it is the same picture
        assert await keep_output(job_id, job.token, 1, IMAGE)
    account = await open_account(ANN)
    assert (account.balance, account.held) == (FREE.monthly_grant - 1, 2)
    await finish(job_id, job.token, Ending.DONE)
    assert await finish(job_id, job.token, Ending.DONE) is None
    account = await open_account(ANN)
    assert (account.balance, account.held) == (FREE.monthly_grant - 1, 0)
    assert sorted(await lines(ANN)) == sorted(
        [("GRANT", FREE.monthly_grant), ("RESERVE", 3), ("SETTLE", 1), ("RELEASE", 1), ("RELEASE", 1)]
    )
    of_job = [entry for entry in await entries(ANN, ALL) if entry.job_id is not None]
    assert {entry.job_id for entry in of_job} == {job_id}
    assert {(e.kind, e.output_index) for e in of_job} == {
        (CreditEntryKind.RESERVE, None),
        (CreditEntryKind.SETTLE, 1),
        (CreditEntryKind.RELEASE, 0),
        (CreditEntryKind.RELEASE, 2),
    }
    await check_ledger()


@pytest.mark.parametrize("ending", [Ending.FAILED, Ending.BLOCKED, Ending.CANCELLED, Ending.TIMED_OUT])
async def test_what_was_not_made_costs_nothing(told: Settings, ending: Ending) -> None:
    job_id = await asked(ANN, count=2)
    await finish(job_id, (await claimed()).token, ending)
    account = await open_account(ANN)
    assert (account.balance, account.held) == (FREE.monthly_grant, 0)
    await check_ledger()


async def test_a_job_that_never_began_costs_nothing(told: Settings) -> None:
    await cancel(ANN, await asked(ANN, count=4))
    await end_time(await asked(ANN, count=4))
    assert len((await reap()).ended) == 1
    assert (await open_account(ANN)).available == FREE.monthly_grant
    await check_ledger()


async def test_whatever_is_repeated_is_done_once(told: Settings) -> None:
    job_id = await asked(ANN, count=2)
    assert [await settle(job_id, 0) for _ in range(3)] == [1, 0, 0]
    assert [(await release(job_id)).pictures for _ in range(3)] == [1, 0, 0]
    assert await settle(job_id, 1) == 0, "what was given back is not taken afterwards"
    with pytest.raises(UniqueViolationError):
        await reserve(ANN, job_id, 2, 1)
    assert await settle(5, 0) == 0
    account = await open_account(ANN)
    assert (account.balance, account.held) == (FREE.monthly_grant - 1, 0)
    assert await differences() == []


async def test_without_enough_nothing_is_asked(told: Settings) -> None:
    await poor(ANN, 3)
    await asked(ANN, count=2)
    with pytest.raises(QuotaExceeded) as refusal:
        await asked(ANN, count=2)
    assert refusal.value.message.startswith("This costs 2 credits and you have 1 credit to spend: 1 too few.")
    assert await fetch_value("SELECT count(*) FROM generation_jobs") == 1, "the job is not there either"
    assert await asked(ANN, count=1)
    assert (await open_account(ANN)).available == 0
    assert await asked(BEN, count=2), "each has an account of their own"
    await check_ledger()


async def test_no_job_has_more_pictures_than_the_tier(told: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TERMS, Tier.FREE, replace(FREE, picture_cap=2))
    assert await asked(ANN, count=2)
    with pytest.raises(QuotaExceeded) as refusal:
        await asked(ANN, count=3)
    assert (refusal.value.message, refusal.value.path) == ("A job of yours may have at most 2 pictures.", ("count",))
    await set_tier(ANN, Tier.PLUS)
    assert await asked(ANN, count=3)
    await check_ledger()


# --- nobody overdraws ---


async def test_a_hundred_asks_at_once_spend_what_is_there(told: Settings) -> None:
    await poor(ANN, 37)

    async def try_it() -> bool:
        try:
            await asked(ANN)
        except QuotaExceeded:
            return False
        return True

    assert sum(await asyncio.gather(*(try_it() for _ in range(100)))) == 37
    account = await open_account(ANN)
    assert (account.available, account.held) == (0, 37)
    await check_ledger()


async def test_reserving_itself_does_not_overdraw(told: Settings) -> None:
    """Without the lock that lets a person's asks pass one by one."""
    await poor(ANN, 100)
    done = await asyncio.gather(*(reserved(ANN, 1_000 + number, 1 + number % 3) for number in range(100)))
    spent = sum(1 + number % 3 for number, made in enumerate(done) if made)
    assert 98 <= spent <= 100
    assert (await open_account(ANN)).held == spent
    await check_ledger()


async def test_a_reserve_that_only_looks_first_would_overdraw(told: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the two above rest on: without the condition in the update, the same load is stopped by the table's check alone."""

    async def careless(owner_id: int, job_id: int, pictures: int, total: int) -> bool:
        if (await open_account(owner_id)).available < total:
            return False
        await fetch("UPDATE credit_accounts SET held = held + $2 WHERE owner_id = $1", owner_id, total)
        return True

    await poor(ANN, 10)
    monkeypatch.setattr(credit_move, "_reserve", careless)
    found = await asyncio.gather(*(reserved(ANN, 1_000 + n, 1) for n in range(40)), return_exceptions=True)
    assert any(isinstance(one, CheckViolationError) for one in found)


STEP = st.tuples(
    st.sampled_from(["ask", "ask", "ask", "settle", "settle", "release", "grant", "adjust", "month"]),
    st.integers(0, 7),
    st.integers(1, 4),
    st.integers(0, 6),
)


class Books:
    """Two people's accounts as plain sums, beside the real ones."""

    def __init__(self) -> None:
        self.balance = {ANN: FREE.monthly_grant, BEN: FREE.monthly_grant}
        self.open: dict[int, tuple[int, int, set[int]]] = {}  # job → owner, credits each, pictures still held
        self.jobs: list[int] = []

    def held(self, owner_id: int) -> int:
        return sum(each * len(left) for owner, each, left in self.open.values() if owner == owner_id)

    async def move(self, number: int, what: str, which: int, count: int, price: int) -> None:
        """Do one thing to both; they must agree on whether it could be done."""
        owner = (ANN, BEN)[which % 2]
        if what == "ask":
            job_id, each = 1_000 + number, price * 90
            fits = self.balance[owner] - self.held(owner) >= each * count
            assert await reserved(owner, job_id, count, each) is fits
            if fits:
                self.jobs.append(job_id)
                self.open[job_id] = owner, each, set(range(count))
        elif what in ("grant", "adjust"):
            amount = count if what == "grant" else count * (-1) ** which * 100
            if self.balance[owner] + amount < self.held(owner):
                with pytest.raises(BadInput):
                    await adjust(owner, amount, f"{number}")
                return
            for again in (True, False):  # the second time under the same key is none
                assert await (grant if what == "grant" else adjust)(owner, amount, f"{number}") is again
            self.balance[owner] += amount
        elif what == "month":
            await fetch("UPDATE credit_accounts SET next_grant_at = now() WHERE owner_id = $1", owner)
            assert await grant_due(owner) == 1
            self.balance[owner] += max(0, min(FREE.monthly_grant, FREE.most_kept - self.balance[owner]))
        elif self.jobs:
            job_id = self.jobs[which % len(self.jobs)]
            owner, each, left = self.open[job_id]
            if what == "release":
                assert (await release(job_id)).pictures == (len(left) if each else 0)
                left.clear()
            elif count - 1 in left or not each:
                assert await settle(job_id, count - 1) == (each if count - 1 in left else 0)
                self.balance[owner] -= each if count - 1 in left else 0
                left.discard(count - 1)

    async def check(self) -> None:
        for owner in (ANN, BEN):
            account = await open_account(owner)
            assert (account.balance, account.held) == (self.balance[owner], self.held(owner))


@given(st.lists(STEP, min_size=10, max_size=40))
@hypothesis_settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
async def test_any_history_adds_up(told: Settings, steps: Sequence[tuple[str, int, int, int]]) -> None:
    await fresh_queue()
    books = Books()
    for owner in (ANN, BEN):
        await open_account(owner)
    for number, step in enumerate(steps):
        await books.move(number, *step)
        await books.check()
    assert await differences() == []


@given(st.integers(0, 2**32), st.integers(5, 60))
@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
async def test_any_crowd_at_once_adds_up(told: Settings, chance: int, left: int) -> None:
    """Asks, ends and gifts of one person all at once: whatever the order was, nothing is overdrawn or lost."""
    await fresh_queue()
    await poor(ANN, left)
    for number in range(5):
        await reserved(ANN, 2_000 + number, 1)
    deeds: list[Any] = [reserved(ANN, 1_000 + n, 1 + (chance >> n) % 4) for n in range(20)]
    deeds += [release(2_000 + n) for n in range(5)] + [settle(2_000 + n, 0) for n in range(5)]
    deeds += [grant(ANN, 3, f"crowd{n % 2}") for n in range(4)]
    await asyncio.gather(*deeds)
    assert await differences() == []
    account = await open_account(ANN)
    assert 0 <= account.held <= account.balance
    assert await fetch_value("SELECT count(*) FROM credit_entries WHERE business_id LIKE 'desk:crowd%'") == 2


# --- the ledger itself ---


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE credit_entries SET amount = amount + 1",
        "UPDATE credit_entries SET note = 'x' WHERE false",
        "DELETE FROM credit_entries",
        "TRUNCATE credit_entries",
    ],
)
async def test_a_line_is_never_changed_or_taken_out(told: Settings, deed: str) -> None:
    await open_account(ANN)
    with pytest.raises(PostgresError, match="never changed"):
        await fetch(deed)
    assert await lines(ANN) == [("GRANT", FREE.monthly_grant)]


async def test_recounting_finds_and_repairs(told: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    await asked(ANN, count=2)
    await open_account(BEN)
    assert await credit_desk.run(["recount"]) == 0
    await fetch("UPDATE credit_accounts SET balance = balance + 5, held = 0 WHERE owner_id = $1", ANN)
    (wrong,) = await differences()
    assert (wrong.owner_id, wrong.balance - wrong.counted_balance, wrong.counted_held) == (ANN, 5, 2)
    assert await credit_desk.run(["recount"]) == 1
    assert f"Person {ANN}:" in capsys.readouterr().out
    assert await credit_desk.run(["recount", "--repair"]) == 0
    assert await differences() == []
    async with transaction():
        await recount(BEN)
    assert (await open_account(BEN)).balance == FREE.monthly_grant
