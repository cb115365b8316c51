"""How far a workflow is, out of what the server tells: finished nodes, and how far the one under way is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any


class NodeProgress:
    """The share of a graph that is done, 0 … 1. It never falls."""

    def __init__(self, nodes: Collection[str]) -> None:
        self._nodes = frozenset(nodes)
        self._finished: set[str] = set()
        self._now: str | None = None
        self._within = 0.0
        self._told = 0.0

    def hear(self, kind: str, told: Mapping[str, Any]) -> bool:
        """Take a message in; whether it said how far the work is."""
        if kind == "execution_cached":
            self._finished |= self._known(told.get("nodes") or ())
        elif kind == "executing":
            self._finished |= self._known([self._now])
            self._now, self._within = told.get("node"), 0.0
        elif kind == "executed":
            self._finished |= self._known([told.get("node")])
        elif kind == "progress":
            self._now, self._within = told.get("node", self._now), _share(told)
        elif kind == "progress_state" and isinstance(told.get("nodes"), dict):
            states = {name: state for name, state in told["nodes"].items() if isinstance(state, dict)}
            self._finished |= self._known(name for name, state in states.items() if state.get("state") == "finished")
            running = [(name, _share(state)) for name, state in states.items() if state.get("state") == "running"]
            if running:
                self._now, self._within = max(running, key=lambda each: each[1])
        else:
            return False
        return True

    @property
    def fraction(self) -> float:
        """How much is done."""
        under_way = self._within if self._now in self._nodes - self._finished else 0.0
        self._told = max(self._told, min(1.0, (len(self._finished) + under_way) / max(1, len(self._nodes))))
        return self._told

    def _known(self, names: Any) -> set[str]:
        return {name for name in names if name in self._nodes}


def _share(told: Mapping[str, Any]) -> float:
    value, most = told.get("value"), told.get("max")
    if not isinstance(value, int | float) or not isinstance(most, int | float) or most <= 0:
        return 0.0
    return min(1.0, max(0.0, value / most))
