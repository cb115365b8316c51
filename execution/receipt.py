"""What is told of a budget: the receipt of one operation, and the headers of an HTTP answer.

Headers follow draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` tells the rule, `RateLimit` what is left of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

POLICY = "points"
Headers = list[tuple[str, str]]


class Standing(Protocol):
    """A budget after somebody asked. Times are in seconds from now."""

    @property
    def allowed(self) -> bool:
        """Whether the points were there, and were taken."""

    @property
    def limit(self) -> int:
        """Points of a whole budget."""

    @property
    def remaining(self) -> int:
        """Points left now."""

    @property
    def retry_after(self) -> float:
        """Until the same would be granted; 0 when it was."""

    @property
    def next_point(self) -> float:
        """Until there is one more point; 0 when the budget is whole."""

    @property
    def whole_again(self) -> float:
        """Until the budget is whole."""

    @property
    def rate(self) -> int:
        """Points that come back in `window`."""

    @property
    def window(self) -> int:
        """Seconds in which `rate` points come back."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an operation costs, and the budget it was taken from (None when it is not limited).

    A dry run costs the least there is, `points` is what the whole would have cost.
    """

    points: int
    nodes: int
    dry: bool = False
    standing: Standing | None = None

    @property
    def headers(self) -> Headers:
        """What an HTTP answer tells of it."""
        return rate_headers(self.standing)


def rate_headers(standing: Standing | None) -> Headers:
    """The two headers; none when nothing is limited.

    The unit is not one of the draft's registry, so it stands in a parameter of our own.
    """
    if standing is None:
        return []
    burst = f";fresque-burst={standing.limit}" if standing.limit != standing.rate else ""
    policy = f'"{POLICY}";q={standing.rate};w={standing.window}{burst};fresque-unit="points"'
    left = f'"{POLICY}";r={standing.remaining};t={math.ceil(standing.next_point)}'
    return [("ratelimit-policy", policy), ("ratelimit", left)]
