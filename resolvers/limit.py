"""What the asker may still spend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from errors import BadInput
from resolvers.context import Info


@dataclass(frozen=True, slots=True)
class RateLimitRow:
    """A budget as the operation that asks for it left it."""

    limit: int
    cost: int
    remaining: int
    reset_at: datetime
    node_count: int


def rate_limit(info: Info, dry_run: bool = False) -> RateLimitRow | None:
    """The budget this operation was taken from; None when it is not limited. Raises BadInput for a dry run that is none."""
    receipt = info.context.receipt
    if dry_run and (receipt is None or not receipt.dry):
        raise BadInput("dryRun works at the root of a query only.", ["dryRun"])
    if receipt is None or receipt.standing is None:
        return None
    standing = receipt.standing
    reset_at = datetime.now(UTC) + timedelta(seconds=standing.whole_again)
    return RateLimitRow(standing.limit, receipt.points, standing.remaining, reset_at, receipt.nodes)
