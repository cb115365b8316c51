"""The addresses of pictures that clients see: `/media/<image>/<size>`, with a grant when the picture is not public.

A grant says who asks and until when; it does not say that they may: `/media` checks visibility at each request. It ends
on a full hour, one to two hours ahead, so that an address stays the same long enough to be cached.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from functools import lru_cache

from settings import Settings, settings
from storage.key import secret

SIZES = ("small", "medium", "large", "original")
VECTOR = "vector"
"""In the place of a size: the drawing that a picture was painted from. Its address always has a grant."""
_HOUR_SECONDS = 3_600
_MAC_BYTES = 16
_GRANT_MAX_CHARACTERS = 80
_PATHS = {name: size for size in SIZES for name in (size, size.upper())} | {VECTOR: VECTOR}


def media_url(
    image_gid: str, size: str, public: bool, viewer_id: int | None, now: float, told: Settings | None = None
) -> str:
    """The address of a picture in one size (a name of `SIZES` in either case, or `VECTOR`); `now` is Unix time in seconds.

    A picture that is not public gets a grant for this viewer; without a viewer there is nobody to grant it to, and the
    address answers *not found*. `told` is for tests; without it these are the settings of the process.
    """
    known = told or settings()
    path = f"{image_gid}/{_PATHS[size]}"
    if public or viewer_id is None:
        return f"{known.base_url}/media/{path}"
    grant = f"{viewer_id}.{(int(now) // _HOUR_SECONDS + 2) * _HOUR_SECONDS}"
    return f"{known.base_url}/media/{path}?grant={grant}.{_mac(known.secret_key, f'{path}?{grant}')}"


def read_grant(image_gid: str, size: str, grant: str, now: float, told: Settings | None = None) -> int | None:
    """The viewer a grant was made out to, or None when it is malformed, forged, for another picture or size, or over."""
    if (
        len(grant) > _GRANT_MAX_CHARACTERS
        or not (grant.isascii() and image_gid.isascii())
        or size not in (*SIZES, VECTOR)
    ):
        return None
    said, _, mac = grant.rpartition(".")
    if not hmac.compare_digest(_mac((told or settings()).secret_key, f"{image_gid}/{size}?{said}"), mac):
        return None
    viewer, _, expiry = said.partition(".")
    return int(viewer) if now < int(expiry) else None


@lru_cache(maxsize=4)
def _keyed(secret_key: str) -> hmac.HMAC:
    return hmac.new(secret(secret_key), b"fresque media grant\0", hashlib.sha256)


def _mac(secret_key: str, text: str) -> str:
    keyed = _keyed(secret_key).copy()
    keyed.update(text.encode())
    return urlsafe_b64encode(keyed.digest()[:_MAC_BYTES])[:-2].decode()
