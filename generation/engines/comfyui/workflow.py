"""A ComfyUI workflow as a template: its graph in API format, and which inputs of it stand for what a person asks."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from generation.engines.told import BadEngines, Told

ROLES = (
    "prompt",
    "negative_prompt",
    "seed",
    "width",
    "height",
    "steps",
    "strength",
    "scale",
    "image",
    "mask",
)
Place = tuple[str, str]  # node id and the name of one of its inputs


@dataclass(frozen=True, slots=True)
class Workflow:
    """A graph and its places to fill. `output` is the node whose picture counts; None takes the first that was saved."""

    graph: Mapping[str, Any]
    places: Mapping[str, tuple[Place, ...]]
    output: str | None = None

    def filled(self, values: Mapping[str, object]) -> dict[str, Any]:
        """The graph with these values in their places. A value without a place, or None, is left as the file has it."""
        graph: dict[str, Any] = copy.deepcopy(dict(self.graph))
        for role, value in values.items():
            for node, name in self.places.get(role, ()) if value is not None else ():
                graph[node]["inputs"][name] = value
        return graph


def workflow(told: Told) -> Workflow:
    """The workflow of a table with `workflow` (a file), `inputs` (role → "node.input", or several) and `output`."""
    path = told.path("workflow")
    try:
        graph = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise told.wrong("workflow", f"cannot be read: {error}") from error
    nodes = graph.values() if isinstance(graph, dict) else ()
    if not nodes or not all(
        isinstance(n, dict) and "class_type" in n and isinstance(n.get("inputs"), dict) for n in nodes
    ):
        raise told.wrong("workflow", "is no graph in API format (in ComfyUI: Workflow, Export (API))")
    places: dict[str, tuple[Place, ...]] = {}
    for role, where in told.mapping("inputs").items():
        if role not in ROLES:
            raise told.wrong("inputs", f"knows no {role}; it knows {', '.join(ROLES)}")
        places[role] = tuple(_place(told, graph, each) for each in (where if isinstance(where, list) else [where]))
    output = told.text("output", "") or None
    if output is not None and output not in graph:
        raise told.wrong("output", f"names node {output}, which is not there")
    told.end()
    return Workflow(graph, places, output)


def _place(told: Told, graph: Mapping[str, Any], where: object) -> Place:
    node, _, name = str(where).rpartition(".")
    if node not in graph or name not in graph[node]["inputs"]:
        raise told.wrong("inputs", f"names {where}, and no node has that input")
    if isinstance(graph[node]["inputs"][name], list):
        raise BadEngines(f"{told.where}.inputs names {where}, which is a link from another node and no value")
    return node, name
