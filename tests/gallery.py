"""An engine for tests of checks: pictures with something to see in them, and words where the prompt says so."""

from __future__ import annotations

import io
import random
from collections.abc import AsyncIterator
from dataclasses import replace

from PIL import Image, ImageDraw, ImageFont

from generation.engine import Partial, Picture, Request, Step
from models import ban
from provenance.likeness import of_luma
from safety.eye import Eye
from tests.jobs import Easel

SIDE_PIXELS = 256
PATIENCE_SECONDS = 60.0
SKIN = (224, 176, 144)  # all of this colour, the classifier is not quite sure of a picture


def painting(number: int, kind: str = "PNG", words: str = "") -> bytes:
    """A picture that is like no other number's, however it is shrunk; `words` are written across it."""
    chance = random.Random(number)
    tiny = Image.frombytes("RGB", (12, 12), chance.randbytes(12 * 12 * 3))
    image = tiny.resize((SIDE_PIXELS, SIDE_PIXELS), Image.Resampling.BICUBIC)
    if words:
        image = Image.new("RGB", image.size, "white")
        ImageDraw.Draw(image).text((12, 100), words, "black", ImageFont.load_default(36))
    kept = io.BytesIO()
    image.save(kept, kind, quality=90)
    return kept.getvalue()


def plain() -> bytes:
    """A picture that is but a colour."""
    kept = io.BytesIO()
    Image.new("RGB", (SIDE_PIXELS, SIDE_PIXELS), SKIN).save(kept, "PNG")
    return kept.getvalue()


class Gallery(Easel):
    """Paints `painting(seed + index)`, each after a preview of it, with its `words` written across. `plain` in the prompt: the last
    picture is but a colour."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.words = ""
        self.models = tuple(replace(model, default_width=64, default_height=64) for model in self.models)

    async def generate(self, request: Request) -> AsyncIterator[Step]:
        """Paint what is wanted."""
        self.asked.append(request)
        for index in request.wanted:
            number = request.seed + index
            yield Partial(index, painting(number, "WEBP"), "image/webp", 0.5, "painting")
            data = painting(number, words=self.words)
            if "plain" in request.prompt and index == request.count - 1:
                data = plain()
            yield Picture(index, data, "image/png", SIDE_PIXELS, SIDE_PIXELS, request.seed, f"Picture {index}")


async def forbid(number: int, category: str = "gore") -> None:
    """Ban a painting."""
    eye = Eye(PATIENCE_SECONDS)
    sight = await eye.look(painting(number), sexual=False)
    await eye.close()
    assert await ban.add(of_luma(sight.luma, sight.width, sight.height).hash, category)
