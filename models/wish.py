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
from models.job import InputRole, JobKind, JobPriority
from models.style_code import is_code

LONGEST_PROMPT_GRAPHEMES = 4_000
LONGEST_PROMPT_BYTES = 24_000
LONGEST_NEGATIVE_PROMPT_GRAPHEMES = 1_000
LONGEST_SIDE_PIXELS = 4_096
LARGEST_SEED = 2**63 - 1
START_WITHIN_SECONDS = (5, 86_400)
FINISH_WITHIN_SECONDS = (5, 3_600)
BACKGROUNDS = ("opaque", "transparent")
DEEDS = {
    JobKind.GENERATE: "make a picture out of words alone",
    JobKind.EDIT: "edit pictures",
    JobKind.VARY: "vary pictures",
    JobKind.UPSCALE: "enlarge pictures",
    JobKind.REMOVE_BACKGROUND: "remove backgrounds",
}
_GRAPHEME = regex.compile(r"\X")
_STYLE_CODE = re.compile(r"fs1-[A-Za-z0-9_-]{69}")
_SEED = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Wish:
    """A request as a person makes it; what is None is left to the engine (or to chance: the seed).

    `seed` is an integer 0 … 2**63-1 in decimal; sides are pixels; `background` is "opaque" or "transparent". `image` is the
    id of the picture to work on, `mask`, `guide` and `references` ids of others; whose they are is asked by `job_move.ask`.
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
    kind: JobKind = JobKind.GENERATE
    quality: str | None = None
    output_format: str | None = None
    negative_prompt: str | None = None
    strength: float | None = None
    scale: int | None = None
    image: int | None = None
    mask: int | None = None
    guide: int | None = None
    references: tuple[int, ...] = ()
    remix_post_id: int | None = None  # the post of somebody that one of these pictures stands in …
    remix_image_id: int | None = None  # … and which: that one need not be the asker's own
    parent_id: int | None = None  # the job it goes on from, which of its pictures, and how that was said
    parent_index: int | None = None
    instruction: str | None = None
    priority: JobPriority = JobPriority.NORMAL
    start_within_seconds: int | None = None
    finish_within_seconds: int | None = None

    @property
    def inputs(self) -> list[tuple[InputRole, int, int]]:
        """The pictures it names: role, position, id."""
        single = ((InputRole.IMAGE, self.image), (InputRole.MASK, self.mask), (InputRole.GUIDE, self.guide))
        found = [(role, 0, number) for role, number in single if number is not None]
        return found + [(InputRole.REFERENCE, at, number) for at, number in enumerate(self.references)]


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
    kind: JobKind
    quality: str | None
    output_format: str | None
    negative_prompt: str | None
    strength: float | None
    scale: int | None


def checked(wish: Wish, engines: Sequence[KnownEngine], given: tuple[int, int] | None = None) -> Order:
    """The wish with its gaps filled. Raises BadInput, with the path of the field, for what no engine here can make.

    An engine that is not available now is fine when it is named: the job waits for it. `given` are the sides of the picture
    to work on: what is made of it is as large unless something else is asked for.
    """
    prompt = _prompt(wish.prompt, needed=wish.kind in (JobKind.GENERATE, JobKind.EDIT))
    engine = _engine(wish, engines)
    model = _model(wish, engine)
    can = model.capabilities
    _inputs(wish, model)
    width, height = _sides(wish, model, given)
    if not 1 <= wish.count <= can.max_count:
        raise BadInput(f"{model.name} makes 1 to {can.max_count} pictures at once.", ["count"])
    if not (can.supports_style_codes and (is_code(wish.style) or _STYLE_CODE.fullmatch(wish.style or ""))):
        _offered(wish.style, can.styles, model, "style")
    _offered(wish.quality, can.qualities, model, "quality")
    _offered(wish.output_format, can.output_formats, model, "outputFormat")
    if wish.background is not None and wish.background not in BACKGROUNDS:
        raise BadInput("A background is opaque or transparent.", ["background"])
    if wish.background == "transparent" and not can.supports_transparent_background:
        raise BadInput(f"{model.name} cannot leave the background transparent. Leave `background` out.", ["background"])
    negative = _negative(wish.negative_prompt, model)
    if wish.strength is not None and not 0 <= wish.strength <= 1:  # NaN is not either
        raise BadInput("A strength lies between 0 and 1.", ["strength"])
    _within(wish.start_within_seconds, START_WITHIN_SECONDS, "startWithinSeconds")
    _within(wish.finish_within_seconds, FINISH_WITHIN_SECONDS, "finishWithinSeconds")
    return Order(
        prompt=prompt,
        engine=engine.name,
        model=model.name,
        width=width,
        height=height,
        count=wish.count,
        seed=_seed(wish.seed, model),
        style=wish.style,
        background=wish.background,
        kind=wish.kind,
        quality=wish.quality,
        output_format=wish.output_format or next(iter(can.output_formats), None),
        negative_prompt=negative,
        strength=wish.strength,
        scale=wish.scale,
    )


def able(model: KnownModel, kind: JobKind) -> bool:
    """Whether a model does this kind of work."""
    can = model.capabilities
    return {
        JobKind.GENERATE: can.supports_generation,
        JobKind.EDIT: can.supports_edits,
        JobKind.VARY: can.supports_variations,
        JobKind.UPSCALE: bool(can.upscale_factors),
        JobKind.REMOVE_BACKGROUND: can.supports_background_removal,
    }[kind]


def _within(seconds: int | None, bounds: tuple[int, int], path: str) -> None:
    if seconds is not None and not bounds[0] <= seconds <= bounds[1]:
        raise BadInput(f"Between {bounds[0]} and {bounds[1]:,} seconds are given.", [path])


def _prompt(text: str, *, needed: bool) -> str:
    sentence = f"A prompt has 1 to {LONGEST_PROMPT_GRAPHEMES:,} characters and at most {LONGEST_PROMPT_BYTES:,} bytes."
    if len(text) > LONGEST_PROMPT_BYTES:  # before any work that grows with it
        raise BadInput(sentence, ["prompt"])
    kept = facet.clean(text)
    length = sum(1 for _ in _GRAPHEME.finditer(kept))
    if not needed and not kept:
        return ""
    if not 1 <= length <= LONGEST_PROMPT_GRAPHEMES or len(kept.encode()) > LONGEST_PROMPT_BYTES:
        raise BadInput(sentence, ["prompt"])
    return kept


def _negative(text: str | None, model: KnownModel) -> str | None:
    if text is None or not text.strip():
        return None
    if not model.capabilities.supports_negative_prompts:
        raise BadInput(f"{model.name} takes no negative prompt. Leave it out.", ["negativePrompt"])
    kept = facet.kept(text, LONGEST_NEGATIVE_PROMPT_GRAPHEMES, LONGEST_NEGATIVE_PROMPT_GRAPHEMES * 12)
    if kept is None:
        raise BadInput(
            f"A negative prompt has at most {LONGEST_NEGATIVE_PROMPT_GRAPHEMES} characters.", ["negativePrompt"]
        )
    return kept


def _engine(wish: Wish, engines: Sequence[KnownEngine]) -> KnownEngine:
    usable = [engine for engine in engines if engine.models]
    if wish.engine is not None:
        found = next((engine for engine in usable if engine.name == wish.engine), None)
        if found is None:
            raise BadInput("There is no such engine. `engines` lists those there are.", ["engine"])
        return found
    if not usable:
        raise BadInput("No engine has been started here yet. Try again once `engines` lists one.", ["engine"])
    fit = [engine for engine in usable if any(able(model, wish.kind) for model in engine.models)] or usable
    return next((engine for engine in fit if engine.available), fit[0])


def _model(wish: Wish, engine: KnownEngine) -> KnownModel:
    if wish.model is None:
        model = next((model for model in engine.models if able(model, wish.kind)), engine.models[0])
    elif (named := engine.model(wish.model)) is None:
        raise BadInput(f"{engine.name} has no such model. `engines` lists its models.", ["model"])
    else:
        model = named
    if not able(model, wish.kind):
        raise BadInput(f"{model.name} cannot {DEEDS[wish.kind]}. `engines` lists what each model can do.", ["model"])
    return model


def _inputs(wish: Wish, model: KnownModel) -> None:
    can = model.capabilities
    if (wish.image is None) != (wish.kind is JobKind.GENERATE):
        raise BadInput("There must be a picture to work on.", ["imageId"])
    if wish.mask is not None and not (wish.kind is JobKind.EDIT and can.supports_masks):
        raise BadInput(f"{model.name} takes no mask here. Leave it out.", ["maskId"])
    if wish.guide is not None and not (wish.kind is JobKind.EDIT and can.supports_guides):
        raise BadInput(f"{model.name} takes no drawing over the picture here. Leave it out.", ["guideId"])
    if len(wish.references) > can.max_references:
        most = f"at most {can.max_references}" if can.max_references else "no"
        raise BadInput(f"{model.name} takes {most} pictures to learn from.", ["referenceIds"])
    if (wish.scale is None) == (wish.kind is JobKind.UPSCALE):
        raise BadInput("How many times as large a picture becomes is said for upscaling.", ["scale"])
    if wish.scale is not None and wish.scale not in can.upscale_factors:
        factors = ", ".join(map(str, can.upscale_factors))
        raise BadInput(f"{model.name} makes a picture {factors} times as wide and high.", ["scale"])


def _sides(wish: Wish, model: KnownModel, given: tuple[int, int] | None) -> tuple[int, int]:
    """Sides of what is made. A picture that is worked on keeps its own, also when they are not the engine's steps."""
    can = model.capabilities
    if given is not None and wish.width is None and wish.height is None:
        factor = wish.scale or 1
        width, height = given[0] * factor, given[1] * factor
        if max(width, height) > LONGEST_SIDE_PIXELS:
            raise BadInput(f"No side may become longer than {LONGEST_SIDE_PIXELS:,} pixels.", ["imageId"])
        return width, height
    width = _side(model.default_width if wish.width is None else wish.width, can, "width")
    height = _side(model.default_height if wish.height is None else wish.height, can, "height")
    if can.sizes and f"{width}x{height}" not in can.sizes:
        raise BadInput(f"{model.name} makes pictures of these sizes: {', '.join(can.sizes)}.", ["width"])
    if can.max_pixels and width * height > can.max_pixels:
        raise BadInput(f"{model.name} makes pictures of at most {can.max_pixels:,} pixels.", ["width"])
    if can.max_aspect and max(width, height) > can.max_aspect * min(width, height):
        raise BadInput(
            f"The longer side may be at most {can.max_aspect:g} times the shorter at {model.name}.", ["width"]
        )
    return width, height


def _side(side: int, can: KnownCapabilities, path: str) -> int:
    if not can.min_side <= side <= can.max_side or side % can.side_step:
        raise BadInput(
            f"A side has {can.min_side} to {can.max_side} pixels and is a multiple of {can.side_step}.", [path]
        )
    return side


def _offered(wanted: str | None, choices: Sequence[str], model: KnownModel, path: str) -> None:
    if wanted is not None and wanted not in choices:
        offered = ", ".join(choices) or "none"
        raise BadInput(f"{model.name} does not offer that; it offers: {offered}.", [path])


def _seed(text: str | None, model: KnownModel) -> int:
    if text is None:
        return secrets.randbelow(LARGEST_SEED + 1)
    if not model.capabilities.supports_seeds:
        raise BadInput(f"{model.name} takes no seed. Leave it out.", ["seed"])
    if not _SEED.fullmatch(text) or int(text) > LARGEST_SEED:
        raise BadInput(f"A seed is a whole number from 0 to {LARGEST_SEED}.", ["seed"])
    return int(text)
