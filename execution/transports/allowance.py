"""How often something may happen: a token bucket."""

from __future__ import annotations


class Allowance:
    """At most `burst` at once and `a_second` in the long run; times are seconds of one monotonic clock."""

    def __init__(self, burst: int, a_second: float) -> None:
        self.burst = burst
        self.a_second = a_second
        self.left = float(burst)
        self.asked_at: float | None = None

    def take(self, now: float) -> bool:
        """Whether once more is allowed at this time; if so it is counted."""
        if self.asked_at is not None:
            self.left = min(self.burst, self.left + (now - self.asked_at) * self.a_second)
        self.asked_at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True
