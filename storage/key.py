"""Where every object lies in the bucket. Keys are made here and nowhere else; none of them holds what a person wrote.

uploads/<random>                          what a client sent; stays writable for minutes, so it is never served
pictures/<2 hex>/<40 hex>/<size>.<ext>    kept pictures, addressed by content (see `picture_prefix`)
jobs/<job>/<attempt>/<index>.<ext>        outputs of a job, written before a row says so
previews/<job>/<attempt>/<index>-<n>.webp partial pictures of a running job
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
SECRET_MIN_CHARACTERS = 32
_PICTURE_HEX_DIGITS = 40  # 160 bits
_UPLOAD_RANDOM_BYTES = 24
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def upload_key() -> str:
    """A fresh key for one upload: 192 random bits."""
    return f"uploads/{secrets.token_urlsafe(_UPLOAD_RANDOM_BYTES)}"


def picture_prefix(digest: bytes, secret_key: str) -> str:
    """The folder of a kept picture, ending in a slash: the same bytes always give the same folder.

    It is an HMAC of the picture's SHA-256, so whoever has the picture cannot work out the key, nor ask whether we hold it.
    """
    name = hmac.digest(secret(secret_key), b"fresque picture key\0" + digest, hashlib.sha256).hex()
    return f"pictures/{name[:2]}/{name[:_PICTURE_HEX_DIGITS]}/"


def output_key(job: int | str, attempt: int, index: int, mime_type: str) -> str:
    """The key of output `index` (from 0) of one attempt at a job; two attempts never write to one key."""
    return f"jobs/{_name(job)}/{attempt:d}/{index:d}.{EXTENSIONS[mime_type]}"


def preview_key(job: int | str, attempt: int, index: int, n: int) -> str:
    """The key of the `n`-th partial picture of output `index`."""
    return f"previews/{_name(job)}/{attempt:d}/{index:d}-{n:d}.webp"


def output_prefix(job: int | str) -> str:
    """The folder of all outputs of a job, ending in a slash."""
    return f"jobs/{_name(job)}/"


def preview_prefix(job: int | str) -> str:
    """The folder of all partial pictures of a job, ending in a slash."""
    return f"previews/{_name(job)}/"


def _name(job: int | str) -> str:
    name = str(job)
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be part of a key.")
    return name


def secret(secret_key: str) -> bytes:
    """The bytes of `settings.secret_key`; a key too short to sign with stops us here (ValueError)."""
    if len(secret_key) < SECRET_MIN_CHARACTERS:
        raise ValueError(f"SECRET_KEY needs at least {SECRET_MIN_CHARACTERS} characters.")
    return secret_key.encode()
