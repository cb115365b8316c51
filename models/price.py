"""What a picture costs in credits: the model's own price, more for large pictures and for high quality."""

from __future__ import annotations

from models.engine import KnownModel
from models.wish import Order

PIXELS_A_PRICE = 1_048_576  # up to here a picture costs once the model's price; each more begun costs it once more
QUALITY_PERCENT = {"low": 50, "medium": 100, "standard": 100, "high": 200, "hd": 200, "xhigh": 300, "max": 400}
"""How much of the price a quality costs; any other word, and none, costs all of it."""


def credits_per_picture(order: Order, model: KnownModel) -> int:
    """What each picture of an order costs: a whole number, at least 1 unless the model is free."""
    price = model.capabilities.credits_per_picture
    if price <= 0:
        return 0
    sizes = -(-order.width * order.height // PIXELS_A_PRICE)
    return max(1, -(-price * sizes * QUALITY_PERCENT.get(order.quality or "", 100) // 100))
