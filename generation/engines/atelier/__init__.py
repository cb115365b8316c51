"""Atelier, Fresque's built-in engine: a reader of prompts, a composer of vector scenes and a painter. Not diffusion."""

from generation.engines.atelier.composition import make_scene
from generation.engines.atelier.engine import Atelier
from generation.engines.atelier.scene import Scene

__all__ = ["Atelier", "Scene", "make_scene"]
