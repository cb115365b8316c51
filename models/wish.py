"""What somebody wants made, and whether an engine can make it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from errors import BadInput
from models import facet
from models.engine import KnownCapabilities, KnownEngine, KnownModel

LONGEST_PROMPT_GRAPHEMES = 4_000
LONGEST_PROMPT_BYTES = 24_000
LARGEST_SEED = 2**63 - 1
BACKGROUNDS = ("opaque", "transparent")
_GRAPHEME = regex.compile(r"\X")
_SEED = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Wish:
    """A request as a person makes it; what is None is left to the engine (or to chance: the seed).

    `seed` is an integer 0 … 2**63-1 in decimal; sides are pixels; `background` is "opaque" or "transparent".
    """

    prompt: str
    engine: str | None = None
    model: str | None = None
    width: int | None = None
    height: int | None = None
    count: int = 1
    seed: str | None = None
    style: str | None = None
    background: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A wish that an engine can fulfil, with nothing left open."""

    prompt: str
    engine: str
    model: str
    width: int
    height: int
    count: int
    seed: int
    style: str | None
    background: str | None


def checked(wish: Wish, engines: Sequence[KnownEngine]) -> Order:
    """The wish with its gaps filled. Raises BadInput, with the path of the field, for what no engine here can make.

    An engine that is not available now is fine when it is named: the job waits for it.
    """
    prompt = _prompt(wish.prompt)
    engine = _engine(wish.engine, engines)
    model = _model(wish.model, engine)
    can = model.capabilities
    width = _side(model.default_width if wish.width is None else wish.width, can, "width")
    height = _side(model.default_height if wish.height is None else wish.height, can, "height")
    if not 1 <= wish.count <= can.max_count:
        raise BadInput(f"{model.name} makes 1 to {can.max_count} pictures at once.", ["count"])
    if wish.style is not None and wish.style not in can.styles:
        offered = f"the styles {', '.join(can.styles)}" if can.styles else "no styles"
        raise BadInput(f"{model.name} offers {offered}.", ["style"])
    if wish.background is not None and wish.background not in BACKGROUNDS:
        raise BadInput("A background is opaque or transparent.", ["background"])
    if wish.background == "transparent" and not can.supports_transparent_background:
        raise BadInput(f"{model.name} cannot leave the background transparent. Leave `background` out.", ["background"])
    seed = _seed(wish.seed, model)
    return Order(prompt, engine.name, model.name, width, height, wish.count, seed, wish.style, wish.background)


def _prompt(text: str) -> str:
    sentence = f"A prompt has 1 to {LONGEST_PROMPT_GRAPHEMES:,} characters and at most {LONGEST_PROMPT_BYTES:,} bytes."
    if len(text) > LONGEST_PROMPT_BYTES:  # before any work that grows with it
        raise BadInput(sentence, ["prompt"])
    kept = facet.clean(text)
    length = sum(1 for _ in _GRAPHEME.finditer(kept))
    if not 1 <= length <= LONGEST_PROMPT_GRAPHEMES or len(kept.encode()) > LONGEST_PROMPT_BYTES:
        raise BadInput(sentence, ["prompt"])
    return kept


def _engine(name: str | None, engines: Sequence[KnownEngine]) -> KnownEngine:
    usable = [engine for engine in engines if engine.models]
    if name is not None:
        found = next((engine for engine in usable if engine.name == name), None)
        if found is None:
            raise BadInput("There is no such engine. `engines` lists those there are.", ["engine"])
        return found
    if not usable:
        raise BadInput("No engine has been started here yet. Try again once `engines` lists one.", ["engine"])
    return next((engine for engine in usable if engine.available), usable[0])


def _model(name: str | None, engine: KnownEngine) -> KnownModel:
    model = engine.models[0] if name is None else engine.model(name)
    if model is None:
        raise BadInput(f"{engine.name} has no such model. `engines` lists its models.", ["model"])
    return model


def _side(side: int, can: KnownCapabilities, path: str) -> int:
    if not can.min_side <= side <= can.max_side or side % can.side_step:
        raise BadInput(
            f"A side has {can.min_side} to {can.max_side} pixels and is a multiple of {can.side_step}.", [path]
        )
    return side


def _seed(text: str | None, model: KnownModel) -> int:
    if text is None:
        return secrets.randbelow(LARGEST_SEED + 1)
    if not model.capabilities.supports_seeds:
        raise BadInput(f"{model.name} takes no seed. Leave it out.", ["seed"])
    if not _SEED.fullmatch(text) or int(text) > LARGEST_SEED:
        raise BadInput(f"A seed is a whole number from 0 to {LARGEST_SEED}.", ["seed"])
    return int(text)
