"""Previews out of what engines send while they work: small, and decoded in a child like all bytes of others."""

from __future__ import annotations

import logging

from errors import BadInput
from generation.engine import EngineError, Partial
from generation.engines.encoded import from_base64
from storage.intake import IntakeFault, derive

log = logging.getLogger(__name__)


async def preview(index: int, data: bytes | str, fraction: float, phase: str) -> Partial | None:
    """A partial (WebP, at most 320 px a side) out of a picture (bytes, or base64); None when it is none: it is not missed."""
    try:
        small = (await derive(data if isinstance(data, bytes) else from_base64(data))).derivatives["small"]
    except (BadInput, IntakeFault, EngineError) as error:
        log.warning("a preview could not be read: %s", error)
        return None
    return Partial(index, small, "image/webp", fraction, phase)
