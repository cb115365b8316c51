"""How every mutation runs: who asks, the idempotency key, one transaction, and refusals as data.

What is kept under a key is the outcome (numbers of rows, refusals); the payload is rendered anew for whoever asks.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from errors import BadInput, ErrorCode, RateLimited, Refusal, Unauthenticated
from models import idempotency
from models.checkpoint import checkpoint
from models.idempotency import Claim
from models.transaction import transaction
from resolvers.context import Context

Act = Callable[[int], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class UserErrorRow:
    """One refusal as data."""

    code: ErrorCode
    message: str
    path: list[str] | None
    retry_after: int | None = None  # seconds


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a mutation came to: numbers to render from, or refusals."""

    found: Mapping[str, Any] = field(default_factory=dict)
    user_errors: list[UserErrorRow] = field(default_factory=list)

    @property
    def done(self) -> bool:
        """Whether nothing was refused."""
        return not self.user_errors


def refused(refusal: Refusal) -> Outcome:
    """The outcome that is this refusal; its path leads into the input."""
    seconds = refusal.retry_after if isinstance(refusal, RateLimited) else None
    return Outcome({}, [UserErrorRow(refusal.code, refusal.message, list(refusal.path) or None, seconds)])


def claim(context: Context, name: str, given: object) -> Claim | None:
    """The claim of a call whose input carries an idempotency key, else None. Raises BadInput, Unauthenticated."""
    values = asdict(given)  # type: ignore[call-overload]  # inputs are dataclasses
    key = values.pop("idempotency_key", None)
    if key == "":
        raise BadInput("An idempotency key is not empty.", ["idempotencyKey"])
    return idempotency.claim_of(context.require_viewer(), name, key, values) if key else None


async def earlier(claimed: Claim | None) -> Outcome | None:
    """The outcome an earlier call with this key came to, or None. Raises Conflict for another input."""
    if claimed is None:
        return None
    kept = await idempotency.outcome_of(claimed)
    return None if kept is None else _restored(kept)


async def perform(context: Context, name: str, given: object, act: Act, *, while_suspended: bool = False) -> Outcome:
    """Run a mutation: `act(viewer_id)` inside one transaction, once per idempotency key; refusals become data.

    Nothing of a refused act stays; its refusal is kept under the key like a success. Whoever is suspended does nothing but what
    says so.
    """
    context.forget()  # what an earlier mutation of the same document read may be no longer so
    try:
        viewer_id = context.require_viewer() if while_suspended else context.require_writer()
        claimed = claim(context, name, given)
        known = await earlier(claimed)
        if known is not None:
            return known
        if claimed is None:
            async with transaction():
                found = await act(viewer_id)
                checkpoint(f"{name}.before_commit")
            checkpoint(f"{name}.after_commit")
            return Outcome(found)
        return await _once(claimed, name, viewer_id, act)
    except Refusal as refusal:
        return refused(refusal)


async def _once(claimed: Claim, name: str, viewer_id: int, act: Act) -> Outcome:
    async with transaction():
        taken = await idempotency.take(claimed)
        if taken:
            try:
                async with transaction():
                    outcome = Outcome(await act(viewer_id))
                    checkpoint(f"{name}.row_written")
            except (Unauthenticated, RateLimited):
                raise  # not an outcome: the key is given back with the transaction
            except Refusal as refusal:
                outcome = refused(refusal)
            await idempotency.keep(claimed, _kept(outcome))
            checkpoint(f"{name}.before_commit")
    if not taken:
        known = await earlier(claimed)
        return known if known is not None else Outcome()
    checkpoint(f"{name}.after_commit")
    return outcome


def _kept(outcome: Outcome) -> dict[str, Any]:
    errors = [{"code": e.code.value, "message": e.message, "path": e.path} for e in outcome.user_errors]
    return {"found": dict(outcome.found), "errors": errors}


def _restored(kept: Mapping[str, Any]) -> Outcome:
    errors = [UserErrorRow(ErrorCode(e["code"]), e["message"], e["path"]) for e in kept.get("errors", ())]
    return Outcome(kept.get("found", {}), errors)
