"""What a wish would cost its owner, before it is one. Nothing is set aside and nothing promised."""

from __future__ import annotations

from dataclasses import dataclass

from models import price
from models.credit_move import open_account
from models.engine import known, made_with
from models.job_move import given
from models.wish import Wish, checked


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """What a job would set aside, beside what its owner could spend now."""

    credits_per_picture: int
    pictures: int
    available: int

    @property
    def total(self) -> int:
        """What the job would set aside."""
        return self.credits_per_picture * self.pictures

    @property
    def missing(self) -> int:
        """What is lacking for it; 0 when it can be asked for."""
        return max(0, self.total - self.available)

    @property
    def is_sufficient(self) -> bool:
        """Whether it can be asked for, as far as credits go."""
        return self.missing == 0


async def quote(owner_id: int, wish: Wish) -> QuoteRow:
    """What the wish would cost. Raises what `job_move.ask` raises for a wish that no engine here can fulfil."""
    engines = await known()
    order = checked(wish, engines, await given(owner_id, wish))
    each = price.credits_per_picture(order, made_with(engines, order.engine, order.model)[1])
    return QuoteRow(each, order.count, (await open_account(owner_id)).available)
