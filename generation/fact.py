"""What an engine says of its pictures, as far as it is kept: within bounds, and without what PostgreSQL refuses."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

import orjson

LARGEST_FACTS_BYTES = 64 * 2**10
UNKEPT = re.compile("[\x00\ud800-\udfff]")
log = logging.getLogger(__name__)


def bounded(facts: Mapping[str, object]) -> Mapping[str, object] | None:
    """The facts as they are kept; None when there are none, or more than is kept."""
    kept = {str(_keepable(key)): _keepable(value) for key, value in facts.items()}
    size = len(orjson.dumps(kept))
    if size > LARGEST_FACTS_BYTES:
        log.warning("%d bytes of facts were not kept", size)
        return None
    return kept or None


def _keepable(value: object) -> object:
    """The value without what PostgreSQL refuses: a picture that is paid for is not lost for a word about it."""
    if isinstance(value, str):
        return UNKEPT.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {str(_keepable(key)): _keepable(one) for key, one in value.items()}
    return [_keepable(one) for one in value] if isinstance(value, list | tuple) else value
