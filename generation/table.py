"""Which engines this process runs: the built-in one, and those that the engines file (docs/engines.md) names."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from generation.engine import Engine
from generation.engines.atelier import Atelier
from generation.engines.told import BadEngines, Told
from settings import Settings

LONGEST_NAME = 40  # of the column it is kept in
LONGEST_MODEL_NAME = 80
# Modules are named, not imported: a worker holds only the libraries of the engines it runs.
MAKERS = {
    "openai": "generation.engines.openai_images",
    "compatible": "generation.engines.compatible",
    "comfyui": "generation.engines.comfyui.engine",
    "diffusers": "generation.engines.diffusion.engine",
}


def engines(told: Settings) -> list[Engine]:
    """The engines of this process, not started yet. Raises SystemExit with a sentence when the file is not understood."""
    if not told.engines_file:
        return [Atelier()]
    path = Path(told.engines_file)
    try:
        return _named(Told(tomllib.loads(path.read_text()), path.name, path.parent))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, BadEngines) as error:
        raise SystemExit(f"The engines file {path} cannot be used: {error}.") from error


def _named(told: Told) -> list[Engine]:
    found: list[Engine] = [Atelier()] if told.flag("atelier", True) else []
    for each in told.tables("engine"):
        kind = each.choice("kind", tuple(MAKERS), "")
        make: Callable[[Told], Engine] = import_module(MAKERS[kind]).engine
        engine = make(each)
        each.end()
        if len(engine.name) > LONGEST_NAME or any(len(model.name) > LONGEST_MODEL_NAME for model in engine.models):
            raise each.wrong("name", f"is too long: an engine has {LONGEST_NAME} letters, a model {LONGEST_MODEL_NAME}")
        if not engine.models:
            raise each.wrong("model", "is missing: an engine has at least one")
        names = [model.name for model in engine.models]
        if len(set(names)) < len(names) or engine.name in {other.name for other in found}:
            raise each.wrong("name", "is there twice")
        found.append(engine)
    told.end()
    if not found:
        raise BadEngines("it names no engine, and turns the built-in one off")
    return found
