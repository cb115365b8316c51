"""The manner of pictures as numbers: the style network's 100 numbers for any picture, blended, and as a short text.

A style code is `fs1-` and 69 characters of base64url: each number in four bits around what it usually is, and a check. It
holds nothing of the picture it was taken from but its manner of colour and stroke.
"""

from __future__ import annotations

import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Manner = NDArray[np.float32]  # 100 numbers, about -2 … 3
LENGTH = 100
PREFIX = "fs1-"
CODE = re.compile(r"fs1-[A-Za-z0-9_-]{69}")
STEP = 0.14  # between two of the 16 levels of a number
USUAL = (
    np.array(
        [6,0,9,1,-8,2,8,9,9,2,3,-6,7,-5,12,-1,6,6,21,5,-10,8,0,0,-1,4,-5,-8,9,1,-12,4,7,3,-5,4,5,8,8,7,5,-13,-9,1,-2,-1,18,7,3,0,12,10,-8,-6,1,
         3,5,12,-2,9,16,13,-13,-9,-1,4,2,3,2,-4,-13,-3,-4,9,-8,-2,-15,-4,-6,-13,-2,10,-7,-1,9,3,1,8,13,-10,7,-4,8,4,-8,-12,5,-5,-5,4],
        dtype=np.float32,
    )
    / 10
)  # fmt: skip


class BadCode(ValueError):
    """A text that is no style code, or one with a slip in it."""


def code_of(manner: Manner) -> str:
    """The manner as a text of 73 characters; `manner_of` gives it back to within half a step."""
    levels = np.clip(np.round((manner.reshape(LENGTH) - USUAL) / STEP + 7.5), 0, 15).astype(np.uint8)
    raw = (levels[0::2] << 4 | levels[1::2]).tobytes()
    return PREFIX + code_body(raw) + _check(raw)


def manner_of(code: str) -> Manner:
    """The numbers of a style code. Raises BadCode."""
    if not CODE.fullmatch(code):
        raise BadCode("A style code is fs1- and 69 letters, digits, - and _.")
    body = code[len(PREFIX) : -2]
    raw = urlsafe_b64decode(body + "=")
    if len(raw) != LENGTH // 2 or _check(raw) != code[-2:] or code_body(raw) != body:
        raise BadCode("The style code has a slip in it.")
    packed = np.frombuffer(raw, dtype=np.uint8)
    levels = np.stack([packed >> 4, packed & 15], axis=1).reshape(LENGTH).astype(np.float32)
    return np.asarray(USUAL + (levels - 7.5) * STEP, dtype=np.float32)


def code_body(raw: bytes) -> str:
    """The characters of the numbers."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def blended(manners: Sequence[Manner]) -> Manner:
    """The middle of several manners, each with the same weight."""
    return np.asarray(np.mean([manner.reshape(LENGTH) for manner in manners], axis=0), dtype=np.float32)


def _check(raw: bytes) -> str:
    return urlsafe_b64encode((zlib.crc32(raw) & 0xFFF).to_bytes(2, "big") + b"\0").decode()[1:3]
