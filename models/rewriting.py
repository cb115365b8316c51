"""What a text model made of a prompt, looked at before anybody sees it: it is taken whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from models import facet
from models.enhancement import Addition, Enhancement
from models.wish import LONGEST_PROMPT_BYTES, LONGEST_PROMPT_GRAPHEMES

MOST_ADDITIONS = 4
LONGEST_ADDITION = 200  # grapheme clusters
LONGEST_REASON = 300
BYTES_A_GRAPHEME = 8  # far more than scripts need; stacked signs do not get through

_FENCE = "```"
_BETWEEN_WORDS = re.compile(r"[\s.,;:!?，。；：！？、]+")


def read(prompt: str, answer: str) -> Enhancement | None:
    """The enhancement of `prompt` that a model's answer is, or None when it is anything else.

    It is a JSON object of `prompt` and `additions`, alone or in one fence; it keeps the person's words in their order, and each
    addition is a part of it that the person's own does not have.
    """
    try:
        found = orjson.loads(_bare(answer))
    except ValueError:
        return None
    if not isinstance(found, dict) or found.keys() != {"prompt", "additions"}:
        return None
    text = _text(found["prompt"], LONGEST_PROMPT_GRAPHEMES, LONGEST_PROMPT_BYTES)
    if text is None or not _keeps(prompt, text) or not isinstance(found["additions"], list):
        return None
    if len(found["additions"]) > MOST_ADDITIONS or bool(found["additions"]) == (text == prompt):
        return None
    added = [_addition(one, prompt, text) for one in found["additions"]]
    good = [one for one in added if one is not None]
    return Enhancement(text, good) if len(good) == len(added) else None


def kept(enhancement: Enhancement) -> dict[str, Any]:
    """The enhancement as JSON, to be kept under an idempotency key."""
    return {"prompt": enhancement.prompt, "additions": [[one.text, one.reason] for one in enhancement.additions]}


def restored(found: Mapping[str, Any]) -> Enhancement:
    """The enhancement that `kept` made this of."""
    return Enhancement(found["prompt"], [Addition(text, reason) for text, reason in found["additions"]])


def _bare(answer: str) -> str:
    """The answer without the fence that models like to put around JSON."""
    text = answer.strip()
    if not text.startswith(_FENCE) or not text.endswith(_FENCE):
        return text
    return text.removesuffix(_FENCE).partition("\n")[2]


def _addition(found: object, prompt: str, text: str) -> Addition | None:
    if not isinstance(found, dict) or found.keys() != {"text", "reason"}:
        return None
    words = _text(found["text"], LONGEST_ADDITION, LONGEST_ADDITION * BYTES_A_GRAPHEME)
    reason = _text(found["reason"], LONGEST_REASON, LONGEST_REASON * BYTES_A_GRAPHEME)
    if words is None or reason is None or words not in text or words in prompt:
        return None
    return Addition(words, reason)


def _text(found: object, longest_graphemes: int, longest_bytes: int) -> str | None:
    """A text as it is stored, or None when it is none, empty or too long."""
    return facet.kept(found, longest_graphemes, longest_bytes) or None if isinstance(found, str) else None


def _keeps(prompt: str, text: str) -> bool:
    """Whether every word of the one stands in the other, in the same order."""
    rest = iter(_words(text))
    return all(word in rest for word in _words(prompt))


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN_WORDS.split(text.casefold()) if word]
